#!/bin/bash
# Installs the Debian packages of depends/packages.txt that are missing, and for tests the npm packages of
# test/functional/npm. Safe to run again at any time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
list="$here/packages.txt"

usage() {
    cat <<EOF
Usage: depends/install.sh [--for build|demo|runtime|test|bench|fuzz|all] [--list] [--help]
  --for GROUP  what the packages are for (default: test)
               build    build the programs
               demo     build, and run contrib/quickstart.sh
               runtime  run programs built elsewhere
               test     build, and run every test and lint
               bench    build, and run the benchmarks
               fuzz     build, and run fuzzers, clang-tidy and coverage
               all      everything above
  --list       print package, state and reason; install nothing
EOF
}

fail() {
    echo "depends/install.sh: $*" >&2
    exit 1
}

purpose='test'
only_list=no
while [ $# -gt 0 ]; do
    case $1 in
    --for)
        [ $# -ge 2 ] || fail "--for needs a group: build, demo, runtime, test, bench, fuzz or all"
        purpose=$2
        shift
        ;;
    --for=*) purpose=${1#--for=} ;;
    --list) only_list=yes ;;
    -h | --help)
        usage
        exit 0
        ;;
    *) fail "unknown option '$1'; see --help" ;;
    esac
    shift
done

case $purpose in
build) groups=" build " ;;
demo) groups=" build demo " ;;
runtime) groups=" runtime " ;;
test) groups=" build test " ;;
bench) groups=" build bench " ;;
fuzz) groups=" build test fuzz " ;;
all) groups=" build demo runtime test bench fuzz " ;;
*) fail "unknown group '$purpose'; use build, demo, runtime, test, bench, fuzz or all" ;;
esac

command -v dpkg-query >/dev/null || fail "this is not a Debian system; install the equivalents of depends/packages.txt by hand"

is_installed() {
    if [ "$1" = npm ] && command -v npm >/dev/null; then return 0; fi # part of nodejs in other archives
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
while read -r group package reason; do
    case $group in '' | '#'*) continue ;; esac
    [[ $groups == *" $group "* ]] || continue
    if is_installed "$package"; then state=installed; else
        state=missing
        missing+=("$package")
    fi
    if [ "$only_list" = yes ]; then printf '%-8s %-26s %-10s %s\n' "$group" "$package" "$state" "$reason"; fi
done <"$list"
[ "$only_list" = no ] || exit 0

# The versions are those of the lock file. Tests that need the packages are skipped without them, so a registry that
# does not answer is no reason to fail.
install_npm_packages() {
    local folder="$here/../test/functional/npm" stamp
    stamp="$folder/node_modules/.installed-lock"
    [[ $groups == *" test "* ]] || return 0
    cmp -s "$folder/package-lock.json" "$stamp" && return 0
    echo "depends: installing the npm packages of test/functional/npm"
    if "$folder/fetch.py"; then
        cp "$folder/package-lock.json" "$stamp"
    else
        echo "depends: npm could not bring them; p2p_npm.py, doc_integrators.py and call_proof.py will be skipped in part" >&2
    fi
}

# Installed, it would make itself this computer's resolver. The test that runs it takes it from here.
unpack_resolved() {
    local work
    [[ $groups == *" test "* ]] || return 0
    if [ -x /lib/systemd/systemd-resolved ] || [ -x "$here/unpacked/lib/systemd/systemd-resolved" ]; then return 0; fi
    echo "depends: unpacking systemd-resolved"
    work=$(mktemp -d)
    if ! (cd "$work" && apt-get -q download systemd-resolved && dpkg -x systemd-resolved_*.deb "$here/unpacked") >"$work/log" 2>&1; then
        cat "$work/log" >&2
        echo "depends: it could not be had; its test in dns_clients.py will be skipped" >&2
    fi
    rm -rf "$work"
}

if [ ${#missing[@]} -eq 0 ]; then
    install_npm_packages
    unpack_resolved
    echo "depends: all packages for '$purpose' are installed"
    exit 0
fi
echo "depends: installing ${missing[*]}"

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "not root and no sudo here; as root run: apt-get install ${missing[*]}"
    as_root=(sudo)
fi
apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o Dpkg::Use-Pty=0 "$@"
}

log=$(mktemp)
# Some packages bring servers. The tests start what they need; installing must not, as servers would take ports 53 and 5060.
policy=/usr/sbin/policy-rc.d
made_policy=no
leave() {
    rm -f "$log"
    [ "$made_policy" = no ] || "${as_root[@]}" rm -f "$policy"
}
trap leave EXIT
if [ ! -e "$policy" ]; then
    made_policy=yes
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
fi
candidate_known() {
    apt-cache policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'
}
need_update=no
for package in "${missing[@]}"; do
    candidate_known "$package" || need_update=yes
done
if [ "$need_update" = yes ]; then
    apt update >"$log" 2>&1 || {
        cat "$log" >&2
        fail "apt-get update failed; check the network and /etc/apt/sources.list"
    }
fi
if ! apt install --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
    # Package lists may be older than the archive: refresh them once and try again.
    if ! { apt update && apt install --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        fail "apt-get could not install: ${missing[*]}"
    fi
fi
if [ -d /run/systemd/system ]; then
    # Nor with the next start of the machine.
    for package in "${missing[@]}"; do
        dpkg -L "$package" | sed -n 's|^/lib/systemd/system/\([^/@]*\.service\)$|\1|p' |
            while read -r service; do "${as_root[@]}" systemctl disable "$service" >>"$log" 2>&1 || true; done
    done
fi
for package in "${missing[@]}"; do
    is_installed "$package" || fail "package '$package' is still missing after apt-get install"
done
install_npm_packages
unpack_resolved
echo "depends: done"
