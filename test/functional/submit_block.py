#!/usr/bin/env python3
"""Blocks built by hand, good and bad, and the reason each bad one is refused with (BIP 22)."""

from framework import check
from framework.chain import OP_TRUE, Block, Tx, name_script, next_block, sha256d
from framework.suite import run

SUBSIDY = 50 * 10 ** 8
OWNER = b"\x00\x14" + bytes([7] * 20)


def setup(env):
    env.share("-mocktime=1800000000")
    env.rpc.generatetodescriptor(101, "raw(51)")
    env.coin = env.rpc.getblock(env.rpc.getblockhash(1))["tx"][0]
    env.young = env.rpc.getblock(env.rpc.getblockhash(50))["tx"][0]


def spend(env, *outputs, version=2, coin=None, index=0, lock_time=0, sequence=0xfffffffd):
    tx = Tx(version, lock_time).spend(coin or env.coin, index, sequence)
    for value, script in outputs or ((SUBSIDY - 1000, OP_TRUE),):
        tx.pay(value, script)
    return tx


def refused(env, block, reason):
    """submitblock gives exactly this reason and the tip stays."""
    tip = env.rpc.getbestblockhash()
    check.equal(env.rpc.submitblock(block.hex()), reason)
    check.equal(env.rpc.getbestblockhash(), tip, "tip")


def bad(env, reason, *transactions, value=None):
    block = next_block(env.rpc, transactions, value)
    if any(entry[4] for tx in transactions for entry in tx.inputs):
        block.commit()
    refused(env, block.solve(), reason)


def test_good_block(env):
    block = next_block(env.rpc).solve()
    check.equal(env.rpc.submitblock(block.hex()), None)
    check.equal(env.rpc.getbestblockhash(), block.hash())
    check.equal(env.rpc.submitblock(block.hex()), "duplicate")
    env.rpc.invalidateblock(block.hash())
    check.equal(env.rpc.submitblock(block.hex()), "duplicate-invalid")


def test_good_block_with_transactions(env):
    first = spend(env)
    block = next_block(env.rpc, [first, Tx().spend(first.txid(), 0).pay(SUBSIDY - 2000, OP_TRUE)],
                       SUBSIDY + 2000).commit().solve()
    check.equal(env.rpc.submitblock(block.hex()), None)
    check.equal(env.rpc.gettxout(first.txid(), 0), None, "made and spent in one block")
    env.rpc.invalidateblock(block.hash())
    check.equal(env.rpc.gettxout(env.coin, 0, False)["value"], 50, "the coin is back")


def test_not_a_block(env):
    good = next_block(env.rpc).solve().hex()
    for text in ("", "00", "zz", good[:-2], good + "00", good[:160], "ff" * 200, good[:160] + "fe" + "ff" * 4):
        check.refused(-22, "Block decode failed", env.rpc.submitblock, text)


def test_header(env):
    refused(env, next_block(env.rpc).solve(False), "high-hash")
    block = next_block(env.rpc)
    block.previous = bytes([9]) * 32
    refused(env, block.solve(), "prev-blk-not-found")
    block = next_block(env.rpc)
    block.time = env.rpc.getblockheader(env.rpc.getbestblockhash())["mediantime"]
    refused(env, block.solve(), "time-too-old")
    block = next_block(env.rpc)
    block.time = 1800000000 + 7201
    refused(env, block.solve(), "time-too-new")
    block = next_block(env.rpc)
    block.bits = 0x207ffffe
    refused(env, block.solve(), "bad-diffbits")
    block = next_block(env.rpc)
    block.version = 3
    refused(env, block.solve(), "bad-version")
    block = next_block(env.rpc)
    block.version = 0x104  # merged-mined, but no proof follows
    check.refused(-22, "Block decode failed", env.rpc.submitblock, block.solve().hex())


def test_on_invalid_parent(env):
    parent = next_block(env.rpc, value=SUBSIDY + 1).solve()
    refused(env, parent, "bad-cb-amount")
    child = Block(parent.hash(), parent.time + 1, next_block(env.rpc).transactions).solve()
    refused(env, child, "bad-prevblk")


def test_merkle_root(env):
    block = next_block(env.rpc)
    block.merkle = bytes(32)
    refused(env, block.solve(), "bad-txnmrklroot")
    tx = spend(env)
    block = next_block(env.rpc, [tx, Tx().spend(tx.txid(), 0).pay(1000, OP_TRUE)]).solve()
    twin = Block.parse(block.hex())
    twin.transactions.append(twin.transactions[2])  # three and four leaves with the same root
    refused(env, twin, "bad-txns-duplicate")
    check.equal(env.rpc.submitblock(block.hex()), None, "the honest copy is still taken")
    env.rpc.invalidateblock(block.hash())


