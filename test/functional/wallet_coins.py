#!/usr/bin/env python3
"""Coins: addresses that were used kept apart, whole addresses, inputs of others, what is told of coins and addresses,
transactions brought in with a proof."""

from decimal import Decimal

from framework import check
from framework.suite import run


def setup(env):
    env.share("-maxapsfee=0.001")
    env.need_wallet()
    env.rich = env.node.connect("")
    env.node.mine(110, env.rich.getnewaddress())
    sync(env)
    env.target = env.rich.getnewaddress()


def sync(env):
    env.rpc.syncwithvalidationinterfacequeue()


def mine(env):
    env.node.mine(1, env.rich.getnewaddress())
    sync(env)


def make(env, name, *more):
    env.rich.createwallet(name, *more)
    return env.node.connect(name)


def fund(env, address, amount):
    txid = env.rich.sendtoaddress(address, amount)
    mine(env)
    return txid


def test_reuse_is_avoided(env):
    wallet = make(env, "careful", False, False, "", True)
    address = wallet.getnewaddress()
    fund(env, address, 2)
    check.equal([row["reused"] for row in wallet.listunspent()], [False])
    wallet.sendtoaddress(env.target, 1)
    mine(env)
    fund(env, address, 3)  # spent from before
    used = [row for row in wallet.listunspent() if row["address"] == address]
    check.equal([row["reused"] for row in used], [True])
    mine_part = wallet.getbalances()["mine"]
    check.equal(mine_part["used"], 3)
    check.true(mine_part["trusted"] < 1 and wallet.getbalance() == mine_part["trusted"], mine_part)
    check.equal(wallet.getbalance("*", 0, False, False), mine_part["trusted"] + 3)
    check.refused(-6, "Insufficient funds", wallet.sendtoaddress, env.target, 2)
    check.refused(-6, "Insufficient funds", wallet.send, [{env.target: 2}])
    wallet.sendtoaddress(env.target, 2, "", "", False, True, None, "unset", False)
    mine(env)
    check.equal(wallet.getbalances()["mine"]["used"], 0)
    # the flag can be taken away and given again
    check.equal(wallet.setwalletflag("avoid_reuse", False), {"flag_name": "avoid_reuse", "flag_state": False})
    check.true("used" not in wallet.getbalances()["mine"], "no such sum without the flag")
    check.refused(-8, "off already", wallet.setwalletflag, "avoid_reuse", False)
    check.refused(-8, "no flag", wallet.setwalletflag, "descriptors")


def inputs_of(env, txid):
    return env.rpc.getrawtransaction(txid, True)["vin"]


def test_whole_addresses(env):
    """With -maxapsfee a payment takes all of an address when that costs little more; without it does not."""
    wallet = make(env, "parts")
    address = wallet.getnewaddress()
    for _ in range(4):
        fund(env, address, 1)
    txid = wallet.sendtoaddress(env.target, Decimal("0.5"))
    check.equal(len(inputs_of(env, txid)), 4)
    wallet = parts_anew(env, "-maxapsfee=0.00000001", 1)
    txid = wallet.send([{env.target: Decimal("0.5")}], None, "unset", None, {"inputs": [], "add_inputs": True})["txid"]
    check.equal(len(inputs_of(env, txid)), 1)
    wallet = parts_anew(env, "-avoidpartialspends", 5)
    funded = wallet.walletcreatefundedpsbt([], [{env.target: 4}])
    sources = wallet.decodepsbt(funded["psbt"])["tx"]["vin"]
    check.equal(len(sources) in (3, 4), True, sources)


def parts_anew(env, option, amount):
    """Starts the node with the option; three coins of the amount lie at one address of the wallet that is given back."""
    mine(env)
    env.node.restart(option, "-wallet=parts", "-wallet=")
    reconnect(env)
    wallet = env.node.connect("parts")
    address = wallet.getnewaddress()
    for _ in range(3):
        fund(env, address, amount)
    return wallet


def reconnect(env):
    env.rpc = env.node.rpc
    env.rich = env.node.connect("")


