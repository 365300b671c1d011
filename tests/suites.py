#!/usr/bin/env python3
"""Runs the suites of builds through ctest: a line for each as it ends, with all that a failed one printed, and at the end how
many passed. Of builds after the first only the suites in C are run, in their short form.

usage: suites.py FILTER SECONDS BUILD...   FILTER: a regular expression; SECONDS: what a suite without a budget of its own has"""
import os, re, subprocess, sys, time

filter, seconds, builds = sys.argv[1], sys.argv[2], sys.argv[3:]
RESULT = re.compile(r"^ *\d+/\d+ Test +#\d+: (\S+) \.* *(?:\*\*\*)?(Passed|Failed|Timeout|Exception|Not Run|Skipped|Disabled)\b.*?([\d.]+) sec")
START = re.compile(r"^ +Start +\d+: ")
FRAME = re.compile(r"^(Internal ctest changing|Test project |No tests were found|\d+% tests passed|Total Test time|The following tests|\t *\d+ - |"
                   r"Errors while running CTest|Output from these tests|Use \"--rerun-failed|Label Time Summary|\w+ += +[\d.]+ sec\*proc)")

def ctest(build, *more):
    command = ["ctest", "--test-dir", build, "-R", filter, *more] + (["-L", "unit"] if build != builds[0] else [])
    full = os.environ.get("FRAI_FULL", "0") if build == builds[0] else "0"
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=dict(os.environ, FRAI_FULL=full, LC_ALL="C.UTF-8"),
                            encoding="utf-8", errors="replace")

def count(build):
    out = ctest(build, "-N").communicate()[0]
    return int(re.search(r"Total Tests: (\d+)", out).group(1))

def tell(*words):
    print(*words, flush=True)

began = time.time()
total = sum(map(count, builds))
if total == 0: sys.exit("no suite's name matches '%s'" % filter)
done, passed, failed, blank = 0, 0, [], False
for build in builds:
    suffix = "" if build == builds[0] else " (%s)" % os.path.basename(build)
    p = ctest(build, "--output-on-failure", "--test-output-size-failed", "100000000", "-j", str(len(os.sched_getaffinity(0))), "--timeout", seconds)
    for line in p.stdout:
        result = RESULT.match(line)
        if result:
            done += 1
            name, what, took = result.groups()
            ok = what in ("Passed", "Skipped", "Disabled")
            passed += what == "Passed"
            if not ok: failed.append(name + suffix)
            tell("%*d/%d  %s  %s  %.1f s" % (len(str(total)), done, total, what.lower() if ok else what.upper(), name + suffix, float(took)))
        elif not START.match(line) and not FRAME.match(line) and line.strip():
            tell(line.rstrip("\n"))
    if p.wait() and not failed: failed.append("ctest of " + build)
log = builds[0] + "/Testing/Temporary/LastTest.log"
if os.path.exists(log):
    text = open(log, encoding="utf-8", errors="replace").read()
    for line in sorted({l for l in text.splitlines() if re.search("tried|turn", l)}): tell("  " + line)
tell("%.0f s" % (time.time() - began))
if failed: tell("failed: " + ", ".join(failed))
tell("%d passed, %d failed" % (passed, len(failed)))
sys.exit(1 if failed else 0)
