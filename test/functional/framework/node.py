"""A node of its own: process, data folder, ports."""

import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import time

from framework.rpc import HttpError, Rpc, RpcError
from framework.schema import Schema

START_SECONDS = 60
STOP_SECONDS = 30
PORT_SLICES, PORTS_OF_A_SLICE = 20, 1000
NOBODY_SCRIPT = "0014" + "01" * 20  # P2WPKH whose key nobody knows


class StartFailed(Exception):
    """The daemon ended instead of answering."""

    def __init__(self, code, stderr):
        super().__init__(f"exit code {code}: {stderr}")
        self.code = code
        self.stderr = stderr


_given = set()  # ports this process has chosen: who gets one may listen later, or for a while not


def free_port():
    """A port nobody listens on, TCP and UDP, below those the system gives to clients. Not the same again for long; scripts that run at
    the same time choose from different slices."""
    if len(_given) > PORTS_OF_A_SLICE // 2:
        _given.clear()  # those of long ago are free again
    begin = 11000 + os.getpid() % PORT_SLICES * PORTS_OF_A_SLICE
    while True:
        port = begin + random.SystemRandom().randrange(PORTS_OF_A_SLICE)
        if port in _given:
            continue
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        _given.add(port)
        return port


class Node:
    """One emercoind on regtest. `options` are given at every start. Every result its calls give is held against the schema."""

    _schemas = {}  # by folder of the programs

    def __init__(self, programs, folder, options=()):
        self.programs = pathlib.Path(programs)
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.options = list(options)
        self.rpc_port = free_port()
        self.dns_port = free_port()
        self.p2p_port = free_port()
        self.process = None
        self.rpc = None
        self.schema = None  # of what its calls give
        self.stderr_allowed = ""

    @property
    def network(self):
        return self.folder / "regtest"

    def command(self, *options):
        return [str(self.programs / "emercoind"), "-regtest", f"-datadir={self.folder}", f"-rpcport={self.rpc_port}",
                f"-emcdnsport={self.dns_port}", f"-bind=127.0.0.1:{self.p2p_port}", "-connect=0", "-listenonion=0",
                "-printtoconsole=0", *self.options, *options]

    def launch(self, *options, wrapper=(), pass_fds=()):
        """Starts the process and returns at once."""
        with open(self.folder / "stdout.txt", "wb") as out, open(self.folder / "stderr.txt", "wb") as err:
            self.process = subprocess.Popen([*wrapper, *self.command(*options)], stdout=out, stderr=err,
                                            stdin=subprocess.DEVNULL, pass_fds=pass_fds)
        return self

    def start(self, *options, wrapper=(), pass_fds=()):
        """Starts and waits until calls are answered; StartFailed when it ends instead."""
        self.launch(*options, wrapper=wrapper, pass_fds=pass_fds)
        self.wait_ready()
        return self

    def wait_ready(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise StartFailed(self.process.returncode, self.stderr())
            try:
                self.rpc = self.connect()
                self.rpc.getblockcount()
                self.rpc.schema = self.schema = self._schema()
                return
            except (OSError, RpcError, HttpError):
                time.sleep(0.02)
        raise AssertionError(f"{self.folder}: not ready within {START_SECONDS} s; {self.log()[-2000:]}")

    def connect(self, wallet=None, login=None):
        """A further RPC connection; by default with the cookie."""
        if login is None:
            login = (self.network / ".cookie").read_text()
        return Rpc(self.rpc_port, login, wallet, schema=self.schema)

    def _schema(self):
        """What the program says of its calls; read once per program."""
        key = str(self.programs)
        if key not in Node._schemas:
            Node._schemas[key] = Schema(self.rpc.call("rpc.discover"))
        return Node._schemas[key]

    def fails_to_start(self, *options, wrapper=()):
        """Starts, expects it to end by itself with an error; gives stderr."""
        try:
            self.start(*options, wrapper=wrapper)
        except StartFailed as failure:
            self.process = None
            if failure.code != 1:
                raise AssertionError(f"exit code {failure.code}, 1 expected; {failure.stderr}") from None
            return failure.stderr
        self.stop()
        raise AssertionError("the node started; an error was expected")

    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, number=None):
        """Ends the node by `stop` or a signal, and checks exit code, stderr and left files. Gives the seconds."""
        begin = time.monotonic()
        if number is None:
            self.rpc.stop()
        else:
            self.process.send_signal(number)
        code = self.process.wait(STOP_SECONDS)
        took = time.monotonic() - begin
        self.forget()
        if code != 0:
            raise AssertionError(f"{self.folder}: exit code {code}; {self.stderr()}")
        self.check_stderr()
        return took

    def forget(self):
        self.process = None
        if self.rpc is not None:
            self.rpc.close()
            self.rpc = None

    def kill(self):
        """kill -9"""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_SECONDS)
        self.forget()

    def restart(self, *options):
        self.stop()
        return self.start(*options)

    def end(self):
        """Ends whatever still runs, without checks."""
        if self.running():
            self.process.kill()
            self.process.wait()
        self.forget()

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def check_stderr(self):
        text = self.stderr()
        if text != self.stderr_allowed:
            raise AssertionError(f"{self.folder}: stderr is not clean: {text[:2000]}")

    def stderr(self):
        return (self.folder / "stderr.txt").read_text(errors="replace")

    def log(self):
        path = self.network / "debug.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def logged(self, pattern):
        return re.search(pattern, self.log()) is not None

    def cli(self, *words, text=None, check=True):
        """Runs emercoin-cli; gives CompletedProcess with text output."""
        done = subprocess.run([str(self.programs / "emercoin-cli"), "-regtest", f"-datadir={self.folder}",
                               f"-rpcport={self.rpc_port}", *map(str, words)], input=text, capture_output=True,
                              text=True, timeout=120, check=False)
        if check and done.returncode != 0:
            raise AssertionError(f"emercoin-cli {words}: exit code {done.returncode}: {done.stderr}")
        return done

    def pid_file(self):
        return self.network / "emercoin.pid"

    def mine(self, count=1, address=None):
        """Mines blocks to an address, by default a fixed one that nobody holds; gives the hashes."""
        if address is None:
            hashes = self.rpc.generatetodescriptor(count, f"raw({NOBODY_SCRIPT})")
        else:
            hashes = self.rpc.generatetoaddress(count, address)
        self.rpc.syncwithvalidationinterfacequeue()
        return hashes


def memory_kib(pid, which="VmRSS"):
    """Resident memory of a process, now or (VmHWM) at most so far."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(which + ":"):
            return int(line.split()[1])
    return 0


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))
