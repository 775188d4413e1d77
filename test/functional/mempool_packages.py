#!/usr/bin/env python3
"""Packages, priorities, full replacement, and what the mempool and the fee estimator keep over a restart."""

from framework import check
from framework.chain import OP_TRUE, Tx
from framework.suite import run

COIN = 10 ** 8
FINAL = 0xffffffff
ANYBODY = b"\x61" * 20 + OP_TRUE


def setup(env):
    env.share("-mocktime=1800000000", "-debug=mempool")
    env.rpc.generatetodescriptor(200, "raw(51)")
    env.coins = [env.rpc.getblock(env.rpc.getblockhash(height))["tx"][0] for height in range(1, 101)]


def fresh(env):
    return env.coins.pop(0)


def spend(coin, fee=100_000, value=50 * COIN, sequence=FINAL, **more):
    return Tx(**more).spend(coin, 0, sequence).pay(value - fee, ANYBODY)


def family(env, parent_fee=10_000, child_fee=50_000):
    parent = spend(fresh(env), parent_fee)
    child = spend(parent.txid(), child_fee, 50 * COIN - parent_fee)
    return parent, child


def hexes(*txs):
    return [tx.hex() for tx in txs]


def test_package_is_only_tried(env):
    parent, child = family(env)
    alone = env.rpc.testmempoolaccept([child.hex()])[0]
    check.contains(alone["reject-reason"], "bad-txns-inputs-missingorspent")
    rows = env.rpc.testmempoolaccept(hexes(parent, child))
    check.equal([row["allowed"] for row in rows], [True, True])
    check.equal([row["txid"] for row in rows], [parent.txid(), child.txid()])
    check.equal(int(rows[1]["fees"]["base"] * COIN), 50_000)
    check.equal(env.rpc.getrawmempool(), [])
    check.equal(env.rpc.estimaterawfee(1)["short"].get("pass"), None)


def test_package_gets_in_together(env):
    parent, child = family(env)
    reply = env.rpc.submitpackage(hexes(parent, child))
    check.equal(reply["package_msg"], "success")
    check.equal(set(reply["tx-results"]), {parent.wtxid(), child.wtxid()})
    check.equal(env.rpc.getrawmempool(), [parent.txid(), child.txid()])
    again = env.rpc.submitpackage(hexes(parent, child))
    check.equal(again["package_msg"], "success")
    block = env.rpc.getblock(env.node.mine()[0])
    check.equal(block["tx"][1:], [parent.txid(), child.txid()])


def test_package_with_a_bad_member_changes_nothing(env):
    parent, child = family(env, child_fee=-1)
    reply = env.rpc.submitpackage(hexes(parent, child))
    check.equal(reply["package_msg"], "transaction failed")
    check.contains(reply["tx-results"][child.wtxid()]["error"], "bad-txns-in-belowout")
    check.equal(env.rpc.getrawmempool(), [])
    bad = Tx().spend(parent.txid(), 0, FINAL, script=b"\x01\x00").pay(COIN, b"\x00" * 30)
    rows = env.rpc.testmempoolaccept(hexes(parent, bad, spend(bad.txid(), value=COIN)))
    check.equal([row.get("allowed") for row in rows], [True, False, None])
    check.equal(env.rpc.getrawmempool(), [])


def test_malformed_packages(env):
    parent, child = family(env)

    def error(*txs):
        rows = env.rpc.testmempoolaccept(hexes(*txs))
        check.true(all("allowed" not in row for row in rows), rows)
        check.equal(env.rpc.submitpackage(hexes(*txs))["package_msg"], rows[0]["package-error"])
        return rows[0]["package-error"]
    check.equal(error(child, parent), "package-not-sorted")
    check.equal(error(parent, parent), "package-contains-duplicates")
    coin = fresh(env)
    check.equal(error(spend(coin, 1_000), spend(coin, 2_000)), "conflict-in-package")
    for call in (env.rpc.testmempoolaccept, env.rpc.submitpackage):
        check.refused(-8, "1 to 25 transactions", call, [])
        check.refused(-8, "1 to 25 transactions", call, [parent.hex()] * 26)
        check.refused(-3, "hex digits", call, [5])
        check.refused(-22, "", call, ["00"])
    check.equal(env.rpc.getrawmempool(), [])


