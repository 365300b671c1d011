# Sourced by the soaks: builds without sanitizers into build-soak/, and keeps what was found in
# bench/results/soak.json.
set -eu
cd "$(dirname "$0")/../.."
name=$(basename "$0")
tools/build build-soak -DCMAKE_BUILD_TYPE=Release -DFRAI_TESTS=ON
bin=$PWD/build-soak/bin
export FRAI_FULL=1

# record TEXT: the figure of this soak.
record() {
    echo "$name: $1"
    python3 - "$name" "$1" <<'END'
import datetime, json, os, sys
path, (name, text) = "bench/results/soak.json", sys.argv[1:]
all = json.load(open(path, encoding="utf-8")) if os.path.exists(path) else {}
all[name] = {"command": "tests/soak/" + name, "date": str(datetime.date.today()), "result": text}
with open(path, "w", encoding="utf-8") as f: f.write(json.dumps(dict(sorted(all.items())), indent=1, ensure_ascii=False) + "\n")
END
}

# run TEST: a test in its long form; records the lines that tell how much was tried.
run() {
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        exit 1
    fi
    record "$(grep -hE 'tried|turn' "$log" | sort -u | paste -sd ';' | sed 's/;/; /g')"
    rm -f "$log"
}
