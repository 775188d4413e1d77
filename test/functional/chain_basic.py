#!/usr/bin/env python3
"""Mining, looking at blocks and coins, reorganisations."""

import struct

from framework import check
from framework.chain import Block, sha256d, with_length
from framework.muhash import muhash
from framework.suite import run


def setup(env):
    env.share("-mocktime=1800000000")


def test_genesis(env):
    info = env.rpc.getblockchaininfo()
    check.equal(info["bestblockhash"], "74de6c2a07067b360806c37c59eb9f9d79d550002c9634bfd22e61e9248c0aa5")
    check.equal((info["chain"], info["blocks"], info["headers"], info["pruned"]), ("regtest", 0, 0, False))
    block = env.rpc.getblock(info["bestblockhash"], 2)
    check.equal((block["nTx"], block["height"], block["confirmations"]), (1, 0, 1))
    check.true("previousblockhash" not in block, "the genesis block has a parent")
    check.equal(env.rpc.gettxout(block["tx"][0]["txid"], 0), None, "its output is a coin")


def test_mine(env):
    hashes = env.node.mine(110)
    check.equal(len(hashes), 110)
    check.equal(env.rpc.getbestblockhash(), hashes[-1])
    check.equal(env.rpc.getblockhash(5), hashes[4])
    check.equal(env.rpc.getblockcount(), 110)
    check.refused(-8, "Block height out of range: the chain has heights 0 to 110", env.rpc.getblockhash, 111)
    check.refused(-8, "out of range", env.rpc.getblockhash, -1)


def test_mine_arguments(env):
    check.refused(-5, "", env.rpc.generatetoaddress, 1, "not an address")
    check.refused(-8, "nblocks must be between 0 and", env.rpc.generatetoaddress, -1, "bcrt1qqyqszqgpqyqszqgpqyqszqgpqyqszqgpvxat9t")
    check.refused(-5, "", env.rpc.generatetodescriptor, 1, "nothing(5)")
    check.equal(env.rpc.generatetodescriptor(0, "raw(51)"), [])


def test_header(env):
    hashed = env.rpc.getblockhash(7)
    header = env.rpc.getblockheader(hashed)
    raw = bytes.fromhex(env.rpc.getblockheader(hashed, False))
    check.equal(len(raw), 80)
    check.equal(sha256d(raw)[::-1].hex(), hashed)
    check.equal((header["height"], header["previousblockhash"], header["nextblockhash"], header["nTx"]),
                (7, env.rpc.getblockhash(6), env.rpc.getblockhash(8), 1))
    check.equal((header["bits"], header["confirmations"]), ("207fffff", 104))
    check.refused(-5, "Block not found", env.rpc.getblockheader, "00" * 32)
    check.refused(-8, "of length 64 (not 4, for '0011')", env.rpc.getblockheader, "0011")
    check.refused(-8, "must be hexadecimal string", env.rpc.getblockheader, "x" * 64)


