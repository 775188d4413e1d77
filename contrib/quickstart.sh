#!/bin/bash
# From a bare machine to a telephone number that DNS answers: installs, builds, starts a private chain, registers a
# verifier and a number, signs, asks. Every step is printed as the command a user would type, with its answer.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

NUMBER=18009359935
QUESTION=53995390081.enum
URI=sip:17772325555@in.callcentric.com
WANTED="100 10 \"u\" \"E2U+sip\" \"!^(.*)\$!$URI!\" ."

usage() {
    cat <<END
Usage: contrib/quickstart.sh [--no-install] [--no-build] [--build DIR] [--bin DIR] [--keep] [--help]
  --no-install  do not install Debian packages
  --no-build    use the programs that are there
  --build DIR   build directory (default: build/ in the checkout)
  --bin DIR     use emercoind and emercoin-cli of this folder; nothing is built
  --keep        leave the node running at the end and list its commands
END
}

fail() {
    echo "quickstart.sh: $*" >&2
    exit 1
}

install=yes
make=yes
keep=no
build="$root/build"
programs=
while [ $# -gt 0 ]; do
    case $1 in
    --no-install) install=no ;;
    --no-build) make=no ;;
    --build | --bin)
        [ $# -ge 2 ] || fail "$1 needs a folder; see --help"
        if [ "$1" = --build ]; then build=$2; else programs=$2; fi
        shift
        ;;
    --keep) keep=yes ;;
    -h | --help)
        usage
        exit 0
        ;;
    *) fail "unknown option '$1'; see --help" ;;
    esac
    shift
done

bold=
plain=
if [ -t 1 ]; then
    bold=$(printf '\033[1m')
    plain=$(printf '\033[0m')
fi
title() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }

# shown COMMAND...: the command as one would type it, every word quoted that needs it
shown() {
    local word out=
    for word in "$@"; do
        if [[ $word =~ ^[A-Za-z0-9_@%+=:,./-]+$ ]]; then
            out+=" $word"
        else
            out+=" '${word//\'/\'\\\'\'}'"
        fi
    done
    printf '%s$%s%s\n' "$bold" "$out" "$plain"
}

# long STEP LOG COMMAND...: a command whose output matters only when it fails
long() {
    local step=$1 log=$2
    shift 2
    shown "$@"
    if ! "$@" >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        fail "$step failed; the whole output is in $log"
    fi
}

build_programs() {
    mkdir -p "$build"
    build=$(cd "$build" && pwd)
    if [ ! -x "$root/configure" ]; then
        long autogen "$build/autogen.log" "$root/autogen.sh"
    fi
    cd "$build"
    if [ ! -f Makefile ]; then
        local options=(--disable-tests --quiet)
        if command -v ccache >/dev/null; then options+=("CXX=ccache g++" "CC=ccache gcc"); fi
        long configure "$build/configure-step.log" "$root/configure" "${options[@]}"
    fi
    long make "$build/make-step.log" make -j"$(nproc)" src/emercoind src/emercoin-cli
    cd "$root"
}

# Two ports nobody listens on, TCP or UDP
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 10000))
        if ! grep -qiE ":$(printf '%04X' "$port") " /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6 2>/dev/null; then
            echo "$port"
            return
        fi
    done
}

data=
finish() {
    local code=$?
    if [ -n "$data" ] && { [ "$keep" = no ] || [ "$code" -ne 0 ]; }; then
        if [ -f "$data/regtest/emercoin.pid" ]; then
            "$programs/emercoin-cli" "${connect[@]}" stop >/dev/null 2>&1 || kill "$(cat "$data/regtest/emercoin.pid")" 2>/dev/null || true
            for _ in $(seq 100); do
                [ -f "$data/regtest/emercoin.pid" ] || break
                sleep 0.1
            done
        fi
        if [ "$code" -ne 0 ] && [ -f "$data/regtest/debug.log" ]; then tail -n 20 "$data/regtest/debug.log" >&2; fi
        rm -rf "$data"
    fi
}
trap finish EXIT

# cli WORDS...: a call, shown short, its answer printed and kept in $answer
cli() {
    shown emercoin-cli -regtest "$@"
    answer=$("$programs/emercoin-cli" "${connect[@]}" "$@")
    if [ -n "$answer" ]; then echo "  ${answer//$'\n'/$'\n'  }"; fi
}

