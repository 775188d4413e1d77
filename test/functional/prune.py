#!/usr/bin/env python3
"""-prune: old block files go, the state and the newest blocks stay, whatever happens meanwhile."""

import random
import threading
import time

from framework import check
from framework.chain import OP_TRUE, Tx, name_script, next_block
from framework.node import Node
from framework.p2p import BlockSource, join
from framework.rpc import RpcError
from framework.suite import run

CLOCK = "-mocktime=1800000000"
FAST = (CLOCK, "-fastprune")
WIDE = (b"\x4d\x08\x02" + bytes(520) + b"\x75") * 7 + b"\x51"  # anybody may spend it; a block takes a sixteenth of a file
OWNER = b"\x00\x14" + bytes([7] * 20)
BLOCKS = 460
KEPT = 298
GONE = "pruned: its file was removed"


def setup(env):
    """A chain with names on a node that keeps everything."""
    env.share(CLOCK)
    env.blocks = []
    for height in range(1, BLOCKS + 1):
        transactions = []
        if height > 101 and height % 10 == 0:
            coin = env.rpc.getblock(env.rpc.getblockhash(height - 101))["tx"][0]
            tx = Tx(0x666).spend(coin, 0).pay(10 ** 4, name_script(1, f"n:{height}", OWNER, b"v" * 300, 30))
            transactions.append(tx.pay(10 ** 8, OP_TRUE))
        block = next_block(env.rpc, transactions, script=WIDE).solve()
        check.equal(env.rpc.submitblock(block.hex()), None, f"block {height}")
        env.blocks.append(block.hex())
    env.wanted = fingerprint(env.rpc)


def fingerprint(rpc):
    rpc.syncwithvalidationinterfacequeue()
    coins, names = rpc.gettxoutsetinfo(), rpc.name_indexinfo()
    return (coins["bestblock"], coins["hash_serialized_3"], coins["total_amount"], names["hash_name"],
            names["records_name"])


def feed(rpc, blocks):
    for text in blocks:
        check.equal(rpc.submitblock(text), None)
    rpc.syncwithvalidationinterfacequeue()


def files(node, kind="blk"):
    return sorted(path.name for path in (node.network / "blocks").glob(f"{kind}*.dat"))


def disk(node):
    return sum(path.stat().st_size for path in (node.network / "blocks").glob("???*.dat"))


def check_kept(node, first, last):
    """Blocks below `first` are gone and say so; the others are here."""
    for height in range(1, last + 1):
        hashed = node.rpc.getblockhash(height)
        if height < first:
            check.refused(-1, GONE, node.rpc.getblock, hashed, 0)
        else:
            check.equal(len(node.rpc.getblock(hashed, 0)) > 7000, True)


def test_values(env):
    node = env.make(CLOCK)
    for wrong in ("2", "549"):
        check.contains(node.fails_to_start(f"-prune={wrong}"), f"-prune={wrong} is neither 0 (keep all blocks)")
    check.contains(node.fails_to_start("-prune=-1"), "-prune")
    check.contains(node.fails_to_start("-prune=550", "-txindex"), "-prune and -txindex exclude each other")
    node.start("-prune=550")
    info = node.rpc.getblockchaininfo()
    check.equal([info[key] for key in ("pruned", "pruneheight", "automatic_pruning", "prune_target_size")],
                [True, 0, True, 550 << 20])
    check.equal(list(node.rpc.getindexinfo()), ["namehistory"])
    node.stop()
    check.refused(-1, "does not prune", env.rpc.pruneblockchain, 1)
    check.equal(env.rpc.getblockchaininfo()["pruned"], False)
    check.equal("pruneheight" in env.rpc.getblockchaininfo(), False)


