#!/usr/bin/env python3
"""Bad bytes in every message, frame and packet: the offender goes, the node stays and does not grow."""

import os
import random
import socket
import struct
import time

from framework import bip324, check, wire
from framework.chain import Tx
from framework.node import memory_kib
from framework.p2p import Closed, Peer, join
from framework.samples import PAYLOADS
from framework.suite import run

WAYS = {False: 100, True: 30}  # of damaging one message, by transport
GROWTH_KIB = 32 * 1024
NONCE = 0x1234567890
ASK = wire.build("ping", nonce=NONCE)
COUNTS = (b"\xfd\xff\xff", b"\xfe\xff\xff\xff\x7f", b"\xff" + b"\xff" * 8, b"\xfd\x01\x00", b"\xfe\x00\x00\x00\x02", b"\x00", b"\xfc")


def setup(env):
    env.share("-blockfilterindex", "-peerblockfilters")
    env.node.mine(3)
    env.version = wire.build("version", **Peer.version_fields())
    for v2 in (False, True):
        exchange(env, v2, [("ping", ASK)])
    env.before = memory_kib(env.node.process.pid)


def opening(env, messages):
    return [("version", env.version), ("wtxidrelay", b""), ("sendaddrv2", b""), ("verack", b""), *messages]


def answers(side, connection, data=b""):
    """What the node says until it closes or answers the ping; (messages, closed)."""
    out = []
    while True:
        reply, messages = side.feed(data)
        if reply:
            connection.sendall(reply)
        out += messages
        if ("pong", ASK) in messages:
            return out, False
        data = connection.recv(1 << 16)
        if not data:
            return out, True


def exchange(env, v2, messages):
    """All in one go: a handshake, the messages, a ping. True when the node closed before it answered the ping."""
    connection = socket.create_connection(("127.0.0.1", env.node.p2p_port), 20)
    try:
        side = bip324.V2Side(True, wire.REGTEST_MAGIC) if v2 else wire.V1Side()
        connection.sendall(side.opening())
        while side.state != "messages":
            reply, _ = side.feed(connection.recv(1 << 16))
            if reply:
                connection.sendall(reply)
        connection.sendall(b"".join(side.seal(*message) for message in opening(env, [*messages, ("ping", ASK)])))
        return answers(side, connection)[1]
    except (ConnectionResetError, BrokenPipeError):
        return True
    finally:
        connection.close()


def damaged(payload, dice, ways):
    """The payload, damaged in so many ways."""
    for _ in range(ways):
        kind, at = dice.randrange(7), dice.randrange(len(payload) + 1)
        if kind == 0:
            yield payload[:at]
        elif kind == 1:
            yield payload + dice.randbytes(dice.randrange(1, 50))
        elif kind == 2:
            yield payload[:at] + dice.choice(COUNTS) + payload[at + 1:]
        elif kind == 3:
            yield dice.choice(COUNTS) + payload[1:]
        elif kind == 4:
            yield dice.randbytes(dice.randrange(300))
        elif kind == 5:
            changed = bytearray(payload or b"\0")
            for _ in range(dice.randrange(1, 4)):
                changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
            yield bytes(changed)
        else:
            part = payload[at:at + dice.randrange(1, 40)]
            yield payload[:at] + part * dice.randrange(2, 200) + payload[at:]


def well(env):
    """The node answers, knows its blocks, and has not grown."""
    check.true(env.node.running(), "the node has ended")
    check.equal(env.rpc.getblockcount(), 3)
    check.true(not exchange(env, True, []), "a good peer was sent away")
    grown = memory_kib(env.node.process.pid) - env.before
    check.true(grown <= GROWTH_KIB, f"grown by {grown} KiB")


def test_cut_and_longer_messages(env):
    """One byte too few or too many in any message: its sender goes. (A version may be longer than ours.)"""
    for v2 in (False, True):
        for command, payload in PAYLOADS.items():
            if command == "version":
                continue
            check.true(exchange(env, v2, [(command, payload + b"\0")]), f"{command} with a byte too many is taken")
            if payload:
                check.true(exchange(env, v2, [(command, payload[:-1])]), f"{command} with a byte missing is taken")
    well(env)


