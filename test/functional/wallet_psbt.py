#!/usr/bin/env python3
"""PSBTs with wallets: funding, signing in parts by two wallets, name operations, hash types."""

from framework import check
from framework.suite import run


def setup(env):
    env.share()
    env.need_wallet()
    env.rpc.createwallet("second")
    env.one, env.two = env.node.connect(""), env.node.connect("second")
    env.node.mine(3, env.one.getnewaddress())
    env.node.mine(3, env.two.getnewaddress())
    env.node.mine(101)
    sync(env)
    env.other = env.one.decodescript("51")["p2sh"]


def sync(env):
    env.one.syncwithvalidationinterfacequeue()


def test_fund_sign_send(env):
    made = env.one.walletcreatefundedpsbt([], [{env.other: 10}], 0, {"fee_rate": 30})
    seen = env.one.decodepsbt(made["psbt"])
    check.equal(seen["fee"], made["fee"])
    check.equal(len(seen["tx"]["vout"]), 2)
    check.true("witness_utxo" in seen["inputs"][0], "the spent output")
    check.equal(env.one.analyzepsbt(made["psbt"])["next"], "signer")
    known = env.one.walletprocesspsbt(made["psbt"], False)
    check.equal(known["complete"], False)
    part = env.one.walletprocesspsbt(made["psbt"], True, "ALL", True, False)
    check.equal((part["complete"], env.one.analyzepsbt(part["psbt"])["next"]), (True, "finalizer"))
    done = env.one.finalizepsbt(env.one.walletprocesspsbt(made["psbt"])["psbt"])
    check.equal(done["complete"], True)
    txid = env.one.sendrawtransaction(done["hex"])
    env.node.mine()
    sync(env)
    check.equal(env.one.gettransaction(txid)["confirmations"], 1)


def test_two_wallets_pay_together(env):
    coins = [{"txid": coin["txid"], "vout": coin["vout"]}
             for coin in (env.one.listunspent()[0], env.two.listunspent()[0])]
    value = sum(rpc.gettxout(coin["txid"], coin["vout"])["value"] for rpc, coin in zip((env.one, env.two), coins))
    psbt = env.one.createpsbt(coins, [{env.other: value - 1}])
    first = env.one.walletprocesspsbt(psbt)
    check.equal(first["complete"], False)
    second = env.two.walletprocesspsbt(psbt)
    check.equal(second["complete"], False)
    whole = env.one.combinepsbt([first["psbt"], second["psbt"]])
    done = env.one.finalizepsbt(whole)
    check.equal((done["complete"], env.one.testmempoolaccept([done["hex"]], 0)[0]["allowed"]), (True, True))
    in_turn = env.two.walletprocesspsbt(first["psbt"])
    check.equal(in_turn["complete"], True)


def test_name_operation(env):
    owner = env.one.getnewaddress()
    made = env.one.walletcreatefundedpsbt([], [{"name": {"NEW": "test:psbt", "value": "one", "days": 50,
                                                         "toaddress": owner}}])
    check.true(env.one.decodepsbt(made["psbt"])["burned"] > 0, "name fee")
    env.one.sendrawtransaction(env.one.finalizepsbt(env.one.walletprocesspsbt(made["psbt"])["psbt"])["hex"])
    env.node.mine()
    sync(env)
    shown = env.one.name_show("test:psbt")
    check.equal((shown["value"], shown["address"]), ("one", owner))
    decoded = env.one.gettransaction(shown["txid"], None, True)["decoded"]
    coin = {"txid": shown["txid"], "vout": next(out["n"] for out in decoded["vout"] if "nameOp" in out["scriptPubKey"])}
    receiver = env.two.getnewaddress()
    made = env.one.walletcreatefundedpsbt(
        [coin], [{"name": {"UPDATE": "test:psbt", "value": "two", "days": 5, "toaddress": receiver}}], 0,
        {"add_inputs": True})
    env.one.sendrawtransaction(env.one.finalizepsbt(env.one.walletprocesspsbt(made["psbt"])["psbt"])["hex"])
    env.node.mine()
    sync(env)
    shown = env.one.name_show("test:psbt")
    check.equal((shown["value"], shown["address"]), ("two", receiver))
    check.equal([row["name"] for row in env.two.name_list()], ["test:psbt"])


def test_refusals(env):
    made = env.one.walletcreatefundedpsbt([], [{env.other: 1}])["psbt"]
    check.refused(-8, "is not a hash type", env.one.walletprocesspsbt, made, True, "MOST")
    check.refused(-22, "Not a PSBT", env.one.walletprocesspsbt, "AAAA")
    check.refused(-6, "the inputs given are", env.one.walletcreatefundedpsbt,
                  [{key: env.one.listunspent()[0][key] for key in ("txid", "vout")}], [{env.other: 5_000}])
    check.refused(-8, "is no coin of this wallet", env.one.walletcreatefundedpsbt,
                  [{key: env.two.listunspent()[0][key] for key in ("txid", "vout")}], [{env.other: 1}])
    check.equal(env.two.walletprocesspsbt(made)["complete"], False)


if __name__ == "__main__":
    run(globals())
