#!/usr/bin/env python3
"""The wallet's money: addresses, balances, sending, history, restart, kill -9, backup."""

import re
import shutil
import subprocess
from decimal import Decimal

from framework import check
from framework.suite import run

FEE = Decimal("0.01")


def setup(env):
    env.share()
    env.need_wallet()
    env.other = env.start()
    env.address = env.rpc.getnewaddress()
    env.node.mine(110, env.address)


def sync(env):
    env.rpc.syncwithvalidationinterfacequeue()


def copy_chain(source, target):
    """Gives the target all blocks it lacks."""
    for height in range(target.getblockcount() + 1, source.getblockcount() + 1):
        check.equal(target.submitblock(source.getblock(source.getblockhash(height), 0)), None)
    target.syncwithvalidationinterfacequeue()


def test_addresses_of_three_types(env):
    seen = set()
    for kind, start in (("bech32", "bcrt1q"), ("legacy", "m n"), ("p2sh-segwit", "2")):
        address = env.rpc.getnewaddress("shop", kind)
        check.true(address.startswith(tuple(start.split())), f"{kind}: {address}")
        info = env.rpc.getaddressinfo(address)
        check.equal((info["ismine"], info["labels"], info["ischange"]), (True, ["shop"], False))
        seen.add(address)
    check.true(env.rpc.getnewaddress().startswith("bcrt1q"), "bech32 is the default")
    change = env.rpc.getrawchangeaddress()
    check.equal(env.rpc.getaddressinfo(change)["ischange"], True)
    check.equal(len(seen | {env.rpc.getnewaddress() for _ in range(20)}), 23, "no address twice")
    check.refused(-5, "Unknown address type 'taproot'", env.rpc.getnewaddress, "", "taproot")
    check.equal(env.rpc.getaddressinfo(env.other.rpc.getnewaddress())["ismine"], False)
    check.refused(-5, "", env.rpc.getaddressinfo, "nowhere")


def test_balances(env):
    mine = env.rpc.getbalances()["mine"]
    height = env.rpc.getblockcount()
    mature = height - 100 + 1
    check.equal((mine["trusted"], mine["immature"]), (50 * mature, 50 * (height - mature)))
    check.equal((mine["untrusted_pending"], mine["names"]), (0, 0))
    check.equal(env.rpc.getbalance(), mine["trusted"])
    check.equal(env.rpc.getbalance("*", 110), 50)
    info = env.rpc.getwalletinfo()
    check.equal((info["balance"], info["immature_balance"], info["txcount"], info["format"]),
                (mine["trusted"], mine["immature"], height, "bdb"))
    check.refused(-32, "must be excluded or set to", env.rpc.getbalance, "account")


def test_send_and_receive(env):
    target = env.other.rpc.getnewaddress("from friend")
    before = env.rpc.getbalance()
    txid = env.rpc.sendtoaddress(target, Decimal("12.5"), "rent", "landlord")
    tx = env.rpc.gettransaction(txid)
    check.equal((tx["amount"], tx["confirmations"], tx["details"][0]["category"]), (Decimal("-12.5"), 0, "send"))
    check.true(-FEE < tx["fee"] < 0, f"fee {tx['fee']}")
    check.equal(env.rpc.getbalance(), before - Decimal("12.5") + tx["fee"], "own change counts at once")
    copy_chain(env.rpc, env.other.rpc)
    check.equal(env.other.rpc.sendrawtransaction(tx["hex"]), txid)
    env.node.mine()
    sync(env)
    copy_chain(env.rpc, env.other.rpc)
    check.equal(env.rpc.gettransaction(txid)["confirmations"], 1)
    got = env.other.rpc.gettransaction(txid)
    check.equal((got["amount"], got["details"][0]["category"], got["details"][0]["label"]),
                (Decimal("12.5"), "receive", "from friend"))
    check.equal(env.other.rpc.getbalance(), Decimal("12.5"))
    coin = env.other.rpc.listunspent()[0]
    check.equal((coin["txid"], coin["amount"], coin["address"], coin["confirmations"]),
                (txid, Decimal("12.5"), target, 1))