def test_package_replaces_nothing(env):
    coin = fresh(env)
    first = spend(coin, sequence=0xfffffffd)
    env.rpc.sendrawtransaction(first.hex())
    better = spend(coin, 900_000)
    reply = env.rpc.submitpackage(hexes(better, spend(better.txid(), value=50 * COIN - 900_000)))
    check.contains(reply["tx-results"][better.wtxid()]["error"], "bip125-replacement-disallowed")
    check.equal(env.rpc.getrawmempool(), [first.txid()])
    env.node.mine()


def test_priority(env):
    poor, rich = spend(fresh(env), 1_000), spend(fresh(env), 90_000)
    free = spend(fresh(env), 0)
    check.refused(-26, "min relay fee not met", env.rpc.sendrawtransaction, free.hex())
    check.equal(env.rpc.prioritisetransaction(free.txid(), 0, 5_000), True)
    for tx in (free, poor, rich):
        env.rpc.sendrawtransaction(tx.hex())
    env.rpc.prioritisetransaction(poor.txid(), None, 500_000)
    entry = env.rpc.getmempoolentry(poor.txid())
    check.equal((int(entry["fees"]["base"] * COIN), int(entry["fees"]["modified"] * COIN)), (1_000, 501_000))
    check.equal(env.rpc.getprioritisedtransactions()[poor.txid()],
                {"fee_delta": 500_000, "in_mempool": True, "modified_fee": 501_000})
    check.equal(env.rpc.getblock(env.node.mine()[0])["tx"][1:], [poor.txid(), rich.txid(), free.txid()])
    check.equal(env.rpc.getprioritisedtransactions(), {}, "a block ends it")


def test_priority_of_relatives_and_unknown(env):
    parent, child = family(env)
    env.rpc.submitpackage(hexes(parent, child))
    env.rpc.prioritisetransaction(child.txid(), fee_delta=7)
    env.rpc.prioritisetransaction(parent.txid(), fee_delta=-3)
    parents, children = env.rpc.getmempoolentry(parent.txid())["fees"], env.rpc.getmempoolentry(child.txid())["fees"]
    check.equal([int(fees[key] * COIN) for fees in (parents, children) for key in ("modified", "ancestor", "descendant")],
                [9_997, 9_997, 60_004, 50_007, 60_004, 50_007])
    unknown = "ab" * 32
    env.rpc.prioritisetransaction(unknown, 0, 5)
    check.equal(env.rpc.getprioritisedtransactions()[unknown], {"fee_delta": 5, "in_mempool": False})
    env.rpc.prioritisetransaction(unknown, 0, -5)
    check.true(unknown not in env.rpc.getprioritisedtransactions(), "5 - 5 is nothing")
    check.refused(-8, "dummy argument", env.rpc.prioritisetransaction, unknown, 1, 5)
    check.refused(-8, "between", env.rpc.prioritisetransaction, unknown, 0, 10 ** 18)
    env.node.mine()


def test_who_spends_an_output(env):
    coin = fresh(env)
    tx = spend(coin)
    env.rpc.sendrawtransaction(tx.hex())
    check.equal(env.rpc.gettxspendingprevout([{"txid": coin, "vout": 0}, {"txid": coin, "vout": 1}]),
                [{"txid": coin, "vout": 0, "spendingtxid": tx.txid()}, {"txid": coin, "vout": 1}])
    check.refused(-8, "empty", env.rpc.gettxspendingprevout, [])
    check.refused(-8, "", env.rpc.gettxspendingprevout, [{"txid": coin}])
    before = env.rpc.getrawmempool(False, True)
    check.equal(before["txids"], [tx.txid()])
    env.node.mine()
    check.equal(env.rpc.getrawmempool(False, True), {"txids": [], "mempool_sequence": before["mempool_sequence"] + 1})
    check.refused(-8, "exclude", env.rpc.getrawmempool, True, True)


def test_full_replacement(env):
    coin = fresh(env)
    final = spend(coin)
    env.rpc.sendrawtransaction(final.hex())
    check.equal(env.rpc.getmempoolentry(final.txid())["bip125-replaceable"], False)
    check.refused(-26, "txn-mempool-conflict", env.rpc.sendrawtransaction, spend(coin, 500_000).hex())
    env.node.restart("-mempoolfullrbf")
    env.rpc = env.node.rpc
    check.soon(lambda: env.rpc.getmempoolinfo()["loaded"], "the mempool is not loaded")
    check.equal(env.rpc.getmempoolinfo()["fullrbf"], True)
    check.equal(env.rpc.getrawmempool(), [final.txid()], "it was kept")
    better = spend(coin, 500_000)
    env.rpc.sendrawtransaction(better.hex())
    check.equal(env.rpc.getrawmempool(), [better.txid()])
    env.node.mine()


