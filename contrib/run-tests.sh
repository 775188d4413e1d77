#!/bin/bash
# Installs what is needed, builds everything and runs every test. The last line counts them all:
# "N passed, N failed" or "N passed, N failed, N skipped"; the exit code is 0 only when nothing failed.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root" || exit 1

usage() {
    cat <<EOF
Usage: contrib/run-tests.sh [--quick] [--extended] [--no-install] [--vectors DIR] [--build DIR] [--jobs N] [--help]
  --quick        unit tests, lints and saved fuzz inputs only; no functional tests, no published vectors
  --extended     the long functional tests, too
  --no-install   do not install Debian packages
  --vectors DIR  folder of the published test vectors; without it the tests that need it are skipped
  --build DIR    build directory (default: build/ in the checkout)
  --jobs N       parallel jobs (default: number of processors)
EOF
}

fail() {
    echo "run-tests.sh: $*" >&2
    exit 1
}

quick=no
extended=()
install=yes
vectors=
build="$root/build"
jobs=$(nproc)
while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=yes ;;
    --extended) extended=(--extended) ;;
    --no-install) install=no ;;
    --vectors | --build | --jobs)
        [ $# -ge 2 ] || fail "$1 needs a value; see --help"
        case $1 in
        --vectors) vectors=$2 ;;
        --build) build=$2 ;;
        --jobs) jobs=$2 ;;
        esac
        shift
        ;;
    -h | --help)
        usage
        exit 0
        ;;
    *) fail "unknown option '$1'; see --help" ;;
    esac
    shift
done
[[ $jobs =~ ^[1-9][0-9]*$ ]] || fail "--jobs '$jobs' is not a number of jobs"
if [ -n "$vectors" ]; then
    [ -d "$vectors" ] || fail "--vectors '$vectors' is not a folder"
    vectors=$(cd "$vectors" && pwd)
fi
mkdir -p "$build" || fail "cannot make the build directory $build"
build=$(cd "$build" && pwd)
logs="$build/test-logs"
mkdir -p "$logs"

total_passed=0
total_failed=0
total_skipped=0
summary=()

# record SUITE PASSED FAILED SKIPPED LOG
record() {
    total_passed=$((total_passed + $2))
    total_failed=$((total_failed + $3))
    total_skipped=$((total_skipped + $4))
    local line
    line=$(printf '%-24s %6d passed %6d failed %6d skipped' "$1" "$2" "$3" "$4")
    summary+=("$line")
    echo "$line"
    if [ "$3" -gt 0 ] && [ -f "$5" ]; then
        echo "---- end of $5"
        tail -n 40 "$5"
        echo "----"
    fi
}

finish() {
    echo
    echo "Summary ($((SECONDS / 60)) min $((SECONDS % 60)) s; logs in $logs)"
    printf '%s\n' "${summary[@]}"
    local line="$total_passed passed, $total_failed failed"
    if [ "$total_skipped" -gt 0 ]; then line="$line, $total_skipped skipped"; fi
    echo "$line"
    [ "$total_failed" -eq 0 ]
    exit
}

# broken STEP: a step without which nothing further can run has failed
broken() {
    record "$1" 0 1 0 "$logs/$1.log"
    finish
}

# Configures again only when something changed; make does the rest.
configure_build() (
    options=(--enable-werror --quiet)
    if command -v ccache >/dev/null; then options+=("CXX=ccache g++" "CC=ccache gcc"); fi
    cd "$build" || exit 1
    if [ ! -f Makefile ] || [ "$root/configure" -nt config.status ]; then "$root/configure" "${options[@]}"; fi
)

# last_counts LOG: prints "passed failed skipped" of the last line that counts, or nothing
last_counts() {
    sed -nE 's/.*\b([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?.*/\1 \2 \4/p' "$1" | tail -n 1
}

# run_counted SUITE LOG COMMAND...: a program whose last line counts "N passed, N failed[, N skipped]"
run_counted() {
    local suite=$1 log=$2 code passed failed skipped
    shift 2
    "$@" >"$log" 2>&1
    code=$?
    read -r passed failed skipped <<<"$(last_counts "$log")"
    if [ "$code" -ne 0 ] && [ "${failed:-0}" -eq 0 ]; then failed=1; fi
    if [ -z "${passed:-}" ]; then failed=1; fi
    record "$suite" "${passed:-0}" "$failed" "${skipped:-0}" "$log"
}

