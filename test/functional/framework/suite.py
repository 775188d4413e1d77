"""Runs the test functions of one script against real processes and prints a line for each."""

import argparse
import importlib.util
import os
import pathlib
import shutil
import sys
import tempfile
import time
import traceback

from framework.node import Node
from framework.rpc import RpcError

METHOD_NOT_FOUND = -32601
SYSTEM_PYTHON = "/usr/bin/python3"  # has the modules that depends/packages.txt names


class Skip(Exception):
    """Raised by a test that needs what is not here; the text says what."""


class Env:
    """What a test function gets: programs, a folder of its own, nodes that are ended afterwards."""

    def __init__(self, programs, folder):
        self.programs = pathlib.Path(programs)
        self.folder = pathlib.Path(folder)
        self.nodes = []
        self.node = None
        self.rpc = None
        self.at_end = []  # called when all nodes have ended

    def make(self, *options):
        """A node that does not run yet."""
        node = Node(self.programs, self.folder / f"node{len(self.nodes)}", options)
        self.nodes.append(node)
        return node

    def start(self, *options):
        return self.make(*options).start()

    def share(self, *options):
        """Starts the node the functions of a script share: env.node, env.rpc."""
        self.node = self.start(*options)
        self.rpc = self.node.rpc
        return self.node

    def need_wallet(self):
        """Skips unless the shared node was built with wallets."""
        try:
            self.rpc.listwallets()
        except RpcError as error:
            if error.code != METHOD_NOT_FOUND:
                raise
            raise Skip("the node was built without wallets") from None

    def path(self, name):
        return self.folder / name


def system_python(module):
    """Starts the script anew with the system's Python when only that one may have the module."""
    if importlib.util.find_spec(module) is None and sys.executable != SYSTEM_PYTHON and os.path.exists(SYSTEM_PYTHON):
        os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON, *sys.argv])


def extended():
    """Skips unless the long tests are wanted, too (run.py --extended)."""
    if not os.environ.get("EMC_EXTENDED"):
        raise Skip("a long one: run.py --extended")


def need(program, folders=()):
    """Path of a program, found as a shell would or in these folders; without it the test is skipped."""
    found = shutil.which(program) or shutil.which(program, path=os.pathsep.join(folders) or None)
    if found is None:
        raise Skip(f"{program} is not installed")
    return found


def _run_one(name, function, env):
    begin = time.monotonic()
    try:
        function(env)
    except Skip as skip:
        print(f"SKIP {name}: {skip}", flush=True)
        return True
    except Exception:  # pylint: disable=broad-except
        traceback.print_exc(file=sys.stdout)
        print(f"FAIL {name} ({time.monotonic() - begin:.2f} s)", flush=True)
        return False
    print(f"PASS {name} ({time.monotonic() - begin:.2f} s)", flush=True)
    return True


def _stop_all(env):
    """Every node that still runs must end in order with nothing on stderr."""
    for node in env.nodes:
        if node.process is None:
            continue
        if not node.running():
            raise AssertionError(f"{node.folder}: ended with code {node.process.returncode}: {node.stderr()}")
        node.stop()


def _arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", default=os.environ.get("EMC_BUILDDIR", "build") + "/src", help="folder of the programs")
    parser.add_argument("--work", help="folder for data; default: a temporary one")
    parser.add_argument("--keep", action="store_true", help="leave the data folder")
    parser.add_argument("--only", default="", help="only test functions whose name contains this")
    return parser.parse_args()


def main(names):
    """Runs setup(env), then every test_… in the order of the file, then ends all nodes."""
    options = _arguments()
    folder = tempfile.mkdtemp(prefix="emc-test-", dir=options.work)
    env = Env(pathlib.Path(options.bin).resolve(), folder)
    tests = [(name, function) for name, function in names.items()
             if name.startswith("test_") and callable(function) and options.only in name]
    good = True
    try:
        if "setup" in names:
            try:
                names["setup"](env)
            except Skip as skip:
                for name, _ in tests:
                    print(f"SKIP {name}: {skip}", flush=True)
                return 0
            except Exception:  # pylint: disable=broad-except
                traceback.print_exc(file=sys.stdout)
                print("FAIL setup", flush=True)
                good, tests = False, []
        for name, function in tests:
            good = _run_one(name, function, env) and good
        good = _run_one("ends_cleanly", _stop_all, env) and good
    finally:
        for node in env.nodes:
            node.end()
        if not good:
            _print_logs(env)
        for action in env.at_end:
            action()
        if options.keep:
            print(f"data kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if good else 1


def _print_logs(env):
    for node in env.nodes[-3:]:
        print(f"---- end of {node.network}/debug.log\n{node.log()[-3000:]}")


def run(names):
    sys.exit(main(names))
