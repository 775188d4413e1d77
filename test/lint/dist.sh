#!/bin/bash
# Checks that `make dist` packs every tracked file. Needs git and a configured build directory (EMC_BUILDDIR).
set -u
root=${EMC_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${EMC_BUILDDIR:-$root}
if ! git -C "$root" rev-parse --verify -q HEAD >/dev/null 2>&1 || [ ! -f "$build/Makefile" ]; then
    echo "dist: skipped, needs a git checkout and a configured build directory"
    exit 77
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if ! make -C "$build" -s distdir distdir="$scratch/tree" >"$scratch/log" 2>&1; then
    tail -n 20 "$scratch/log"
    echo "dist: make distdir fails"
    exit 1
fi
status=0
while IFS= read -r -d '' file; do
    case $file in .gitignore | */.gitkeep) continue ;; esac
    [ -f "$root/$file" ] || continue
    if [ ! -e "$scratch/tree/$file" ]; then
        echo "$file:1: not distributed; name it in the sources of its Makefile.inc or in EXTRA_DIST"
        status=1
    fi
done < <(git -C "$root" ls-files -z)
[ "$status" -eq 0 ] && echo "dist: clean"
exit "$status"
