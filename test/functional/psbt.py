#!/usr/bin/env python3
"""Partially signed transactions without a wallet: making, completing, joining, reading; signing with keys given."""

import base64
from decimal import Decimal

from framework import check
from framework.chain import Tx, secret_text
from framework.suite import run

KEYS = [secret_text(number) for number in (1, 2, 3)]
PUBLIC = ["0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
          "02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5",
          "02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"]


def setup(env):
    env.share()
    env.multi = env.rpc.createmultisig(2, PUBLIC, "bech32")
    env.node.mine(2, env.multi["address"])
    env.node.mine(101)
    env.rpc.syncwithvalidationinterfacequeue()
    env.coins = [{"txid": env.rpc.getblock(env.rpc.getblockhash(height))["tx"][0], "vout": 0} for height in (1, 2)]


def test_make_and_read(env):
    made = env.rpc.createpsbt(env.coins[:1], [{env.multi["address"]: 1}, {"data": "00ff"}], 5)
    raw = env.rpc.createrawtransaction(env.coins[:1], [{env.multi["address"]: 1}, {"data": "00ff"}], 5)
    check.equal(env.rpc.converttopsbt(raw), made)
    seen = env.rpc.decodepsbt(made)
    check.equal((seen["tx"]["locktime"], seen["inputs"], seen["outputs"], seen["psbt_version"]), (5, [{}], [{}, {}], 0))
    check.true("fee" not in seen, "a fee without knowing the inputs")
    check.equal(env.rpc.analyzepsbt(made), {"inputs": [{"has_utxo": False, "is_final": False, "next": "updater"}],
                                            "next": "updater"})


def test_update_with_a_descriptor(env):
    made = env.rpc.createpsbt(env.coins[:1], [{env.multi["address"]: 49.9}])
    plain = env.rpc.decodepsbt(env.rpc.utxoupdatepsbt(made))
    check.equal(plain["inputs"][0]["witness_utxo"]["amount"], 50)
    check.equal(plain["fee"], Decimal("0.1"))
    check.equal(env.rpc.analyzepsbt(env.rpc.utxoupdatepsbt(made))["inputs"][0]["missing"].keys(), {"witnessscript"})
    descriptor = f"wsh(multi(2,{','.join(PUBLIC)}))"
    known = env.rpc.utxoupdatepsbt(made, [descriptor])
    seen = env.rpc.decodepsbt(known)["inputs"][0]
    check.equal(seen["witness_script"]["hex"], env.multi["redeemScript"])
    check.equal([row["pubkey"] for row in seen["bip32_derivs"]], PUBLIC)
    state = env.rpc.analyzepsbt(known)
    check.equal((state["next"], len(state["inputs"][0]["missing"]["signatures"])), ("signer", 3))
    check.true(state["estimated_vsize"] > 100, "size")
    check.refused(-5, "Invalid descriptor", env.rpc.utxoupdatepsbt, made, ["wsh(nothing)"])
    check.refused(-8, "no range", env.rpc.utxoupdatepsbt, made, [{"desc": descriptor, "range": 5}])


def test_sign_with_keys_apart(env):
    raw = env.rpc.createrawtransaction(env.coins[:1], [{env.multi["address"]: 49.9}])
    script = env.rpc.validateaddress(env.multi["address"])["scriptPubKey"]
    known = [{**env.coins[0], "scriptPubKey": script, "witnessScript": env.multi["redeemScript"], "amount": 50}]
    first = env.rpc.signrawtransactionwithkey(raw, [KEYS[0]], known)
    check.equal((first["complete"], first["errors"][0]["vout"]), (False, 0))
    third = env.rpc.signrawtransactionwithkey(raw, [KEYS[2]], known)
    joined = env.rpc.combinerawtransaction([first["hex"], third["hex"]])
    check.equal(env.rpc.testmempoolaccept([joined], 0)[0]["allowed"], True)
    both = env.rpc.signrawtransactionwithkey(first["hex"], [KEYS[1]], known)
    check.equal(both["complete"], True)
    check.equal(env.rpc.testmempoolaccept([both["hex"]], 0)[0]["allowed"], True)
    check.refused(-5, "Invalid private key", env.rpc.signrawtransactionwithkey, raw, ["x"])
    check.refused(-8, "is not a hash type", env.rpc.signrawtransactionwithkey, raw, [], [], "MOST")
    check.refused(-3, "amount is missing", env.rpc.signrawtransactionwithkey, raw, [],
                  [{**env.coins[0], "scriptPubKey": script}])
    check.refused(-22, "at least one", env.rpc.combinerawtransaction, [])
    check.refused(-22, "", env.rpc.combinerawtransaction, ["zz"])
    check.refused(-8, "differ in more than", env.rpc.combinerawtransaction, [raw, Tx.parse(raw).pay(1, b"\x51").hex()])


