#!/usr/bin/env python3
"""Work grows with its input, not faster: instructions of growth.c's kinds of work, and of reading files, at n, 2n and 4n, by callgrind. What the second
doubling adds over what the first adds is 2 where work is in proportion, 2.3 with a logarithm, 4 where it is quadratic; at most MOST.

usage: growth.py SOURCE BUILD [-v]. Builds without sanitizers below BUILD, as query/instructions.py does.
"""
import glob, os, re, subprocess, sys, tempfile

MOST = 2.6
INPUTS = {  # what a file has n times: its name's ending, its beginning, what comes n times (a %d is the number of the time), its end
    "objects on lines": (300, ".jsonl", "", '{"id":"%d","text":"투자 소식"}\n', ""),  # fewer than dictionaries are trained for
    "objects on a line": (300, ".jsonl", "", '{"id":"%d","text":"투자 소식"}' + 200 * " ", ""),
    "objects over lines": (300, ".jsonl", "", '{"id":"%d",\n"text":"투자 소식"}\n', ""),
    "objects of an array": (300, ".json", "[", '{"id":"%d","text":"투자 소식"},\n', '{"id":"x","text":"끝"}]'),
    "objects without ids": (300, ".jsonl", "", '{"text":"투자 소식"}\n', ""),
    "torn lines": (1000, ".jsonl", '{"id":"a","text":"투자"}\n', '{"text":"투자 소식\n', ""),
    "lines that open arrays": (1000, ".jsonl", "", '[{"id":"%d","text":"투자 소식"},\n', ""),
    "lines of objects in each other": (1000, ".jsonl", '{"id":"a","text":"투자"}\n', ' {"text":"투자 소식", "x":\n', "1" + 4000 * "}" + "}"),
    "keys of an object": (1000, ".jsonl", '{"text":"투자"', ',"key%d":"값"', "}\n"),
    "values of an array": (4000, ".jsonl", '{"text":["투자"', ',"소식"', "]}\n"),
    "nested arrays": (4000, ".jsonl", '{"text":"투자","x":', "[", ""),
    "brackets of a text": (4000, ".json", '{"content":"투자","x":', "[{", ""),
    "elements of HTML": (1000, ".html", "<p>투자", "<p>소식 %d</p>", ""),
    "nested elements of HTML": (100, ".html", "<p>투자", "<div>소식", ""),
    "broken characters": (4000, ".txt", "투자 ", "\udcff소식 ", ""),
    "letters of CP949": (4000, ".txt", "", "\udcc5\udcf5\udcc0\udcda ", ""),
}
source, build = sys.argv[1], sys.argv[2] + "/plain"

def run(*command, **more): return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **more).stdout

run("cmake", "-S", source, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DFRAI_BENCH=ON", "-DFRAI_SHARED=OFF")
run("ninja", "-C", build, "libfrai.a", "frai-index")
private = re.search(r"^Libs.private: (.*)$", open(build + "/frai.pc").read(), re.M).group(1).split()
counted = {}
with tempfile.TemporaryDirectory() as tmp:
    run("cc", "-O2", "-D_GNU_SOURCE", "-I" + source + "/include", source + "/tests/cost/growth.c", build + "/libfrai.a", *private, "-o", tmp + "/growth")
    subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + tmp + "/out", tmp + "/growth", tmp], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE)
    for path in glob.glob(tmp + "/out.*"):
        text = open(path, errors="replace").read()
        label = re.search(r"^desc: Trigger: Client Request: (.*)@(\d+)$", text, re.M)
        total = re.search(r"^(?:summary|totals): (\d+)", text, re.M)
        if label and total: counted.setdefault(label.group(1), {})[int(label.group(2))] = int(total.group(1))
    for kind, (n, ending, first, each, last) in INPUTS.items():
        for size in n, 2 * n, 4 * n:
            path = tmp + "/input" + ending
            text = first + "".join(each % i if "%d" in each else each for i in range(size)) + last
            with open(path, "w", encoding="utf-8", errors="surrogateescape") as f: f.write(text)
            p = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + tmp + "/in", build + "/bin/frai-index", "build", path, "-o",
                                tmp + "/%s-%d.frai" % (kind, size), "-j", "1"], capture_output=True)
            if p.returncode not in (0, 2): sys.exit("%s: %s" % (kind, p.stderr.decode(errors="replace")))
            counted.setdefault(kind, {})[size] = int(re.search(r"^(?:summary|totals): (\d+)", open(tmp + "/in", errors="replace").read(), re.M).group(1))
bad = []
for kind, by_size in sorted(counted.items()):
    n, n2, n4 = (count for _, count in sorted(by_size.items()))
    growth = (n4 - n2) / max(n2 - n, (n + n2) * 0.01)
    if "-v" in sys.argv: print("%-32s %12d %12d %12d  %.2f" % (kind, n, n2, n4, growth))
    if growth > MOST: bad.append("%s: %d, %d, %d instructions at n, 2n, 4n" % (kind, n, n2, n4))
if len(counted) < 63: sys.exit("only %d kinds of work were counted: %s" % (len(counted), ", ".join(counted)))
print("%d kinds of work tried at three sizes" % len(counted))
if bad: sys.exit("grows faster than its input:\n" + "\n".join(bad))
