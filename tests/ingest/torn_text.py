"""Korean text in each encoding with bytes broken, lost or put in at random: what is broken is what was hit, and no more.
usage: torn_text.py BINDIR. Prints its seed."""
import difflib, os, random, subprocess, sys, tempfile

bin = os.path.abspath(sys.argv[1])
seed = int(os.environ.get("FRAI_SEED", "20250215"))
rounds = 20000 if os.environ.get("FRAI_FULL") == "1" else 1200
rng = random.Random(seed)
print("FRAI_SEED=%d" % seed)
WORDS = "늦은 봄비가 서울에 내렸다. 미스트랄은 투자를 유치했고 KAIST 2025년 5월 '라 프렌치 테크' (파리=가온경제) 똠방각하 펲시콜라 佛 ① ㎏".split()

def text(latin=True):
    words = [w for w in WORDS if latin or not w.isascii()]
    lines = [" ".join(rng.choice(words) for _ in range(rng.randrange(3, 12))) for _ in range(rng.randrange(4, 20))]
    return "\n".join(lines) + "\n"

def tear(data, hits, how, least):
    data = bytearray(data)
    spots = sorted(rng.sample(range(least, len(data) - 1, 24), min(hits, len(range(least, len(data) - 1, 24)))), reverse=True)
    for at in spots:
        at += rng.randrange(0, 8)
        if at >= len(data): continue
        if how == "lost": del data[at]
        elif how == "put": data.insert(at, rng.randrange(256))
        else: data[at] = rng.choice([b for b in range(256) if b != data[at]])
    return bytes(data), len(spots)

def lost(before, after):
    """Words of `before` that are not in `after`."""
    a, b = before.split(), after.split()
    return len(a) - sum(m.size for m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())

def read(cases, work):
    names = []
    for i, data in enumerate(cases):
        names.append("%s/%d.csv" % (work, i))
        with open(names[-1], "wb") as f: f.write(data)
    p = subprocess.run([bin + "/show_documents", "txt"] + names, capture_output=True, text=True)
    if p.returncode: sys.exit("exit %d\n%s" % (p.returncode, p.stderr[-3000:]))
    lines, at, out = p.stdout.split("\n"), 0, []
    for name in names:
        _, count, _, broken = lines[at].split(" ")
        title_and_body = "".join(lines[at + 1].split(" ")[1:3]).replace("-", "") if count == "1" else ""
        out.append((bytes.fromhex(title_and_body).decode("utf-8"), int(broken)))
        at += 1 + int(count)
    return out

worst = {}
with tempfile.TemporaryDirectory() as work:
    for _ in range(rounds // 100):
        cases, wanted = [], []
        for _ in range(100):
            encoding = rng.choice(["utf-8", "cp949", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
            how = rng.choice(["changed", "lost", "put"]) if encoding in ("utf-8", "cp949") else \
                "changed" if encoding.startswith("utf-32") else rng.choice(["changed", "changed", "lost"])
            whole = text()
            most_hits = 1 if how == "lost" and encoding.endswith("e") else 4  # too little to know UTF-16 by without its mark
            data, hits = tear(whole.encode(encoding), rng.randrange(0, most_hits + 1), how, 8)
            cases.append(data)
            wanted.append((encoding, how, whole, hits))
        for data, (encoding, how, whole, hits), (body, broken) in zip(cases, wanted, read(cases, work)):
            gone = lost(whole, body)
            beat = encoding.startswith("utf-16") and how != "changed"
            # A beat that is lost is found again a few characters later; a byte put in may part the halves of a character.
            most, most_gone = (4 * hits, 8 * hits) if beat else (2 * hits if how == "put" else hits, 2 * hits)
            key = (encoding, how)
            worst[key] = max(worst.get(key, 0), (gone / hits) if hits else 0)
            if broken != body.count("\ufffd") or broken > most or gone > most_gone or (hits == 0 and body != whole):
                sys.exit("%s %s: %d hits, %d broken, %d gone\n--- %r\n--- wanted\n%s\n--- got\n%s" % (encoding, how, hits, broken, gone, data, whole, body))
    # Lines of two encodings in one file, a torn end, padding, and what is neither.
    ko = "늦은 봄비가 내리는 서울\n미스트랄이 투자를 유치했다\n"
    for data, expected in [
            (ko.encode() + ko.encode("cp949"), ko + ko), (ko.encode("cp949") * 3 + ko.encode(), ko * 4),
            (ko.encode()[:-2], None), (ko.encode("cp949")[:-2], None), (ko.encode("utf-16")[:-1], None),
            (ko.encode() + bytes(5000), ko), (ko.encode("cp949") + bytes(5000), ko), (ko.encode("utf-16") + bytes(5000), ko),
            (ko.encode("utf-16") + bytes(5001), ko), (ko.encode("utf-32") + bytes(5001), ko), (ko.encode("utf-32-be") + bytes(5000), ko),
            (ko.encode("utf-32")[:-1], None), ("말".encode("utf-32"), "말"), ("😀 웃음".encode("utf-32-le"), "😀 웃음"),
            ("한글".encode("cp949"), "한글"), (b"\xb0\xa1", "가"),
            ("０１２３４５６７８９".encode("cp949"), "０１２３４５６７８９"), ("─" * 40 + "\n", None)]:
        if isinstance(data, str): data, expected = data.encode("cp949"), data
        body, broken = read([data], work)[0]
        if expected is not None: assert (body, broken) == (expected, 0), (data, body)
        else: assert broken == 1 and body[:-1] == ko[:len(body) - 1], (data, body)
    # Latin-1 is no Korean: its letters are unreadable, the words around them are not.
    body, broken = read(["Le café est à côté, déjà vu; naïve façade\n".encode("latin-1")], work)[0]
    assert broken == 8 and body.startswith("Le caf\ufffd est \ufffd c\ufffdt\ufffd, d\ufffdj\ufffd vu"), body
print("%d files tried; words lost to a broken byte, at most: %s" % (rounds, ", ".join("%s %s %.1f" % (k + (v,)) for k, v in sorted(worst.items()))))
