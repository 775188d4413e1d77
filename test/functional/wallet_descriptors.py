#!/usr/bin/env python3
"""Descriptors: those of the wallet itself, imported ones with and without keys, multisig, Taproot trees, dumps."""

from decimal import Decimal

from framework import check
from framework.suite import run


def setup(env):
    env.share()
    env.need_wallet()
    env.rpc = env.node.connect("")  # that wallet, however many are loaded
    env.node.mine(101, env.rpc.getnewaddress())


def checked(env, text):
    return text + "#" + env.rpc.getdescriptorinfo(text)["checksum"]


def make(env, name, *more):
    env.rpc.createwallet(name, *more)
    return env.node.connect(name)


def import_one(wallet, desc, **more):
    return wallet.importdescriptors([{"desc": desc, "timestamp": "now", **more}])[0]


def fund(env, address, amount=1):
    txid = env.rpc.sendtoaddress(address, amount)
    env.node.mine(1)
    env.rpc.syncwithvalidationinterfacequeue()
    return txid


def spend(env, wallet, target, amount, subtract=False):
    """Sends through the wallet and lets a block take it, which checks the signatures."""
    txid = wallet.sendtoaddress(target, amount, "", "", subtract)
    env.node.mine(1)
    env.rpc.syncwithvalidationinterfacequeue()
    check.equal(wallet.gettransaction(txid)["confirmations"], 1)


def test_own_chains(env):
    listed = env.rpc.listdescriptors()["descriptors"]
    active = [row for row in listed if row["active"]]
    check.equal(len(active), 8)
    check.equal(sorted({row["desc"].split("(")[0] for row in active}), ["pkh", "sh", "tr", "wpkh"])
    for kind, start in (("legacy", "pkh("), ("p2sh-segwit", "sh(wpkh("), ("bech32", "wpkh("), ("bech32m", "tr(")):
        address = env.rpc.getnewaddress("", kind)
        info = env.rpc.getaddressinfo(address)
        check.true(info["parent_desc"].startswith(start), info["parent_desc"])
        index = int(info["hdkeypath"].rsplit("/", 1)[1])
        check.equal(env.rpc.deriveaddresses(info["parent_desc"], [index, index]), [address])
        check.equal(env.rpc.deriveaddresses(info["desc"]), [address])
    private = [row["desc"] for row in env.rpc.listdescriptors(True)["descriptors"]]
    check.true(all("tprv" in text for text in private), private[0])
    for public, secret in zip(sorted(row["desc"][:3] for row in listed), sorted(text[:3] for text in private)):
        check.equal(public, secret)


def test_descriptor_info(env):
    key = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    info = env.rpc.getdescriptorinfo(f"wpkh({key})")
    check.equal((info["isrange"], info["issolvable"], info["hasprivatekeys"]), (False, True, False))
    check.equal(env.rpc.getdescriptorinfo(info["descriptor"])["checksum"], info["checksum"])
    check.refused(-5, "", env.rpc.getdescriptorinfo, "wpkh()")
    check.refused(-5, "checksum", env.rpc.deriveaddresses, f"wpkh({key})")
    check.refused(-8, "no wildcard", env.rpc.deriveaddresses, info["descriptor"], 3)
    check.equal(len(env.rpc.deriveaddresses(info["descriptor"])), 1)


def test_taproot_by_key(env):
    wallet = make(env, "taproot")
    fund(env, wallet.getnewaddress("", "bech32m"), 3)
    check.equal(wallet.getbalance(), 3)
    spend(env, wallet, wallet.getnewaddress("", "bech32m"), 1)
    spend(env, wallet, env.rpc.getnewaddress("", "bech32m"), 2)


def test_watching(env):
    """Public keys in a wallet without private ones: it sees, and cannot spend."""
    source = make(env, "source")
    watch = make(env, "watch", True)
    check.equal(watch.getwalletinfo()["private_keys_enabled"], False)
    check.refused(-4, "nothing to make such an address from", watch.getnewaddress)
    for row in source.listdescriptors()["descriptors"]:
        if row["desc"].startswith(("wpkh", "tr")):
            done = import_one(watch, row["desc"], active=True, internal=row["internal"], range=[0, 20])
            check.equal(done, {"success": True})
    addresses = [watch.getnewaddress("", kind) for kind in ("bech32", "bech32m")]
    for address, kind in zip(addresses, ("bech32", "bech32m")):
        check.equal(source.getnewaddress("", kind), address)
        fund(env, address, 2)
    check.equal((watch.getbalance(), source.getbalance()), (4, 4))
    check.refused(-4, "no private keys", watch.sendtoaddress, addresses[0], 1)
    check.refused(-16, "no private keys", watch.encryptwallet, "x")
    secret = [row["desc"] for row in source.listdescriptors(True)["descriptors"]][0]
    check.equal(import_one(watch, secret)["error"]["code"], -4)
    check.equal(import_one(source, env.rpc.listdescriptors()["descriptors"][0]["desc"])["error"]["code"], -4)
    # addresses and keys by themselves
    lone = env.rpc.getnewaddress("", "legacy")
    watch.importaddress(lone, "lone", False)
    check.equal(watch.getaddressinfo(lone)["labels"], ["lone"])
    check.equal(watch.getaddressinfo(lone)["solvable"], False)
    key = env.rpc.getaddressinfo(env.rpc.getnewaddress())
    watch.importpubkey(key["pubkey"], "", False)
    check.equal(watch.getaddressinfo(key["address"])["ismine"], True)
    many = watch.importmulti([{"scriptPubKey": {"address": env.rpc.getnewaddress()}, "timestamp": "now"},
                              {"pubkeys": [key["pubkey"]], "timestamp": "now"},
                              {"scriptPubKey": {"address": "nowhere"}, "timestamp": "now"},
                              {"timestamp": "now"}])
    check.equal([row["success"] for row in many], [True, True, False, False])


