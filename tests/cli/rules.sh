# Rules of Korean on the command line: corrections and what is said of them, as you type, synonyms, paths, why.
frai-index build corpus/articles -o s.frai >/dev/null 2>&1
s() { frai-search -i s.frai "$@"; echo "exit $?"; }
cut3() { cut -f1,3,4 | cut -c1-90; }
s -n 2 altmxmfkf | cut3
s -n 1 ㅁㅅㅌㄹ | cut3
s -a 미스트럴
LC_ALL=ko_KR.UTF-8 s -a 미스트럴
s --fuzzy -n 1 미스트럴 | cut3
s --no-fix -n 1 altmxmfkf
s --json -a --no-snippet 미스트럴 | sed 's/"ms":[0-9.]*/"ms":0/'
s --prefix -n 1 미스트라 | cut3
s -a 미스트라
# What finds nothing is asked for by its front, which is told; a count and a status stay those of what was typed.
front() { s -n 1 --no-snippet "$@" 2>&1 | cut -f1,3; }
front 미스트랄러뷁
front '미스트랄러뷁 뷁뷁'
front '미스트랄러뷁 프랑스뷁뷁'
front 미스트럴
LC_ALL=ko_KR.UTF-8 front 미스트랄러뷁
LC_ALL=ko_KR.UTF-8 front 미스트럴
front -l 미스트랄러뷁
front -c 미스트랄러뷁
LC_ALL=ko_KR.UTF-8 front -c 미스트럴
front -q 미스트랄러뷁
front -F 미스트랄러뷁
front '"미스트랄러뷁"'
s --json -n 1 --no-snippet '미스트랄러뷁 뷁뷁' | sed 's/"ms":[0-9.]*/"ms":0/'
s --json -n 1 --no-snippet altmxmfkf | sed 's/"ms":[0-9.]*/"ms":0/'
printf '미스트랄러뷁\nxnwk\n투자 뷁뷁\n' | s --queries - -c
printf '그래픽카드, GPU # 장치\n' > synonyms
s --synonyms synonyms -c 그래픽카드
s -c 그래픽카드
s --synonyms none -c 그래픽카드
s --path 'corpus/articles/000*' -l -n 0 미스트랄
s --path '*none*' -c 미스트랄
s --path '[' -c 미스트랄
LC_ALL=ko_KR.UTF-8 s --path 'corpus[!' -c 미스트랄
for glob in '*/000[12].txt' '*/000[]].txt' '*/000[!]9].txt' 'a\[b'; do s --path "$glob" -c 미스트랄; done
s --rank bm25 -n 1 '미스트랄 투자' | cut3
s --rank best 투자
s --why corpus/articles/0005.txt '미스트랄 "GPU 데이터센터" 엔비디야 15000장'
LC_ALL=ko_KR.UTF-8 s --why corpus/articles/0005.txt '미스트랄'
s --why corpus/articles/0005.txt --json '미스트랄 -투자 엔비디야' | cut -c1-400
s --why none 투자
s -n 3 --json --no-snippet '딥엘 병원진료' | sed 's/"ms":[0-9.]*/"ms":0/' | cut -c1-60,200-
s -n 1 --explain 'KAIST 비서' 2>&1 | cut -c1-60
LC_ALL=ko_KR.UTF-8 s -n 1 --explain 'KAIST 비서' 2>&1 | grep -v '^1	'
s -n 1 -- -투자 | cut3
s -n 2 -- '* -투자' | cut3
# A file's name in NFD, as some disks keep it, fits as it is typed.
mkdir n
printf '투자 소식\n' >"n/$(printf '\341\204\222\341\205\241\341\206\253\341\204\200\341\205\256\341\206\250').txt"
printf '투자 소식\n' >n/other.txt
frai-index build n -o n.frai >/dev/null 2>&1
frai-search -i n.frai --path '*한국*' -c 투자
frai-search -i n.frai --path '*한국*' -l 투자 | od -c | head -1 | cut -c1-30
frai-search -i n.frai --path '*중국*' -c 투자
# What stands for a word is told with its share of the weight, and why a document has a word that isn't there as typed.
cat >kinds.jsonl <<'END'
{"id":"a","title":"날씨 이야기","body":"어제는 추워서 밖에 나가지 않았다. 콘텐츠를 모았다"}
{"id":"b","title":"대회","body":"國會에서 10~15명이 3억 8500만 유로를 냈다. 걸어서 갔다"}
{"id":"c","title":"","body":"그래픽카드를 빌렸다. 프랑스 대통령이 왔다"}
{"id":"d","title":"","body":"GPU 두 장을 샀다. 프렌치 테크(French Tech)가 models를 냈다"}
{"id":"e","title":"","body":"무엇이 문제인가. 미스트랄 투자에 대한 질문. 비가 온다"}
END
frai-index build kinds.jsonl -o kinds.frai >/dev/null 2>&1
told() {
    echo "== $*"
    frai-search -i kinds.frai --explain --no-snippet "$@" 2>&1 | grep weight= | cut -f2,3
    for id in a b c d e; do frai-search -i kinds.frai --why $id "$@" 2>&1 | grep -q '^+' && frai-search -i kinds.frai --why $id "$@" | grep -v '^- \|^    [+-]\|lacks'; done
}
told 춥다
told 국회
told 3.85억유로
told 15명
told 컨텐츠
told '佛 대통령은'
told '라 프렌치테크'
told model
told '무엇이 문제인가'
told --prefix 미스틀
told --synonyms synonyms 그래픽카드
told ㅁㅅㅌㄹ
LC_ALL=ko_KR.UTF-8 told 춥다
frai-search -i kinds.frai --why a --json 춥다
