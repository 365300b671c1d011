"""JSON lines, arrays and rows of objects, random and torn, against Python's json: the same documents, and a complaint for each
line or element that is none. usage: json_oracle.py BINDIR. Prints its seed."""
import json, os, random, subprocess, sys, tempfile

bin = os.path.abspath(sys.argv[1])
seed = int(os.environ.get("FRAI_SEED", "20250214"))
rounds = 20000 if os.environ.get("FRAI_FULL") == "1" else 1500
rng = random.Random(seed)
print("FRAI_SEED=%d" % seed)
KEYS = ["id", "title", "text", "body", "x", "other", "", "제목", "i\u0000d", "url"]

class Wrong(Exception): pass
def refuse(_): raise Wrong

def string():
    parts = ["가", "투자", "a", " ", "\n", "\t", "\"", "\\", "\u0000", "\ud83d\ude00", "\ud83d", "\ude00", "/", "é", "{", "}", "[", "]", ",", ":", "\u2028"]
    return "".join(rng.choice(parts) for _ in range(rng.randrange(0, 8)))

def value(depth=0):
    kind = rng.randrange(12)
    if kind < 6: return string()
    if kind == 6: return rng.choice([0, -1, 12345678901234567890123, 7])
    if kind == 7: return rng.choice([1.5, -2e30, 1e-7])
    if kind == 8: return rng.choice([True, False, None])
    if depth > 3: return "deep"
    if kind < 11: return [value(depth + 1) for _ in range(rng.randrange(4))]
    return {rng.choice(KEYS): value(depth + 1) for _ in range(rng.randrange(3))}

def dump_object(indent=None):
    o = {rng.choice(KEYS): value() for _ in range(rng.randrange(5))}
    text = json.dumps(o, ensure_ascii=rng.random() < 0.5, indent=indent)
    # A lone surrogate can only be written as an escape.
    text = "".join("\\u%04x" % ord(c) if 0xD800 <= ord(c) < 0xE000 else c for c in text)
    if rng.random() < 0.2: text = text.replace('"id"', '"\\u0069d"')
    if rng.random() < 0.2 and text.startswith("{\"") and indent is None: text = '{"text":"first of two",' + text[1:]
    return text

def tear(text):
    for _ in range(rng.randrange(1, 3)):
        at = rng.randrange(len(text) + 1)
        what = rng.choice(['', '"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\n', '1', 'e', '\\u', 'NaN', 'x', "'", '\t', '{"text":"new"}'])
        text = text[:at] + what + text[at + rng.randrange(3):]
    return text

def halves(s): return "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in s)

def parts(v):
    if isinstance(v, Number): return [str(v)]
    if isinstance(v, bool): return ["true" if v else "false"]
    if v is None: return []
    if isinstance(v, str): return [halves(v)]
    if isinstance(v, list): return [p for e in v for p in parts(e)]
    return [p for _, e in v.pairs for p in parts(e)]

class Number(str): pass
class Object:
    def __init__(self, pairs): self.pairs = pairs
decoder = json.JSONDecoder(object_pairs_hook=Object, parse_int=Number, parse_float=Number, parse_constant=refuse)

def field(o, key, between):
    found = [v for k, v in o.pairs if k == key]
    return between.join(p for p in parts(found[-1]) if p) if found else ""

def document(o, number):
    body = field(o, "text", "\n") or field(o, "body", "\n")
    return (field(o, "id", ", ") or "file#%d" % number, field(o, "title", ", "), body, field(o, "x", ", "))

def halves_of(v):
    """Halves of surrogate pairs in all strings and keys."""
    if isinstance(v, Object): return sum(halves_of(k) + halves_of(e) for k, e in v.pairs)
    if isinstance(v, list): return sum(map(halves_of, v))
    return sum(0xD800 <= ord(c) < 0xE000 for c in v) if isinstance(v, str) else 0

def objects_of(line):
    """All objects of a line, each with a comma behind it or none, or Wrong."""
    found, at, comma = [], 0, False
    while True:
        while at < len(line) and line[at] in " \t\r\n": at += 1
        if at == len(line): return found
        if comma and line[at] == ",":
            at, comma = at + 1, False
            continue
        try: v, at = decoder.raw_decode(line, at)
        except (ValueError, RecursionError): raise Wrong
        comma = True
        for o in v if isinstance(v, list) else [v]:
            if not isinstance(o, Object): raise Wrong
            found.append(o)

