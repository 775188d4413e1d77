"""Computers of a test: network namespaces, and lines between them that are slow and lose packets. Root only.

Everything is named after the process that made it; what an earlier run left behind because it was killed is removed by the next
one.
"""

import contextlib
import ctypes
import os
import re
import shutil
import subprocess

from framework.node import Node
from framework.packets import Switch, open_tap
from framework.rpc import Rpc
from framework.suite import Skip

PREFIX = "emct"
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def ip(*words, check=True):
    return subprocess.run(["ip", *words], capture_output=True, text=True, check=check).stdout


def _running(pid):
    return os.path.exists(f"/proc/{pid}")


def remove_leftovers(of_all=False):
    """Removes what processes made that have ended; `of_all`: and this one."""
    for name in set(re.findall(rf"{PREFIX}(\d+)n", ip("netns", "list"))):
        if _running(name) and not (of_all and int(name) == os.getpid()):
            continue
        for space in re.findall(rf"^({PREFIX}{name}n\d+)", ip("netns", "list"), re.MULTILINE):
            ip("netns", "del", space, check=False)


class Networks:
    """`count` namespaces, 10.88.0.1 and so on. `line(a, b)` gives the framework.packets.Line from one number to another."""

    def __init__(self, count, line, dice):
        if os.geteuid() != 0:
            raise Skip("network namespaces need root")
        if shutil.which("ip") is None:
            raise Skip("ip is not installed")
        remove_leftovers()
        self.spaces = [f"{PREFIX}{os.getpid()}n{number}" for number in range(count)]
        taps = []
        try:
            for number, space in enumerate(self.spaces):
                taps.append(self._add(number, space))
        except (subprocess.CalledProcessError, OSError) as error:
            for tap in taps:
                os.close(tap)
            remove_leftovers(of_all=True)
            raise Skip(f"no network namespaces with TAP devices: {getattr(error, 'stderr', None) or error}") from None
        self.switch = Switch(taps, line, dice)

    def _add(self, number, space):
        ip("netns", "add", space)
        with within(space):
            tap = open_tap("eth0")
        ip("-n", space, "addr", "add", f"{self.address(number)}/24", "dev", "eth0")
        ip("-n", space, "link", "set", "eth0", "up")
        ip("-n", space, "link", "set", "lo", "up")
        return tap

    @staticmethod
    def address(number):
        return f"10.88.0.{number + 1}"

    def inside(self, number):
        """Words before a command that run it there."""
        return ("ip", "netns", "exec", self.spaces[number])

    def part(self, numbers):
        """These reach each other only, until join()."""
        for number in numbers:
            self.switch.island[number] = 1

    def join(self, numbers):
        for number in numbers:
            self.switch.island[number] = 0

    def remove(self):
        self.switch.close()
        remove_leftovers(of_all=True)


@contextlib.contextmanager
def within(space):
    """The calling thread's sockets belong to the namespace meanwhile."""
    with open("/proc/thread-self/ns/net", "rb") as here, open(f"/var/run/netns/{space}", "rb") as there:
        if LIBC.setns(there.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {space}")
        try:
            yield
        finally:
            LIBC.setns(here.fileno(), CLONE_NEWNET)


class SpaceRpc(Rpc):
    """Calls a node by the loopback address of its namespace."""

    def __init__(self, space, *arguments):
        super().__init__(*arguments)
        self.space = space

    def post(self, body, headers=None):
        with within(self.space):
            return super().post(body, headers)


class SpaceNode(Node):
    """A node in a namespace."""

    PORT = 6661

    def __init__(self, networks, number, *arguments):
        super().__init__(*arguments)
        self.networks, self.number = networks, number
        self.options.append(f"-bind={networks.address(number)}:{self.PORT}")

    @property
    def address(self):
        return f"{self.networks.address(self.number)}:{self.PORT}"

    def launch(self, *options, wrapper=(), pass_fds=()):
        ends_with_us = ("setpriv", "--pdeathsig", "KILL")
        inside = [*wrapper, *ends_with_us, *self.networks.inside(self.number)]
        return super().launch(*options, wrapper=inside, pass_fds=pass_fds)

    def connect(self, wallet=None, login=None):
        if login is None:
            login = (self.network / ".cookie").read_text()
        return SpaceRpc(self.networks.spaces[self.number], self.rpc_port, login, wallet)
