#!/usr/bin/env python3
"""Proofs that a call stands in a batch on the chain, and batches kept as CAR files that other programs read."""

import base64
import hashlib
import json
import pathlib
import subprocess

from framework import check
from framework.operators import CALLEE, CALLER, DAY, median, meet, record, start
from framework.suite import Skip, need, run

NPM = pathlib.Path(__file__).parent / "npm"


def setup(env):
    start(env)
    begin = median(env) - 8 * DAY
    calls = [(f"call-{i}@a", begin + i, begin + i + 61) for i in range(13_000)]
    for node in (env.node, env.other):
        record(env, node, calls)
    made = env.rpc.call_batch_create(CALLER, CALLEE, begin, begin + DAY)
    half = env.other.rpc.call_batch_sign(made["text"])
    whole = env.rpc.call_batch_sign(half["text"])
    env.other.rpc.call_batch_sign(whole["text"])
    check.refused(-8, "stands in a block", env.rpc.call_prove, "call-7@a")
    env.claim = env.other.rpc.call_batch_claim(made["id"])
    check.soon(lambda: env.claim["txid"] in env.rpc.getrawmempool(), "the claim is relayed")
    env.block = env.node.mine()[0]
    meet(env)
    env.batch = made


def test_a_call_is_proven(env):
    """To a node without wallet and records."""
    proven = env.rpc.call_prove("call-7@a")
    check.equal([(row["batch"], row["txid"], row["blockhash"]) for row in proven],
                [(env.batch["id"], env.claim["txid"], env.block)])
    check.true(len(base64.b64decode(proven[0]["proof"])) < 1_000, "a small proof")
    stranger = env.make("-disablewallet", f"-mocktime={env.now}").start()
    check.equal(stranger.rpc.call_verify(proven[0]["proof"])["valid"], False)
    stranger.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "add")
    check.soon(lambda: stranger.rpc.getbestblockhash() == env.rpc.getbestblockhash(), "the chain")
    seen = stranger.rpc.call_verify(proven[0]["proof"])
    check.equal(seen["valid"], True)
    check.equal({key: seen["call"][key] for key in ("callid", "caller", "callee", "txid", "height", "batch")},
                {"callid": "call-7@a", "caller": CALLER, "callee": CALLEE, "txid": env.claim["txid"],
                 "height": env.rpc.getblockcount(), "batch": env.batch["id"]})
    check.equal(env.other.rpc.call_prove("call-12999@a", env.batch["id"])[0]["end"], env.other.rpc.call_show("call-12999@a")[0]["end"])
    env.proof, env.stranger = proven[0]["proof"], stranger


def test_what_was_changed_is_not(env):
    good = base64.b64decode(env.proof)
    for place, part in ((5, "another network"), (37, "no such reward"), (69, "best chain"), (len(good) - 1, "not part")):
        wrong = bytearray(good)
        wrong[place] ^= 1
        seen = env.stranger.rpc.call_verify(base64.b64encode(wrong).decode())
        check.equal(seen["valid"], False)
        check.contains(seen["reason"], part)
    for text, part in (("!", "base64"), ("", "no proof"), (base64.b64encode(good[:-1]).decode(), "cut off"),
                       (base64.b64encode(good + b"x").decode(), "left over")):
        check.refused(-8, part, env.stranger.rpc.call_verify, text)
    check.refused(-8, "stands in a block", env.rpc.call_prove, "nobody's")
    check.refused(-1, "-calls", env.stranger.rpc.call_prove, "call-7@a")


def test_reorganisation(env):
    env.stranger.rpc.invalidateblock(env.block)
    check.contains(env.stranger.rpc.call_verify(env.proof)["reason"], "best chain")
    env.stranger.rpc.reconsiderblock(env.block)
    check.equal(env.stranger.rpc.call_verify(env.proof)["valid"], True)


def test_car_file(env):
    """The IPLD project's own library reads it, finds every CID right, and writes one that is read here."""
    env.car = str(env.path("batch.car"))
    made = env.rpc.call_batch_export(env.batch["id"], env.car, "car")
    plain = str(env.path("batch"))
    env.rpc.call_batch_export(env.batch["id"], plain)
    check.refused(-8, "a path", env.rpc.call_batch_export, env.batch["id"], "", "car")
    node_js = need("node")
    if not (NPM / "node_modules" / "@ipld" / "car").is_dir():
        raise Skip("@ipld/car is not installed; depends/install.sh --for test does it")
    copy = str(env.path("copy.car"))
    done = subprocess.run([node_js, str(NPM / "car.mjs"), env.car, copy], capture_output=True, text=True, timeout=60, check=False)
    check.equal(done.returncode, 0, done.stderr)
    seen = json.loads(done.stdout)
    content = pathlib.Path(plain).read_bytes()
    check.true(len(content) > 2 ** 20, "more than one block")
    check.equal((seen["roots"], seen["version"], seen["links"], seen["blocks"]), ([made["cid"]], 1, 2, 3))
    check.equal((seen["content"], seen["bytes"]), (hashlib.sha256(content).hexdigest(), len(content)))
    check.equal(env.other.rpc.call_batch_check("@" + copy)["id"], env.batch["id"])


def test_restored_from_its_car(env):
    """A node that lost its records gets batch and proof back."""
    fresh = env.make("-disablewallet", "-calls", f"-mocktime={env.now}").start()
    fresh.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "add")
    check.soon(lambda: fresh.rpc.getbestblockhash() == env.rpc.getbestblockhash(), "the chain")
    seen = fresh.rpc.call_batch_check("@" + env.car)
    check.equal((seen["id"], seen["state"], seen["txid"], seen["calls"]),
                (env.batch["id"], "confirmed", env.claim["txid"], 13_000))
    check.equal(fresh.rpc.call_prove("call-7@a")[0]["proof"], env.proof)
    damaged = bytearray(pathlib.Path(env.car).read_bytes())
    damaged[-1] ^= 1
    path = env.path("damaged.car")
    path.write_bytes(damaged)
    check.refused(-8, "no batch", fresh.rpc.call_batch_check, f"@{path}")


if __name__ == "__main__":
    run(globals())
