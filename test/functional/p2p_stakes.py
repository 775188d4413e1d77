#!/usr/bin/env python3
"""One stake signs many blocks: two are stored, and whichever becomes the better chain is followed."""

import threading

from framework import check, wire
from framework.chain import Block, coinbase
from framework.node import memory_kib
from framework.p2p import BlockSource, Peer, join
from framework.rpc import RpcError
from framework.stake import STEP_SEC, Key, coinstake, stake_block
from framework.suite import run

START = 1_800_000_000
SUBSIDY = 50 * 10 ** 8
BLOCKS = 120
VARIANTS = 200
GROWTH_KIB = 16 * 1024
HELD = 64


def setup(env):
    env.share(f"-mocktime={START}")
    key = Key(20261121)
    env.rpc.generatetodescriptor(1, f"raw({key.script.hex()})")
    env.rpc.generatetodescriptor(BLOCKS - 1, "raw(51)")
    env.rpc.setmocktime(START + 600)
    coin = env.rpc.getblock(env.rpc.getblockhash(1))["tx"][0]
    env.stake = coinstake(key, coin, 0, SUBSIDY)
    env.key = key
    env.fork = env.rpc.getblockheader(env.rpc.getbestblockhash())
    env.variants = [variant(env, number) for number in range(VARIANTS)]


def variant(env, number):
    time = (env.fork["time"] // STEP_SEC + 1) * STEP_SEC
    return stake_block(env.fork["hash"], BLOCKS + 1, time, env.key, env.stake, number)


def work_on(block, height, count=1):
    """Blocks of work upon one."""
    out = []
    for number in range(count):
        out.append(Block(block.hash(), block.time + 1, [coinbase(height + number, SUBSIDY)]).solve())
        block = out[-1]
    return out


def raw(blocks):
    return [bytes.fromhex(block.hex()) for block in blocks]


def offer(env, block, ahead):
    """A peer that has the block, and says that it has `ahead` more upon it."""
    source = BlockSource(raw([block]))
    peer = join(env.node.p2p_port, source=source)
    upper = work_on(block, BLOCKS + 2, ahead)
    peer.say("headers", headers=[one.header() for one in [block, *upper]])
    check.soon(lambda: block.hash() in source.asked, "the block is not asked for")
    peer.sync()
    peer.close()


def known(env, block):
    try:
        return env.rpc.getblockheader(block.hash())["height"] == BLOCKS + 1
    except RpcError:
        return False


def test_many_blocks_of_one_stake(env):
    offer(env, env.variants[0], 1)
    check.soon(lambda: env.rpc.getbestblockhash() == env.variants[0].hash(), "the first is not the tip")
    offer(env, env.variants[1], 1)
    check.soon(lambda: known(env, env.variants[1]), "the second is not stored")
    disk, memory = env.rpc.getblockchaininfo()["size_on_disk"], memory_kib(env.node.process.pid)
    for block in env.variants[2:]:
        offer(env, block, 1)
    check.equal([number for number, block in enumerate(env.variants) if known(env, block)], [0, 1])
    check.equal(env.rpc.getblockchaininfo()["size_on_disk"], disk)
    grown = memory_kib(env.node.process.pid, "VmHWM") - memory
    check.true(grown <= GROWTH_KIB, f"grown by {grown} KiB")
    check.equal(env.rpc.getbestblockhash(), env.variants[0].hash())
    check.equal(env.rpc.listbanned(), [], "nobody is to blame")
    check.equal(env.rpc.submitblock(env.variants[7].hex()), "inconclusive")


def test_the_branch_upon_one_that_is_held(env):
    branch = [env.variants[150], *work_on(env.variants[150], BLOCKS + 2)]
    source = BlockSource(raw(branch))
    peer = join(env.node.p2p_port, source=source)
    peer.say("headers", headers=[one.header() for one in branch])
    check.soon(lambda: env.rpc.getbestblockhash() == branch[-1].hash(), "the branch is not followed")
    check.equal(source.asked, [branch[-1].hash()], "the block that is held need not be sent again")
    check.equal([number for number, block in enumerate(env.variants) if known(env, block)], [0, 1, 150])
    peer.close()


def test_the_branch_upon_one_that_is_forgotten(env):
    """While its child is on the way others push it out."""
    branch = [env.variants[20], *work_on(env.variants[20], BLOCKS + 2, 2)]
    late, source = BlockSource(raw(branch)), BlockSource(raw(branch[:1]))
    peer = late.serve(Peer.connect(env.node.p2p_port))
    came = threading.Event()

    def give_the_first(who, message):
        for item in wire.parse("getdata", message.payload).items:
            if item.hash == branch[0].hash():
                who.send("block", source.blocks[item.hash])
                came.set()

    # Before the handshake: the node asks for headers when that is done, and for blocks as soon as it has them.
    peer.answers["getdata"] = give_the_first
    peer.handshake()
    check.true(came.wait(10), "the block is not asked for")
    peer.sync()
    for number in range(VARIANTS, VARIANTS + HELD):
        offer(env, variant(env, number), 2)
    check.equal(known(env, branch[0]), False)
    peer.answers["getdata"] = late.give_blocks
    for block in branch[1:]:
        peer.send("block", bytes.fromhex(block.hex()))
    check.soon(lambda: env.rpc.getbestblockhash() == branch[-1].hash(), "the branch is not followed")
    check.true(branch[0].hash() in late.asked, "the first one is asked for again")
    peer.close()


def test_restart(env):
    """What was held is gone, what is stored counts."""
    env.node.restart()
    env.rpc = env.node.rpc
    env.rpc.setmocktime(START + 600)
    offer(env, env.variants[7], 3)
    check.equal([number for number, block in enumerate(env.variants) if known(env, block)], [0, 1, 20, 150])
    branch = [env.variants[7], *work_on(env.variants[7], BLOCKS + 2, 3)]
    peer = join(env.node.p2p_port, source=BlockSource(raw(branch)))
    peer.say("headers", headers=[one.header() for one in branch])
    check.soon(lambda: env.rpc.getbestblockhash() == branch[-1].hash(), "the branch is not followed")
    check.equal(env.rpc.verifychain(4, 0), True)
    peer.close()


if __name__ == "__main__":
    run(globals())
