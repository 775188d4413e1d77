#!/usr/bin/env python3
"""Encrypted wallets: what is refused when, that nothing readable stays on the disk or in the log, recovery phrases,
files of older versions."""

import gzip
import json
import pathlib
import time

from framework import check
from framework.suite import run

DATA = pathlib.Path(__file__).resolve().parent / "data"
PASSPHRASE = "correct horse battery staple"
# Published with BIP 84; its seed and first addresses are known everywhere.
WORDS = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"


def setup(env):
    env.share("-debug=1")
    env.need_wallet()
    env.rpc = env.node.connect("")  # that wallet, however many are loaded
    env.address = env.rpc.getnewaddress("first", "legacy")
    env.node.mine(101, env.address)
    env.words = env.rpc.getmnemonic()["mnemonic"]
    env.secret = env.rpc.dumpprivkey(env.address)


def locked(env):
    """Every call that needs keys says so."""
    rpc = env.rpc
    raw = rpc.createrawtransaction([], {env.address: 1})
    for call in ((rpc.sendtoaddress, env.address, 1), (rpc.sendmany, "", {env.address: 1}), (rpc.dumpprivkey, env.address),
                 (rpc.signmessage, env.address, "text"), (rpc.signrawtransactionwithwallet, raw), (rpc.getmnemonic,),
                 (rpc.dumpwallet, str(env.path("keys.txt"))), (rpc.listdescriptors, True), (rpc.importprivkey, env.secret),
                 (rpc.name_new, "test", "value", 1)):
        check.refused(-13, "", *call)


def test_unencrypted(env):
    check.true("unlocked_until" not in env.rpc.getwalletinfo(), "an unencrypted wallet is not unlocked")
    check.refused(-15, "not encrypted", env.rpc.walletpassphrase, "x", 10)
    check.refused(-15, "not encrypted", env.rpc.walletpassphrasechange, "x", "y")
    check.refused(-15, "not encrypted", env.rpc.walletlock)
    check.refused(-8, "empty", env.rpc.encryptwallet, "")


def test_encrypt(env):
    check.true("recovery phrase" in env.rpc.encryptwallet(PASSPHRASE), "says what to do next")
    check.refused(-15, "encrypted already", env.rpc.encryptwallet, "again")
    check.equal(env.rpc.getwalletinfo()["unlocked_until"], 0)
    locked(env)
    check.true(env.rpc.getbalance() > 0, "the balance needs no key")
    for kind in ("legacy", "p2sh-segwit", "bech32", "bech32m"):
        check.equal(env.rpc.getaddressinfo(env.rpc.getnewaddress("", kind))["ismine"], True)


def test_unlock(env):
    check.refused(-14, "wrong", env.rpc.walletpassphrase, "correct horse", 10)
    check.refused(-8, "negative", env.rpc.walletpassphrase, PASSPHRASE, -1)
    check.equal(env.rpc.walletpassphrase(PASSPHRASE, 1000), {"mint only": False})
    until = env.rpc.getwalletinfo()["unlocked_until"]
    check.true(time.time() + 900 < until <= time.time() + 1001, str(until))
    check.equal(env.rpc.dumpprivkey(env.address), env.secret)
    check.refused(-14, "wrong", env.rpc.walletpassphrase, "x", 10, True)
    check.equal(env.rpc.getwalletinfo()["unlocked_until"], until)
    check.equal(env.rpc.getmnemonic()["mnemonic"], env.words)
    env.rpc.walletlock()
    locked(env)


def test_mint_only(env):
    check.equal(env.rpc.walletpassphrase(PASSPHRASE, 1000, True), {"mint only": True})
    locked(env)
    check.refused(-14, "wrong", env.rpc.walletpassphrase, "x", 10)
    check.equal(env.rpc.getwalletinfo()["mint_only"], True)
    locked(env)
    env.rpc.walletpassphrase(PASSPHRASE, 1000)
    check.equal(len(env.rpc.sendtoaddress(env.rpc.getnewaddress("", "bech32m"), 1)), 64)
    env.node.mine(1)


def test_it_locks_by_itself(env):
    env.rpc.walletpassphrase(PASSPHRASE, 1)
    check.soon(lambda: env.rpc.getwalletinfo()["unlocked_until"] == 0, "still open")
    locked(env)


def test_another_passphrase(env):
    check.refused(-14, "wrong", env.rpc.walletpassphrasechange, "x", "y")
    env.rpc.walletpassphrasechange(PASSPHRASE, "y")
    check.refused(-14, "wrong", env.rpc.walletpassphrase, PASSPHRASE, 10)
    env.rpc.walletpassphrase("y", 10)
    env.rpc.walletpassphrasechange("y", PASSPHRASE)


def test_nothing_readable_stays(env):
    """After kill -9, too; the log knows neither passphrase nor words nor keys."""
    other = env.rpc.createwallet("second")
    check.equal(other["name"], "second")
    second = env.node.connect("second")
    words = second.getmnemonic()["mnemonic"]
    second.encryptwallet("secret of the second")
    env.rpc.unloadwallet("second")
    env.node.kill()
    text = b"".join(path.read_bytes() for path in env.node.network.rglob("*") if path.is_file())
    for secret in (env.words, words, env.secret, PASSPHRASE, "secret of the second"):
        check.true(secret.encode() not in text, "a secret is readable")
    env.node.start("-debug=1")
    env.rpc = env.node.connect("")
    check.equal(env.rpc.getwalletinfo()["unlocked_until"], 0)


