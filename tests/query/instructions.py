#!/usr/bin/env python3
"""Instructions that fixed queries take, by callgrind, against tests/golden/instructions.json: none may take over 3 % more. Each mode has a set of them over
short documents; ten queries, by name, are counted one by one over short documents and over long ones, of sixty short ones each.

usage: instructions.py SOURCE BUILD. Builds without sanitizers below BUILD. FRAI_REWRITE=1 writes the golden file anew. Times are the
machine's; instructions are the code's and the compiler's: another compiler than the golden file's may take 15 % more.
"""
import collections, json, os, re, subprocess, sys, tempfile

source, build = sys.argv[1], sys.argv[2] + "/plain"
golden = source + "/tests/golden/instructions.json"
modes = {"or": "frai_search_terms", "and": "frai_search_terms", "phrase": "frai_search_terms", "count-or": "frai_search_terms", "count-and": "frai_search_terms", "words": "frai_search"}

def run(*command, **more): return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **more).stdout

run("cmake", "-S", source, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DFRAI_BENCH=ON", "-DFRAI_SHARED=OFF")
run("ninja", "-C", build, "frai-bench", "frai-generate", "frai-index")
compiler = run("cc", "-dumpfullversion").strip()
counted = {}

def count(tmp, index, queries, mode):
    run("valgrind", "--tool=callgrind", "--callgrind-out-file=" + tmp + "/out", build + "/bin/frai-bench", "search", tmp + "/" + index, tmp + "/" + queries, mode, "10", "2",
        "--out", "/dev/null", env=dict(os.environ, FRAI_ISA="avx2"))
    text, function = run("callgrind_annotate", "--inclusive=yes", "--threshold=100", tmp + "/out"), modes[mode]
    return max(int(m.group(1).replace(",", "")) for m in re.finditer(r"^\s*([\d,]+) \(.*?\)\s+\S*?:%s \[" % function, text, re.M))

def named(docs):
    """Ten queries of the documents' own words."""
    df = collections.Counter(w for d in docs for w in set(d["text"].split()))
    by_df = sorted((w for w in df if len(w) >= 2), key=lambda w: (-df[w], w))
    some = docs[len(docs) // 2]["text"].split()
    often, seldom = by_df[0], next(w for w in reversed(by_df) if df[w] == 2)
    return {"a frequent word": often, "a rare word": seldom, "two frequent words": by_df[1] + " " + by_df[2], "a frequent and a rare word": often + " " + seldom,
            "six words": " ".join(some[:6]), "words without spaces": "".join(some[:3]), "a phrase": '"%s"' % " ".join(some[1:3]), "a word left out": "%s -%s" % (often, by_df[1]),
            "a syllable and a word": by_df[3][0] + " " + often, "a word that is nowhere": seldom[::-1] + often[::-1]}
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
    for mode in modes: counted[mode] = count(tmp, *(("words.frai", "words") if mode == "words" else ("tok.frai", "tok")), mode)
    long = [{"id": str(i), "text": "\n".join(d["text"] for d in docs[i::200])} for i in range(200)]
    with open(tmp + "/long.jsonl", "w", encoding="utf-8") as f: f.writelines(json.dumps(d, ensure_ascii=False) + "\n" for d in long)
    run(build + "/bin/frai-index", "build", "-i", tmp + "/long.frai", tmp + "/long.jsonl")
    for index, kind in ("words.frai", "short"), ("long.frai", "long"):
        for name, query in named(docs).items():
            with open(tmp + "/one", "w", encoding="utf-8") as f: f.write(query + "\n")
            counted["%s, %s documents" % (name, kind)] = count(tmp, index, "one", "words")
if os.environ.get("FRAI_REWRITE"):
    with open(golden, "w") as f: f.write(json.dumps({"compiler": compiler, "instructions": counted}, indent=1) + "\n")
    sys.exit(0)
want = json.load(open(golden))
most = 1.03 if want["compiler"] == compiler else 1.15
bad = {m: round(counted[m] / n, 3) for m, n in want["instructions"].items() if counted[m] > most * n}
print("instructions against the golden ones:", {m: round(counted[m] / n, 3) for m, n in want["instructions"].items()})
if set(counted) != set(want["instructions"]): sys.exit("%s has other queries; FRAI_REWRITE=1 writes it anew" % golden)
if bad: sys.exit("more instructions than before: %s; if that is meant, FRAI_REWRITE=1 writes %s anew" % (bad, golden))
