"""A piece of a document's own text finds the document. From the sample articles, and from words that are put together at random out
of syllables, digits, letters and marks, pieces are drawn: a word (what stands between spaces), the front of one, an inside part of
a run of Hangul, two neighbouring words. Searched with -a, each must find the document that it is from. FRAI_SEED repeats a run,
FRAI_STEPS sets how many pieces are drawn; JSON lines given as arguments are used instead of the test's own text.
usage: pieces.py SOURCE BINDIR [FILE.jsonl...]"""
import glob, json, os, random, re, subprocess, sys, tempfile, unicodedata

seed = int(os.environ.get("FRAI_SEED") or random.randrange(1 << 32))
steps = int(os.environ.get("FRAI_STEPS") or (100000 if os.environ.get("FRAI_FULL") == "1" else 2000))
rng = random.Random(seed)
print("FRAI_SEED=%d FRAI_STEPS=%d" % (seed, steps), flush=True)
source, bindir = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])

DOCS_MOST = 3000
SHOWN = 25
HANGUL = re.compile("[가-힣]{2,}")
NUMBER = re.compile("[0-9,]+")
COUNTED = list("명원월일시층년대도개조억만천호차회동권점") + ["달러", "유로", "퍼센트", "킬로", "광년"]
ENDINGS = ["", "", "이", "가", "의", "에", "에서는", "으로", "부터", "쯤", "짜리", "이다", "입니다", "씩", "도", "륙", "컵"]
LATIN = ["A", "B", "X", "AI", "SQL", "e", "C#", "C++", "foo_bar", "v1.2", "GDP", "km", "fooBar"]
MARKS = ["", "", "", ",", ".", "(", ")", "'", "\"", "“", "”", "「", "」", "·", "/", "~", "-", "%", "#", "…", "《", "》"]
HAN = ["佛", "美", "國會", "大韓民國", "中"]

def syllables():
    """Some, out of few: so that pairs come again in other places."""
    few = "가나다라마바사아자차카타파하서울경기도시장비눈물길"
    return "".join(rng.choice(few) if rng.random() < .7 else chr(rng.randrange(0xAC00, 0xD7A4)) for _ in range(rng.randint(1, 5)))

def number():
    digits = str(rng.randrange(10 ** rng.randint(1, 6)))
    if len(digits) > 3 and rng.random() < .5: digits = "{:,}".format(int(digits))
    return digits + rng.choice(["", "", "", ".5", "만", "억", "천", "~" + str(rng.randrange(99))])

def made_word():
    part = [syllables, number, lambda: rng.choice(LATIN), lambda: rng.choice(HAN), lambda: number() + rng.choice(COUNTED) + rng.choice(ENDINGS),
            lambda: rng.choice(LATIN) + rng.choice(["선", "조", "씨", "동", "급"]) + rng.choice(ENDINGS)]
    return "".join(rng.choice(MARKS) + rng.choice(part)() for _ in range(rng.choice([1, 1, 1, 2, 2, 3]))) + rng.choice(MARKS)

def own_texts():
    texts = []
    for path in sorted(glob.glob(source + "/corpus/articles/*.txt")):
        try: texts.append(open(path, encoding="utf-8").read())
        except UnicodeDecodeError: pass # other encodings are tools' business
    for _ in range(600): texts.append(" ".join(made_word() for _ in range(rng.randint(1, 40))))
    return texts

def given_texts():
    texts = [json.loads(line)["text"] for path in sys.argv[3:] for line in open(path, encoding="utf-8")]
    rng.shuffle(texts)
    return texts[:DOCS_MOST]

def kind(c):
    if "가" <= c <= "힣": return "syllable"
    category = unicodedata.category(c)
    return "digit" if category == "Nd" else "letter" if category[0] in "LM" else "mark"

def has_letters(text): return any(unicodedata.category(c)[0] in "LN" for c in text)

def fronts(word):
    """Where the word may be cut: behind a syllable, or where something of another kind begins; not in 1,090, which is one number."""
    numbers = {i for m in NUMBER.finditer(word) for i in range(m.start() + 1, m.end())}
    return [i for i in range(2, len(word)) if i not in numbers and (kind(word[i - 1]) == "syllable" or kind(word[i - 1]) != kind(word[i]))]

def draw(text):
    """What kind of piece, and the piece; None: there is none here."""
    words = text.split()
    if not words: return None
    i = rng.randrange(len(words))
    word, how = words[i], rng.choice(["word", "front", "inside", "two words"])
    piece = word
    if how == "front":
        if not fronts(word): return None
        piece = word[:rng.choice(fronts(word))]
    elif how == "inside":
        runs = HANGUL.findall(word)
        if not runs: return None
        run = rng.choice(runs)
        begin = rng.randrange(len(run) - 1)
        piece = run[begin:rng.randrange(begin + 2, len(run) + 1)]
    elif how == "two words":
        if i + 1 == len(words): return None
        piece = word + " " + words[i + 1]
    for part in piece.split(): # operators of queries are no text
        if not has_letters(part) or part[0] in "-–—−‐" or '"' in part or "*" in part: return None
    return how, piece

def search(work, pieces):
    """For each piece, the ids of its hits."""
    command = [bindir + "/frai-search", "-i", work + "/i.frai", "-a", "-n", "0", "--no-fix", "--json", "--no-snippet", "--queries", "-"]
    p = subprocess.run(command, input="".join(piece + "\n" for _, piece, _ in pieces), capture_output=True, text=True)
    hits = set()
    for line in p.stdout.splitlines():
        found = json.loads(line)
        if found.get("type") == "summary":
            yield hits
            hits = set()
        else: hits.add(found["id"])

texts = given_texts() if len(sys.argv) > 3 else own_texts()
pieces = []
while len(pieces) < steps:
    number_ = rng.randrange(len(texts))
    drawn = draw(texts[number_])
    if drawn: pieces.append(drawn + (str(number_),))
missed = []
with tempfile.TemporaryDirectory() as work:
    with open(work + "/d.jsonl", "w", encoding="utf-8") as f:
        for i, text in enumerate(texts): f.write(json.dumps({"id": str(i), "text": text}, ensure_ascii=False) + "\n")
    subprocess.run([bindir + "/frai-index", "build", work + "/d.jsonl", "-o", work + "/i.frai"], check=True, capture_output=True)
    searched = 0
    for piece, hits in zip(pieces, search(work, pieces)):
        searched += 1
        if piece[2] not in hits: missed.append(piece)
    assert searched == len(pieces), (searched, len(pieces))
for how, piece, number_ in missed[:SHOWN]:
    at = texts[int(number_)].find(piece)
    print("missed (%s): %r in %r" % (how, piece, texts[int(number_)][max(at - 20, 0):at + len(piece) + 20]))
print("%d pieces, %d missed" % (len(pieces), len(missed)))
sys.exit(bool(missed))