def restart(env, *options):
    env.node.restart(*options)
    env.rpc = env.node.rpc
    check.soon(lambda: env.rpc.getmempoolinfo()["loaded"], "the mempool is not loaded")


def test_kept_over_a_restart(env):
    parent, child = family(env)
    env.rpc.submitpackage(hexes(parent, child))
    env.rpc.prioritisetransaction(child.txid(), 0, 77)
    env.rpc.prioritisetransaction("cd" * 32, 0, 5)
    before = env.rpc.getrawmempool(True)
    restart(env)
    check.equal(env.rpc.getrawmempool(True), before)
    check.equal(set(env.rpc.getprioritisedtransactions()), {child.txid(), "cd" * 32})
    restart(env, "-persistmempool=0")
    check.equal(env.rpc.getrawmempool(), [])
    restart(env)
    check.equal(env.rpc.getrawmempool(True), before, "-persistmempool=0 left the file alone")
    env.node.kill()
    env.node.start()
    env.rpc = env.node.rpc
    check.soon(lambda: len(env.rpc.getrawmempool()) == 2, "the file of the stop before is read")


def test_version_3(env):
    """A parent that pays nothing comes with its child, also after a restart; a better child takes the place of the first."""
    env.node.mine()
    parent = Tx(version=3).spend(fresh(env), 0, FINAL).pay(40 * COIN, ANYBODY).pay(10 * COIN, ANYBODY)
    child = spend(parent.txid(), 50_000, 40 * COIN, version=3)
    check.refused(-26, "min relay fee not met", env.rpc.sendrawtransaction, parent.hex())
    check.equal([row["allowed"] for row in env.rpc.testmempoolaccept(hexes(parent, child))], [True, True])
    check.equal(env.rpc.submitpackage(hexes(parent, child))["package_msg"], "success")
    check.refused(-26, "TRUC-violation", env.rpc.sendrawtransaction, spend(child.txid(), 10_000, 40 * COIN - 50_000, version=3).hex())
    check.refused(-26, "TRUC-violation", env.rpc.sendrawtransaction, spend(parent.txid(), value=40 * COIN).hex())
    check.equal(env.rpc.getmempoolentry(parent.txid())["bip125-replaceable"], True)
    restart(env)
    check.equal(env.rpc.getrawmempool(), [parent.txid(), child.txid()])
    better = Tx(version=3).spend(parent.txid(), 1, FINAL).pay(10 * COIN - 200_000, ANYBODY)
    env.rpc.sendrawtransaction(better.hex())
    check.equal(env.rpc.getrawmempool(), [parent.txid(), better.txid()])
    check.equal(env.rpc.getblock(env.node.mine()[0])["tx"][1:], [parent.txid(), better.txid()])


def test_save_and_import(env):
    env.rpc.submitpackage(hexes(*family(env)))
    pool = env.rpc.getrawmempool()
    name = env.rpc.savemempool()["filename"]
    check.equal(name, str(env.node.network / "mempool.dat"))
    copy = env.path("copy.dat")
    copy.write_bytes((env.node.network / "mempool.dat").read_bytes())
    check.equal(env.rpc.importmempool(str(copy)), {"read": 2, "accepted": 0, "known": 2, "expired": 0, "refused": 0})
    restart(env, "-persistmempool=0")
    env.rpc.setmocktime(1800000000 + 400 * 3600)
    check.equal(env.rpc.importmempool(str(copy), {"apply_fee_delta_priority": False})["expired"], 2)
    check.equal(env.rpc.importmempool(str(copy), {"use_current_time": True, "apply_fee_delta_priority": False}),
                {"read": 2, "accepted": 2, "known": 0, "expired": 0, "refused": 0})
    check.equal(env.rpc.getrawmempool(), pool)
    check.equal(env.rpc.getprioritisedtransactions(), {})
    check.refused(-1, "No such file", env.rpc.importmempool, str(env.path("nothing")))
    copy.write_bytes(copy.read_bytes()[:-3])
    check.refused(-1, "damaged", env.rpc.importmempool, str(copy))
    check.refused(-3, "Unexpected key", env.rpc.importmempool, str(copy), {"other": True})
    env.rpc.setmocktime(1800000000)
    env.node.mine()


