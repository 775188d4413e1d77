#!/bin/bash
# Builds the Debian packages of this source beside the build folder: contrib/make-deb.sh [OUTPUT FOLDER]
# Needs the packages of depends/install.sh --for build, and debhelper.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
out=$(mkdir -p "${1:-.}" && cd "${1:-.}" && pwd)
command -v dh >/dev/null || {
    echo "make-deb: dh is missing; install the Debian package 'debhelper'" >&2
    exit 1
}
version=$(sed -n 's/^AC_INIT(\[emercoin\], \[\([0-9.]*\)\].*/\1/p' "$root/configure.ac")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source="$work/emercoin-$version"
mkdir "$source"
git -C "$root" ls-files -z | (cd "$root" && tar --null -T - -cf -) | tar -xf - -C "$source"
cp -R "$source/contrib/debian" "$source/debian"
cp "$source/contrib/init/emercoin.logrotate" "$source/debian/emercoin.logrotate"
cp "$source/contrib/init/emercoin.sysusers" "$source/debian/emercoin.sysusers"
(cd "$source" && dpkg-buildpackage -us -uc -b)
cp "$work"/*.deb "$work"/*.buildinfo "$work"/*.changes "$out"
echo "make-deb: $(cd "$out" && echo emercoin_"$version"_*.deb emercoin-qt_"$version"_*.deb) are in $out"
