# Updating never surprises: what would drop a folder or most documents is refused, what is missing keeps its documents, links
# and loops are indexed once, and folders may be as deep as they like.
cut='s/^\(done .* documents*\) .*/\1/; /^encodings/d'
mkdir 메모 노트
for i in 1 2 3 4; do echo "메모 $i 투자" >메모/$i.txt; echo "노트 $i 투자" >노트/$i.txt; done
b() { echo "\$ frai-index $*"; frai-index "$@" >out 2>&1; code=$?; sed "$cut; s|$PWD|HERE|" out; echo "-> $code, $(frai-search -c 투자)"; }
b build 메모
b build 노트
LC_ALL=ko_KR.UTF-8 frai-index build 노트; echo "-> $?"
b add 노트
b build
b build 노트
b build 노트 --replace
b add ./메모 노트/../메모 .//메모/
b build nowhere
echo "-- what is away, or empty, keeps its documents"
mv 메모 away; b build; mkdir 메모; b build; LC_ALL=ko_KR.UTF-8 frai-index build 2>&1 | head -1
b build 메모 노트 --replace
rmdir 메모; mv away 메모; b build 메모 노트
echo "-- vanished files are counted; more than half is too much"
mkdir kept; mv 메모/1.txt kept; b build
mv 메모/[23].txt 노트/1.txt kept; mv 노트/2.txt kept/two.txt; b build; b build --replace
mv kept/*.txt 메모; b build; for f in 메모/?.txt; do : >$f; done; b build | grep -v skipped; b build --replace | grep -v skipped
echo "-- links"
mkdir -p l/a/b o/p; for f in l/1 l/a/2 l/a/b/3 o/4 o/p/5; do echo "고리 $f" >$f.txt; done
ln -s .. l/a/b/x; ln -s ../.. l/a/b/y; ln -s . l/z; ln -s ../o l/o; ln -s ../1.txt l/a/one.txt; ln -s ../../o/4.txt l/a/four.txt; ln -s gone l/gone.txt
links() { frai-index build "$@" -o l.frai 2>&1 | sed "$cut"; frai-search -i l.frai -l 고리 | sort; }
links l
links l --follow
links l o --follow
echo "-- depth"
mkdir d; (cd d; i=0; while [ $i -lt 130 ]; do mkdir "아주 긴 이름의 폴더입니다 $i"; cd -P "아주 긴 이름의 폴더입니다 $i" 2>/dev/null || exit 1; i=$((i + 1)); done; echo '깊은 글' >깊다.txt)
frai-index build d -o d.frai 2>&1 | sed "$cut"; frai-search -i d.frai --tsv 깊은 | cut -f4; frai-index build d -o d.frai 2>&1 | grep files
echo "-- a folder that is narrowed"
mkdir -p wide/in; echo 하나 >wide/a.txt; echo 둘 >wide/b.txt; for i in 1 2 3; do echo "속 $i" >wide/in/$i.txt; done
frai-index build wide -o wide.frai 2>/dev/null
frai-index build wide/in -o wide.frai; echo "-> $?"; LC_ALL=ko_KR.UTF-8 frai-index build wide/in/1.txt wide/a.txt -o wide.frai; echo "-> $?"; frai-search -i wide.frai -c '*'
frai-index build wide/in --replace -o wide.frai >/dev/null 2>&1; frai-search -i wide.frai -c '*'
echo "-- an index that lost its note"
echo junk >wide.frai/note-0000000002
frai-index build -o wide.frai; echo "-> $?"; frai-index build wide -o wide.frai; echo "-> $?"; rm wide.frai/note-*
frai-index build -o wide.frai; echo "-> $?"; frai-index build wide --replace -o wide.frai >/dev/null 2>&1; echo "-> $?"; rm wide/b.txt; frai-index build -o wide.frai 2>&1 | grep files
echo "-- pipes that have a name"
mkfifo pipe; for word in 하나 둘; do echo $word >pipe & frai-index add pipe -o pipe.frai 2>/dev/null; printf '{"text":"%s"}\n' $word >pipe & frai-index add pipe -o pipe.frai 2>/dev/null; done; wait; frai-index dump docs -i pipe.frai
echo "-- a part of a root that links to the root"
mkdir -p up/in; echo 위 >up/a.txt; echo 안 >up/in/b.txt; ln -s .. up/in/back; frai-index build up --follow -o up.frai 2>/dev/null; echo 새것 >up/new.txt; echo 안쪽 >up/in/c.txt; frai-index add up/in -o up.frai 2>/dev/null; frai-index dump docs -i up.frai
echo "-- a file that can't be read any more, and is there by a link"
held() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi; }
chmod 755 .; mkdir -m 777 twin; (cd twin && umask 0 && mkdir links real && echo 하나 >real/h.txt && echo 셋 >real/i.txt && ln -s ../real/h.txt links/l.txt && held frai-index build links -o twin.frai 2>/dev/null
chmod 0 real/h.txt; held frai-index add real -o twin.frai 2>&1 | sed "$cut"; frai-index dump docs -i twin.frai; held frai-index add real/h.txt -o twin.frai 2>&1 | sed "$cut"; chmod 644 real/h.txt; held frai-index add real -o twin.frai 2>&1 | sed "$cut"; frai-index dump docs -i twin.frai)
