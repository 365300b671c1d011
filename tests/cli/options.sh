# Options, configuration and environment: what is wrong, where it was said, and what is wanted, in a line.
frai-index build corpus/articles -o s.frai >/dev/null 2>&1
export FRAI_INDEX=s.frai
t() { echo "\$ $*"; "$@" 2>&1 | cut -c1-160 | head -4; }
q() { echo "\$ frai-search $*"; frai-search --json -n 1 "$@" 2>&1 | grep -o '"query".*\|^frai-search.*'; }
# What can be no option is searched for.
q 프랑스 -투자
q -- -투자 프랑스
q 프랑스 -6도
q 서울 --투자
q 삼성 -lg
q 방송 -kbs
q 뉴스 -naver
q 프랑스 -n2 투자 -o
q 프랑스 -n 2 투자 -FO
q '-n 투자' 프랑스
q 프랑스 - 투자
q '--json 투자'
# What is nearly one is a slip.
t frai-search --jsn 투자
t frai-search --snipet=3 투자
t frai-search --no 투자
t frai-search --wat 투자
t frai-search -x 투자
t frai-search --json=3 투자
t frai-search 투자 -n
t frai-search 투자 --offset
t frai-search
t frai-index
t frai-index build -i none.frai
t frai-index add
t frai-index backup
t frai-index restore
t frai-index dump
t frai-index dump what
t frai-index tokens
t frai-index stats i.frai
t frai-index dump docs terms
t frai-index build --dry-run .
t frai-index delete --fresh a
t frai-index fly
t frai-index buidl x
t frai-index DELETE x
t frai-search -n=3 투자
t frai-search -k= 투자
t frai-index build --formt txt .
t frai-index build -x .
t frai-index build -투자 .
# Numbers and choices.
for n in 5x -1 '' ' 5' 18446744073709551615 10000001 0x5 1e3; do t frai-search -n "$n" 투자; done
t frai-search -n 18446744073709551615 --offset 5 투자
t frai-search --offset 99999999999999999999999999 투자
t frai-search --snippet 1000001 투자
t frai-search --color maybe 투자
t frai-search --rank best 투자
for j in 0 2abc 4294967297 257; do t frai-index build -j "$j" corpus; done
for m in 1 lots 1e9 0x10000000 1G2 inf -64M 99999999999999999999G; do t frai-index build --mem "$m" corpus; done
t frai-index build --progress maybe corpus
t frai-index build --format docx corpus
for fields in title =키 title= price:=값 price:numbr=값 price:number title:text=제목 body=내용,body=제목 x=가,x:number=나; do
    t frai-index build --fields "$fields" corpus; LC_ALL=ko_KR.UTF-8 frai-index build --fields "$fields" corpus
done
t frai-index build --fields body=내용 --fields body=제목 corpus
t frai-index build --id 번호 --id 아이디 corpus
t frai-index build --fields id=번호 --id 아이디 corpus
t frai-index build --id '' corpus
for spec in "--fields=x=$(printf %0128d 0)" "--id=$(printf %0128d 0)" "--fields=$(seq -s, -f 'f%g=k' 41)"; do
    for lang in C ko_KR; do LC_ALL=$lang.UTF-8 frai-index build "$spec" corpus 2>&1 | sed 's/.*: //'; done
done
t frai-index build --reorder up corpus
# Where it was said.
t env FRAI_THREADS=many frai-index stats
t env FRAI_MEM=1 frai-index stats
t env FRAI_INDEX=nowhere frai-search 투자
t env FRAI_COLORS=mt=red frai-search 투자
printf 'limit = 3\n\n# comment\n  color = maybe\n' >config
t env FRAI_CONFIG=config frai-search 투자
printf 'limit = 3\njson = yes\n' >config
t env FRAI_CONFIG=config frai-search 투자
printf 'limit 3\n' >config
t env FRAI_CONFIG=config frai-search 투자
printf 'json = false\nlimit = 1' >config
env FRAI_CONFIG=config frai-search 투자 | cut -f1
t env FRAI_CONFIG=no-such-config frai-search 투자
t env FRAI_CONFIG=. frai-search 투자
mkdir -p xdg/frai; printf 'threads = x\n' >xdg/frai/config
t env XDG_CONFIG_HOME=xdg frai-index stats
t env XDG_CONFIG_HOME=xdg LC_ALL=ko_KR.UTF-8 frai-index stats
# In Korean.
LC_ALL=ko_KR.UTF-8
t frai-search --jsn 투자
t frai-search 투자 -n
t frai-search -n 5x 투자
t frai-search --color maybe 투자
t frai-search
t frai-index
t frai-index build -i none.frai
t frai-index build --mem 1 .
t frai-index buidl x
t frai-index fly
# Options that a command has no use for.
t frai-index compact --replace
t frai-index add --replace corpus
t frai-index stats --follow
t frai-index check --json