def test_pending_from_others_is_not_trusted(env):
    target = env.rpc.getnewaddress()
    copy_chain(env.rpc, env.other.rpc)
    before = env.rpc.getbalance()
    txid = env.other.rpc.sendtoaddress(target, 2)
    env.rpc.sendrawtransaction(env.other.rpc.gettransaction(txid)["hex"])
    sync(env)
    check.equal(env.rpc.getunconfirmedbalance(), 2)
    check.equal((env.rpc.getbalances()["mine"]["untrusted_pending"], env.rpc.getbalance()), (2, before))
    env.node.mine()
    sync(env)
    check.equal((env.rpc.getunconfirmedbalance(), env.rpc.getbalance() >= before + 2), (0, True))
    copy_chain(env.rpc, env.other.rpc)


def test_subtract_fee(env):
    target = env.other.rpc.getnewaddress()
    before = env.rpc.getbalance()
    txid = env.rpc.sendtoaddress(target, 10, "", "", True)
    check.equal(env.rpc.getbalance(), before - 10)
    outputs = env.rpc.gettransaction(txid, None, True)["decoded"]["vout"]
    paid = [out["value"] for out in outputs if out["scriptPubKey"].get("address") == target]
    check.true(10 - FEE < paid[0] < 10, f"paid {paid}")
    txid = env.rpc.sendmany("", {target: 1, env.other.rpc.getnewaddress(): 2}, None, "", [target])
    check.equal(len(env.rpc.gettransaction(txid)["details"]), 2)
    env.node.mine()
    sync(env)


def test_fee_rate(env):
    txid = env.rpc.sendtoaddress(address=env.address, amount=1, fee_rate=25)
    entry = env.rpc.getmempoolentry(txid)
    rate = entry["fees"]["base"] * 10 ** 8 / entry["vsize"]
    check.true(24.5 <= rate <= 26.5, f"{rate} units per vB instead of 25")
    check.refused(-3, "fee_rate", env.rpc.sendtoaddress, address=env.address, amount=1, fee_rate=-1)
    env.node.mine()
    sync(env)


def test_refused_sends(env):
    balance = env.rpc.getbalance()
    address = env.other.rpc.getnewaddress()
    for amount, code in ((balance + 1, -6), (0, -3), (-1, -3), ("1.000000001", -3), ("many", -3), (30_000_000, -3)):
        check.refused(code, "", env.rpc.sendtoaddress, address, str(amount))
    check.refused(-6, "Insufficient funds", env.rpc.sendtoaddress, address, balance)
    check.refused(-5, "", env.rpc.sendtoaddress, "nowhere", 1)
    for much in ("99999999999999", "100000000000000000000000.12345678", "1000000001"):
        check.equal(check.refused(-3, "", env.rpc.sendtoaddress, address, much), "Amount out of range")
    for text in ("1.", "1..2", "1.123456789", "99999999999999.123456789", "0x5", "1 2"):
        check.contains(check.refused(-3, "", env.rpc.sendtoaddress, address, text), "Invalid amount", text)
    check.refused(-6, "0.00000001 EMC are too little for an output: it has 0.00000546 EMC at least", env.rpc.sendtoaddress, address, "0.00000001")
    check.refused(-8, "at least one recipient", env.rpc.sendmany, "", {})
    twice = f'{{"method":"sendmany","params":["",{{"{address}":1,"{address}":2}}]}}'
    check.contains(env.rpc.post(twice)[1].decode(), f"The same address stands twice: {address}")
    check.equal(env.rpc.getbalance(), balance)
    check.equal(env.rpc.getrawmempool(), [])


