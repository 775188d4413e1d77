"""Call batches by hand: payload, signatures, the transaction that claims."""

import hashlib
import struct

from .bip324 import BASE, ORDER, tagged_hash, times
from .chain import Tx

REWARD_VERSION = 0x0CA1
COIN = 100_000_000
FEE = 10_000


def sign_compact(secret, digest):
    """A recoverable signature of a compressed key: header, r, s (low)."""
    number = int.from_bytes(secret, "big")
    nonce = int.from_bytes(hashlib.sha256(secret + digest).digest(), "big") % ORDER
    x, y = times(BASE, nonce)
    r = x % ORDER
    s = pow(nonce, -1, ORDER) * (int.from_bytes(digest, "big") + r * number) % ORDER
    odd = y & 1
    if s > ORDER // 2:
        s, odd = ORDER - s, odd ^ 1
    return bytes([31 + odd]) + r.to_bytes(32, "big") + s.to_bytes(32, "big")


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
        digest = tagged_hash("EMC/callbatch", bytes.fromhex(self.genesis)[::-1] + self.signed_part())
        return (self.signed_part() + sign_compact(self.caller[2], digest) + sign_compact(self.callee[2], digest) +
                struct.pack("<Q", claim))

    def claim(self, coin, amount):
        """A transaction that claims `amount` with a coin of the callee's (a row of listunspent), with FEE; not signed."""
        bond = int(coin["amount"] * COIN)
        tx = Tx(REWARD_VERSION).spend(coin["txid"], coin["vout"])
        tx.pay(bond, b"\x54\x75\x4c\xcf" + self.payload(amount) + b"\x75" + self.callee[3])
        tx.pay(amount - FEE, self.caller[3])
        return tx