def test_born_encrypted(env):
    made = env.rpc.createwallet("born", False, False, "from birth", False, True, True)
    check.equal(made, {"name": "born", "warning": ""})
    wallet = env.node.connect("born")
    check.refused(-13, "locked", wallet.getmnemonic)
    address = wallet.getnewaddress()
    env.node.stop()
    env.node.start()
    env.rpc = env.node.connect("")
    check.equal(sorted(env.rpc.listwallets()), ["", "born"])
    wallet = env.node.connect("born")
    wallet.walletpassphrase("from birth", 100)
    check.true(len(wallet.dumpprivkey(address)) > 50, "the key is there")
    check.equal(wallet.unloadwallet("born", False), {"warning": ""})


def test_recovery_phrase(env):
    """Words lead to the published addresses, and back to a wallet's money."""
    env.rpc.createwallet("words", False, True)
    wallet = env.node.connect("words")
    check.equal(wallet.getwalletinfo()["blank"], True)
    check.refused(-4, "nothing to make such an address from", wallet.getnewaddress)
    check.refused(-8, "12, 15, 18, 21 or 24 words", wallet.importmnemonic, "abandon about")
    check.refused(-8, "do not fit together", wallet.importmnemonic, WORDS.replace("about", "abandon"))
    check.refused(-8, "Word 3 is not in", wallet.importmnemonic, WORDS.replace("abandon abandon abandon", "abandon abandon x", 1))
    for wrong, meant in (("abandn", "abandon"), ("abuot", "about"), ("abot", "about"), ("abandoned", "abandon")):
        check.refused(-8, f"Word 12 is not in the English list of BIP 39; perhaps {meant}", wallet.importmnemonic,
                      WORDS.replace("about", wrong))
    wallet.importmnemonic(WORDS)
    check.refused(-4, "has a seed already", wallet.importmnemonic, WORDS)
    check.equal(wallet.getmnemonic()["mnemonic"], WORDS)
    # BIP 86 and BIP 84 with the paths of a test network
    info = wallet.getaddressinfo(wallet.getnewaddress("", "bech32m"))
    check.equal((info["hdkeypath"], info["hdmasterfingerprint"]), ("m/86'/1'/0'/0/0", "73c5da0a"))
    check.equal(wallet.getaddressinfo(wallet.getnewaddress())["hdkeypath"], "m/84'/1'/0'/0/0")
    wallet.unloadwallet()
    env.rpc.createwallet("again", False, True)
    again = env.node.connect("again")
    again.importmnemonic(env.words)
    check.equal(again.getaddressinfo(env.address)["ismine"], True)
    env.rpc.walletpassphrase(PASSPHRASE, 100)
    check.equal(again.getbalance(), env.rpc.getbalance())
    again.unloadwallet()
    env.rpc.createwallet("salted", False, True)
    salted = env.node.connect("salted")
    salted.importmnemonic(WORDS, "TREZOR")
    check.true(salted.getnewaddress() != "", "a seed of its own")
    check.refused(-4, "no recovery phrase", salted.getmnemonic)
    salted.unloadwallet()


def test_calls_that_are_refused_for_good(env):
    check.refused(-4, "never replaced", env.rpc.sethdseed)
    check.equal(env.rpc.upgradewallet()["previous_version"], env.rpc.getwalletinfo()["walletversion"])


def test_file_of_version_1(env):
    """It is brought up to date when it is loaded, with all its keys and labels, and can be encrypted then."""
    known = json.loads((DATA / "wallet_v1.json").read_text())["keys"]
    folder = env.node.network / "wallets" / "old"
    folder.mkdir()
    (folder / "wallet.dat").write_bytes(gzip.decompress((DATA / "wallet_v1.dat.gz").read_bytes()))
    env.rpc.loadwallet("old")
    old = env.node.connect("old")
    for name, key in known.items():
        info = old.getaddressinfo(key["address"])
        label = {"imported": "imported", "fund": "fund", "change": None}.get(name, f"label {name}")
        check.equal((info["ismine"], info["labels"]), (True, [label] if label else []), name)
        check.equal(old.dumpprivkey(key["address"]), key["secret"], name)
    check.refused(-4, "no recovery phrase", old.getmnemonic)
    check.equal(old.getwalletinfo()["walletversion"], 2)
    fresh = old.getnewaddress()
    check.true(fresh not in {key["address"] for key in known.values()}, "an address given out before comes again")
    check.true(old.getnewaddress("", "bech32m").startswith("bcrt1p"), "the file has Taproot now")
    old.encryptwallet("words")
    old.unloadwallet()
    env.rpc.loadwallet("old")
    old = env.node.connect("old")
    old.walletpassphrase("words", 100)
    for name, key in known.items():
        check.equal(old.dumpprivkey(key["address"]), key["secret"], name)
    old.unloadwallet()


def test_file_of_version_2(env):
    """Encrypted, with words, an imported key and a descriptor."""
    known = json.loads((DATA / "wallet_v2.json").read_text())
    folder = env.node.network / "wallets" / "kept"
    folder.mkdir()
    (folder / "wallet.dat").write_bytes(gzip.decompress((DATA / "wallet_v2.dat.gz").read_bytes()))
    env.rpc.loadwallet("kept")
    kept = env.node.connect("kept")
    check.refused(-13, "locked", kept.getmnemonic)
    check.equal(kept.getaddressinfo(known["multisig"])["labels"], ["multisig"])
    kept.walletpassphrase(known["passphrase"], 100)
    check.equal(kept.getmnemonic()["mnemonic"], known["mnemonic"])
    for name, key in known["keys"].items():
        check.equal(kept.getaddressinfo(key["address"])["labels"], [key["label"]], name)
        check.equal(kept.dumpprivkey(key["address"]), key["secret"], name)
    kept.unloadwallet()


if __name__ == "__main__":
    run(globals())
