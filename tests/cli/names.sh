# Files are found by their names, below those that have the words in title or text; names of JSON
# lines' files are not, and folders neither.
mkdir -p 메모 logs
printf '1분기\n예산을 논의했다.\n' > 메모/회의록-3차.txt
printf '서식\n회의록 양식을 고쳤다.\n' > 메모/양식.txt
printf 'start\nserver started at ten\n' > logs/app-3.txt
printf 'start\nserver started at nine\n' > logs/app-31.txt
printf '매출\n두 배로 늘었다.\n' > "$(printf '\341\204\207\341\205\251\341\204\200\341\205\251\341\204\211\341\205\245').txt"
printf '{"id":"가","text":"뉴스 하나"}\n{"id":"나","text":"뉴스 둘","path":"신문/호외-7.txt"}\n' > 기사.jsonl
build() { frai-index build 메모 logs 기사.jsonl *.txt -o i.frai >/dev/null 2>&1; }
build
search() { echo "$*:"; frai-search -i i.frai --tsv "$@" | cut -f3; }
search 회의록
search -a 회의록 예산
search -a 회의록을
search -a app 3
search -a APP-3.txt
search -a 보고서.txt
search -a 호외
search -a 매출 -보고서
search 메모
search 기사
search txt
search -F 회의록
search '"app-3"'
frai-search -i i.frai --explain -a 회의록 예산 2>&1 | grep 'path 회의' | cut -f2
frai-search -i i.frai --why 메모/회의록-3차.txt 회의록
frai-index dump terms -i i.frai | grep '^path' | cut -f1,2 | grep -e 회의 -e txt -e app
cp 메모/회의록-3차.txt 메모/의사록-3차.txt
build
search 회의록
search 의사록
frai-index compact -i i.frai 2>/dev/null
search 의사록
frai-index backup b.tar -i i.frai && frai-index restore b.tar -o r.frai >/dev/null 2>&1
frai-search -i r.frai -l 의사록
frai-index delete --query 의사록 -i i.frai  # the words of texts and titles alone
frai-index delete 메모/의사록-3차.txt -i i.frai
search 의사록
search 예산
frai-index check -i i.frai
