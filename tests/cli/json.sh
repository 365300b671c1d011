# JSON as people have it: every document read, or an error that says where and why; ids exact; keys that nobody has are named.
build() { frai-index build "$@" 2>&1 | grep -v '^done\|^encodings'; }
ids() { frai-index dump docs -i "$1" | cat -v; }
echo "-- lines"
cat >lines.jsonl <<'END'
{"id":"a","text":"하나"}{"id":"b","text":"둘"}
{"id":"c","text":"셋"} 뒤에 붙은 것
{"id":"k\u00001","text":"널 하나"}
{"id":"k\u00002","text":"널 둘"}
{"\u0069d":123456789012345678901234567890,"text":"큰 수"}
{"id":1.50,"id":-0,"text":"나중 것"}
{"id":"half","text":"반쪽 \ud83d 글자"}
{"id":"nan","text":NaN}
[{"id":"x","text":"배열"},{"id":"y","text":["여러","조각",{"k":"안쪽"}]}]
"문자열"
{"id":"cut","text":"잘린
{"id":"deep","text":{"a":[[["깊은"]]]}}
END
printf '{"id":"cr","text":"줄"}\r\n{"id":  true ,"text":"참"}\r\n\000\000\000' >>lines.jsonl
build lines.jsonl -o l.frai; ids l.frai
for word in '둘' '널' '큰' '반쪽' '안쪽' '깊은'; do printf '%s ' "$word"; frai-search -i l.frai -c -F "$word"; done
frai-index build lines.jsonl -o l.frai --fresh --strict >/dev/null 2>&1; echo "-> $?"
echo "-- encodings, also line by line"
printf '\357\273\277{"id":"bom","text":"한글"}\n' >e1.jsonl; printf '{"id":"ko","text":"한글"}\n' | iconv -t UTF-16 >e2.jsonl
{ printf '{"id":"u","text":"한글"}\n'; printf '{"id":"c","text":"한글 낱말"}\n' | iconv -t CP949; printf '{"id":"broken","text":"한\377글 낱말"}\n'; } >e3.jsonl
build e1.jsonl e2.jsonl e3.jsonl -o e.frai; ids e.frai; frai-search -i e.frai -c 한글
echo "-- an id that is too long, deep nesting, a torn array"
{ printf '{"id":"%05000d","text":"긴 id"}\n' 0; printf '{"id":"deep","text":'; head -c 100000 /dev/zero | tr '\0' '['; printf '"바닥"'; head -c 100000 /dev/zero | tr '\0' ']'; printf '}\n'; } >long.jsonl
build long.jsonl -o d.frai; ids d.frai; LC_ALL=ko_KR.UTF-8 frai-index build long.jsonl -o d.frai --fresh 2>&1 | head -1
printf '[\n  {"id":"1","text":"가"},\n  {"id":"2","text":"나},\n  {"id":"3","text":"다"},\n  {"id":"4" "text":"라"},\n  {"id":"5","text":"마"}\n' >torn.json
build torn.json -o t.frai; ids t.frai
echo "-- commas behind objects, as lines of an array have them"
printf '{"id":"1","text":"가"},\n{"id":"2","text":"나"}, {"id":"3","text":"다"} ,\r\n[{"id":"4","text":"라"}],\n{"id":"5","text":"마"},,\n,{"id":"6","text":"바"}\n{"id":"7","text":"사"},[\n{"id":"8","text":"아"},' >commas.jsonl
build commas.jsonl -o c.frai; ids c.frai
printf '  {\n    "id":"1","text":"가"\n  },\n  {\n    "id":"2","text":"나"\n  },\n' >over.jsonl; build over.jsonl -o c.frai --replace; ids c.frai
echo "-- whatever is wrong is said in Korean too"
for value in '"\\q"' '"\t"' '"\\u12g4"' "'x'" 'nul' '1e' '1.' '-' '/* */1' '' '1:' '1,3:4' '1,"k" 2' '1 2' '[1 2]' '[1}' '1]'; do printf '{"text":%b}\n' "$value"; done >wrong.jsonl
for lang in C ko_KR; do LC_ALL=$lang.UTF-8 frai-index build wrong.jsonl -o w.frai 2>&1 | grep '^frai-index: wrong' | sed 's/.*wrong.jsonl://'; done
echo "-- keys"
printf '{"번호":1,"제목":"첫 글","내용":"본문이 여기에 길게 있다"}\n{"번호":2,"제목":"둘째","내용":"본문이 하나 더 있다"}\n' >keys.jsonl
build keys.jsonl -o k.frai; frai-index build keys.jsonl -o k.frai >/dev/null 2>&1; echo "-> $?"
build keys.jsonl -o k.frai --fields 'title=제목,body=없는키' --id 아이디; frai-index build keys.jsonl -o k2.frai --fields 'body=없는키' 2>/dev/null; echo "-> $?"
build keys.jsonl -o k.frai --fields 'title=제목,body=내용' --id 번호; ids k.frai; frai-search -i k.frai --tsv 본문 | cut -f4
LC_ALL=ko_KR.UTF-8 frai-index build keys.jsonl -o k2.frai 2>&1; echo "-> $?"
printf '{"text":"있다"}\n{"content":"다른 키"}\n' >mixed.jsonl; build mixed.jsonl -o m.frai; frai-search -i m.frai -c 있다
echo "-- what comes through a pipe replaces nothing that came before"
for i in 1 2; do
    printf '{"text":"하나"}\n{"text":"둘"}\n' | frai-index add - -i pipe.frai 2>/dev/null
    printf '글 하나\n둘째 줄\n' | frai-index add - --format txt -i pipe.frai 2>/dev/null
    printf '<p>쪽 하나' | frai-index add - --format html -i pipe.frai 2>/dev/null
done
ids pipe.frai; frai-search -i pipe.frai -c 하나
printf '{"text":"하나"}\n' | frai-index build - -o pipe.frai --replace 2>/dev/null; ids pipe.frai
printf '{"id":"new","text":"파일"}\n' >new.jsonl; build new.jsonl -o pipe.frai --replace; ids pipe.frai
echo "-- what is no document is read as the text that it is"
printf '{"other":"반쪽 \\ud83d"}\n' >half.json; build half.json -o half.frai
for word in ud83d fffd; do frai-search -i half.frai -c -F "\"$word\""; done
echo "-- broken characters are counted once, and those of documents alone"
printf '{"text":"하나 \\ud83d"}\n{"text":"반쪽 \\ud83d" x}\n{"text":"반쪽 \\ud83d"}{"text":nan}\n' >half.jsonl; build half.jsonl -o half.frai --replace
printf '{"text":"한\377글"}{"text":"반쪽 \\ud83d"}\n{"text":"온전"}{"text":"하나 더"}\n' >broken.jsonl; build broken.jsonl -o b.frai