def over_lines(text):
    """The end of a line with objects on it that go over lines, and its objects; or 0."""
    at, found, over, comma = 0, [], False, False
    while True:
        while at < len(text) and text[at] in " \t\r": at += 1
        if at == len(text) or text[at] == "\n": return (at, found) if over else (0, [])
        if comma and text[at] == ",":
            at, comma = at + 1, False
            continue
        try: v, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError, Wrong): return 0, []
        objects = v if isinstance(v, list) else [v]
        if not all(isinstance(o, Object) for o in objects): return 0, []
        line_end = text.find("\n", at, end)
        if line_end >= 0:
            if isinstance(v, list) or text[line_end + 1] == "{": return 0, []
            over = True
        found += objects
        at, comma = end, True

def lines_of(text):
    expected, wrong = [], 0
    while text:
        end, objects = over_lines(text)
        if end:
            expected += objects
            text = text[end + 1:]
            continue
        line, _, text = text.partition("\n")
        try: expected += objects_of(line)
        except Wrong: wrong += 1
    return expected, wrong

def lines_case():
    lines = ['{"id":"first","text":"whole"}']
    for _ in range(rng.randrange(6)):
        n = rng.random()
        line = dump_object()
        if n < 0.15: line += rng.choice(["", " ", ",", ", "]) + dump_object()
        elif n < 0.25: line = "[" + ",".join(dump_object() for _ in range(rng.randrange(3))) + "]"
        if rng.random() < 0.4: line = tear(line)
        lines.append(line + rng.choice(["", "\r", "  ", ",", " ,\r"]))
    text = "\n".join(lines) + rng.choice(["", "\n", "\n\n"])
    return (text,) + lines_of(text)

def array_case():
    expected = [dump_object(rng.choice([None, None, 2])) for _ in range(rng.randrange(1, 5))]
    text = "[" + rng.choice(["", "\n", "\n  "]) + rng.choice([",", ",\n", " , "]).join(expected) + "\n]\n"
    return text, [o for e in expected for o in objects_of(e)], 0

def row_case():
    expected = [dump_object(rng.choice([0, 2, "\t"])) for _ in range(rng.randrange(1, 5))]
    return rng.choice(["\n", " ", "", "\n\n", ",\n", ","]).join(expected) + rng.choice(["", ","]), [o for e in expected for o in objects_of(e)], 0

def hex_of(s): return s.encode("utf-8").hex() if s else "-"

done = wrong_lines = 0
with tempfile.TemporaryDirectory() as work:
    while done < rounds:
        cases = [rng.choice([lines_case, lines_case, lines_case, array_case, row_case])() for _ in range(100)]
        names = []
        for i, (text, _, _) in enumerate(cases):
            names.append("%s/%d.jsonl" % (work, i))
            encoding = rng.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16"])
            with open(names[-1], "wb") as f: f.write(text.encode(encoding))
        for program in ("show_documents", "show_documents_small"):
            p = subprocess.run([bin + "/" + program, "json"] + names, capture_output=True, text=True)
            if p.returncode: sys.exit("%s: exit %d\n%s" % (program, p.returncode, p.stderr[-3000:]))
            got = p.stdout.split("\n")
            at = 0
            for name, (text, expected, wrong) in zip(names, cases):
                _, count, skipped, broken = got[at].split(" ")
                want = [" ".join(hex_of(x) for x in document(o, n)) for n, o in enumerate(expected)]
                have = got[at + 1:at + 1 + int(count)]
                at += 1 + int(count)
                half = sum(map(halves_of, expected))
                if have != want or int(skipped) != wrong + (wrong == 0 and not want) or int(broken) != half:
                    sys.exit("%s\n--- file:\n%s\n--- wanted, %d wrong, %d halves:\n%s\n--- got, %s skipped, %s broken:\n%s" %
                             (program, text, wrong, half, [bytes.fromhex(x.replace("-", "")).decode() for w in want for x in w.split()],
                              skipped, broken, [bytes.fromhex(x.replace("-", "")).decode() for h in have for x in h.split()]))
        done += len(cases)
        wrong_lines += sum(c[2] for c in cases)
print("%d files tried, %d torn lines told" % (done, wrong_lines))