# quiet WORDS...: a call nobody needs to see
quiet() { "$programs/emercoin-cli" "${connect[@]}" "$@"; }

# mine N: blocks to the wallet
mine() {
    shown emercoin-cli -regtest generatetoaddress "$1" "$miner"
    quiet generatetoaddress "$1" "$miner" >/dev/null
    echo "  height $(quiet getblockcount)"
    quiet syncwithvalidationinterfacequeue
}

# field NAME: a text field of the JSON object in $answer, line breaks as they are
field() {
    local text
    text=$(sed -nE "s/^ *\"$1\": \"(.*)\",?\$/\1/p" <<<"$answer")
    text=${text//\\\"/\"}
    text=${text//\\\//\/}
    printf '%s' "${text//\\n/$'\n'}"
}

start_node() {
    data=$(mktemp -d "${TMPDIR:-/tmp}/emercoin-quickstart.XXXXXX")
    rpc_port=$(free_port)
    dns_port=$(free_port)
    cat >"$data/emercoin.conf" <<END
regtest=1
listen=0
emcdns=1
enumtrust=ver:enum
[regtest]
rpcport=$rpc_port
emcdnsport=$dns_port
END
    connect=(-datadir="$data")
    shown cat "$data/emercoin.conf"
    sed 's/^/  /' "$data/emercoin.conf"
    shown emercoind -datadir="$data" -daemonwait
    "$programs/emercoind" -datadir="$data" -daemonwait | sed 's/^/  /'
}

ask() {
    shown dig -p "$dns_port" @127.0.0.1 -t naptr +short "$QUESTION"
    answer=$(dig -p "$dns_port" @127.0.0.1 -t naptr +short "$QUESTION")
    if [ -n "$answer" ]; then echo "  $answer"; else echo "  (no such number)"; fi
}

if [ "$install" = yes ]; then
    title "Install what is needed"
    shown depends/install.sh --for demo
    "$root/depends/install.sh" --for demo
fi
if [ -n "$programs" ]; then
    programs=$(cd "$programs" 2>/dev/null && pwd) || fail "there is no such folder for --bin"
else
    if [ "$make" = yes ]; then
        title "Build (some minutes)"
        build_programs
    fi
    programs="$build/src"
fi
for program in emercoind emercoin-cli; do
    [ -x "$programs/$program" ] || fail "$programs/$program is not there; build it first"
done
command -v dig >/dev/null || fail "dig is not installed: apt-get install bind9-dnsutils"

title "Start a private chain with its DNS server"
start_node
connect+=(-regtest)

title "Mine coins to pay with"
cli getnewaddress
miner=$answer
mine 110
cli getbalance

title "Register the verifier ver:enum"
cli ver_record '{"name":"Example verifier"}'
cli name_new ver:enum "$answer" 365
mine 1

title "Make the record of +1 800 935 9935, register it"
cli enum_record "$NUMBER" "$URI" '{"ere":"^(.*)$","order":100,"preference":10}'
name=$(field name)
value=$(field value)
cli name_new "$name" "$value" 365
mine 1
cli name_show "$name"
owner=$(field address)

title "Nobody has confirmed it yet, so it does not answer"
ask
[ -z "$answer" ] || fail "an unsigned number was answered"

title "The verifier signs number and owner; the owner adds the line"
cli enum_sign ver:enum "$NUMBER" "$owner"
cli name_update "$name" "$value"$'\n'"$answer" 0
mine 1

title "Now it answers"
ask
dns_answer=$answer
cli enum_resolve "$NUMBER"
if [ "$dns_answer" != "$WANTED" ]; then fail "dig gave '$dns_answer' instead of '$WANTED'"; fi

title "Done: +$NUMBER is reached at $URI"
if [ "$keep" = yes ]; then
    cat <<END
The node goes on running; its data is in $data. Commands to go on with:

  $programs/emercoin-cli -regtest -datadir=$data -getinfo
  $programs/emercoin-cli -regtest -datadir=$data help
  $programs/emercoin-cli -regtest -datadir=$data name_list
  $programs/emercoin-cli -regtest -datadir=$data enum_resolve $NUMBER
  dig -p $dns_port @127.0.0.1 -t naptr $QUESTION
  $programs/emercoin-cli -regtest -datadir=$data generatetoaddress 1 $miner
  $programs/emercoin-cli -regtest -datadir=$data stop
END
fi