def test_finish(env):
    """Signatures of a signed transaction, put into a PSBT as another program would."""
    made = env.rpc.createpsbt(env.coins[:1], [{env.multi["address"]: 49.9}])
    script = env.rpc.validateaddress(env.multi["address"])["scriptPubKey"]
    known = [{**env.coins[0], "scriptPubKey": script, "witnessScript": env.multi["redeemScript"], "amount": 50}]
    descriptor = f"wsh(multi(2,{','.join(PUBLIC)}))"
    parts = []
    for number in (0, 1):
        half = env.rpc.signrawtransactionwithkey(_raw(made), [KEYS[number]], known)
        signature = next(item for item in Tx.parse(half["hex"]).inputs[0][4] if len(item) in (71, 72))
        parts.append(_with_field(env.rpc.utxoupdatepsbt(made, [descriptor]), b"\x02" + bytes.fromhex(PUBLIC[number]),
                                 signature))
    half = env.rpc.finalizepsbt(parts[0])
    check.equal((half["complete"], "hex" in half), (False, False))
    whole = env.rpc.combinepsbt(parts)
    check.equal(env.rpc.analyzepsbt(whole)["next"], "finalizer")
    kept = env.rpc.finalizepsbt(whole, False)
    check.equal((kept["complete"], env.rpc.analyzepsbt(kept["psbt"])["next"]), (True, "extractor"))
    done = env.rpc.finalizepsbt(whole)
    check.equal((done["complete"], env.rpc.testmempoolaccept([done["hex"]], 0)[0]["allowed"]), (True, True))
    check.refused(-22, "Inputs are signed", env.rpc.converttopsbt, done["hex"])
    check.equal(env.rpc.decodepsbt(env.rpc.converttopsbt(done["hex"], True))["inputs"], [{}])


def _raw(psbt):
    """The unsigned transaction as hex: first value of the global map."""
    data = base64.b64decode(psbt)
    check.equal(data[5:7], b"\x01\x00")
    return data[8:8 + data[7]].hex()


def _with_field(psbt, key, value):
    """One more field at the end of the only input's map, which begins behind the global one."""
    data = base64.b64decode(psbt)
    at = 8 + data[7] + 1
    field = bytes([len(key)]) + key + bytes([len(value)]) + value
    return base64.b64encode(data[:at] + field + data[at:]).decode()


def test_join(env):
    one, two = (env.rpc.createpsbt([coin], [{env.multi["address"]: 49}]) for coin in env.coins)
    seen = env.rpc.decodepsbt(env.rpc.joinpsbts([one, two]))
    check.equal((len(seen["tx"]["vin"]), len(seen["tx"]["vout"])), (2, 2))
    check.refused(-8, "more than one PSBT", env.rpc.joinpsbts, [one, one])
    check.refused(-8, "At least two", env.rpc.joinpsbts, [one])
    check.refused(-8, "another transaction", env.rpc.combinepsbt, [one, two])
    check.refused(-8, "list is empty", env.rpc.combinepsbt, [])


def test_names(env):
    """A name operation inside a transaction that is not signed yet."""
    operation = {"NEW": "dns:psbt", "value": "A=1.2.3.4", "days": 30, "toaddress": env.multi["address"]}
    made = env.rpc.createpsbt(env.coins[:1], [{"name": operation}, {env.multi["address"]: 10}])
    seen = env.rpc.decodepsbt(env.rpc.utxoupdatepsbt(made))
    check.equal(seen["tx"]["version"], 0x666)
    check.equal(seen["tx"]["vout"][0]["scriptPubKey"]["nameOp"]["name"], "dns:psbt")
    check.true(seen["burned"] > 0, "name fee")
    check.refused(-8, "days is out of range", env.rpc.createpsbt, [], [{"name": {**operation, "days": 0}}])
    check.refused(-5, "Invalid address", env.rpc.createpsbt, [], [{"name": {**operation, "toaddress": ""}}])


def test_refusals(env):
    check.refused(-22, "not base64", env.rpc.decodepsbt, "@")
    check.refused(-22, "do not begin like a PSBT", env.rpc.decodepsbt, "AAAA")
    good = base64.b64decode(env.rpc.createpsbt(env.coins[:1], [{env.multi["address"]: 1}]))
    for cut in range(5, len(good)):
        check.refused(-22, "Not a PSBT", env.rpc.decodepsbt, base64.b64encode(good[:cut]).decode())
    check.refused(-22, "Not a transaction", env.rpc.converttopsbt, "00")


if __name__ == "__main__":
    run(globals())
