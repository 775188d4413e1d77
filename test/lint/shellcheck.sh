#!/bin/bash
# Runs shellcheck over all own shell scripts, found by name or by their first line.
set -u
root=${EMC_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
cd "$root" || exit 1
if ! command -v shellcheck >/dev/null; then
    echo "shellcheck: skipped, install the Debian package shellcheck"
    exit 77
fi
scripts=(autogen.sh)
while IFS= read -r -d '' file; do
    case $file in
    *.sh) scripts+=("$file") ;;
    *.*) ;;
    *) if head -c 64 "$file" | head -n 1 | grep -aqE '^#!.*\b(ba|da)?sh\b'; then scripts+=("$file"); fi ;;
    esac
done < <(find .ci contrib depends test share -type f ! -path '*/corpora/*' ! -path '*/node_modules/*' ! -path 'test/*/test_*' -print0 2>/dev/null)
if ! shellcheck --format=gcc "${scripts[@]}"; then
    echo "shellcheck: problems found"
    exit 1
fi
echo "shellcheck: clean (${#scripts[@]} scripts)"
