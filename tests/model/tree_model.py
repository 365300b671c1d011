"""Random trees with links, permissions, renames and clocks against `frai-index build`, `add` and `delete`: after each command the
index has the documents that a plain model says, the figures are the model's, and what has to be refused is. Runs without
privileges, as permissions mean nothing to root. FRAI_SEED repeats a run as far as clocks let it, FRAI_STEPS sets how many changes
are made to the tree; FRAI_KEEP=1 leaves it there after a failure.
usage: tree_model.py BINDIR"""
import json, os, random, shutil, stat, subprocess, sys, tempfile, time

seed = int(os.environ.get("FRAI_SEED") or random.randrange(1 << 32))
steps = int(os.environ.get("FRAI_STEPS") or (1000000 if os.environ.get("FRAI_FULL") == "1" else 10000))
rng = random.Random(seed)
print("FRAI_SEED=%d FRAI_STEPS=%d" % (seed, steps), flush=True)

DEEP = 12 * "/아래"  # so that links that a rename leads upwards stay in here

def make_place():
    """Where the tree is to be, and the programs: copied, if their folder can't be reached without privileges."""
    bindir = os.path.abspath(sys.argv[1])
    if os.getuid() != 0: return tempfile.mkdtemp(prefix="나무 "), bindir
    work = tempfile.mkdtemp(prefix="나무 ", dir="/tmp")
    programs = tempfile.mkdtemp(prefix="frai-bin-", dir="/tmp")
    for name in ["frai-index", "frai-search"]: shutil.copy(bindir + "/" + name, programs)
    for path in [work, programs]: os.chown(path, 65534, 65534)
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
    return work, programs

place, bindir = make_place()
os.umask(0)
work = place + DEEP
os.makedirs(work)
os.chdir(work)
TOP = ["메모", "노트", "c d"]  # folders that become roots
OUT = "out"                     # what links lead to
INDEX = "i.frai"
counter = 0

def token():
    global counter
    counter += 1
    return "낱말%d" % counter

class Model:
    """What the note of the index keeps, and what is in it."""
    def __init__(self):
        self.roots = []      # (name, canonical)
        self.files = {}      # path → (root, documents, signature, kind: text, lines, or mixed with documents of other paths)
        self.docs = {}       # id → (title, path, where that is)
        self.follow = False
        self.exact = True    # do the documents follow from the files? No: an id came twice, say

def canonical(path): return os.path.realpath(path)

def readable(path, folder=False):
    return os.access(path, os.R_OK | (os.X_OK if folder else 0))

class Listing:
    """The files below roots, as the rules have them."""
    def __init__(self, roots, follow):
        self.roots, self.follow = roots, follow  # name → canonical, all that the index will have
        self.files, self.unseen, self.errors = {}, set(), {}  # document path → real path
        self.links, self.folders, self.root_of = [], set(), {}

    def claimed(self, canon): return canon in self.roots.values()

    def list_root(self, name):
        canon = self.roots[name]
        if not os.path.exists(canon): self.errors[name] = True; return
        if os.path.isdir(canon):
            if not os.access(canon, os.R_OK): self.errors[name] = True; return
            self.walk(name, name, canon, canon, False)
        else: self.take(name, name, canon)

    def take(self, root, path, real):
        self.files[path] = real
        self.root_of[path] = root

    def walk(self, root, path, real, canon, linked):
        st = os.stat(real)
        known = (st.st_dev, st.st_ino) in self.folders
        if self.follow: self.folders.add((st.st_dev, st.st_ino))
        if known and linked: return
        names = sorted(n for n in os.listdir(real) if not n.startswith("."))
        if any(n.startswith("MANIFEST-") for n in names): return
        for name in names:
            p, r, c = path + "/" + name, real + "/" + name, canon + "/" + name
            try: st = os.lstat(r)
            except OSError: self.unseen.add(p); continue
            if self.claimed(c): continue
            if stat.S_ISLNK(st.st_mode):
                try: target = os.stat(r)
                except OSError: self.unseen.add(p); continue
                if stat.S_ISREG(target.st_mode): self.links.append((root, p, r, False))
                elif stat.S_ISDIR(target.st_mode) and self.follow: self.links.append((root, p, r, True))
            elif stat.S_ISDIR(st.st_mode):
                if os.access(r, os.R_OK): self.walk(root, p, r, c, linked)
                else: self.unseen.add(p)
            elif stat.S_ISREG(st.st_mode): self.take(root, p, r)

    def follow_links(self):
        for root, path, real, folder in self.links:  # grows on the way
            if not folder: continue
            st = os.stat(real)
            if not os.access(real, os.R_OK): self.unseen.add(path)
            elif not self.claimed(canonical(real)) and (st.st_dev, st.st_ino) not in self.folders:
                self.walk(root, path, real, canonical(real), True)
        ids = {(os.stat(r).st_dev, os.stat(r).st_ino) for r in self.files.values()}
        for root, path, real, folder in self.links:
            if folder: continue
            st = os.stat(real)
            if self.claimed(canonical(real)) or (st.st_dev, st.st_ino) in ids: continue
            ids.add((st.st_dev, st.st_ino))
            self.take(root, path, real)

    def hidden_from_view(self, path):
        while True:
            if path in self.unseen: return True
            if "/" not in path: return False
            path = path.rsplit("/", 1)[0]

