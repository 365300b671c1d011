# What is said beside the hits: once, in a line, naturally in both languages.
frai-index build corpus/articles -o s.frai >/dev/null 2>&1
export FRAI_INDEX=s.frai
t() { echo "\$ frai-search $*"; frai-search -n 1 --no-snippet "$@" 2>&1 | cut -f1,3,4; }
t '미스트랄 AND 투자'
t '미스트랄 and 투자'
t 'title:미스트랄 OR 투자'
t '"미스트랄 OR 투자"'
t AND
t 'https://mistral.ai 미스트랄 10:30'
t --offset 1000000 투자
t --json --offset 1000000 투자 | sed 's/"ms":[0-9.]*/"ms":0/'
t ''
t '   '
t '...'
t '!!! ???'
t 없는낱말이다
t dbwntkd
LC_ALL=ko_KR.UTF-8
t '미스트랄 AND 투자'
t ''
t '...'
t --offset 1000000 투자
t dbwntkd
frai-search '...' >/dev/null 2>&1; echo "no words: $?"
frai-search --offset 1000000 투자 >/dev/null 2>&1; echo "behind the end: $?"
frai-search 없는낱말이다 >/dev/null 2>&1; echo "no hit: $?"
# What is typed is shown, and not for ever.
x=$(head -c 3000 /dev/zero | tr '\0' q); frai-search "$x" 2>&1 | wc -c
frai-search "$(printf 'zz\033[2J\342\200\256zz')" 2>&1
