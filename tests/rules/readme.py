"""Runs the commands of README's console block and holds their output against what stands there; times, memory and the
share of the index aside. What the table of queries says is found, the sample has. FRAI_REWRITE=1 writes the output into README. usage: readme.py SOURCE BUILD"""
import os, re, shlex, subprocess, sys, tempfile

source, build = sys.argv[1:3]
path = source + "/README.md"
text = open(path, encoding="utf-8").read()
block = re.search(r"```console\n(.*?)```", text, re.S).group(1)
commands = [l for l in block.splitlines() if l.startswith("$ ")]
assert len(commands) >= 4

def steady(s):
    s = re.sub(r"· [\d.]+초 · .*", "· TIME", s)
    s = re.sub(r"→ [\d.]+ [kM]B 색인( \(\d+ %\))?", "→ INDEX", s)
    return re.sub(r'"ms":[\d.]+', '"ms":0', s)

out, shown = [], 0
with tempfile.TemporaryDirectory() as tmp:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("FRAI_", "LC_", "LANG"))}
    env.update(LC_MESSAGES="ko_KR.UTF-8", HOME=tmp)
    for c in commands:
        real = c[2:].replace("build/bin/", shlex.quote(build) + "/bin/").replace("build/sample.frai", shlex.quote(tmp) + "/sample.frai")
        p = subprocess.run(real, shell=True, cwd=source, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        out += [c] + p.stdout.rstrip("\n").splitlines()
    for row in re.findall(r"^\|(.*`.*)\|(.*)\|.*\|$", text[text.index("| 검색어 | 찾는 것 | 까닭 |"):text.index("## 색인 돌보기")], re.M):
        tried, flags = re.findall(r"`([^`]+)`", row[0]), []
        if "`와 함께" in row[0]: flags.append(tried.pop())
        assert tried, row
        for query in tried:
            p = subprocess.run([build + "/bin/frai-search", "-i", tmp + "/sample.frai", "-c", *flags, "--", query], env=env, capture_output=True, text=True)
            wanted = re.search("(혹시|앞부분): \\S+", row[1])
            right = wanted.group() in p.stderr if wanted else p.returncode == ("없음" in row[1])
            if not right: sys.exit("README.md: '%s' finds %s%s" % (query, p.stdout, p.stderr))
            shown += 1
assert shown > 15
new = "\n".join(out) + "\n"
if os.environ.get("FRAI_REWRITE"):
    open(path, "w", encoding="utf-8").write(text.replace(block, new))
elif steady(new) != steady(block):
    import difflib
    sys.exit("\n".join(difflib.unified_diff(steady(block).splitlines(), steady(new).splitlines(), "README.md", "now", lineterm="")))
