#!/usr/bin/env python3
"""Compiles every header of src/ alone: each must stand by itself and be cheap.

Cost is user CPU time of the compiler. So that a busy or slow machine does not matter, it is compared with a
reference compiled beside it: <filesystem>, which the style guide's measurements put at 0.28 s. On that scale a header
that other rooms include may cost 0.30 s, one that stays inside its room 0.60 s. When a run says more, the median of
nine pairs of runs counts. What a header costs is remembered in the build directory under the hash of its preprocessed
text: only what changed is compiled again.
Prints the ten dearest headers.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import statistics
import subprocess
import sys

import common

PUBLIC_LIMIT_SEC = 0.30
PRIVATE_LIMIT_SEC = 0.60
REFERENCE_HEADER = "#include <filesystem>\n"
REFERENCE_SEC = 0.28
REFERENCE_RUNS = 4
PAIRED_RUNS = 9
CACHE_NAME = "header-cost.json"
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.MULTILINE)


class Compiler:
    """The project's compiler, asked about one header at a time."""

    def __init__(self, build):
        cxx = [word for word in shlex.split(os.environ.get("EMC_CXX") or "g++") if word != "ccache"]
        self.base = cxx + ["-std=c++20", "-O2", "-pthread", "-x", "c++"]
        self.paths = [f"-I{common.ROOT}/src", f"-I{build}/src"]
        self.reference = self.preprocess(REFERENCE_HEADER)[0]
        self.reference_sec = min(self.compile(self.reference)[0] for _ in range(REFERENCE_RUNS))

    def preprocess(self, source):
        """(text without line markers, error text)."""
        done = subprocess.run(self.base + self.paths + ["-E", "-P", "-"], input=source, text=True, capture_output=True)
        return done.stdout, done.stderr if done.returncode else ""

    def compile(self, text):
        """(user seconds, error text) of one compilation of preprocessed text."""
        command = self.base + ["-fpreprocessed", "-fsyntax-only", "-"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True) as process:
            try:
                process.stdin.write(text)
                process.stdin.close()
            except BrokenPipeError:
                pass
            errors = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_utime, errors if process.returncode else ""

    def cost(self, text, limit):
        """(seconds on the reference scale, error text): one run, and when that is over the limit the median of some,
        each with the reference compiled right beside it under the same load."""
        spent, error = self.compile(text)
        seconds = spent * REFERENCE_SEC / self.reference_sec
        if error or seconds <= limit:
            return seconds, error
        ratios = []
        for _ in range(PAIRED_RUNS):
            reference = self.compile(self.reference)[0]
            ratios.append(self.compile(text)[0] / reference)
        return statistics.median(ratios) * REFERENCE_SEC, ""


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


def measure(compiler, header, limit, known):
    """(header, hash, seconds, error text)"""
    text, error = compiler.preprocess(f'#include "{header.relative_to("src")}"\n')
    key = hashlib.sha256((" ".join(compiler.base) + "\n" + text).encode()).hexdigest()
    if error:
        return header, key, 0.0, error
    if known.get(key, limit + 1) <= limit:
        return header, key, known[key], ""
    seconds, error = compiler.cost(text, limit)
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
        for header, key, seconds, error in pool.map(lambda h: measure(compiler, h, limits[h], known), headers):
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