def test_inputs_of_others(env):
    """A transaction with inputs of two wallets, funded by one that cannot sign the other's."""
    other = make(env, "other")
    for kind in ("legacy", "p2sh-segwit", "bech32", "bech32m"):
        address = other.getnewaddress("", kind)
        info = other.getaddressinfo(address)
        txid = fund(env, address, 1)
        coin = next(row for row in other.listunspent() if row["txid"] == txid)
        point = {"txid": coin["txid"], "vout": coin["vout"]}
        raw = env.rich.createrawtransaction([point], [{env.target: Decimal("2.5")}])
        check.refused(-8, "solving_data or input_weights", env.rich.fundrawtransaction, raw)
        solved = env.rich.fundrawtransaction(raw, {"solving_data": {"descriptors": [info["desc"]]}, "fee_rate": 20})
        weighed = env.rich.fundrawtransaction(raw, {"input_weights": [{**point, "weight": 600}], "fee_rate": 20})
        check.true(weighed["fee"] > solved["fee"], (solved, weighed))
        psbt = env.rich.walletcreatefundedpsbt([{**point, "weight": 600}], [{env.target: Decimal("2.5")}], 0,
                                               {"add_inputs": True})
        check.equal(env.rich.walletprocesspsbt(psbt["psbt"])["complete"], False)
        sent = env.rich.send([{env.target: Decimal("2.5")}], None, "unset", 20,
                             {"inputs": [point], "add_inputs": True,
                              "solving_data": {"pubkeys": [info["pubkey"]], "descriptors": [info["desc"]]}})
        check.equal(sent["complete"], False)
        done = other.walletprocesspsbt(sent["psbt"])
        check.equal(done["complete"], True)
        signed = env.rpc.finalizepsbt(done["psbt"])["hex"]
        tested = env.rpc.testmempoolaccept([signed])[0]
        check.equal(tested["allowed"], True, tested)
        rate = tested["fees"]["base"] * 10 ** 8 / tested["vsize"]
        check.true(20 <= rate < 22, f"{kind}: {rate} units a vbyte")
        env.rpc.sendrawtransaction(signed)
        mine(env)


def test_wrong_solving_data(env):
    coin = env.rich.listunspent()[0]
    point = {"txid": coin["txid"], "vout": coin["vout"]}
    raw = env.rich.createrawtransaction([point], [{env.target: 1}])
    fund_it = env.rich.fundrawtransaction
    for options, code, part in (
            ({"solving_data": []}, -3, "has to be an object"),
            ({"solving_data": {"keys": []}}, -3, "Unexpected key"),
            ({"solving_data": {"pubkeys": ["zz"]}}, -5, "no public key"),
            ({"solving_data": {"pubkeys": ["02" + "ff" * 32]}}, -5, "solving_data"),
            ({"solving_data": {"scripts": ["x"]}}, -5, "no script"),
            ({"solving_data": {"descriptors": ["wpkh()"]}}, -5, "wpkh()"),
            ({"input_weights": [point]}, -8, "needs weight"),
            ({"input_weights": [{**point, "weight": 164}]}, -8, "165 to 400000"),
            ({"input_weights": [{**point, "weight": "x"}]}, -3, "number")):
        check.refused(code, part, fund_it, raw, options)
    gone = env.rich.createrawtransaction([{"txid": "11" * 32, "vout": 0}], [{env.target: 1}])
    check.refused(-8, "missing or spent", fund_it, gone, {"input_weights": [{"txid": "11" * 32, "vout": 0, "weight": 300}]})


