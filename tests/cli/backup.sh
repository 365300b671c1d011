# One file from an index and back; what is damaged, and repaired.
frai-index build corpus/articles -o a.frai >/dev/null 2>&1
frai-index backup a.tar -i a.frai; echo "-> $?"
tar tf a.tar | sed 's/[0-9]\{10\}/N/g'
frai-index restore a.tar -o b.frai; echo "-> $?"
frai-index dump docs -i a.frai >a.docs; frai-index dump docs -i b.frai | cmp - a.docs && echo alike
frai-index restore a.tar -o b.frai; echo "-> $?"
frai-index backup - -i a.frai 2>/dev/null | frai-index restore - -o c.frai; echo "-> $?"
frai-index backup nowhere/a.tar -i a.frai; echo "-> $?"
frai-index restore no.tar -o d.frai; echo "-> $?"
frai-index backup x.tar -i none.frai; echo "-> $?"
head -c 3000 a.tar >cut.tar; frai-index restore cut.tar -o d.frai; echo "-> $?"; ls d.frai
tar cf evil.tar --transform 's,.*,../seg-0000000000.frai,' a.docs 2>/dev/null; frai-index restore evil.tar -o d.frai; echo "-> $?"
frai-index repair -i a.frai; echo "-> $?"
printf 'x' | dd of=b.frai/seg-0000000000.frai bs=1 seek=100 conv=notrunc 2>/dev/null
frai-index check -i b.frai 2>&1 | tail -n 1; frai-index repair -i b.frai 2>&1 | sed 's/ · .*//'; frai-index check -i b.frai; echo "-> $?"
frai-index dump docs -i b.frai | sort >b.docs; sort a.docs | cmp - b.docs && echo alike
rm b.frai/seg-*; frai-index repair -i b.frai; echo "-> $?"; frai-index check -i b.frai
rm b.frai/MANIFEST-*; frai-index repair -i b.frai; echo "-> $?"
# What is there already: replaced whole if it is a file, written to if it is none.
echo 'mine' >kept; ln -s kept l.tar.tmp
frai-index backup l.tar -i a.frai 2>/dev/null; echo "-> $?"; cat kept
echo old >real.tar; ln real.tar other.tar; ln -s real.tar link.tar
frai-index backup link.tar -i a.frai 2>/dev/null; echo "-> $?"; test -L link.tar && cat other.tar; cmp real.tar a.tar && echo whole
ln -s later.tar dangling.tar; frai-index backup dangling.tar -i a.frai 2>/dev/null; test -L dangling.tar && cmp later.tar a.tar && echo whole
mkfifo pipe.tar; cat pipe.tar >through.tar & frai-index backup pipe.tar -i a.frai 2>/dev/null; wait; test -p pipe.tar && cmp through.tar a.tar && echo whole
frai-index backup /dev/null -i a.frai 2>/dev/null; echo "-> $?"; test -c /dev/null && echo device
frai-index backup /dev/full -i a.frai; echo "-> $?"; test -c /dev/full && echo device
mkdir folder.tar; frai-index backup folder.tar -i a.frai; echo "-> $?"; ls *.tmp-* 2>/dev/null
# No writer comes between what is restored, and nothing is followed.
mkfifo slow; frai-index restore slow -o e.frai 2>/dev/null & exec 9>slow; head -c 100000 a.tar >&9; sleep 0.3
frai-index build corpus/articles -o e.frai 2>&1 | sed 's/([0-9]*)/(PID)/'; tail -c +100001 a.tar >&9; exec 9>&-; wait; frai-index check -i e.frai
mkdir f.frai; echo mine >victim; ln -s ../victim f.frai/seg-0000000000.frai
frai-index restore a.tar -o f.frai; echo "-> $?"; cat victim; ls f.frai
