"""Blocks of stake on regtest, where every kernel meets the target: one Taproot key, spent and signed by BIP 340."""

import hashlib
import struct

from .bip324 import BASE, ORDER, tagged_hash, times
from .chain import SEQUENCE_FINAL, Block, Tx, merkle_root, push, script_number, sha256d, with_length

STAKE_VERSION = 4 | 0x200
STEP_SEC = 16
MATURITY = 100


class Key:
    def __init__(self, secret):
        x, y = times(BASE, secret)
        self.secret = secret if y % 2 == 0 else ORDER - secret
        self.public = x.to_bytes(32, "big")
        self.script = b"\x51\x20" + self.public

    def sign(self, message):
        """BIP 340; the nonce depends on key and message only."""
        number = int.from_bytes(tagged_hash("nonce of a test", self.secret.to_bytes(32, "big") + message), "big") % ORDER
        x, y = times(BASE, number)
        number = number if y % 2 == 0 else ORDER - number
        point = x.to_bytes(32, "big")
        challenge = int.from_bytes(tagged_hash("BIP0340/challenge", point + self.public + message), "big")
        return point + ((number + challenge * self.secret) % ORDER).to_bytes(32, "big")

    def spend(self, tx, value):
        """Signs the one input of `tx`, an output of this key, as BIP 341 wants it."""
        txid, index, _, sequence, _ = tx.inputs[0]
        outputs = b"".join(struct.pack("<q", paid) + with_length(script) for paid, script in tx.outputs)
        parts = (txid + struct.pack("<I", index), struct.pack("<q", value), with_length(self.script),
                 struct.pack("<I", sequence), outputs)
        digest = (b"\0\0" + struct.pack("<iI", tx.version, tx.lock_time) +
                  b"".join(hashlib.sha256(part).digest() for part in parts) + b"\0" + bytes(4))
        tx.inputs[0][4] = [self.sign(tagged_hash("TapSighash", digest))]
        return tx


def mine_coins(node, key, count):
    """Mines coins of the key and what they need on top to be staked; gives their transaction ids."""
    first = node.rpc.getblockcount() + 1
    node.rpc.generatetodescriptor(count, f"raw({key.script.hex()})")
    node.mine(MATURITY)
    return [node.rpc.getblock(node.rpc.getblockhash(height))["tx"][0] for height in range(first, first + count)]


def grid(time):
    """The first time behind this one that a block of stake may have."""
    return (time // STEP_SEC + 1) * STEP_SEC


def coinstake(key, txid, index, value):
    """Gives the coin back whole."""
    return key.spend(Tx().spend(txid, index).pay(0, b"").pay(value, key.script), value)


def stake_block(previous, height, time, key, stake, mark=0, transactions=()):
    """`mark` tells blocks of one stake apart. `time`: a multiple of 16."""
    reserved = mark.to_bytes(32, "big")
    first = Tx()
    first.inputs.append([bytes(32), 0xffffffff, push(script_number(height)) + b"\0", SEQUENCE_FINAL, []])
    root = merkle_root([bytes(32)] + [sha256d(tx.serialize()) for tx in (stake, *transactions)])
    first.pay(0, b"\x6a\x24\xaa\x21\xa9\xed" + sha256d(root + reserved))
    block = Block(previous, time, [first, stake, *transactions], version=STAKE_VERSION).set_merkle()
    first.inputs[0][4] = [reserved, key.sign(tagged_hash("EMC/block", sha256d(block.header())))]
    return block