def test_import_finds_old_money(env):
    source = make(env, "old-money")
    address = source.getnewaddress()
    fund(env, address, 5)
    key = source.dumpprivkey(address)
    late = make(env, "late", False, True)
    check.equal(late.importdescriptors([{"desc": checked(env, f"wpkh({key})"), "timestamp": 1, "label": "found"}]),
                [{"success": True}])
    check.equal(late.getbalance(), 5)
    check.equal(late.listlabels(), ["found"])
    check.equal(late.getaddressesbylabel("found"), {address: {"purpose": "receive"}})
    check.refused(-11, "", late.getaddressesbylabel, "lost")
    spend(env, late, env.rpc.getnewaddress(), 5, True)
    check.equal(late.getbalance(), 0)
    fund(env, address, 2)
    env.rpc.unloadwallet("late")
    env.rpc.loadwallet("late")
    check.equal(late.getaddressinfo(address)["labels"], ["found"])
    late.encryptwallet("words")
    check.refused(-13, "", late.dumpprivkey, address)
    check.refused(-13, "", late.sendtoaddress, address, 1)
    late.walletpassphrase("words", 100)
    check.equal(late.dumpprivkey(address), key)
    spend(env, late, env.rpc.getnewaddress(), 2, True)


def test_ranges_look_ahead(env):
    source = make(env, "ranged-source")
    secret = next(row["desc"] for row in source.listdescriptors(True)["descriptors"]
                  if row["desc"].startswith("wpkh") and not row["internal"])
    wallet = make(env, "ranged", False, True)
    check.equal(import_one(wallet, secret, range=[0, 5], active=True), {"success": True})
    check.equal(wallet.getnewaddress(), source.getnewaddress())
    check.equal(wallet.getaddressinfo(wallet.getnewaddress())["hdkeypath"], "m/84'/1'/0'/0/1")
    ahead = wallet.listdescriptors()["descriptors"][0]["range"][1]
    wallet.keypoolrefill(ahead + 500)
    check.true(wallet.listdescriptors()["descriptors"][0]["range"][1] >= ahead + 500, "more are known")
    for more, code in (({"range": [5, 2]}, -8), ({"range": "x"}, -8), ({"next_index": 7, "range": 3}, -8),
                       ({"label": "x"}, -8), ({"timestamp": "yesterday"}, -3)):
        check.equal(import_one(wallet, secret, **more)["error"]["code"], code, str(more))
    both = checked(env, secret.split("#")[0].replace("wpkh(", "combo("))
    check.equal(import_one(wallet, both, active=True, range=3)["error"]["code"], -4)
    check.equal(len(wallet.listdescriptors()["descriptors"]), 1)
    check.equal(import_one(wallet, secret[:-1] + ("q" if secret[-1] != "q" else "p"))["error"]["code"], -5)


def test_multisig(env):
    """Two of three by P2SH, P2SH-P2WSH and P2WSH; the third key is nobody's."""
    wallet = make(env, "multisig")
    nobody = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    check.refused(-4, "private keys", wallet.addmultisigaddress, 1, [nobody])
    for kind in ("legacy", "p2sh-segwit", "bech32"):
        keys = [wallet.getnewaddress(), wallet.getnewaddress("", "legacy"), nobody]
        made = wallet.addmultisigaddress(2, keys, f"shared {kind}", kind)
        info = wallet.getaddressinfo(made["address"])
        check.equal((info["ismine"], info["solvable"], info["labels"]), (True, True, [f"shared {kind}"]))
        fund(env, made["address"], 1)
        spend(env, wallet, env.rpc.getnewaddress(), Decimal("0.9"))
    check.refused(-5, "Unknown address type", wallet.addmultisigaddress, 1, [nobody], "", "bech32m")


