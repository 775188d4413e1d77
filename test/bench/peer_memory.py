#!/usr/bin/env python3
"""What a connection costs a node in memory: resident bytes with 125 peers that have shaken hands, and when each has said
and been told more. Prints KiB for each peer."""

import argparse
import os
import pathlib
import random
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "test" / "functional"))

# pylint: disable=wrong-import-position
from framework import wire
from framework.chain import compact
from framework.node import Node, memory_kib
from framework.p2p import join

PEERS = 110
TRANSACTIONS = 20_000


def show(label, node, before):
    print(f"{label:<58} {(memory_kib(node.process.pid) - before) / PEERS:7.1f} KiB", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=str(ROOT / "build"), help="build directory")
    options = parser.parse_args()
    programs = pathlib.Path(options.build).resolve() / "src"
    with tempfile.TemporaryDirectory(prefix="emc-bench-") as work:
        for v2 in (False, True):
            node = Node(programs, pathlib.Path(work) / f"node{v2:d}", ["-disablewallet"]).start()
            node.mine(1)
            join(node.p2p_port, v2).close()
            before = memory_kib(node.process.pid)
            peers = [join(node.p2p_port, v2) for _ in range(PEERS)]
            show(f"v{1 + v2}: shaken hands", node, before)
            dice = random.Random(1)
            for _ in range(2):
                item = b"".join(b"\5\0\0\0" + dice.randbytes(32) for _ in range(500))
                for peer in peers:
                    peer.send("inv", compact(500) + item)
            for peer in peers:
                peer.sync()
            show("    1,000 announcements from each, the same ones", node, before)
            for peer in peers:
                item = b"".join(b"\5\0\0\0" + os.urandom(32) for _ in range(TRANSACTIONS))
                peer.send("inv", compact(TRANSACTIONS) + item)
                entries = [wire.AddressV2(1_700_000_000, 1, 1, dice.randbytes(4), 6661) for _ in range(1000)]
                peer.say("addrv2", entries=entries)
            for peer in peers:
                peer.sync()
            show(f"    {TRANSACTIONS} other ones from each, 1,000 addresses", node, before)
            for peer in peers:
                peer.close()
            node.stop()


if __name__ == "__main__":
    main()
