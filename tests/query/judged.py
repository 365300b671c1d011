"""nDCG@10 of corpus/judged.tsv (a line a query: QUERY TAB article:grade ..., grades 1 to 3) against golden/judged.txt, so that
a change of ranking is seen. FRAI_REWRITE=1 writes it anew; look at the difference. usage: judged.py SOURCE BINDIR"""
import json, math, os, subprocess, sys, tempfile

source, bin = sys.argv[1:3]
golden = source + "/tests/golden/judged.txt"
rows = [l.rstrip("\n").split("\t") for l in open(source + "/corpus/judged.tsv", encoding="utf-8")]
judged = [(q, {g[:4]: int(g[5:]) for g in grades.split()}) for q, grades in rows]
assert len(judged) >= 60 and len({q for q, _ in judged}) == len(judged)
for q, grades in judged:
    for article in grades: assert os.path.exists("%s/corpus/articles/%s.txt" % (source, article)), (q, article)

def gain(grades): return sum((2 ** g - 1) / math.log2(i + 2) for i, g in enumerate(grades[:10]))

def figures(index, *flags):
    p = subprocess.run([bin + "/frai-search", "-i", index, "--json", "--no-snippet", *flags, "--queries", "-"],
                       input="".join(q + "\n" for q, _ in judged), capture_output=True, text=True, check=True)
    found, now = [], []
    for line in p.stdout.splitlines():
        o = json.loads(line)
        if o.get("type") == "summary": found.append(now); now = []
        else: now.append(os.path.basename(o["id"])[:4])
    assert len(found) == len(judged)
    return [gain([grades.get(f, 0) for f in ids]) / gain(sorted(grades.values(), reverse=True)) for (_, grades), ids in zip(judged, found)]

with tempfile.TemporaryDirectory() as tmp:
    subprocess.run([bin + "/frai-index", "build", source + "/corpus/articles", "-o", tmp + "/i.frai"], check=True, capture_output=True)
    mine, plain = figures(tmp + "/i.frai"), figures(tmp + "/i.frai", "--rank", "bm25")
mean, base = sum(mine) / len(mine), sum(plain) / len(plain)
text = "%.4f default ranking, %.4f BM25 alone\n" % (mean, base) + "".join("%.3f %s\n" % (m, q) for m, (q, _) in zip(mine, judged))
if os.environ.get("FRAI_REWRITE"): open(golden, "w", encoding="utf-8").write(text)
wanted = open(golden, encoding="utf-8").read()
if text != wanted:
    import difflib
    sys.exit("\n".join(difflib.unified_diff(wanted.splitlines(), text.splitlines(), "golden/judged.txt", "now", lineterm="", n=0)))
assert mean > 0.95 and mean > base
print("  %d judged queries tried: nDCG@10 %.4f" % (len(judged), mean))
