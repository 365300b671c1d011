# The file < the environment < flags; keys of the other program are left to it, others are told.
printf '# mine\nlimit = 1\nindex = a.frai\ncolor=always\nmem = 128M\nno-snippet = true\nnonsense = 3\n' > config
export FRAI_CONFIG=config
frai-index build corpus/articles -o a.frai >/dev/null 2>&1
frai-index build corpus/articles/0000.txt -o b.frai >/dev/null 2>&1
frai-search 투자 | cut -f1,3
frai-search -n 2 투자 | cut -f1,3
FRAI_INDEX=b.frai frai-search -c 투자
frai-search -i b.frai -c 투자
LC_ALL=ko_KR.UTF-8 frai-search -i nowhere 투자; echo "$?"
# Keys that neither program has: told with their place and what may be meant; the rest counts.
export FRAI_INDEX=a.frai
t() { echo "\$ $*"; "$@" 2>&1 | cut -c1-160; }
printf 'colour=never\nn = 2\nfoo=1\nfuzzi = true\nmemm=1G\nthreads = 1\nsynonym\033[2J = x\nlimit = 1\n' >config
t frai-search 투자
t frai-index check
LC_ALL=ko_KR.UTF-8 t frai-search -c 투자
# A long line, a long value.
printf '%04000d\n' 1 >config; t frai-index check; frai-index check 2>&1 | wc -c
printf ' = 3\n' >config; t frai-index check
printf 'limit = x%04000d\n' 1 >config; frai-search 투자 2>&1 | wc -c
# A file that was asked for has to be there; another's home is none's business.
FRAI_CONFIG=nowhere t frai-search -c 투자
mkdir folder; FRAI_CONFIG=folder t frai-search -c 투자
unset FRAI_CONFIG; mkdir -p home/.config/frai; HOME=$PWD/home
ln -s config home/.config/frai/config; frai-search -c 투자 2>&1 | sed "s|$PWD|HERE|"
rm home/.config/frai/config; mkdir home/.config/frai/config; frai-search -c 투자 2>&1 | sed "s|$PWD|HERE|"
rmdir home/.config/frai/config; echo 'limit = 1' >home/.config/frai/config; frai-search 투자 | cut -f1
held() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }
chmod 755 .; chmod 0 home/.config/frai/config; held frai-search -n 1 -c 투자 2>&1 | sed "s|$PWD|HERE|"
chmod 0 home; held frai-search -c 투자; echo "-> $?"; chmod 755 home
