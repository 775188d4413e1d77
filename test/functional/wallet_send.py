#!/usr/bin/env python3
"""Paying: fees, change, coins chosen by hand, coins kept back, replacing, spending all; what is refused."""

from decimal import Decimal

from framework import check
from framework.chain import Tx
from framework.suite import run


def setup(env):
    env.share()
    env.need_wallet()
    env.node.mine(110, env.rpc.getnewaddress())
    env.other = env.rpc.decodescript("51")["p2sh"]


def sync(env):
    env.rpc.syncwithvalidationinterfacequeue()


def fee_rate_of(env, txid):
    entry = env.rpc.getmempoolentry(txid)
    return entry["fees"]["base"] * 10 ** 8 / entry["vsize"]


def test_fees(env):
    txid = env.rpc.sendtoaddress(env.other, 1, "for", "whom", False, True, None, "unset", False, 25)
    check.true(25 <= fee_rate_of(env, txid) < 26, f"fee rate {fee_rate_of(env, txid)}")
    check.equal((env.rpc.gettransaction(txid)["comment"], env.rpc.gettransaction(txid)["to"]), ("for", "whom"))
    check.equal(env.rpc.settxfee("0.0003"), True)
    txid = env.rpc.sendtoaddress(address=env.other, amount=1, verbose=True)["txid"]
    check.true(30 <= fee_rate_of(env, txid) < 31, f"fee rate {fee_rate_of(env, txid)}")
    for rate in ("1000", "0.00000999"):
        check.refused(-8, "0.00001000 to 0.10000000", env.rpc.settxfee, rate)
    for rate in (0, 0.999):
        check.refused(-6, "below what nodes relay", env.rpc.sendtoaddress, env.other, 1, fee_rate=rate)
        check.refused(-4, "below what nodes relay", env.rpc.walletcreatefundedpsbt, [], [{env.other: 1}], 0,
                      {"fee_rate": rate})
    env.rpc.settxfee(0)
    txid = env.rpc.sendmany("", {env.other: 2}, None, "", [env.other], False, None, "economical", 12)
    check.true(12 <= fee_rate_of(env, txid) < 13, f"fee rate {fee_rate_of(env, txid)}")
    tx = Tx.parse(env.rpc.gettransaction(txid)["hex"])
    check.true(all(entry[3] == 0xfffffffe for entry in tx.inputs), "not replaceable")
    check.equal(tx.lock_time, env.rpc.getblockcount())
    check.true(2 * 10 ** 8 not in [out[0] for out in tx.outputs], "the receiver pays")
    check.refused(-8, "exclude each other", env.rpc.sendtoaddress, env.other, 1, "", "", False, True, 6, "unset", False,
                  1)
    check.refused(-8, "1 to 1008", env.rpc.sendtoaddress, env.other, 1, "", "", False, True, 0)
    check.refused(-8, "estimate_mode is", env.rpc.sendtoaddress, env.other, 1, "", "", False, True, 6, "fast")
    check.refused(-3, "three decimals", env.rpc.sendtoaddress, env.other, 1, "", "", False, True, None, "unset", False,
                  1.0001)
    check.refused(-8, "it gets nothing", env.rpc.sendmany, "", {env.other: 2}, None, "", [env.rpc.getnewaddress()])
    env.node.mine()
    sync(env)


def test_send_with_coins_by_hand(env):
    coins = sorted(env.rpc.listunspent(), key=lambda coin: -coin["amount"])
    chosen = {"txid": coins[0]["txid"], "vout": coins[0]["vout"]}
    change = env.rpc.getnewaddress("", "legacy")
    sent = env.rpc.send([{env.other: 3}], None, "unset", 10, {"inputs": [chosen], "add_inputs": False,
                                                               "change_address": change, "change_position": 0})
    check.equal(sent["complete"], True)
    tx = env.rpc.gettransaction(sent["txid"], None, True)["decoded"]
    check.equal([(entry["txid"], entry["vout"]) for entry in tx["vin"]], [(chosen["txid"], chosen["vout"])])
    check.equal(tx["vout"][0]["scriptPubKey"]["address"], change)
    kept = env.rpc.send([{env.other: 1}], options={"add_to_wallet": False, "change_type": "p2sh-segwit"})
    check.equal((kept["complete"], env.rpc.testmempoolaccept([kept["hex"]])[0]["allowed"]), (True, True))
    check.refused(-5, "No transaction of this wallet", env.rpc.gettransaction, kept["txid"])
    check.refused(-8, "is spent, or void", env.rpc.send, [{env.other: 1}], None, "unset", 10, {"inputs": [chosen]})
    check.refused(-6, "the inputs given are", env.rpc.send, [{env.other: 1000}], None, "unset", 10,
                  {"inputs": [{"txid": coins[1]["txid"], "vout": coins[1]["vout"]}], "add_inputs": False})
    check.refused(-3, "Unexpected key coins", env.rpc.send, [{env.other: 1}], None, "unset", 10, {"coins": []})
    check.refused(-8, "position of change", env.rpc.send, [{env.other: 1}], options={"change_position": 2})
    check.refused(-8, "needs at least one output", env.rpc.send, [])
    env.node.mine()
    sync(env)


