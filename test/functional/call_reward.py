#!/usr/bin/env python3
"""Rewards for calls on the chain: a claim is taken, counted once, undone and found again after every kind of rebuild."""

from decimal import Decimal

from framework import check
from framework.numbers import fund
from framework.reward import CALLER, COIN, DAY, FEE, START, batch, bond, later, party, prepare, signed
from framework.suite import run

CLAIM = 1_000_000


def state(env):
    env.rpc.syncwithvalidationinterfacequeue()
    coins, names = env.rpc.gettxoutsetinfo(), env.rpc.name_indexinfo()
    return coins["hash_serialized_3"], coins["total_amount"], names["hash_name"], names["reward_watermarks"]


def setup(env):
    env.share(f"-mocktime={START}", "-txindex=1")
    env.need_wallet()
    fund(env.node, 150)
    env.other = party(env, 49301234567, 0)
    prepare(env)


def refused(env, rule, tx):
    answer = env.rpc.testmempoolaccept([signed(env, tx)])[0]
    check.equal(answer["allowed"], False)
    check.contains(answer["reject-reason"], rule)


def test_refusals(env):
    coin = bond(env, 10)
    good = batch(env, -2 * DAY, -DAY)
    check.equal(env.rpc.testmempoolaccept([signed(env, good.claim(coin, CLAIM))])[0]["allowed"], True)
    refused(env, "R-05", good.claim(coin, COIN + 1))
    refused(env, "R-10", batch(env, -DAY, 1).claim(coin, CLAIM))
    refused(env, "R-13", batch(env, -2 * DAY, -DAY, minutes=50_000, calls=50_000).claim(coin, 200 * COIN))
    refused(env, "R-07", batch(env, -2 * DAY, -DAY, caller=(*CALLER[:1], 7, *env.caller[2:])).claim(coin, CLAIM))
    refused(env, "R-09", batch(env, -2 * DAY, -DAY, caller=(*CALLER, env.other[2], *env.caller[3:])).claim(coin, CLAIM))
    light = good.claim(coin, CLAIM)
    light.outputs[0][0] -= 1
    refused(env, "R-12", light)


def test_claim(env):
    """The coins come into being with the block, are not spendable at once, and the same calls are not paid again."""
    env.before = state(env)
    env.first = batch(env, -2 * DAY, -DAY)
    text = signed(env, env.first.claim(bond(env, 10), CLAIM))
    txid = env.rpc.sendrawtransaction(text)
    again = env.first.claim(bond(env, 11), CLAIM)
    refused(env, "reward-pending", again)
    supply = env.before[1]
    block = env.rpc.getblock(env.node.mine()[0])
    check.equal(txid in block["tx"], True)
    after = state(env)
    check.equal(after[3], 1)
    generated = sum(out["value"] for out in env.rpc.getrawtransaction(block["tx"][0], True)["vout"])
    subsidy = generated - Decimal(FEE) / COIN
    check.equal(after[1] - supply, subsidy + Decimal(CLAIM) / COIN, "supply grows by the claim and the subsidy")
    check.equal(after[2] != env.before[2], True)
    refused(env, "R-11", again)
    refused(env, "R-11", batch(env, -DAY - 1, 0).claim(bond(env, 11), CLAIM))
    reward = env.rpc.gettxout(txid, 0)
    check.equal(reward["value"], Decimal(10))
    check.equal(reward["scriptPubKey"]["hex"], env.callee[3].hex())
    spend = env.rpc.createrawtransaction([{"txid": txid, "vout": 0}], {env.rpc.getnewaddress(): "9.99"})
    answer = env.rpc.testmempoolaccept([env.rpc.signrawtransactionwithwallet(spend)["hex"]])[0]
    check.contains(answer["reject-reason"], "C-02")
    env.after, env.text, env.txid = after, text, txid


def test_limits_of_the_pool(env):
    """Two rewards of one owner wait; a block takes both."""
    first = env.rpc.sendrawtransaction(signed(env, batch(env, -DAY, 0).claim(bond(env, 11), CLAIM)))
    second = env.rpc.sendrawtransaction(signed(env, batch(env, -DAY, 0, caller=env.other).claim(bond(env, 12), CLAIM)))
    check.equal(set(env.rpc.getrawmempool()) >= {first, second}, True)
    block = env.rpc.getblock(env.node.mine()[0])
    check.equal({first, second} <= set(block["tx"]), True)
    check.equal(state(env)[3], 2)
    env.after = state(env)


def test_reorganisation(env):
    """Taken back, a reward waits again; taken anew, the state is what it was."""
    tip = env.rpc.getbestblockhash()
    env.rpc.invalidateblock(tip)
    env.rpc.syncwithvalidationinterfacequeue()
    check.equal(len(env.rpc.getrawmempool()) >= 2, True)
    check.equal(state(env)[3], 1)
    env.rpc.reconsiderblock(tip)
    check.equal(state(env), env.after)
    check.equal(env.rpc.verifychain(4, 20), True)


def test_rebuilds(env):
    clock = f"-mocktime={env.now}"
    tip = env.rpc.getbestblockhash()
    for option in ("-reindex-chainstate=1", "-reindex=1"):
        env.node.restart(clock, option)
        env.rpc = env.node.rpc
        check.soon(lambda: env.rpc.getbestblockhash() == tip, option)
        check.equal(state(env), env.after, option)
    env.node.restart(clock)
    env.node.kill()
    env.node.start(clock)
    env.rpc = env.node.rpc
    check.equal(state(env), env.after, "after kill -9")


def test_old_watermarks_go(env):
    """60 days later nothing of them is left, and what a reorganisation brings back goes again."""
    env.now = max(env.now, env.rpc.getblockheader(env.rpc.getbestblockhash())["time"])
    later(env, 62 * DAY, 5)
    check.equal(state(env)[3], 2)
    env.node.mine(8)
    gone = state(env)
    check.equal((gone[3], gone[2]), (0, env.before[2]), "the hash is that of the names alone")
    low = env.rpc.getblockhash(env.rpc.getblockcount() - 9)
    env.rpc.invalidateblock(low)
    check.equal(state(env)[3], 2)
    env.rpc.reconsiderblock(low)
    check.equal(state(env), gone)


if __name__ == "__main__":
    run(globals())