def test_no_transactions(env):
    block = next_block(env.rpc)
    block.merkle = bytes(32)
    block.transactions = []
    check.true(env.rpc.submitblock(block.solve().hex()) in ("bad-blk-length", "bad-cb-missing", "bad-txnmrklroot"), "")


def test_coinbase(env):
    block = next_block(env.rpc, [spend(env)])
    block.transactions = block.transactions[1:]
    refused(env, block.solve(), "bad-cb-missing")
    block = next_block(env.rpc)
    block.transactions.append(next_block(env.rpc, value=0).transactions[0])
    refused(env, block.solve(), "bad-cb-multiple")
    block = next_block(env.rpc)
    block.transactions[0].inputs[0][2] = b"\x01\x05\x00"
    refused(env, block.solve(), "bad-cb-height")
    block = next_block(env.rpc)
    block.transactions[0].inputs[0][2] = b"\x00" * 101
    refused(env, block.solve(), "bad-cb-length")
    bad(env, "bad-cb-amount", value=SUBSIDY + 1)
    bad(env, "bad-cb-amount", spend(env), value=SUBSIDY + 1001)


def test_transactions(env):
    bad(env, "bad-txns-inputs-missingorspent", spend(env, coin="77" * 32))
    bad(env, "bad-txns-inputs-missingorspent", spend(env), spend(env, (1, OP_TRUE)))
    bad(env, "bad-txns-inputs-missingorspent", spend(env, index=1))
    bad(env, "bad-txns-premature-spend-of-coinbase", spend(env, coin=env.young))
    bad(env, "bad-txns-in-belowout", spend(env, (SUBSIDY + 1, OP_TRUE)))
    bad(env, "bad-txns-vout-negative", spend(env, (-1, OP_TRUE)))
    bad(env, "bad-txns-vout-toolarge", spend(env, (21_000_000 * 10 ** 8 + 1, OP_TRUE)))
    bad(env, "bad-txns-txouttotal-toolarge", spend(env, *[(21_000_000 * 10 ** 8, OP_TRUE)] * 2))
    bad(env, "bad-txns-inputs-duplicate", spend(env).spend(env.coin, 0))
    bad(env, "bad-txns-vout-empty", Tx().spend(env.coin, 0))
    height = env.rpc.getblockcount()
    bad(env, "bad-txns-nonfinal", spend(env, lock_time=height + 1))
    bad(env, "bad-txns-nonfinal", spend(env, sequence=200))


def test_scripts(env):
    """A coin whose script says no, and signatures that are none."""
    first = spend(env, (SUBSIDY - 1000, b"\x00\x14" + bytes(20)), (0, b"\x52\x88"))
    for script, witness in ((b"", ()), (b"\x51", ()), (b"", (b"", b"\x02" * 33)), (b"", (b"\x30" * 71, b"\x02" * 33))):
        second = Tx().spend(first.txid(), 0, script=script, witness=witness).pay(1000, OP_TRUE)
        block = next_block(env.rpc, [first, second], SUBSIDY).commit().solve()
        reason = env.rpc.submitblock(block.hex())
        check.true(reason is not None and reason.startswith("mandatory-script-verify-flag-failed"), f"{reason}")


def test_witness(env):
    tx = spend(env, (1000, OP_TRUE))
    tx.inputs[0][4] = [b"\x01"]
    block = next_block(env.rpc, [tx]).solve()
    refused(env, block, "unexpected-witness")
    block = next_block(env.rpc, [spend(env)]).commit()
    block.transactions[0].inputs[0][4] = [bytes(31)]
    refused(env, block.solve(), "bad-witness-nonce-size")
    block = next_block(env.rpc, [spend(env)]).commit()
    block.transactions[0].inputs[0][4] = [b"\x01" * 32]
    refused(env, block.solve(), "bad-witness-merkle-match")
    block.transactions[0].inputs[0][4] = [bytes(32)]
    check.equal(env.rpc.submitblock(block.hex()), None, "the whole copy is still taken")
    env.rpc.invalidateblock(block.hash())


def test_size(env):
    block = next_block(env.rpc, [spend(env, (1000, b"\x6a" + b"\x00" * 999_990))])
    check.true(env.rpc.submitblock(block.solve().hex()) in ("bad-blk-length", "bad-txns-oversize"), "")
    heavy = spend(env, (1000, OP_TRUE))
    heavy.inputs[0][4] = [b"\x00" * 3_999_000]
    refused(env, next_block(env.rpc, [heavy]).commit().solve(), "bad-blk-weight")
    bad(env, "bad-blk-sigops", spend(env, *[(1, b"\xac" * 9_000)] * 3))


