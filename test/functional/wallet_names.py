#!/usr/bin/env python3
"""Name operations from the wallet: register, update, hand over, delete, expire, register again; costs; refusals."""

import base64
from decimal import Decimal

from framework import check
from framework.suite import run

DAY = 168


def setup(env):
    env.share("-mocktime=1800000000")
    env.need_wallet()
    env.other = env.start("-mocktime=1800000000")
    env.node.mine(105, env.rpc.getnewaddress())


def mine(env, count=1):
    env.node.mine(count)


def row_of(rpc, name):
    rows = rpc.name_list(name)
    check.equal(len(rows), 1, f"rows of {name}")
    return rows[0]


def test_new(env):
    txid = env.rpc.name_new("test:a", "first", 30)
    pending = row_of(env.rpc, "test:a")
    check.equal((pending["pending"], pending["txid"], pending["value"]), ("name_new", txid, "first"))
    check.true("expires_at" not in pending, "expiry of a pending NEW")
    check.refused(-4, "no such name", env.rpc.name_show, "test:a")
    mine(env)
    shown = env.rpc.name_show("test:a")
    height = env.rpc.getblockcount()
    check.equal((shown["value"], shown["txid"], shown["registered_at"], shown["expires_at"], shown["expires_in"]),
                ("first", txid, height, height + 30 * DAY, 30 * DAY))
    own = row_of(env.rpc, "test:a")
    check.equal((own["address"], own["value"], "pending" in own), (shown["address"], "first", False))
    check.equal(env.rpc.getaddressinfo(shown["address"])["ismine"], True)


def test_costs(env):
    """The fee is what name_preview says, it is burned, and it grows with days and bytes."""
    preview = env.rpc.name_preview([{"NEW": "test:cost", "value": "x" * 100, "days": 365}])
    height = env.rpc.getblockcount()
    check.equal((preview["expires_at"], preview["total"]),
                (height + 1 + 365 * DAY, preview["burned"] + preview["network_fee"]))
    supply = env.rpc.gettxoutsetinfo()["total_amount"]
    before = env.rpc.getbalance()
    txid = env.rpc.name_new("test:cost", "x" * 100, 365)
    tx = env.rpc.gettransaction(txid)
    check.equal((tx["burned"], -tx["fee"]), (preview["burned"], preview["network_fee"]))
    spent = before - env.rpc.getbalance()
    check.equal(spent, preview["total"] + Decimal("0.0001"), "fee, burned fee and the coins in the name")
    hashed = env.node.mine()[0]
    reward = sum(out["value"] for out in env.rpc.getblock(hashed, 2)["tx"][0]["vout"])
    check.equal(env.rpc.gettxoutsetinfo()["total_amount"], supply + reward - preview["network_fee"] - preview["burned"])
    more = env.rpc.name_preview([{"NEW": "test:b", "value": "x" * 100, "days": 730}])["burned"]
    longer = env.rpc.name_preview([{"NEW": "test:b", "value": "x" * 2000, "days": 365}])["burned"]
    check.true(more > preview["burned"] and longer > preview["burned"], "the fee does not grow")
    check.equal(env.rpc.name_preview([{"DELETE": "test:cost"}])["burned"], 0)
    check.equal(env.rpc.getrawmempool(), [], "a preview sends nothing")


def test_update_keeps_owner(env):
    before = env.rpc.name_show("test:a")
    env.rpc.name_update("test:a", "second", 0)
    check.equal((row_of(env.rpc, "test:a")["pending"], row_of(env.rpc, "test:a")["value"]), ("name_update", "second"))
    mine(env)
    after = env.rpc.name_show("test:a")
    check.equal((after["value"], after["address"], after["expires_at"], after["registered_at"]),
                ("second", before["address"], before["expires_at"], before["registered_at"]))


def test_renewal_adds_days(env):
    before = env.rpc.name_show("test:a")
    env.rpc.name_update("test:a", "second", 10)
    mine(env)
    check.equal(env.rpc.name_show("test:a")["expires_at"], before["expires_at"] + 10 * DAY)


