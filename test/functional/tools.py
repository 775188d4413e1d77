#!/usr/bin/env python3
"""emercoin-tx, emercoin-util and what emercoin-cli shows on one screen."""

import json
import subprocess

from framework import check
from framework.suite import run

TXID = "aa" * 32
LONG_KEY = "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"


def setup(env):
    env.share("-mocktime=1800000000", "-acceptnonstdtxn=1")


def tool(env, program, *words, text=None, network=True):
    arguments = [str(env.programs / program), *(["-regtest"] if network else []), *words]
    return subprocess.run(arguments, input=text, capture_output=True, text=True, timeout=60, check=False)


def tx(env, *words, text=None):
    done = tool(env, "emercoin-tx", *words, text=text)
    check.equal((done.returncode, done.stderr), (0, ""), str(words))
    return done.stdout.rstrip("\n")


def decoded(env, *words):
    return json.loads(tx(env, "-json", *words))


def refused(env, part, *words, program="emercoin-tx"):
    done = tool(env, program, *words)
    check.equal((done.returncode, done.stdout), (1, ""), str(words))
    check.true(done.stderr.startswith("error: ") and part in done.stderr, f"{words}: {done.stderr}")


def test_fields(env):
    made = decoded(env, "-create", "nversion=3", "locktime=500", f"in={TXID}:1", f"in={TXID}:2:7", "outdata=0011", "outdata=0.5:beef")
    check.equal((made["version"], made["locktime"]), (3, 500))
    check.equal([(row["vout"], row["sequence"]) for row in made["vin"]], [(1, 0xffffffff), (2, 7)])
    check.equal([(row["value"], row["scriptPubKey"]["hex"]) for row in made["vout"]], [(0, "6a020011"), (0.5, "6a02beef")])
    whole = tx(env, "-create", f"in={TXID}:1", f"in={TXID}:2", "outdata=00", "outdata=01")
    check.equal(env.rpc.decoderawtransaction(whole)["txid"], tx(env, "-txid", whole))
    left = decoded(env, whole, "delin=0", "delout=1")
    check.equal(([row["vout"] for row in left["vin"]], [row["scriptPubKey"]["hex"] for row in left["vout"]]), ([2], ["6a0100"]))
    check.equal([row["sequence"] for row in decoded(env, whole, "replaceable")["vin"]], [0xfffffffd] * 2)
    check.equal([row["sequence"] for row in decoded(env, whole, "replaceable=1")["vin"]], [0xffffffff, 0xfffffffd])
    check.equal(tx(env, "-", text=whole + "\n"), whole, "from standard input")
    check.equal(decoded(env, "-create")["vin"], [])
    check.equal(tx(env, tx(env, "-create"), f"in={TXID}:1"), tx(env, "-create", f"in={TXID}:1"), "one without inputs can go on")


def test_outputs(env):
    keys = ["02" + "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798", "03" + "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"]
    address = env.rpc.decodescript("0014" + "07" * 20)["address"]
    made = decoded(env, "-create", f"outaddr=1.5:{address}", f"outpubkey=1:{keys[0]}", f"outpubkey=1:{keys[0]}:W", f"outpubkey=1:{keys[0]}:WS",
                   f"outmultisig=1:1:2:{keys[0]}:{keys[1]}", f"outmultisig=1:1:2:{keys[0]}:{keys[1]}:S", f"outmultisig=1:1:2:{keys[0]}:{keys[1]}:W",
                   "outscript=2:OP_DUP HASH160 0x14" + "05" * 20 + " OP_EQUALVERIFY CHECKSIG", "outscript=2:1 'abc' -1 17 beef 0x51",
                   "outscript=2:1:S")
    scripts = [row["scriptPubKey"] for row in made["vout"]]
    check.equal(scripts[0]["address"], address)
    redeem = env.rpc.createmultisig(1, keys)
    check.equal([script["type"] for script in scripts[1:7]],
                ["pubkey", "witness_v0_keyhash", "scripthash", "multisig", "scripthash", "witness_v0_scripthash"])
    check.equal((scripts[4]["hex"], scripts[5]["address"]), (redeem["redeemScript"], redeem["address"]))
    check.equal(scripts[6]["address"], env.rpc.createmultisig(1, keys, "bech32")["address"])
    check.equal(scripts[7]["hex"], "76a914" + "05" * 20 + "88ac")
    check.equal(scripts[8]["hex"], "5103616263" + "4f" + "0111" + "02beef" + "51")
    check.equal(scripts[9]["type"], "scripthash")


