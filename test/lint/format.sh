#!/bin/bash
# Checks that C++ sources are formatted as .clang-format says. With --fix, formats them instead.
set -u
root=${EMC_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
cd "$root" || exit 1
if ! command -v clang-format-14 >/dev/null; then
    echo "format: skipped, install the Debian package clang-format-14"
    exit 77
fi
files=()
while IFS= read -r -d '' file; do files+=("$file"); done \
    < <(find src qt test -type f \( -name '*.h' -o -name '*.cpp' \) ! -name build_config.h -print0 2>/dev/null | sort -z)
if [ "${1:-}" = --fix ]; then
    exec clang-format-14 -i "${files[@]}"
fi
report=$(clang-format-14 --dry-run -Werror "${files[@]}" 2>&1 | grep -E '^[^ ].*:[0-9]+:[0-9]+: ')
if [ -n "$report" ]; then
    sed 's/ code should be clang-formatted.*/ not formatted; run test\/lint\/format.sh --fix/' <<<"$report" | head -n 200
    echo "format: $(cut -d: -f1 <<<"$report" | sort -u | wc -l) file(s) not formatted"
    exit 1
fi
echo "format: clean (${#files[@]} files)"
