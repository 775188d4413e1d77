#!/bin/bash
# Runs the saved inputs of every fuzz target: test/fuzz/corpora/<target>/ through <build>/test/fuzz/fuzz_<target>.
# Last line: "N passed, N failed" counted in targets. A corpus without a program is an error.
set -u
src=${EMC_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
build=${EMC_BUILDDIR:-$src}
passed=0
failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for program in "$build"/test/fuzz/fuzz_*; do
    if [ ! -x "$program" ] || [ ! -f "$program" ]; then continue; fi
    target=${program##*/fuzz_}
    [ "$target" = "${target%.*}" ] || continue
    corpus="$src/test/fuzz/corpora/$target"
    mkdir -p "$scratch/empty"
    : >"$scratch/empty/input"
    inputs=("$scratch/empty/input")
    if [ -d "$corpus" ]; then
        while IFS= read -r -d '' file; do inputs+=("$file"); done < <(find "$corpus" -type f -print0)
    fi
    if timeout 120 "$program" "${inputs[@]}" >"$scratch/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "fuzz_$target failed on its saved inputs in test/fuzz/corpora/$target:"
        tail -n 40 "$scratch/log"
    fi
done
for corpus in "$src"/test/fuzz/corpora/*/; do
    [ -d "$corpus" ] || continue
    target=$(basename "$corpus")
    case $target in # targets of a room that is switched off
    wallet_* | coin_select) [ -f "$build/src/wallet/libemc_wallet.a" ] || continue ;;
    esac
    if [ ! -x "$build/test/fuzz/fuzz_$target" ]; then
        failed=$((failed + 1))
        echo "$corpus: no program test/fuzz/fuzz_$target; name the folder after its target"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
