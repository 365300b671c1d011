#!/usr/bin/env python3
"""Instructions that a fixed set of queries takes, by callgrind, against tests/golden/instructions.json: none may take over 3 % more.

usage: instructions.py SOURCE BUILD. Builds without sanitizers below BUILD. FRAI_REWRITE=1 writes the golden file anew. Times are the
machine's; instructions are the code's and the compiler's: another compiler than the golden file's may take 15 % more.
"""
import json, os, re, subprocess, sys, tempfile

source, build = sys.argv[1], sys.argv[2] + "/plain"
golden = source + "/tests/golden/instructions.json"
modes = {"or": "frai_search_terms", "and": "frai_search_terms", "phrase": "frai_search_terms", "count-or": "frai_search_terms", "count-and": "frai_search_terms", "words": "frai_search"}

def run(*command, **more): return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **more).stdout

run("cmake", "-S", source, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DFRAI_BENCH=ON", "-DFRAI_SHARED=OFF")
run("ninja", "-C", build, "frai-bench", "frai-generate", "frai-index")
compiler = run("cc", "-dumpfullversion").strip()
counted = {}
with tempfile.TemporaryDirectory() as tmp:
    docs = [json.loads(l) for l in run(build + "/bin/frai-generate", "12000").splitlines()]
    bigrams = lambda text: " ".join(w[i:i + 2] for w in text.split() for i in range(len(w) - 1))
    with open(tmp + "/docs.tok", "w", encoding="utf-8") as f: f.writelines("%s\t%s\n" % (d["id"], bigrams(d["text"])) for d in docs)
    with open(tmp + "/docs.jsonl", "w", encoding="utf-8") as f: f.writelines(json.dumps(d, ensure_ascii=False) + "\n" for d in docs)
    picked = [docs[i * 149 % len(docs)]["text"].split() for i in range(40)]
    words = [" ".join(w[3 * (i % 5):][:1 + i % 3]) for i, w in enumerate(picked)]
    with open(tmp + "/words", "w", encoding="utf-8") as f: f.writelines(w + "\n" for w in words)
    with open(tmp + "/tok", "w", encoding="utf-8") as f: f.writelines(bigrams(w) + "\n" for w in words)
    run(build + "/bin/frai-bench", "index", tmp + "/docs.tok", tmp + "/tok.frai")
    run(build + "/bin/frai-index", "build", "-i", tmp + "/words.frai", tmp + "/docs.jsonl")
    for mode, function in modes.items():
        index, queries = ("words.frai", "words") if mode == "words" else ("tok.frai", "tok")
        run("valgrind", "--tool=callgrind", "--callgrind-out-file=" + tmp + "/out", build + "/bin/frai-bench", "search", tmp + "/" + index, tmp + "/" + queries, mode, "10", "2",
            "--out", "/dev/null", env=dict(os.environ, FRAI_ISA="avx2"))
        text = run("callgrind_annotate", "--inclusive=yes", "--threshold=100", tmp + "/out")
        counted[mode] = max(int(m.group(1).replace(",", "")) for m in re.finditer(r"^\s*([\d,]+) \(.*?\)\s+\S*?:%s \[" % function, text, re.M))
if os.environ.get("FRAI_REWRITE"):
    with open(golden, "w") as f: f.write(json.dumps({"compiler": compiler, "instructions": counted}, indent=1) + "\n")
    sys.exit(0)
want = json.load(open(golden))
most = 1.03 if want["compiler"] == compiler else 1.15
bad = {m: round(counted[m] / n, 3) for m, n in want["instructions"].items() if counted[m] > most * n}
print("instructions against the golden ones:", {m: round(counted[m] / n, 3) for m, n in want["instructions"].items()})
if bad: sys.exit("more instructions than before: %s; if that is meant, FRAI_REWRITE=1 writes %s anew" % (bad, golden))
