#!/usr/bin/env python3
"""Blocks between nodes and peers: headers first, in both directions; damaged copies; branches; compact blocks."""

from framework import check, wire
from framework.chain import OP_TRUE, Block, Tx, coinbase, next_block
from framework.p2p import BlockSource, Message, join
from framework.suite import run

START = 1_800_000_000
SUBSIDY = 50 * 10 ** 8


def setup(env):
    env.share(f"-mocktime={START}")


def chain_on(previous, height, time, count, mark=0):
    """`count` empty blocks as bytes; `mark` tells branches apart."""
    out = []
    for number in range(count):
        value = (SUBSIDY >> (height + number + 1) // 150) - mark
        made = Block(previous, time + number + 1, [coinbase(height + number + 1, value)]).solve()
        out.append(made)
        previous = made.hash()
    return out


def raw(block):
    return bytes.fromhex(block.hex())


def on_tip(env, count, mark=0):
    tip = env.rpc.getblockheader(env.rpc.getbestblockhash())
    return chain_on(tip["hash"], tip["height"], max(tip["time"], START - 1000), count, mark)


def reaches(env, hashed, seconds=check.PATIENCE_SEC):
    check.within(seconds, lambda: env.rpc.getbestblockhash() == hashed, f"the tip is not {hashed}")


def test_from_the_peer(env):
    """More headers than one message holds; then blocks, in whatever order."""
    blocks = on_tip(env, 2100)
    source = BlockSource([raw(block) for block in blocks])
    peer = join(env.node.p2p_port, source=source, height=len(blocks))
    reaches(env, blocks[-1].hash(), 60)
    check.equal(sorted(source.asked), sorted(source.blocks), "every block is asked for once")
    info = check.soon(lambda: [one for one in env.rpc.getpeerinfo() if one["inflight"] == []], "still in flight")[0]
    check.equal((info["synced_blocks"], info["last_block"] > 0), (2100, True))
    peer.close()


def test_to_the_peer(env):
    for v2 in (False, True):
        peer = join(env.node.p2p_port, v2)
        known, headers = [env.rpc.getblockhash(0)], []
        while True:
            mark = peer.mark()
            peer.say("getheaders", version=70016, locator=known[-1:], stop="00" * 32)
            part = peer.wait("headers", since=mark).headers
            headers += part
            known += [wire.header_hash(header) for header in part]
            if len(part) < 2000:
                break
        check.equal(known[-1], env.rpc.getbestblockhash())
        check.equal(len(headers), env.rpc.getblockcount())
        wanted = known[-20:]
        peer.say("getdata", items=[wire.Inv(wire.BLOCK | wire.WITNESS, hashed) for hashed in wanted])
        peer.sync()
        check.equal([one.block.hex() for one in peer.all("block")], [env.rpc.getblock(hashed, 0) for hashed in wanted])
        peer.close()


def test_getblocks(env):
    peer = join(env.node.p2p_port)
    peer.say("getblocks", version=70016, locator=[env.rpc.getblockhash(100)], stop=env.rpc.getblockhash(105))
    items = peer.wait("inv", lambda inv: len(inv.items) > 1).items
    check.equal([item.hash for item in items][:4], [env.rpc.getblockhash(height) for height in range(101, 105)])
    peer.say("getheaders", version=70016, locator=[], stop=env.rpc.getblockhash(7))
    check.equal(wire.header_hash(peer.wait("headers").headers[0]), env.rpc.getblockhash(7))
    peer.close()


def test_unknown_things_are_not_found(env):
    peer = join(env.node.p2p_port)
    items = [wire.Inv(wire.BLOCK, "77" * 32), wire.Inv(wire.TX, "77" * 32), wire.Inv(wire.WTX, "77" * 32)]
    peer.say("getdata", items=items)
    peer.sync()
    found = [item for message in peer.all("notfound") for item in message.items]
    check.true(wire.Inv(wire.TX, "77" * 32) in found and wire.Inv(wire.WTX, "77" * 32) in found, f"notfound: {found}")
    check.equal(peer.all("block"), [])
    peer.close()


def test_announcements(env):
    """A new block goes to peers as they like it: as header after sendheaders, else by its hash."""
    plain, modern = join(env.node.p2p_port), join(env.node.p2p_port, True)
    modern.send("sendheaders")
    modern.sync()
    tip = env.rpc.getblockheader(env.rpc.getbestblockhash())
    for peer in (plain, modern):  # they have our chain, they say
        peer.say("headers", headers=[bytes.fromhex(env.rpc.getblockheader(tip["hash"], False))])
        peer.sync()
    env.rpc.setmocktime(START + 1)
    hashed = env.node.mine()[0]
    modern.wait("headers", lambda one: one.headers and wire.header_hash(one.headers[-1]) == hashed)
    plain.wait_for(lambda: [item for one in plain.all("inv") for item in one.items if item == (wire.BLOCK, hashed)] or
                   [one for one in plain.all("headers") if one.headers and wire.header_hash(one.headers[-1]) == hashed],
                   "an announcement")
    plain.close()
    modern.close()


def test_damaged_copy(env):
    """A copy with two leaves doubled has the same hash. It must not keep the good one out."""
    coin = env.rpc.getblock(env.rpc.getblockhash(1))["tx"][0]
    first = Tx().spend(coin, 0).pay(SUBSIDY - 1000, OP_TRUE)
    good = next_block(env.rpc, [first, Tx().spend(first.txid(), 0).pay(1000, OP_TRUE)]).solve()
    twin = Block.parse(good.hex())
    twin.transactions.append(twin.transactions[2])
    check.equal(twin.hash(), good.hash())
    bad_source, good_source = BlockSource([raw(good)]), BlockSource([raw(good)])
    bad_source.blocks[good.hash()] = raw(twin)
    bad = bad_source.serve(join(env.node.p2p_port))  # not sent away before hands are shaken
    bad_source.announce(bad)
    bad.wait_closed()
    check.equal(bad_source.asked, [good.hash()])
    check.true(env.rpc.getbestblockhash() != good.hash(), "a damaged block became the tip")
    honest = join(env.node.p2p_port, True, good_source)
    good_source.announce(honest)
    reaches(env, good.hash())
    check.true(not honest.closed, "the honest peer was sent away")
    honest.close()


def test_damaged_witness(env):
    """A copy without the witness its commitment asks for has the same hash, too."""
    coin = env.rpc.getblock(env.rpc.getblockhash(2))["tx"][0]
    good = next_block(env.rpc, [Tx().spend(coin, 0).pay(1000, OP_TRUE)]).commit().solve()
    twin = Block.parse(good.hex())
    twin.transactions[0].inputs[0][4] = [b"\x01" * 32]
    bad, honest = join(env.node.p2p_port), join(env.node.p2p_port)
    bad.send("block", raw(twin))
    bad.wait_closed()
    honest.send("block", raw(good))
    reaches(env, good.hash())
    honest.close()


def test_invalid_block(env):
    """Who sends one goes; so does who builds on it. Nobody else."""
    bystander = join(env.node.p2p_port)
    block = next_block(env.rpc, value=SUBSIDY * 2).solve()
    liar = join(env.node.p2p_port)
    liar.send("block", raw(block))
    liar.wait_closed()
    follower = join(env.node.p2p_port)
    child = chain_on(block.hash(), env.rpc.getblockcount() + 1, block.time, 1)[0]
    follower.say("headers", headers=[block.header(), child.header()])
    follower.wait_closed()
    bystander.sync()
    bystander.close()


def test_refused_headers(env):
    """Headers without work, with wrong bits, in no order, or blocks with such: the peer goes, the node stays."""
    tip = env.rpc.getbestblockhash()
    lazy = next_block(env.rpc).solve(False)
    wrong = next_block(env.rpc)
    wrong.bits = 0x207ffffe
    wrong.solve()
    gap = on_tip(env, 3)
    for command, payload in (("headers", wire.build("headers", headers=[lazy.header()])), ("block", raw(lazy)),
                             ("headers", wire.build("headers", headers=[wrong.header()])), ("block", raw(wrong)),
                             ("headers", wire.build("headers", headers=[gap[0].header(), gap[2].header()]))):
        peer = join(env.node.p2p_port)
        peer.send(command, payload)
        peer.wait_closed()
        peer.close()
    early = next_block(env.rpc)
    early.time = env.rpc.getblockheader(tip)["mediantime"]
    late = next_block(env.rpc)
    late.time = START + 3 * 3600
    for block in (early, late):  # may be our clock's fault, or a block that is good later
        peer = join(env.node.p2p_port)
        peer.send("block", raw(block.solve()))
        peer.close()
    check.equal(env.rpc.getbestblockhash(), tip)
    join(env.node.p2p_port).close()


def test_loose_block(env):
    """A block whose parent is unknown makes the node ask; with the parents it becomes the tip."""
    blocks = on_tip(env, 3)
    source = BlockSource([raw(block) for block in blocks])
    peer = join(env.node.p2p_port, source=source)
    peer.send("block", raw(blocks[-1]))
    reaches(env, blocks[-1].hash())
    peer.close()


def test_better_branch(env):
    """A longer branch from another peer wins; a shorter one is not even fetched."""
    fork = env.rpc.getblockheader(env.rpc.getbestblockhash())
    short = chain_on(fork["hash"], fork["height"], fork["time"], 3, 1)
    long = chain_on(fork["hash"], fork["height"], fork["time"], 6, 2)
    tiny = chain_on(fork["hash"], fork["height"], fork["time"], 2, 3)
    for blocks, taken in ((short, True), (long, True), (tiny, False)):
        source = BlockSource([raw(block) for block in blocks])
        peer = join(env.node.p2p_port, source=source)
        source.give_headers(peer, wire_getheaders(fork["hash"]))
        if taken:
            reaches(env, blocks[-1].hash())
        else:
            peer.sync()
            peer.sync()
            check.equal(source.asked, [], "blocks of a worse branch")
        peer.close()
    check.equal(env.rpc.getbestblockhash(), long[-1].hash())
    check.equal(sorted(tip["status"] for tip in env.rpc.getchaintips())[-1], "valid-fork")


def wire_getheaders(locator):
    return Message("getheaders", wire.build("getheaders", version=70016, locator=[locator], stop="00" * 32))


def test_merged_mined(env):
    """Headers with their proof behind them, there and back."""
    tip = env.rpc.getblockheader(env.rpc.getbestblockhash())
    height = tip["height"] + 1
    block = Block(tip["hash"], tip["time"] + 1, [coinbase(height, SUBSIDY >> height // 150)]).merge_mine()
    source = BlockSource([raw(block)])
    peer = join(env.node.p2p_port, True, source)
    source.announce(peer)
    reaches(env, block.hash())
    peer.close()
    peer = join(env.node.p2p_port)
    peer.say("getheaders", version=70016, locator=[tip["hash"]], stop="00" * 32)
    check.equal(peer.wait("headers").headers, source.headers)
    peer.close()


def test_silent_source(env):
    """A peer that announces and then gives nothing does not keep the block from coming from another one."""
    block = on_tip(env, 1)[0]
    source = BlockSource([raw(block)])
    mute, honest = join(env.node.p2p_port), join(env.node.p2p_port)
    mute.say("headers", headers=source.headers)
    mute.wait("getdata")
    source.serve(honest)
    source.announce(honest)
    env.now = START + 100

    def there():
        env.now += 10
        env.rpc.setmocktime(env.now)
        honest.sync()
        return env.rpc.getbestblockhash() == block.hash()
    check.soon(there, "the block does not come from the other peer")
    check.equal(source.asked, [block.hash()])
    honest.close()


if __name__ == "__main__":
    run(globals())
