#!/usr/bin/env python3
"""Compact blocks (BIP 152) in both directions: complete at once, with transactions missing, and bad ones."""

import struct

from framework import check, wire
from framework.chain import OP_TRUE, Tx, next_block
from framework.compact import compact_of, short_id, siphash, transactions_of
from framework.p2p import Peer, join
from framework.suite import run

START = 1_800_000_000
SUBSIDY = 50 * 10 ** 8


def setup(env):
    env.share(f"-mocktime={START}")
    env.rpc.generatetodescriptor(120, "raw(51)")
    env.coins = [env.rpc.getblock(env.rpc.getblockhash(height))["tx"][0] for height in range(1, 21)]


def spend(env):
    return Tx().spend(env.coins.pop(0), 0).pay(SUBSIDY - 20_000, OP_TRUE)


def wait_relayed(env, tx):
    env.rpc.sendrawtransaction(tx.hex())
    check.equal(tx.txid() in env.rpc.getrawmempool(), True)


def raw(block):
    return bytes.fromhex(block.hex())


def reaches(env, hashed):
    check.soon(lambda: env.rpc.getbestblockhash() == hashed, f"the tip is not {hashed}")


def knows_our_chain(env, peer):
    """The peer says that it has the tip, as one that is in step does."""
    peer.say("headers", headers=[bytes.fromhex(env.rpc.getblockheader(env.rpc.getbestblockhash(), False))])
    peer.sync()


def test_siphash(env):  # pylint: disable=unused-argument
    """The example of the paper that describes it."""
    key = struct.unpack("<QQ", bytes(range(16)))
    check.equal(siphash(*key, bytes(range(15))), 0xa129ca6149be45e5)


def test_the_node_gives_compact_blocks(env):
    for v2 in (False, True):
        quick, slow = join(env.node.p2p_port, v2), join(env.node.p2p_port, v2)
        quick.say("sendcmpct", high=1, version=2)
        slow.say("sendcmpct", high=0, version=2)
        for peer in (quick, slow):
            knows_our_chain(env, peer)
        wait_relayed(env, spend(env))
        hashed = env.node.mine()[0]
        block = bytes.fromhex(env.rpc.getblock(hashed, 0))
        header, transactions = transactions_of(block)
        got = quick.wait("cmpctblock")
        check.equal(wire.header_hash(got.header), hashed)
        check.equal([(place, tx.txid()) for place, tx in got.prefilled], [(0, transactions[0].txid())])
        check.equal(got.short_ids, [short_id(header, got.nonce, transactions[1])])
        quick.say("getblocktxn", block=hashed, positions=[1])
        check.equal([tx.serialize() for tx in quick.wait("blocktxn").transactions], [transactions[1].serialize()])
        slow.wait_for(lambda: slow.all("inv") or [one for one in slow.all("headers") if one.headers], "an announcement")
        check.equal(slow.all("cmpctblock"), [], "a compact block nobody asked for")
        slow.say("getdata", items=[wire.Inv(wire.COMPACT_BLOCK, hashed)])
        check.equal(wire.header_hash(slow.wait("cmpctblock").header), hashed)
        slow.say("getdata", items=[wire.Inv(wire.COMPACT_BLOCK, env.rpc.getblockhash(20))])
        check.equal(wire.header_hash(wire.read_header(wire.Reader(slow.wait("block").block))), env.rpc.getblockhash(20))
        quick.close()
        slow.close()


def test_a_peer_that_asked_for_headers(env):
    """It need not say that it has what it was told: the next block comes at once."""
    peer = join(env.node.p2p_port)
    peer.say("sendcmpct", high=1, version=2)
    peer.say("getheaders", version=70016, locator=[env.rpc.getblockhash(1)], stop="00" * 32)
    peer.wait("headers", lambda one: len(one.headers) == env.rpc.getblockcount() - 1)
    hashed = env.node.mine()[0]
    check.equal(wire.header_hash(peer.wait("cmpctblock").header), hashed)
    peer.say("getheaders", version=70016, locator=[hashed], stop="00" * 32)
    hashed = env.node.mine()[0]
    peer.wait("cmpctblock", lambda one: wire.header_hash(one.header) == hashed)
    peer.close()


def test_other_versions_are_passed_over(env):
    peer = join(env.node.p2p_port)
    peer.say("sendcmpct", high=1, version=1)
    knows_our_chain(env, peer)
    hashed = env.node.mine()[0]
    peer.wait("inv", lambda one: wire.Inv(wire.BLOCK, hashed) in one.items)
    check.equal(peer.all("cmpctblock"), [])
    peer.close()


