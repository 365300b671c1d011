"""The rules of the house: layers, symbols, headers, links, format. usage: rules.py RULE SOURCE BUILD"""
import fnmatch, json, os, re, shutil, subprocess, sys, tempfile

rule, source, build = sys.argv[1:4]
RANK = {"base": 0, "text": 1, "simd": 1, "codec": 2, "segment": 3, "index": 4, "writer": 5, "query": 5, "api": 6}
OWN_HEADERS = ("base", "codec", "text", "segment", "index", "writer", "query", "api")  # layers in which a header declares its own file
LIBRARIES = {"zstd.h": "base/compress.c", "zdict.h": "base/compress.c", "xxhash.h": "base/checksum.c", "libstemmer.h": "text/stem.c"}
wrong = []

def files(top, *endings):
    root = os.path.join(source, top)
    for d, subdirs, names in os.walk(root):
        if not top: subdirs[:] = [s for s in subdirs if d != root or not s.startswith(("build", "."))]
        for n in names:
            if n.endswith(endings): yield os.path.join(d, n)

def read(path):
    with open(path, encoding="utf-8") as f: return f.read()

def layers():
    basenames = {}
    seen = 0
    for path in files("src", ".c", ".h"):
        name = os.path.relpath(path, source + "/src")
        folder = name.split("/")[0]
        if folder not in RANK: wrong.append("%s: no such layer" % name); continue
        if os.path.basename(name) in basenames: wrong.append("%s: the basename is taken by %s" % (name, basenames[os.path.basename(name)]))
        basenames[os.path.basename(name)] = name
        text = read(path)
        for bracket, inc in re.findall(r'#include ([<"])([^>"]+)[>"]', text):
            seen += 1
            if bracket == "<":
                if inc in LIBRARIES and LIBRARIES[inc] != name: wrong.append("%s: only %s may name <%s>" % (name, LIBRARIES[inc], inc))
                if inc == "utf8proc.h" and folder != "text": wrong.append("%s: <utf8proc.h> belongs to text" % name)
                continue
            target = inc.split("/")[0]
            if target == "frai": continue
            if target not in RANK: wrong.append("%s: includes %s by no layer's path" % (name, inc))
            elif target != folder and RANK[target] >= RANK[folder]: wrong.append("%s (%d) includes %s (%d)" % (name, RANK[folder], inc, RANK[target]))
        if re.search(r"\b(secure_)?getenv\s*\(", text): wrong.append("%s: a library doesn't read the environment" % name)
        if folder != "base":
            for call in re.findall(r"(?<![\w.>])(malloc|calloc|realloc|free|open|mmap|munmap|fsync|fopen|rename|unlink|printf|puts|exit|abort)\s*\(", re.sub(r'/\*.*?\*/|"(\\.|[^"\\])*"', "", text, flags=re.S)):
                wrong.append("%s: calls %s; only base may" % (name, call))
    programs = read(source + "/bench/CMakeLists.txt")
    for path in list(files("tools", ".c", ".h")) + list(files("bench", ".c", ".h")):
        linked = re.findall(r"%s \$<TARGET_OBJECTS:frai_(\w+)>" % os.path.basename(path), programs)  # a micro benchmark of a layer
        for inc in re.findall(r'#include "([^"]+)"', read(path)):
            if "/" in inc and not inc.startswith(("frai/", "ingest/", *linked)) and not ("/bench/" in path and inc == "simd/dispatch.h"):  # a benchmark chooses its kernels
                 wrong.append("%s: sees %s; programs see <frai/...> only" % (path, inc))
    assert seen > 100

def symbols():
    lib = build + "/libfrai.so"
    out = subprocess.run(["nm", "-D", "--defined-only", lib], capture_output=True, text=True, check=True).stdout
    names = [l.split()[-1].split("@")[0] for l in out.splitlines()]
    names = [n for n in names if not re.fullmatch(r"FRAI_[\d.]+", n)]  # nodes of frai.map
    names = [n for n in names if not n.startswith(("__asan", "__odr_asan", "__gcov", "__ubsan"))]
    assert len(names) > 20, names
    for n in names:
        if not n.startswith("frai_"): wrong.append("libfrai.so exports %s" % n)
    declared = set(re.findall(r"FRAI_API[^;]*?\b(frai_\w+)\(", "".join(read(p) for p in files("include", ".h"))))
    for n in declared - set(names): wrong.append("%s is declared and not exported" % n)
    for n in set(names) - declared: wrong.append("%s is exported and not declared" % n)
    out = subprocess.run(["nm", "--defined-only", build + "/libfrai.a"], capture_output=True, text=True, check=True).stdout
    for l in out.splitlines():
        p = l.split()
        if len(p) == 3 and p[1] in "TDBR" and not p[2].startswith(("fr_", "frai_", "__odr_asan", "__asan")): wrong.append("libfrai.a: %s has neither prefix" % p[2])

