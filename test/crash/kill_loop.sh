#!/bin/bash
# Starts the driver, kills it after a random time, and at the end of every fifth round checks the whole state against one
# built anew. The chain must never go backwards and never need help. Then the same while old block files are removed.
# CRASH_ROUNDS: number of kills of each kind (default 20).
set -u
build=${EMC_BUILDDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
driver=$build/test/crash/chain_driver
rounds=${CRASH_ROUNDS:-20}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    echo "$feed, round $round: $*"
    cat "$scratch/err"
    exit 1
}

# loop MODE-OF-FEEDING MODE-OF-CHECKING
loop() {
    feed=$1
    height=-1
    for ((round = 1; round <= rounds; round++)); do
        : >"$scratch/out"
        "$driver" "$scratch/$feed" "$feed" "$((RANDOM + round * 32768))" >"$scratch/out" 2>"$scratch/err" &
        pid=$!
        for ((i = 0; i < 3000; i++)); do
            [ -s "$scratch/out" ] && break
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.01
        done
        [ -s "$scratch/out" ] || { wait "$pid"; fail "the driver did not open the chain (exit status $?)"; }
        sleep "0.$(printf '%03d' $((RANDOM % 600)))"
        kill -9 "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
        status=$?
        [ "$status" -eq 137 ] || fail "the driver ended by itself with status $status"
        read -r word opened <"$scratch/out"
        [ "$word" = opened ] || fail "unexpected output: $word"
        [ "$opened" -ge "$height" ] || fail "the chain went back from $height to $opened"
        height=$opened
        if [ $((round % 5)) -eq 0 ] || [ "$round" -eq "$rounds" ]; then
            "$driver" "$scratch/$feed" "$2" >"$scratch/out" 2>"$scratch/err" || fail "the state is wrong"
            read -r _ height _ <"$scratch/out"
        fi
    done
    echo "$feed: $rounds kills survived; $(cat "$scratch/out")"
    read -r _ height _ _ _ names _ branches _ pruned <"$scratch/out"
    if [ "$height" -le 0 ] || [ "$names" -le 0 ] || [ "$branches" -le 0 ]; then
        echo "too little was fed: blocks, names and branches must all be there"
        exit 1
    fi
    if [ "$feed" = prune ] && [ "$pruned" -le 0 ]; then
        echo "too little was fed: no block was pruned"
        exit 1
    fi
}

loop feed check
loop prune check-pruned
