#!/usr/bin/env python3
"""Claims that wait and exclude each other: one of a pair, two of an owner, a budget in each block, bonds without age, claims that a
block makes impossible or brings back."""

from decimal import Decimal

from framework import check
from framework.chain import Tx
from framework.numbers import fund
from framework.reward import COIN, DAY, Batch, later, median, party, signed
from framework.suite import run

START = 1_800_000_000
EACH = 20 * COIN  # two of them fit a block's 50 EMC


def setup(env):
    env.share(f"-mocktime={START}", "-txindex=1")
    env.need_wallet()
    env.now = START
    fund(env.node, 260)
    env.callers = [party(env, 18009359935, 0), party(env, 49301234567, 0)]
    env.callees = [party(env, 442079460000, 0), party(env, 33123456789, 0)]
    env.node.mine()
    coins = env.rpc.listunspent(101)
    bonds = Tx()
    for coin in coins:
        bonds.spend(coin["txid"], coin["vout"])
    for callee in env.callees:
        for amount in (1000, 1001, 1002):
            bonds.pay(amount * COIN, callee[3])
    bonds.pay(int(sum(coin["amount"] for coin in coins) * COIN) - 6006 * COIN - COIN // 10, env.callers[0][3])
    env.rpc.sendrawtransaction(signed(env, bonds))
    fund(env.node, 170)
    later(env, 366 * DAY)
    env.bonds = {(number, int(row["amount"]) - 1000): row for number, callee in enumerate(env.callees)
                 for row in env.rpc.listunspent(1) if row["address"] == callee[4] and row["amount"] >= 1000}
    env.genesis = env.rpc.getblockhash(0)


def claim(env, caller, callee, amount=EACH, fee=10_000, days=(2, 1), coin=None):
    """A signed claim of 3,000 minutes; its fee comes out of the caller's part."""
    batch = Batch(env.genesis, env.callers[caller], env.callees[callee], median(env) - days[0] * DAY, median(env) - days[1] * DAY,
                  minutes=3_000, calls=3_000)
    tx = batch.claim(coin or env.bonds[callee, caller], amount)
    tx.outputs[1][0] = amount - fee
    return signed(env, tx)


def reason(env, text):
    return env.rpc.testmempoolaccept([text])[0].get("reject-reason", "")


def test_one_of_a_pair_waits(env):
    """A second one is refused, but for one that replaces the first and pays for it."""
    first = env.rpc.sendrawtransaction(claim(env, 0, 0))
    other_bond = env.bonds[0, 2]
    check.contains(reason(env, claim(env, 0, 0, days=(1, 0), coin=other_bond)), "reward-pending")
    second = env.rpc.sendrawtransaction(claim(env, 0, 0, fee=50_000))
    check.equal(env.rpc.getrawmempool(), [second])
    check.true(first != second, "another transaction")
    env.rpc.sendrawtransaction(claim(env, 1, 0, coin=env.bonds[0, 1]))
    third = Batch(env.genesis, env.callees[1], env.callees[0], median(env) - DAY, median(env), minutes=3_000, calls=3_000)
    check.contains(reason(env, signed(env, third.claim(other_bond, EACH))), "too many pending rewards")
    env.before = env.rpc.getblockcount()
    env.node.mine()
    check.equal(env.rpc.getrawmempool(), [])
    env.rpc.invalidateblock(env.rpc.getblockhash(env.before + 1))
    check.equal(len(env.rpc.getrawmempool()), 2, "both wait again")
    env.rpc.reconsiderblock(env.rpc.getchaintips()[0]["hash"])
    check.equal(env.rpc.getblockcount(), env.before + 1)
    env.rpc.invalidateblock(env.rpc.getbestblockhash())
    env.node.restart(f"-mocktime={env.now}", "-persistmempool=0")
    env.rpc = env.node.rpc
    check.equal((env.rpc.getblockcount(), env.rpc.getrawmempool()), (env.before, []))


def test_budget(env):
    """Four claims of 20 EMC: each block takes the two with the best fees, a block with three is refused."""
    fees = {(0, 0): 10_000, (1, 0): 40_000, (0, 1): 30_000, (1, 1): 20_000}
    texts = {pair: claim(env, *pair, fee=fee) for pair, fee in fees.items()}
    address = env.rpc.getnewaddress()
    over = list(texts.values())[:3]
    check.refused(None, "R-15", env.rpc.generateblock, address, over)
    sent = {pair: env.rpc.sendrawtransaction(text) for pair, text in texts.items()}
    check.equal(len(env.rpc.getrawmempool()), 4)
    template = env.rpc.getblocktemplate({"rules": ["segwit"]})
    best = {sent[(1, 0)], sent[(0, 1)]}
    check.equal({tx["txid"] for tx in template["transactions"]}, best)
    env.tip = env.rpc.getbestblockhash()
    mined = env.rpc.getblock(env.node.mine()[0])
    check.equal(set(mined["tx"][1:]), best)
    check.equal(set(env.rpc.getrawmempool()), set(sent.values()) - best)
    mined = env.rpc.getblock(env.node.mine()[0])
    check.equal(set(mined["tx"][1:]), set(sent.values()) - best)
    env.sent = sent


def test_taken_back(env):
    """A reorganisation brings all four back, and a block that pays one of them otherwise throws that one out for good."""
    first = env.rpc.getblockhash(env.rpc.getblockcount() - 1)
    check.equal(env.rpc.getblockheader(first)["previousblockhash"], env.tip)
    env.rpc.invalidateblock(first)
    check.equal(set(env.rpc.getrawmempool()), set(env.sent.values()))
    rival = claim(env, 0, 0, amount=COIN, days=(2, 0), coin=env.bonds[0, 2])
    env.rpc.generateblock(env.rpc.getnewaddress(), [rival])
    env.rpc.syncwithvalidationinterfacequeue()
    left = {txid for pair, txid in env.sent.items() if pair != (0, 0)}
    check.soon(lambda: set(env.rpc.getrawmempool()) == left, "the claim of the same pair has left")
    check.contains(reason(env, claim(env, 0, 0)), "R-11")
    mined = env.rpc.getblock(env.node.mine()[0])["tx"][1:] + env.rpc.getblock(env.node.mine()[0])["tx"][1:]
    check.equal(set(mined), left, "the others are paid")
    check.equal(env.rpc.verifychain(4, 10), True)


def test_borrowed_bond(env):
    """Coins that are sent to the callee have no age, whatever they had before: not one unit can be claimed."""
    lent = min((row for row in env.rpc.listunspent(100) if row["amount"] < 60), key=lambda row: -row["confirmations"])
    value = int(lent["amount"] * COIN) - 10_000
    lend = Tx().spend(lent["txid"], lent["vout"]).pay(value, env.callees[1][3])
    own = Batch(env.genesis, env.callers[0], env.callees[1], median(env) - DAY, median(env), minutes=3_000, calls=3_000)
    borrowed = {"txid": env.rpc.sendrawtransaction(signed(env, lend)), "vout": 0, "amount": Decimal(value) / COIN}
    tx = own.claim(borrowed, 1)
    tx.outputs[1][0] = 1
    check.contains(reason(env, signed(env, tx)), "R-13")


if __name__ == "__main__":
    run(globals())
