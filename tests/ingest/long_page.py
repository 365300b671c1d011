"""A page that is longer than the parser's copies of pages may be: of its words none is lost where what was read of it ends.
usage: long_page.py BINDIR. Prints its seed."""
import os, random, re, subprocess, sys, tempfile

bin = os.path.abspath(sys.argv[1])
seed = int(os.environ.get("FRAI_SEED", "5"))
rng = random.Random(seed)
print("FRAI_SEED=%d" % seed)
PIECES = ["가나다", "<p>", "</p>", "<br>", "<td>", "<li>", "<b>굵은</b>", "</span>", "<pre>가\n나</pre>", "<img src=x>", "<a href='가 나'>글</a>", "<div a=\"b>c\">",
          "</div>", "&amp;", "&#44032;", "&nbsp;", "&lt;p&gt;", "&copy", " < ", "a < b", "1<2", " & ", "AT&T", "<!-- 주석 -->", "<style>p{}</style>",
          "<script>if(a<b)x();</script>", "<script>\n// <!-- 가\n</script>", "<svg><path d=\"1\"/></svg>", "\n"]
LENGTH = (8 << 20) + 200000

words, page, length = 0, ["<html><body>"], 0
while length < LENGTH:
    words += 1
    page.append("낱말%d끝 %s " % (words, rng.choice(PIECES)))
    length += len(page[-1].encode())
with tempfile.TemporaryDirectory() as work:
    name = work + "/page.html"
    with open(name, "w") as f: f.write("".join(page))
    p = subprocess.run([bin + "/show_documents", "html", name], capture_output=True, text=True)
if p.returncode: sys.exit("exit %d\n%s" % (p.returncode, p.stderr[-3000:]))
body = bytes.fromhex(p.stdout.split("\n")[1].split(" ")[2]).decode("utf-8")
read = [int(n) for n in re.findall("낱말([0-9]+)끝", body)]
if read != list(range(1, words + 1)):
    lost = sorted(set(range(1, words + 1)) - set(read))
    sys.exit("%d of %d words are lost: %s" % (len(lost), words, lost[:20]))
