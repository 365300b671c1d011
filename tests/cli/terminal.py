"""Names and text drawn at random, hostile ones among them, at terminals of several widths and in both languages: no control
but the palette's own colours reaches the terminal, no line of a hit is wider than it, JSON can be parsed, and paths can be
opened. FRAI_SEED repeats a run. usage: terminal.py BINDIR"""
import array, fcntl, json, os, pty, random, re, struct, subprocess, sys, tempfile, termios, threading, time, unicodedata, urllib.parse

bindir = os.path.abspath(sys.argv[1])
seed = int(os.environ.get("FRAI_SEED") or random.randrange(1 << 32))
rounds = 200 if os.environ.get("FRAI_FULL") == "1" else 4
rnd = random.Random(seed)
print("seed", seed)
HOSTILE = [b"\x1b[2J", b"\x1b]0;title\x07", b"\x9b31m", b"\xc2\x9b31m", b"\x08" * 3, b"\x7f", b"\r", b"\t", b"\xe2\x80\xae", b"\xe2\x81\xa6",
           b"\xe2\x80\x8f", b"\xd8\x9c", b"\xe2\x80\xa8", b"\xe2\x80\xa9", b"\xf3\xa0\x81\xa7", b"\xf0\x9f", b"\xed\xa0\x80", b"\xff\xfe", b"\xc0\xaf",
           b"\xf4\x90\x80\x80", b"\x0e", b"\x1bP+q\x1b\\", b"\xef\xbf\xbe", b"\x85", b"\x90", b"\xe3\x85"]
PLAIN = ["투자", "가", "각" * 30, " ", " ", "\u1100\u1161\u11a8", "e\u0301\u0327", "👨‍👩‍👧‍👦", "❤️", "🇰🇷", "漢字", "ab", "x" * 100, "…", "\u200b", "\u3000", "0",
         ".", "a\u0300" + "\u0301" * 40, "\u115f", "ｱｶﾞ", "①"]
FORBIDDEN = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")

def piece(n, lines):
    parts = [rnd.choice(HOSTILE) if rnd.random() < .3 else rnd.choice(PLAIN).encode() for _ in range(rnd.randrange(1, n))]
    if lines: parts = [b"\n" if rnd.random() < .1 else p for p in parts]
    return b"".join(parts)

def width(line):
    return sum(0 if unicodedata.category(c) in ("Mn", "Me", "Cf") or "\u1160" <= c <= "\u11ff" else
               2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)

