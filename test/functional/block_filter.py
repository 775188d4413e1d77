#!/usr/bin/env python3
"""Block filters (BIP 158) read by a decoder of our own: what they hold, how they are linked, when they can be asked."""

from framework import check
from framework.chain import Block, OP_TRUE, Reader, Tx, sha256d
from framework.compact import siphash
from framework.names import OWNER, Purse
from framework.suite import run

RICE_BITS = 19
INVERSE_RATE = 784931


def values_of(encoded):
    """The values of a Golomb-coded set, ascending."""
    reader = Reader(encoded)
    count = reader.compact()
    rest = encoded[reader.at:]
    bits = "".join(f"{byte:08b}" for byte in rest)
    values, at, last = [], 0, 0
    for _ in range(count):
        ones = bits.index("0", at) - at
        at += ones + 1
        last += (ones << RICE_BITS) + int(bits[at:at + RICE_BITS], 2)
        at += RICE_BITS
        values.append(last)
    check.true(len(bits) - at < 8 and "1" not in bits[at:], "nothing behind the last value")
    return values


def value_for(block_hash, count, script):
    key = bytes.fromhex(block_hash)[::-1][:16]
    key0, key1 = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    return siphash(key0, key1, script) * count * INVERSE_RATE >> 64


def wanted_values(block_hash, scripts):
    distinct = set(scripts)
    return sorted(value_for(block_hash, len(distinct), script) for script in distinct)


def check_chain(rpc, heights):
    """Headers of the filters at these heights, each linked to the one before."""
    for height in heights:
        row = rpc.getblockfilter(rpc.getblockhash(height))
        before = bytes(32) if height == 0 else bytes.fromhex(
            rpc.getblockfilter(rpc.getblockhash(height - 1), "basic")["header"])[::-1]
        header = sha256d(sha256d(bytes.fromhex(row["filter"])) + before)
        check.equal(row["header"], header[::-1].hex(), f"filter header at {height}")


def setup(env):
    env.share("-mocktime=1800000000", "-blockfilterindex")
    env.purse = Purse(env.node)


def test_what_a_filter_holds(env):
    """Scripts made and scripts spent; of a name the owner script; nothing that is empty or begins with OP_RETURN."""
    name = env.purse.transaction({"n:filter": "value"})
    plain = Tx().spend(env.purse.coins.pop(0), 0).pay(1_000, b"").pay(2_000, b"\x6a\x01\x07").pay(3_000, b"\x52")
    block_hash = env.rpc.generateblock("raw(5151)", [name.hex(), plain.hex()])["hash"]
    block = Block.parse(env.rpc.getblock(block_hash, 0))
    check.equal(len(block.transactions), 3)
    wanted = wanted_values(block_hash, [b"\x51\x51", OWNER, OP_TRUE, b"\x52"])
    row = env.rpc.getblockfilter(block_hash)
    check.equal(values_of(bytes.fromhex(row["filter"])), wanted, "values")
    check_chain(env.rpc, range(env.rpc.getblockcount() + 1))


def test_when_there_is_none(env):
    check.refused(-5, "Block not found", env.rpc.getblockfilter, "11" * 32)
    check.refused(-5, "Unknown filtertype extended", env.rpc.getblockfilter, env.rpc.getbestblockhash(), "extended")
    left = env.rpc.generatetodescriptor(1, "raw(5152)")[0]
    env.rpc.syncwithvalidationinterfacequeue()
    env.rpc.invalidateblock(left)
    env.rpc.generatetodescriptor(2, "raw(5153)")
    env.rpc.syncwithvalidationinterfacequeue()
    check.refused(-1, "not in the best chain", env.rpc.getblockfilter, left)
    check_chain(env.rpc, range(env.rpc.getblockcount() - 3, env.rpc.getblockcount() + 1))


def test_built_later(env):
    """The same filters on a node that kept its blocks first and was asked for filters afterwards, and killed."""
    blocks = [env.rpc.getblock(env.rpc.getblockhash(height), 0) for height in range(1, env.rpc.getblockcount() + 1)]
    wanted = [env.rpc.getblockfilter(env.rpc.getblockhash(height)) for height in range(len(blocks) + 1)]
    node = env.start("-mocktime=1800000000")
    for block in blocks:
        node.rpc.submitblock(block)
    tip = node.rpc.getbestblockhash()
    check.refused(-1, "start with -blockfilterindex", node.rpc.getblockfilter, tip)
    node.stop()
    node.start("-blockfilterindex")
    node.rpc.syncwithvalidationinterfacequeue()
    node.kill()
    node.start("-blockfilterindex")
    node.rpc.syncwithvalidationinterfacequeue()
    check.equal(node.rpc.getindexinfo()["basic block filter index"], {"synced": True, "best_block_height": len(blocks)})
    check.equal([node.rpc.getblockfilter(node.rpc.getblockhash(height)) for height in range(len(blocks) + 1)], wanted)
    node.stop()


if __name__ == "__main__":
    run(globals())