def test_missing_money_is_named(env):
    """How much, for what, and what is there but tied."""
    balance = env.rpc.getbalance()
    message = check.refused(-6, "Insufficient funds", env.rpc.sendtoaddress, env.other.rpc.getnewaddress(), balance + 7)
    missing = Decimal(re.search(r"Insufficient funds: ([0-9.]+) EMC missing for this payment", message)[1])
    check.true(7 < missing < 7 + FEE, message)
    check.matches(message, r"EMC needed with fees, [0-9.]+ can be spent; [0-9.]+ EMC are immature")
    poor = env.start()
    message = check.refused(-6, "missing for 2 name operations", poor.rpc.name_updatemany,
                            [{"NEW": text, "value": "v", "days": 30} for text in ("a", "b")])
    check.matches(message, r"[0-9.]+ EMC of it burned for names, 0(\.0+)? can be spent")
    poor.stop()


def test_a_wallet_of_somebody_else(env):
    """One that another node has open, and one of another network: refused, and not touched."""
    env.other.rpc.createwallet("shared")
    (env.node.network / "wallets" / "shared").symlink_to(env.other.network / "wallets" / "shared")
    check.refused(-4, "is in use by another program", env.rpc.loadwallet, "shared")
    env.other.rpc.unloadwallet("shared")
    env.rpc.loadwallet("shared")
    check.refused(-4, "is in use by another program", env.other.rpc.loadwallet, "shared")
    env.rpc.unloadwallet("shared")
    folder = env.path("testnet")
    folder.mkdir()
    subprocess.run([str(env.programs / "emercoin-wallet"), "-testnet", f"-datadir={folder}", "-wallet=far", "create"],
                   check=True, capture_output=True)
    made = next(folder.rglob("wallet.dat"))
    target = env.node.network / "wallets" / "far"
    target.mkdir()
    shutil.copy(made, target / "wallet.dat")
    before = (target / "wallet.dat").read_bytes()
    check.refused(-4, "is a wallet of network test", env.rpc.loadwallet, "far")
    check.equal((target / "wallet.dat").read_bytes(), before)


def test_whole_balance(env):
    """All mature coins at once, many inputs."""
    copy_chain(env.rpc, env.other.rpc)
    balance = env.other.rpc.getbalance()
    txid = env.other.rpc.sendtoaddress(env.other.rpc.getnewaddress(), balance, "", "", True)
    check.equal(len(env.other.rpc.gettransaction(txid, None, True)["decoded"]["vout"]), 1)
    env.rpc.sendrawtransaction(env.other.rpc.gettransaction(txid)["hex"])
    env.node.mine()
    copy_chain(env.rpc, env.other.rpc)


def test_history(env):
    rows = env.rpc.listtransactions("*", 1000)
    check.equal([row["time"] for row in rows], sorted(row["time"] for row in rows), "oldest first")
    kinds = {row["category"] for row in rows}
    check.equal(kinds - {"generate", "immature", "send", "receive"}, set())
    check.equal(env.rpc.listtransactions("*", 3), rows[-3:])
    check.equal(env.rpc.listtransactions("*", 3, 2), rows[-5:-2])
    check.equal({row["label"] for row in env.other.rpc.listtransactions("from friend")}, {"from friend"})
    check.refused(-5, "No transaction of this wallet has that id", env.rpc.gettransaction, "00" * 32)


def test_sign_raw_transaction(env):
    coin = env.rpc.listunspent()[0]
    raw = env.rpc.createrawtransaction([{"txid": coin["txid"], "vout": coin["vout"]}],
                                       [{env.address: coin["amount"] - Decimal("0.001")}])
    signed = env.rpc.signrawtransactionwithwallet(raw)
    check.equal(signed["complete"], True)
    check.equal(env.other.rpc.signrawtransactionwithwallet(raw)["complete"], False)
    check.equal(env.rpc.testmempoolaccept([signed["hex"]])[0]["allowed"], True)