def test_names_and_signing(env):
    """A name registered with nothing but emercoin-tx and sendrawtransaction."""
    env.need_wallet()
    address = env.rpc.getnewaddress("", "legacy")
    env.node.mine(1, address)
    env.node.mine(100)
    coin = env.rpc.listunspent()[0]
    key = env.rpc.dumpprivkey(address)
    operation = json.dumps({"NEW": "dns:tool.coin", "value": "A=192.0.2.9", "days": 30, "toaddress": address})
    previous = json.dumps([{"txid": coin["txid"], "vout": coin["vout"], "scriptPubKey": coin["scriptPubKey"], "amount": float(coin["amount"])}])
    file = env.path("prevtxs.json")
    file.write_text(previous)
    plain = tx(env, "-create", f"in={coin['txid']}:{coin['vout']}", f"outname={operation}", f"outaddr=49:{address}")
    done = tx(env, plain, f'set=privatekeys:["{key}"]', f"load=prevtxs:{file}", "sign=ALL")
    check.equal(env.rpc.testmempoolaccept([done], 0)[0].get("reject-reason"), None)
    env.rpc.sendrawtransaction(done, 0)
    env.node.mine()
    check.equal(env.rpc.name_show("dns:tool.coin")["value"], "A=192.0.2.9")
    check.equal(tx(env, plain, 'set=privatekeys:[]', f"load=prevtxs:{file}", "sign="), plain, "no key, no signature")
    refused(env, "Invalid private key", plain, 'set=privatekeys:["x"]', f"load=prevtxs:{file}", "sign=ALL")
    refused(env, "not a hash type", plain, f'set=privatekeys:["{key}"]', f"load=prevtxs:{file}", "sign=SOME")
    refused(env, "sign= needs privatekeys first", plain, "sign=ALL")


def test_bad_words(env):
    whole = tx(env, "-create", f"in={TXID}:1", "outdata=00")
    for part, *words in (("is no command", "-create", "out=1"), ("Not a transaction", "zz"), ("Not a transaction", whole[:-2]), ("Name a transaction", "-json"),
                         ("in=TXID:VOUT", "-create", f"in={TXID}"), ("is no txid", "-create", "in=aa:1"), ("no whole number", "-create", f"in={TXID}:-1"),
                         ("no whole number", "-create", f"in={TXID}:4294967296"), ("no amount", "-create", "outdata=x:00"), ("no amount", "-create", "outdata=0.000000001:00"),
                         ("no pairs of hex", "-create", "outdata=0"), ("Invalid address", "-create", "outaddr=1:nobody"), ("no whole number", whole, "delin=1"),
                         ("There is no Output", "-create", "delout=0"), ("is no public key", "-create", "outpubkey=1:02" + "00" * 32), ("no flags", "-create", "outpubkey=1:0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798:X"),
                         ("is no op code", "-create", "outscript=1:OP_NOTHING"), ("not as many keys", "-create", "outmultisig=1:1:2:" + "02" + "11" * 32),
                         ("not JSON", "-create", "outname={"), ("Opcode", "-create", "outname={}"), ("not JSON", "-create", "set=prevtxs:x"), ("Cannot read", "-create", "load=prevtxs:/nowhere"),
                         ("set=NAME:JSON", "-create", "set=prevtxs"), ("no whole number", "-create", "locktime=-1"), ("no whole number", "-create", "nversion=x"),
                         ("There is no Input", "-create", "replaceable=0"), ("could never be spent", "-create", "outscript=1:0x" + "51" * 521 + ":S"),
                         ("compressed", "-create", f"outpubkey=1:{LONG_KEY}:W"), ("compressed", "-create", f"outmultisig=1:1:1:{LONG_KEY}:W"),
                         ("there is no option", "-nothing")):
        refused(env, part, *words)
    done = tool(env, "emercoin-tx", network=False)
    check.true(done.returncode == 1 and "Usage" in done.stdout, "without words it explains itself")
    for program in ("emercoin-tx", "emercoin-util"):
        done = tool(env, program, "-help")
        check.true(done.returncode == 0 and "Commands:" in done.stdout, program)
        check.contains(tool(env, program, "-version").stdout, f"{program} version")


