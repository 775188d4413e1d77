#!/usr/bin/env python3
"""An external signer: a wallet that watches the keys of a device and sends what the device signs; devices that misbehave."""

import concurrent.futures
import json
import pathlib
import sys
import time

from framework import check
from framework.suite import run

MOCK = pathlib.Path(__file__).parent / "framework" / "mock_signer.py"


def setup(env):
    env.plan = env.path("signer.json")
    env.share(f"-signer={sys.executable} {MOCK} {env.plan}")
    env.need_wallet()
    env.rich = env.node.connect("")
    env.node.mine(102, env.rich.getnewaddress())
    env.rpc.createwallet("device")
    device = env.node.connect("device")
    address = device.getnewaddress()
    env.cli = [str(env.programs / "emercoin-cli"), "-regtest", f"-datadir={env.node.folder}",
               f"-rpcport={env.node.rpc_port}", "-rpcwallet=device"]
    env.fingerprint = device.getaddressinfo(address)["hdmasterfingerprint"]
    mood(env, "")
    env.rpc.createwallet("watched", True, False, "", False, True, False, True)
    env.wallet = env.node.connect("watched")


def mood(env, text):
    env.plan.write_text(json.dumps({"cli": env.cli, "fingerprint": env.fingerprint, "mood": text}))


def calls(env):
    return [json.loads(line) for line in pathlib.Path(str(env.plan) + ".calls").read_text().splitlines()]


def mine(env):
    env.node.mine(1, env.rich.getnewaddress())
    env.rpc.syncwithvalidationinterfacequeue()


def fund(env, amount=5):
    txid = env.rich.sendtoaddress(env.wallet.getnewaddress(), amount)
    mine(env)
    return txid


def test_devices(env):
    check.equal(env.rpc.enumeratesigners(), {"signers": [{"fingerprint": env.fingerprint, "name": "mock"}]})
    for name, wanted in (("absent", []), ("locked", []), ("two", [env.fingerprint, "00000001"])):
        mood(env, name)
        check.equal([row["fingerprint"] for row in env.rpc.enumeratesigners()["signers"]], wanted)
    mood(env, "broken")
    check.refused(-1, "something is wrong with the device", env.rpc.enumeratesigners)
    mood(env, "silent")
    check.refused(-1, "gave no JSON", env.rpc.enumeratesigners)
    mood(env, "")


def test_the_wallet(env):
    info = env.wallet.getwalletinfo()
    check.equal((info["external_signer"], info["private_keys_enabled"], info["blank"]), (True, False, False))
    check.true(["--fingerprint", env.fingerprint, "--chain", "regtest", "getdescriptors", "--account", "0"] in calls(env),
               "asked for descriptors")
    check.refused(-4, "disable_private_keys", env.rpc.createwallet, "x", False, False, "", False, True, False, True)
    for name, part in (("absent", "No external signer"), ("two", "connect one only"), ("private", "is refused")):
        mood(env, name)
        check.refused(None, part, env.rpc.createwallet, "x", True, False, "", False, True, False, True)
        check.true("x" not in [row["name"] for row in env.rpc.listwalletdir()["wallets"]], "nothing is left")
    mood(env, "")


def test_an_address_on_the_device(env):
    for kind in ("legacy", "p2sh-segwit", "bech32", "bech32m"):
        address = env.wallet.getnewaddress("", kind)
        check.equal(env.wallet.walletdisplayaddress(address), {"address": address})
    check.refused(-4, "not of this wallet", env.wallet.walletdisplayaddress, env.rich.getnewaddress())
    check.refused(-4, "has no external signer", env.rich.walletdisplayaddress, address)
    check.refused(-5, "Invalid address", env.wallet.walletdisplayaddress, "nowhere")
    mood(env, "liar")
    check.refused(-1, "another address", env.wallet.walletdisplayaddress, address)
    mood(env, "")


def test_sending(env):
    fund(env)
    target = env.rich.getnewaddress()
    sent = env.wallet.send([{target: 1}])
    check.equal(sent["complete"], True)
    mine(env)
    check.equal(env.wallet.gettransaction(sent["txid"])["confirmations"], 1)
    check.refused(-4, "", env.wallet.sendtoaddress, target, 1)
    # step by step, and as a replacement
    psbt = env.wallet.walletcreatefundedpsbt([], [{target: 1}])["psbt"]
    check.equal(env.wallet.walletprocesspsbt(psbt, False)["complete"], False)
    done = env.wallet.walletprocesspsbt(psbt)
    check.equal(done["complete"], True)
    waiting = env.rpc.sendrawtransaction(env.rpc.finalizepsbt(done["psbt"])["hex"])
    env.rpc.syncwithvalidationinterfacequeue()
    env.wallet.bumpfee(waiting)
    env.rpc.syncwithvalidationinterfacequeue()
    named = env.wallet.send([{"name": {"NEW": "test:device", "value": "v", "days": 5,
                                       "toaddress": env.wallet.getnewaddress()}}])
    check.equal(named["complete"], True)
    mine(env)
    check.equal([row["name"] for row in env.wallet.name_list()], ["test:device"])
    check.equal(env.wallet.sendall([target])["complete"], True)
    mine(env)
    check.equal(env.wallet.getbalance(), 0)


def test_a_device_that_misbehaves(env):
    fund(env)
    target = env.rich.getnewaddress()
    before = env.wallet.getwalletinfo()["txcount"]
    for name, part in (("refuse", "The user said no"), ("other", "signed something else"), ("garbage", "is damaged"),
                       ("absent", "No external signer"), ("foreign", "has a key for this"), ("silent", "gave no JSON")):
        mood(env, name)
        check.refused(-1, part, env.wallet.send, [{target: 1}])
    mood(env, "")
    check.equal(env.wallet.getwalletinfo()["txcount"], before)
    check.equal(env.wallet.getbalance(), 5)
    check.equal(env.wallet.send([{target: 1}])["complete"], True)


def test_a_device_that_sleeps_does_not_hold_up_the_end(env):
    mood(env, "asleep")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        waiting = pool.submit(env.wallet.enumeratesigners)
        time.sleep(0.5)
        check.true(not waiting.done(), "it waits")
        took = env.node.stop()
        check.true(waiting.exception() is not None, "no devices")
    check.true(took < 10, took)
    mood(env, "")
    env.node.start("-wallet=watched")


def test_without_the_option(env):
    env.node.restart("-signer=", "-wallet=watched")
    env.wallet = env.node.connect("watched")
    check.refused(-1, "-signer=<command>", env.wallet.enumeratesigners)
    check.refused(-1, "-signer=<command>", env.wallet.send, [{env.wallet.getnewaddress(): 1}])
    env.node.restart("-signer=/no/such/program", "-wallet=watched")
    check.refused(-1, "cannot be run", env.node.connect("watched").enumeratesigners)


if __name__ == "__main__":
    run(globals())