def test_transfer(env):
    """Handing over: the old owner may do no more, the new one everything."""
    target = env.other.rpc.getnewaddress()
    env.rpc.name_update("test:a", "third", 0, target)
    mine(env)
    check.equal(env.rpc.name_show("test:a")["address"], target)
    check.equal(row_of(env.rpc, "test:a")["transferred"], True)
    check.refused(None, "prev name tx is not yours", env.rpc.name_update, "test:a", "mine again", 0)
    check.refused(None, "prev name tx is not yours", env.rpc.name_delete, "test:a")
    follow(env)
    check.equal(row_of(env.other.rpc, "test:a")["value"], "third")
    env.rpc.sendtoaddress(target, 5)
    mine(env)
    follow(env)
    env.other.rpc.name_update("test:a", "fourth", 0)
    pass_on(env)
    mine(env)
    check.equal(env.rpc.name_show("test:a")["value"], "fourth")


def follow(env):
    for height in range(env.other.rpc.getblockcount() + 1, env.rpc.getblockcount() + 1):
        check.equal(env.other.rpc.submitblock(env.rpc.getblock(env.rpc.getblockhash(height), 0)), None)
    env.other.rpc.syncwithvalidationinterfacequeue()


def pass_on(env):
    for txid in env.other.rpc.getrawmempool():
        env.rpc.sendrawtransaction(env.other.rpc.getrawtransaction(txid), 0)


def test_delete_and_register_again(env):
    env.rpc.name_new("test:del", "v", 30, "legacy")
    mine(env)
    check.true(env.rpc.name_show("test:del")["address"][0] in "mn", "not a legacy address")
    env.rpc.name_delete("test:del")
    check.equal(row_of(env.rpc, "test:del")["pending"], "name_delete")
    mine(env)
    check.refused(-4, "no such name", env.rpc.name_show, "test:del")
    check.equal(env.rpc.name_list("test:del"), [])
    env.rpc.name_new("test:del", "again", 30)
    mine(env)
    check.equal(env.rpc.name_show("test:del")["value"], "again")


def test_expiry(env):
    """Live while expires_in is 0 or more; then updates are refused and NEW is free, for anyone."""
    env.rpc.name_new("test:short", "v", 1)
    mine(env)
    mine(env, DAY - 1)
    check.equal(env.rpc.name_show("test:short")["expires_in"], 1)
    env.rpc.name_update("test:short", "renewed in time", 1)
    mine(env)
    check.equal(env.rpc.name_show("test:short")["expires_in"], DAY)
    mine(env, DAY)
    check.equal(env.rpc.name_show("test:short")["expires_in"], 0)
    mine(env)
    shown = env.rpc.name_show("test:short")
    check.equal((shown["expired"], shown["expires_in"]), (True, -1))
    check.equal(row_of(env.rpc, "test:short")["expired"], True)
    check.refused(None, "name_update on an inactive name", env.rpc.name_update, "test:short", "late", 1)
    env.rpc.name_new("test:short", "new life", 1)
    mine(env)
    shown = env.rpc.name_show("test:short")
    check.equal((shown["value"], shown["registered_at"]), ("new life", env.rpc.getblockcount()))


def test_many_in_one_transaction(env):
    env.rpc.name_new("test:m1", "v", 30)
    env.rpc.name_new("test:m2", "v", 30)
    mine(env)
    txid = env.rpc.name_updatemany([{"UPDATE": "test:m1", "value": "w", "days": 5}, {"DELETE": "test:m2"},
                                    {"NEW": "test:m3", "value": "00ff", "days": 7, "valuetype": "hex"}])
    check.equal(len([row for row in env.rpc.name_mempool() if row["txid"] == txid]), 3)
    mine(env)
    check.equal(env.rpc.name_show("test:m1")["value"], "w")
    check.refused(-4, "", env.rpc.name_show, "test:m2")
    check.equal(env.rpc.name_show("test:m3", "hex")["value"], "00ff")
    history = env.rpc.gettransaction(txid)["details"]
    check.equal(len([part for part in history if part.get("name_op")]) >= 3, True)


