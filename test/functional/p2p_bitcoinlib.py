#!/usr/bin/env python3
"""A library nobody here wrote (Debian's python3-bitcoinlib) shakes hands, asks for headers and fetches all blocks."""

import json
import pathlib
import subprocess

from framework import check
from framework.names import Purse
from framework.suite import SYSTEM_PYTHON, Skip, run

PROGRAM = pathlib.Path(__file__).parent / "framework" / "bitcoinlib_peer.py"


def setup(env):
    env.share("-mocktime=1800000000")


def test_fetches_the_chain(env):
    there = subprocess.run([SYSTEM_PYTHON, "-c", "import bitcoin"], capture_output=True, check=False)
    if there.returncode != 0:
        raise Skip("python3-bitcoinlib is not installed")
    Purse(env.node, 1).register({"n:library": "value"})
    height = env.rpc.getblockcount()
    hashes = [env.rpc.getblockhash(number) for number in range(height + 1)]
    done = subprocess.run([SYSTEM_PYTHON, str(PROGRAM), str(env.node.p2p_port), hashes[0], hashes[1]],
                          capture_output=True, text=True, timeout=60, check=False)
    check.equal(done.returncode, 0, done.stderr)
    seen = json.loads(done.stdout.splitlines()[-1])
    check.equal((seen["hello"]["version"], seen["hello"]["height"]), (70016, height))
    check.equal(seen["hello"]["agent"], env.rpc.getnetworkinfo()["subversion"])
    check.equal(seen["header"], [hashes[1]])
    check.equal(seen["announced"], hashes[1:])
    check.equal([block[0] for block in seen["blocks"]], hashes[1:])
    check.true(all(block[2] for block in seen["blocks"]), "merkle roots")
    check.equal(seen["blocks"][-1][1], env.rpc.getblock(hashes[-1])["tx"])
    check.equal(seen["pong"], 7)


if __name__ == "__main__":
    run(globals())
