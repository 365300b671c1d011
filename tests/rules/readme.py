"""Runs the commands of README's console block and holds their output against what stands there; times, memory and the
share of the index aside. FRAI_REWRITE=1 writes the output into README. usage: readme.py SOURCE BUILD"""
import os, re, shlex, subprocess, sys, tempfile

source, build = sys.argv[1:3]
path = source + "/README.md"
text = open(path, encoding="utf-8").read()
block = re.search(r"```console\n(.*?)```", text, re.S).group(1)
commands = [l for l in block.splitlines() if l.startswith("$ ")]
assert len(commands) >= 4

def steady(s):
    s = re.sub(r"· [\d.]+ (s|초) · .*", "· TIME", s)
    s = re.sub(r"→ [\d.]+ [kM]B of index( \(\d+ %\))?", "→ INDEX", s)
    return re.sub(r'"ms":[\d.]+', '"ms":0', s)

out = []
with tempfile.TemporaryDirectory() as tmp:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("FRAI_", "LC_", "LANG"))}
    env.update(LC_ALL="C.UTF-8", HOME=tmp)
    for c in commands:
        real = c[2:].replace("build/bin/", shlex.quote(build) + "/bin/").replace("build/sample.frai", shlex.quote(tmp) + "/sample.frai")
        p = subprocess.run(real, shell=True, cwd=source, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        out += [c] + p.stdout.rstrip("\n").splitlines()
new = "\n".join(out) + "\n"
if os.environ.get("FRAI_REWRITE"):
    open(path, "w", encoding="utf-8").write(text.replace(block, new))
elif steady(new) != steady(block):
    import difflib
    sys.exit("\n".join(difflib.unified_diff(steady(block).splitlines(), steady(new).splitlines(), "README.md", "now", lineterm="")))
