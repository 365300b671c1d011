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
