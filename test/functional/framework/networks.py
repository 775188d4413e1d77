"""Computers of a test: network namespaces joined by a bridge, and lines between them that are slow. Root only.

Everything is named after the process that made it; what an earlier run left behind because it was killed is removed by the next
one.
"""

import contextlib
import ctypes
import os
import re
import shutil
import socket
import subprocess
import threading
import time

from framework.acceptor import Acceptor
from framework.node import Node
from framework.rpc import Rpc
from framework.suite import Skip

PREFIX = "emct"
HOST = "10.88.0.254"
CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def ip(*words, check=True):
    return subprocess.run(["ip", *words], capture_output=True, text=True, check=check).stdout


def _running(pid):
    return os.path.exists(f"/proc/{pid}")


def remove_leftovers(of_all=False):
    """Removes what processes made that have ended; `of_all`: and this one."""
    for name in set(re.findall(rf"{PREFIX}(\d+)", ip("netns", "list") + ip("-o", "link"))):
        if _running(name) and not (of_all and int(name) == os.getpid()):
            continue
        for space in re.findall(rf"^({PREFIX}{name}n\d+)", ip("netns", "list"), re.MULTILINE):
            ip("netns", "del", space, check=False)
        for bridge in "bc":
            ip("link", "del", f"{PREFIX}{name}{bridge}", check=False)


class Networks:
    """`count` namespaces on one bridge, 10.88.0.1 and so on."""

    def __init__(self, count):
        if os.geteuid() != 0:
            raise Skip("network namespaces need root")
        if shutil.which("ip") is None:
            raise Skip("ip is not installed")
        remove_leftovers()
        self.bridge, self.other = f"{PREFIX}{os.getpid()}b", f"{PREFIX}{os.getpid()}c"
        self.spaces = [f"{PREFIX}{os.getpid()}n{number}" for number in range(count)]
        try:
            for bridge in (self.bridge, self.other):
                ip("link", "add", bridge, "type", "bridge")
                ip("link", "set", bridge, "up")
            ip("addr", "add", f"{HOST}/24", "dev", self.bridge)
            for number, space in enumerate(self.spaces):
                self._add(number, space)
        except subprocess.CalledProcessError as error:
            self.remove()
            raise Skip(f"the kernel makes no network namespaces: {error.stderr.strip()}") from None

    def _add(self, number, space):
        ip("netns", "add", space)
        ip("link", "add", self.outer(number), "type", "veth", "peer", "name", "eth0", "netns", space)
        ip("link", "set", self.outer(number), "master", self.bridge, "up")
        ip("-n", space, "addr", "add", f"{self.address(number)}/24", "dev", "eth0")
        ip("-n", space, "link", "set", "eth0", "up")
        ip("-n", space, "link", "set", "lo", "up")

    @staticmethod
    def outer(number):
        return f"{PREFIX}v{os.getpid() % 100_000}n{number}"

    @staticmethod
    def address(number):
        return f"10.88.0.{number + 1}"

    def inside(self, number):
        """Words before a command that run it there."""
        return ("ip", "netns", "exec", self.spaces[number])

    def part(self, numbers):
        """These reach each other only, until join()."""
        for number in numbers:
            ip("link", "set", self.outer(number), "master", self.other)

    def join(self, numbers):
        for number in numbers:
            ip("link", "set", self.outer(number), "master", self.bridge)

    def remove(self):
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


class SlowLine:
    """A port on the bridge that leads to a node; every byte arrives late, by as much as the dice say."""

    def __init__(self, target, dice, low_ms, high_ms):
        self.target, self.dice, self.range = target, dice, (low_ms / 1000, high_ms / 1000)
        self._acceptor = Acceptor(self._serve, HOST)
        self.address = self._acceptor.address

    def _serve(self, client):
        host, port = self.target.split(":")
        try:
            server = socket.create_connection((host, int(port)), 5)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        threading.Thread(target=self._pump, args=(server, client), daemon=True).start()
        self._pump(client, server)

    def _pump(self, source, sink):
        try:
            while data := source.recv(1 << 16):
                time.sleep(self.dice.uniform(*self.range))
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self):
        self._acceptor.close()