def documents_of(path, real):
    """(id, title, path) of each document of a readable file, and the file's kind."""
    with open(real, encoding="utf-8") as f: text = f.read()
    if not path.endswith(".jsonl"): return ([(path, text.split("\n")[0], path)] if text.strip() else []), "text"
    lines = [json.loads(l) for l in text.split("\n") if l]
    found = [(d.get("id", "%s#%d" % (path, n)), d["title"], d.get("path", path)) for n, d in enumerate(lines)]
    return found, "mixed" if any("path" in d for d in lines) else "lines"

def signature(real):
    st = os.stat(real)
    return (st.st_ino, st.st_size, st.st_mtime_ns)

def sign(real):
    st = os.stat(real)
    return signature(real) + (st.st_ctime_ns, st.st_dev)

class Refused(Exception): pass

def is_taken(name, canon, others):
    """Would documents' paths of two places meet?"""
    tail = lambda path, top: path[len(top.rstrip("/")):] if path == top or path.startswith(top.rstrip("/") + "/") else None
    for n, c in others:
        if tail(name, n) is not None and tail(name, n) != tail(canon, c): return True
        if tail(n, name) is not None and tail(n, name) != tail(c, canon): return True
    return False

def predict(model, given, adds, fresh, replace, follow):
    """The model after the command; Refused where it must refuse. given: [(spelling, canonical)], empty: all that is known."""
    new = Model()
    new.follow = model.follow or follow
    known = {c: n for n, c in model.roots}
    wanted = [c for _, c in given]
    below = lambda c, d: c.startswith(d + "/")
    for name, canon in model.roots:
        if adds or not given or canon in wanted or (not replace and any(below(canon, w) for w in wanted)): new.roots.append((name, canon))
    scopes = [n for n, c in new.roots if not given or c in wanted or any(below(c, w) for w in wanted)]
    parts, fresh_names, settled, order = {}, [], len(new.roots), []  # in the order of the command
    for spelling, canon in given:
        if canon in known: continue
        if not os.path.lexists(canon): raise Refused("missing")
        if any(below(canon, w) for w in wanted): continue
        above = [(n, c) for n, c in new.roots if below(canon, c)] if adds else []
        if above:
            name, c = max(above, key=lambda x: len(x[1]))
            parts[name + canon[len(c):]] = (name, canon)
            order.append(name + canon[len(c):])
            continue
        around = [(n, c) for n, c in model.roots if below(canon, c)]
        name = spelling.rstrip("/")
        if around: n, c = max(around, key=lambda x: len(x[1])); name = n + canon[len(c):]
        fresh_names.append((name, canon))
        order.append(canon)
    for name, canon in fresh_names:
        if is_taken(name, canon, new.roots[:settled] + [f for f in fresh_names if f != (name, canon)]): name = canon
        new.roots.append((name, canon))
        scopes.append(name)
    listing = Listing(dict(new.roots), new.follow)
    fresh_roots = [n for n, c in new.roots if c not in known]
    for name in scopes[:len(scopes) - len(fresh_names)]: listing.list_root(name)
    for what in order:
        if what not in parts:
            listing.list_root(next(n for n, c in new.roots if c == what))
            continue
        root, canon = parts[what]
        if os.path.isdir(canon):
            if not os.access(canon, os.R_OK): raise Refused("unreadable part")
            listing.walk(root, what, canon, canon, False)
        else: listing.take(root, what, canon)
    listing.follow_links()
    for name in listing.errors:
        if name in fresh_roots or replace: raise Refused("unreadable root")
    in_scope = lambda path, root: root in scopes or any(r == root and (path == p or path.startswith(p + "/")) for p, (r, _) in parts.items())
    now_roots = dict(new.roots)
    has = set(listing.root_of.values())
    had = {f[0] for f in model.files.values() if f[1]}
    vanished, kept, twins = [], [], []
    owner = {}
    for path, (root, *_) in model.files.items():
        if path in listing.files: continue
        if root not in now_roots: vanished.append(path)
        elif not in_scope(path, root): kept.append(path); owner[path] = root
        elif root in listing.errors or listing.hidden_from_view(path) or (root in scopes and root not in has and root in had and not replace):
            kept.append(path); owner[path] = root
        else: vanished.append(path)
    if adds:  # files that are there already, by links of roots that are not looked at
        place = lambda root, path: now_roots[root] + path[len(root.rstrip("/")):]
        at = {}
        for path, real in listing.files.items():
            old = model.files.get(path)
            if not old or old[2] != sign(real): at.setdefault(os.path.realpath(real), path)
        for path in list(kept):
            ino, size, *_ = model.files[path][2]
            if in_scope(path, owner[path]) or (size < 0 and not model.files[path][1]): continue  # or it never was read
            p = place(owner[path], path)
            real = os.path.realpath(p)
            twin = at.get(real)
            if not twin or os.stat(real).st_ino != ino: continue
            empty = not readable(real) and not (twin in model.files and model.files[twin][1])
            if empty and (twin in now_roots or twin in parts): continue  # refused below
            if place(listing.root_of[twin], twin) == real and p != real and not empty: kept.remove(path); twins.append(path)
            else:
                if twin in model.files: twins.append(twin)
                del listing.files[twin], at[real]
    moved = {signature(r) for p, r in listing.files.items() if p not in model.files}
    is_moved = lambda p: model.files[p][2][:3] in moved
    total = sum(f[1] for f in model.files.values())
    unreadable = [p for p, r in listing.files.items() if not readable(r)]
    if not replace:
        if not adds:
            for root, _ in model.roots:
                if root in now_roots: continue
                mine = [p for p, f in model.files.items() if f[0] == root and f[1]]
                if any(p in vanished and not is_moved(p) for p in mine): raise Refused("root")
        lost = sum(model.files[p][1] for p in vanished if not is_moved(p))
        if lost * 2 > total > 0: raise Refused("documents")
    else: lost = 0
    same = {p for p, r in listing.files.items() if p in model.files and model.files[p][2] == sign(r)}
    held = [p for p in unreadable if p in model.files and model.files[p][1] and p not in same]
    gone = set(vanished + twins)
    mixed = [p for p, f in model.files.items() if f[3] == "mixed" and f[1]]
    doubtful = not model.exact or any(p in gone or p in listing.files and p not in same and p not in held for p in mixed)
    there = bool(model.roots)
    anew, rereads = not there, there and not adds and (fresh or doubtful)
    if rereads:
        stays = [p for p in kept + held if model.files[p][1]]
        if not stays: anew = True
        elif replace and any(p in gone for p in mixed):
            anew = True
            gone |= set(stays)
    had_documents = lambda p: p in model.files and model.files[p][1] > 0
    new.exact = anew or not doubtful
    new.docs = {} if anew else dict(model.docs)
    def drop(path):  # documents with paths of their own stay until all is read anew
        for i in [i for i, d in new.docs.items() if d[1] == path]: del new.docs[i]
    for path in vanished + twins: drop(path)
    for path in kept:
        if not anew or path not in gone: new.files[path] = (owner[path],) + model.files[path][1:]
    read = {}
    for path, real in listing.files.items():
        root, old = listing.root_of[path], model.files.get(path)
        if path in same and not (anew or rereads): new.files[path] = (root,) + old[1:]; continue
        if path in unreadable:
            if (path in [n for n, _ in new.roots] or path in parts) and not (old and old[1]): raise Refused("unreadable file")
            if anew and path in same and old[1]: raise Refused("unreadable while all is read anew")
            new.files[path] = (root, old[1] if old and not anew else 0, (os.stat(real).st_ino, -1, -1), old[3] if old and not anew else "none")
            continue
        if old: drop(path)
        found, kind = documents_of(path, real)
        read[path] = found
        new.files[path] = (root, len(found), sign(real), kind if found else "none")
        if old and not replace: lost += max(0, old[1] - len(found))
    for path, found in read.items():
        for i, title, p in found:
            if i in new.docs: new.exact = False
            new.docs[i] = (title, p, listing.files[path] if p == path else p)
    at_hand = {p for p in new.files if in_scope(p, new.files[p][0])}
    new.figures = {"same": sum(p in same and p not in read and new.files[p][1] > 0 for p in at_hand),
                   "changed": sum(map(had_documents, read)), "vanished": sum(map(had_documents, gone)),
                   "new": sum(len(found) > 0 and not had_documents(p) for p, found in read.items()),
                   "kept": sum(new.files[p][1] > 0 and (p in kept or p in unreadable) for p in at_hand)}
    looked = [p for p in new.files if not adds or in_scope(p, new.files[p][0])]
    if sum(new.files[p][1] for p in looked) == 0: raise Refused("nothing")
    if not replace and lost * 2 > total > 0: raise Refused("documents, read")
    return new

