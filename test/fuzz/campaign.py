#!/usr/bin/env python3
"""Runs fuzz targets of a libFuzzer build for a while each and prints a table of what came of it.

    test/fuzz/campaign.py build-fuzz --seconds 1200 --jobs 2 > table.md

Each target starts from its saved inputs (test/fuzz/corpora) and puts new ones, and what made it fail, below --work.
CPU time is shown beside the clock's, since a busy machine gives a target less than its seconds.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import resource
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIMEOUT_SEC = 20  # for one input; generous, so that a busy machine does not count as a fault
MEMORY_MIB = 3000


def run(program, seconds, work):
    """One row: target, runs, CPU seconds, coverage, result."""
    target = program.name.removeprefix("fuzz_")
    found = work / target
    found.mkdir(parents=True, exist_ok=True)
    saved = ROOT / "test/fuzz/corpora" / target
    command = [str(program), f"-max_total_time={seconds}", f"-timeout={TIMEOUT_SEC}", f"-rss_limit_mb={MEMORY_MIB}",
               f"-artifact_prefix={work}/{target}-", "-print_final_stats=1", str(found)]
    if saved.is_dir():
        command.append(str(saved))
    environment = {**os.environ, "ASAN_OPTIONS": "allocator_may_return_null=1", "UBSAN_OPTIONS": "halt_on_error=1"}
    with open(work / f"{target}.log", "w+", encoding="utf-8", errors="replace") as log:
        with subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        text = log.read()
    runs = re.search(r"number_of_executed_units: *(\d+)", text)
    edges = re.findall(r"cov: (\d+)", text)
    fault = re.search(r"SUMMARY: (.*)", text)
    result = "nothing found" if process.returncode == 0 else (fault.group(1) if fault else f"exit {process.returncode}")
    return target, int(runs.group(1)) if runs else 0, usage.ru_utime + usage.ru_stime, edges[-1] if edges else "–", result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path, help="folder configured with --enable-fuzz")
    parser.add_argument("targets", nargs="*", help="names without fuzz_; all when none is given")
    parser.add_argument("--seconds", type=int, default=1200, help="for each target (%(default)s)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="targets at the same time (%(default)s)")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("fuzz-found"), help="new inputs (%(default)s)")
    args = parser.parse_args()
    programs = sorted(path for path in (args.build / "test/fuzz").glob("fuzz_*")
                      if path.is_file() and os.access(path, os.X_OK) and path.suffix == "")
    if args.targets:
        programs = [path for path in programs if path.name.removeprefix("fuzz_") in args.targets]
    if not programs:
        sys.exit(f"campaign: no fuzz targets in {args.build}/test/fuzz; configure with --enable-fuzz and build them")
    args.work.mkdir(parents=True, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print("| Target | Runs | CPU s | Edges | Result |\n|---|---|---|---|---|")
    failed = False
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for number, row in enumerate(pool.map(lambda path: run(path, args.seconds, args.work), programs), 1):
            target, runs, cpu, edges, result = row
            print(f"| {target} | {runs:,} | {cpu:.0f} | {edges} | {result} |", flush=True)
            left = (len(programs) - number) * args.seconds / args.jobs / 60
            print(f"{100 * number // len(programs)} %, about {left:.0f} min left", file=sys.stderr, flush=True)
            failed = failed or result != "nothing found"
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