def test_grind(env):
    header = env.rpc.getblockheader(env.rpc.getbestblockhash(), False)
    other = header[:8] + "11" * 32 + header[72:]
    done = tool(env, "emercoin-util", "grind", other)
    check.equal((done.returncode, done.stdout[:152]), (0, other[:152]))
    message = check.refused(-25, "", env.rpc.submitheader, done.stdout.strip())
    check.contains(message, "prev", "its work is enough, its parent is unknown")
    refused(env, "160 hex digits", "grind", header[:-2], program="emercoin-util")
    refused(env, "does not allow the target", "grind", header[:144] + "000000ff" + header[152:], program="emercoin-util")
    refused(env, "is no command", "dig", "x", program="emercoin-util")
    refused(env, "takes one argument", "assemble", "OP_DUP", "OP_DROP", program="emercoin-util")


def test_scripts(env):
    text = "OP_DUP OP_HASH160 " + "05" * 20 + " OP_EQUALVERIFY OP_CHECKSIG"
    done = tool(env, "emercoin-util", "assemble", text)
    check.equal(done.stdout, "76a914" + "05" * 20 + "88ac\n")
    check.equal(tool(env, "emercoin-util", "disassemble", done.stdout.strip()).stdout, text + "\n")


def test_net_info(env):
    other = env.start("-mocktime=1800000000")
    other.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "onetry")
    check.soon(lambda: any(peer["subver"] for peer in env.rpc.getpeerinfo()), "a peer that has shaken hands")
    peer = env.rpc.getpeerinfo()[0]
    for level in range(5):
        text = env.node.cli("-netinfo", *([level] if level else [])).stdout
        check.contains(text, "Own addresses:")
        check.true(any(line.split()[:1] == ["in"] and line.split()[-1] == "1" for line in text.splitlines()), f"one peer: {text}")
        check.equal(peer["addr"] in text, level in (2, 4), f"addresses at level {level}")
        check.equal(peer["subver"] in text.split("\n\n", 1)[1], level in (3, 4), f"versions at level {level}")
    for bad in ("5", "44", "x", ""):
        done = env.node.cli("-netinfo", bad, check=False)
        check.true(done.returncode == 1 and "level from 0 to 4" in done.stderr, f"{bad!r}: {done.stderr}")
    other.stop()


def test_names_and_blocks(env):
    env.need_wallet()
    height = env.rpc.getblockcount()
    made = json.loads(env.node.cli("-generate", 3).stdout)
    check.equal((len(made["blocks"]), env.rpc.getblockcount()), (3, height + 3))
    check.equal(env.rpc.getaddressinfo(made["address"])["ismine"], True)
    check.equal(len(json.loads(env.node.cli("-generate").stdout)["blocks"]), 1)
    env.node.mine(100)
    env.rpc.name_new("dns:screen.coin\x1b[31m\x9b31m", "A=192.0.2.1", 30)
    env.node.mine()
    text = env.node.cli("-names").stdout
    check.contains(text, "dns:screen.coin?[31m?31m", "no byte of a name steers the terminal")
    row = next(line for line in text.splitlines() if "screen" in line)
    check.equal(row.split()[1:], ["30.0", "live", "A=192.0.2.1"])
    check.true("screen" not in env.node.cli("-names", "enum:").stdout, "a prefix")


if __name__ == "__main__":
    run(globals())