# ---- the tree ----

def folders():
    found = []
    for top in TOP + [OUT]:
        for d, subs, _ in os.walk(top):
            if d != top and os.access(d, os.R_OK | os.W_OK | os.X_OK): found.append(d)
            subs[:] = [s for s in subs if not os.path.islink(d + "/" + s)]
    return found + [t for t in TOP + [OUT] if os.path.isdir(t) and os.access(t, os.R_OK | os.W_OK | os.X_OK)]

def files(dirs): return sorted(e.path for d in dirs for e in os.scandir(d) if e.is_file(follow_symlinks=False))

NAMES = ["a.txt", "b.txt", "c.md", "줄\n바꿈.txt", "x" * 240 + ".txt", "d.jsonl", "e.jsonl", "f"]

def content(path):
    if rng.random() < .05: return ""
    if not path.endswith(".jsonl"): return token() + "\n본문 %d" % rng.randrange(9)
    lines = []
    for _ in range(rng.randrange(1, 4)):
        t = token()
        d = {"title": t, "text": "본문"}
        if rng.random() < .5: d["id"] = "id-" + t
        if rng.random() < .03: d["path"] = "따로/" + t
        lines.append(json.dumps(d, ensure_ascii=False))
    return "\n".join(lines)

def write(path):
    try:
        with open(path, "w", encoding="utf-8") as f: f.write(content(path))
    except OSError: pass