def test_damaged_files(env):
    env.node.stop()
    good = {}
    for name in ("mempool.dat", "fee_estimates.dat"):
        path = env.node.network / name
        good[name] = path.read_bytes()
        path.write_bytes(good[name][:len(good[name]) // 2])
    env.node.start()
    env.rpc = env.node.rpc
    check.soon(lambda: env.rpc.getmempoolinfo()["loaded"], "the mempool is not loaded")
    log = env.node.log()
    check.contains(log, "the mempool starts empty")
    check.contains(log, "fee estimates start anew")
    env.node.stop()
    (env.node.network / "fee_estimates.dat").write_bytes(b"\x00" + good["fee_estimates.dat"][1:])
    env.node.start()
    env.rpc = env.node.rpc
    check.contains(env.node.log(), "does not begin with FEES")


def test_a_start_that_fails_leaves_the_files(env):
    env.node.stop()
    names = ("mempool.dat", "fee_estimates.dat")
    before = [(env.node.network / name).read_bytes() for name in names]
    env.node.fails_to_start("-loadblock=nothing-here")
    check.equal([(env.node.network / name).read_bytes() for name in names], before)
    env.node.start()
    env.rpc = env.node.rpc


def test_fees_without_history(env):
    reply = env.rpc.estimatesmartfee(6)
    check.equal((int(reply["feerate"] * COIN), reply["blocks"]), (1_000, 6))
    check.contains(reply["errors"][0], "Insufficient data")
    for target in (0, -1, 1009):
        check.refused(-8, "conf_target is out of range", env.rpc.estimatesmartfee, target)
    check.refused(-8, "estimate_mode", env.rpc.estimatesmartfee, 6, "cheap")
    check.refused(-8, "threshold", env.rpc.estimaterawfee, 6, 1.5)


def test_fees_are_learnt_and_kept(env):
    for _ in range(3):
        for _ in range(6):
            env.rpc.sendrawtransaction(spend(fresh(env), 20_000).hex())
        env.node.mine()
    size = len(spend(env.coins[0]).serialize())
    expected = 20_000 * 1000 / size
    reply = env.rpc.estimatesmartfee(2, "economical")
    check.true("errors" not in reply, reply)
    check.true(abs(int(reply["feerate"] * COIN) - expected) < expected / 50, f"{reply} is not {expected}")
    raw = env.rpc.estimaterawfee(2, 0.9)
    check.equal(set(raw), {"short", "medium", "long"})
    check.equal(raw["short"]["pass"]["withintarget"], raw["short"]["pass"]["totalconfirmed"])
    restart(env)
    check.equal(env.rpc.estimatesmartfee(2, "ECONOMICAL"), reply)
    check.equal(env.rpc.estimaterawfee(2, 0.9), raw)


def test_wallet_pays_what_is_estimated(env):
    env.need_wallet()
    address = env.rpc.getnewaddress()
    env.rpc.sendrawtransaction(Tx().spend(fresh(env), 0, FINAL).pay(40 * COIN, bytes.fromhex(
        env.rpc.getaddressinfo(address)["scriptPubKey"])).hex(), 0)
    env.node.mine()
    rate = int(env.rpc.estimatesmartfee(2, "economical")["feerate"] * COIN)
    check.true(rate > 5_000, f"{rate} is the floor")
    txid = env.rpc.sendtoaddress(address=env.rpc.getnewaddress(), amount=1, conf_target=2, estimate_mode="economical")
    entry = env.rpc.getmempoolentry(txid)
    paid = int(entry["fees"]["base"] * COIN) * 1000 / entry["vsize"]
    check.true(abs(paid - rate) < rate / 20, f"{paid} per kvB, estimated were {rate}")
    cheap = env.rpc.sendtoaddress(address=env.rpc.getnewaddress(), amount=1)
    entry = env.rpc.getmempoolentry(cheap)
    check.true(int(entry["fees"]["base"] * COIN) * 1000 / entry["vsize"] < rate / 2, "without conf_target as before")


if __name__ == "__main__":
    run(globals())
