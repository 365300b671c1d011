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
