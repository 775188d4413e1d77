#!/usr/bin/env python3
"""Building, decoding and looking up transactions; addresses, messages, multisignature."""

import json
from decimal import Decimal

from framework import check
from framework.chain import Tx, secret_text
from framework.suite import run

KEY = secret_text(0x11)


def setup(env):
    env.share()
    env.node.mine(3)


def test_create_and_decode(env):
    address = env.rpc.createmultisig(1, ["02" + "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"],
                                     "bech32")["address"]
    text = env.rpc.createrawtransaction([{"txid": "11" * 32, "vout": 3}, {"txid": "22" * 32, "vout": 0, "sequence": 7}],
                                        [{address: 1.5}, {"data": "00ff"}], 90)
    tx = Tx.parse(text)
    check.equal((tx.version, tx.lock_time, len(tx.inputs)), (2, 90, 2))
    check.equal([entry[3] for entry in tx.inputs], [0xfffffffd, 7])
    check.equal([out[0] for out in tx.outputs], [150_000_000, 0])
    check.equal(tx.outputs[1][1].hex(), "6a0200ff")
    decoded = env.rpc.decoderawtransaction(text)
    check.equal((decoded["txid"], decoded["locktime"], decoded["vout"][0]["value"]), (tx.txid(), 90, Decimal("1.5")))
    check.equal(decoded["vout"][0]["scriptPubKey"]["address"], address)
    check.equal(decoded["vin"][0], {"txid": "11" * 32, "vout": 3, "scriptSig": {"asm": "", "hex": ""},
                                    "sequence": 0xfffffffd})
    check.equal(decoded["vout"][1]["scriptPubKey"]["type"], "nulldata")


def test_create_refusals(env):
    create = env.rpc.createrawtransaction
    good = [{"txid": "11" * 32, "vout": 0}]
    refused = {"needs a txid": [{}, 5, {"txid": "11", "vout": 0}], "needs vout": [{"txid": "11" * 32}],
               "vout is out of range": [{"txid": "11" * 32, "vout": -1}],
               "sequence is out of range": [{"txid": "11" * 32, "vout": 0, "sequence": -1}]}
    for part, inputs in refused.items():
        for item in inputs:
            check.refused(-8, part, create, [item], [])
    check.refused(-5, "", create, good, [{"nobody": 1}])
    check.refused(-8, "exactly one key", create, good, [{}])
    check.refused(-8, "data must be hexadecimal", create, good, [{"data": "0"}])
    check.refused(-8, "", create, good, [], -1)
    check.refused(-8, "", create, good, [], 4294967296)
    for amount in (-1, "1.000000001", 22_000_000, "x"):
        check.refused(None, "", create, good, [{"bcrt1qqyqszqgpqyqszqgpqyqszqgpqyqszqgpvxat9t": amount}])


def test_getrawtransaction(env):
    hashed = env.rpc.getblockhash(2)
    txid = env.rpc.getblock(hashed)["tx"][0]
    env.rpc.syncwithvalidationinterfacequeue()
    text = env.rpc.getrawtransaction(txid)
    check.equal(Tx.parse(text).txid(), txid)
    full = env.rpc.getrawtransaction(txid, 1)
    check.equal((full["blockhash"], full["confirmations"], full["hex"]), (hashed, 2, text))
    check.equal(env.rpc.getrawtransaction(txid, True, hashed)["in_active_chain"], True)
    check.refused(-5, "The block holds no such transaction", env.rpc.getrawtransaction, txid, 0,
                  env.rpc.getblockhash(1))
    check.refused(-5, "Block hash not found", env.rpc.getrawtransaction, txid, 0, "77" * 32)
    check.refused(-5, "Neither the mempool nor -txindex knows this transaction", env.rpc.getrawtransaction, "77" * 32)


def test_without_txindex(env):
    node = env.start("-txindex=0")
    node.mine(2)
    hashed = node.rpc.getblockhash(1)
    txid = node.rpc.getblock(hashed)["tx"][0]
    check.refused(-5, "nor -txindex knows", node.rpc.getrawtransaction, txid)
    check.equal(Tx.parse(node.rpc.getrawtransaction(txid, 0, hashed)).txid(), txid)
    node.stop()


