# Output of frai-search in its three forms; times are cut off.
frai-index build corpus/articles -o s.frai 2>&1 | sed 's/ · .*//'
frai-search -i s.frai -n 3 '미스트랄 투자'
frai-search -i s.frai -n 2 --json -- '미스트랄 투자' | sed 's/"ms":[0-9.]*/"ms":0/'
frai-search -i s.frai -n 2 --color always '"라 프렌치 테크"' | cut -c1-200
frai-search -i s.frai -c 투자
frai-search -i s.frai -c 서울대학교병원
frai-search -i s.frai -l -n 3 佛
LC_ALL=ko_KR.UTF-8 frai-search -i s.frai 뷁낱말이다; echo "no hit: $?"
frai-search -i s.frai -n 1 '미스트랄 여름휴가계획' | cut -f1,3,4; echo "partial: $?"
printf '미스트랄\n뷁낱말이다\n' | frai-search -i s.frai --json -n 1 --queries - | sed 's/"ms":[0-9.]*/"ms":0/' | cut -c1-120
frai-search -i s.frai -n 1 --explain 'NFD' 2>&1 | cut -c1-100
frai-search -i s.frai -q 투자; echo "quiet: $?"
frai-search -i s.frai -n 1 투자 | head -c 1 >/dev/null; echo "pipe: $?"
