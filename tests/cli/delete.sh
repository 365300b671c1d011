# Deleting says what it will do: dry runs, questions at a terminal, --yes for scripts.
LC_ALL=C.UTF-8
docs() { frai-index dump docs -i i.frai | tr '\n' ' '; echo; }
fresh() {
    rm -rf i.frai
    printf '{"id":"a","text":"미스트랄 투자 소식"}\n{"id":"b","text":"허깅페이스 투자 소식"}\n{"id":"c","text":"국회 예산"}\n{"id":"d","text":"서울 날씨"}\n{"id":"e","text":"부산 날씨"}\n' | frai-index build - -o i.frai 2>/dev/null
}
# At a terminal, where the answer comes after the question.
terminal() {
    python3 -c '
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execvp("sh", ["sh", "-c", sys.argv[2]])
seen, answered = b"", False
while True:
    if not answered and b"[y/N] " in seen: answered = bool(os.write(terminal, sys.argv[1].encode() + b"\n"))
    try: part = os.read(terminal, 4096)
    except OSError: break
    if not part: break
    seen += part
sys.stdout.buffer.write(seen.replace(b"\r", b""))
os.waitpid(pid, 0)' "$1" "$2"
}
fresh
echo '# a dry run prints ids and changes nothing'
frai-index delete --dry-run --query 날씨 -i i.frai; echo "-> $?"; docs
frai-index delete --dry-run a nobody -i i.frai; echo "-> $?"; docs
frai-index delete --dry-run b a b a -i i.frai; echo "-> $?"
echo '# more than half of the documents'
frai-index delete --query '날씨 -부산' -i i.frai; echo "-> $?"; docs
frai-index delete --query 소식 -i i.frai; echo "-> $?"; docs
fresh
frai-index delete --query 소식 -i i.frai; echo "-> $?"; docs
printf '{"id":"f","text":"새 소식"}\n{"id":"g","text":"옛 소식"}\n' | frai-index add - -i i.frai 2>/dev/null
frai-index delete --query 소식 -i i.frai; echo "-> $?"; docs
frai-index delete --yes --query 소식 -i i.frai; echo "-> $?"; docs
printf '{"id":"h","text":"첫 속보"}\n{"id":"i","text":"둘째 속보"}\n{"id":"j","text":"셋째 속보"}\n{"id":"k","text":"넷째 속보"}\n' | frai-index add - -i i.frai 2>/dev/null
frai-index delete --query 속보 -i i.frai; echo "-> $?"; docs
LC_ALL=ko_KR.UTF-8 frai-index delete --query '* -국회' -i i.frai; echo "-> $?"; docs
frai-index delete --dry-run --query 속보 -i i.frai; echo "-> $?"; docs
frai-index delete --yes --query 속보 -i i.frai; echo "-> $?"; docs
fresh
echo '# exclusions alone'
frai-index delete --query '-투자' -i i.frai; echo "-> $?"
frai-index delete --yes --query '-투자' -i i.frai; echo "-> $?"
frai-index delete --yes --query '-"투자 소식" -날씨' -i i.frai; echo "-> $?"
LC_ALL=ko_KR.UTF-8 frai-index delete --yes --query '-(투자 날씨)' -i i.frai; echo "-> $?"; docs
frai-index delete --yes --query '* -투자' -i i.frai; echo "-> $?"; docs
fresh
echo '# no words'
for q in '' '  ' '...' '""'; do frai-index delete --yes --query "$q" -i i.frai; echo "-> $?"; done
LC_ALL=ko frai-index delete --dry-run --query '' -i i.frai; echo "-> $?"; docs
echo '# no documents'
for i in 1 2; do frai-index delete --yes --query '*' -i i.frai; echo "-> $?"; done; fresh
echo '# more words than a query may have'
frai-index delete --yes --query "$(seq -s ' ' 2000 5000)" -i i.frai 2>/dev/null; echo "-> $?"; docs
echo '# words that no document has, wrong words: neither relaxed nor corrected'
frai-index delete --yes --query '날씨 투자' -i i.frai; echo "-> $?"
frai-index delete --yes --query 허깅페이수 -i i.frai; echo "-> $?"
frai-index delete --yes --query ㅁㅅㅌㄹ -i i.frai; echo "-> $?"; docs
frai-index delete --yes --query '소식은' -i i.frai; echo "-> $?"
frai-index delete --yes --query '"투자 미스트랄"' -i i.frai; echo "-> $?"
frai-index delete --yes --query '* -→' -i i.frai; echo "-> $?"; docs
frai-index delete --yes --query '투자 -3억' -i i.frai; echo "-> $?"; LC_ALL=ko frai-index delete --yes --query '투자 –미스트랄' -i i.frai; echo "-> $?"; docs
echo '# at a terminal'
terminal n 'frai-index delete --query 국회 -i i.frai'; docs
terminal y 'frai-index delete --query 국회 -i i.frai'; docs
terminal y 'LC_ALL=ko frai-index delete --query 부산 -i i.frai'; docs
terminal '' 'frai-index delete --yes --query 허깅페이스 -i i.frai'; docs
echo '# ids'
printf 'a\r\n\nzzz\n' | frai-index delete - -i i.frai --strict; echo "-> $?"; docs
printf 'd\n%5000d\n' 1 | frai-index delete - -i i.frai; echo "-> $?"; docs
frai-index delete - -i i.frai <.; echo "-> $?"
frai-index delete -i i.frai; echo "-> $?"
echo '# ids that no document has are named, the first of them'
frai-index delete n1 a n2 -i i.frai; echo "-> $?"
(seq 1 300; printf 'x\033[2J\342\200\256%0900d\n' 1) | frai-index delete - n1 --dry-run -i i.frai; echo "-> $?"
printf 'x\033[2J\342\200\256%0900d\n' 1 | LC_ALL=ko frai-index delete - n1 n2 n3 n4 n5 n6 -i i.frai --strict; echo "-> $?"
frai-index delete d --query 서울 -i i.frai; echo "-> $?"; docs
echo '# a note that is gone keeps nothing from being deleted'
fresh; rm i.frai/note-*; frai-index check -i i.frai; echo "-> $?"
frai-index delete a -i i.frai; echo "-> $?"; docs
frai-index delete b -i i.frai; frai-index check -i i.frai; echo "-> $?"