def test_messages(env):
    for kind in ("bech32", "legacy"):
        address = env.rpc.getnewaddress("", kind)
        signature = env.rpc.signmessage(address, "text")
        check.equal(env.rpc.verifymessage(address, signature, "text"), True)
        check.equal(env.rpc.verifymessage(address, signature, "other"), False)
    check.refused(-3, "", env.rpc.signmessage, env.rpc.getnewaddress("", "p2sh-segwit"), "text")
    check.refused(-4, "", env.rpc.signmessage, env.other.rpc.getnewaddress(), "text")


def test_move_a_key(env):
    """dumpprivkey and importprivkey; the importing wallet finds the coins."""
    address = env.rpc.getnewaddress()
    env.rpc.sendtoaddress(address, 3)
    env.node.mine()
    copy_chain(env.rpc, env.other.rpc)
    before = env.other.rpc.getbalance()
    env.other.rpc.importprivkey(env.rpc.dumpprivkey(address), "moved")
    check.soon(lambda: env.other.rpc.getbalance() == before + 3, "the coins are not found")
    check.equal(env.other.rpc.getaddressinfo(address)["labels"], ["moved"])
    check.refused(-5, "", env.other.rpc.importprivkey, "notakey")
    of_main = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
    told = "Invalid private key encoding: it is a key of network main, this node runs regtest"
    check.equal(check.refused(-5, "", env.other.rpc.importprivkey, of_main), told)
    multi = env.other.rpc.importmulti([{"keys": [of_main], "timestamp": "now"}])[0]
    check.equal((multi["success"], multi["error"]["code"]), (False, -5))
    check.contains(multi["error"]["message"], "key of network main, this node runs regtest")
    for call, args in (("signmessagewithprivkey", (of_main, "text")), ("signrawtransactionwithkey", (env.rpc.createrawtransaction([], {address: 1}), [of_main]))):
        check.refused(-5, "key of network main, this node runs regtest", getattr(env.rpc, call), *args)
    check.refused(-4, "", env.rpc.dumpprivkey, env.other.rpc.getnewaddress())


def test_restart(env):
    sync(env)
    before = (env.rpc.getbalances(), env.rpc.listtransactions("*", 1000), env.rpc.getwalletinfo()["txcount"])
    env.node.restart()
    env.rpc = env.node.rpc
    after = (env.rpc.getbalances(), env.rpc.listtransactions("*", 1000), env.rpc.getwalletinfo()["txcount"])
    check.equal(after[0], before[0])
    check.equal(len(after[1]), len(before[1]))
    check.equal(after, before)


def test_kill_keeps_keys_and_transactions(env):
    """Whatever was shown is on disk: the address handed out a moment before kill -9, and what was sent."""
    for kind in ("bech32", "legacy", "p2sh-segwit"):
        address = env.rpc.getnewaddress("last", kind)
        txid = env.rpc.sendtoaddress(address, 1)
        env.node.kill()
        env.node.start()
        env.rpc = env.node.rpc
        info = env.rpc.getaddressinfo(address)
        check.equal((info["ismine"], info["labels"]), (True, ["last"]))
        check.equal(env.rpc.gettransaction(txid)["txid"], txid)
        secret = env.rpc.dumpprivkey(address)
        check.true(len(secret) >= 51, "no key")
        again = env.rpc.getnewaddress("", kind)
        check.true(again != address, "the same address twice")
        env.rpc.sendrawtransaction(env.rpc.gettransaction(txid)["hex"])
        env.node.mine()
        sync(env)


