#!/usr/bin/env python3
"""Snapshots: the whole state in a file, taken over by another node, which checks the blocks below it afterwards."""

import hashlib
import pathlib
import time

from framework import check
from framework.chain import Block, next_block, sha256d
from framework.dns import Client, enum_name
from framework.numbers import NUMBER, REGEXP, fund, register, verifier
from framework.suite import run

EXPIRED = "dns:gone.coin"
LIVE = "dns:there.coin"
CHANGED = "dns:changed.coin"
OPTIONS = ("-mocktime=1800000000", "-emcdns=1", "-enumtrust=ver:enum")


def setup(env):
    env.share(*OPTIONS)
    env.node.mine(20)


def test_what_dump_tells(env):
    done = env.rpc.dumptxoutset("a.dat")
    info = env.rpc.gettxoutsetinfo()
    check.equal((done["coins_written"], done["txoutset_hash"]), (info["txouts"], info["hash_serialized_3"]))
    check.equal((done["base_height"], done["base_hash"]), (20, env.rpc.getbestblockhash()))
    check.equal(done["nchaintx"], 21)
    check.equal(done["path"], str(env.node.network / "a.dat"))
    again = env.rpc.dumptxoutset(str(env.path("b.dat")))
    check.equal(again["state_hash"], done["state_hash"])
    check.equal(env.path("b.dat").read_bytes(), (env.node.network / "a.dat").read_bytes())


def test_dump_refusals(env):
    env.rpc.dumptxoutset("there.dat")
    check.refused(-8, "exists already", env.rpc.dumptxoutset, "there.dat")
    check.refused(-8, "must name a file", env.rpc.dumptxoutset, "")
    check.refused(-8, "must name a file", env.rpc.dumptxoutset, "folder/")
    check.refused(-8, "invalidateblock", env.rpc.dumptxoutset, "c.dat", "rollback")
    check.refused(-1, "no/such/folder", env.rpc.dumptxoutset, "/no/such/folder/c.dat")
    check.equal(list(env.node.network.glob("c.dat*")), [])
    fresh = env.start()
    check.refused(-1, "genesis", fresh.rpc.dumptxoutset, "c.dat")


def grown(env):
    """Once: node 1 with live, expired and changed names, a snapshot of them, and blocks above it."""
    if hasattr(env, "dump"):
        return
    env.need_wallet()
    fund(env.node)
    env.rpc.name_new(EXPIRED, "A=192.0.2.1", 1)
    verifier(env.node)
    register(env.node)
    env.node.mine(170)
    env.rpc.name_new(LIVE, "A=192.0.2.2", 100)
    env.rpc.name_new(CHANGED, "A=192.0.2.3", 100)
    env.node.mine()
    env.dump = env.rpc.dumptxoutset(str(env.path("state.dat")))
    env.base = env.dump["base_height"]
    env.rpc.name_update(CHANGED, "A=192.0.2.4", 1)
    env.node.mine()
    env.rpc.name_delete(LIVE)
    env.rpc.name_new("dns:new.coin", "A=192.0.2.5", 5)
    env.node.mine(3)
    env.blocks = [env.rpc.getblock(env.rpc.getblockhash(height), 0) for height in range(1, env.rpc.getblockcount() + 1)]


def trust(dump, state=None):
    return f"-assumeutxo={dump['base_height']}:{dump['base_hash']}:{state or dump['state_hash']}"


def give(env, node, first, last):
    for height in range(first, last + 1):
        check.equal(node.rpc.submitblock(env.blocks[height - 1]), None, f"block {height}")


def same_state(env, node):
    check.equal(node.rpc.getbestblockhash(), env.rpc.getbestblockhash())
    check.equal(node.rpc.gettxoutsetinfo()["hash_serialized_3"], env.rpc.gettxoutsetinfo()["hash_serialized_3"])
    check.equal(node.rpc.name_scan("", 1000), env.rpc.name_scan("", 1000))


def answers(node, updated):
    check.equal(node.rpc.name_show(EXPIRED)["expired"], True)
    check.equal(node.rpc.name_show(CHANGED)["value"], "A=192.0.2.4" if updated else "A=192.0.2.3")
    dns = Client(node.dns_port)
    check.soon(lambda: dns.ask("changed.coin").data("A") == ["192.0.2.4" if updated else "192.0.2.3"], "changed.coin")
    check.equal(dns.naptr(enum_name(NUMBER)), [REGEXP])
    check.equal(dns.ask("gone.coin").rcode, "NXDOMAIN")