def test_by_hand(env):
    node = env.start(*FAST, "-prune=1")
    feed(node.rpc, env.blocks[:KEPT])
    check.refused(-1, "too short for pruning: its height is 298, and the newest 298 blocks are kept",
                  node.rpc.pruneblockchain, 10)
    feed(node.rpc, env.blocks[KEPT:])
    before = files(node)
    check.refused(-8, "cannot be negative", node.rpc.pruneblockchain, -1)
    check.refused(-8, f"its height is {BLOCKS}", node.rpc.pruneblockchain, BLOCKS + 1)
    check.refused(-8, "No block of the chain is as new", node.rpc.pruneblockchain, 4000000000)
    check.equal(node.rpc.pruneblockchain(3), -1, "no whole file")
    last = node.rpc.pruneblockchain(50)
    check.true(20 < last <= 50, f"pruned to {last}")
    check.equal(node.rpc.pruneblockchain(50), last, "nothing more to do")
    check.equal(files(node), [name for name in before if name not in before[:len(before) - len(files(node))]])
    check_kept(node, last + 1, BLOCKS)
    info = node.rpc.getblockchaininfo()
    check.equal([info["pruneheight"], info["automatic_pruning"]], [last + 1, False])
    check.equal("prune_target_size" in info, False)
    # A time: that of block 80, two hours apart; then everything that may go.
    stamp = node.rpc.getblockheader(node.rpc.getblockhash(80))["time"] + 7200
    check.true(50 < node.rpc.pruneblockchain(stamp) <= 80, "by time")
    last = node.rpc.pruneblockchain(BLOCKS)
    check.true(BLOCKS - KEPT - 20 < last <= BLOCKS - KEPT, f"pruned to {last}")
    readers(env, node, last)
    check.equal(fingerprint(node.rpc), env.wanted)
    node.restart()
    check.equal(node.rpc.getblockchaininfo()["pruneheight"], last + 1)
    check_kept(node, last + 1, BLOCKS)
    check.equal(fingerprint(node.rpc), env.wanted)
    env.manual = node


def readers(env, node, last):
    """Who needs a block that is gone says so."""
    gone = node.rpc.getblockhash(5)
    check.refused(-1, GONE, node.rpc.getblockstats, 5)
    check.refused(-1, GONE, node.rpc.getrawtransaction, env.rpc.getblock(gone)["tx"][0], 1, gone)
    check.equal(node.rpc.getblockheader(gone)["nTx"], 1)
    check.equal(node.rpc.submitblock(env.blocks[4]), "duplicate")
    check.equal(node.rpc.verifychain(4, 0), True)
    check.true(node.logged(f"verification ends at height {last}, where blocks are pruned"), "verifychain")
    check.equal(node.rpc.name_history("n:110"), env.rpc.name_history("n:110"), "the index has read it before")


def test_reorganisation(env):
    """As deep as blocks are kept; below it is refused."""
    node = env.manual
    first = node.rpc.getblockchaininfo()["pruneheight"]
    for height in (BLOCKS - 5, first):
        target = node.rpc.getblockhash(height)
        node.rpc.invalidateblock(target)
        check.equal(node.rpc.getblockcount(), height - 1)
        node.mine(3)
        node.rpc.reconsiderblock(target)
        check.equal(fingerprint(node.rpc), env.wanted)
    check.refused(None, f"Blocks below height {first} are pruned", node.rpc.invalidateblock,
                  node.rpc.getblockhash(first - 1))
    check.equal(fingerprint(node.rpc), env.wanted)