def test_addresses(env):
    valid = env.rpc.validateaddress("bcrt1qqyqszqgpqyqszqgpqyqszqgpqyqszqgpvxat9t")
    check.equal((valid["isvalid"], valid["iswitness"], valid["scriptPubKey"]), (True, True, "0014" + "01" * 20))
    for text in ("", "bcrt1q", "x" * 200, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
                 "bcrt1qqyqszqgpqyqszqgpqyqszqgpqyqszqgpvxat9u", "BCRT1qqyqszqgpqyqszqgpqyqszqgpqyqszqgpvxat9t"):
        answer = env.rpc.validateaddress(text)
        check.equal(answer["isvalid"], False, text)
        check.true(answer["error"] != "", "no reason")
        check.equal(answer["error_locations"], [43] if text.endswith("at9u") else [])


def test_multisig(env):
    keys = ["0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
            "02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5"]
    made = env.rpc.createmultisig(2, keys)
    check.equal(made["redeemScript"], f"52{'21' + keys[0]}{'21' + keys[1]}52ae")
    for kind in ("legacy", "p2sh-segwit", "bech32"):
        made = env.rpc.createmultisig(1, keys, kind)
        check.equal(env.rpc.validateaddress(made["address"])["isvalid"], True)
        check.equal(env.rpc.deriveaddresses(made["descriptor"]), [made["address"]])
        check.true("warnings" not in made, made)
    long = "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"
    made = env.rpc.createmultisig(1, [long], "bech32")
    check.contains(made["warnings"][0], "legacy")
    check.equal(env.rpc.deriveaddresses(made["descriptor"]), [made["address"]])
    check.refused(-8, "not enough keys", env.rpc.createmultisig, 3, keys)
    check.refused(-5, "Invalid public key", env.rpc.createmultisig, 1, ["02" + "ff" * 32])
    check.refused(-5, "Unknown address type", env.rpc.createmultisig, 1, keys, "taproot")


def test_messages(env):
    signature = env.rpc.signmessagewithprivkey(KEY, "hello")
    text = env.rpc.decodescript("76a914" + "00" * 20 + "88ac")
    check.equal((text["type"], "p2sh" in text), ("pubkeyhash", True))
    check.equal(len(signature), 88)
    address = text["address"]
    check.equal(env.rpc.verifymessage(address, signature, "hello"), False, "another's address")
    check.refused(-3, "not base64", env.rpc.verifymessage, address, "not base64!", "hello")
    check.refused(-5, "", env.rpc.verifymessage, "nowhere", signature, "hello")
    check.refused(-3, "stands for no single key", env.rpc.verifymessage, text["p2sh"], signature, "hello")
    check.refused(-5, "Invalid private key", env.rpc.signmessagewithprivkey, "notakey", "hello")


def test_decodescript(env):
    check.equal(env.rpc.decodescript("")["asm"], "")
    check.equal(env.rpc.decodescript("5175")["asm"], "1 OP_DROP")
    plain = env.rpc.decodescript("76a914" + "11" * 20 + "88ac")
    check.equal((plain["type"], plain["segwit"]["type"], plain["segwit"]["hex"]), ("pubkeyhash", "witness_v0_keyhash", "0014" + "11" * 20))
    check.equal(plain["desc"].split("#")[0], f"addr({plain['address']})")
    check.equal(plain["segwit"]["p2sh-segwit"], env.rpc.decodescript("0014" + "11" * 20)["p2sh"])
    check.equal(env.rpc.decodescript("51")["segwit"]["type"], "witness_v0_scripthash")
    check.true("segwit" not in env.rpc.decodescript("0014" + "11" * 20), "a witness program has none")
    check.contains(env.rpc.decodescript("4dffff00")["asm"], "[error]")
    for wrong in ("0", "zz", "0x51"):
        check.refused(-8, "pairs of hexadecimal digits", env.rpc.decodescript, wrong)


def test_every_number_is_exact(env):
    """Amounts keep their eight decimals on the way in and out, also as text."""
    other = env.rpc.decodescript("51")["p2sh"]
    status, body = env.rpc.post(json.dumps({"id": 1, "method": "createrawtransaction", "params": [
        [], [{"bcrt1qqyqszqgpqyqszqgpqyqszqgpqyqszqgpvxat9t": "0.00000001"}, {other: 20999999.99999999}]]}))
    check.equal(status, 200)
    check.contains(json.loads(body)["result"], "0100000000000000")
    check.contains(json.loads(body)["result"], (2099999999999999).to_bytes(8, "little").hex())


def test_create_refuses_the_same_twice(env):
    create, good = env.rpc.createrawtransaction, [{"txid": "11" * 32, "vout": 0}]
    made = env.rpc.createmultisig(1, ["0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"])["address"]
    check.refused(-8, f"The same address stands twice: {made}", create, good, [{made: 1}, {made: 2}])
    check.refused(-8, "data stands twice", create, good, [{"data": "00"}, {"data": "01"}])
    body = f'{{"method":"createrawtransaction","params":[[],{{"{made}":1,"{made}":2}}]}}'
    check.contains(env.rpc.post(body)[1].decode(), "stands twice")


