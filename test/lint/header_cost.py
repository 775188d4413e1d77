#!/usr/bin/env python3
"""Compiles every header of src/ alone: each must stand by itself and be cheap.

Cost is the memory in which g++ keeps what it has read. It follows the time a header takes, and it is the same on every
machine and under every load, which seconds are not. The scale is set by <filesystem>, which the style guide's
measurements put at 0.28 s of the compiler's time. Sixteen headers of the project timed beside it, on a quiet machine and
nine times each, took 0.91 of the time that their memory alone would suggest (0.79 to 0.96). On that scale a header that
other rooms include may cost 0.30 s, one that stays inside its room 0.60 s. What a header costs is remembered in the build
directory under the hash of its preprocessed text: only what changed is compiled again.
Prints the ten dearest headers.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

import common

PUBLIC_LIMIT_SEC = 0.30
PRIVATE_LIMIT_SEC = 0.60
REFERENCE_HEADER = "#include <filesystem>\n"
REFERENCE_SEC = 0.28
TIME_PER_MEMORY = 0.91  # of a header of the project, where that of <filesystem> is 1
NO_COLLECTION = ["--param", "ggc-min-heapsize=4000000"]  # KiB; nothing is given back before the count
MEMORY_ROW = re.compile(r"^\d+ +\d+[ kMG] +(\d+)([ kMG]) +\d+[ kMG] *$", re.MULTILINE)  # size, allocated, used, overhead
KIB = {" ": 1 / 1024, "k": 1, "M": 1024, "G": 1024 * 1024}
CACHE_NAME = "header-memory.json"
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.MULTILINE)


class Compiler:
    """g++, asked about one header at a time. Another compiler does not tell its memory, so there is no choice of it."""

    def __init__(self, build):
        self.base = ["g++", "-std=c++20", "-O2", "-pthread", "-x", "c++"]
        self.paths = [f"-I{common.ROOT}/src", f"-I{build}/src"]
        self.reference = self.memory(self.preprocess(REFERENCE_HEADER)[0])[0]

    def preprocess(self, source):
        """(text without line markers, error text)."""
        done = subprocess.run(self.base + self.paths + ["-E", "-P", "-"], input=source, text=True, capture_output=True)
        return done.stdout, done.stderr if done.returncode else ""

    def memory(self, text):
        """(KiB the compiler holds after reading preprocessed text, error text)."""
        done = subprocess.run(self.base + NO_COLLECTION + ["-fpreprocessed", "-fsyntax-only", "-fmem-report", "-"],
                              input=text, text=True, capture_output=True)
        if done.returncode:
            return 0.0, done.stderr
        return sum(float(used) * KIB[unit] for used, unit in MEMORY_ROW.findall(done.stderr)), ""

    def cost(self, text):
        """(seconds on the reference scale, error text)"""
        held, error = self.memory(text)
        return held / self.reference * REFERENCE_SEC * TIME_PER_MEMORY, error


def load(path):
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return known if isinstance(known, dict) else {}
    except (OSError, ValueError):
        return {}


def public_headers():
    """Headers that some other room of src/ includes."""
    found = set()
    for path in common.files_with({".h", ".cpp"}):
        if path.parts[0] not in ("src", "qt"):
            continue
        for target in INCLUDE.findall(common.read(path)):
            if target.split("/")[0] != path.parts[1]:
                found.add("src/" + target)
    return found


def measure(compiler, header, known):
    """(header, hash, seconds, error text)"""
    text, error = compiler.preprocess(f'#include "{header.relative_to("src")}"\n')
    key = hashlib.sha256((" ".join(compiler.base) + "\n" + text).encode()).hexdigest()
    if error:
        return header, key, 0.0, error
    if key in known:
        return header, key, known[key], ""
    seconds, error = compiler.cost(text)
    return header, key, seconds, error


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="a room, e.g. chain")
    parser.add_argument("--all", action="store_true", help="print every header, not the ten dearest")
    args = parser.parse_args()
    build = pathlib.Path(os.environ.get("EMC_BUILDDIR") or common.ROOT)
    headers = [h for h in common.files_with({".h"}) if h.parts[0] == "src"]
    if args.only:
        headers = [h for h in headers if h.parts[1] == args.only]
    public = public_headers()
    limits = {h: PUBLIC_LIMIT_SEC if str(h) in public else PRIVATE_LIMIT_SEC for h in headers}
    known = load(build / CACHE_NAME)
    compiler = Compiler(build)
    problems, costs = [], []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for header, key, seconds, error in pool.map(lambda h: measure(compiler, h, known), headers):
            if error:
                first = next((line for line in error.splitlines() if "error" in line), error.splitlines()[0])
                problems.append(f"{header}:1: does not compile alone; include what it uses ({first.strip()})")
                continue
            known[key] = round(seconds, 3)
            costs.append((seconds, header))
    costs.sort(reverse=True)
    if build != common.ROOT and build.is_dir():
        (build / CACHE_NAME).write_text(json.dumps(known, indent=0, sort_keys=True), encoding="utf-8")
    print("dearest headers, seconds on the reference scale:")
    for seconds, header in costs if args.all else costs[:10]:
        print(f"  {seconds:5.2f}  {header}")
    for seconds, header in costs:
        if seconds > limits[header]:
            problems.append(f"{header}:1: costs {seconds:.2f} s alone, at most {limits[header]:.2f}; forward-declare, or "
                            "move the dear include into a .cpp file")
    common.finish("header_cost", problems)


if __name__ == "__main__":
    sys.exit(main())