def test_names(env):
    """Name operations in blocks: the reject strings of rules N, E and V."""
    new = name_script(1, "a:name", OWNER, b"value", 30)
    for reason, tx in (
            ("bad-name-missing", spend(env, (1000, OP_TRUE), version=0x666)),
            ("bad-name-prefix", spend(env, (1000, b"\x51\x75\x51" + new[3:]), version=0x666)),
            ("bad-name-owner", spend(env, (1000, name_script(1, "a", OP_TRUE, b"v", 30)), version=0x666)),
            ("bad-name-size", spend(env, (1000, name_script(1, "", OWNER, b"v", 30)), version=0x666)),
            ("bad-name-size", spend(env, (1000, name_script(1, "n" * 513, OWNER, b"v", 30)), version=0x666)),
            ("bad-name-value-size", spend(env, (1000, name_script(1, "a", OWNER, b"v" * 20_481, 30)), version=0x666)),
            ("bad-name-days", spend(env, (1000, name_script(1, "a", OWNER, b"v", 0)), version=0x666)),
            ("bad-name-days", spend(env, (1000, name_script(1, "a", OWNER, b"v", 36_501)), version=0x666)),
            ("bad-name-repeated-tx", spend(env, (1000, new), (1000, new), version=0x666)),
            ("bad-name-not-live", spend(env, (1000, name_script(2, "a:name", OWNER, b"v", 5)), version=0x666)),
            ("bad-name-not-live", spend(env, (1000, name_script(3, "a:name", OWNER)), version=0x666)),
            ("bad-enum-name", spend(env, (1000, name_script(1, "enum:018009359935:0", OWNER, b"v", 5)), version=0x666)),
            ("bad-enum-value", spend(env, (1000, name_script(1, "enum:18009359935:0", OWNER, b"v", 5)), version=0x666)),
            ("bad-ver-value", spend(env, (1000, name_script(1, "ver:a", OWNER, b"v", 5)), version=0x666)),
            ("bad-reward-payload", spend(env, version=0x0ca1))):
        bad(env, reason, tx)


def test_name_in_other_version_is_no_name(env):
    tx = spend(env, (1000, name_script(1, "a:plain", OWNER, b"value", 30)))
    block = next_block(env.rpc, [tx]).solve()
    check.equal(env.rpc.submitblock(block.hex()), None)
    check.refused(-4, "no such name", env.rpc.name_show, "a:plain")
    env.rpc.invalidateblock(block.hash())


def test_name_once_per_block(env):
    script = name_script(1, "a:twice", OWNER, b"value", 30)
    other = env.rpc.getblock(env.rpc.getblockhash(2))["tx"][0]
    bad(env, "bad-name-repeated-block", spend(env, (1000, script), version=0x666),
        spend(env, (1000, script), version=0x666, coin=other))


def test_the_node_is_well(env):
    check.equal(env.rpc.verifychain(4, 0), True)
    check.equal(len(env.node.mine(1)), 1)
    check.equal(sha256d(bytes.fromhex(env.rpc.getblockheader(env.rpc.getbestblockhash(), False)))[::-1].hex(),
                env.rpc.getbestblockhash())


def test_reorganisation_limit(env):
    """A branch from too deep is refused block by block; reconsiderblock of where it branches off lets it in."""
    node = env.start("-maxreorg=5", "-mocktime=1800000000")
    other = env.start("-mocktime=1800000000")
    common = [other.rpc.getblock(hashed, 0) for hashed in other.mine(3)]
    for text in common:
        check.equal(node.rpc.submitblock(text), None)
    fork = node.rpc.getbestblockhash()
    node.rpc.generatetodescriptor(8, "raw(51)")
    branch = [other.rpc.getblock(hashed, 0) for hashed in other.mine(12)]
    for text in branch[:2]:
        check.true(node.rpc.submitblock(text) is not None, "a deep branch was taken")
    check.equal(node.rpc.submitblock(branch[0]), "bad-fork-depth")
    node.rpc.reconsiderblock(fork)
    for text in branch[:8]:
        check.equal(node.rpc.submitblock(text), "inconclusive")
    for text in branch[8:]:
        check.equal(node.rpc.submitblock(text), None)
    check.equal(node.rpc.getbestblockhash(), other.rpc.getbestblockhash())
    check.equal(node.rpc.gettxoutsetinfo()["hash_serialized_3"], other.rpc.gettxoutsetinfo()["hash_serialized_3"])
    node.stop()
    other.stop()

if __name__ == "__main__":
    run(globals())
