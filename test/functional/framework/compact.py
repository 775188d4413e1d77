"""Compact blocks (BIP 152, version 2) made and read for tests."""

import hashlib
import struct

from framework import wire
from framework.chain import Reader, Tx, sha256d

MASK = (1 << 64) - 1


def _turn(number, bits):
    return (number << bits | number >> (64 - bits)) & MASK


def siphash(key0, key1, data):
    """SipHash-2-4."""
    v = [key0 ^ 0x736f6d6570736575, key1 ^ 0x646f72616e646f6d, key0 ^ 0x6c7967656e657261, key1 ^ 0x7465646279746573]

    def rounds(count):
        for _ in range(count):
            v[0] = (v[0] + v[1]) & MASK
            v[1] = _turn(v[1], 13) ^ v[0]
            v[0] = _turn(v[0], 32)
            v[2] = (v[2] + v[3]) & MASK
            v[3] = _turn(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & MASK
            v[3] = _turn(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & MASK
            v[1] = _turn(v[1], 17) ^ v[2]
            v[2] = _turn(v[2], 32)

    words = data + bytes(7 - len(data) % 8) + bytes([len(data) & 255])
    for (word,) in struct.iter_unpack("<Q", words):
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 0xff
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def wtxid(tx):
    return sha256d(tx.serialize())


def short_id(header, nonce, tx):
    """The six bytes a compact block has for a transaction."""
    keys = struct.unpack("<QQ", hashlib.sha256(header[:wire.HEADER_BYTES] + struct.pack("<Q", nonce)).digest()[:16])
    return struct.pack("<Q", siphash(*keys, wtxid(tx)))[:6]


def transactions_of(block):
    """Of a block as bytes: (header with its proof, transactions)."""
    reader = Reader(block)
    header = wire.read_header(reader)
    return header, [Tx.read(reader) for _ in range(reader.compact())]


def compact_of(block, prefilled=(0,), nonce=7):
    """The fields of a cmpctblock; `prefilled`: positions whose transactions are sent along."""
    header, transactions = transactions_of(block)
    return {"header": header, "nonce": nonce,
            "short_ids": [short_id(header, nonce, tx) for i, tx in enumerate(transactions) if i not in prefilled],
            "prefilled": [(i, transactions[i]) for i in prefilled]}
