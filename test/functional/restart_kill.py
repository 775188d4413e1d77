#!/usr/bin/env python3
"""kill -9 at random moments while blocks with names arrive: afterwards all is as if nothing had happened."""

import random
import threading
import time

from framework import check
from framework.chain import OP_TRUE, Tx, name_script, next_block
from framework.suite import run

SEED = 20261119
KILLS = 10
BLOCKS = 260
OWNER = b"\x00\x14" + bytes([7] * 20)


def fingerprint(rpc):
    rpc.syncwithvalidationinterfacequeue()
    coins, names = rpc.gettxoutsetinfo(), rpc.name_indexinfo()
    return {"tip": coins["bestblock"], "coins": coins["hash_serialized_3"], "count": coins["txouts"],
            "total": coins["total_amount"], "names": names["hash_name"], "records": names["records_name"]}


def build_chain(rpc, rng):
    """Blocks that register many names, some for a day only, and pay out coins."""
    blocks = []
    for height in range(1, BLOCKS + 1):
        transactions = []
        if height > 101:
            source = rpc.getblock(rpc.getblockhash(height - 101))["tx"][0]
            tx = Tx(0x666).spend(source, 0).pay(10 ** 8, OP_TRUE)
            for i in range(rng.randint(1, 12)):
                value = bytes(rng.randrange(256) for _ in range(rng.randint(0, 700)))
                tx.pay(10 ** 4, name_script(1, f"n:{height}:{i}", OWNER, value, rng.choice((1, 30, 365))))
            transactions.append(tx)
        block = next_block(rpc, transactions).solve()
        check.equal(rpc.submitblock(block.hex()), None, f"block {height}")
        blocks.append(block.hex())
    return blocks


def setup(env):
    env.share("-mocktime=1800000000")
    env.blocks = build_chain(env.rpc, random.Random(SEED))
    env.wanted = fingerprint(env.rpc)
    check.true(env.wanted["records"] > 500, "too few names for this test")


def feed(rpc, blocks):
    """Submits until the node goes away."""
    try:
        for text in blocks:
            rpc.submitblock(text)
    except Exception:  # pylint: disable=broad-except
        pass


def test_kill_while_blocks_arrive(env):
    rng = random.Random(SEED)
    node = env.make("-mocktime=1800000000", "-dbcache=4", "-debug=storage")
    for _ in range(KILLS):
        node.start()
        have = node.rpc.getblockcount()
        thread = threading.Thread(target=feed, args=(node.connect(), env.blocks[have:]))
        thread.start()
        time.sleep(rng.uniform(0.0, 0.12))
        node.kill()
        thread.join(30)
    node.start()
    check.equal(node.rpc.verifychain(4, 0), True)
    have = node.rpc.getblockcount()
    if have:
        check.equal(node.rpc.getbestblockhash(), env.rpc.getblockhash(have), "a tip of the same chain")
    feed(node.rpc, env.blocks[have:])
    check.equal(fingerprint(node.rpc), env.wanted)
    check.true(node.stderr() == "", node.stderr())
    node.stop()


def test_kill_during_reorganisations(env):
    """invalidateblock and reconsiderblock are killed in the middle; the longest valid chain wins after all."""
    rng = random.Random(SEED + 1)
    node = env.start("-mocktime=1800000000")
    feed(node.rpc, env.blocks)
    check.equal(fingerprint(node.rpc), env.wanted)
    for _ in range(4):
        target = node.rpc.getblockhash(rng.randint(BLOCKS // 2, BLOCKS))
        thread = threading.Thread(target=_flip, args=(node.connect(), target))
        thread.start()
        time.sleep(rng.uniform(0.0, 0.03))
        node.kill()
        thread.join(30)
        node.start()
        check.equal(node.rpc.verifychain(3, 20), True)
        node.rpc.reconsiderblock(target)
        check.equal(fingerprint(node.rpc), env.wanted)
    node.stop()


def _flip(rpc, target):
    try:
        while True:
            rpc.invalidateblock(target)
            rpc.reconsiderblock(target)
    except Exception:  # pylint: disable=broad-except
        pass


def test_kill_during_reindex(env):
    node = env.start("-mocktime=1800000000")
    feed(node.rpc, env.blocks)
    for option in ("-reindex", "-reindex-chainstate"):
        node.stop()
        node.launch(option)
        time.sleep(0.08)
        node.kill()
        node.start()
        feed(node.rpc, env.blocks)
        check.equal(fingerprint(node.rpc), env.wanted, option)
    node.stop()


def test_indexes_after_kill(env):
    node = env.start("-mocktime=1800000000")
    feed(node.rpc, env.blocks[:200])
    node.kill()
    node.start()
    feed(node.rpc, env.blocks[200:])
    node.rpc.syncwithvalidationinterfacequeue()
    rows = node.rpc.getindexinfo()
    check.equal({name: row["best_block_height"] for name, row in rows.items()}, {"txindex": BLOCKS, "namehistory": BLOCKS})
    tx = env.rpc.getblock(env.rpc.getblockhash(150))["tx"][1]
    check.equal(node.rpc.getrawtransaction(tx, 1)["blockhash"], env.rpc.getblockhash(150))
    name = node.rpc.name_scan("n:150:", 1)[0]["name"]
    check.equal(node.rpc.name_history(name), env.rpc.name_history(name))
    node.stop()


if __name__ == "__main__":
    run(globals())
