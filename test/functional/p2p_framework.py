#!/usr/bin/env python3
"""The peer of the peer-to-peer tests itself: messages there and back, both transports, published vectors. No node."""

import csv
import os
import pathlib

from framework import bip324, check, wire
from framework.chain import Tx
from framework.p2p import BlockSource, Closed, Listener, Peer
from framework.samples import FIELDS, some_blocks
from framework.suite import Skip, run

BITCOIN_MAGIC = bytes.fromhex("f9beb4d9")
LARGEST_PACKET = 100_000  # of the published ones, what plain Python encrypts in reasonable time


def test_published_vectors(env):  # pylint: disable=unused-argument
    path = pathlib.Path(os.environ.get("EMC_VECTORS", "none")) / "bips/bip-0324/packet_encoding_test_vectors.csv"
    if not path.exists():
        raise Skip("no vectors folder (EMC_VECTORS)")
    with open(path, encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    check.true(len(rows) >= 7, f"only {len(rows)} vectors")
    for row in rows:
        own, other, secret = (bytes.fromhex(row[key]) for key in ("in_ellswift_ours", "in_ellswift_theirs", "in_priv_ours"))
        check.equal(f"{bip324.public_x(secret):064x}", row["mid_x_ours"])
        check.equal(f"{bip324.decode_x(own):064x}", row["mid_x_ours"])
        check.equal(f"{bip324.decode_x(other):064x}", row["mid_x_theirs"])
        session = bip324.Session(secret, own, other, row["in_initiating"] == "1", BITCOIN_MAGIC)
        check.equal(session.shared.hex(), row["mid_shared_secret"])
        check.equal(session.own_terminator.hex(), row["mid_send_garbage_terminator"])
        check.equal(session.other_terminator.hex(), row["mid_recv_garbage_terminator"])
        check.equal(session.session_id.hex(), row["out_session_id"])
        contents = bytes.fromhex(row["in_contents"]) * int(row["in_multiply"])
        if len(contents) > LARGEST_PACKET:
            continue
        for _ in range(int(row["in_idx"])):
            session.packet(b"")
        packet = session.packet(contents, bytes.fromhex(row["in_aad"]), bip324.DECOY * int(row["in_ignore"])).hex()
        check.equal(packet[-len(row["out_ciphertext_endswith"]):] if row["out_ciphertext_endswith"] else packet,
                    row["out_ciphertext_endswith"] or row["out_ciphertext"])


def test_aead(env):  # pylint: disable=unused-argument
    """RFC 8439, 2.8.2."""
    key, nonce = bytes(range(0x80, 0xa0)), bytes.fromhex("070000004041424344454647")
    aad = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    text = (b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
            b"sunscreen would be it.")
    sealed = bip324.seal(key, nonce, aad, text)
    check.equal((sealed[:8].hex(), sealed[-16:].hex()), ("d31a8d34648e60db", "1ae10b594f09e26a7e902ecbd0600691"))
    check.equal(bip324.unseal(key, nonce, aad, sealed), text)
    check.equal(bip324.unseal(key, nonce, aad[1:], sealed), None)


def test_keys_look_random(env):  # pylint: disable=unused-argument
    for _ in range(20):
        x = bip324.public_x(os.urandom(32))
        one, two = bip324.encode_x(x), bip324.encode_x(x)
        check.equal((bip324.decode_x(one), bip324.decode_x(two)), (x, x))
        check.true(one != two, "the same key twice")


def test_two_sides(env):  # pylint: disable=unused-argument
    """A whole handshake byte by byte, with garbage and decoys; a changed byte ends it."""
    for garbage in (b"", b"x" * 17, os.urandom(bip324.MAX_GARBAGE)):
        one = bip324.V2Side(True, wire.REGTEST_MAGIC, garbage)
        two = bip324.V2Side(False, wire.REGTEST_MAGIC, garbage[:5])
        to_two, to_one = one.opening(), two.opening()
        while to_one or to_two:
            back, none = two.feed(to_two[:1])
            to_two, to_one = to_two[1:], to_one + back
            back, nothing = one.feed(to_one)
            to_one, to_two = b"", to_two + back
            check.equal(none + nothing, [])
        check.equal((one.state, two.state), ("messages", "messages"))
        check.equal(one.session.session_id, two.session.session_id)
        stream = one.decoy(3) + one.seal("ping", b"12345678") + one.seal("sendaddrv2", b"")
        check.equal(two.feed(stream)[1], [("ping", b"12345678"), ("sendaddrv2", b"")])
    changed = bytearray(one.seal("ping", b"12345678"))
    changed[-1] ^= 1
    try:
        two.feed(bytes(changed))
    except bip324.Broken:
        return
    raise AssertionError("a changed packet was taken")


def plain(value):
    """Comparable: transactions as their bytes."""
    if isinstance(value, Tx):
        return value.serialize()
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def test_messages_there_and_back(env):  # pylint: disable=unused-argument
    check.equal(set(FIELDS), set(wire.FIELDS))
    for command, fields in FIELDS.items():
        payload = wire.build(command, **fields)
        parsed = vars(wire.parse(command, payload))
        check.equal({key: plain(value) for key, value in parsed.items()},
                    {key: plain(value) for key, value in fields.items()}, command)
        for cut in range(len(payload) if command != "block" else 0):
            try:
                wire.parse(command, payload[:cut])
            except (ValueError, IndexError):
                continue
            raise AssertionError(f"{command} cut to {cut} of {len(payload)} bytes was read")


def test_peers_of_one_another(env):  # pylint: disable=unused-argument
    source = BlockSource(some_blocks(5))
    for v2 in (False, True):
        listener = Listener()
        near = Peer.connect(listener.port, v2, garbage=b"garbage")
        near.say("version", **near.version_fields(height=5))
        far = listener.wait_peer()
        check.equal(far.v2, v2)
        near.send("verack")
        check.equal(far.handshake(agent="/far/").height, 5)
        check.equal(near.wait("version").agent, "/far/")
        source.serve(far)
        genesis = wire.previous_hash(source.headers[0])
        near.say("getheaders", version=70016, locator=[genesis], stop="00" * 32)
        headers = near.wait("headers").headers
        check.equal(headers, source.headers)
        wanted = [wire.Inv(wire.BLOCK | wire.WITNESS, wire.header_hash(header)) for header in headers]
        near.say("getdata", items=wanted + [wire.Inv(wire.TX, "44" * 32)])
        near.wait("notfound")
        check.equal([one.block for one in near.all("block")], list(source.blocks.values()))
        listener.close()
        near.wait_closed()
        try:
            near.wait("pong", lambda fields: fields.nonce == 0)
        except Closed:
            near.close()
            continue
        raise AssertionError("waiting for a closed connection did not end")


def test_old_listener(env):  # pylint: disable=unused-argument
    """One that knows v1 only closes on a v2 key."""
    listener = Listener(v2=False)
    try:
        Peer.connect(listener.port, True)
    except Closed:
        check.equal(listener.refused, 1)
        listener.close()
        return
    raise AssertionError("a v2 handshake with an old listener")


if __name__ == "__main__":
    run(globals())