def test_complete_at_once(env):
    """All transactions are in the pool: no further question. Then the node wants compact blocks at once."""
    peer = join(env.node.p2p_port)
    peer.say("sendcmpct", high=0, version=2)
    one, two = spend(env), spend(env)
    for tx in (one, two):
        wait_relayed(env, tx)
    block = next_block(env.rpc, [one, two]).solve()
    mark = peer.mark()
    peer.say("cmpctblock", **compact_of(raw(block)))
    reaches(env, block.hash())
    asked = [message.command for message in peer.messages[mark:] if message.command in ("getblocktxn", "getdata")]
    check.equal(asked, [])
    peer.wait("sendcmpct", lambda one: one.high == 1)
    check.equal(env.rpc.getpeerinfo()[0]["bip152_hb_to"], True)
    peer.close()


def test_missing_ones_are_asked_for(env):
    """And those behind the node get them unasked: they miss the same ones."""
    behind = join(env.node.p2p_port)
    behind.say("sendcmpct", high=1, version=2)
    knows_our_chain(env, behind)
    peer = join(env.node.p2p_port, True)
    known, unknown, sent = spend(env), spend(env), spend(env)
    wait_relayed(env, known)
    block = next_block(env.rpc, [known, unknown, sent]).solve()
    peer.say("cmpctblock", **compact_of(raw(block), prefilled=(0, 3)))
    question = peer.wait("getblocktxn")
    check.equal((question.block, question.positions), (block.hash(), [2]))
    peer.say("blocktxn", block=block.hash(), transactions=[unknown])
    reaches(env, block.hash())
    got = behind.wait("cmpctblock", lambda one: wire.header_hash(one.header) == block.hash())
    check.equal([(place, tx.txid()) for place, tx in got.prefilled],
                [(0, block.transactions[0].txid()), (2, unknown.txid()), (3, sent.txid())])
    behind.close()
    peer.close()


def test_wrong_answers(env):
    """Another transaction than asked for: the whole block is asked for. Another number of them: good-bye."""
    for good in (True, False):
        peer = join(env.node.p2p_port)
        unknown, other = spend(env), spend(env)
        block = next_block(env.rpc, [unknown]).solve()
        peer.say("cmpctblock", **compact_of(raw(block)))
        peer.wait("getblocktxn")
        peer.say("blocktxn", block=block.hash(), transactions=[other] if good else [])
        if good:
            peer.wait("getdata", lambda one, block=block: one.items[0].hash == block.hash())
            peer.send("block", raw(block))
            reaches(env, block.hash())
        else:
            peer.wait_closed()
            check.true(env.rpc.getbestblockhash() != block.hash(), "taken")
        peer.close()


def test_bad_compact_blocks(env):
    """Without work, on an invalid parent, or with more transactions than a block has: nothing happens to the node."""
    tip = env.rpc.getbestblockhash()
    lazy = next_block(env.rpc).solve(False)
    peer = join(env.node.p2p_port)
    peer.say("cmpctblock", **compact_of(raw(lazy)))
    peer.wait_closed()
    block = next_block(env.rpc, [spend(env)]).solve()
    fields = compact_of(raw(block))
    for ids in (fields["short_ids"] * 3, [b"\0" * 6] * 50_000, []):
        peer = join(env.node.p2p_port)
        peer.say("cmpctblock", **{**fields, "short_ids": ids})
        check.soon(lambda peer=peer: peer.closed or peer.all("getdata") or peer.all("getblocktxn"), "no answer")
        peer.close()
    check.equal(env.rpc.getbestblockhash(), tip)
    peer = join(env.node.p2p_port)
    peer.send("block", raw(block))
    reaches(env, block.hash())
    peer.close()


def test_block_with_a_false_amount(env):
    """A compact block whose transactions fit but which breaks a rule is refused like any other."""
    block = next_block(env.rpc, [spend(env)], SUBSIDY * 2).solve()
    peer = join(env.node.p2p_port)
    peer.say("cmpctblock", **compact_of(raw(block), prefilled=(0, 1)))
    check.soon(lambda: [tip for tip in env.rpc.getchaintips() if tip["hash"] == block.hash() and
                            tip["status"] == "invalid"] or peer.closed, "not judged")
    check.true(env.rpc.getbestblockhash() != block.hash(), "taken")
    peer.close()


def test_behind_the_end(env):
    peer = join(env.node.p2p_port)
    peer.say("getblocktxn", block=env.rpc.getbestblockhash(), positions=[9])
    peer.wait_closed()
    peer = Peer.connect(env.node.p2p_port)
    peer.handshake()
    peer.say("getblocktxn", block="77" * 32, positions=[0])
    peer.sync()
    check.equal(peer.all("blocktxn"), [])
    peer.close()


if __name__ == "__main__":
    run(globals())
