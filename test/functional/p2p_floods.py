#!/usr/bin/env python3
"""Well-formed messages in numbers no honest peer sends: memory stays bounded, honest peers are served."""

import os
import random

from framework import check, wire
from framework.chain import OP_TRUE, Block, Tx, coinbase, compact, next_block
from framework.node import memory_kib
from framework.p2p import BlockSource, Closed, join
from framework.suite import run

START = 1_800_000_000
GROWTH_KIB = 32 * 1024


def setup(env):
    env.share(f"-mocktime={START}")
    env.rpc.generatetodescriptor(101, "raw(51)")
    for v2 in (False, True):
        join(env.node.p2p_port, v2).close()
    env.before = memory_kib(env.node.process.pid)


def well(env, what):
    """Not grown, and a new block still comes in from an honest peer."""
    grown = memory_kib(env.node.process.pid, "VmHWM") - env.before
    check.true(grown <= GROWTH_KIB, f"{what}: grown by {grown} KiB at most")
    block = next_block(env.rpc).solve()
    source = BlockSource([bytes.fromhex(block.hex())])
    honest = join(env.node.p2p_port, source=source)
    source.announce(honest)
    check.within(20, lambda: env.rpc.getbestblockhash() == block.hash(), f"{what}: an honest block does not come in")
    honest.close()


def flood(peer, messages):
    """Sends while the connection lasts; gives how many were sent."""
    count = 0
    try:
        for command, payload in messages:
            peer.send(command, payload)
            count += 1
        peer.sync()
    except Closed:
        pass
    return count


def header_chain(env, count, mark):
    """Solved headers without blocks, each on the one before, the first on the tip."""
    tip = env.rpc.getblockheader(env.rpc.getbestblockhash())
    previous, out = tip["hash"], []
    root = coinbase(1, mark).hash()
    for number in range(count):
        block = Block(previous, max(tip["time"], START - 50_000) + 1 + number // 2, [])
        block.merkle = root
        out.append(block.solve().header())
        previous = block.hash()
    return out


def test_headers_without_blocks(env):
    """Several peers send long chains whose blocks do not exist."""
    peers = []
    for mark in range(4):
        headers = header_chain(env, 8000, mark)
        peer = join(env.node.p2p_port)
        parts = [wire.build("headers", headers=headers[i:i + 2000]) for i in range(0, 8000, 2000)]
        check.equal(flood(peer, [("headers", part) for part in parts]), 4)
        peers.append(peer)
    check.equal(env.rpc.getblockchaininfo()["headers"], env.rpc.getblockcount(), "headers of no block count")
    waiting = [info["presynced_headers"] for info in env.rpc.getpeerinfo()]
    check.true(len(waiting) == 4 and min(waiting) > 1000, f"headers that wait for their blocks: {waiting}")
    well(env, "headers")
    for peer in peers:
        peer.close()
    well(env, "headers, when their peers have gone")


def test_announcements(env):
    """A million transactions that do not exist, by four peers."""
    dice = random.Random("inv")
    peers = [join(env.node.p2p_port) for _ in range(4)]
    for peer in peers:
        items = (b"".join(b"\5\0\0\0" + dice.randbytes(32) for _ in range(50_000)) for _ in range(5))
        check.equal(flood(peer, (("inv", compact(50_000) + part) for part in items)), 5)
    well(env, "announcements")
    for peer in peers:
        peer.close()


def test_orphans(env):
    """Large transactions whose parents nobody has."""
    peers = [join(env.node.p2p_port) for _ in range(3)]
    for peer in peers:
        orphans = (Tx().spend(os.urandom(32).hex(), 0).pay(1, b"\x6a" + bytes(90_000)) for _ in range(400))
        check.equal(flood(peer, (("tx", tx.serialize()) for tx in orphans)), 400)
    check.equal(env.rpc.getrawmempool(), [])
    well(env, "orphans")
    for peer in peers:
        peer.close()


def test_refused_transactions(env):
    """Invalid ones, each another: nothing of them is kept, and a good one still comes through."""
    coin = env.rpc.getblock(env.rpc.getblockhash(1))["tx"][0]
    peer = join(env.node.p2p_port)
    bad = (Tx().spend(coin, 0).pay(100 * 10 ** 8 + number, OP_TRUE) for number in range(3000))
    flood(peer, (("tx", tx.serialize()) for tx in bad))
    good = Tx().spend(coin, 0).pay(50 * 10 ** 8 - 20_000, OP_TRUE)
    other = join(env.node.p2p_port)
    other.say("tx", tx=good)
    check.within(10, lambda: env.rpc.getrawmempool() == [good.txid()], "a good transaction is not taken")
    peer.close()
    other.close()
    env.node.mine()
    well(env, "refused transactions")


def test_addresses(env):
    """A peer tells of 200,000 nodes; only some count. (The first thousand are one answer's worth.)"""
    dice = random.Random("addr")
    peer = join(env.node.p2p_port)
    for _ in range(200):
        entries = [wire.AddressV2(START - 60, 1, 1, bytes([dice.randrange(11, 99)]) + dice.randbytes(3), 6661)
                   for _ in range(1000)]
        flood(peer, [("addrv2", wire.build("addrv2", entries=entries))])
    info = [one for one in env.rpc.getpeerinfo() if one["addr_rate_limited"]][0]
    check.true(info["addr_rate_limited"] > 190_000, f"{info['addr_rate_limited']} were passed over")
    check.true(env.rpc.getaddrmaninfo()["all_networks"]["total"] <= 1000, f"{env.rpc.getaddrmaninfo()}")
    well(env, "addresses")
    peer.close()


def test_blocks_on_blocks_nobody_has(env):
    """Blocks without parents, 900 kB each."""
    peers = [join(env.node.p2p_port) for _ in range(2)]
    for peer in peers:
        big = Tx().spend(os.urandom(32).hex(), 0).pay(1, b"\x6a" + bytes(900_000))
        blocks = (Block(os.urandom(32).hex(), START, [coinbase(200, 50), big]).solve() for _ in range(40))
        check.equal(flood(peer, (("block", bytes.fromhex(block.hex())) for block in blocks)), 40)
        peer.close()
    well(env, "loose blocks")


def test_connections(env):
    """More connections than there are places, again and again."""
    for _ in range(3):
        peers = []
        for _ in range(150):
            try:
                peers.append(join(env.node.p2p_port))
            except (Closed, OSError):
                continue
        check.true(20 < env.rpc.getconnectioncount() <= 125, f"{env.rpc.getconnectioncount()} connections")
        for peer in peers:
            peer.close()
        check.within(10, lambda: env.rpc.getconnectioncount() == 0, "connections are left")


if __name__ == "__main__":
    run(globals())