def test_getrawtransaction_verbosity(env):
    """2 shows what the inputs spend, from a block or from the mempool, and fees."""
    env.rpc.generatetodescriptor(101, "raw(51)")
    env.rpc.syncwithvalidationinterfacequeue()
    coin = env.rpc.getblock(env.rpc.getblockhash(4))["tx"][0]
    first = Tx().spend(coin, 0).pay(49 * 10 ** 8, b"\x51")
    second = Tx().spend(first.txid(), 0).pay(48 * 10 ** 8, b"\x51")
    for tx in (first, second):
        env.rpc.sendrawtransaction(tx.hex(), 0)
    full = env.rpc.getrawtransaction(first.txid(), 2)
    check.equal((full["fee"], full["vin"][0]["prevout"]["value"], full["vin"][0]["prevout"]["height"]), (1, 50, 4))
    check.equal(full["vin"][0]["prevout"]["generated"], True)
    full = env.rpc.getrawtransaction(second.txid(), 2)
    check.equal((full["fee"], full["vin"][0]["prevout"]["value"]), (1, 49))
    check.true("height" not in full["vin"][0]["prevout"], "a height in the mempool")
    env.rpc.generatetodescriptor(1, "raw(51)")
    env.rpc.syncwithvalidationinterfacequeue()
    full = env.rpc.getrawtransaction(second.txid(), 2)
    check.equal((full["fee"], full["confirmations"], full["vin"][0]["prevout"]["height"]), (1, 1, 105))
    check.true("prevout" not in env.rpc.getrawtransaction(second.txid(), 1)["vin"][0], "prevout with verbosity 1")
    check.true("fee" not in env.rpc.getrawtransaction(coin, 2), "a fee of a coinbase")
    check.refused(-3, "must be an integer, not 1.5", env.rpc.getrawtransaction, coin, 1.5)
    check.refused(-8, "between 0 and 2", env.rpc.getrawtransaction, coin, 3)


def test_proofs(env):
    """gettxoutproof proves what verifytxoutproof reads, for this node and for a library's eyes."""
    env.rpc.generatetodescriptor(110, "raw(51)")
    env.rpc.syncwithvalidationinterfacequeue()
    coins = [env.rpc.getblock(env.rpc.getblockhash(height))["tx"][0] for height in range(20, 25)]
    txs = [Tx().spend(coin, 0).pay(49 * 10 ** 8, b"\x51") for coin in coins]
    block_hash = env.rpc.generateblock("raw(51)", [tx.hex() for tx in txs])["hash"]
    env.rpc.syncwithvalidationinterfacequeue()
    block = env.rpc.getblock(block_hash)
    for asked in ([1], [2, 4], [0, 1, 2, 3, 4, 5]):
        txids = [block["tx"][number] for number in asked]
        proof = env.rpc.gettxoutproof(txids)
        check.equal(proof, env.rpc.gettxoutproof(list(reversed(txids)), block_hash))
        check.equal(proof[:160], env.rpc.getblockheader(block_hash, False)[:160], "header")
        check.equal(env.rpc.verifytxoutproof(proof), txids)
    check.equal(env.rpc.verifytxoutproof(proof[:-2] + "7f"), [])
    check.refused(-22, "header and a tree", env.rpc.verifytxoutproof, proof[:-2])
    check.refused(-8, "pairs of hexadecimal digits", env.rpc.verifytxoutproof, proof[:-1])
    check.refused(-5, "does not hold all", env.rpc.gettxoutproof, [block["tx"][0], coins[0]], block_hash)
    check.refused(-8, "at least one", env.rpc.gettxoutproof, [])
    check.refused(-8, "twice", env.rpc.gettxoutproof, [coins[0], coins[0]])
    check.refused(-8, "64 hex digits", env.rpc.gettxoutproof, ["ab"])
    check.refused(-5, "name the block", env.rpc.gettxoutproof, ["11" * 32])
    check.refused(-5, "Block not found", env.rpc.gettxoutproof, [coins[0]], "22" * 32)
    env.rpc.invalidateblock(block_hash)
    check.refused(-5, "not in the best chain", env.rpc.verifytxoutproof, proof)
    env.rpc.reconsiderblock(block_hash)


if __name__ == "__main__":
    run(globals())
