#!/usr/bin/env python3
"""The computer's clock jumps back, by hours and by years, while the node runs and between two runs: blocks, names, waiting
transactions and DNS answers stay, and all goes on when the clock is right again."""

from framework import check
from framework.numbers import fund, register, verifier
from framework.suite import run

NOW = 1800000000
HOUR = 3600
YEAR = 31536000
NUMBER = "18009359935"


def setup(env):
    env.share(f"-mocktime={NOW}", "-emcdns=1", "-enumtrust=ver:enum")
    env.need_wallet()
    fund(env.node)
    verifier(env.node)
    register(env.node)
    env.node.mine()
    env.address = env.rpc.getnewaddress()
    env.waiting = env.rpc.sendtoaddress(env.address, 1)


def standing(rpc):
    rpc.syncwithvalidationinterfacequeue()
    coins = rpc.gettxoutsetinfo()
    return (coins["bestblock"], coins["hash_serialized_3"], rpc.name_indexinfo()["hash_name"])


def test_while_running(env):
    rpc = env.rpc
    before, answer = standing(rpc), rpc.enum_resolve(NUMBER)
    for back in (3 * HOUR, YEAR, 20 * YEAR):
        rpc.setmocktime(NOW - back)
        check.equal(standing(rpc), before, f"{back} s back")
        check.equal(rpc.getrawmempool(), [env.waiting], "the waiting transaction is gone")
        check.equal(rpc.enum_resolve(NUMBER), answer)
        check.true("expired" not in rpc.name_show(f"enum:{NUMBER}:0"), "the number has expired")
        second = rpc.sendtoaddress(env.address, 1)
        check.true(second in rpc.getrawmempool(), "a payment made meanwhile is not taken")
        rpc.setmocktime(NOW)
        env.node.mine()
        check.equal(rpc.getrawmempool(), [], "both are in the block")
        before = standing(rpc)
        env.waiting = rpc.sendtoaddress(env.address, 1)


def test_blocks_ahead_of_the_clock(env):
    """A block that is ahead of the clock waits; it is not remembered as invalid."""
    rpc = env.rpc
    other = env.start(f"-mocktime={NOW - YEAR}")
    blocks = [rpc.getblock(rpc.getblockhash(height), 0) for height in range(1, rpc.getblockcount() + 1)]
    for _ in range(2):
        check.equal(other.rpc.submitblock(blocks[0]), "time-too-new")
    check.equal(other.rpc.getblockcount(), 0)
    other.rpc.setmocktime(NOW)
    for height, block in enumerate(blocks, 1):
        check.equal(other.rpc.submitblock(block), None, f"block {height}")
    check.equal(standing(other.rpc), standing(rpc))
    other.stop()


def test_between_two_runs(env):
    """Stopped, started with a clock years back: same chain, pool and wallet; with the right one it goes on."""
    before, balance = standing(env.rpc), env.rpc.getbalance()
    waiting = env.rpc.getrawmempool()
    env.node.options = [option for option in env.node.options if not option.startswith("-mocktime")]
    for back in (5 * HOUR, 10 * YEAR, 0):
        env.node.restart(f"-mocktime={NOW - back}")
        rpc = env.rpc = env.node.rpc
        check.equal(standing(rpc), before, f"{back} s back")
        check.equal((rpc.getbalance(), rpc.getrawmempool()), (balance, waiting), f"{back} s back")
        check.equal(rpc.verifychain(4, 0), True)
        check.true("expired" not in rpc.name_show(f"enum:{NUMBER}:0"), "the number has expired")
    env.node.mine()
    check.equal(env.rpc.getrawmempool(), [])


if __name__ == "__main__":
    run(globals())