run_lints() {
    local lint log code passed=0 failed=0 skipped=0
    for lint in "$root"/test/lint/*; do
        case $lint in
        */common.py) continue ;;
        *.py | *.sh) ;;
        *) continue ;;
        esac
        log="$logs/lint-$(basename "$lint").log"
        "$lint" >"$log" 2>&1
        code=$?
        case $code in
        0) passed=$((passed + 1)) ;;
        77) skipped=$((skipped + 1)) ;;
        *)
            failed=$((failed + 1))
            echo "---- $lint"
            tail -n 20 "$log"
            ;;
        esac
    done
    record lint "$passed" "$failed" "$skipped" /nonexistent
}

# Boost prints "Test case a/b has passed" and the like with the detailed report.
run_unit() {
    local program=$1 name log report code passed failed skipped
    name=$(basename "$program")
    log="$logs/$name.log"
    report="$logs/$name.report"
    # The log goes to stdout, the report to stderr. (Boost's --report_sink does not survive tests that fork.)
    timeout 900 "$program" --color_output=no --report_level=detailed --log_level=message >"$log" 2>"$report"
    code=$?
    if [ "$code" -eq 77 ]; then
        record "$name" 0 0 1 "$log"
        return
    fi
    passed=$(grep -cE 'Test case "[^"]*" has passed' "$report")
    failed=$(grep -cE 'Test case "[^"]*" (has failed|was aborted|has timed out)' "$report")
    skipped=$(grep -cE 'Test case "[^"]*" was skipped' "$report")
    local without_vectors
    without_vectors=$(grep -c 'skipped: no vectors folder' "$log")
    if [ "$without_vectors" -gt "$passed" ]; then without_vectors=$passed; fi
    passed=$((passed - without_vectors))
    skipped=$((skipped + without_vectors))
    if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1
        tail -n 20 "$report" >>"$log"
        echo "$name ended with code $code" >>"$log"
    fi
    record "$name" "$passed" "$failed" "$skipped" "$log"
}

export EMC_SRCDIR=$root EMC_BUILDDIR=$build PYTHONDONTWRITEBYTECODE=1
if [ -n "$vectors" ]; then export EMC_VECTORS=$vectors; else unset EMC_VECTORS; fi

if [ "$install" = yes ]; then
    echo "== install"
    depends/install.sh --for test >"$logs/install.log" 2>&1 || broken install
fi
if [ ! -x configure ] || [ -n "$(find configure.ac m4 -newer configure -print -quit)" ]; then
    echo "== autogen"
    ./autogen.sh >"$logs/autogen.log" 2>&1 || broken autogen
fi
echo "== configure"
configure_build >"$logs/configure.log" 2>&1 || broken configure
echo "== build"
make -C "$build" -j"$jobs" all >"$logs/build.log" 2>&1 || broken build
mapfile -t check_programs < <(make -C "$build" -s list-check-programs 2>/dev/null)
make -k -C "$build" -j"$jobs" "${check_programs[@]}" >"$logs/build-tests.log" 2>&1 || broken build-tests
echo "== test"
run_lints
for program in "$build"/test/unit/test_*; do
    if [ -f "$program" ] && [ -x "$program" ]; then run_unit "$program"; fi
done
run_counted fuzz "$logs/fuzz.log" test/fuzz/replay.sh
for program in "$build"/test/link/link_*; do
    if [ -f "$program" ] && [ -x "$program" ]; then run_counted "$(basename "$program")" "$logs/$(basename "$program").log" "$program"; fi
done
run_counted windows "$logs/windows.log" test/qt/run.sh

if [ "$quick" = no ]; then
    if [ -n "$vectors" ] && [ -x "$build/test/vectors/run" ]; then
        run_counted vectors "$logs/vectors.log" "$build/test/vectors/run" "$vectors"
    fi
    if [ -f test/functional/run.py ]; then
        run_counted functional "$logs/functional.log" python3 test/functional/run.py --build "$build" "${extended[@]}"
    fi
fi
finish
