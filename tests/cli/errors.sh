# One clear line for each thing that goes wrong, and its exit code.
say() { echo "-> $?"; }
frai-search -i nowhere.frai 투자; say
frai-index stats -i nowhere.frai; say
frai-index build no-such-file.txt -o a.frai; say
mkdir plain; frai-search -i plain 투자; say
frai-search; say 2>&1
frai-search -n x 투자; say
frai-index fly; say
frai-index build corpus/articles/0001.txt -o a.frai >/dev/null 2>&1; say
frai-index check -i a.frai; say
frai-index build --mem lots corpus/articles -o a.frai; say
truncate -s 100 a.frai/seg-*.frai; frai-search -i a.frai 투자; say
frai-index check -i a.frai; say
frai-index build --fresh corpus/articles/0001.txt -o a.frai >/dev/null 2>&1; say
frai-index check -i a.frai; say
printf 'FRAIMAN\n\011\0\0\0aaaaaaaaaaaaaaaaaa' > a.frai/MANIFEST-0000000099; frai-search -i a.frai -c 투자; say
newest=$(ls a.frai | grep ^MANIFEST- | sort | tail -2 | head -1 | sed 's/[^1-9]*//')
frai-index check -i a.frai; mv a.frai/MANIFEST-0000000099 a.frai/$(printf 'MANIFEST-%010d' $((newest + 1))); frai-search -i a.frai -c 투자; say
: > a.frai/MANIFEST-0000000001; rm a.frai/MANIFEST-*; frai-search -i a.frai 투자; say
frai-index build corpus/articles/0001.txt -o a.frai >/dev/null 2>&1; say; ls a.frai
mkdir ro; chmod 555 ro; [ "$(id -u)" = 0 ] || frai-index build corpus/articles/0001.txt -o ro/x.frai >/dev/null 2>&1
flock a.frai/lock sh -c 'frai-index build corpus/articles/0001.txt -o a.frai; echo "-> $?"' 2>&1 | sed 's/([0-9?]*)/(PID)/'
mkdir mine; echo x >mine/tmp-notes.txt; echo x >mine/seg-ment; frai-index build corpus/articles/0001.txt -o mine; say; ls mine
mkdir kept.frai; frai-index build corpus/articles/0001.txt -o kept.frai 2>/dev/null; echo x >kept.frai/tmp-notes.txt; echo x >kept.frai/note-s
frai-index build --fresh corpus/articles/0001.txt -o kept.frai 2>/dev/null; ls kept.frai | grep -v '[0-9]'
