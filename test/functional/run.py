#!/usr/bin/env python3
"""Runs the functional tests: every other script in this folder, several at a time, against the real programs.

The last line counts test functions: "N passed, N failed, N skipped". The exit code is 0 when none failed.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TIME_LIMIT_SECONDS = 240
EXTENDED_LIMIT_SECONDS = 1800
LONGEST_FIRST = ("p2p_garbage.py", "p2p_floods.py", "restart_kill.py", "rpc_auth.py", "shutdown.py", "storage_damage.py", "wallet_basic.py", "disk_full.py")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", help="build directory; default: EMC_BUILDDIR, or build/ in the checkout")
    parser.add_argument("--bin", help="folder of emercoind and emercoin-cli; default: src/ of the build directory")
    parser.add_argument("--jobs", type=int, default=2, help="scripts at a time (default: 2)")
    parser.add_argument("--filter", default="", help="only scripts whose name matches this regular expression")
    parser.add_argument("--keep", action="store_true", help="leave the data folders")
    parser.add_argument("--work", help="folder for data (default: a temporary one)")
    parser.add_argument("--extended", action="store_true", help="the long test functions, too; else they are skipped")
    parser.add_argument("--list", action="store_true", help="print the scripts and exit")
    return parser.parse_args()


def scripts(pattern):
    found = [path for path in HERE.glob("*.py") if path.name != "run.py" and re.search(pattern, path.stem)]
    order = {name: place for place, name in enumerate(LONGEST_FIRST)}
    return sorted(found, key=lambda path: (order.get(path.name, len(order)), path.name))


def run_script(path, options, programs):
    """(path, seconds, exit code, output)"""
    command = [sys.executable, str(path), "--bin", str(programs)]
    if options.work:
        command += ["--work", options.work]
    if options.keep:
        command.append("--keep")
    environment = dict(os.environ, PYTHONPATH=str(HERE), PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8",
                       EMC_EXTENDED="1" if options.extended else "")
    begin = time.monotonic()
    with tempfile.TemporaryFile() as output:
        # Its own session, so that a script over its time limit is ended with everything it started.
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                   env=environment, start_new_session=True)
        note = ""
        limit = EXTENDED_LIMIT_SECONDS if options.extended else TIME_LIMIT_SECONDS
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            code = process.wait()
            note = f"FAIL time_limit: not done within {limit} s\n"
        output.seek(0)
        text = output.read().decode(errors="replace") + note
    return path, time.monotonic() - begin, code, text


def main():
    options = arguments()
    wanted = scripts(options.filter)
    if options.list:
        print("\n".join(path.stem for path in wanted))
        return 0
    build = options.build or os.environ.get("EMC_BUILDDIR") or HERE.parent.parent / "build"
    programs = pathlib.Path(options.bin or pathlib.Path(build) / "src").resolve()
    for program in ("emercoind", "emercoin-cli"):
        if not os.access(programs / program, os.X_OK):
            print(f"{programs / program} is not there; build it first or say where with --bin")
            print("0 passed, 1 failed, 0 skipped")
            return 1
    begin = time.monotonic()
    passed = failed = skipped = 0
    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        futures = [pool.submit(run_script, path, options, programs) for path in wanted]
        for future in concurrent.futures.as_completed(futures):
            path, seconds, code, text = future.result()
            counts = [len(re.findall(rf"^{word} ", text, re.MULTILINE)) for word in ("PASS", "FAIL", "SKIP")]
            if code != 0 and counts[1] == 0:
                counts[1] = 1
            passed, failed, skipped = passed + counts[0], failed + counts[1], skipped + counts[2]
            print(f"{path.stem:<22} {counts[0]:4} passed {counts[1]:4} failed {counts[2]:4} skipped {seconds:7.1f} s",
                  flush=True)
            for line in re.findall(r"^SKIP .*$", text, re.MULTILINE):
                print(f"    {line}")
            if counts[1]:
                print(f"---- {path.name}, exit code {code}\n{text}----", flush=True)
    print(f"{len(wanted)} scripts in {time.monotonic() - begin:.0f} s")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
