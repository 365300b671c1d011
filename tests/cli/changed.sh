# Files that are cut off, removed, made unreadable or replaced under a search that has them open: a
# clear end or right answers.
frai-index build corpus/articles -o a.frai >/dev/null 2>&1
mkfifo queries
trap '' PIPE
search() { rm -f out; frai-search -i a.frai -l -n 1 --queries queries >out 2>err & exec 3>queries; echo 투자 >&3; for i in $(seq 100); do [ -s out ] && break; sleep 0.05; done; }
# In one write: the search may end at the first of them.
ask() { printf '%s\n' "$@" >&3; }
tell() { exec 3>&-; wait $!; code=$?; sed 's/ while.*//' err; echo "-> $code, $(wc -l <out | tr -d ' ') lines"; }
search; : >a.frai/seg-0000000000.frai; ask 미스트랄 서울 佛; tell
frai-index build --fresh corpus/articles -o a.frai >/dev/null 2>&1
search; rm a.frai/seg-*; ask 미스트랄 파리; tell
frai-search -i a.frai 투자; echo "-> $?"
frai-index build --fresh corpus/articles -o a.frai >/dev/null 2>&1
search; frai-index build --fresh corpus/articles -o a.frai 2>/dev/null; ask 파리; tell
mv a.frai b.frai; frai-index build corpus/articles/0001.txt -o a.frai 2>/dev/null
cp a.frai/seg-*.frai b.frai/"$(ls b.frai | grep seg)"; frai-search -i b.frai 투자; echo "-> $?"
