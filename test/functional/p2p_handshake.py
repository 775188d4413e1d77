#!/usr/bin/env python3
"""How connections begin: order of messages, both transports, who is sent away, and how long the node waits."""

import os
import socket

from framework import bip324, check, wire
from framework.p2p import Closed, Listener, Peer, join
from framework.suite import run

START = 1_800_000_000
HANDSHAKE_SECONDS = 60
IDLE_SECONDS = 20 * 60
BOTH = (False, True)


def setup(env):
    env.share(f"-mocktime={START}")
    env.now = START
    env.node.mine()


def later(env, seconds):
    env.now += seconds
    env.rpc.setmocktime(env.now)


def closes(peer, what):
    """The node ends the connection, and nobody is left."""
    try:
        peer.wait_closed()
    except AssertionError as error:
        raise AssertionError(f"{what}: {error}") from None
    peer.close()


def nobody(env):
    check.soon(lambda: env.rpc.getconnectioncount() == 0, "connections are left")


def raw(env, data=b""):
    connection = socket.create_connection(("127.0.0.1", env.node.p2p_port), 5)
    connection.sendall(data)
    return connection


def ends(connection, seconds=60):
    """Reads until the node closes; gives what it sent."""
    connection.settimeout(seconds)
    out = b""
    try:
        while data := connection.recv(1 << 16):
            out += data
    except ConnectionResetError:
        pass
    finally:
        connection.close()
    return out


def test_good_handshake(env):
    for v2 in BOTH:
        peer = Peer.connect(env.node.p2p_port, v2)
        theirs = peer.handshake(agent="/hello:2.0/", height=7, time=START + 5)
        commands = [message.command for message in peer.messages]
        check.equal(commands[0], "version", "the node's first word")
        check.equal((theirs.version, theirs.height, theirs.relay), (70016, 1, 1))
        check.equal(theirs.services & wire.WITNESS_SERVICE, wire.WITNESS_SERVICE)
        for command in ("wtxidrelay", "sendaddrv2"):
            check.true(commands.index(command) < commands.index("verack"), f"{command} after verack")
        info = env.rpc.getpeerinfo()[0]
        wanted = {"subver": "/hello:2.0/", "startingheight": 7, "version": 70016, "timeoffset": 5, "inbound": True,
                  "connection_type": "inbound", "transport_protocol_type": "v2" if v2 else "v1", "relaytxes": True,
                  "services": f"{wire.NETWORK | wire.WITNESS_SERVICE | wire.P2P_V2:016x}",
                  "session_id": peer.side.session.session_id.hex() if v2 else ""}
        check.equal({key: info[key] for key in wanted}, wanted)
        check.equal(info["addr"], f"127.0.0.1:{peer.socket.getsockname()[1]}")
        peer.close()
        nobody(env)


def test_the_node_does_not_speak_first(env):
    peer = Peer.connect(env.node.p2p_port, True)
    peer.say("ping", nonce=1)  # too early to mean anything
    peer.handshake()
    check.equal(peer.messages[0].command, "version")
    check.equal([pong for pong in peer.all("pong") if pong.nonce == 1], [])
    peer.close()


def test_fields_of_later_versions(env):
    peer = Peer.connect(env.node.p2p_port)
    peer.send("version", wire.build("version", **peer.version_fields(version=80_000)) + b"and more")
    peer.wait("version")
    peer.send("verack")
    peer.wait("verack")
    peer.send("newthing", b"unknown messages are passed over")
    peer.sync()
    peer.close()


def test_wrong_order(env):
    peer = Peer.connect(env.node.p2p_port, True)  # an unencrypted connection that begins otherwise is none
    peer.send("verack")
    closes(peer, "verack before version")
    for v2 in BOTH:
        for command in ("wtxidrelay", "sendaddrv2"):
            peer = join(env.node.p2p_port, v2)
            peer.send(command)
            closes(peer, f"{command} after verack")
        peer = join(env.node.p2p_port, v2)
        peer.say("version", **peer.version_fields())
        closes(peer, "a second version")
    nobody(env)


def test_too_old(env):
    for v2 in BOTH:
        for version in (70015, 60000, 0, -1):
            peer = Peer.connect(env.node.p2p_port, v2)
            peer.say("version", **peer.version_fields(version=version))
            closes(peer, f"version {version}")
            check.equal(peer.all("version"), [], "it is not answered")


def test_connection_to_oneself(env):
    env.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "onetry")
    check.soon(lambda: env.node.logged("connected to ourselves"), "the node talks to itself")
    nobody(env)
    listener = Listener()
    env.rpc.addnode(listener.address, "onetry")
    outgoing = listener.wait_peer()
    nonce = outgoing.wait("version").nonce
    echo = Peer.connect(env.node.p2p_port)
    echo.say("version", **echo.version_fields(nonce=nonce))
    closes(echo, "our own nonce")
    outgoing.handshake()
    listener.close()
    nobody(env)


def test_wrong_magic(env):
    version = wire.build("version", **Peer.version_fields())
    other = bytes.fromhex("f9beb4d9")
    old = env.start("-v2transport=0", f"-mocktime={START}")
    for data in (wire.frame("version", version, other), bytes(24), b"GET / HTTP/1.1\r\nHost: example\r\n\r\n"):
        connection = socket.create_connection(("127.0.0.1", old.p2p_port), 5)
        connection.sendall(data)
        check.equal(ends(connection), b"")
    peer = join(old.p2p_port)
    peer.send_raw(wire.frame("ping", bytes(8), other))
    closes(peer, "wrong magic in the second frame")
    old.stop()
    # With v2 it may be the beginning of a key: at the latest the missing terminator tells.
    connection = raw(env, wire.frame("version", version, other) + bytes(bip324.MAX_GARBAGE + 200))
    ends(connection)
    nobody(env)


