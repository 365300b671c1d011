# Deleting, replacing and compacting; times and sizes are cut off.
cut='s/ · .*//; s/[0-9.]* MB.*//'
printf '{"id":"a","text":"미스트랄 투자 소식"}\n{"id":"b","text":"허깅페이스 투자 소식"}\n{"id":"c","text":"국회 예산"}\n' >one.jsonl
printf '{"id":"b","text":"서울 날씨"}\n{"id":"d","text":"미스트랄 모델 투자"}\n' >two.jsonl
frai-index build one.jsonl -o i.frai 2>&1 | sed "$cut"
frai-index add two.jsonl -i i.frai 2>&1 | sed "$cut"
frai-search -i i.frai --tsv 투자 | cut -f3-
frai-search -i i.frai -c 투자
frai-search -i i.frai -q 허깅페이스; echo "replaced: $?"
frai-index delete a nobody -i i.frai; echo "delete: $?"
frai-search -i i.frai -c 투자
frai-index dump docs -i i.frai
frai-index dump terms -i i.frai | grep 투자
printf 'd\n' | frai-index delete - -i i.frai
frai-index delete --query 국회 -i i.frai
frai-index dump docs -i i.frai
ls i.frai | sed 's/[0-9]\{10\}/N/g' | sort | uniq -c
frai-index check -i i.frai; echo "check: $?"
frai-index compact -i i.frai 2>&1 | sed "$cut"
ls i.frai | sed 's/[0-9]\{10\}/N/g' | sort | uniq -c
frai-search -i i.frai --tsv 날씨 | cut -f3-
frai-index check -i i.frai; echo "check: $?"
frai-index delete x -i nowhere.frai; echo "no index: $?"
frai-index delete -i i.frai 2>/dev/null; echo "no id: $?"
ls -d nowhere.frai 2>&1
# All documents are those that live, not those whose id came again within a build.
printf '{"id":"a","text":"하나"}\n{"id":"b","text":"둘"}\n{"id":"a","text":"셋"}\n' >twice.jsonl
frai-index build twice.jsonl -o t.frai 2>/dev/null
frai-search -i t.frai --tsv '*' | cut -f4
frai-search -i t.frai -c '* -둘'
echo "-- what can't be read is made anew only where that is said"
mkdir kept other; echo '남은 글' >kept/a.txt; echo '다른 글' >other/b.txt
frai-index build kept -o u.frai 2>/dev/null; frai-index add other -o u.frai 2>/dev/null
for f in u.frai/MANIFEST-*; do printf 'FRAIMANIxxxx' | dd of=$f conv=notrunc 2>/dev/null; done
frai-index build kept -o u.frai; echo "-> $?"
frai-index build --fresh -o u.frai 2>&1 | sed 's/;.*//'; LC_ALL=ko_KR.UTF-8 frai-index add kept -o u.frai 2>&1 | sed 's/(.*)/(…)/'
frai-index build kept other --replace -o u.frai >/dev/null 2>&1; echo "-> $?"; frai-search -i u.frai -c 글
echo "-- a directory that was made for nothing goes again"
frai-index build /dev/null -o new.frai >/dev/null 2>&1; echo "-> $?"; frai-index build kept/none -o new.frai >/dev/null 2>&1; ls -d new.frai 2>/dev/null
