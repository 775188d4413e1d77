#!/usr/bin/env python3
"""emercoin-wallet: what it tells, makes, dumps and rescues, and what it refuses."""

import hashlib
import random
import subprocess
import time

from framework import check
from framework.suite import run


def command_line(env, *words, wallet=None):
    named = [] if wallet is None else [f"-wallet={wallet}"]
    return [str(env.programs / "emercoin-wallet"), "-regtest", f"-datadir={env.node.folder}", *named, *words]


def tool(env, *words, wallet=None, good=True):
    done = subprocess.run(command_line(env, *words, wallet=wallet), capture_output=True, text=True, timeout=60, check=False)
    check.equal(done.returncode, 0 if good else 1, done.stdout + done.stderr)
    return done.stdout if good else done.stdout + done.stderr


def setup(env):
    env.share()
    env.need_wallet()
    env.rpc = env.node.connect("")  # that wallet, however many are loaded
    env.rpc.createwallet("shop")
    shop = env.node.connect("shop")
    env.address = shop.getnewaddress("kept", "bech32m")
    env.secret = shop.dumpprivkey(shop.getnewaddress("", "legacy"))
    env.words = shop.getmnemonic()["mnemonic"]
    shop.importprivkey(env.rpc.dumpprivkey(env.rpc.getnewaddress()), "", False)
    env.node.mine(3, env.address)


def load(env, name):
    env.node.start()
    env.rpc = env.node.connect("")
    env.rpc.loadwallet(name)
    return env.node.connect(name)


def test_in_use(env):
    check.true("in use" in tool(env, "info", wallet="shop", good=False), "the node has it")
    env.node.stop()


def test_info_and_check(env):
    text = tool(env, "info", wallet="shop")
    for line in ("Version: 2", "Network: regtest", "Encrypted: no", "Seed: yes", "Recovery phrase: yes", "Imported keys: 1",
                 "Transactions: 3"):
        check.true(line + "\n" in text, f"{line}: {text}")
    check.true("can be read" in tool(env, "check", wallet="shop"), "whole")
    check.true("There is no wallet" in tool(env, "info", wallet="none", good=False), "there is none")


def test_words_and_help(env):
    for words in ((), ("nonsense",), ("info", "more")):
        tool(env, *words, good=False)
    check.true("salvage" in tool(env, "-help"), "commands are listed")
    check.true("emercoin-wallet" in tool(env, "-version"), "version")
    check.true("there is no option" in tool(env, "-nonsense", good=False), "unknown option")


def test_create(env):
    tool(env, "create", wallet="fresh")
    check.true("already" in tool(env, "create", wallet="fresh", good=False), "twice")
    fresh = load(env, "fresh")
    check.equal(fresh.getaddressinfo(fresh.getnewaddress())["ismine"], True)
    check.equal(len(fresh.getmnemonic()["mnemonic"].split()), 12)
    env.node.stop()


def test_dump_and_back(env):
    path = str(env.path("dump.txt"))
    check.true("-dumpfile" in tool(env, "dump", wallet="shop", good=False), "needs a file")
    tool(env, f"-dumpfile={path}", "dump", wallet="shop")
    check.true("already" in tool(env, f"-dumpfile={path}", "dump", wallet="shop", good=False), "never overwrites")
    check.true("already" in tool(env, f"-dumpfile={path}", "createfromdump", wallet="shop", good=False), "nor a wallet")
    tool(env, f"-dumpfile={path}", "createfromdump", wallet="copy")
    copy = load(env, "copy")
    check.equal((copy.getaddressinfo(env.address)["labels"], copy.getmnemonic()["mnemonic"]), (["kept"], env.words))
    check.equal(copy.getwalletinfo()["txcount"], 3)
    env.node.stop()
    with open(path, encoding="utf-8") as file:
        lines = file.readlines()
    for change, reason in ((lambda rows: rows[:-1], "checksum at the end is missing"), (lambda rows: rows[1:], "does not begin"),
                           (lambda rows: rows[:3] + rows[4:], "checksum is wrong"),
                           (lambda rows: rows[:3] + ["xyz\n"] + rows[3:], "line 4 is no row"),
                           (lambda rows: rows + ["00,00\n"], "follows the checksum")):
        with open(path + "2", "w", encoding="utf-8") as file:
            file.writelines(change(lines))
        check.true(reason in tool(env, f"-dumpfile={path}2", "createfromdump", wallet="bad", good=False), reason)
    foreign = subprocess.run([str(env.programs / "emercoin-wallet"), "-testnet", f"-datadir={env.node.folder}", "-wallet=x",
                              f"-dumpfile={path}", "createfromdump"], capture_output=True, text=True, check=False)
    check.true(foreign.returncode == 1 and "of network regtest" in foreign.stderr, foreign.stderr)


def test_a_making_that_is_killed(env):
    """All rows are there or there is no wallet, and then nothing is in the way of a second try."""
    path = env.path("many.txt")
    tool(env, f"-dumpfile={path}", "dump", wallet="shop")
    rows = path.read_text(encoding="utf-8").splitlines()[:-1]
    label = b"L".hex()
    rows += [f"{label}{number:064x},{b'label'.hex()}" for number in range(40_000)]
    text = "\n".join(rows) + "\n"
    path.write_text(text + "checksum," + hashlib.sha256(text.encode()).hexdigest() + "\n", encoding="utf-8")
    for wallet, awaited in (("begun", "wallet.dat.new"), ("placed", "wallet.dat")):
        file = env.node.network / "wallets" / wallet / "wallet.dat"
        command = command_line(env, f"-dumpfile={path}", "createfromdump", wallet=wallet)
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and not file.with_name(awaited).exists():
                time.sleep(0.001)
            process.kill()
        if not file.exists():
            tool(env, f"-dumpfile={path}", "createfromdump", wallet=wallet)
        check.contains(tool(env, "check", wallet=wallet), f"All {len(rows) - 2} rows")


def test_salvage(env):
    """Damaged pages: the node refuses the file, salvage makes a new wallet of the rest, and the damaged one stays."""
    file = env.node.network / "wallets" / "shop" / "wallet.dat"
    whole = file.read_bytes()
    place = whole.find(b"kept")
    check.true(place > 0, "the label stands in the file")
    damaged = bytearray(whole)
    damaged[place] ^= 1
    file.write_bytes(damaged)
    check.true("damaged" in tool(env, "check", wallet="shop", good=False), "the page's sum is wrong")
    text = tool(env, "salvage", wallet="shop")
    check.true("Seed: yes" in text and "shop-salvaged" in text, text)
    check.equal(file.read_bytes(), bytes(damaged))
    rescued = load(env, "shop-salvaged")
    check.equal(rescued.getaddressinfo(env.address)["ismine"], True)
    check.equal(rescued.getmnemonic()["mnemonic"], env.words)
    env.node.stop()
    file.write_bytes(random.Random(1).randbytes(len(whole)))
    check.true("No key could be read" in tool(env, "salvage", wallet="shop", good=False), "garbage")
    file.write_bytes(whole)
    check.true("can be read" in tool(env, "check", wallet="shop"), "whole again")


if __name__ == "__main__":
    run(globals())
