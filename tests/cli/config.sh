# The file < the environment < flags; unknown keys are the other program's.
printf '# mine\nlimit = 1\nindex = a.frai\ncolor=always\nmem = 128M\nno-snippet = true\nnonsense = 3\n' > config
export FRAI_CONFIG=$PWD/config
frai-index build corpus/articles -o a.frai >/dev/null 2>&1
frai-index build corpus/articles/0000.txt -o b.frai >/dev/null 2>&1
frai-search 투자 | cut -f1,3
frai-search -n 2 투자 | cut -f1,3
FRAI_INDEX=b.frai frai-search -c 투자
frai-search -i b.frai -c 투자
LC_ALL=ko_KR.UTF-8 frai-search -i nowhere 투자; echo "$?"
