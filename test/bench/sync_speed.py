#!/usr/bin/env python3
"""How fast a node fetches a chain of small proof-of-stake blocks from another on this computer, beside rebuilding it locally.

The chain comes from bench_replay, which makes it when the folder is empty. Both transports are measured; the ceiling is
-reindex of the same blocks: the same checks without a network. CPU seconds are of the fetching node, then of those that serve.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "test" / "functional"))

from framework import node as framework_node  # pylint: disable=wrong-import-position
from framework.node import Node  # pylint: disable=wrong-import-position

GENESIS_TIME = 1296688602
STEP_SECONDS = 16
START_SECONDS = 600
framework_node.START_SECONDS = 600
TICK = os.sysconf("SC_CLK_TCK")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=str(ROOT / "build"), help="build directory")
    parser.add_argument("--chain", help="folder of the chain; kept and used again (default: a temporary one)")
    parser.add_argument("--blocks", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--sources", type=int, default=1, help="nodes that have the chain")
    return parser.parse_args()


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def until(node, sources, height):
    """Wall and CPU seconds of the node until it has the chain, and CPU seconds of its sources."""
    begin, spent = time.monotonic(), cpu_seconds(node.process.pid)
    served = sum(cpu_seconds(source.process.pid) for source in sources)
    while node.rpc.getblockcount() < height:
        time.sleep(0.05)
    wall, cpu = time.monotonic() - begin, cpu_seconds(node.process.pid) - spent
    return wall, cpu, sum(cpu_seconds(source.process.pid) for source in sources) - served


def show(label, blocks, seconds, ceiling=None):
    wall, cpu, served = seconds
    beside = "" if ceiling is None else f", {100 * ceiling / wall:5.1f} % of reindex"
    print(f"{label:<34} {wall:7.2f} s, CPU {cpu:7.2f} + {served:5.2f} s, {blocks / wall:7.0f} blocks/s{beside}", flush=True)


def source_node(programs, folder, chain, options):
    node = Node(programs, folder, options)
    shutil.copytree(chain, node.network)
    return node.start()


def reindex(node, height):
    """Seconds from the start of the process until it answers with the whole chain."""
    begin = time.monotonic()
    node.start("-reindex")
    while node.rpc.getblockcount() < height:
        time.sleep(0.05)
    return time.monotonic() - begin, cpu_seconds(node.process.pid), 0


def main():
    options = arguments()
    programs = pathlib.Path(options.build).resolve() / "src"
    with tempfile.TemporaryDirectory(prefix="emc-bench-") as work:
        chain = pathlib.Path(options.chain or pathlib.Path(work) / "chain")
        chain.mkdir(exist_ok=True)
        if not (chain / "blocks").exists():
            subprocess.run([pathlib.Path(options.build) / "test/bench/bench_replay", str(options.blocks), "1", str(chain)],
                           check=True, stdout=subprocess.DEVNULL)
        mock = GENESIS_TIME + 2 * STEP_SECONDS * (options.blocks + 1000)
        common = [f"-mocktime={mock}", "-disablewallet", "-dbcache=450"]
        sources = [source_node(programs, pathlib.Path(work) / f"source{number}", chain, common)
                   for number in range(options.sources)]
        height = sources[0].rpc.getblockcount()
        print(f"{height} blocks from {options.sources} node(s) on this computer, {os.cpu_count()} processors")
        for number in range(options.rounds):
            ends = []
            for transport in (1, 0):
                node = Node(programs, pathlib.Path(work) / f"late{number}{transport}", [*common, f"-v2transport={transport}"])
                node.start(*(f"-addnode=127.0.0.1:{source.p2p_port}" for source in sources))
                ends.append((f"fetched over v{1 + transport}", until(node, sources, height)))
                node.stop()
                if transport:
                    node.remove()
            ceiling = reindex(node, height)
            node.stop()
            node.remove()
            show("rebuilt from its own files", height, ceiling)
            for label, seconds in ends:
                show(label, height, seconds, ceiling[0])
        for source in sources:
            source.stop()


if __name__ == "__main__":
    main()
