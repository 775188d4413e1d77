#!/usr/bin/env python3
"""kill -9 while a wallet's calls run: what was answered before is there afterwards, what was not is there whole or not at all.

Ten kills; with --extended two hundred.
"""

import collections
import os
import random
import threading
import time

from framework import check
from framework.suite import run

KILLS = 200 if os.environ.get("EMC_EXTENDED") else 10
PASSPHRASE = "correct horse"
PAYMENT = 1
KINDS = ("bech32", "legacy", "p2sh-segwit", "bech32m")


class Promises:
    """What the node has answered so far."""

    def __init__(self):
        self.addresses = []
        self.transactions = []
        self.names = []
        self.backups = []
        self.tried = []  # files of backups, answered or not
        self.encrypted = {}  # by wallet: True: answered, None: the call was cut short


def setup(env):
    env.share("-mocktime=1800000000")
    env.need_wallet()
    env.rng = random.Random(20261122)
    env.promises = Promises()
    env.node.mine(130, env.rpc.getnewaddress())
    env.number = 0
    env.encrypting = threading.Event()
    env.rpc.createwallet("measured")
    begin = time.monotonic()
    env.node.connect("measured").encryptwallet(PASSPHRASE)
    env.longest = (time.monotonic() - begin) * 1.3  # an encryption, on a machine as busy as this one


def fresh(env):
    env.number += 1
    return env.number


def top_up(env, rpc):
    rpc.keypoolrefill(100 + fresh(env))
    for kind in KINDS:
        env.promises.addresses.append((rpc.getnewaddress("", kind), ""))


def send(env, rpc):
    label = f"label {fresh(env)}"
    address = rpc.getnewaddress(label)
    env.promises.addresses.append((address, label))
    env.promises.transactions.append(rpc.sendtoaddress(address, PAYMENT))


def name(env, rpc):
    text = f"kill:{fresh(env)}"
    env.promises.transactions.append(rpc.name_new(text, "value", 10))
    env.promises.names.append(text)


def backup(env, rpc):
    path = env.path(f"backup{fresh(env)}.dat")
    env.promises.tried.append(path)
    rpc.backupwallet(str(path))
    env.promises.backups.append((path, len(env.promises.addresses)))


def encrypt(env, rpc):
    """A wallet of its own: one can be encrypted once only."""
    wallet = f"sealed{fresh(env)}"
    rpc.createwallet(wallet)
    other = env.node.connect(wallet)
    address = other.getnewaddress()
    secret = other.dumpprivkey(address)
    env.promises.encrypted[wallet] = (None, address, secret)
    env.encrypting.set()
    other.encryptwallet(PASSPHRASE)
    env.promises.encrypted[wallet] = (True, address, secret)


WORK = (top_up, send, name, backup, encrypt)


def keep_going(env, what, rpc, ready):
    """Calls again and again until the node goes away."""
    try:
        ready.set()
        while True:
            what(env, rpc)
    except Exception:  # pylint: disable=broad-except
        pass


def check_sealed(env, wallet):
    done, address, secret = env.promises.encrypted[wallet]
    if wallet not in env.rpc.listwallets():
        env.rpc.loadwallet(wallet)
    other = env.node.connect(wallet)
    sealed = "unlocked_until" in other.getwalletinfo()
    check.true(sealed or done is None, f"{wallet}: encryption was answered and is off")
    if sealed:
        check.refused(-13, "", other.dumpprivkey, address)
        other.walletpassphrase(PASSPHRASE, 100)
    check.equal(other.dumpprivkey(address), secret, wallet)
    other.unloadwallet()
    return sealed


def check_all(env):
    kept = env.promises
    for address, label in kept.addresses:
        info = env.rpc.getaddressinfo(address)
        check.equal((info["ismine"], info["labels"]), (True, [label]), address)
        check.true(len(env.rpc.dumpprivkey(address)) > 50, f"no key for {address}")
    for txid in kept.transactions:
        check.equal(env.rpc.gettransaction(txid)["txid"], txid)
    listed = {row["name"] for row in env.rpc.name_list()}
    check.equal(set(kept.names) - listed, set(), "names that were answered")
    check.equal(env.rpc.getbalances()["mine"]["untrusted_pending"], 0, "what came in is from ourselves")


def check_backups(env):
    """Every file that has its name is a whole wallet with all addresses shown before the call began."""
    known = {path: count for path, count in env.promises.backups}
    for path in env.promises.tried:
        check.true(path.exists() or path not in known, f"{path} was answered and is not there")
        if not path.exists():
            continue
        restored = f"restored{fresh(env)}"
        env.rpc.restorewallet(restored, str(path))
        other = env.node.connect(restored)
        for address, _ in env.promises.addresses[:known.get(path, 0)]:
            check.equal(other.getaddressinfo(address)["ismine"], True, f"{address} in {path}")
        other.unloadwallet()
        path.unlink()
    env.promises.tried.clear()
    env.promises.backups.clear()


def test_kill_while_calls_run(env):
    counts = collections.Counter()
    halves = collections.Counter()
    for number in range(KILLS):
        what = WORK[number % len(WORK)]
        before = env.number
        ready = threading.Event()
        worker = threading.Thread(target=keep_going, args=(env, what, env.node.connect(""), ready))
        worker.start()
        ready.wait()
        if what is encrypt:
            env.encrypting.clear()
            env.encrypting.wait(60)
        time.sleep(env.rng.uniform(0.0, env.longest if what is encrypt else 0.3))
        env.node.kill()
        worker.join(60)
        check.true(not worker.is_alive(), "the worker hangs")
        env.node.start("-mocktime=1800000000")
        env.rpc = env.node.connect("")
        for wallet in list(env.promises.encrypted):
            halves[check_sealed(env, wallet)] += 1
            del env.promises.encrypted[wallet]
        counts[what.__name__] += env.number - before
        check_backups(env)
        if number % 10 == 9 or number == KILLS - 1:
            check_all(env)
            env.node.mine(1, env.rpc.getnewaddress())
    check.true(all(counts[what.__name__] for what in WORK), f"something was never begun: {counts}")
    check.equal(env.node.stderr(), "")
    print(f"{KILLS} kills; begun: {dict(counts)}; of wallets that were being encrypted {halves[True]} are, {halves[False]} are not")


if __name__ == "__main__":
    run(globals())
