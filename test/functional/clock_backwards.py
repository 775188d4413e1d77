#!/usr/bin/env python3
"""The computer's clock jumps back, by hours and by years, while the node runs and between two runs: blocks, names, waiting
transactions and DNS answers stay, and all goes on when the clock is right again."""

from framework import check
from framework.dns import Client, enum_name
from framework.numbers import REGEXP, fund, register, verifier
from framework.stake import STEP_SEC, Key, coinstake, stake_block
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


def test_answers_over_udp(env):
    """A signature counts until its date by the clock as it is now; no answer stays for longer than it may."""
    rpc, dns = env.rpc, Client(env.node.dns_port)
    timed = "18009359936"
    register(env.node, timed, expiry=NOW + HOUR)
    check.soon(lambda: dns.naptr(enum_name(timed)) == [REGEXP], "the number is not there")
    first = dns.ask(enum_name(NUMBER), "NAPTR").answers
    for now, counts in ((NOW, True), (NOW - 3 * HOUR, True), (NOW + 2 * HOUR, False), (NOW - YEAR, True),
                        (NOW + HOUR - 1, True), (NOW + HOUR, False), (NOW - 20 * YEAR, True), (NOW, True)):
        rpc.setmocktime(now)
        wanted = [REGEXP] if counts else "NXDOMAIN"
        check.soon(lambda want=wanted: dns.naptr(enum_name(timed)) == want, f"{wanted} at {now - NOW:+}")
        answer = dns.ask(enum_name(NUMBER), "NAPTR")
        check.equal(answer.answers, first, f"the lasting number at {now - NOW:+}")
        for _, _, ttl, _ in dns.ask(enum_name(timed), "NAPTR").answers:
            check.true(0 < ttl <= max(1, NOW + HOUR - now), f"time to live {ttl} at {now - NOW:+}")


def test_waiting_transactions_that_expire(env):
    """An hour in the pool, by the clock; one that goes back makes nothing older."""
    node = env.start(f"-mocktime={NOW - 12 * HOUR}", "-mempoolexpiry=1")
    fund(node)
    rpc, address = node.rpc, node.rpc.getnewaddress()
    rpc.setmocktime(NOW)

    def after_a_block(now):
        rpc.setmocktime(now)
        rpc.generateblock(address, [])  # takes none of them in
        rpc.syncwithvalidationinterfacequeue()
        return rpc.getrawmempool()
    first = rpc.sendtoaddress(address, 1)
    check.equal(after_a_block(NOW - 3 * HOUR), [first])
    rpc.setmocktime(NOW - 3 * HOUR)
    second = rpc.sendtoaddress(address, 1)
    check.equal(sorted(after_a_block(NOW - 2 * HOUR)), sorted([first, second]))
    check.equal(after_a_block(NOW), [first], "the second is three hours old")
    check.equal(after_a_block(NOW + HOUR), [first])
    check.equal(after_a_block(NOW + HOUR + 1), [])
    node.stop()


def test_blocks_of_stake(env):
    """They may be 15 seconds ahead of the clock. What the clock makes too new waits; what is in the chain stays."""
    node = env.start(f"-mocktime={NOW}")
    rpc, key = node.rpc, Key(1)
    rpc.generatetodescriptor(3, f"raw({key.script.hex()})")
    rpc.generatetodescriptor(120, "raw(51)")
    coins = [rpc.getblock(rpc.getblockhash(height))["tx"][0] for height in (1, 2, 3)]
    made = []
    for number, coin in enumerate(coins):
        tip = rpc.getblockheader(rpc.getbestblockhash())
        time = (NOW // STEP_SEC + 100 * (number + 1)) * STEP_SEC
        block = stake_block(tip["hash"], tip["height"] + 1, time, key, coinstake(key, coin, 0, 50 * 10 ** 8))
        for clock in (time - HOUR, time - 16, time - YEAR):
            rpc.setmocktime(clock)
            check.equal(rpc.submitblock(block.hex()), "time-too-new", f"{time - clock} s ahead")
        check.equal(rpc.getbestblockhash(), tip["hash"])
        rpc.setmocktime(time - 15)
        check.equal(rpc.submitblock(block.hex()), None)
        made.append(block)
    before = standing(rpc)
    node.options = []
    for back in (HOUR, YEAR):
        rpc.setmocktime(made[-1].time - back)
        rpc.invalidateblock(made[0].hash())
        check.equal(rpc.getblockcount(), 123)
        rpc.reconsiderblock(made[0].hash())
        check.equal(standing(rpc), before, "they are not judged by the clock again")
        node.restart(f"-mocktime={made[-1].time - back}")
        rpc = node.rpc
        check.equal((standing(rpc), rpc.verifychain(4, 0)), (before, True))
    rpc.setmocktime(made[-1].time)
    node.mine()
    check.equal(rpc.getblockcount(), 127)
    node.stop()


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