def test_backup(env):
    """A backup taken while the wallet is open holds everything; a fresh node with it sees the same money."""
    copy = env.path("backup.dat")
    env.rpc.backupwallet(str(copy))
    check.true(copy.stat().st_size > 10_000, "the backup is empty")
    later = env.rpc.getnewaddress("after backup")
    env.rpc.sendtoaddress(later, 4)
    env.node.mine()
    sync(env)
    third = env.start()
    where = third.network / "wallets" / "restored"
    where.mkdir(parents=True)
    (where / "wallet.dat").write_bytes(copy.read_bytes())
    copy_chain(env.rpc, third.rpc)
    third.rpc.loadwallet("restored")
    check.equal(sorted(third.rpc.listwallets()), ["", "restored"])
    restored = third.connect("restored")
    check.soon(lambda: restored.getbalances()["mine"] == env.rpc.getbalances()["mine"],
               "the restored wallet has another balance")
    check.equal(restored.getaddressinfo(later)["ismine"], True, "derived ahead")
    check.refused(-19, "Several wallets are loaded", third.rpc.getbalance)
    check.refused(None, "", env.rpc.backupwallet, "/nowhere/at/all/backup.dat")
    third.stop()


def test_several_wallets(env):
    node = env.other
    node.rpc.createwallet("office")
    office = node.connect("office")
    address = office.getnewaddress()
    check.equal(office.getaddressinfo(address)["ismine"], True)
    check.equal(node.cli("-rpcwallet=office", "getbalance").stdout, "0.00000000\n")
    node.rpc.unloadwallet("office")
    check.refused(-18, "", office.getbalance)
    check.equal(node.rpc.loadwallet("office")["name"], "office")
    check.equal(office.getaddressinfo(address)["ismine"], True)
    check.refused(-35, "already loaded", node.rpc.loadwallet, "office")
    check.refused(-18, "", node.rpc.loadwallet, "nothing")
    check.refused(None, "", node.rpc.createwallet, "office")
    check.refused(None, "", node.rpc.createwallet, "../outside")
    check.true("office" in {row["name"] for row in node.rpc.listwalletdir()["wallets"]}, "not in the folder")
    node.rpc.unloadwallet("office")


def test_list_of_wallets_to_load(env):
    """load_on_startup of each call is kept; a wallet that is gone, or a damaged list, keeps no node from starting."""
    node = env.start()
    for name, wish in (("asked", True), ("not asked", None), ("gone", True), ("refused", True)):
        node.rpc.createwallet(name, False, False, "", False, True, wish)
    node.rpc.unloadwallet("refused", False)
    node.rpc.unloadwallet("not asked")
    node.rpc.loadwallet("not asked")
    backup = str(env.path("startup.dat"))
    node.connect("asked").backupwallet(backup)
    node.rpc.restorewallet("restored", backup, True)
    node.stop()
    shutil.move(node.network / "wallets" / "gone", env.path("gone"))
    node.start()
    check.equal(sorted(node.rpc.listwallets()), ["", "asked", "restored"])
    check.contains(node.log(), "there is no wallet in")
    node.rpc.loadwallet("refused", True)
    node.restart()
    check.equal(sorted(node.rpc.listwallets()), ["", "asked", "refused", "restored"])
    node.stop()
    (node.network / "wallets" / ".load_on_startup.json").write_text('["asked", ')
    node.start()
    check.equal(node.rpc.listwallets(), [""])
    check.contains(node.log(), ".load_on_startup.json is no list of wallets")
    node.rpc.loadwallet("asked", True)
    node.restart()
    check.equal(sorted(node.rpc.listwallets()), ["", "asked"])
    node.stop()


def test_disabled_wallet(env):
    node = env.start("-disablewallet")
    check.refused(-32601, "runs without wallets", node.rpc.getbalance)
    check.equal(node.rpc.getblockcount(), 0)
    node.stop()


def test_damaged_wallet(env):
    node = env.start()
    node.stop()
    path = node.network / "wallets" / "wallet.dat"
    path.write_bytes(b"not a database" * 1000)
    text = node.fails_to_start()
    check.contains(text, "wallet.dat")
    check.equal(path.read_bytes(), b"not a database" * 1000, "the file was changed")
    node.start("-disablewallet")
    node.stop()


if __name__ == "__main__":
    run(globals())
