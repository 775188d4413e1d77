"""Call batches by hand: payload, signatures, the transaction that claims."""

import hashlib
import struct

from framework.chain import Tx

REWARD_VERSION = 0x0CA1
COIN = 100_000_000
FEE = 10_000
ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141
FIELD = 2**256 - 2**32 - 977
GENERATOR = (0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798,
             0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8)


def add(a, b):
    """The sum of two points of secp256k1; None is the point at infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % FIELD == 0:
            return None
        slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, FIELD)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, FIELD)
    x = (slope * slope - a[0] - b[0]) % FIELD
    return x, (slope * (a[0] - x) - a[1]) % FIELD


def multiply(point, factor):
    out = None
    while factor:
        if factor & 1:
            out = add(out, point)
        point = add(point, point)
        factor >>= 1
    return out


def sign_compact(secret, digest):
    """A recoverable signature of a compressed key: header, r, s (low)."""
    number = int.from_bytes(secret, "big")
    nonce = int.from_bytes(hashlib.sha256(secret + digest).digest(), "big") % ORDER
    x, y = multiply(GENERATOR, nonce)
    r = x % ORDER
    s = pow(nonce, -1, ORDER) * (int.from_bytes(digest, "big") + r * number) % ORDER
    odd = y & 1
    if s > ORDER // 2:
        s, odd = ORDER - s, odd ^ 1
    return bytes([31 + odd]) + r.to_bytes(32, "big") + s.to_bytes(32, "big")


def tagged(tag, data):
    mark = hashlib.sha256(tag.encode()).digest()
    return hashlib.sha256(mark + mark + data).digest()


class Batch:
    """Parties are (number, slot, secret, owner script as bytes)."""

    def __init__(self, genesis, caller, callee, start, end, minutes=100, calls=50):
        self.genesis, self.caller, self.callee = genesis, caller, callee
        self.start, self.end, self.minutes, self.calls = start, end, minutes, calls
        self.root = hashlib.sha256(b"records").digest()

    def signed_part(self):
        return (b"\x01" + b"".join(struct.pack("<QH", *party[:2]) for party in (self.caller, self.callee)) +
                struct.pack("<IIII", self.start, self.end, self.calls, self.minutes) + self.root)

    def payload(self, claim):
        digest = tagged("EMC/callbatch", bytes.fromhex(self.genesis)[::-1] + self.signed_part())
        return (self.signed_part() + sign_compact(self.caller[2], digest) + sign_compact(self.callee[2], digest) +
                struct.pack("<Q", claim))

    def claim(self, coin, amount):
        """A transaction that claims `amount` with a coin of the callee's (a row of listunspent), with FEE; not signed."""
        bond = int(coin["amount"] * COIN)
        tx = Tx(REWARD_VERSION).spend(coin["txid"], coin["vout"])
        tx.pay(bond, b"\x54\x75\x4c\xcf" + self.payload(amount) + b"\x75" + self.callee[3])
        tx.pay(amount - FEE, self.caller[3])
        return tx
