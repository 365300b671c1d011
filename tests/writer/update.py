#!/usr/bin/env python3
"""update.py BINDIR: builds an index again and again while its files change, and holds it against one that is built anew: the same
documents, and after compacting the same hits and scores. Prints its seed."""
import json, mmap, os, random, shutil, subprocess, sys, tempfile, time

bin = os.path.abspath(sys.argv[1])
rounds = 200 if os.environ.get("FRAI_FULL") == "1" else 25
seed = int(os.environ.get("FRAI_SEED", "20250210"))
rng = random.Random(seed)
print("FRAI_SEED=%d" % seed)
WORDS = "미스트랄 투자 프랑스 인공지능 AI 모델을 유치했다 佛 2025년 서울은 소식 비".split()
QUERIES = ["투자", "미스트랄 모델", "佛", "\"프랑스 인공지능\"", "소식 -비", "2025년 서울"]

def text(): return " ".join(rng.choice(WORDS) for _ in range(rng.randrange(1, 30)))

def index(*args):
    p = subprocess.run([bin + "/frai-index", *args], capture_output=True, text=True)
    if p.returncode: sys.exit("frai-index %s: %d\n%s" % (" ".join(args), p.returncode, p.stderr))
    return p.stdout

def change(files):
    """Writes, changes and removes files; of 60 names a third is JSON lines. Ids are of one file only."""
    for _ in range(rng.randrange(1, 8)):
        n = rng.randrange(60)
        path = "t/%d/%d.%s" % (n % 3, n, "txt" if n % 3 else "jsonl")
        if rng.random() < 0.25:
            if path in files: os.remove(path); files.discard(path)
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if path.endswith("txt"): body = text() if rng.random() < 0.9 else ""
        else:
            lines = []
            for k in range(rng.randrange(0, 6)):
                d = {"text": text()}
                if rng.random() < 0.8: d["id"] = "%d-%d" % (n, k)
                if n == 30 and rng.random() < 0.5: d["path"] = "elsewhere"
                lines.append(json.dumps(d, ensure_ascii=False))
            body = "\n".join(lines)
        if rng.random() < 0.5 and path in files: os.replace(path, path + ".old"); os.remove(path + ".old")
        open(path, "w", encoding="utf-8").write(body)
        files.add(path)

def documents(dir): return sorted(index("dump", "docs", "-i", dir).split("\n"))

def hits(dir, query):
    p = subprocess.run([bin + "/frai-search", "-i", dir, "--json", "-n", "0", "--no-snippet", "--", query], capture_output=True, text=True)
    if p.returncode > 1: sys.exit("frai-search %s: %s" % (query, p.stderr))
    return {h["id"]: h["score"] for h in map(json.loads, p.stdout.splitlines()) if "id" in h}

def write_mapped():
    """Another program goes on writing through a map, whose pages are not written back, between builds."""
    os.mkdir("m")
    with open("m/mapped.txt", "w+b") as f:
        f.truncate(4096)
        with mmap.mmap(f.fileno(), 4096) as pages:
            for n in range(8):
                pages[:] = b"tail%d written%d\n" % (n, n) + b" " * (4096 - len(b"tail%d written%d\n" % (n, n)))
                time.sleep(rng.choice([0, 0.03]))
                index("build", "m", "-o", "mapped", "--json")
                if not hits("mapped", "written%d" % n): sys.exit("what was written through a map was missed at build %d" % n)

work = tempfile.mkdtemp()
os.chdir(work)
try:
    os.makedirs("t")
    files, updates, skipped = set(), 0, 0
    for number in range(rounds):
        change(files)
        if rng.random() < 0.7: time.sleep(0.03)  # else the files are as new as the clock tells
        paths = ["t"] if rng.random() < 0.8 else ["t/0", "t/1"]
        if any(not os.path.isdir(p) for p in paths): paths = ["t"]
        narrows = ["--replace"] if len(paths) > 1 else []
        made = json.loads(index("build", *paths, *narrows, "-o", "updated", "--json"))
        updates += made["updated"]
        skipped += made["files"]["same"]
        index("build", *paths, "-o", "anew%d" % number, "--json")
        anew = "anew%d" % number
        if documents("updated") != documents(anew): sys.exit("round %d: other documents" % number)
        index("check", "-i", "updated")
        if rng.random() < 0.3: index("compact", "-i", "updated")
        shutil.copytree("updated", "compacted")
        index("compact", "-i", "compacted")
        for query in QUERIES:
            a, b = hits("compacted", query), hits(anew, query)
            if a.keys() != b.keys() or any(abs(a[k] - b[k]) > 1e-5 * (1 + abs(b[k])) for k in a):
                sys.exit("round %d: %s: %r, not %r" % (number, query, a, b))
        shutil.rmtree("compacted")
        shutil.rmtree(anew)
    on_disk = subprocess.run(["stat", "-f", "-c", "%T", "."], capture_output=True, text=True).stdout.strip() != "tmpfs"
    if on_disk: write_mapped()  # a file system in memory writes nothing back, and doesn't tell of maps
    print("%d builds tried, %d of them updates, which left %d files unread" % (rounds, updates, skipped))
    if updates < rounds // 3: sys.exit("hardly any build was an update")
finally:
    shutil.rmtree(work)
