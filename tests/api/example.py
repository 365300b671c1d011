"""Builds and runs README's C example as C11 and as C++, against libfrai.a and libfrai.so, through the installed frai.pc and
CMake package, from a prefix with spaces and Hangul that was moved after installing."""
import os, re, shlex, shutil, subprocess, sys, tempfile

source, build = sys.argv[1:3]
sanitize = os.environ.get("FRAI_SANITIZE", "")
cc, cxx = os.environ.get("FRAI_CC") or "gcc", os.environ.get("FRAI_CXX") or "g++"
flags = ["-fsanitize=" + sanitize] if sanitize else []

def run(*args, **kw):
    p = subprocess.run(args, capture_output=True, text=True, errors="replace", **kw)
    if p.returncode: sys.exit("%s\n%s%s" % (" ".join(args), p.stdout, p.stderr))
    return p.stdout

readme = open(source + "/README.md", encoding="utf-8").read()
code = re.search(r"```c\n(#include <frai/frai.h>.*?)```", readme, re.S).group(1)
with tempfile.TemporaryDirectory() as tmp:
    run("cmake", "--install", build, "--prefix", tmp + "/first")
    prefix = tmp + "/옮긴 곳"
    shutil.move(tmp + "/first", prefix)
    lib = prefix + "/lib"
    assert os.path.exists(lib + "/pkgconfig/frai.pc")  # README's line says so
    env = dict(os.environ, PKG_CONFIG_PATH=lib + "/pkgconfig")
    run(build + "/bin/frai-index", "build", source + "/corpus/articles", "-o", tmp + "/sample.frai")
    for ext, compiler in ("c", [cc, "-std=c11"]), ("cc", [cxx, "-std=c++17"]):
        path = "%s/example.%s" % (tmp, ext)
        open(path, "w", encoding="utf-8").write(code)
        for static in True, False:
            # eval: pkg-config puts a backslash before what a shell would read
            words = [*compiler, "-Wall", "-Wextra", "-Werror", "-pedantic", path, "-o", tmp + "/example", *flags] + ([] if static else ["-Wl,-rpath," + lib])
            libs = "$(pkg-config --static --cflags --libs frai | sed 's/-lfrai/-l:libfrai.a/')" if static else "$(pkg-config --cflags --libs frai)"
            run("sh", "-c", 'eval "$1 %s"' % libs, "sh", " ".join(map(shlex.quote, words)), env=env)
            out = run(tmp + "/example", tmp + "/sample.frai", "미스트랄 투자")
            assert "미스트랄" in out and len(out.splitlines()) >= 3, out
    pkg = tmp + "/쓰는 쪽"
    os.makedirs(pkg)
    open(pkg + "/CMakeLists.txt", "w").write(
        "cmake_minimum_required(VERSION 3.25)\nproject(x C)\nfind_package(frai REQUIRED)\nadd_compile_options(%s)\nadd_link_options(%s)\n" % (" ".join(flags), " ".join(flags)) +
        "foreach(library frai frai_shared)\n  add_executable(with_${library} ../example.c)\n  target_link_libraries(with_${library} frai::${library})\nendforeach()\n")
    run("cmake", "-G", "Ninja", "-S", pkg, "-B", pkg + "/build", "-DCMAKE_C_COMPILER=" + cc, "-DCMAKE_PREFIX_PATH=" + prefix)
    run("cmake", "--build", pkg + "/build")
    for program in "with_frai", "with_frai_shared":
        assert "미스트랄" in run(pkg + "/build/" + program, tmp + "/sample.frai", "미스트랄 투자")
print("the example runs as C and C++, static, shared and by find_package")
