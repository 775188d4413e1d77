#!/bin/bash
# Runs the tests of the wallet with windows on a screen of their own (Xvfb), or on none at all where Xvfb is missing.
# The last line is "N passed, N failed"; pictures of all pages go to $EMC_BUILDDIR/pictures.
set -u
build=${EMC_BUILDDIR:?EMC_BUILDDIR names the build directory}
if [ ! -x "$build/test/qt/owner_story" ]; then
    echo "built without windows: 0 passed, 0 failed, 1 skipped"
    exit 0
fi
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
# Settings and run-time files of whoever runs the tests stay as they are.
export QTEST_DISABLE_STACK_DUMP=1 HOME=$home XDG_CONFIG_HOME=$home/config XDG_RUNTIME_DIR=$home LC_ALL=C.UTF-8 EMC_PICTURES=$build/pictures
chmod 700 "$home"
screen=(env QT_QPA_PLATFORM=offscreen)
if command -v xvfb-run >/dev/null; then screen=(xvfb-run -a -s "-screen 0 1280x900x24"); fi
passed=0
failed=0
for test in test_values test_tables owner_story bad_input rewards_story stop_story languages; do
    log="$home/$test.log"
    timeout 900 "${screen[@]}" "$build/test/qt/$test" -o "$log,txt"
    code=$?
    grep -E '^(FAIL|QFATAL|XPASS|   Loc:|QINFO|\s+(Actual|Expected))' "$log"
    read -r good bad <<<"$(sed -nE 's/^Totals: ([0-9]+) passed, ([0-9]+) failed.*/\1 \2/p' "$log")"
    if [ "$code" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then bad=1; fi
    echo "$test: ${good:-0} passed, ${bad:-0} failed"
    passed=$((passed + ${good:-0}))
    failed=$((failed + ${bad:-0}))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