def test_block_verbosity(env):
    hashed = env.rpc.getblockhash(7)
    text = env.rpc.getblock(hashed, 0)
    block = Block.parse(text)
    check.equal(block.hash(), hashed)
    check.equal(block.hex(), text, "written again")
    ids = env.rpc.getblock(hashed)
    check.equal(ids["tx"], [block.transactions[0].txid()])
    check.equal((ids["size"], ids["weight"] <= 4 * ids["size"], ids["strippedsize"] <= ids["size"]),
                (len(text) // 2, True, True))
    for level in (2, 3):
        full = env.rpc.getblock(hashed, level)["tx"][0]
        check.equal((full["txid"], full["hex"]), (block.transactions[0].txid(), block.transactions[0].hex()))
        check.keys(full["vin"][0], "coinbase", "sequence")
    check.refused(-8, "", env.rpc.getblock, hashed, 4)
    check.refused(-3, "verbosity must be 0 to 3 or a boolean", env.rpc.getblock, hashed, "1")
    check.refused(-3, "must be an integer, not 1.5", env.rpc.getblock, hashed, 1.5)
    check.refused(-3, "must be an integer, not 1.5", env.rpc.getblockstats, 1.5)


def test_gettxout(env):
    txid = env.rpc.getblock(env.rpc.getblockhash(1))["tx"][0]
    coin = env.rpc.gettxout(txid, 0)
    check.equal((coin["value"], coin["coinbase"], coin["confirmations"]), (50, True, 110))
    check.equal(coin["scriptPubKey"]["type"], "witness_v0_keyhash")
    check.equal(coin["bestblock"], env.rpc.getbestblockhash())
    check.equal(env.rpc.gettxout(txid, 1), None, "the witness commitment is no coin")
    check.equal(env.rpc.gettxout(txid, 4294967295), None)
    check.refused(-8, "", env.rpc.gettxout, txid, 4294967296)
    check.refused(-8, "", env.rpc.gettxout, txid, -1)


def test_gettxoutsetinfo(env):
    info = env.rpc.gettxoutsetinfo()
    check.equal((info["height"], info["txouts"], info["transactions"], info["total_amount"]), (110, 110, 110, 5500))
    check.equal((info["bestblock"], info["total_supply"]), (env.rpc.getbestblockhash(), 5500))
    check.equal(env.rpc.gettxoutsetinfo("none"), {key: info[key] for key in info if key != "hash_serialized_3"})
    check.refused(-8, "hash_serialized_3, muhash and none", env.rpc.gettxoutsetinfo, "md5")
    check.refused(-8, "coinstatsindex", env.rpc.gettxoutsetinfo, "muhash", 5)
    check.refused(-8, "coinstatsindex", env.rpc.gettxoutsetinfo, "none", env.rpc.getblockhash(5), True)


def test_hashes_of_the_coins(env):
    """Worked out here from the blocks: outpoint, height and kind, value, script, in the order of the outpoints."""
    coins = {}
    for height in range(1, env.rpc.getblockcount() + 1):
        for tx in Block.parse(env.rpc.getblock(env.rpc.getblockhash(height), 0)).transactions:
            generated = tx.inputs[0][0] == bytes(32)
            for spent in tx.inputs:
                coins.pop((spent[0], spent[1]), None)
            for index, (value, script) in enumerate(tx.outputs):
                if script[:1] != b"\x6a":
                    coins[tx.hash(), index] = struct.pack("<Iq", 2 * height + generated, value) + with_length(script)
    elements = [txid + struct.pack("<I", index) + rest for (txid, index), rest in sorted(coins.items())]
    info = env.rpc.gettxoutsetinfo()
    check.equal(len(elements), info["txouts"])
    check.equal(info["hash_serialized_3"], sha256d(b"".join(elements))[::-1].hex())
    check.equal(env.rpc.gettxoutsetinfo("muhash", None, False)["muhash"], muhash(elements)[::-1].hex())
    scripts = [element[49:] if element[48] < 0xfd else element[51:] for element in elements]
    check.equal(info["bogosize"], sum(50 + len(script) for script in scripts))


def test_blockstats(env):
    for key in (7, env.rpc.getblockhash(7)):
        stats = env.rpc.getblockstats(key)
        check.equal((stats["height"], stats["txs"], stats["ins"], stats["totalfee"]), (7, 1, 0, 0))
    check.refused(-8, "", env.rpc.getblockstats, 111)
    check.refused(-8, "", env.rpc.getblockstats, "7")


def test_reorganisation(env):
    """A longer branch takes over, and the coins are those of a node that only ever saw it."""
    rpc = env.rpc
    before = rpc.gettxoutsetinfo()
    old = rpc.getblockhash(100)
    rpc.invalidateblock(old)
    check.equal(rpc.getblockcount(), 99)
    branch = rpc.generatetodescriptor(15, "raw(51)")
    check.equal(rpc.getblockcount(), 114)
    tips = {tip["hash"]: tip for tip in rpc.getchaintips()}
    check.equal(tips[branch[-1]]["status"], "active")
    check.equal(tips[before["bestblock"]]["status"], "invalid")
    check.equal(tips[before["bestblock"]]["branchlen"], 11)
    rpc.reconsiderblock(old)
    check.equal(rpc.getbestblockhash(), branch[-1], "the shorter branch stays aside")
    rpc.invalidateblock(branch[0])
    check.equal(rpc.getbestblockhash(), before["bestblock"])
    after = rpc.gettxoutsetinfo()
    check.equal((after["hash_serialized_3"], after["txouts"]), (before["hash_serialized_3"], before["txouts"]))
    rpc.reconsiderblock(branch[0])
    check.equal(rpc.getbestblockhash(), branch[-1])


def test_reorganisation_equals_straight_chain(env):
    """The same blocks given to a fresh node lead to the same coins."""
    other = env.start("-mocktime=1800000000")
    for height in range(1, env.rpc.getblockcount() + 1):
        check.equal(other.rpc.submitblock(env.rpc.getblock(env.rpc.getblockhash(height), 0)), None)
    check.equal(other.rpc.gettxoutsetinfo()["hash_serialized_3"], env.rpc.gettxoutsetinfo()["hash_serialized_3"])
    check.equal(other.rpc.verifychain(4, 0), True)
    other.stop()


def test_invalidate_unknown(env):
    check.refused(-5, "Block not found", env.rpc.invalidateblock, "00" * 32)
    check.refused(-5, "Block not found", env.rpc.reconsiderblock, "00" * 32)


def test_invalidate_genesis(env):
    check.refused(None, "", env.rpc.invalidateblock, env.rpc.getblockhash(0))
    check.equal(env.rpc.getblockcount(), 114)


def test_mocktime(env):
    env.rpc.setmocktime(1800003600)
    header = env.rpc.getblockheader(env.node.mine(1)[0])
    check.equal(header["time"], 1800003600)
    env.rpc.setmocktime(1800000000)
    header = env.rpc.getblockheader(env.node.mine(1)[0])
    check.true(header["time"] > header["mediantime"], "time is not above the median")
    check.refused(-8, "", env.rpc.setmocktime, -1)


def test_state_survives_restart(env):
    before = (env.rpc.getbestblockhash(), env.rpc.gettxoutsetinfo()["hash_serialized_3"], env.rpc.getchaintips())
    env.node.restart()
    env.rpc = env.node.rpc
    after = (env.rpc.getbestblockhash(), env.rpc.gettxoutsetinfo()["hash_serialized_3"], env.rpc.getchaintips())
    check.equal(after[:2], before[:2])
    check.equal(sorted(tip["hash"] for tip in after[2]), sorted(tip["hash"] for tip in before[2]))


def test_reindex(env):
    """Both ways to build the state anew end where it was."""
    before = (env.rpc.getbestblockhash(), env.rpc.gettxoutsetinfo()["hash_serialized_3"])
    for option in ("-reindex-chainstate", "-reindex"):
        env.node.restart(option)
        env.rpc = env.node.rpc
        check.soon(lambda: env.rpc.getbestblockhash() == before[0], option)
        check.equal(env.rpc.gettxoutsetinfo()["hash_serialized_3"], before[1], option)
    check.equal(env.rpc.verifychain(4, 0), True)


if __name__ == "__main__":
    run(globals())