def test_node_without_v2(env):
    old = env.start("-v2transport=0", f"-mocktime={START}")
    check.equal(int(old.rpc.getnetworkinfo()["localservices"], 16) & wire.P2P_V2, 0)
    try:
        Peer.connect(old.p2p_port, True)
    except Closed:
        pass
    else:
        raise AssertionError("v2 in spite of -v2transport=0")
    join(old.p2p_port).close()
    old.stop()


def test_garbage_and_decoys(env):
    for garbage in (b"", b"g", os.urandom(bip324.MAX_GARBAGE)):
        peer = Peer.connect(env.node.p2p_port, True, garbage=garbage)
        for size in (0, 1, 5000):
            peer.send_raw(peer.side.decoy(size))
        peer.handshake()
        peer.send_raw(peer.side.decoy(100) + peer.side.seal("ping", bytes(8)))
        peer.wait("pong", lambda fields: fields.nonce == 0)
        peer.close()
    side = bip324.V2Side(True, wire.REGTEST_MAGIC)
    connection = raw(env, side.key + bytes(bip324.MAX_GARBAGE + bip324.TERMINATOR_BYTES + 1))
    ends(connection)
    nobody(env)


def test_changed_packets(env):
    """A flipped bit anywhere in a packet ends the connection; one in the length may make the node wait for more."""
    for place in (3, 5, -1):
        peer = Peer.connect(env.node.p2p_port, True)
        peer.handshake()
        packet = bytearray(peer.side.seal("ping", bytes(8)))
        packet[place] ^= 0x10
        peer.send_raw(bytes(packet))
        closes(peer, f"byte {place} changed")
    peer = Peer.connect(env.node.p2p_port, True)
    length = peer.side.session.send_length.apply(b"\xff\xff\xff")
    peer.send_raw(length)
    closes(peer, "a packet of 16 MiB announced")


def test_outgoing(env):
    """The node speaks first; a peer that knows v1 only is tried again that way."""
    for v2 in BOTH:
        listener = Listener(v2=v2)
        env.rpc.addnode(listener.address, "onetry")
        peer = listener.wait_peer()
        check.equal((peer.v2, listener.refused), (v2, 0 if v2 else 1))
        theirs = peer.wait("version")
        check.equal(theirs.agent, env.rpc.getnetworkinfo()["subversion"])
        peer.handshake()
        info = check.soon(env.rpc.getpeerinfo, "no peer")[0]
        check.equal((info["inbound"], info["connection_type"], info["addr"]), (False, "manual", listener.address))
        listener.close()
        nobody(env)


def test_timeouts(env):
    """Whoever does not finish the handshake within a minute is sent away, whatever it said so far."""
    side = bip324.V2Side(True, wire.REGTEST_MAGIC)
    silent = [raw(env), raw(env, wire.REGTEST_MAGIC + b"ver"), raw(env, side.key[:40]), raw(env, side.key)]
    half = Peer.connect(env.node.p2p_port)
    half.say("version", **half.version_fields())
    half.wait("verack")
    crypted = Peer.connect(env.node.p2p_port, True)
    ready = join(env.node.p2p_port)
    later(env, HANDSHAKE_SECONDS - 5)
    ready.sync()
    check.true(not half.closed and not crypted.closed, "sent away too early")
    later(env, 10)
    closes(half, "no verack")
    closes(crypted, "no version")
    for number, connection in enumerate(silent):
        try:
            ends(connection)
        except socket.timeout:
            raise AssertionError(f"silent connection {number} stays") from None
    ready.sync()
    ready.close()
    nobody(env)


def test_pings(env):
    """Pings are answered; a peer that does not answer them for 20 minutes goes."""
    for v2 in BOTH:
        peer = Peer.connect(env.node.p2p_port, v2)
        quiet = Peer.connect(env.node.p2p_port, v2)
        del quiet.answers["ping"]
        peer.handshake()
        quiet.handshake()
        env.rpc.ping()
        quiet.wait("ping")
        check.soon(lambda: any("pingtime" in info for info in env.rpc.getpeerinfo()), "no pingtime")
        mark = peer.mark()
        later(env, IDLE_SECONDS - 5)
        peer.wait("ping", since=mark)
        quiet.sync()
        check.true(any(info.get("pingwait", 0) >= IDLE_SECONDS - 5 for info in env.rpc.getpeerinfo()), "no pingwait")
        later(env, 10)
        closes(quiet, "no pong")
        peer.sync()
        peer.close()
    nobody(env)


def test_blocks_after_all_that(env):
    """The node is well: it gives its block to one more peer."""
    peer = join(env.node.p2p_port)
    genesis = env.rpc.getblockhash(0)
    peer.say("getheaders", version=70016, locator=[genesis], stop="00" * 32)
    headers = peer.wait("headers").headers
    check.equal([wire.header_hash(header) for header in headers], [env.rpc.getbestblockhash()])
    peer.close()


if __name__ == "__main__":
    run(globals())