def test_what_is_told(env):
    wallet = make(env, "told")
    for kind in ("legacy", "p2sh-segwit", "bech32", "bech32m"):
        address = wallet.getnewaddress("", kind)
        info = wallet.getaddressinfo(address)
        check.keys(info, "desc", "parent_desc", "timestamp", "isscript", "iswitness", "ischange", "solvable")
        check.equal((info["iswitness"], info["isscript"]), (kind.startswith("bech32"), kind in ("p2sh-segwit", "bech32m")))
        fund(env, address, 1)
        coin = next(row for row in wallet.listunspent() if row["address"] == address)
        check.equal((coin["desc"], coin["parent_descs"], coin["solvable"]), (info["desc"], [info["parent_desc"]], True))
        check.equal("redeemScript" in coin, kind == "p2sh-segwit")
        check.equal(env.rpc.deriveaddresses(coin["desc"]), [address])
    # several keys behind a hash
    keys = [wallet.getaddressinfo(wallet.getnewaddress())["pubkey"], env.rich.getaddressinfo(env.target)["pubkey"]]
    multi = wallet.addmultisigaddress(2, keys, "", "bech32")
    info = wallet.getaddressinfo(multi["address"])
    check.equal((info["script"], info["sigsrequired"], info["pubkeys"]), ("multisig", 2, keys))
    check.equal((info["hex"], info["desc"]), (multi["redeemScript"], multi["descriptor"]))
    foreign = wallet.getaddressinfo(env.target)
    check.equal((foreign["ismine"], foreign["solvable"], "timestamp" in foreign), (False, False, False))
    # in the mempool
    wallet.sendtoaddress(env.target, Decimal("3.5"))
    sync(env)
    waiting = next(row for row in wallet.listunspent(0) if row["confirmations"] == 0)
    check.equal(waiting["ancestorcount"], 1)
    check.true(waiting["ancestorsize"] > 100 and waiting["ancestorfees"] > 1000, waiting)


def test_pruned_funds(env):
    wallet = make(env, "proven")
    address = wallet.getnewaddress()
    txid = fund(env, address, 2)
    raw, proof = env.rpc.getrawtransaction(txid), env.rpc.gettxoutproof([txid])
    wallet.removeprunedfunds(txid)
    check.equal((wallet.getbalance(), wallet.getwalletinfo()["txcount"]), (0, 0))
    check.refused(-8, "No transaction", wallet.removeprunedfunds, txid)
    other = env.rpc.getrawtransaction(env.rpc.getblock(env.rpc.getbestblockhash())["tx"][0])
    check.refused(-5, "other transactions", wallet.importprunedfunds, other, proof)
    check.refused(-22, "header and a tree", wallet.importprunedfunds, raw, "00")
    check.refused(-22, "", wallet.importprunedfunds, "zz", proof)
    stranger = make(env, "stranger")
    check.refused(-5, "no address of this wallet", stranger.importprunedfunds, raw, proof)
    wallet.importprunedfunds(raw, proof)
    check.equal(wallet.getbalance(), 2)
    check.equal(wallet.gettransaction(txid)["confirmations"], 1)
    wallet.importprunedfunds(raw, proof)
    env.node.restart("-wallet=proven", "-wallet=")
    reconnect(env)
    check.equal(env.node.connect("proven").getbalance(), 2)
    waiting = env.node.connect("proven").sendtoaddress(env.target, 1)
    sync(env)
    check.refused(-8, "waits in the mempool", env.node.connect("proven").removeprunedfunds, waiting)


def test_signing_with_outputs_given(env):
    wallet = env.node.connect("proven")
    address = wallet.getnewaddress()
    script = wallet.getaddressinfo(address)["scriptPubKey"]
    raw = env.rpc.createrawtransaction([{"txid": "22" * 32, "vout": 1}], [{env.target: 1}])
    given = {"txid": "22" * 32, "vout": 1, "scriptPubKey": script, "amount": 2}
    check.equal(wallet.signrawtransactionwithwallet(raw)["complete"], False)
    done = wallet.signrawtransactionwithwallet(raw, [given], "ALL|ANYONECANPAY")
    check.equal(done["complete"], True)
    check.true("81" in env.rpc.decoderawtransaction(done["hex"])["vin"][0]["txinwitness"][0][-2:], "hash type")
    check.refused(-8, "not a hash type", wallet.signrawtransactionwithwallet, raw, [given], "SOME")
    check.refused(-8, "scriptPubKey is missing", wallet.signrawtransactionwithwallet, raw, [{"txid": "22" * 32, "vout": 1}])


def test_calls_that_say_why_not(env):
    wallet = env.node.connect("proven")
    check.refused(-4, "keypoolrefill", wallet.newkeypool)
    check.refused(-4, "nothing to migrate", wallet.migratewallet)
    check.refused(-4, "never replaced", wallet.sethdseed)
    check.refused(-1, "-signer=<command>", wallet.enumeratesigners)
    check.contains(wallet.upgradewallet()["result"], "nothing to do")


if __name__ == "__main__":
    run(globals())
