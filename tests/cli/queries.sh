# Queries of a file, synonyms and indexes that can't be what they should be: named with file and line; the others go on.
frai-index build corpus/articles -o s.frai >/dev/null 2>&1
export FRAI_INDEX=s.frai
say() { echo "-> $?"; }
ms() { sed 's/"ms":[0-9.]*/"ms":0/; s/"score":[0-9.]*/"score":0/' | cut -c1-160; }
printf '미스트랄\nNUL\000 여기\n\n뷁낱말이다\n투자\377 깨짐\n' >q.txt
frai-search --json -n 1 --queries q.txt >out; say; ms <out
frai-search -c --queries q.txt; say
# Each line that can't be searched for has an error of its own; blank ones ask for nothing.
printf '투자\n...\n\n \t\r\n-투자\n투자 뷁낱말이다\n투자 -"6"\n' >lines.txt
frai-search --json -n 0 --no-snippet --queries lines.txt 2>/dev/null | ms | sed 's/"path".*//' | grep summary; say
frai-search -c --queries lines.txt; say
frai-search -n 1 --no-snippet --queries lines.txt 2>&1 >/dev/null; say
LC_ALL=ko_KR.UTF-8 frai-search --json -n 1 --queries lines.txt 2>/dev/null | ms | grep -a error; say
printf '\n\n' | frai-search -c --queries -; say
frai-search --json '...'; frai-search --json -- -투자; frai-search -c '...'; say
head -c 1100000 /dev/zero | tr '\0' a >long.txt; printf '\n투자\r\n' >>long.txt
frai-search -c --queries long.txt; say
printf '\305\365\300\332\n' >cp949.txt; frai-search -c --queries cp949.txt; say
printf '' | frai-search --queries -; say
printf '투자' | frai-search -c -; say
frai-search --queries .; say
frai-search --queries nowhere.txt; say
head -c 3000000 /dev/zero | frai-search --queries - ; say
# Synonyms.
printf '미스트랄, 미스트럴\n# 설명\n' >syn; frai-search -c --synonyms syn 미스트럴; say
frai-search -c --synonyms . 투자; say
frai-search -c --synonyms nowhere 투자; say
printf '가, 나\n다, \000라\n' >nul; frai-search -c --synonyms nul 투자; say
head -c 70000000 /dev/zero | tr '\0' a | frai-search -c --synonyms /dev/stdin 투자; say
# Indexes.
mkdir empty; (cd empty; unset FRAI_INDEX; frai-search 투자 2>&1 | sed "s|$PWD|HERE|"; LC_ALL=ko_KR.UTF-8 frai-search 투자 2>&1 | sed "s|$PWD|HERE|")
echo x >file; frai-search -i file 투자; say
mkfifo fifo; frai-search -i fifo 투자; say
frai-search -i empty 투자; say
frai-search -i file/below 투자; say
(mkdir up; cd up; unset FRAI_INDEX; echo x >.frai; mkdir down; cd down; frai-search 투자 2>&1 | sed "s|$OLDPWD|HERE|; s|HERE.*: |HERE: |")
LC_ALL=ko_KR.UTF-8 frai-search -i file 투자; say
