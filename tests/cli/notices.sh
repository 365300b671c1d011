# What is said beside the hits: once, in a line, naturally in both languages.
frai-index build corpus/articles -o s.frai >/dev/null 2>&1
export FRAI_INDEX=s.frai
t() { echo "\$ frai-search $*"; frai-search -n 1 --no-snippet "$@" 2>&1 | cut -f1,3,4; }
t '미스트랄 AND 투자'
t '미스트랄 and 투자'
t 'title:미스트랄 OR 투자'
t '"미스트랄 OR 투자"'
t AND
# Operators of other engines are told, ordinary text is not.
o() { for q; do printf '%s ' "$q"; frai-search -c -- "$q" 2>&1 >/dev/null | grep -a 'as words\|낱말로' || echo; done; }
o title:투자 '투자 or 글' '투자 not 게임' '투자~2' '투자~0.8' '"프랑스 투자"~3' '투자*' 'news* 투자' 'title:투자 글~1' '(투자 OR 글)' 'NEAR/3 투자 글'
o 'now or never' 'R and D' or '1~2' '3월~5월' '10~20' '안녕~' '서울~부산' '3월~5' '투자' 'C*' '*' '2*3' '*투자*' '"투자*"' '"투자 or 글"' 'https://a.kr' 'title:' '제목:투자' '10:30' '-투자 *'
LC_ALL=ko_KR.UTF-8 o '투자*' '투자~1' 'title:투자 글* 말~2'
t 'https://mistral.ai 미스트랄 10:30'
t --offset 1000000 투자
t --json --offset 1000000 투자 | sed 's/"ms":[0-9.]*/"ms":0/'
t ''
t '   '
t '...'
t '!!! ???'
t 뷁낱말이다
printf '글\n' >g.txt; frai-index build g.txt -o g.frai 2>/dev/null
t -i g.frai 2025-02-10 # looked for by its parts, which is no correction
t -i g.frai 글 2025-02-10
t dbwntkd
LC_ALL=ko_KR.UTF-8
t '미스트랄 AND 투자'
t ''
t '...'
t --offset 1000000 투자
t dbwntkd
frai-search '...' >/dev/null 2>&1; echo "no words: $?"
frai-search --offset 1000000 투자 >/dev/null 2>&1; echo "behind the end: $?"
frai-search 뷁낱말이다 >/dev/null 2>&1; echo "no hit: $?"
# What is typed is shown, and not for ever.
x=$(head -c 3000 /dev/zero | tr '\0' q); frai-search "$x" 2>&1 | wc -c
frai-search "$(printf 'zz\033[2J\342\200\256zz')" 2>&1
