# What the system, the library and libarchive report: in the user's language, once, with advice that fits.
say() { echo "-> $?"; }
# As somebody whom permissions hold back.
held() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }
chmod 755 .
printf '투자\n' >t.txt; frai-index build t.txt -o a.frai 2>/dev/null; frai-index backup a.tar -i a.frai 2>/dev/null
mkdir lock.frai lock.frai/lock; ln -s loop loop; echo x >file; mkdir other; echo x >other/mine
long=$(printf '%0300d' 1 | sed 's/./&\//g'); longest=$(printf '%05000d' 1)
each() {
    echo "# $LC_ALL"
    frai-index build t.txt -o lock.frai; say
    frai-index build t.txt -o file; say
    frai-index build t.txt -o loop; say
    frai-index build t.txt -o other; say
    frai-index build t.txt -o "$long"; say
    frai-index build t.txt -o "$longest"; say
    frai-index build t.txt -o ''; say
    frai-search -i '' 투자; say
    frai-index stats -i file; say
    frai-index compact -i nowhere; say
    (mkdir gone; cd gone; rmdir ../gone; frai-index build ../t.txt); say
    # Nothing is damaged where a file can't be read, and each is told once.
    cp -r a.frai b.frai; frai-index compact -i b.frai 2>/dev/null; chmod 0 b.frai/seg-*
    held frai-index check -i b.frai; say; held frai-search -i b.frai 투자; say
    chmod 0 b.frai; held frai-index check -i b.frai; say; held frai-index build t.txt -o b.frai; say; chmod 755 b.frai
    for f in b.frai/seg-*; do rm -f $f; echo short >$f; done; for f in b.frai/note-*; do echo junk >$f; done; frai-index check -i b.frai; say
    frai-search -i b.frai 투자; say
    frai-index repair -i b.frai; say; rm -r b.frai
    # libarchive, and what is closed.
    frai-index restore file -o r.frai; say
    frai-index restore nowhere.tar -o r.frai; say
    frai-index restore other -o r.frai; say
    head -c 3000 a.tar >cut.tar; frai-index restore cut.tar -o r.frai; say
    frai-index backup /dev/full -i a.frai; say
    frai-search -i a.frai 투자 >&-; say
    frai-index dump docs -i a.frai >/dev/full; say
}
each
LC_ALL=ko_KR.UTF-8 each
# Konkani is not Korean.
for l in ko ko_KR ko.UTF-8 ko@x kok kok_IN; do LC_ALL=$l frai-index stats -i nowhere; done