def test_coins_of_addresses(env):
    coin = env.rpc.listunspent()[0]
    found = env.rpc.listunspent(1, 9999999, [coin["address"]])
    check.true(coin in found and {row["address"] for row in found} == {coin["address"]}, found)
    check.equal(env.rpc.listunspent(1, 9999999, [env.other]), [])
    for nobody in ("nobody", "", 5):
        check.refused(-5, "Invalid address", env.rpc.listunspent, 1, 9999999, [nobody])


def test_locked_coins(env):
    coin = env.rpc.listunspent()[0]
    name = {"txid": coin["txid"], "vout": coin["vout"]}
    count = len(env.rpc.listunspent())
    check.equal(env.rpc.lockunspent(False, [name], True), True)
    check.equal(env.rpc.listlockunspent(), [name])
    check.equal(len(env.rpc.listunspent()), count - 1)
    check.refused(-8, "is locked already", env.rpc.lockunspent, False, [name])
    everything = env.rpc.getbalance()
    check.refused(-6, "are locked", env.rpc.sendtoaddress, env.other, everything - 1)
    env.node.restart()
    env.rpc = env.node.rpc
    check.equal(env.rpc.listlockunspent(), [name])
    check.equal(env.rpc.lockunspent(True, [name]), True)
    check.refused(-8, "is not locked", env.rpc.lockunspent, True, [name])
    env.rpc.lockunspent(False, [name])
    env.node.restart()
    env.rpc = env.node.rpc
    check.equal(env.rpc.listlockunspent(), [])
    check.refused(-8, "is not known", env.rpc.lockunspent, False, [{"txid": "11" * 32, "vout": 0}])
    check.refused(-8, "has no such output", env.rpc.lockunspent, False, [{**name, "vout": 77}])


def test_bump(env):
    txid = env.rpc.sendtoaddress(env.other, 5, "gift")
    old = env.rpc.getmempoolentry(txid)
    check.refused(-8, "too low", env.rpc.bumpfee, txid, {"fee_rate": 1})
    draft = env.rpc.psbtbumpfee(txid, {"fee_rate": 60})
    check.equal(env.rpc.decodepsbt(draft["psbt"])["fee"], draft["fee"])
    bumped = env.rpc.bumpfee(txid, {"fee_rate": 50})
    check.equal(bumped["origfee"], old["fees"]["base"])
    check.true(50 <= fee_rate_of(env, bumped["txid"]) < 51, f"fee rate {fee_rate_of(env, bumped['txid'])}")
    check.equal(env.rpc.getrawmempool(), [bumped["txid"]])
    sync(env)
    check.equal(env.rpc.gettransaction(txid)["confirmations"], -1)
    check.equal(env.rpc.gettransaction(txid)["walletconflicts"], [bumped["txid"]])
    check.equal(env.rpc.gettransaction(bumped["txid"])["comment"], "gift")
    paid = [row for row in env.rpc.gettransaction(bumped["txid"])["details"] if row["category"] == "send"]
    check.equal([row["amount"] for row in paid], [-5])
    again = env.rpc.bumpfee(bumped["txid"])
    check.true(again["fee"] > bumped["fee"], "a higher fee")
    env.node.mine()
    sync(env)
    check.refused(-4, "in a block", env.rpc.bumpfee, again["txid"])
    check.refused(-5, "No transaction of this wallet", env.rpc.bumpfee, "11" * 32)
    final = env.rpc.sendtoaddress(env.other, 1, "", "", False, False)
    check.refused(-4, "not replaceable", env.rpc.bumpfee, final)
    env.node.mine()
    sync(env)


