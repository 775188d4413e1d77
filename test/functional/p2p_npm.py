#!/usr/bin/env python3
"""A library nobody here wrote (bitcore-p2p of the npm registry) shakes hands, follows all headers and fetches all blocks."""

import json
import pathlib
import subprocess

from framework import check
from framework.names import Purse
from framework.stake import Key, coinstake, grid, mine_coins, stake_block
from framework.suite import Skip, need, run

FOLDER = pathlib.Path(__file__).parent / "npm"
START = 1_800_000_000
BLOCKS = 2_200  # more than one message of headers


def setup(env):
    env.node_js = need("node")
    if not (FOLDER / "node_modules" / "bitcore-p2p").is_dir():
        raise Skip("bitcore-p2p is not installed; depends/install.sh --for test does it")
    env.share(f"-mocktime={START}")
    Purse(env.node, 1).register({"n:library": "value"})
    key = Key(77)
    coin = mine_coins(env.node, key, 1)[0]
    env.node.mine(BLOCKS)
    env.rpc.setmocktime(START + 100_000)
    tip = env.rpc.getblockheader(env.rpc.getbestblockhash())
    stake = coinstake(key, coin, 0, 50 * 10 ** 8)
    block = stake_block(tip["hash"], tip["height"] + 1, grid(tip["time"]), key, stake)
    check.equal(env.rpc.submitblock(block.hex()), None)
    env.stake = block.hash()


def test_fetches_the_chain(env):
    height = env.rpc.getblockcount()
    hashes = [env.rpc.getblockhash(number) for number in range(height + 1)]
    done = subprocess.run([env.node_js, "--no-deprecation", str(FOLDER / "peer.js"), str(env.node.p2p_port), hashes[0]],
                          capture_output=True, text=True, timeout=100, check=False)
    check.equal(done.returncode, 0, done.stdout[-500:] + done.stderr)
    seen = json.loads(done.stdout)
    check.equal((seen["version"], seen["height"]), (70016, height))
    check.equal(seen["agent"], env.rpc.getnetworkinfo()["subversion"])
    check.equal(seen["headers"], hashes[1:], "headers")
    check.equal([block["hash"] for block in seen["blocks"]], hashes[1:], "blocks")
    check.true(all(block["merkle"] for block in seen["blocks"]), "merkle roots")
    check.equal(seen["blocks"][-1]["hash"], env.stake)
    for number in (102, height):  # a name, a stake
        check.equal(seen["blocks"][number - 1]["transactions"], env.rpc.getblock(hashes[number])["tx"])
    check.equal(len(seen["blocks"][101]["transactions"]), 2, "the block of the name")
    check.equal(seen["pong"], True)


if __name__ == "__main__":
    run(globals())