def test_values_of_all_kinds(env):
    raw = bytes(range(256)) * 80
    env.rpc.name_new("test:raw", base64.b64encode(raw).decode(), 30, "", "base64")
    env.rpc.name_new("test:empty", "", 30)
    env.rpc.name_new("test:text", "zwei Zeilen\nmit ä, 漢字 und |", 30)
    mine(env)
    check.equal(env.rpc.name_show("test:raw", "hex")["value"], raw.hex())
    check.equal(env.rpc.name_show("test:empty")["value"], "")
    check.equal(env.rpc.name_show("test:text")["value"], "zwei Zeilen\nmit ä, 漢字 und |")
    env.rpc.name_update("test:raw", "6869", 0, "", "hex")
    mine(env)
    check.equal(env.rpc.name_show("test:raw")["value"], "hi")


def test_refusals(env):
    rpc = env.rpc
    rpc.name_new("test:live", "v", 30)
    for what, part in ((("test:live", "w", 30), "1 pending operations on that name"),
                       (("", "v", 30), "name is too long or empty"), (("n" * 513, "v", 30), "name is too long"),
                       (("n", "v" * 20_481, 30), "value is too long"), (("n", "v", 0), "rental days must be greater than 0"),
                       (("n", "v", -1), "rental days must be"), (("n", "v", 36_501), "rental days value is too large"),
                       (("n", "v", 5, "nowhere"), "address is invalid")):
        check.refused(None, part, rpc.name_new, *what)
    mine(env)
    check.refused(None, "name_new on an unexpired name", rpc.name_new, "test:live", "w", 30)
    check.refused(None, "name_update on an inactive name", rpc.name_update, "test:none", "w", 30)
    check.refused(None, "name_delete on an inactive name", rpc.name_delete, "test:none")
    check.refused(None, "", rpc.name_update, "test:live", "w", 36_501)
    check.refused(-8, "valuetype must be", rpc.name_new, "n", "v", 5, "", "octal")
    check.refused(None, "", rpc.name_new, "n", "0", 5, "", "hex")
    check.refused(None, "", rpc.name_new, "n", "!", 5, "", "base64")
    check.refused(-3, "", rpc.name_new, "n", "v", "5")
    check.refused(None, "Name duplicate", rpc.name_updatemany, [{"NEW": "n", "value": "", "days": 1}] * 2)
    check.refused(-8, "empty", rpc.name_updatemany, [])
    check.refused(-3, "must be specified just once", rpc.name_updatemany, [{"NEW": "n", "DELETE": "n"}])
    check.refused(-3, "must be specified just once", rpc.name_updatemany, [{"value": ""}])
    check.refused(-3, "must specify value", rpc.name_updatemany, [{"NEW": "n", "days": 1}])
    check.refused(-3, "days as an integer", rpc.name_updatemany, [{"NEW": "n", "value": ""}])
    check.refused(-3, "", rpc.name_updatemany, [5])
    check.equal(rpc.getrawmempool(), [])


def test_expiry_too_far(env):
    env.rpc.name_new("test:far", "v", 36_500)
    mine(env)
    check.refused(None, "N-14", env.rpc.name_update, "test:far", "v", 36_500)


def test_poor_wallet(env):
    node = env.start("-mocktime=1800000000")
    check.refused(-6, "Insufficient funds", node.rpc.name_new, "a", "v", 30)
    check.refused(-6, "Insufficient funds", node.rpc.name_preview, [{"NEW": "a", "value": "v", "days": 30}])
    node.stop()