def test_taproot_by_script(env):
    """The internal key is nobody's: a leaf is used, pk as well as 2 of 3."""
    nobody = "50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0"
    source = make(env, "leaves-source")
    keys = [source.dumpprivkey(source.getnewaddress()) for _ in range(3)]
    for number, tree in enumerate((f"pk({keys[0]})", f"{{pk({nobody}),multi_a(2,{keys[0]},{nobody},{keys[1]})}}",
                                   f"{{sortedmulti_a(3,{keys[0]},{keys[1]},{keys[2]}),pk({nobody})}}")):
        wallet = make(env, f"leaves-{number}", False, True)
        desc = checked(env, f"tr({nobody},{tree})")
        check.equal(import_one(wallet, desc), {"success": True})
        address = env.rpc.deriveaddresses(env.rpc.getdescriptorinfo(desc)["descriptor"])[0]
        fund(env, address, 1)
        change = source.listdescriptors(True)["descriptors"]
        internal = next(row["desc"] for row in change if row["desc"].startswith("wpkh") and row.get("internal"))
        check.equal(import_one(wallet, internal, active=True, internal=True, range=5), {"success": True})
        spend(env, wallet, env.rpc.getnewaddress(), Decimal("0.5"))


def test_dump_and_import(env):
    source = make(env, "dumped")
    address = source.getnewaddress("with blank %", "legacy")
    fund(env, address, 1)
    path = str(env.path("dump.txt"))
    check.equal(source.dumpwallet(path), {"filename": path})
    check.refused(-8, "already", source.dumpwallet, path)
    target = make(env, "undumped", False, True)
    target.importwallet(path)
    check.equal((target.getbalance(), target.getaddressinfo(address)["labels"]), (1, ["with blank %"]))
    check.equal(target.dumpprivkey(address), source.dumpprivkey(address))
    check.refused(-8, "Cannot read", target.importwallet, path + "x")
    with open(path, "w", encoding="utf-8") as file:
        file.write("# nothing\n")
    check.refused(-8, "there is no key in it", target.importwallet, path)


def test_coins_on_used_addresses(env):
    """With avoid_reuse what comes to an address that was spent from is left alone."""
    wallet = make(env, "reuse", False, False, None, True)
    address = wallet.getnewaddress()
    fund(env, address, 1)
    spend(env, wallet, env.rpc.getnewaddress(), Decimal("0.5"))
    fund(env, address, 3)
    check.refused(-6, "Insufficient funds", wallet.sendtoaddress, env.rpc.getnewaddress(), 2)
    check.equal(wallet.setwalletflag("avoid_reuse", False)["flag_state"], False)
    spend(env, wallet, env.rpc.getnewaddress(), 2)


def test_management(env):
    rpc = env.node.connect("")
    check.refused(-4, "descriptors", rpc.createwallet, "x", False, False, "", False, False)
    check.refused(-4, "external signer", rpc.createwallet, "x", False, False, "", False, True, False, True)
    check.refused(-4, "nothing to encrypt", rpc.createwallet, "x", True, False, "words")
    check.true("not encrypted" in rpc.createwallet("empty-passphrase", False, False, "")["warning"], "a warning")
    wallet = env.node.connect("empty-passphrase")
    check.equal(wallet.setwalletflag("avoid_reuse"), {"flag_name": "avoid_reuse", "flag_state": True})
    check.refused(-8, "already", wallet.setwalletflag, "avoid_reuse")
    check.refused(-8, "no flag", wallet.setwalletflag, "blank")
    check.equal(wallet.getwalletinfo()["avoid_reuse"], True)
    address = wallet.getnewaddress("kept")
    backup = str(env.path("backup.dat"))
    wallet.backupwallet(backup)
    check.equal(rpc.restorewallet("restored", backup), {"name": "restored", "warning": ""})
    check.equal(env.node.connect("restored").getaddressinfo(address)["labels"], ["kept"])
    check.refused(-36, "already", rpc.restorewallet, "restored", backup)
    (env.node.network / "wallets" / "orphaned" / "database").mkdir(parents=True)
    (env.node.network / "wallets" / "orphaned" / "database" / "log.0000000001").write_bytes(b"another wallet's")
    check.refused(-4, "move that folder away", rpc.restorewallet, "orphaned", backup)
    check.refused(-8, "no readable file", rpc.restorewallet, "other", backup + "x")
    loaded = str(env.node.network / "wallets" / "restored" / "wallet.dat")
    check.refused(-4, f"{loaded} is loaded", rpc.restorewallet, "other", loaded)
    check.refused(-4, "Call backupwallet", rpc.restorewallet, "other", loaded)
    with open(backup, "wb") as file:
        file.write(b"no wallet")
    check.refused(-4, "damaged", rpc.restorewallet, "other", backup)
    check.true("other" not in [row["name"] for row in rpc.listwalletdir()["wallets"]], "nothing is left of it")


if __name__ == "__main__":
    run(globals())
