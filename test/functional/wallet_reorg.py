#!/usr/bin/env python3
"""The wallet through reorganisations: what was paid comes and goes with its block, and nothing is counted twice."""

from framework import check
from framework.suite import run


def setup(env):
    env.share()
    env.address = env.rpc.getnewaddress()
    env.node.mine(105, env.address)


def balances(env):
    mine = env.rpc.getbalances()["mine"]
    return mine["trusted"], mine["immature"], mine["untrusted_pending"], mine["names"]


def take_off(env, count=1):
    """Takes blocks off; gives the lowest one's hash."""
    lowest = env.rpc.getblockhash(env.rpc.getblockcount() - count + 1)
    env.rpc.invalidateblock(lowest)
    env.rpc.syncwithvalidationinterfacequeue()
    return lowest


def put_back(env, lowest):
    env.rpc.reconsiderblock(lowest)
    env.rpc.syncwithvalidationinterfacequeue()


def other_branch(env, count):
    """Mines blocks that differ from those taken off; gives the hashes."""
    hashes = env.rpc.generatetodescriptor(count, "raw(51)")
    env.rpc.syncwithvalidationinterfacequeue()
    return hashes


def whole(env):
    """The coins listed are those of the balance."""
    listed = sum(coin["amount"] for coin in env.rpc.listunspent(0) if coin["spendable"])
    check.equal(round(listed, 8), round(balances(env)[0], 8), "sum of listunspent")


def test_generated_coins_are_void(env):
    before = balances(env)
    count = env.rpc.getwalletinfo()["txcount"]
    lowest = take_off(env, 3)
    trusted, immature, _, _ = balances(env)
    check.equal((trusted, immature), (before[0] - 150, before[1]), "three coins fewer, three ripe ones unripe again")
    check.equal(env.rpc.getwalletinfo()["txcount"], count, "history is kept")
    check.true(sum(row["category"] == "orphan" for row in env.rpc.listtransactions("*", 200)) == 3, "orphans")
    put_back(env, lowest)
    check.equal(balances(env), before)
    whole(env)


def test_payment_waits_again(env):
    txid = env.rpc.sendtoaddress(env.rpc.getnewaddress("back"), 7)
    env.node.mine()
    confirmed = balances(env)
    lowest = take_off(env)
    check.equal(env.rpc.gettransaction(txid)["confirmations"], 0)
    check.contains(env.rpc.getrawmempool(), txid)
    check.equal(round(sum(balances(env)), 8), round(sum(confirmed), 8), "money is lost or doubled")
    whole(env)
    put_back(env, lowest)
    check.equal((env.rpc.gettransaction(txid)["confirmations"], balances(env)), (1, confirmed))


def test_other_branch_takes_the_payment(env):
    """The same transaction in another block of another branch."""
    txid = env.rpc.sendtoaddress(env.rpc.getnewaddress(), 3)
    first = env.node.mine()[0]
    take_off(env)
    second = other_branch(env, 2)[0]
    entry = env.rpc.gettransaction(txid)
    check.equal((entry["confirmations"], entry["blockhash"]), (2, second))
    check.true(first != second, "the branches are one")
    whole(env)


def test_restart_on_the_other_branch(env):
    """What happened while the wallet was not open is found at the start."""
    txid = env.rpc.sendtoaddress(env.rpc.getnewaddress(), 5)
    env.node.mine()
    before = balances(env)
    env.rpc.createwallet("aside")
    env.rpc.unloadwallet("aside")
    env.node.restart("-disablewallet")
    env.node.rpc.invalidateblock(env.node.rpc.getbestblockhash())
    env.node.rpc.generatetodescriptor(1, "raw(51)")
    env.node.restart()
    env.rpc = env.node.rpc
    entry = env.rpc.gettransaction(txid)
    check.true(entry["confirmations"] <= 1, str(entry))
    env.node.mine(2)
    check.equal(env.rpc.gettransaction(txid)["confirmations"] >= 1, True, "the payment was not offered again")
    check.true(balances(env)[0] >= before[0], "money is gone")
    whole(env)


def test_conflict_in_the_other_branch(env):
    """A payment whose coin was spent otherwise in the new branch is conflicted; off the chain the other waits instead."""
    other = env.start()
    for height in range(1, env.rpc.getblockcount() + 1):
        other.rpc.submitblock(env.rpc.getblock(env.rpc.getblockhash(height), 0))
    coin = max(env.rpc.listunspent(), key=lambda one: one["amount"])

    def spend(address, amount):
        raw = env.rpc.createrawtransaction([{"txid": coin["txid"], "vout": coin["vout"]}], {address: amount})
        return env.rpc.signrawtransactionwithwallet(raw)["hex"]

    foreign = other.rpc.getnewaddress()
    first = spend(foreign, coin["amount"] - 1)
    second = spend(foreign, coin["amount"] - 2)
    txid = env.rpc.sendrawtransaction(first, 0)
    other.rpc.generateblock("raw(51)", [second])
    other.rpc.generatetodescriptor(1, "raw(51)")
    tip = other.rpc.getblockcount()
    for height in (tip - 1, tip):
        check.equal(env.rpc.submitblock(other.rpc.getblock(other.rpc.getblockhash(height), 0)), None)
    env.rpc.syncwithvalidationinterfacequeue()
    check.equal(env.rpc.gettransaction(txid)["confirmations"], -1, "conflicted")
    whole(env)
    take_off(env, 2)
    winner = env.rpc.decoderawtransaction(second)["txid"]
    check.equal(env.rpc.getrawmempool(), [winner])
    check.equal([env.rpc.gettransaction(one)["confirmations"] for one in (txid, winner)], [-1, 0])
    check.refused(None, "", env.rpc.sendrawtransaction, first, 0)
    whole(env)
    other.stop()


def test_name_comes_and_goes(env):
    env.node.mine(1)
    env.rpc.name_new("dns:reorg.coin", "A=192.0.2.1", 30)
    env.node.mine()
    in_names = balances(env)[3]
    check.true(in_names > 0, "no coin in a name")
    env.rpc.name_update("dns:reorg.coin", "A=192.0.2.2", 0)
    env.node.mine()
    take_off(env)
    own = env.rpc.name_list("dns:reorg.coin")[0]
    check.equal((own["pending"], env.rpc.name_show("dns:reorg.coin")["value"]), ("name_update", "A=192.0.2.1"))
    other_branch(env, 1)
    check.equal(env.rpc.name_list("dns:reorg.coin")[0]["value"], "A=192.0.2.2")
    check.equal(balances(env)[3], in_names)
    whole(env)


if __name__ == "__main__":
    run(globals())