def test_name_coins_are_not_money(env):
    check.true(env.rpc.getbalances()["mine"]["names"] > 0, "no coins in names")
    shown = [env.rpc.name_show(row["name"]) for row in env.rpc.name_list() if "expired" not in row]
    places = {(row["txid"], row["vout"]) for row in shown}
    check.true(len(places) > 5, "too few names")
    offered = [coin for coin in env.rpc.listunspent(0) if (coin["txid"], coin["vout"]) in places]
    check.equal(offered, [], "a name's coin is offered as money")
    everything = env.rpc.getbalance()
    txid = env.rpc.sendtoaddress(env.rpc.getnewaddress(), everything, "", "", True)
    mine(env)
    check.true(env.rpc.gettransaction(txid)["confirmations"] == 1, "not mined")
    check.equal(env.rpc.name_show("test:live")["value"], "v")


def test_send_to_name(env):
    target = env.rpc.name_show("test:a")["address"]
    done = env.rpc.sendtoname("test:a", 1)
    check.equal(done["sending to"], target)
    check.equal(env.rpc.gettransaction(done["transaction"])["amount"], -1)
    check.refused(-5, "Name not found", env.rpc.sendtoname, "test:none", 1)
    mine(env)


def test_send_to_name_in_full(env):
    env.rpc.name_new("test:payee", "x", 30)
    mine(env)
    owner = env.rpc.name_show("test:payee")["address"]
    free = env.rpc.getbalance()
    seen = env.rpc.sendtoname("test:payee", 1, preview=True)
    check.equal((seen["sending to"], seen["total"]), (owner, 1 + seen["network_fee"]))
    check.equal(env.rpc.sendtoname("test:payee", 1, "", "", True, preview=True)["total"], 1)
    check.equal(env.rpc.getbalance(), free)
    sent = env.rpc.sendtoname("test:payee", 1, "why", "whom", False, False, None, "unset", False, 30, True)
    check.keys(sent, "transaction", "fee_reason")
    entry = env.rpc.getmempoolentry(sent["transaction"])
    check.true(30 <= entry["fees"]["base"] * 10 ** 8 / entry["vsize"] < 31, entry)
    check.equal(env.rpc.getrawtransaction(sent["transaction"], True)["vin"][0]["sequence"], 0xfffffffe)
    shown = env.rpc.gettransaction(sent["transaction"])
    check.equal((shown["comment"], shown["to"]), ("why", "whom"))
    check.refused(-8, "conf_target", env.rpc.sendtoname, "test:payee", 1, conf_target=0)
    mine(env)


def test_costs_are_told_first(env):
    """Each call that changes names tells what it would cost, and sends nothing then."""
    env.rpc.name_new("test:told", "old", 10)
    mine(env)
    free, names = env.rpc.getbalance(), len(env.rpc.name_list())
    told = [env.rpc.name_new("test:told-new", "v", 5, preview=True),
            env.rpc.name_update("test:told", "new", 5, preview=True),
            env.rpc.name_delete("test:told", True),
            env.rpc.name_updatemany([{"NEW": "test:told-many", "value": "v", "days": 5}], True),
            env.rpc.name_preview([{"NEW": "test:told-many", "value": "v", "days": 5}])]
    for cost in told:
        check.true(cost["network_fee"] > 0 and cost["total"] == cost["burned"] + cost["network_fee"], cost)
    check.equal(told[3], told[4])
    check.equal(told[2]["burned"], 0)
    renewal = env.rpc.name_renew({"prefix": "test:told"}, 5, preview=True)
    check.equal((renewal["names"], renewal["txids"]), (1, []))
    check.refused(-32603, "inactive name", env.rpc.name_delete, "test:nobody", True)
    check.equal((env.rpc.getbalance(), len(env.rpc.name_list()), env.rpc.getrawmempool()), (free, names, []))


