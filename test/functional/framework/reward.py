"""Call batches by hand: payload, signatures, the transaction that claims; a node with two who may claim."""

import hashlib
import struct

from . import check
from .bip324 import BASE, ORDER, tagged_hash, times
from .chain import Tx, base58check_decode
from .numbers import ROUTE

REWARD_VERSION = 0x0CA1
COIN = 100_000_000
FEE = 10_000
DAY = 86_400
START = 1_800_000_000
CALLER, CALLEE = (18009359935, 0), (442079460000, 0)


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


def party(env, number, slot):
    """Registers a number with an owner of its own; the party of a batch."""
    owner = env.rpc.getnewaddress()
    env.rpc.name_new(f"enum:{number}:{slot}", ROUTE, 3650, owner)
    script = bytes.fromhex(env.rpc.getaddressinfo(owner)["scriptPubKey"])
    return number, slot, base58check_decode(env.rpc.dumpprivkey(owner))[1:33], script, owner


def later(env, seconds, blocks=12):
    env.now += seconds
    env.rpc.setmocktime(env.now)
    env.node.mine(blocks)


def median(env):
    return env.rpc.getblockheader(env.rpc.getbestblockhash())["mediantime"]


def signed(env, tx):
    done = env.rpc.signrawtransactionwithwallet(tx.hex())
    check.equal(done["complete"], True)
    return done["hex"]


def prepare(env):
    """env.caller and env.callee have numbers, and the callee coins of 10, 11 and 12 EMC that are old enough; the node began at START."""
    env.now = START
    env.caller, env.callee = party(env, *CALLER), party(env, *CALLEE)
    env.node.mine()
    coin = max(env.rpc.listunspent(1), key=lambda row: row["amount"])
    coins = Tx().spend(coin["txid"], coin["vout"])
    for amount in (10, 11, 12):
        coins.pay(amount * COIN, env.callee[3])
    coins.pay(int(coin["amount"] * COIN) - 33 * COIN - 10_000, env.caller[3])
    env.rpc.sendrawtransaction(signed(env, coins))
    env.node.mine(170)
    later(env, 10 * DAY)


def bond(env, amount):
    """A coin of the callee's of this value."""
    return next(row for row in env.rpc.listunspent(1) if row["address"] == env.callee[4] and row["amount"] == amount)


def batch(env, start, end, caller=None, **more):
    return Batch(env.rpc.getblockhash(0), caller or env.caller, env.callee, median(env) + start, median(env) + end, **more)
