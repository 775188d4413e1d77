"""A network of its own for a whole script: every port is free, and /etc/resolv.conf is the script's."""

import ctypes
import fcntl
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

MARK = "EMC_TEST_NAMESPACE"
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
PR_SET_PDEATHSIG = 1


def inside():
    """Is this the script's own network?"""
    return MARK in os.environ


def enter():
    """Starts the script again in namespaces of its own, as root or as a user who may make them; stays outside where nobody may. To be
    called before anything else."""
    if inside():
        _loopback_up()
        return
    unshare = shutil.which("unshare")
    if unshare is None:
        return
    command = [unshare, "--net", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
    if subprocess.run([*command, "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0:
        os.environ[MARK] = "1"
        os.execv(unshare, [*command, sys.executable, *sys.argv])


def _loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(handle, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(handle, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def name_server(folder, address):
    """Makes `address` the only name server of every program started from now on."""
    path = folder / "resolv.conf"
    first = not path.exists()
    path.write_text(f"nameserver {address}\n")
    if first:
        subprocess.run(["mount", "--bind", str(path), "/etc/resolv.conf"], check=True)


def own_name_server(folder, address):
    """Words in front of a command that is to have another name server than the rest of the script."""
    path = folder / f"resolv-{address}.conf"
    path.write_text(f"nameserver {address}\n")
    return [shutil.which("unshare"), "--mount", "sh", "-c", f'mount --bind "{path}" /etc/resolv.conf && exec "$@"', "sh"]


def _running():
    """Process and parent of all that run."""
    out = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text(errors="replace").rpartition(")")[2].split()[:2]
        except OSError:
            continue  # has ended
        if state != "Z":
            out[int(path.parent.name)] = int(parent)
    return out


def _die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Program:
    """Somebody else's program; its output is kept, it ends with the script at the latest."""

    def __init__(self, folder, *command):
        self.log = folder / f"{os.path.basename(command[0])}-{time.monotonic_ns()}.log"
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen([str(word) for word in command], stdout=out, stderr=subprocess.STDOUT, cwd=folder,
                                            stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent)

    def text(self):
        return self.log.read_text(errors="replace")

    def wait_for(self, condition, seconds=60):
        """Waits until the condition holds; the program's output when it does not."""
        end = time.monotonic() + seconds
        while not condition():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise AssertionError(f"{self.process.args[0]}, exit code {self.process.returncode}: {self.text()[-3000:]}")
            time.sleep(0.05)
        return self

    def wait_code(self, seconds):
        """The exit code of a program that ends by itself."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.stop()
            raise AssertionError(f"{self.process.args[0]} does not end: {self.text()[-3000:]}") from None

    def crash(self):
        """kill -9 for the program and everything it has started; returns when they have ended."""
        parents, family = _running(), [self.process.pid]
        for one in family:
            family += [child for child, parent in parents.items() if parent == one]
        for one in family:
            os.kill(one, signal.SIGKILL)
        self.process.wait()
        while not _running().keys().isdisjoint(family):
            time.sleep(0.02)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
