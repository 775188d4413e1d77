#!/usr/bin/env python3
"""contrib/mining/miner.py against a node: blocks with payments of every kind and name operations, long poll, errors."""

import os
import pathlib
import subprocess
import sys
import time

from framework import check
from framework.suite import run

MINER = pathlib.Path(__file__).resolve().parents[2] / "contrib/mining/miner.py"


def command(env, *options, cookie=None):
    node = env.node
    return [sys.executable, str(MINER), f"--url=http://127.0.0.1:{node.rpc_port}",
            f"--cookie={cookie or node.network / '.cookie'}", *options]


def mine(env, *options, cookie=None):
    return subprocess.run(command(env, *options, cookie=cookie), capture_output=True, text=True, timeout=60, check=False)


def setup(env):
    env.share()
    env.need_wallet()
    env.node.mine(130, env.rpc.getnewaddress())


def test_addresses(env):
    """Rewards reach addresses of every form."""
    rpc = env.rpc
    for kind in ("legacy", "p2sh-segwit", "bech32", "bech32m"):
        address = rpc.getnewaddress("", kind)
        done = mine(env, f"--address={address}", "--blocks=1")
        check.equal(done.returncode, 0, done.stderr)
        first = rpc.getblock(rpc.getbestblockhash(), 2)["tx"][0]
        check.equal(first["vout"][0]["scriptPubKey"]["address"], address)
        check.contains(done.stdout, f"block {rpc.getblockcount()} {rpc.getbestblockhash()} with 0 transactions: accepted")
    for address in ("nobody", "bcrt1qqqqq", rpc.getnewaddress()[:-1] + "b", "mfWxJ45yp2SFn7UciZyNpvDKrzbhyfKrY9"):
        done = mine(env, f"--address={address}", "--blocks=1")
        check.true(done.returncode == 1 and "is no address" in done.stderr, f"{address}: {done.stderr}")


def test_transactions(env):
    """Witness spends, old spends, several that depend on each other, names: one block takes them all."""
    rpc = env.rpc
    sent = [rpc.sendtoaddress(rpc.getnewaddress("", kind), 3) for kind in ("legacy", "bech32", "bech32m", "p2sh-segwit")]
    sent.append(rpc.name_new("test:mined", "by a Python miner", 30))
    sent.append(rpc.name_new("dns:mined.coin", "A=1.2.3.4", 30))
    done = mine(env, f"--address={rpc.getnewaddress()}", "--blocks=1", "--processes=2")
    check.equal(done.returncode, 0, done.stderr)
    check.contains(done.stdout, "with 6 transactions: accepted")
    block = rpc.getblock(rpc.getbestblockhash())
    check.equal(sorted(block["tx"][1:]), sorted(sent))
    rpc.syncwithvalidationinterfacequeue()
    check.equal(rpc.name_show("test:mined")["value"], "by a Python miner")


def test_long_poll(env):
    """The work is out of reach, so the miner stays at one template until another miner finds a block."""
    log = env.path("miner.txt")
    with open(log, "wb") as out:
        process = subprocess.Popen(command(env, f"--address={env.rpc.getnewaddress()}", "--refresh=600"), stdout=out,
                                   stderr=subprocess.STDOUT, env=dict(os.environ, PYTHONUNBUFFERED="1"))
    try:
        check.soon(lambda: log.read_text().count("accepted") >= 5, "five blocks")
        env.node.mine(1)
        before = log.read_text().count("accepted")
        check.soon(lambda: log.read_text().count("accepted") >= before + 5, "five more")
        check.true("Traceback" not in log.read_text(), log.read_text())
    finally:
        process.kill()
        process.wait()


def test_errors(env):
    wrong = env.path("cookie")
    wrong.write_text("__cookie__:wrong")
    done = mine(env, f"--address={env.rpc.getnewaddress()}", "--blocks=1", cookie=wrong)
    check.true(done.returncode == 1 and "does not let us in" in done.stderr, done.stderr)
    done = mine(env, f"--address={env.rpc.getnewaddress()}", "--blocks=1", cookie=env.path("none"))
    check.true(done.returncode == 1 and "--login" in done.stderr, done.stderr)
    process = subprocess.Popen([sys.executable, str(MINER), "--url=http://127.0.0.1:1", "--login=a:b",
                                f"--address={env.rpc.getnewaddress()}"], stderr=subprocess.PIPE, text=True)
    try:
        check.contains(process.stderr.readline(), "trying again")
        time.sleep(0.2)
        check.equal(process.poll(), None, "it goes on trying")
    finally:
        process.kill()
        process.communicate()


run(globals())
