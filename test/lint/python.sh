#!/bin/bash
# Runs pyflakes over all own Python files, found by name or by their first line.
set -u
root=${EMC_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
cd "$root" || exit 1
if ! command -v pyflakes3 >/dev/null; then
    echo "python: skipped, install the Debian package pyflakes3"
    exit 77
fi
files=()
while IFS= read -r -d '' file; do
    case $file in
    *.py) files+=("$file") ;;
    *.*) ;;
    *) if head -c 64 "$file" | head -n 1 | grep -aqE '^#!.*python3'; then files+=("$file"); fi ;;
    esac
done < <(find .ci contrib depends test share -type f ! -path '*/corpora/*' ! -path '*/node_modules/*' ! -path '*/__pycache__/*' -print0 2>/dev/null)
if [ ${#files[@]} -gt 0 ] && ! pyflakes3 "${files[@]}"; then
    echo "python: problems found"
    exit 1
fi
echo "python: clean (${#files[@]} files)"
