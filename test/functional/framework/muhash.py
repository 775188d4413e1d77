"""MuHash3072 with Python's own integers: the hash of a set of byte strings, as doc/storage.md tells it."""

import hashlib
import struct

MODULUS = 2 ** 3072 - 1103717
ROUNDS = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
          (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))


def _chacha20_block(key, counter):
    """RFC 8439 with a nonce of zeros."""
    start = list(struct.unpack("<4I8I", b"expand 32-byte k" + key)) + [counter, 0, 0, 0]
    words = list(start)

    def step(a, b, c, turn):
        words[a] = words[a] + words[b] & 0xffffffff
        mixed = words[c] ^ words[a]
        words[c] = (mixed << turn | mixed >> 32 - turn) & 0xffffffff

    for _ in range(10):
        for a, b, c, d in ROUNDS:
            step(a, b, d, 16)
            step(c, d, b, 12)
            step(a, b, d, 8)
            step(c, d, b, 7)
    return struct.pack("<16I", *(x + y & 0xffffffff for x, y in zip(words, start)))


def number(element):
    key = hashlib.sha256(element).digest()
    return int.from_bytes(b"".join(_chacha20_block(key, i) for i in range(6)), "little")


def muhash(elements):
    product = 1
    for element in elements:
        product = product * number(element) % MODULUS
    return hashlib.sha256(product.to_bytes(384, "little")).digest()