def attempt(f, *a):
    try: f(*a)
    except OSError: pass

def change(dirs, all):
    """One change; some of the folders and files may be gone by now."""
    if not dirs: return
    what = rng.random()
    d = rng.choice(dirs)
    if what < .35: write(d + "/" + rng.choice(NAMES))
    elif what < .45 and all:  # other content, same size and time
        p = rng.choice(all)
        if p.endswith(".jsonl") or not os.access(p, os.R_OK | os.W_OK): return
        st, text = os.stat(p), open(p, encoding="utf-8").read()
        if not text: return
        t = token().encode()
        body = (t + b"\n" + b"x" * 400)[:max(st.st_size, len(t) + 2)]
        with open(p, "wb") as f: f.write(body)
        os.utime(p, ns=(st.st_atime_ns, st.st_mtime_ns))
    elif what < .52 and all: attempt(os.unlink, rng.choice(all))
    elif what < .60 and all:
        p = rng.choice(all)
        q = d + "/" + rng.choice([n for n in NAMES if n.endswith(".jsonl") == p.endswith(".jsonl")])
        if not os.path.isdir(q): attempt(os.rename, p, q)
    elif what < .68: attempt(os.mkdir, d + "/" + rng.choice(["s1", "s2", "깊이"]))
    elif what < .73 and d not in TOP + [OUT]:
        if rng.random() < .5: shutil.rmtree(d, ignore_errors=True)
        else:
            e = rng.choice(dirs)
            if not (e + "/").startswith(d + "/"): attempt(os.rename, d, e + "/s%d" % rng.randrange(3))
    elif what < .81:
        target = rng.choice((all or ["nowhere"]) + dirs + ["nowhere", d])
        attempt(os.symlink, os.path.relpath(target, d) if rng.random() < .5 and d.count("/") < 10 else os.path.abspath(target),
                d + "/l%d%s" % (rng.randrange(3), ".jsonl" if target.endswith("jsonl") else "" if target in dirs else ".txt"))
    elif what < .84 and all:
        p = rng.choice(all)
        attempt(os.link, p, d + ("/h.jsonl" if p.endswith(".jsonl") else "/h.txt"))
    elif what < .90 and all:
        p = rng.choice(all)
        attempt(os.utime, p, (rng.choice([0, 1e9, time.time(), time.time() + 1e7]),) * 2)
    elif what < .95:
        p = rng.choice(all + dirs)
        if p not in [OUT]: attempt(os.chmod, p, 0o000)
    elif what < .97:
        t = rng.choice(TOP)  # a drive that comes and goes
        attempt(os.rename, t, t + ".away")
        if rng.random() < .5: attempt(os.mkdir, t)
    elif what < .98: attempt(os.mkfifo, d + "/fifo.txt")
    else: attempt(os.unlink, d + "/l%d" % rng.randrange(3))