def test_fund_raw(env):
    raw = env.rpc.createrawtransaction([], [{env.other: 7}])
    funded = env.rpc.fundrawtransaction(raw, {"fee_rate": 20, "changePosition": 1, "lockUnspents": True})
    check.equal(funded["changepos"], 1)
    tx = env.rpc.decoderawtransaction(funded["hex"])
    check.equal([(entry["txid"], entry["vout"]) for entry in tx["vin"]],
                [(coin["txid"], coin["vout"]) for coin in env.rpc.listlockunspent()])
    signed = env.rpc.signrawtransactionwithwallet(funded["hex"])
    check.equal(signed["complete"], True)
    taken = env.rpc.testmempoolaccept([signed["hex"]])[0]
    check.equal((taken["allowed"], taken["fees"]["base"]), (True, funded["fee"]))
    env.rpc.lockunspent(True)
    less = env.rpc.fundrawtransaction(raw, {"subtractFeeFromOutputs": [0]})
    tx = env.rpc.decoderawtransaction(less["hex"])
    check.true(Decimal(7) - less["fee"] in [out["value"] for out in tx["vout"]], "the receiver pays")
    check.refused(-8, "there are 1", env.rpc.fundrawtransaction, raw, {"subtractFeeFromOutputs": [1]})
    check.refused(-6, "missing for this transaction", env.rpc.fundrawtransaction,
                  env.rpc.createrawtransaction([], [{env.other: 1_000_000}]))


def test_change_of_version_3_waits(env):
    """Only the like may spend it before a block has it."""
    coins = env.rpc.listunspent()
    coin = max(coins, key=lambda row: row["amount"])
    mine = env.rpc.getnewaddress()
    raw = env.rpc.createrawtransaction([{"txid": coin["txid"], "vout": coin["vout"]}],
                                       [{env.other: 1}, {mine: coin["amount"] - 1 - Decimal("0.0001")}])
    signed = env.rpc.signrawtransactionwithwallet("03" + raw[2:])["hex"]
    txid = env.rpc.sendrawtransaction(signed)
    sync(env)
    check.true(txid in [row["txid"] for row in env.rpc.listunspent(0)], "it is own money")
    rest = env.rpc.getbalance() - coin["amount"] + 1  # more than there is without the change
    check.refused(-6, "", env.rpc.sendtoaddress, env.other, rest)
    env.node.mine()
    sync(env)
    env.rpc.sendtoaddress(env.other, rest)
    env.node.mine()
    sync(env)


def test_names_are_never_money(env):
    env.rpc.name_new("test:kept", "value", 100)
    env.node.mine()
    sync(env)
    shown = env.rpc.name_show("test:kept")
    coin = {"txid": shown["txid"], "vout": next(
        out["n"] for out in env.rpc.gettransaction(shown["txid"], None, True)["decoded"]["vout"]
        if "nameOp" in out["scriptPubKey"])}
    check.refused(-8, "holds a name", env.rpc.send, [{env.other: 1}], None, "unset", 10, {"inputs": [coin]})
    check.true(coin not in [{"txid": c["txid"], "vout": c["vout"]} for c in env.rpc.listunspent()], "listed as money")


def test_sendall(env):
    before = env.rpc.getbalance()
    sent = env.rpc.sendall([{env.other: 2}, env.rpc.getnewaddress()], None, "unset", 10)
    check.equal(sent["complete"], True)
    tx = env.rpc.gettransaction(sent["txid"], None, True)
    check.equal(len(tx["decoded"]["vout"]), 2)
    env.node.mine()
    sync(env)
    check.equal(env.rpc.getbalance() - (before - 2 + tx["fee"]) in (0, 50), True)
    check.equal(env.rpc.name_show("test:kept")["expires_in"] > 0, True)
    check.refused(-8, "name one without amount", env.rpc.sendall, [{env.other: 1}])


def test_killed_while_paying(env):
    """Whatever was sent before the end is known afterwards, and nothing is spent twice."""
    for number in range(6):
        txid = env.rpc.sendtoaddress(env.other, "0.5") if number % 2 else env.rpc.name_new(f"test:k{number}", "v", 10)
        env.node.kill()
        env.node.start()
        env.rpc = env.node.rpc
        sync(env)
        tx = env.rpc.gettransaction(txid)
        check.true(txid in env.rpc.getrawmempool() or tx["confirmations"] > 0, f"payment {number} was lost")
    env.node.mine()
    sync(env)
    check.equal(env.rpc.getunconfirmedbalance(), 0)
    check.equal(env.rpc.getrawmempool(), [])


def test_abandon(env):
    """Only what is in no block and not waiting in the mempool can be given up, once."""
    check.refused(-5, "No transaction of this wallet", env.rpc.abandontransaction, "00" * 32)
    txid = env.rpc.sendtoaddress(env.other, 1)
    check.refused(-5, "in the mempool", env.rpc.abandontransaction, txid)
    bumped = env.rpc.bumpfee(txid)["txid"]
    env.rpc.syncwithvalidationinterfacequeue()
    env.rpc.abandontransaction(txid)
    check.equal([row["abandoned"] for row in env.rpc.gettransaction(txid)["details"] if row["category"] == "send"], [True])
    check.refused(-5, "given up already", env.rpc.abandontransaction, txid)
    env.node.mine(1)
    check.refused(-5, "in a block", env.rpc.abandontransaction, bumped)


if __name__ == "__main__":
    run(globals())
