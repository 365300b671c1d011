"""Builds and runs README's C example as C11 and as C++, against libfrai.a and libfrai.so, through the installed frai.pc and
CMake package, from a prefix that was moved after installing."""
import os, re, shutil, subprocess, sys, tempfile

source, build = sys.argv[1:3]
sanitize = os.environ.get("FRAI_SANITIZE", "")
flags = ["-fsanitize=" + sanitize] if sanitize else []

def run(*args, **kw):
    p = subprocess.run(args, capture_output=True, text=True, **kw)
    if p.returncode: sys.exit("%s\n%s%s" % (" ".join(args), p.stdout, p.stderr))
    return p.stdout

readme = open(source + "/README.md", encoding="utf-8").read()
code = re.search(r"```c\n(#include <frai/frai.h>.*?)```", readme, re.S).group(1)
with tempfile.TemporaryDirectory() as tmp:
    run("cmake", "--install", build, "--prefix", tmp + "/first")
    shutil.move(tmp + "/first", tmp + "/moved")
    prefix = tmp + "/moved"
    pc = [os.path.join(d, "") for d, _, fs in os.walk(prefix) if "frai.pc" in fs][0]
    env = dict(os.environ, PKG_CONFIG_PATH=pc)
    lib = os.path.dirname(os.path.dirname(pc))
    run(build + "/bin/frai-index", "build", source + "/corpus/articles", "-o", tmp + "/sample.frai")
    for ext, cc in ("c", ["gcc", "-std=c11"]), ("cc", ["g++", "-std=c++17"]):
        path = "%s/example.%s" % (tmp, ext)
        open(path, "w", encoding="utf-8").write(code)
        for static in True, False:
            libs = run("pkg-config", "--cflags", "--libs", *(["--static"] if static else []), "frai", env=env).split()
            if static: libs = [l if l != "-lfrai" else "-l:libfrai.a" for l in libs]
            run(*cc, "-Wall", "-Wextra", "-Werror", "-pedantic", path, "-o", tmp + "/example", *libs, *flags)
            out = run(tmp + "/example", tmp + "/sample.frai", "미스트랄 투자", env=dict(os.environ, LD_LIBRARY_PATH=lib))
            assert "미스트랄" in out and len(out.splitlines()) >= 3, out
    os.makedirs(tmp + "/pkg")
    open(tmp + "/pkg/CMakeLists.txt", "w").write(
        "cmake_minimum_required(VERSION 3.25)\nproject(x C)\nfind_package(frai REQUIRED)\nadd_executable(x ../example.c)\n"
        "target_compile_options(x PRIVATE %s)\ntarget_link_options(x PRIVATE %s)\ntarget_link_libraries(x frai::frai)\n" % (" ".join(flags), " ".join(flags)))
    run("cmake", "-G", "Ninja", "-S", tmp + "/pkg", "-B", tmp + "/pkg/build", "-DCMAKE_PREFIX_PATH=" + prefix)
    run("cmake", "--build", tmp + "/pkg/build")
    assert "미스트랄" in run(tmp + "/pkg/build/x", tmp + "/sample.frai", "미스트랄 투자")
print("the example runs as C and C++, static, shared and by find_package")
