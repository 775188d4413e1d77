#!/usr/bin/env python3
"""Checks that every C++ file of src/ and test/ is named in a Makefile.inc, so that it is built and distributed."""

import re
import sys

import common


def main():
    named = set()
    for path in common.all_files():
        if path.suffix in (".inc", ".am"):
            rules = re.sub(r"#.*", "", common.read(path))
            named |= set(re.findall(r"[\w./-]+\.(?:cpp|h)\b", rules))
    problems = []
    for path in common.files_with({".cpp", ".h"}):
        if path.parts[0] not in ("src", "test") or path.name == "build_config.h":
            continue
        if str(path) not in named:
            problems.append(f"{path}:1: not named in any Makefile.inc; add it to the list of its folder")
    for name in sorted(named):
        if name.startswith(("src/", "test/")) and not (common.ROOT / name).is_file():
            problems.append(f"Makefile.inc:1: {name} is named but does not exist")
    common.finish("sources", problems)


if __name__ == "__main__":
    sys.exit(main())