def open_up(path):
    st = os.lstat(path)
    if not stat.S_ISLNK(st.st_mode) and st.st_mode & 0o444 != 0o444: attempt(os.chmod, path, 0o777 if stat.S_ISDIR(st.st_mode) else 0o666)

def mend():
    """What was made unreadable or taken away comes back."""
    for t in TOP:
        if os.path.isdir(t + ".away"):
            if os.path.isdir(t): attempt(os.rmdir, t)
            if not os.path.exists(t): os.rename(t + ".away", t)
    for t in TOP + [OUT]:
        if os.path.isdir(t): open_up(t)
        for d, subs, names in os.walk(t):
            for n in subs + names: open_up(d + "/" + n)

# ---- the programs ----

def run(program, *args, cwd=None):
    env = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": work}
    if program == "frai-search": env["ASAN_OPTIONS"] = "detect_leaks=0"  # which takes longer than searching
    p = subprocess.run([bindir + "/" + program, *args], capture_output=True, cwd=cwd, timeout=60, env=env)
    return p.returncode, p.stdout, p.stderr.decode("utf-8", "replace")

def in_index(index):
    code, out, err = run("frai-search", "-i", index, "--json", "-n", "0", "--no-snippet", "*")
    if code > 1: raise SystemExit("frai-search: %d %s" % (code, err))
    hits = [h for h in map(json.loads, out.decode("utf-8").splitlines()) if "id" in h]
    found = {h["id"]: (h["title"], os.path.realpath(h["path"]) if os.path.exists(h["path"]) else None) for h in hits}
    if len(found) != len(hits): raise SystemExit("an id that came twice (FRAI_SEED=%d)" % seed)
    return found

def spell(path, cwd):
    real = os.path.abspath(path)
    way = rng.randrange(5)
    if way == 0: return real
    rel = os.path.relpath(real, os.path.abspath(cwd))
    if way == 1: return "./" + rel
    if way == 2 and os.path.isdir(real): return rel + "/"
    if way == 3:
        link = os.path.abspath("way-%d" % TOP.index(path.split("/")[0]))
        if os.path.islink(link): return link + real[len(os.path.abspath(path.split("/")[0])):]
    return rel

def candidates():
    c = list(TOP)
    for t in TOP: c += [t + "/s1", t + "/a.txt"]
    return c

def fail(why, command, err=""):
    raise SystemExit("change %d: %s\ncommand: %s\n%s\n(FRAI_SEED=%d)" % (made, why, command, err, seed))

