#!/usr/bin/env python3
"""Every message malformed in thousands of ways over each transport: whoever sends what cannot be read goes, the node stays.

EMC_MALFORMED_WAYS says how many ways; 10,000 take six minutes of processor time.
"""

import os
import re
import subprocess

from framework import check
from framework.node import memory_kib
from framework.p2p import join
from framework.suite import Skip, extended, run

WAYS = os.environ.get("EMC_MALFORMED_WAYS", "2000")
GROWTH_KIB = 64 * 1024
LOGGED = ") misbehaves: "
LOG_LINES = 9_000  # no place in the program fills the log with more than about this in an hour


def setup(env):
    extended()
    env.sender = env.programs.parent / "test/unit/p2p/malformed_sender"
    if not env.sender.exists():
        raise Skip("malformed_sender is not built (make check builds it)")


def torment(env, transport):
    node = env.start("-blockfilterindex", "-peerblockfilters", "-peerbloomfilters")
    node.mine(3)
    join(node.p2p_port, transport == "v2").close()
    before = memory_kib(node.process.pid)
    done = subprocess.run([env.sender, str(node.p2p_port), transport, WAYS], capture_output=True, text=True, check=False)
    grown = memory_kib(node.process.pid, "VmHWM") - before
    print(f"{transport}: {done.stdout.strip()}; grown by {grown} KiB at most")
    check.equal((done.returncode, done.stderr), (0, ""))
    unreadable = int(re.search(r"(\d+) unreadable", done.stdout).group(1))
    check.true(node.running(), "the node has ended")
    check.true(grown <= GROWTH_KIB, f"grown by {grown} KiB")
    logged = node.log().count(LOGGED)
    check.true(logged >= min(unreadable, LOG_LINES), f"{logged} lines say why {unreadable} went")
    check.soon(lambda: node.rpc.getconnectioncount() == 0, "connections are left")
    join(node.p2p_port, transport == "v2").close()
    check.equal(node.rpc.getblockcount(), 3)
    node.stop()


def test_v1(env):
    torment(env, "v1")


def test_v2(env):
    torment(env, "v2")


if __name__ == "__main__":
    run(globals())
