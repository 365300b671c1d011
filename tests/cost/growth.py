#!/usr/bin/env python3
"""Work grows with its input, not faster: instructions of growth.c's kinds of work at n, 2n and 4n, by callgrind. What the second
doubling adds over what the first adds is 2 where work is in proportion, 2.3 with a logarithm, 4 where it is quadratic; at most MOST.

usage: growth.py SOURCE BUILD [-v]. Builds without sanitizers below BUILD, as query/instructions.py does.
"""
import glob, os, re, subprocess, sys, tempfile

MOST = 2.6
source, build = sys.argv[1], sys.argv[2] + "/plain"

def run(*command, **more): return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **more).stdout

run("cmake", "-S", source, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DFRAI_BENCH=ON", "-DFRAI_SHARED=OFF")
run("ninja", "-C", build, "libfrai.a")
private = re.search(r"^Libs.private: (.*)$", open(build + "/frai.pc").read(), re.M).group(1).split()
counted = {}
with tempfile.TemporaryDirectory() as tmp:
    run("cc", "-O2", "-D_GNU_SOURCE", "-I" + source + "/include", source + "/tests/cost/growth.c", build + "/libfrai.a", *private, "-o", tmp + "/growth")
    subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + tmp + "/out", tmp + "/growth", tmp], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.PIPE, env=dict(os.environ, FRAI_ISA="avx2"))
    for path in glob.glob(tmp + "/out.*"):
        text = open(path, errors="replace").read()
        label = re.search(r"^desc: Trigger: Client Request: (.*)@(\d+)$", text, re.M)
        total = re.search(r"^(?:summary|totals): (\d+)", text, re.M)
        if label and total: counted.setdefault(label.group(1), {})[int(label.group(2))] = int(total.group(1))
bad = []
for kind, by_size in sorted(counted.items()):
    n, n2, n4 = (count for _, count in sorted(by_size.items()))
    growth = (n4 - n2) / max(n2 - n, (n + n2) * 0.01)
    if "-v" in sys.argv: print("%-32s %12d %12d %12d  %.2f" % (kind, n, n2, n4, growth))
    if growth > MOST: bad.append("%s: %d, %d, %d instructions at n, 2n, 4n" % (kind, n, n2, n4))
if len(counted) < 45: sys.exit("only %d kinds of work were counted: %s" % (len(counted), ", ".join(counted)))
print("%d kinds of work tried at three sizes" % len(counted))
if bad: sys.exit("grows faster than its input:\n" + "\n".join(bad))