def states(node):
    return node.rpc.getchainstates()["chainstates"]


def test_load_go_on_and_validate(env):
    grown(env)
    top = len(env.blocks)
    node = env.start(*OPTIONS, trust(env.dump))
    give(env, node, 1, 10)
    done = node.rpc.loadtxoutset(str(env.path("state.dat")))
    check.equal((done["coins_loaded"], done["names_loaded"]), (env.dump["coins_written"], env.dump["names_written"]))
    check.equal((done["tip_hash"], done["base_height"]), (env.dump["base_hash"], env.base))
    check.equal(node.rpc.getblockcount(), env.base)
    answers(node, False)
    below, active = states(node)
    check.equal((below["blocks"], below["validated"]), (10, True))
    check.equal((active["blocks"], active["validated"], active["snapshot_blockhash"]), (env.base, False, env.dump["base_hash"]))
    give(env, node, env.base + 1, top - 1)
    node.kill()
    node.start()
    give(env, node, top, top)
    same_state(env, node)
    answers(node, True)
    check.refused(-1, "below the snapshot", node.rpc.getblock, node.rpc.getblockhash(50))
    check.refused(-1, "cannot vouch", node.rpc.dumptxoutset, "own.dat")
    check.refused(-4, "not here yet", node.rpc.importprivkey, env.rpc.dumpprivkey(env.rpc.getnewaddress()))
    check.equal(node.rpc.getindexinfo()["txindex"]["synced"], False)
    give(env, node, 11, env.base // 2)
    node.restart()
    give(env, node, env.base // 2 + 1, env.base)
    check.soon(lambda: len(states(node)) == 1, "the history is not validated")
    check.equal("snapshot_blockhash" in states(node)[0], False)
    check.soon(lambda: all(row["synced"] for row in node.rpc.getindexinfo().values()), "the indexes do not go on")
    check.equal(node.rpc.name_history(EXPIRED), env.rpc.name_history(EXPIRED))
    check.equal(node.rpc.verifychain(4, 0), True)
    same_state(env, node)
    node.restart()
    check.equal((node.network / "chainstate_snapshot").exists(), False)
    same_state(env, node)
    check.equal(node.rpc.dumptxoutset("own.dat")["state_hash"], env.rpc.dumptxoutset("own.dat")["state_hash"])


def test_history_out_of_a_block_file(env):
    grown(env)
    node = env.start(*OPTIONS, trust(env.dump))
    node.rpc.loadtxoutset(str(env.path("state.dat")))
    node.stop()
    node.start(f"-loadblock={env.node.network / 'blocks/blk00000.dat'}")
    check.soon(lambda: len(states(node)) == 1, "the history is not validated")
    check.soon(lambda: node.rpc.getblockcount() == len(env.blocks), "the blocks above are missing")
    same_state(env, node)


def with_bad_proof(block):
    """The same block, but the other chain's block has not enough work."""
    copy = Block.parse(block.header().hex() + "00")
    copy.transactions = block.transactions
    for nonce in range(1000):
        copy.proof = block.proof[:-4] + nonce.to_bytes(4, "little")
        if sha256d(copy.proof[-80:])[-1] >= 0x80:
            return copy
    raise AssertionError("no nonce is bad enough")


def test_merged_mined_history(env):
    """Headers come with a snapshot, the proofs of merged mining with the blocks below it."""
    node = env.start(OPTIONS[0])
    blocks = []
    for height in range(1, 36):
        block = next_block(node.rpc)
        blocks.append(block.merge_mine() if height % 3 else block.solve())
        check.equal(node.rpc.submitblock(block.hex()), None, f"block {height}")
        if height == 30:
            dump = node.rpc.dumptxoutset(str(env.path("merged.dat")))
    young = env.start(OPTIONS[0], trust(dump))
    young.rpc.loadtxoutset(str(env.path("merged.dat")))
    check.equal(young.rpc.getblockcount(), 30)
    check.equal(young.rpc.submitblock(with_bad_proof(blocks[1]).hex()), "high-hash")
    for block in blocks[:5]:
        check.equal(young.rpc.submitblock(block.hex()), None)
    check.equal(young.rpc.submitblock(with_bad_proof(blocks[30]).hex()), "high-hash")
    young.kill()
    young.start()
    check.equal(len(states(young)), 2)
    young.rpc.addnode(f"127.0.0.1:{node.p2p_port}", "add")
    check.soon(lambda: len(states(young)) == 1, "the history is not validated")
    check.soon(lambda: young.rpc.getblockcount() == len(blocks), "the blocks above are missing")
    node.stop()
    # Whoever asks it gets all proofs.
    young.restart()
    last = env.start(OPTIONS[0])
    last.rpc.addnode(f"127.0.0.1:{young.p2p_port}", "add")
    check.soon(lambda: last.rpc.getblockcount() == len(blocks), "the chain does not go on to the next node")
    for one in (young, last):
        check.equal([one.rpc.getblock(block.hash(), 0) for block in blocks], [block.hex() for block in blocks])
        check.equal(one.rpc.verifychain(4, 0), True)
        one.stop()


def test_refusals(env):
    grown(env)
    path = str(env.path("state.dat"))
    stranger = env.start(*OPTIONS)
    check.refused(-1, "Nobody vouches", stranger.rpc.loadtxoutset, path)
    check.refused(-8, "no such file", stranger.rpc.loadtxoutset, "missing.dat")
    stranger.stop()
    doubter = env.start(*OPTIONS, trust(env.dump, "11" * 32))
    check.refused(-1, "get the file from somebody else", doubter.rpc.loadtxoutset, path)
    data = pathlib.Path(path).read_bytes()
    for name, content, part in (("other", b"something else", "no snapshot"), ("cut", data[:-100], "get it again"),
                                ("changed", data[:-5] + b"x" + data[-4:], "checksum"),
                                ("newer", data[:8] + b"\3" + data[9:], "newer version"),
                                ("older", data[:8] + b"\1" + data[9:], "not read any more"),
                                ("main", data[:12] + b"\0\0\0\0" + data[16:], "another network")):
        (doubter.network / name).write_bytes(content)
        check.refused(-22, part, doubter.rpc.loadtxoutset, name)
    check.equal([entry.name for entry in doubter.network.glob("chainstate_*")], [])
    check.equal(len(states(doubter)), 1)
    give(env, doubter, 1, 5)
    doubter.stop()
    check.contains(doubter.fails_to_start("-assumeutxo=5:abc:def"), "height:blockhash:statehash")
    reached = env.start(*OPTIONS, trust(env.dump))
    give(env, reached, 1, env.base)
    check.refused(-1, "already", reached.rpc.loadtxoutset, path)


def test_a_lie_is_found_out(env):
    """Two nodes agree on the blocks but not on the names: a forged file and an operator who trusts it."""
    grown(env)
    data = bytearray(env.path("state.dat").read_bytes())
    at = data.index(b"A=192.0.2.3")
    data[at:at + 11] = b"A=192.0.2.9"
    data[-32:] = checksum(data)
    env.path("lie.dat").write_bytes(data)
    node = env.start(*OPTIONS, trust(env.dump))
    lie = str(env.path("lie.dat"))
    found = check.refused(-1, "holds the state", node.rpc.loadtxoutset, lie)
    state = found.split("holds the state ")[1][:64]
    node.options = [*OPTIONS, trust(env.dump, state)]
    node.stop()
    node.start()
    node.rpc.loadtxoutset(lie)
    check.equal(node.rpc.name_show(CHANGED)["value"], "A=192.0.2.9")
    give(env, node, 1, env.base - 1)
    node.rpc.submitblock(env.blocks[env.base - 1])
    end = time.monotonic() + 60
    while node.running() and time.monotonic() < end:
        time.sleep(0.1)
    check.equal(node.process.wait(10), 1)
    node.forget()
    check.contains(node.log(), state)
    check.contains(node.log(), env.dump["state_hash"])
    node.start()
    check.equal((node.network / "chainstate_snapshot_refused").exists(), True)
    give(env, node, env.base + 1, len(env.blocks))
    same_state(env, node)
    check.equal(len(states(node)), 1)


def checksum(data):
    body = hashlib.sha256(data[124:-32]).digest()
    return hashlib.sha256(bytes(data[:124]) + body).digest()


if __name__ == "__main__":
    run(globals())
