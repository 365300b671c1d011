# Paths can be opened from where one stands, each once with -l; ids of documents in a file of many are shown.
mkdir -p project/notes/2025 project/other/deep
cd project
printf '하나\n투자 하나\n' >notes/one.txt
printf '둘\n투자 둘\n' >notes/2025/two.txt
printf '{"id":"k1","title":"셋","text":"투자 셋"}\n{"title":"넷","text":"투자 넷"}\n' >notes/lines.jsonl
printf '{"id":"k9","path":"신문/9면","text":"투자 아홉"}\n' >notes/own.jsonl
frai-index build notes >/dev/null 2>&1
t() { echo "\$ $*"; "$@" 2>&1; }
t frai-search -l 투자
cd other/deep
t frai-search -l 투자
t frai-search --tsv 투자
frai-search --json 투자 | grep -o '"id":"[^"]*","path":"[^"]*"'
frai-search -l -0 투자 | tr '\0' '|'; echo
# The glob is of what is shown or of what is stored.
t frai-search -l --path '../../notes/*two*' 투자
t frai-search -l --path 'notes/*two*' 투자
t frai-search -l --path '*/lines.jsonl' 투자
t frai-search --why ../../notes/one.txt 투자
t frai-search --why notes/one.txt 투자
frai-search --why "$(printf './%.0s' $(seq 3000))../../notes/one.txt" 투자 # longer than a path may be
t frai-search --why k1 투자
t frai-search --why no.txt 투자
cd ../../notes
t frai-search -l 투자
t frai-search -l -n 2 투자
t frai-search -l -n 2 --offset 3 투자
rm one.txt
t frai-search -l 투자
cd ../..; mv project moved; cd moved/notes/2025
t frai-search -l 투자
cd ../../..
t frai-search -i moved/.frai -l 투자
cd moved
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do printf '투자 %s\n' $i >notes/$i.txt; done
frai-index build notes >/dev/null 2>&1
frai-search -l 투자 | wc -l
frai-search -l -n 10 투자 | wc -l
frai-search 투자 | wc -l
# An index elsewhere, of a folder named in other ways.
rm notes/[0-9]*.txt notes/own.jsonl; top=$(realpath ..)
mkdir ../elsewhere
frai-index build . -o ../elsewhere/dot.frai >/dev/null 2>&1
(cd other && frai-index build ../notes/2025 -o ../../elsewhere/up.frai >/dev/null 2>&1)
frai-index build "$PWD/notes/2025" -o ../elsewhere/whole.frai >/dev/null 2>&1
for where in . notes ../elsewhere other/deep; do
  for x in dot up whole; do
    i=$(realpath ../elsewhere/$x.frai)
    (cd $where; echo "$where $x: $(frai-search -i "$i" -l 투자 | sed "s|$top|TOP|" | tr '\n' ' ')"
     frai-search -i "$i" -l -0 투자 | xargs -0 ls -d >/dev/null)
  done
done
