# Files of all kinds: text by content whatever the name, HTML's text, JSON in each of its forms; what is left out is named or
# counted, and why.
mkdir in
for name in a.md b.LOG c.csv d.text e.yaml f.c README g.TXT h.json; do printf 'a title of %s\n한글 투자 소식\n' $name >in/$name; done
printf '# 마크다운 제목 ##\n본문\n' >in/title.MD
printf '<!doctype html><html><head><title>웹 &amp; 제목</title><style>p{}</style><script>var 비밀=1</script></head><body><p>첫 문단<b>굵게</b>이다<p>둘째&nbsp;문단 &lt;꺾쇠&gt;<ul><li>하나<li>둘</ul><table><tr><td>칸1<td>칸2</table><noscript>꺼짐</noscript><template>틀</template><pre>한 줄\n두 줄</pre>' >in/page.HTM
printf '<meta http-equiv=content-type content="text/html; charset=euc-kr"><title>옛 쪽</title>한글 페이지' | iconv -t CP949 >in/old.html
printf '<meta charset="windows-1252"><title>caf\351</title>na\357ve' >in/latin.xhtml
printf '{"name":"package","version":1}' >in/package.json
printf '[\n  {"id":"arr1","title":"가","text":"나"},\n  {"id":"arr2","text":["다","라",3,{"x":"마"}]}\n]\n' >in/array.json
printf '{\n "id":"row1",\n "text":"예쁜"\n}\n{\n "id":"row2",\n "text":"출력"\n}\n' >in/row.JSONL
printf '{"id":"wide1","text":"넓은"}\n{"id":"wide2","text":"글자"}\n' | iconv -t UTF-16 >in/wide.ndjson
printf '%%PDF-1.4\n' >in/x.pdf; printf '\320\317\021\340\241\261\032\341' | tee in/y.hwp >in/z.HWP; printf 'PK\003\004' >in/w.docx
printf '\001\002\003\004\005' >in/odd.txt; printf '\177ELF' >in/prog
frai-index build in -o i.frai 2>&1 | sed 's/ · .*MB$//'; frai-index dump docs -i i.frai
for word in '굵게이다' '비밀' '꺼짐' '틀' '칸1' '꺾쇠' 'café' '마' '넓은'; do printf '%s: ' "$word"; frai-search -i i.frai -l -F "$word" | tr '\n' ' '; echo; done
frai-search -i i.frai --tsv -F 본문 | cut -f3,4
echo "-- forced"
frai-index build --format txt in/array.json -o t.frai 2>/dev/null; frai-index dump docs -i t.frai
frai-index build --format json in/h.json -o t.frai --replace; echo "-> $?"
frai-index build --format html in/a.md -o h.frai 2>/dev/null; frai-index dump docs -i h.frai
echo "-- standard input"
printf '<html><title>쪽</title>글' | frai-index build - -o s.frai 2>/dev/null; frai-search -i s.frai --tsv 글 | cut -f3,4
printf '[{"id":"p","text":"글"}]' | frai-index build - -o s.frai --fresh 2>/dev/null; frai-index dump docs -i s.frai
printf '{ 중괄호로 시작하는 글' | frai-index build - -o s.frai --fresh 2>/dev/null; frai-index dump docs -i s.frai
printf '' | frai-index build - -o s.frai; echo "-> $?"
printf '\000\001\002\003' | frai-index build - -o s.frai; echo "-> $?"
frai-index build - -o s.frai <in; echo "-> $?"
echo "-- encodings that are told, guessed, or none"
mkdir told guessed none; for e in UTF-32 UTF-32LE UTF-32BE; do printf '한글 제목\n투자 소식\n' | iconv -t $e >told/$e.txt; done
printf '{"id":"wide","text":"투자"}\n' | iconv -t UTF-32 >told/lines.jsonl; printf '<title>쪽</title>투자' | iconv -t UTF-32LE >told/page.html
printf '똠방각하 펲시콜라\n뙇 믜' | iconv -t CP949 >told/rare.txt; printf '大韓民國憲法前文' | iconv -t CP949 >told/hanja.txt
frai-index build told -o e.frai 2>&1 | sed 's/ · .*MB$//'; frai-search -i e.frai -l 투자
printf '日本の首都であり、関東地方に位置する都市である\n' | iconv -t SHIFT-JIS >guessed/sjis.txt
frai-index build guessed -o g.frai 2>&1 | grep CP949; printf '늦은 봄비가 서울에 내렸다\n' | iconv -t JOHAB >guessed/johab.txt
for lang in C ko_KR; do LC_ALL=$lang.UTF-8 frai-index build guessed -o g.frai --fresh 2>&1 | grep CP949; done
printf '\000\001\002' >none/three.png; printf '\000\001\000\002\000\003\000\004' >none/eight; printf '\001\000\000\000\002\000\000\000' >none/words.bin
frai-index build none -o o.frai; echo "-> $?"
echo "-- nothing left"
mkdir all; cp in/*.pdf in/*.hwp all; frai-index build all -o n.frai; echo "-> $?"; ls n.frai 2>/dev/null | grep MANIFEST
LC_ALL=ko_KR.UTF-8 frai-index build all -o n.frai; echo "-> $?"
echo "-- notices are counted by reason"
mkdir many; i=0; while [ $i -lt 130 ]; do cp in/x.pdf many/a$i.pdf; : >many/b$i.txt; i=$((i + 1)); done
printf '{"id":\n' >many/z.jsonl; printf 'x y\n' >many/zz.txt
frai-index build many -o m.frai --strict 2>&1 | grep -v '/b[0-9]*\.txt' | grep -v ^done; frai-index build many -o m.frai --fresh --strict >/dev/null 2>&1; echo "-> $?"
echo "-- a file that becomes a pipe once it was listed"
mkfifo slow.txt; echo '나중 글' >later.txt
timeout 20 frai-index build slow.txt later.txt -o pipes.frai >later.out 2>&1 & exec 9>slow.txt; sleep 0.5
rm later.txt; mkfifo later.txt; echo '느린 글' >&9; exec 9>&-; wait $!; echo "-> $?"; grep -v '^done\|^encodings' later.out
echo "-- a first line that is too long for a title"
{ for i in 1 2 3 4 5 6 7 8 9; do printf '아주 긴 줄 %0200d ' $i; done; printf '\n둘째 줄\n'; } >line.txt
frai-index build line.txt -o line.frai 2>/dev/null; frai-search -i line.frai --json -n 1 '아주' | grep -o '"title":"[^"]*"'; frai-search -i line.frai -c 아주