def test_every_message_damaged(env):
    for v2, ways in WAYS.items():
        gone = 0
        for command, payload in PAYLOADS.items():
            dice = random.Random(f"{command} {v2}")
            for bad in damaged(payload, dice, ways):
                gone += exchange(env, v2, [(command, bad)])
        check.true(gone >= len(PAYLOADS) * ways // 2, f"{gone} of {len(PAYLOADS) * ways} were sent away")
    well(env)


def test_messages_in_any_order(env):
    """Good messages, as many and in whatever order, before and after the handshake."""
    dice = random.Random("order")
    for v2, rounds in ((False, 150), (True, 30)):
        for _ in range(rounds):
            names = dice.choices(list(PAYLOADS), k=dice.randrange(1, 40))
            exchange(env, v2, [(name, PAYLOADS[name]) for name in names])
    well(env)


def send_and_wait(env, data, v2=False):
    """On a connection that is ready; gives whether the node closed."""
    peer = join(env.node.p2p_port, v2)
    try:
        peer.send_raw(data)
        peer.send("ping", ASK)
        peer.wait_for(lambda: peer.closed or [one for one in peer.all("pong") if one.nonce == NONCE], "an end")
        return peer.closed
    finally:
        peer.close()


def test_frames(env):
    """v1: a wrong checksum or name costs that message alone; wrong magic and length end the connection."""
    good = wire.frame("ping", bytes(8))
    for bad in (good[:20] + bytes(4) + good[24:], wire.frame(b"pi\0ng\0\0\0\0\0\0\0", bytes(8)),
                wire.frame(b"\xff" * 12, bytes(8)), wire.frame(bytes(12), b""), wire.frame("unknown", bytes(1000))):
        check.equal(send_and_wait(env, bad), False, bad[:24].hex())
    for bad in (b"\0" + good[1:], good[:16] + struct.pack("<I", 4_000_001) + good[20:],
                good[:16] + b"\xff\xff\xff\xff" + good[20:]):
        check.equal(send_and_wait(env, bad + bytes(100)), True, bad[:24].hex())
    dice = random.Random("frames")
    for _ in range(150):
        changed = bytearray(good)
        changed[dice.randrange(24)] ^= 1 << dice.randrange(8)
        peer = join(env.node.p2p_port)
        peer.send_raw(bytes(changed))
        peer.close()
    well(env)


def test_streams_of_anything(env):
    dice = random.Random("streams")
    for length in [dice.randrange(1, 20_000) for _ in range(100)]:
        connection = socket.create_connection(("127.0.0.1", env.node.p2p_port), 10)
        try:
            connection.sendall(dice.choice((b"", wire.REGTEST_MAGIC, wire.REGTEST_MAGIC + b"version\0\0\0\0\0")) +
                               os.urandom(length))
        except OSError:
            pass
        connection.close()
    well(env)


def test_packets(env):
    """v2: changed and random packets end the connection; contents without meaning are passed over or end it."""
    for contents in (b"\0" + b"unknown".ljust(12, b"\0"), bytes([200]) + b"no such number", b"\0" + b"\xff" * 12):
        peer = join(env.node.p2p_port, True)
        peer.send_raw(peer.side.session.packet(contents))
        peer.sync()
        peer.close()
    for contents in (b"", b"\0", b"\0abc"):
        peer = join(env.node.p2p_port, True)
        peer.send_raw(peer.side.session.packet(contents))
        peer.close()
    for _ in range(30):
        peer = join(env.node.p2p_port, True)
        try:
            peer.send_raw(os.urandom(1000))
            peer.send_raw(os.urandom(100_000))
        except Closed:
            pass
        peer.close()
    well(env)


def test_promises(env):
    """Long messages that are announced and begun, on many connections: only what came takes memory."""
    peers = [join(env.node.p2p_port) for _ in range(60)]
    before = memory_kib(env.node.process.pid)
    for number, peer in enumerate(peers):
        name = (b"block", b"tx", b"headers")[number % 3].ljust(12, b"\0")
        peer.send_raw(wire.REGTEST_MAGIC + name + struct.pack("<I", 4_000_000) + bytes(4) + bytes(1000))
    for _ in range(10):
        check.true(not exchange(env, False, []), "a good peer was sent away")
    grown = memory_kib(env.node.process.pid) - before
    check.true(grown < 2048, f"grown by {grown} KiB for 60 promises")
    for peer in peers:
        peer.close()
    check.soon(lambda: env.rpc.getconnectioncount() == 0, "connections are left")
    well(env)


def test_floods(env):
    """Thousands of questions nobody waits for the answers of, and announcements of things that do not exist."""
    genesis = env.rpc.getblockhash(0)
    block = wire.build("getdata", items=[wire.Inv(wire.BLOCK, genesis)] * 1000)
    headers = wire.build("getheaders", version=70016, locator=[genesis], stop="00" * 32)
    dice = random.Random("flood")
    peers = [join(env.node.p2p_port) for _ in range(4)]
    for number in range(30):
        things = wire.build("inv", items=[wire.Inv(wire.WTX, dice.randbytes(32).hex()) for _ in range(1000)])
        for peer, (command, payload) in zip(peers, (("getdata", block), ("inv", things), ("getheaders", headers),
                                                    ("getaddr", b""))):
            if not peer.closed:
                try:
                    peer.send(command, payload)
                except Closed:
                    check.true(number, "the connection broke at once")
    for peer in peers:
        peer.close()
    check.soon(lambda: env.rpc.getconnectioncount() == 0, "connections are left")
    well(env)


def test_unread_answers(env):
    """Peers that ask and ask and never read: their questions wait, the answers do not pile up."""
    node = env.start()
    node.rpc.generatetodescriptor(500, "raw(51)")
    question = wire.build("getheaders", version=70016, locator=[node.rpc.getblockhash(0)], stop="00" * 32)
    for v2 in (False, True):
        join(node.p2p_port, v2).close()
    before = memory_kib(node.process.pid)
    connections = []
    for _ in range(6):
        connection = socket.create_connection(("127.0.0.1", node.p2p_port), 10)
        connection.settimeout(3)
        head = b"".join(wire.frame(*message) for message in opening(env, []))
        try:
            connection.sendall(head + wire.frame("getheaders", question) * 700)
        except OSError:
            pass
        connections.append(connection)
    time.sleep(2)
    most = memory_kib(node.process.pid, "VmHWM") - before
    for connection in connections:
        connection.close()
    check.true(most <= GROWTH_KIB, f"grown by {most} KiB")
    node.stop()


def test_the_same_transaction_again_and_again(env):
    """One question names a large transaction fifty thousand times."""
    node = env.start("-acceptnonstdtxn")
    node.rpc.generatetodescriptor(101, "raw(51)")
    coin = node.rpc.getblock(node.rpc.getblockhash(1))["tx"][0]
    tx = Tx().spend(coin, 0).pay(10 ** 9, b"\x6a" + bytes(90_000))
    node.rpc.sendrawtransaction(tx.hex(), 0)
    item = wire.Inv(wire.TX, tx.txid())
    join(node.p2p_port).close()
    before = memory_kib(node.process.pid)
    for items in ([item] * 50_000, [item] * 1000):
        connection = socket.create_connection(("127.0.0.1", node.p2p_port), 10)
        head = b"".join(wire.frame(*message) for message in opening(env, []))
        connection.sendall(head + wire.frame("getdata", wire.build("getdata", items=items)))
        time.sleep(2)
        connection.close()
    most = memory_kib(node.process.pid, "VmHWM") - before
    check.true(most <= GROWTH_KIB, f"grown by {most} KiB")
    node.stop()


if __name__ == "__main__":
    run(globals())
