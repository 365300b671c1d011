"""Sets of queries with what is relevant to them, made from CORPORA: {name: (file of documents, [(query, relevant ids)])}.

  korquad      questions to paragraphs of an encyclopedia, asked with the paragraph before one's eyes
  tydi         questions asked without seeing the text; tydi-t: with the pages' titles in the index
  qpair        chat questions to others that people said mean the same
  para         spoken questions and commands to their nine paraphrases
  titles       titles of technical documents to their bodies, the title's line removed; titles-kept: others of the same collection
  headings     headings of their sections to what stands below; questions: those of them that ask
  leads        first sentences of paragraphs of an encyclopedia to the rest, as a headline to its article
  spans        two to four words of a document, to that document, among 140,000 reviews and passages

Weights are fitted on every other query, the first one on; the others are kept apart, and so are titles-kept and spans.
"""
import json, random, re, subprocess, sys

# Sets that share documents or queries: who is judged by one has seen none of them.
KINDS = [("korquad",), ("tydi", "tydi-t"), ("qpair",), ("para",), ("titles", "headings", "questions"), ("leads",)]
FITTED = [name for kind in KINDS for name in kind]

def fitted(rows): return rows[::2]
def kept(rows): return rows[1::2]

def json_lines(path):
    if not path.endswith(".zst"):
        yield from map(json.loads, open(path, encoding="utf-8"))
        return
    p = subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE, text=True, encoding="utf-8")
    yield from map(json.loads, p.stdout)
    if p.wait(): sys.exit("cannot unpack " + path)

def write(path, documents):
    with open(path, "w", encoding="utf-8") as f:
        for id, title, text in documents: f.write(json.dumps({"id": id, "title": title, "text": text}, ensure_ascii=False) + "\n")
    return path

def judged(path):
    rows = [l.rstrip("\n").split("\t") for l in open(path, encoding="utf-8")]
    return [(r[1], r[2].split(",")) for r in rows]

def count(values):
    seen = {}
    for v in values: seen[v] = seen.get(v, 0) + 1
    return seen

def without_title(text, title):
    lines = text.split("\n")
    return "\n".join(l for i, l in enumerate(lines) if not (i < 6 and l.strip().lstrip("#").strip() == title.strip()))

def titles(docs, tmp):
    path = write(tmp + "/titles.jsonl", [(d["id"], "", without_title(d["text"], d["title"])) for d in docs])
    seen = count(d["title"] for d in docs)
    picked = random.Random(7).sample([d for d in docs if seen[d["title"]] == 1 and len(d["title"]) > 1], 4000)
    rows = [(" ".join(d["title"].split()), [d["id"]]) for d in picked]
    return (path, rows[:2000]), (path, rows[2000:])

def sections(doc):
    """(heading, text below)"""
    heading, below = None, []
    for line in doc["text"].split("\n") + ["## "]:
        m = re.match(r"#{2,5} (.*)", line)
        if not m or len(line) >= 200: below.append(line); continue
        if heading and len("".join(below)) > 80: yield heading, "\n".join(below)
        heading, below = m.group(1).strip(), []

def plain(heading):
    return re.sub(r"\s+", " ", re.sub(r"[`*_<>]|\{#.*?\}|\[|\]\(.*?\)|\]", "", heading)).strip()

def headings(docs, tmp):
    all = [s for d in docs for s in sections(d)]
    seen, r = count(h for h, _ in all), random.Random(3)
    once = [s for s in all if seen[s[0]] == 1]
    ask = [s for s in once if re.search(r"(\?|까|까요|나요|인가요|는가)\??$", s[0])]
    asking = set(ask)
    tell = r.sample([s for s in once if s not in asking and len(re.findall("[가-힣]+", s[0])) >= 3], 1000)
    ids = {}
    for _, text in ask + tell + r.sample(all, 6000): ids.setdefault(text, "s%d" % len(ids))
    path = write(tmp + "/sections.jsonl", [(id, "", text) for text, id in ids.items()])
    return tuple((path, [(plain(h), [ids[t]]) for h, t in part if not plain(h).startswith("-")]) for part in (tell, ask))

def leads(docs, tmp):
    rows, rest = [], []
    for d in docs:
        m = re.match(r"(.{20,160}?[다요]\.)\s+(.{60,})", d["text"], re.S)
        rest.append((d["id"], "", m.group(2) if m else d["text"]))
        if m: rows.append((re.sub(r"\s+", " ", m.group(1)), [d["id"]]))
    return write(tmp + "/leads.jsonl", rest), rows

def passages(doc, size=700):
    """Cuts a long document at headings and every `size` characters."""
    part, n, now = [], 0, 0
    for line in doc["text"].split("\n"):
        if part and (line.startswith("#") or now + len(line) > size) and now > 120:
            yield {"id": "%s#%d" % (doc["id"], n), "text": "\n".join(part)}
            n, part, now = n + 1, [], 0
        part.append(line); now += len(line)
    if now > 20: yield {"id": "%s#%d" % (doc["id"], n), "text": "\n".join(part)}

def hangul(word): return len(word) >= 2 and all("가" <= c <= "힣" for c in word)

def spans(docs, reviews, tmp):
    r = random.Random(5)
    pool = r.sample(list(reviews), 100000) + r.sample([p for d in docs for p in passages(d)], 40000)
    rows = []
    while len(rows) < 1000:
        d = r.choice(pool)
        words = d["text"].split()
        if len(words) < 4: continue
        k = r.randint(2, 4)
        i = r.randrange(len(words) - k + 1)
        if all(map(hangul, words[i:i + k])): rows.append((" ".join(words[i:i + k]), [d["id"]]))
    return write(tmp + "/spans.jsonl", [(d["id"], "", d["text"]) for d in pool]), rows

def make(corpora, tmp):
    sets, paragraphs = {}, {}
    for name, folder in ("korquad", "/korquad"), ("tydi-t", "/sets/tydi"), ("qpair", "/sets/qpair"), ("para", "/sets/para"):
        sets[name] = (corpora + folder + "/docs.jsonl", judged(corpora + folder + "/queries.tsv"))
    for name in "korquad", "tydi-t": paragraphs[name] = list(json_lines(sets[name][0]))
    sets["tydi"] = (write(tmp + "/tydi.jsonl", [(d["id"], "", d["text"]) for d in paragraphs["tydi-t"]]), sets["tydi-t"][1])
    docs = list(json_lines(corpora + "/docs.jsonl.zst"))
    sets["titles"], sets["titles-kept"] = titles(docs, tmp)
    sets["headings"], sets["questions"] = headings(docs, tmp)
    sets["leads"] = leads(paragraphs["korquad"] + paragraphs["tydi-t"], tmp)
    sets["spans"] = spans(docs, json_lines(corpora + "/reviews.jsonl.zst"), tmp)
    return {name: sets[name] for name in FITTED + ["titles-kept", "spans"]}
