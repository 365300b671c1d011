# What real folders hold: encodings, empty and binary files, broken JSON, ids of every kind.
mkdir in
printf '제목 하나\n본문에 미스트랄이 있다.\n' > in/a.txt
printf '제목 둘\n투자를 유치했다.\n' | iconv -t CP949 > in/b.txt
printf '제목 셋\n투자 소식.\n' | iconv -t UTF-16 > in/c.txt
printf '\357\273\277제목 넷\n투자와 비.\n' > in/d.txt
printf '깨진 \377 글자 투자\n둘째 줄은 한국어로 길게 쓴다\n' > in/e.txt
: > in/empty.txt
printf 'PK\003\004\0\0\0\0' > in/zip.txt
printf '{}' > in/other.xml
printf '{"id":1,"title":"하나","text":"투자"}\n{"id":12345678901234567890,"text":"투자 둘"}\n{"id":\n[1]\n\n{"id":"x","text":"투자 셋","date":"2025-02-10","source":"가온경제"}\n{"text":"투자 넷"}\n' > in/l.jsonl
frai-index build in -o i.frai --json 2>err | sed 's/"seconds":.*"skipped"/"skipped"/'; cat err
frai-search -i i.frai -n 0 --json 투자 | cut -d, -f3- | sed 's/"ms":[0-9.]*/"ms":0/'
frai-index dump docs -i i.frai
printf '{"번호":7,"제목":"지도","내용":"투자 지도","값":"3"}\n' | frai-index add - -o i.frai --fields 'title=제목,body=내용' --id 번호 --json | cut -d, -f1
frai-search -i i.frai -c 투자
frai-search -i i.frai -c 지도
frai-index stats -i i.frai --json | tr ',' '\n' | grep -E 'documents|segments|generation'
cat in/a.txt | frai-index build - -o i.frai --replace --json 2>&1 | cut -d, -f1
frai-search -i i.frai -l 미스트랄
frai-index build in -o i.frai --replace --strict >/dev/null 2>&1; echo "strict: $?"
frai-index tokens '라 테크(La French Techs)는'
frai-index build in/l.jsonl -o f.frai --fields 'price:number=값,kind:keyword=번호' --json 2>/dev/null | cut -d, -f1
frai-index dump terms -i f.frai | head -5
frai-index dump postings -i i.frai | grep -P '\t(미스|투자)\t'
frai-index stats -i f.frai | head -1
LC_ALL=ko_KR.UTF-8 frai-index stats -i f.frai | head -1