def compare(model, command, err):
    found = in_index(INDEX) if os.path.exists(INDEX) else {}
    wanted = {i: (title, os.path.realpath(real)) for i, (title, _, real) in model.docs.items()}
    wanted = {i: w if found.get(i, w)[1] else (w[0], None) for i, w in wanted.items()}  # of what is away, the stored path is printed
    if found == wanted: return
    more = {k: v for k, v in found.items() if wanted.get(k) != v}
    less = {k: v for k, v in wanted.items() if found.get(k) != v}
    fail("other documents: has %r, should have %r" % (dict(sorted(more.items())[:8]), dict(sorted(less.items())[:8])), command, err)

def delete(model):
    gone = rng.sample(sorted(model.docs), min(2, len(model.docs)))
    code, _, err = run("frai-index", "-i", INDEX, "delete", *gone)
    if code: fail("delete: %d" % code, gone, err)
    for i in gone: del model.docs[i]
    compare(model, ["delete"] + gone, err)

def state_of_index():
    return sorted((e.name, e.stat().st_mtime_ns) for e in os.scandir(INDEX) if e.name != "lock") if os.path.exists(INDEX) else []

def build(model):
    """The model after a random command."""
    adds, fresh, replace, follow = rng.random() < .3, rng.random() < .08, rng.random() < .2, rng.random() < .08
    cwd = rng.choice([".", TOP[0]])
    if not os.access(cwd, os.R_OK | os.X_OK): cwd = "."
    names = rng.sample(candidates(), rng.choice([1, 1, 2, 3]))
    if model.roots and rng.random() < .5: names = [os.path.relpath(c, work) for _, c in model.roots]
    if adds: replace = fresh = False
    if model.roots and not adds and not replace and rng.random() < .3: names = []
    given = [(spell(n, cwd), os.path.abspath(n)) for n in names]
    command = ["add" if adds else "build"] + [s for s, _ in given] + ["--fresh"] * fresh + ["--replace"] * replace + ["--follow"] * follow
    try: expected, why = predict(model, given, adds, fresh, replace, follow), ""
    except Refused as r: expected, why = None, str(r)
    before = state_of_index()
    code, out, err = run("frai-index", *command, "--json", "-o", os.path.abspath(INDEX), cwd=cwd)
    if expected is None:
        counts["refused"] += 1
        if code != 2: fail("was to be refused (%s): %d" % (why, code), command, err)
        if state_of_index() != before: fail("was refused, and the index is another", command, err)
        return model
    else:
        counts["done"] += 1
        if code: fail("exit code %d" % code, command, err)
        figures = json.loads(out)["files"]
        wrong = {k: (figures[k], v) for k, v in expected.figures.items() if figures[k] != v}
        if wrong: fail("other figures (told, right): %r" % wrong, command, err)
    compare(expected, command, err)
    return expected

made, counts = 0, {"done": 0, "refused": 0, "deleted from": 0}
try:
    for t in TOP + [OUT]: os.mkdir(t)
    for n, t in enumerate(TOP): os.symlink(os.path.abspath(t), "way-%d" % n)
    for n in range(12): write(rng.choice(TOP) + "/" + rng.choice(NAMES))
    model = Model()
    while made < steps:
        for n in range(rng.randrange(1, 6) if rng.random() < .7 else rng.randrange(5, 60)):
            if n % 5 == 0:
                dirs = sorted(folders())
                known = files(dirs)
            change(dirs, known)
            made += 1
        if rng.random() < .3: mend()
        if model.docs and rng.random() < .12:
            counts["deleted from"] += 1
            delete(model)
        else: model = build(model)
    print("%d changes to trees tried, %d builds, %d refused as they have to be, %d deletes; differences 0" %
          (made, counts["done"] + counts["refused"], counts["refused"], counts["deleted from"]))
    if counts["done"] < counts["refused"] / 2: sys.exit("hardly any build was done")
finally:
    os.chdir("/")
    if os.environ.get("FRAI_KEEP") == "1" and sys.exc_info()[0]: print("the tree is in", work)
    else:
        subprocess.run(["chmod", "-R", "u+rwx", place], capture_output=True)
        shutil.rmtree(place, ignore_errors=True)
    if bindir != os.path.abspath(sys.argv[1]): shutil.rmtree(bindir, ignore_errors=True)
