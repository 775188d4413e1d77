#!/bin/sh
# Produces configure and Makefile.in from configure.ac and Makefile.am.
set -eu
cd "$(dirname "$0")"

need() {
    if ! command -v "$1" >/dev/null 2>&1; then
        echo "autogen.sh: '$1' is missing; install the Debian package '$2' (or run depends/install.sh)." >&2
        exit 1
    fi
}
need autoreconf autoconf
need automake automake
need m4 m4
need pkg-config pkg-config

mkdir -p build-aux
exec autoreconf --install --force --warnings=all,no-obsolete
