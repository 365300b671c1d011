"""Output that can't be written is an error, and said; a reader that has gone had enough; streams that are closed are
never an index's files. usage: streams.py BINDIR"""
import os, subprocess, sys, tempfile

bindir = os.path.abspath(sys.argv[1])
env = {k: v for k, v in os.environ.items() if not k.startswith(("FRAI_", "LC_", "LANG"))}
commands = ["search 투자", "search -c 투자", "search --json 투자", "search -l 투자", "search -l -0 투자", "search --help",
            "search -h", "search -V", "search --full 투자", "search --why notes/a.txt 투자", "index stats", "index stats --json",
            "index dump docs", "index dump terms", "index dump postings", "index check", "index tokens 투자", "index --help",
            "index -V", "index build --json notes"]

def run(command, stdout, **kw):
    program, *args = command.split()
    return subprocess.run([os.path.join(bindir, "frai-" + program), *args], stdout=stdout, stderr=subprocess.PIPE, env=env, **kw)

with tempfile.TemporaryDirectory() as work:
    os.chdir(work)
    os.mkdir("notes")
    for i in range(300):
        with open("notes/a.txt" if i == 0 else "notes/%d.txt" % i, "w") as f: f.write("제목 %d\n투자 유치 소식 %d\n" % (i, i))
    assert run("index build notes", subprocess.DEVNULL).returncode == 0
    for command in commands:
        p = run(command, subprocess.DEVNULL)
        assert p.returncode == 0, (command, p.returncode, p.stderr)
        with open("/dev/full", "w") as full: p = run(command, full)
        lines = p.stderr.decode().splitlines()
        assert p.returncode == 2 and "standard output" in lines[-1], (command, p.returncode, lines)
        reader, writer = os.pipe()
        os.close(reader)
        p = run(command, writer)
        os.close(writer)
        assert p.returncode == 0 and b"standard output" not in p.stderr, (command, p.returncode, p.stderr)
        p = run(command, None, preexec_fn=lambda: os.close(1))
        assert p.returncode == 2, (command, p.returncode, p.stderr)
        p = run(command, subprocess.DEVNULL, preexec_fn=lambda: os.close(0))
        assert p.returncode == 0, (command, p.returncode, p.stderr)
    # Nothing is written into what was opened while a stream was closed.
    for closed in ([0], [1], [0, 1], [0, 1, 2]):
        with open("notes/new.txt", "a") as f: f.write("바뀐 글\n")
        p = run("index build --json notes", None, preexec_fn=lambda: [os.close(fd) for fd in closed])
        p = run("index check", subprocess.PIPE)
        assert p.returncode == 0, (closed, p.stdout, p.stderr)
print("%d commands: lost output is told" % len(commands))
