#!/usr/bin/env python3
"""-assumevalid: scripts below a known block are taken as valid, every other rule holds."""

from framework import check
from framework.chain import OP_TRUE, Block, Tx, coinbase, name_script, next_block
from framework.suite import run

SUBSIDY = 50 * 10 ** 8
CLOCK = "-mocktime=1800000000"
OWNER = b"\x00\x14" + bytes([7] * 20)
NEVER = b"\x00"  # leaves false: nobody can spend it


def above(block, height, transactions=()):
    """A block on one that no node needs to have."""
    made = coinbase(height, SUBSIDY, OP_TRUE)
    return Block(block.hash(), block.time + 1, [made, *transactions]).solve()


def setup(env):
    """102 good blocks, one with a coin nobody can spend, one that spends it, and one on top."""
    env.share(CLOCK)
    env.rpc.generatetodescriptor(102, "raw(51)")
    env.good = [env.rpc.getblock(env.rpc.getblockhash(height), 0) for height in range(1, 103)]
    coin = env.rpc.getblock(env.rpc.getblockhash(1))["tx"][0]
    fund = Tx().spend(coin, 0).pay(SUBSIDY - 1000, NEVER)
    env.funded = next_block(env.rpc, [fund]).solve()
    check.equal(env.rpc.submitblock(env.funded.hex()), None)
    env.fund = fund.txid()
    env.bad = above(env.funded, 104, [Tx().spend(env.fund, 0).pay(SUBSIDY - 2000, OP_TRUE)])
    env.top = above(env.bad, 105)


def fed(env, *options):
    """A node with the good blocks and the headers of the others."""
    node = env.start(CLOCK, *options)
    for text in [*env.good, env.funded.hex()]:
        check.equal(node.rpc.submitblock(text), None)
    for block in (env.bad, env.top):
        check.equal(node.rpc.submitheader(block.header().hex()), None)
    return node


def test_refused_without(env):
    node = fed(env)
    check.matches(node.rpc.submitblock(env.bad.hex()), "script-verify")
    check.equal(node.rpc.getblockcount(), 103)
    check.true(node.logged("the scripts of all blocks are checked"), "the log says what is assumed")
    node.stop()


def test_accepted_with(env):
    node = fed(env, f"-assumevalid={env.top.hash()}")
    check.true(node.logged(f"assumed to be valid up to block {env.top.hash()}, whose header is not known"), "log")
    for block in (env.bad, env.top):
        check.equal(node.rpc.submitblock(block.hex()), None)
    check.equal(node.rpc.getbestblockhash(), env.top.hash())
    node.restart("-reindex-chainstate")
    check.true(node.logged(f"assumed to be valid up to block {env.top.hash()}, height 105"), "log")
    check.equal(node.rpc.getbestblockhash(), env.top.hash())
    # Later blocks are checked: a second coin like the first is not spent.
    coin = node.rpc.getblock(node.rpc.getblockhash(2))["tx"][0]
    fund = Tx().spend(coin, 0).pay(SUBSIDY - 1000, NEVER)
    later = above(env.top, 106, [fund, Tx().spend(fund.txid(), 0).pay(SUBSIDY - 2000, OP_TRUE)])
    check.matches(node.rpc.submitblock(later.hex()), "script-verify")
    node.stop()
    # Once it is no longer assumed, building anew stops below the block.
    node.options = [CLOCK]
    node.start("-reindex-chainstate")
    check.equal(node.rpc.getblockcount(), 103)
    node.stop()


def test_other_rules_hold(env):
    """Names, amounts and coins in a block below the assumed one."""
    script = name_script(1, "n:x", OWNER, b"v", 1)
    cases = (("fee", Tx(0x666).spend(env.fund, 0).pay(SUBSIDY - 1000, script)),
             ("delete", Tx(0x666).spend(env.fund, 0).pay(10 ** 4, name_script(3, "n:x", OWNER))),
             ("amount", Tx().spend(env.fund, 0).pay(SUBSIDY, OP_TRUE)),
             ("missing", Tx().spend(env.fund, 1).pay(1, OP_TRUE)))
    for what, tx in cases:
        bad = above(env.funded, 104, [tx])
        top = above(bad, 105)
        node = env.start(CLOCK, f"-assumevalid={top.hash()}")
        for text in [*env.good, env.funded.hex()]:
            check.equal(node.rpc.submitblock(text), None)
        for block in (bad, top):
            check.equal(node.rpc.submitheader(block.header().hex()), None)
        check.true(node.rpc.submitblock(bad.hex()) is not None, what)
        check.equal(node.rpc.getblockcount(), 103, what)
        node.stop()


def test_values(env):
    node = env.make(CLOCK)
    for wrong in ("1", "abc", "z" * 64):
        check.contains(node.fails_to_start(f"-assumevalid={wrong}"), f"-assumevalid={wrong} is neither a block hash")
    node.start("-assumevalid=0")
    node.stop()


def test_submitheader(env):
    header = next_block(env.rpc)
    header.solve()
    good = header.header().hex()
    check.refused(-22, "Not a block header: bytes are missing or left over", env.rpc.submitheader, good[:-2])
    check.refused(-22, "Not a block header: bytes are missing or left over", env.rpc.submitheader, good + "00")
    check.refused(-22, "Not a block header: bytes are missing or left over", env.rpc.submitheader, "xx")
    check.equal(env.rpc.submitheader(good), None)
    check.equal(env.rpc.submitheader(good), None)
    check.equal(env.rpc.getblockheader(header.hash())["confirmations"], -1)
    header.previous = bytes([9]) * 32
    check.refused(-25, "prev-blk-not-found", env.rpc.submitheader, header.solve().header().hex())
    check.refused(-25, "high-hash", env.rpc.submitheader, next_block(env.rpc).solve(False).header().hex())


if __name__ == "__main__":
    run(globals())
