#!/usr/bin/env python3
"""Brings the packages of package-lock.json into node_modules, each checked against the integrity it names.

`npm ci` of Debian 12 stops at a dependency that a package names by a repository; package.json replaces it by a version.
"""

import base64
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent


def archive_name(name, version):
    """What `npm pack` calls the file of a package."""
    return name.removeprefix("@").replace("/", "-") + f"-{version}.tgz"


def unpack(archive, integrity, folder):
    kind, _, wanted = integrity.partition("-")
    if hashlib.new(kind, archive.read_bytes()).digest() != base64.b64decode(wanted):
        sys.exit(f"{archive.name} is not the file package-lock.json names")
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            parts = pathlib.PurePosixPath(member.name).parts[1:]
            if not member.isfile() or not parts or ".." in parts:
                continue
            target = folder.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(tar.extractfile(member).read())


def main():
    lock = json.loads((HERE / "package-lock.json").read_text())
    rows = {path: row for path, row in lock["packages"].items() if path}
    names = {path: path.rpartition("node_modules/")[2] for path in rows}
    shutil.rmtree(HERE / "node_modules", ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        specs = sorted({f"{names[path]}@{row['version']}" for path, row in rows.items()})
        subprocess.run(["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", folder, *specs],
                       check=True, stdout=subprocess.DEVNULL)
        for path, row in rows.items():
            archive = pathlib.Path(folder) / archive_name(names[path], row["version"])
            unpack(archive, row["integrity"], HERE / path)


if __name__ == "__main__":
    main()