def test_blocks_come_back(env):
    """From a peer, on the operator's word; nothing that was pruned can be undone by that."""
    node = env.manual
    first = node.rpc.getblockchaininfo()["pruneheight"]
    hashes = [node.rpc.getblockhash(height) for height in (5, first - 1, 0)]
    node.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "onetry")
    peer = check.soon(lambda: [one["id"] for one in node.rpc.getpeerinfo() if one["version"]], "no peer")[0]
    check.refused(-1, "Block header missing", node.rpc.getblockfrompeer, "00" * 32, peer)
    check.refused(-1, "already downloaded", node.rpc.getblockfrompeer, node.rpc.getblockhash(first), peer)
    check.refused(-1, "Peer does not exist", node.rpc.getblockfrompeer, hashes[0], peer + 1000)
    for hashed in hashes:
        check.refused(-1, GONE, node.rpc.getblock, hashed)
        check.equal(node.rpc.getblockfrompeer(hashed, peer), {})
        check.soon(lambda: here(node, hashed), f"{hashed} does not come")
        check.equal(node.rpc.getblock(hashed, 2), env.rpc.getblock(hashed, 2))
    check.refused(-1, GONE, node.rpc.getblock, node.rpc.getblockhash(6))
    node.restart()
    check.equal(node.rpc.getblock(hashes[0], 0), env.blocks[4])
    lowest = node.rpc.getblockchaininfo()["pruneheight"]
    check.true(lowest in (first - 1, first), "one lower when the undo record of the block is still there")
    check.refused(None, f"Blocks below height {lowest} are pruned", node.rpc.invalidateblock, node.rpc.getblockhash(lowest - 1))
    check.equal(fingerprint(node.rpc), env.wanted)


def test_a_damaged_copy_does_not_come_back(env):
    node = env.manual
    hashed = node.rpc.getblockhash(7)
    good = bytes.fromhex(env.blocks[6])
    bad = good[:-5] + bytes([good[-5] ^ 1]) + good[-4:]
    liar = join(node.p2p_port, source=BlockSource([bad]), height=BLOCKS)
    number = check.soon(lambda: [one["id"] for one in node.rpc.getpeerinfo() if one["version"]], "no peer")[-1]
    node.rpc.getblockfrompeer(hashed, number)
    check.soon(lambda: number not in [one["id"] for one in node.rpc.getpeerinfo()], "the liar stays")
    check.refused(-1, GONE, node.rpc.getblock, hashed)
    liar.close()
    check.equal(fingerprint(node.rpc), env.wanted)


def here(node, hashed):
    try:
        return node.rpc.getblock(hashed)
    except RpcError:
        return None


def test_a_better_branch_below(env):
    """One that leaves the chain where blocks are gone is not followed, and the node goes on."""
    node = env.manual
    start = node.rpc.getblockheader(node.rpc.getblockhash(20))
    fork = env.start(CLOCK)
    feed(fork.rpc, env.blocks[:20])
    fork.mine(BLOCKS)
    for height in range(start["height"] + 1, fork.rpc.getblockcount() + 1):
        text = fork.rpc.getblock(fork.rpc.getblockhash(height), 0)
        check.true(node.rpc.submitblock(text) in ("inconclusive", None), f"block {height}")
    check.equal(fingerprint(node.rpc), env.wanted)
    check.true(node.logged("branches off at height 20, where blocks are pruned"), "log")
    node.restart()
    check.equal(fingerprint(node.rpc), env.wanted)
    fork.stop()


def test_other_starts(env):
    node = env.manual
    node.stop()
    node.options = [CLOCK, "-fastprune"]
    text = node.fails_to_start()
    check.contains(text, "old blocks are pruned")
    check.contains(text, "go on with -prune, or start with -reindex")
    check.contains(node.fails_to_start("-prune=1", "-reindex-chainstate"), "-reindex-chainstate cannot build")
    node.start("-prune=1")
    check.equal(fingerprint(node.rpc), env.wanted)
    node.stop()
    node.start("-prune=1", "-reindex")
    check.equal(node.rpc.getblockcount(), 0)
    check.true(node.logged("blk00000.dat is gone: this folder was pruned"), "log")
    feed(node.rpc, env.blocks)
    check.equal(fingerprint(node.rpc), env.wanted)
    node.stop()


def test_indexes(env):
    """An index that follows keeps what it has not read; one that comes too late is refused."""
    node = env.start(*FAST, "-prune=1", "-nameindex=0")
    feed(node.rpc, env.blocks)
    check.true(node.rpc.pruneblockchain(100) > 0, "pruned")
    node.stop()
    check.contains(node.fails_to_start("-nameindex=1"), "index namehistory would have to read block 0")
    node.start()
    check.equal(fingerprint(node.rpc), env.wanted)
    node.stop()


