#!/usr/bin/env python3
"""Merged mining: a parent chain made here mines this one beside others, and a proof with any field wrong is refused with the
rule's word."""

import random
import struct

from framework import check
from framework.chain import AUXPOW_CHAIN, OP_TRUE, REGTEST_TARGET, SEQUENCE_FINAL, Block, Tx, compact, merkle_root, sha256d
from framework.node import memory_kib
from framework.suite import run

ADDRESS_SCRIPT = "00140202020202020202020202020202020202020202"
DICE = random.Random("merged mining")
MARKER = b"\xfa\xbe\x6d\x6d"
LEVELS = 3  # eight slots for chains
EVERY = (1 << 32) - 1


def setup(env):
    env.share()
    env.node.mine(1)
    env.address = env.rpc.decodescript(ADDRESS_SCRIPT)["address"]


def slot(nonce, levels):
    number = (nonce * 1103515245 + 12345) & EVERY
    number = ((number + AUXPOW_CHAIN) * 1103515245 + 12345) & EVERY
    return number & ((1 << levels) - 1)


def branch_of(leaves, index):
    out = []
    while len(leaves) > 1:
        out.append(leaves[index ^ 1])
        leaves = [sha256d(leaves[i] + leaves[i + 1]) for i in range(0, len(leaves), 2)]
        index //= 2
    return out


class Parent:
    """A block of the parent chain whose coinbase commits to a tree of chains; each field can be spoilt before it is solved."""

    def __init__(self, block_hash, levels=LEVELS):
        self.nonce = DICE.getrandbits(32)
        self.chain_index = slot(self.nonce, levels)
        chains = [DICE.randbytes(32) for _ in range(1 << levels)]
        chains[self.chain_index] = bytes.fromhex(block_hash)[::-1]
        self.chain_branch = branch_of(chains, self.chain_index)
        self.commitment = merkle_root(chains)[::-1]
        self.tail = struct.pack("<II", 1 << levels, self.nonce)
        self.before, self.behind = DICE.randbytes(5), b"pool"
        self.coinbase_index = 0
        self.other_txs = [DICE.randbytes(32) for _ in range(3)]
        self.version = 0x20000000
        self.witness = []
        self.enough = True
        self.merkle = None

    def proof(self):
        script = self.before + MARKER + self.commitment + self.tail + self.behind
        first = Tx().pay(0, OP_TRUE)
        first.inputs.append([bytes(32), 0xffffffff, script, SEQUENCE_FINAL, self.witness])
        leaves = [first.hash(), *self.other_txs]
        header = Block("33" * 32, 1800000000, [], version=self.version)
        header.merkle = self.merkle or merkle_root(leaves)
        while (int.from_bytes(sha256d(header.header()), "little") <= REGTEST_TARGET) != self.enough:
            header.nonce += 1
        return (first.serialize() + bytes(32) + vector(branch_of(leaves, 0)) + struct.pack("<I", self.coinbase_index) +
                vector(self.chain_branch) + struct.pack("<I", self.chain_index) + header.header()).hex()


def vector(hashes):
    return compact(len(hashes)) + b"".join(hashes)


def test_work(env):
    rpc = env.rpc
    work = rpc.createauxblock(env.address)
    check.equal(work["chainid"], AUXPOW_CHAIN)
    check.equal((work["height"], work["previousblockhash"]), (rpc.getblockcount() + 1, rpc.getbestblockhash()))
    check.equal((work["bits"], work["coinbasevalue"]), ("207fffff", 50 * 10 ** 8))
    check.equal(work["target"], "00" * 29 + "ffff7f")
    check.equal(rpc.createauxblock(env.address), work, "the same as long as nothing is better")
    check.equal(rpc.getauxblock(env.address), work)
    check.refused(-5, "", rpc.createauxblock, "nobody")


def test_merged_mining(env):
    rpc = env.rpc
    for levels in (0, 1, LEVELS):
        work = rpc.createauxblock(env.address)
        check.equal(rpc.submitauxblock(work["hash"], Parent(work["hash"], levels).proof()), True)
        check.equal(rpc.getbestblockhash(), work["hash"])
        block = rpc.getblock(work["hash"], 2)
        check.equal(block["tx"][0]["vout"][0]["scriptPubKey"]["hex"], ADDRESS_SCRIPT)
        check.equal(block["height"], work["height"])
    work = rpc.getauxblock(env.address)
    proof = Parent(work["hash"]).proof()
    check.equal(rpc.getauxblock(work["hash"], proof), True)
    check.equal(rpc.getauxblock(work["hash"], proof), "duplicate")


def test_several_payouts(env):
    """Work for many pools at once; whoever is first wins, the others' is stale."""
    rpc = env.rpc
    addresses = [rpc.decodescript("0014" + bytes([n] * 20).hex())["address"] for n in range(1, 11)]
    works = [rpc.createauxblock(address) for address in addresses]
    check.equal(len({work["hash"] for work in works}), 10)
    check.equal(rpc.submitauxblock(works[4]["hash"], Parent(works[4]["hash"]).proof()), True)
    late = Parent(works[5]["hash"]).proof()
    check.equal(rpc.submitauxblock(works[5]["hash"], late), "inconclusive")
    rpc.createauxblock(addresses[0])
    check.refused(-8, "createauxblock", rpc.submitauxblock, works[6]["hash"], Parent(works[6]["hash"]).proof())
    check.equal(rpc.getauxblock(works[6]["hash"], Parent(works[6]["hash"]).proof()), False)