def run(args, language, columns=None, cwd=None, merged=False):
    """Standard output by a terminal of so many columns, or a pipe; errors by a pipe, or merged with it."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("FRAI_", "LC_", "LANG", "NO_COLOR"))}
    env.update(LC_ALL=language, TERM="xterm", HOME="/nonexistent")
    if not columns:
        p = subprocess.run(args, capture_output=True, env=env, cwd=cwd)
        return p.returncode, p.stdout, p.stderr
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    p = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave if merged else subprocess.PIPE, env=env, cwd=cwd)
    os.close(slave)
    errors = []
    reader = threading.Thread(target=lambda: errors.append(b"" if merged else p.stderr.read()))
    reader.start()
    out = b""
    try:
        while True:
            part = os.read(master, 1 << 16)
            if not part: break
            out += part
    except OSError: pass
    os.close(master)
    reader.join()
    return p.wait(), out, errors[0]

def check(what, out, columns=None):
    text = out.decode("utf-8").replace("\r\n", "\n")
    text = re.sub("\x1b\\[(1;31|32|2|1|0)m", "", text)
    found = FORBIDDEN.search(text)
    assert not found, (what, ascii(text[max(0, found.start() - 60):found.start() + 20]))
    for line in text.split("\n"):
        assert not columns or width(line) <= columns, (what, columns, width(line), line)
    return text

def make(work):
    names = []
    for i in range(rnd.randrange(3, 12)):
        name = b"f" + re.sub(b"[/\0]", b"_", piece(8, False))[:180] + b"%d.txt" % i
        with open(os.path.join(os.fsencode(work), b"notes", name), "wb") as f:
            f.write("가나다 ".encode() + piece(6, False) + "\n투자 ".encode() + piece(60, True) + b"\n" + "가나다라마바사\n".encode() * 20)
        names.append(name)
    with open(os.path.join(work, "notes", "lines.jsonl"), "w") as f:
        for i in range(5):
            line = {k: piece(8, k in ("text", "title")).decode("utf-8", "replace") for k in ("id", "title", "text", "source", "url", "date")}
            line["id"] += str(i)
            line["text"] += " 투자\0끝"
            if i % 2: del line["id"]
            f.write(json.dumps(line, ensure_ascii=bool(i % 2)) + "\n")
    return names

search, index = os.path.join(bindir, "frai-search"), os.path.join(bindir, "frai-index")
shown = 0
for r in range(rounds):
    with tempfile.TemporaryDirectory() as work:
        os.makedirs(work + "/notes")
        os.makedirs(work + "/a/b")
        names = make(work)
        with open(work + "/empty\x1b[2J\u202e.txt", "w") as f: pass
        code, out, err = run([index, "build", "notes", "empty\x1b[2J\u202e.txt"], "C.UTF-8", 80, work)
        assert code == 0, err
        check("build", out), check("build", err)
        for what in (["dump", "docs"], ["dump", "terms"], ["dump", "postings"], ["check"], ["stats"], ["tokens", "투자 \x1b[2J \u202eab"],
                     ["build", "no\x1b[2J"], ["fly\x1b[2J"], ["stats", "--js\x1b[2Jn"], ["stats", "-i", "x\x1b[2J"], ["delete", "--dry-run", "--query", "투자"],
                     ["delete", "x\x1b[2J"], ["backup", "/no\x1b[2J/x"], ["restore", "no\x1b[2J"]):
            code, out, err = run([index, *what], rnd.choice(["C.UTF-8", "ko_KR.UTF-8"]), 80, work)
            check(what, out.replace(b"\t", b"")), check(what, err)
        hostile = piece(6, False).replace(b"\0", b"")
        for columns in (20, 40, 80, 200):
            for language in "ko_KR.UTF-8", "C.UTF-8":
                for args in (["투자"], ["-n", "0", "--snippet", "300", "투자"], ["--explain", "투자 가"], ["--full", "투자"], ["투자", b"--", hostile],
                             ["--json", "투자"], ["-l", "투자"], ["--tsv", "투자"], ["-c", "투자"], ["없는말이다"], ["-i", b"no" + hostile, "투자"],
                             ["--color", b"x" + hostile, "투자"], ["--queries", b"no" + hostile], ["--why", b"x" + hostile, "투자"]):
                    code, out, err = run([search, *args], language, columns, rnd.choice([work, work + "/a/b", work + "/notes"]))
                    wide = args[0] in ("--json", "-l", "--tsv")
                    text = check(args, out.replace(b"\t", b" ") if args[0] == "--tsv" else out, None if wide else columns)
                    check(args, err)
                    assert code in (0, 1, 2), (args, code)
                    shown += len(text)
                for args in (["-n", "2", "투자"], ["없는말이다 " * 9], ["투자 AND title:가 없는말이다"], ["--offset", "99999", "투자"], ["fronce"]):
                    check(args, run([search, *args], language, columns, work, merged=True)[1], columns)
        for where in work, work + "/a/b", work + "/notes":
            code, out, err = run([search, "-l", "-0", "투자"], "C.UTF-8", None, where)
            paths = out.split(b"\0")[:-1]
            assert len(paths) == len(set(paths)) == len(names) + 1, (paths, names)
            for p in paths: assert os.path.isfile(os.path.join(os.fsencode(where), p)), (where, p)
            code, out, err = run([search, "--json", "-n", "0", "투자"], "C.UTF-8", None, where)
            hits = [json.loads(line) for line in out.decode("utf-8").splitlines()]
            assert len(hits) == len(names) + 6, (len(hits), len(names))
            for h in hits[:-1]:
                path = urllib.parse.unquote_to_bytes(h["path_bytes"]) if "path_bytes" in h else h["path"].encode()
                assert path in paths, (path, paths)

# A lock's text is another's, too.
with tempfile.TemporaryDirectory() as work:
    with open(work + "/a.txt", "w") as f: f.write("제목\n투자\n")
    assert run([index, "build", "a.txt"], "C.UTF-8", None, work)[0] == 0
    with open(work + "/.frai/lock", "r+b") as lock:
        lock.write(b"\x1b[2J\xe2\x80\xae7\n")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, out, err = run([index, "add", "a.txt"], "C.UTF-8", None, work)
        assert code == 4, (code, err)
        check("lock", err)

# A document that is one line without end, a title of many bytes and a source of many: a hit stays small.
with tempfile.TemporaryDirectory() as work:
    with open(work + "/line.txt", "w") as f: f.write("투자 " + "가나다라마바사 " * 2000000)
    with open(work + "/wide.jsonl", "w") as f: f.write(json.dumps({k: "투자 " + k * 3000000 for k in ("title", "source", "date")}) + "\n")
    assert run([index, "build", "line.txt", "wide.jsonl"], "C.UTF-8", None, work)[0] == 0
    for args in (["투자"], ["--json", "투자"], ["--tsv", "투자"]):
        for columns in None, 80:
            code, out, err = run([search, *args], "C.UTF-8", columns, work)
            assert code == 0 and len(out) < 50000, (args, len(out))

# The time is what was waited for: until the last byte went out.
with tempfile.TemporaryDirectory() as work:
    with open(work + "/many.jsonl", "w") as f:
        for i in range(1500): f.write(json.dumps({"title": "투자 %d" % i, "text": "투자 유치 " + "가나다 " * 40}) + "\n")
    assert run([index, "build", "many.jsonl"], "C.UTF-8", None, work)[0] == 0
    env = dict(os.environ, LC_ALL="C.UTF-8", FRAI_INDEX=work + "/.frai", HOME="/nonexistent")
    p = subprocess.Popen([search, "--json", "--timing", "-n", "0", "투자"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    room = fcntl.fcntl(p.stdout, 1032)  # F_GETPIPE_SZ
    waiting = array.array("i", [0])
    while waiting[0] < room - 8192 and p.poll() is None:
        time.sleep(.005)
        fcntl.ioctl(p.stdout, termios.FIONREAD, waiting)
    time.sleep(.3)
    out, err = p.communicate()
    ms = json.loads(out.splitlines()[-1])["ms"]
    assert ms >= 290, ms
    assert float(err.split()[0]) >= 290, err
print("%d rounds, %d characters on terminals" % (rounds, shown))
