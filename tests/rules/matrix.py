"""Builds frai by the compilers, levels, generators and in the places that others may, with warnings as errors, and lets each build
index and search. FRAI_FULL=1: all of them; else the two that differ most. usage: matrix.py SOURCE"""
import os, shutil, subprocess, sys, tempfile

source, full = sys.argv[1], os.environ.get("FRAI_FULL") == "1"
jobs = str(len(os.sched_getaffinity(0)))

def run(*args, **kw):
    p = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", **kw)
    if p.returncode: sys.exit("%s\n%s" % (" ".join(args), p.stdout[-20000:]))
    return p.stdout

def build(where, build, cc, generator, *options):
    print("%s, %s: %s" % (cc, generator, " ".join(options)), flush=True)
    run("cmake", "-S", where, "-B", build, "-G", generator, "-DCMAKE_C_COMPILER=" + cc, "-DFRAI_WERROR=ON", *options)
    run("cmake", "--build", build, "-j", jobs)

def try_out(bin, tmp):
    index = tmp + "/i.frai"
    shutil.rmtree(index, ignore_errors=True)
    run(bin + "/frai-index", "build", source + "/corpus/articles", "-o", index)
    assert run(bin + "/frai-search", "-i", index, "-c", "서울대학교병원") == "6\n"

def copy(to):
    """What a build reads, in a place of its own."""
    for top in "cmake", "src", "include", "tools", "bench", "tests": shutil.copytree(source + "/" + top, to + "/" + top)
    os.makedirs(to + "/corpus")
    for name in "CMakeLists.txt", "corpus/generate.c", "corpus/shapes.c", "corpus/shapes.h": shutil.copy(source + "/" + name, to + "/" + name)

with tempfile.TemporaryDirectory() as tmp:
    here = tmp + "/내 문서/frai"
    copy(here)
    if full:
        for cc in "gcc", "clang-14":
            for kind in "Debug", "Release", "RelWithDebInfo", "MinSizeRel", "O0", "O1", "O2", "O3", "Os":
                for generator in "Ninja", "Unix Makefiles":
                    if generator != "Ninja" and kind not in ("Debug", "O3"): continue
                    level = ["-DCMAKE_BUILD_TYPE=" + kind] if len(kind) > 2 else ["-DCMAKE_BUILD_TYPE=None", "-DCMAKE_C_FLAGS=-" + kind]
                    for shared in "ON", "OFF":
                        shutil.rmtree(here + "/build", ignore_errors=True)
                        build(here, here + "/build", cc, generator, *level, "-DFRAI_SHARED=" + shared, "-DFRAI_BENCH=ON", "-DFRAI_TESTS=ON")
                        try_out(here + "/build/bin", tmp)
    else:
        build(here, here + "/build", "gcc", "Unix Makefiles", "-DCMAKE_BUILD_TYPE=Debug", "-DFRAI_SHARED=OFF", "-DFRAI_BENCH=ON")
        try_out(here + "/build/bin", tmp)
    shutil.rmtree(here + "/build", ignore_errors=True)
    # as a part of another project, out of its source
    outer = tmp + "/다른 일"
    os.makedirs(outer)
    open(outer + "/CMakeLists.txt", "w", encoding="utf-8").write(
        "cmake_minimum_required(VERSION 3.25)\nproject(outer C)\nset(FRAI_TOOLS ON)\nadd_subdirectory(\"%s\" frai)\nadd_executable(outer outer.c)\n"
        "target_link_libraries(outer frai::frai_shared)\n" % here)
    open(outer + "/outer.c", "w").write("#include <frai/frai.h>\nint main(void) { return frai_index_open(\"none\", 0, 0, 0) == FRAI_OK; }\n")
    build(outer, outer + "/build", "clang-14", "Ninja", "-DCMAKE_BUILD_TYPE=Release")
    run(outer + "/build/outer")
    try_out(outer + "/build/frai/bin", tmp)
    assert not os.path.exists(here + "/build")
print("builds in a folder with a space and Hangul, and as a part of another project")