def test_wallet(env):
    env.need_wallet()
    node = env.start(*FAST, "-prune=1")
    feed(node.rpc, env.blocks)
    secret = node.rpc.dumpprivkey(node.rpc.getnewaddress("", "legacy"))
    old = node.folder / "old.dat"
    node.rpc.importprivkey(secret, "", True)
    node.stop()
    early = env.start(CLOCK)
    early.rpc.importprivkey(secret, "", True)  # as old as the chain
    early.rpc.backupwallet(str(old))
    early.stop()
    node.start()
    node.rpc.pruneblockchain(100)
    check.refused(-4, "pruned", node.rpc.importprivkey, secret, "", True)
    node.rpc.importprivkey(secret, "", False)
    folder = node.network / "wallets" / "old"
    folder.mkdir()
    (folder / "wallet.dat").write_bytes(old.read_bytes())
    check.refused(-4, "pruned", node.rpc.loadwallet, "old")
    node.rpc.createwallet("young")
    check.equal(node.rpc.listwallets(), ["", "young"])
    node.stop()


def test_by_itself(env):
    """550 KiB for two megabytes of blocks; with the newest 298 blocks they take more, and no more than those."""
    node = env.start(*FAST, "-prune=550")
    most = 0
    for height, text in enumerate(env.blocks, 1):
        check.equal(node.rpc.submitblock(text), None)
        if height % 20 == 0:
            node.rpc.syncwithvalidationinterfacequeue()
            most = max(most, disk(node))
    node.rpc.syncwithvalidationinterfacequeue()
    info = node.rpc.getblockchaininfo()
    check.true(info["pruneheight"] > 100, f"pruned up to {info['pruneheight']}")
    check.true(info["pruneheight"] <= BLOCKS - KEPT + 1, "the newest are kept")
    check.true(most < 1_700_000, f"{most} bytes")
    check_kept(node, info["pruneheight"], BLOCKS)
    check.equal(fingerprint(node.rpc), env.wanted)
    node.mine(1500)  # small blocks: now the target can be kept
    check.true(disk(node) <= 550 * 1024, f"{disk(node)} bytes")
    tip = node.rpc.getbestblockhash()
    node.restart()
    check.equal(node.rpc.getbestblockhash(), tip)
    check.equal(node.rpc.verifychain(4, 0), True)
    node.stop()


def prune_for_ever(rpc):
    try:
        while True:
            if (height := rpc.getblockcount()) > KEPT:
                rpc.pruneblockchain(height)
    except Exception:  # pylint: disable=broad-except
        pass


def submit_some(rpc, blocks):
    try:
        for text in blocks:
            rpc.submitblock(text)
    except Exception:  # pylint: disable=broad-except
        pass


def test_killed_while_pruning(env):
    rng = random.Random(20261121)
    node: Node = env.start(*FAST, "-prune=1")
    feed(node.rpc, env.blocks[:KEPT + 20])
    for _ in range(8):
        have = node.rpc.getblockcount()
        threads = [threading.Thread(target=prune_for_ever, args=(node.connect(),)),
                   threading.Thread(target=submit_some, args=(node.connect(), env.blocks[have:have + 30]))]
        for thread in threads:
            thread.start()
        time.sleep(rng.uniform(0.0, 0.08))
        node.kill()
        for thread in threads:
            thread.join(30)
        node.start()
        check.equal(node.rpc.verifychain(4, 0), True)
    feed(node.rpc, env.blocks[node.rpc.getblockcount():])
    check.equal(fingerprint(node.rpc), env.wanted)
    last = node.rpc.pruneblockchain(BLOCKS)
    check.true(last > 0, "pruned")
    check_kept(node, last + 1, BLOCKS)
    check.equal(len(files(node)), int(files(node)[-1][3:8]) - int(files(node)[0][3:8]) + 1, "no file is left behind")
    node.stop()


if __name__ == "__main__":
    run(globals())
