#!/usr/bin/env python3
"""Compiles every header of src/ alone: each must stand by itself and be cheap.

Cost is user CPU time of the compiler (median of three runs). So that a busy or slow machine does not matter, it is
compared with a reference compiled in the same run: <filesystem>, which the style guide's measurements put at 0.28 s;
the limit is 0.30 s on that scale. Prints the ten dearest headers.
"""

import argparse
import os
import pathlib
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile

import common

LIMIT_SEC = 0.30
REFERENCE_HEADER = "#include <filesystem>\n"
REFERENCE_SEC = 0.28
RUNS_WHEN_DEAR = 3


def compile_once(command, source):
    """(user seconds, error text) of one compilation."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(command + ["-x", "c++", "-", "-o", os.devnull], input=source, text=True,
                          capture_output=True)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    return spent, done.stderr if done.returncode else ""


def median_cost(command, source, runs):
    return statistics.median(compile_once(command, source)[0] for _ in range(runs))


def measure(command, headers, problems):
    """List of (seconds on the reference scale, header)."""
    reference = median_cost(command, REFERENCE_HEADER, RUNS_WHEN_DEAR)
    scale = REFERENCE_SEC / max(reference, 0.001)
    costs = []
    for header in headers:
        source = f'#include "{header.relative_to("src")}"\n'
        spent, error = compile_once(command, source)
        if error:
            first = next((line for line in error.splitlines() if "error" in line), error.splitlines()[0])
            problems.append(f"{header}:1: does not compile alone; include what it uses ({first.strip()})")
            continue
        if spent * scale > LIMIT_SEC:
            # Over the limit: measure again, with a fresh reference so both see the same load.
            reference = median_cost(command, REFERENCE_HEADER, RUNS_WHEN_DEAR)
            spent = median_cost(command, source, RUNS_WHEN_DEAR)
            scale = REFERENCE_SEC / max(reference, 0.001)
        costs.append((spent * scale, header))
    return sorted(costs, reverse=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="a room, e.g. chain")
    args = parser.parse_args()
    cxx = [word for word in shlex.split(os.environ.get("EMC_CXX") or "g++") if word != "ccache"]
    build = pathlib.Path(os.environ.get("EMC_BUILDDIR") or common.ROOT)
    headers = [h for h in common.files_with({".h"}) if h.parts[0] == "src"]
    if args.only:
        headers = [h for h in headers if h.parts[1] == args.only]
    problems = []
    with tempfile.TemporaryDirectory() as empty:
        command = cxx + ["-std=c++20", "-O2", "-pthread", "-fsyntax-only", f"-I{common.ROOT}/src", f"-I{build}/src",
                         f"-I{empty}"]
        costs = measure(command, headers, problems)
    print("ten dearest headers, seconds on the reference scale:")
    for seconds, header in costs[:10]:
        print(f"  {seconds:5.2f}  {header}")
    for seconds, header in costs:
        if seconds > LIMIT_SEC:
            problems.append(f"{header}:1: costs {seconds:.2f} s alone, at most {LIMIT_SEC:.2f}; forward-declare, or move "
                            "the dear include into a .cpp file")
    common.finish("header_cost", problems)


if __name__ == "__main__":
    sys.exit(main())
