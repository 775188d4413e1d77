#!/usr/bin/env python3
"""Sockets that systemd opens: UDP, TCP and TLS are taken over as they are, and outlive the node."""

import contextlib
import socket
import sys

from framework import check
from framework.dns import Client, Stream
from framework.node import StartFailed, free_port
from framework.suite import run

# Does what systemd does: sockets from descriptor 3 on, three variables, then the program.
LAUNCHER = """
import os, sys
fds = [int(text) for text in sys.argv[1].split(",")]
high = [os.dup2(fd, 100 + i) for i, fd in enumerate(fds)]
for i, fd in enumerate(high):
    os.dup2(fd, 3 + i)
    os.set_inheritable(3 + i, True)
os.environ.update(LISTEN_PID=str(os.getpid() + int(sys.argv[3])), LISTEN_FDS=str(len(fds)), LISTEN_FDNAMES=sys.argv[2])
os.execv(sys.argv[4], sys.argv[4:])
"""


def bound(kind, port, listen=True):
    out = socket.socket(socket.AF_INET, kind)
    out.bind(("127.0.0.1", port))
    if kind == socket.SOCK_STREAM and listen:
        out.listen(16)
    return out


def start(node, sockets, names, pid_offset=0):
    """Starts the node with sockets as systemd would hand them over."""
    wrapper = (sys.executable, "-c", LAUNCHER, ",".join(str(one.fileno()) for one in sockets), names, str(pid_offset))
    return node.start(wrapper=wrapper, pass_fds=[one.fileno() for one in sockets])


def soa(port, over_tcp=False):
    if over_tcp:
        with Stream(port) as tcp:
            return tcp.ask("coin", "SOA").rcode
    return Client(port, timeout=2).ask("coin", "SOA").rcode


def test_sockets_are_taken_over(env):
    port, tls_port = free_port(), free_port()
    sockets = [bound(socket.SOCK_DGRAM, port), bound(socket.SOCK_STREAM, port), bound(socket.SOCK_STREAM, tls_port)]
    with contextlib.ExitStack() as stack:
        for one in sockets:
            stack.enter_context(one)
        node = env.make("-emcdns=1", "-emcdnsallowed=.coin", "-mocktime=1800000000")
        for turn in range(2):  # the second time shows that the first has left them as they were
            start(node, sockets, "dns:dns:dns-tls")
            listen = node.rpc.getdnsinfo()["listen"]
            check.equal(listen, [f"127.0.0.1:{port}/udp", f"127.0.0.1:{port}/tcp", f"127.0.0.1:{tls_port}/tls"], f"turn {turn}")
            node.mine(1)
            check.soon(lambda: soa(port) == "NOERROR", "UDP")
            check.equal(soa(port, over_tcp=True), "NOERROR", "TCP")
            check.true(node.stop() < 5, "the stop waits for something")
        # A question that comes while no node runs is answered by the next one.
        with Stream(port, timeout=20) as early:
            start(node, sockets, "dns:dns:dns-tls")
            check.equal(early.ask("coin", "SOA").rcode in ("NOERROR", "SERVFAIL"), True)
            node.stop()


def test_variables_of_another_process(env):
    port = free_port()
    with bound(socket.SOCK_DGRAM, port) as udp:
        node = env.make("-emcdns=1", "-emcdnsallowed=.coin")
        start(node, [udp], "dns", 1)
        check.true(f"127.0.0.1:{node.dns_port}/udp" in node.rpc.getdnsinfo()["listen"], "own sockets are to be opened")
        node.stop()


def test_sockets_that_do_not_fit(env):
    with bound(socket.SOCK_STREAM, free_port(), listen=False) as silent:
        node = env.make("-emcdns=1", "-emcdnsallowed=.coin")
        try:
            start(node, [silent], "dns")
        except StartFailed as failure:
            node.process = None
            check.contains(failure.stderr, "neither a UDP socket nor a listening TCP socket")
            return
        raise AssertionError("the node started")


if __name__ == "__main__":
    run(globals())