def headers():
    names = [os.path.relpath(p, source + "/include/frai") for p in files("include", ".h")]
    assert len(names) >= 5
    for n in names:
        for cc in (["gcc", "-std=c11", "-x", "c"], ["g++", "-std=c++11", "-x", "c++"]):
            p = subprocess.run(cc + ["-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "-I" + source + "/include", "-"],
                               input='#include <frai/%s>\n' % n, capture_output=True, text=True)
            if p.returncode: wrong.append("%s alone as %s: %s" % (n, cc[1], p.stderr))

def links():
    code = "\n".join(read(p) for p in list(files("src", ".c", ".h")) + list(files("include", ".h")) + list(files("tools", ".c", ".h")))
    pages = [p for p in files("", ".md")]
    assert len(pages) >= 4, pages
    for page in pages:
        text = read(page)
        for label, target in re.findall(r"\[([^\]]*)\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:|#", target): continue
            if not os.path.exists(os.path.join(os.path.dirname(page), target.split("#")[0])): wrong.append("%s: no %s" % (page, target))
        page = os.path.relpath(page, source)
        if not page.startswith(("src/", "tests/")): continue
        for word in re.findall(r"`(?:struct )?([^`\n]+)`", text):
            if re.fullmatch(r"fra?i?_\w+|[a-z]+_\w+", word) and not re.search(r"\b%s\b" % word, code): wrong.append("%s: there is no %s" % (page, word))
            if re.fullmatch(r"[a-z_]+/[\w./-]+\.(?:c|h|inc|md|py|txt)|(?:src|tests|tools)/[\w/]+", word) and not (os.path.exists(source + "/" + word) or os.path.exists(source + "/src/" + word)): wrong.append("%s: there is no %s" % (page, word))

def declarations():
    """A header declares what the file of its name defines, and nothing else."""
    seen = 0
    for path in files("src", ".h"):
        name, file = os.path.relpath(path, source), path[:-1] + "c"
        if name.split("/")[1] not in OWN_HEADERS: continue
        text = re.sub(r"/\*.*?\*/|^#.*?(?<!\\)$", "", read(path), flags=re.S | re.M)
        while re.search(r"\{[^{}]*\}", text): text = re.sub(r"\{[^{}]*\}", ";", text)  # bodies, members
        defined = set(re.findall(r"^(?!static)\w[^;{}]*?\b(fr_\w+)\([^;{}]*\)\s*\{", re.sub(r"/\*.*?\*/", "", read(file), flags=re.S) if os.path.exists(file) else "", re.M))
        for declaration in text.split(";"):
            function = re.match(r"(?!static|typedef)[\w\s*]*?\b(fr_\w+)\(", declaration.strip())
            if not function: continue
            seen += 1
            if function.group(1) not in defined: wrong.append("%s: declares %s, which %s doesn't define" % (name, function.group(1), os.path.basename(file)))
    assert seen > 100, seen

def format():
    tool = shutil.which("clang-format-14") or shutil.which("clang-format")
    if not tool: sys.exit("clang-format is missing: apt-get install clang-format-14")
    paths = [p for top in ("src", "include", "tools", "bench", "tests", "corpus") for p in files(top, ".c", ".h")]
    assert len(paths) > 50
    p = subprocess.run([tool, "--dry-run", "-Werror"] + paths, capture_output=True, text=True)
    if p.returncode: wrong.extend(l for l in p.stderr.splitlines() if "error:" in l)

def registered():
    """A test that nobody runs tells nothing."""
    top = source + "/tests/"
    tests = json.loads(subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], capture_output=True, text=True, check=True).stdout)["tests"]
    commands = {word for t in tests for word in t.get("command", [])}
    built, check = read(build + "/build.ninja"), read(source + "/tools/check")
    scripts = {os.path.relpath(p, top): read(p) for p in files("tests", ".py")}
    seen = 0
    for path in list(scripts) + [os.path.relpath(p, top) for p in files("tests", ".c")]:
        name = os.path.basename(path)
        if path.endswith(".c") and not name.startswith(("test_", "fuzz_")): continue
        helps = name.endswith(".py") and any(re.search(r"^(import|from) .*\b%s\b" % name[:-3], text, re.M) for text in scripts.values())
        runs = "tests/" + path in built if path.endswith(".c") else top + path in commands
        seen += 1
        if not (runs or helps or "tests/" + path in check): wrong.append("tests/%s: nothing runs it" % path)
    names = os.listdir(top + "cli")
    for n in names:
        base, ending = os.path.splitext(n)
        if ending in (".sh", ".stdout") and not {base + ".sh", base + ".stdout"} <= set(names): wrong.append("tests/cli/%s: a script and its output belong together" % n)
    assert seen > 20
    names_run = {t["name"] for t in tests}
    for n in names:
        if n.endswith(".sh") and "cli." + n[:-3] not in names_run: wrong.append("tests/cli/%s: is not run" % n)

