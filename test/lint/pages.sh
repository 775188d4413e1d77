#!/bin/bash
# Checks that man pages and completions in share/ say what the built programs say.
set -u
root=${EMC_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${EMC_BUILDDIR:-$root}
if [ ! -x "$build/src/emercoind" ] || [ ! -x "$build/src/emercoin-cli" ]; then
    echo "pages: skipped, needs the built programs"
    exit 77
fi
"$root/contrib/make-pages.py" --check "$build" || exit 1
echo "pages: clean"
