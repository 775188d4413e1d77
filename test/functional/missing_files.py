#!/usr/bin/env python3
"""Every file of the data folder in turn is gone, empty or cut in half: the node says what is wrong and how to go on, or
comes to the very same state by itself. What it never does is to go on with another one."""

import shutil

from framework import check
from framework.chain import OP_TRUE, Tx, name_script, next_block
from framework.node import StartFailed
from framework.suite import run

OPTIONS = ("-mocktime=1800000000", "-txindex=1")
OWNER = bytes.fromhex("0014") + bytes(range(20))
HEIGHT = 130
# Neither holds anything: the lock's file and what LevelDB and the node write for people to read.
WITHOUT_MEANING = ("LOCK", "LOG", "LOG.old", ".lock", "debug.log")


def setup(env):
    node = env.start(*OPTIONS)
    rpc = node.rpc
    rpc.generatetodescriptor(110, "raw(51)")
    env.blocks = [rpc.getblock(rpc.getblockhash(height), 0) for height in range(1, 111)]
    for height in range(111, HEIGHT + 1):
        coin = rpc.getblock(rpc.getblockhash(height - 110))["tx"][0]
        tx = Tx(0x666).spend(coin, 0).pay(10 ** 4, name_script(1, f"n:{height}", OWNER, b"v" * 50, 30))
        block = next_block(rpc, [tx.pay(10 ** 8, OP_TRUE)]).solve()
        check.equal(rpc.submitblock(block.hex()), None, f"block {height}")
        env.blocks.append(block.hex())
        if height % 7 == 0:
            node.restart()  # so that the stores consist of tables and logs
            rpc = node.rpc
    env.txid = tx.txid()
    env.wanted = fingerprint(rpc)
    node.stop()
    env.source = node.folder
    env.times = {"by itself": 0, "after a word": 0}


def fingerprint(rpc):
    rpc.syncwithvalidationinterfacequeue()
    coins, names = rpc.gettxoutsetinfo(), rpc.name_indexinfo()
    return (coins["bestblock"], coins["hash_serialized_3"], coins["total_amount"], names["hash_name"],
            names["records_name"])


def copy_of(env):
    node = env.make(*OPTIONS)
    shutil.rmtree(node.folder, ignore_errors=True)
    shutil.copytree(env.source, node.folder)
    return node


def complete(env, node):
    """Gives the node the blocks it lost; then it must have the one state these blocks make."""
    for height in range(node.rpc.getblockcount() + 1, HEIGHT + 1):
        check.true(node.rpc.submitblock(env.blocks[height - 1]) in (None, "duplicate"), f"block {height}")
    check.equal(fingerprint(node.rpc), env.wanted)
    check.equal(node.rpc.verifychain(3, 0), True)


def harm(path, how):
    if path.is_dir():
        shutil.rmtree(path)
    elif how == "missing":
        path.unlink()
    else:
        data = path.read_bytes()
        path.write_bytes(data[:0 if how == "empty" else len(data) // 2])


def outcome(env, part, how):
    """Harms one file or folder of a copy and looks at what comes of it."""
    node = copy_of(env)
    path = node.folder / part
    if how == "half" and path.stat().st_size < 2:
        return
    harm(path, how)
    what = f"{part} {how}"
    try:
        node.start()
        started = True
    except StartFailed as failure:
        started = False
        check.equal((failure.code, failure.stderr.startswith("Error: ")), (1, True), what + failure.stderr)
        check.matches(failure.stderr, "/(blocks|chainstate|indexes)")
        check.contains(failure.stderr, "remove that directory" if "indexes" in part else "-reindex", what)
    if started:
        check.equal(fingerprint(node.rpc), env.wanted, what)
        if node.rpc.verifychain(3, 0):
            index = "the transaction index is not complete"
            check.soon(lambda: node.rpc.getindexinfo()["txindex"]["best_block_height"] == HEIGHT, f"{what}: {index}")
            check.true(node.rpc.getrawtransaction(env.txid, 0), what)
            node.stop()
            node.remove()
            env.times["by itself"] += 1
            return
        node.stop()  # found when it was looked at, and not before it was needed
    if "indexes" in part:
        shutil.rmtree(path.parent)
        node.start()
    else:
        node.start("-reindex")
    complete(env, node)
    node.stop()
    node.remove()
    env.times["after a word"] += 1


def files_of(env, folder):
    root = env.source
    return [str(path.relative_to(root)) for path in sorted((root / "regtest" / folder).rglob("*"))
            if path.is_file() and path.name not in WITHOUT_MEANING]


def each(env, folder):
    parts = files_of(env, folder)
    check.true(parts, f"no files in {folder}")
    for part in parts:
        for how in ("missing", "empty", "half"):
            outcome(env, part, how)


def test_block_files(env):
    for part in files_of(env, "blocks"):
        if "/index/" not in part:
            for how in ("missing", "empty", "half"):
                outcome(env, part, how)


def test_block_index(env):
    each(env, "blocks/index")


def test_state(env):
    each(env, "chainstate")


def test_transaction_index(env):
    each(env, "indexes/txindex")


def test_whole_folders(env):
    for part in ("regtest/blocks/index", "regtest/chainstate", "regtest/indexes", "regtest/indexes/txindex"):
        outcome(env, part, "missing")


def test_both_ways_were_seen(env):
    check.true(min(env.times.values()) > 0, env.times)


if __name__ == "__main__":
    run(globals())