def options():
    """The library has no options: what it says names none of a program's."""
    for path in list(files("src", ".c")) + list(files("src", ".h")):
        for text in re.findall(r'"((?:[^"\\\n]|\\.)*)"', re.sub(r"/\*.*?\*/", "", read(path), flags=re.S)):
            if re.search(r"(?<!\S)(?:--[a-z]|-[A-Za-z]\b)", text): wrong.append("%s: '%s' names an option of a program" % (os.path.relpath(path, source), text))

def messages():
    """What the library reports of a file, the programs say in Korean; and what they say is reported somewhere."""
    table = re.sub(r'"\s*"', "", read(source + "/tools/error_text.c"))
    known = re.findall(r'\{"((?:[^"\\]|\\.)+)",\s*"[^"]*[가-힣]', table)
    text = "".join(read(p) for top in ("src", "tools") for p in files(os.path.join(source, top), ".c") if not p.endswith("error_text.c"))
    text = re.sub(r'"\s*"', "", text)
    assert len(known) > 40, known
    for line in re.findall(r'fr_fail(?:_os)?\([^;"]*?(?:IO|CORRUPT|LOCKED|EXISTS|NOT_FOUND|TOO_OLD|TOO_NEW|errno|rc|ENOSPC),\s*"%s: ([^"]+)"', text):
        said = re.sub(r"%[a-z]+", "1", line)
        if not any(fnmatch.fnmatchcase(said, k) for k in known): wrong.append("tools/error_text.c: no Korean for '%s'" % line)
    for k in known:
        if not all(part in text for part in re.sub(r"^damaged \((.+)\)$", r"\1", k).split("*")): wrong.append("tools/error_text.c: nothing says '%s'" % k)


def musl():
    """The library is compiled with another libc, whose headers have no extension of glibc's that POSIX lacks. Not linked: Debian has no zstd for it."""
    if not shutil.which("musl-gcc"): sys.exit("musl-gcc is missing: apt-get install musl-tools")
    includes = re.findall(r"^FRAI_\w+_INCLUDE:PATH=(.+)$", read(build + "/CMakeCache.txt"), re.M)
    with tempfile.TemporaryDirectory() as tmp:
        for top in includes:  # nothing else of what stands beside them
            for name in ("zstd.h", "zdict.h", "zstd_errors.h", "xxhash.h", "xxh3.h", "utf8proc.h", "libstemmer.h"):
                if os.path.exists(top + "/" + name) and not os.path.exists(tmp + "/" + name): os.symlink(top + "/" + name, tmp + "/" + name)
        seen = 0
        for path in files("src", ".c"):
            p = subprocess.run(["musl-gcc", "-std=c11", "-D_GNU_SOURCE", "-I" + source + "/src", "-I" + source + "/include", "-idirafter", tmp, "-Wall", "-Wextra", "-Werror",
                                "-c", path, "-o", tmp + "/object.o"], capture_output=True, text=True)
            seen += 1
            if p.returncode: wrong.append("%s with musl: %s" % (os.path.relpath(path, source), p.stderr))
        assert seen > 100

def sizes():
    """Files of at most 600 lines; what a file is for stands at its head, or at that of its header, which names itself."""
    for top in ("src", "include", "tools", "bench", "tests", "corpus"):
        for path in files(top, ".c", ".h"):
            name, lines = os.path.relpath(path, source), read(path).split("\n")
            if len(lines) - 1 > 600: wrong.append("%s: has %d lines, more than 600; cut it in two" % (name, len(lines) - 1))
            guard = "FR_" + re.sub(r"[/.]", "_", name[len("src/"):]).upper()
            if name.startswith("src/") and name.endswith(".h") and not ("\n".join(lines).startswith("/* %s: " % os.path.basename(name)) and "#ifndef %s" % guard in lines): wrong.append("%s: its head and its guard are to name it (%s)" % (name, guard))
            if not lines[0].startswith("/*") and not os.path.exists(path[:-1] + "h") and not name.startswith("tests/"): wrong.append("%s: says nowhere what it is for" % name)

def functions():
    """Few parameters; a .c file opens with how it does what its header promises."""
    seen = 0
    for path in [p for top in ("src", "tools") for p in files(top, ".c", ".h")]:
        name, text = os.path.relpath(path, source), read(path)
        if name.endswith(".c") and not text.startswith("/* "): wrong.append("%s: does not open with what it does, and how" % name)
        code = re.sub(r'/\*.*?\*/|"(\\.|[^"\\])*"', "", text, flags=re.S)
        for function, parameters in re.findall(r"^[a-z][\w *\n]*?\b(\w+)\(((?:[^()]|\([^()]*\))*)\)\s*\{", code, re.M):
            count = re.sub(r"\([^()]*\)", "", parameters).count(",") + 1
            seen += 1
            if count > 6: wrong.append("%s: %s has %d parameters" % (name, function, count))
    assert seen > 400, seen

{"layers": layers, "functions": functions, "registered": registered, "sizes": sizes, "symbols": symbols, "headers": headers, "declarations": declarations, "links": links, "format": format, "options": options, "messages": messages, "musl": musl}[rule]()
if wrong: sys.exit("\n".join(wrong[:40]))