def test_values_from_files(env):
    folder = env.path("values")
    (folder / "sub").mkdir(parents=True)
    (folder / "plain.txt").write_bytes(b"line one\nline two")
    (folder / "sub" / "bytes").write_bytes(b"\x00\xff" * 10)
    (folder / "limit").write_bytes(b"x" * 20480)
    (folder / "beyond").write_bytes(b"x" * 20481)
    (folder / "out").symlink_to("/etc/passwd")
    (folder / "outside").symlink_to("/etc")
    env.path("secret").write_text("secret")
    check.refused(-8, "-namefiles", env.rpc.name_new, "test:file", "plain.txt", 5, "", "file")
    env.node.restart(f"-namefiles={folder}")
    env.rpc = env.node.rpc
    env.rpc.name_new("test:file", "plain.txt", 5, "", "file")
    env.rpc.name_updatemany([{"NEW": "test:bytes", "value": "sub/bytes", "days": 5, "valuetype": "file"},
                             {"NEW": "test:limit", "value": "limit", "days": 5, "valuetype": "file"}])
    mine(env)
    check.equal(env.rpc.name_show("test:file")["value"], "line one\nline two")
    check.equal(env.rpc.name_show("test:bytes", "hex")["value"], "00ff" * 10)
    check.equal(len(env.rpc.name_show("test:limit")["value"]), 20480)
    (folder / "plain.txt").write_bytes(b"changed")
    env.rpc.name_update("test:file", "plain.txt", 0, "", "file")
    raw = {"name": {"NEW": "test:raw", "value": "plain.txt", "days": 5, "valuetype": "file",
                    "toaddress": env.rpc.getnewaddress()}}
    check.contains(env.rpc.createrawtransaction([], [raw]), b"changed".hex())
    for path, part in (("../secret", "no path below"), ("sub/../../secret", "no path below"), ("/etc/passwd", "no path below"),
                       ("./plain.txt", "no path below"), ("", "no path below"), ("sub//bytes", "no path below"),
                       ("sub/", "no path below"), ("out", "symbolic links"), ("outside/passwd", "Cannot read"),
                       ("missing", "No such file"), ("sub", "no plain file"), ("plain.txt/x", "Cannot read"),
                       ("beyond", "too large: 20481 bytes, at most 20480"), (str(folder / "plain.txt"), "no path below")):
        check.refused(-8, part, env.rpc.name_new, "test:escape", path, 5, "", "file")
    check.refused(-8, "valuetype", env.rpc.name_new, "test:escape", "x", 5, "", "File")


def test_pages(env):
    whole = [row["name"] for row in env.rpc.name_list()]
    check.equal(whole, sorted(whole), "byte order")
    seen = env.rpc.name_list("", "text", 3)
    while True:
        page = env.rpc.name_list("", "text", 4, seen[-1]["name"])
        check.equal(page[0]["name"], seen[-1]["name"])
        seen += page[1:]
        if len(page) < 4:
            break
    check.equal([row["name"] for row in seen], whole)
    check.equal(env.rpc.name_list(count=2), env.rpc.name_list()[:2])
    check.refused(-8, "", env.rpc.name_list, "", "text", -1)


def test_restart_and_list(env):
    before = {row["name"]: row for row in env.rpc.name_list()}
    env.node.restart()
    env.rpc = env.node.rpc
    after = {row["name"]: row for row in env.rpc.name_list()}
    check.equal(after, before)
    check.equal(env.rpc.name_list("test:m1")[0]["name"], "test:m1")


def test_reorganisation(env):
    """A registration that a reorganisation takes away waits again; the name is free meanwhile."""
    env.rpc.name_new("test:reorg", "v", 30)
    hashed = env.node.mine()[0]
    env.rpc.invalidateblock(hashed)
    env.rpc.syncwithvalidationinterfacequeue()
    check.refused(-4, "", env.rpc.name_show, "test:reorg")
    check.equal(row_of(env.rpc, "test:reorg")["pending"], "name_new")
    env.rpc.setmocktime(1800001000)  # else the very block that is invalid would be made again
    mine(env)
    check.equal(env.rpc.name_show("test:reorg")["value"], "v")


if __name__ == "__main__":
    run(globals())