def spoilt(name, value):
    def change(parent):
        setattr(parent, name, value(parent) if callable(value) else value)
    return change


WRONG = {
    "bad-auxpow-parent-chainid": [spoilt("version", AUXPOW_CHAIN << 16 | 4)],
    "bad-auxpow-coinbase-index": [spoilt("coinbase_index", 1), spoilt("coinbase_index", EVERY)],
    "bad-auxpow-merkle": [spoilt("merkle", bytes(32)), spoilt("merkle", bytes([7]) * 32)],
    "bad-auxpow-marker": [spoilt("before", MARKER), spoilt("behind", MARKER + bytes(8))],
    "bad-auxpow-root": [spoilt("commitment", lambda p: p.commitment[::-1]), spoilt("commitment", b""),
                        spoilt("chain_branch", lambda p: p.chain_branch[::-1]), spoilt("chain_branch", lambda p: p.chain_branch[:2]),
                        spoilt("chain_index", lambda p: p.chain_index ^ 1)],
    "bad-auxpow-treesize": [spoilt("tail", lambda p: struct.pack("<II", 4, p.nonce)),
                            spoilt("tail", lambda p: struct.pack("<II", 0, p.nonce))],
    "bad-auxpow-index": [spoilt("tail", lambda p: struct.pack("<II", 8, other_nonce(p.nonce)))],
    "high-hash": [spoilt("enough", False)],
}


def other_nonce(nonce):
    return next(n for n in range(1000) if slot(n, LEVELS) != slot(nonce, LEVELS))


def test_every_field_wrong(env):
    rpc = env.rpc
    work = rpc.createauxblock(env.address)
    for reason, changes in WRONG.items():
        for change in changes:
            parent = Parent(work["hash"])
            change(parent)
            check.equal(rpc.submitauxblock(work["hash"], parent.proof()), reason)
    short = Parent(work["hash"])
    short.tail, short.behind = short.tail[:7], b""
    check.equal(rpc.submitauxblock(work["hash"], short.proof()), "bad-auxpow-tail")
    foreign = Parent("11" * 32)
    check.equal(rpc.submitauxblock(work["hash"], foreign.proof()), "bad-auxpow-root", "another block's proof")
    check.equal(rpc.submitauxblock(work["hash"], Parent(work["hash"]).proof()), True, "none of it harmed the block")


def test_not_a_proof(env):
    rpc = env.rpc
    work = rpc.createauxblock(env.address)
    good = Parent(work["hash"]).proof()
    witness = Parent(work["hash"])
    witness.witness = [b"x"]
    deep, long = Parent(work["hash"]), Parent(work["hash"])
    deep.chain_branch = [bytes(32)] * 31
    long.behind = bytes(100_000)
    for text in ("", "zz", "00", good[:-2], good + "00", "ff" * 300, witness.proof(), deep.proof(), long.proof()):
        check.refused(-22, "merged-mining proof", rpc.submitauxblock, work["hash"], text)
        check.refused(-22, "merged-mining proof", rpc.getauxblock, work["hash"], text)
    check.refused(-8, "hash", rpc.submitauxblock, "12", good)
    check.refused(-8, "createauxblock", rpc.submitauxblock, "00" * 32, good)
    check.equal(rpc.getauxblock("00" * 32, good), False)


def test_wrong_proofs_leave_nothing_behind(env):
    """Two thousand of them, and work for as many payees: the node neither grows nor waits, and takes a right one."""
    rpc, pid = env.rpc, env.node.process.pid
    changes = [change for several in WRONG.values() for change in several]
    before, tip = memory_kib(pid), rpc.getbestblockhash()
    for number in range(2_000):
        work = rpc.createauxblock(rpc.decodescript(f"0014{number:040x}")["address"])
        parent = Parent(work["hash"])
        DICE.choice(changes)(parent)
        check.true(rpc.submitauxblock(work["hash"], parent.proof()) in WRONG, "a wrong proof was taken")
    check.equal(rpc.getbestblockhash(), tip)
    check.true(memory_kib(pid) < before + 50_000, "the node has grown by more than 50 MB")
    check.equal(rpc.submitauxblock(work["hash"], Parent(work["hash"]).proof()), True)


def test_to_the_wallet(env):
    env.need_wallet()
    rpc = env.rpc
    work = rpc.getauxblock()
    check.equal(rpc.getauxblock(), work)
    check.equal(rpc.createauxblock()["hash"], work["hash"])
    check.equal(rpc.getauxblock(work["hash"], Parent(work["hash"]).proof()), True)
    rpc.syncwithvalidationinterfacequeue()
    [address] = rpc.getaddressesbylabel("mining")
    check.equal(rpc.listtransactions()[-1]["address"], address)
    rpc.generate(2)
    check.equal(list(rpc.getaddressesbylabel("mining")), [address])


run(globals())
