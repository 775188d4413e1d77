#!/usr/bin/env python3
"""Well-formed messages in numbers no honest peer sends: memory stays bounded, honest peers are served."""

import os
import random
import socket
import struct

from framework import check, wire
from framework.chain import OP_TRUE, Block, Tx, coinbase, compact, next_block, sha256d
from framework.node import memory_kib
from framework.p2p import BlockSource, Closed, Peer, join
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
    check.soon(lambda: env.rpc.getbestblockhash() == block.hash(), f"{what}: an honest block does not come in")
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
    check.soon(lambda: env.rpc.getrawmempool() == [good.txid()], "a good transaction is not taken")
    peer.close()
    other.close()
    env.node.mine()
    well(env, "refused transactions")


def test_addresses(env):
    """A peer tells of a million nodes; only some count. (The first thousand are one answer's worth.)"""
    peer = join(env.node.p2p_port)
    head = struct.pack("<I", START - 60) + b"\1\1\4"
    tails = [struct.pack("<H", number) + (6661).to_bytes(2, "big") for number in range(1000)]
    for number in range(1000):
        front = head + bytes([11 + number % 80, number // 80])
        flood(peer, [("addrv2", compact(1000) + b"".join(front + tail for tail in tails))])
    info = [one for one in env.rpc.getpeerinfo() if one["addr_rate_limited"]][0]
    check.true(info["addr_rate_limited"] > 990_000, f"{info['addr_rate_limited']} were passed over")
    check.true(env.rpc.getaddrmaninfo()["all_networks"]["total"] <= 1000, f"{env.rpc.getaddrmaninfo()}")
    well(env, "addresses")
    peer.close()


def claims(previous, time, mark):
    """2,000 headers of stakes nobody has, as the entries of a message."""
    out = []
    root = mark.to_bytes(32, "big")
    for number in range(2000):
        header = struct.pack("<i", 0x204) + previous + root + struct.pack("<III", time + 16 * number, 0x207fffff, 0)
        previous = sha256d(header)
        out.append(header)
    return b"\0".join(out) + b"\0"


def test_a_million_headers_of_stakes(env):
    """Chains of 2,000 on the tip, each another, by five peers. Nothing of them is given out, so none of their blocks comes."""
    tip = env.rpc.getblockheader(env.rpc.getbestblockhash())
    env.rpc.setmocktime(START + 100_000)
    first = (tip["time"] // 16 + 1) * 16
    peers = [join(env.node.p2p_port) for _ in range(5)]
    for turn in range(500):
        entries = claims(bytes.fromhex(tip["hash"])[::-1], first, turn)
        flood_one(peers[turn % 5], "headers", compact(2000) + entries)
    for peer in peers:
        peer.sync()
    waiting = [info["presynced_headers"] for info in env.rpc.getpeerinfo()]
    check.true(max(waiting) <= tip["height"] + 2000, f"headers that wait reach up to {waiting}")
    check.equal(env.rpc.getblockchaininfo()["headers"], env.rpc.getblockcount())
    well(env, "headers of stakes")
    for peer in peers:
        peer.close()


def worked(previous, time, mark):
    """2,000 solved headers without blocks, as the entries of a message: two tries each on regtest."""
    out = []
    root = mark.to_bytes(32, "big")
    for number in range(2000):
        nonce, front = 0, struct.pack("<i", 4) + previous + root + struct.pack("<II", time + number // 2, 0x207fffff)
        while True:
            header = front + struct.pack("<I", nonce)
            previous = sha256d(header)
            if previous[31] < 0x7f:
                break
            nonce += 1
        out.append(header)
    return b"\0".join(out) + b"\0"


def test_a_million_headers_of_little_work(env):
    """Chains of 2,000 on the tip, each another, by ten peers that hang up and come back. Honest blocks come in all the while."""
    peers = [join(env.node.p2p_port) for _ in range(10)]
    for turn in range(500):
        tip = env.rpc.getblockheader(env.rpc.getbestblockhash())
        flood_one(peers[turn % 10], "headers", compact(2000) + worked(bytes.fromhex(tip["hash"])[::-1], tip["time"] + 1, turn))
        if turn % 7 == 6:
            peers[turn % 10].close()
            peers[turn % 10] = join(env.node.p2p_port)
        if turn % 100 == 50:
            well(env, f"{turn} chains of headers")
    waiting = [info["presynced_headers"] for info in env.rpc.getpeerinfo()]
    check.true(max(waiting) > env.rpc.getblockcount() + 1000, f"they are not even looked at: {waiting}")
    check.true(max(waiting) <= env.rpc.getblockcount() + 2000, f"headers that wait reach up to {waiting}")
    check.equal(env.rpc.getblockchaininfo()["headers"], env.rpc.getblockcount())
    well(env, "headers of little work")
    for peer in peers:
        peer.close()


def flood_one(peer, command, payload):
    try:
        peer.send(command, payload)
    except Closed as trouble:
        raise AssertionError(f"{command}: sent away") from trouble


def test_ten_thousand_orphans(env):
    peers = [join(env.node.p2p_port) for _ in range(4)]
    for peer in peers:
        orphans = (Tx().spend(os.urandom(32).hex(), 0).pay(1, b"\x6a" + bytes(200)) for _ in range(2500))
        check.equal(flood(peer, (("tx", tx.serialize()) for tx in orphans)), 2500)
    check.equal(env.rpc.getrawmempool(), [])
    well(env, "small orphans")
    for peer in peers:
        peer.close()


def test_a_crowd_that_takes_its_time(env):
    """Silent, half a version, a version without an end, a message byte by byte, half a key, a key with garbage that does not end: the
    honest are served, the crowd goes."""
    opening = wire.frame("version", wire.build("version", **Peer.version_fields()))
    key, garbage = os.urandom(64), os.urandom(200)
    crowd = []
    for number in range(84):
        connection = socket.create_connection(("127.0.0.1", env.node.p2p_port), 10)
        connection.sendall((b"", opening[:30], opening, opening + wire.frame("verack", b"")[:5], key[:40], key + garbage)[number % 6])
        crowd.append(connection)
    for byte in opening[30:60]:
        crowd[1].sendall(bytes([byte]))
        crowd[5].sendall(bytes([byte]))
    well(env, "a slow crowd")
    now = START + 100_100
    env.rpc.setmocktime(now + 61)
    check.soon(lambda: env.rpc.getconnectioncount() == 0, f"{env.rpc.getconnectioncount()} are still here")
    check.true(env.node.logged("did not finish the handshake in time"), "the log says why")
    for connection in crowd:
        connection.close()


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
        check.soon(lambda: env.rpc.getconnectioncount() == 0, "connections are left")


if __name__ == "__main__":
    run(globals())
