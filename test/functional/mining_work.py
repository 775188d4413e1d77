#!/usr/bin/env python3
"""Work for miners: getblocktemplate with everything BIPs 22, 23, 145 say of it, long poll, proposals, stale templates, the
miner inside the node."""

import threading
import time

from framework import check
from framework.chain import OP_TRUE, Block, Tx, coinbase
from framework.node import Node
from framework.suite import run

SEGWIT = {"rules": ["segwit"]}


def setup(env):
    env.share()
    env.node.mine(1)
    env.rpc.generatetodescriptor(120, "raw(51)")
    env.coins = [env.rpc.getblock(env.rpc.getblockhash(height))["tx"][0] for height in range(2, 20)]


def payment(env, fee=1000):
    coin = env.coins.pop(0)
    value = int(env.rpc.gettxout(coin, 0)["value"] * 10 ** 8)
    return env.rpc.sendrawtransaction(Tx().spend(coin, 0).pay(value - fee, OP_TRUE).hex(), 0)


def block_of(template, script=OP_TRUE, more=()):
    """The block a miner would make of a template."""
    txs = [Tx.parse(row["data"]) for row in template["transactions"]]
    first = coinbase(template["height"], template["coinbasevalue"], script)
    block = Block(template["previousblockhash"], template["curtime"], [first, *txs, *more],
                  int(template["bits"], 16), template["version"]).commit()
    if not more:
        check.equal(first.outputs[-1][1].hex(), template["default_witness_commitment"])
    return block


def wait_for(env, condition):
    return check.soon(lambda: condition(env.rpc.getblocktemplate(SEGWIT)), "the template follows")


def test_fields(env):
    template = env.rpc.getblocktemplate(SEGWIT)
    tip = env.rpc.getblockheader(env.rpc.getbestblockhash())
    check.equal(template["previousblockhash"], tip["hash"])
    check.equal(template["height"], tip["height"] + 1)
    check.equal(template["mintime"], tip["mediantime"] + 1)
    check.true(template["curtime"] >= template["mintime"], "curtime")
    check.equal(template["bits"], "207fffff")
    check.equal(template["target"], "7fffff" + "00" * 29)
    check.equal(template["coinbasevalue"], 50 * 10 ** 8)
    check.equal(template["transactions"], [])
    for key, value in {"capabilities": ["proposal", "longpoll"], "rules": ["csv", "!segwit", "taproot"], "vbavailable": {},
                       "vbrequired": 0, "coinbaseaux": {}, "mutable": ["time", "transactions", "prevblock"],
                       "noncerange": "00000000ffffffff", "sigoplimit": 80000, "sizelimit": 4000000,
                       "weightlimit": 4000000}.items():
        check.equal(template[key], value, key)
    check.true("submitold" not in template, "submitold goes with a long poll")


def test_transactions(env):
    first = payment(env, 1000)
    value = int(env.rpc.gettxout(first, 0)["value"] * 10 ** 8)
    second = env.rpc.sendrawtransaction(Tx().spend(first, 0).pay(value - 5000, OP_TRUE).hex(), 0)
    template = wait_for(env, lambda seen: len(seen["transactions"]) == 2 and seen)
    rows = template["transactions"]
    check.equal([row["txid"] for row in rows], [first, second])
    check.equal([row["depends"] for row in rows], [[], [1]])
    check.equal([row["fee"] for row in rows], [1000, 5000])
    check.equal(template["coinbasevalue"], 50 * 10 ** 8 + 6000)
    for row in rows:
        tx = Tx.parse(row["data"])
        check.equal((tx.txid(), tx.wtxid(), 4 * len(tx.serialize())), (row["txid"], row["hash"], row["weight"]))
    check.equal(env.rpc.submitblock(block_of(template).solve().hex()), None)
    check.equal(env.rpc.getrawmempool(), [])


def test_requests(env):
    rpc = env.rpc
    check.refused(-8, "segwit rule set", rpc.getblocktemplate)
    check.refused(-8, "segwit rule set", rpc.getblocktemplate, {"rules": ["csv", 5]})
    check.refused(-8, "segwit rule set", rpc.getblocktemplate, {"rules": "segwit"})
    check.refused(-8, "Invalid mode", rpc.getblocktemplate, {"mode": "other"})
    check.refused(-8, "Invalid mode", rpc.getblocktemplate, {"mode": 5})
    check.refused(-3, "", rpc.getblocktemplate, "text")
    check.refused(-3, "longpollid", rpc.getblocktemplate, {"rules": ["segwit"], "longpollid": 7})
    for text in ("", "x", "00" * 32, "zz" * 32 + "5", "00" * 32 + "5x", "00" * 32 + "9" * 30):
        check.true(rpc.getblocktemplate(dict(SEGWIT, longpollid=text))["height"] > 0, "an id that was never given out")


def test_proposals(env):
    rpc = env.rpc

    def propose(block, **more):
        return rpc.getblocktemplate(dict({"mode": "proposal", "data": block.hex()}, **more))

    template = rpc.getblocktemplate(SEGWIT)
    good = block_of(template).set_merkle()
    check.equal(propose(good), None)
    check.equal(propose(good, rules=["segwit"]), None)
    rich = block_of(template)
    rich.transactions[0].outputs[0][0] += 1
    check.equal(propose(rich.set_merkle()), "bad-cb-amount")
    check.equal(propose(block_of(template, more=[Tx().spend("11" * 32, 0).pay(1, OP_TRUE)]).commit().set_merkle()),
                "bad-txns-inputs-missingorspent")
    for change, reason in (("time", "time-too-old"), ("bits", "bad-diffbits")):
        block = block_of(template).set_merkle()
        setattr(block, change, {"time": template["mintime"] - 1, "bits": 0x207ffffe}[change])
        check.equal(propose(block), reason)
    block = block_of(template).set_merkle()
    block.merkle = bytes(32)
    check.equal(propose(block), "bad-txnmrklroot")
    block = block_of(template).set_merkle()
    block.previous = bytes([1]) * 32
    check.equal(propose(block), "inconclusive-not-best-prevblk")
    tip = rpc.getblock(rpc.getbestblockhash(), 0)
    check.equal(rpc.getblocktemplate({"mode": "proposal", "data": tip}), "duplicate")
    check.refused(-3, "data", rpc.getblocktemplate, {"mode": "proposal"})
    check.refused(-22, "Block decode failed", rpc.getblocktemplate, {"mode": "proposal", "data": "00"})
    check.equal(rpc.getblockcount(), template["height"] - 1, "nothing was stored")


def test_stale_template(env):
    """Another miner was quicker: the block stands beside his; built upon, it wins."""
    rpc = env.rpc
    template = rpc.getblocktemplate(SEGWIT)
    env.node.mine()
    tip = rpc.getbestblockhash()
    late = block_of(template).solve()
    check.equal(rpc.submitblock(late.hex()), "inconclusive")
    check.equal(rpc.submitblock(late.hex()), "duplicate")
    check.equal(rpc.getbestblockhash(), tip)
    rpc.invalidateblock(tip)
    check.equal(rpc.getbestblockhash(), late.hash())
    check.equal(rpc.submitblock(late.hex()), "duplicate")


def in_background(action):
    """A thread, and the list its result comes into."""
    out = []
    thread = threading.Thread(target=lambda: out.append(action()))
    thread.start()
    return thread, out


def test_long_poll(env):
    template = env.rpc.getblocktemplate(SEGWIT)
    others = [env.node.connect() for _ in range(6)]
    request = dict(SEGWIT, longpollid=template["longpollid"])
    waiting = [in_background(lambda rpc=rpc: rpc.getblocktemplate(request)) for rpc in others[:2]]
    time.sleep(0.5)
    check.equal([out for _, out in waiting], [[], []], "they wait")
    env.node.mine()
    for thread, out in waiting:
        thread.join(5)
        check.equal(out[0]["height"], template["height"] + 1)
        check.equal(out[0]["submitold"], False, "old work is of no use")
    # Three may wait with four workers; the others are answered at once, so that slow calls go on.
    request = dict(SEGWIT, longpollid=env.rpc.getblocktemplate(SEGWIT)["longpollid"])
    waiting = [in_background(lambda rpc=rpc: rpc.getblocktemplate(request)) for rpc in others]
    check.soon(lambda: sum(len(out) for _, out in waiting) == 3, "three of six")
    check.equal({out[0]["submitold"] for _, out in waiting if out}, {True})
    env.node.mine()
    for thread, _ in waiting:
        thread.join(5)
    check.equal(sum(len(out) for _, out in waiting), 6)


def test_stop_ends_a_long_poll(env):
    node = env.start()
    node.mine()
    request = dict(SEGWIT, longpollid=node.rpc.getblocktemplate(SEGWIT)["longpollid"])
    other = node.connect()

    def ask():
        try:
            return other.getblocktemplate(request)
        except Exception:  # pylint: disable=broad-except
            return None

    thread, _ = in_background(ask)
    time.sleep(0.3)
    check.true(node.stop() < 3, "the node waits for the miner")
    thread.join(5)


def test_numbers(env):
    rpc = env.rpc
    info = rpc.getmininginfo()
    check.equal((info["blocks"], info["chain"], info["generate"]), (rpc.getblockcount(), "regtest", False))
    check.equal(info["next"]["height"], rpc.getblockcount() + 1)
    check.equal(info["next"]["bits"], "207fffff")
    check.true(rpc.getnetworkhashps() >= 0, "hash rate")
    check.equal(rpc.getnetworkhashps(0, 0), 0)
    difficulty = rpc.getdifficulty()
    check.true(0 < difficulty["proof-of-work"] < 1e-8 and 0 < difficulty["proof-of-stake"] < 1e-8, str(difficulty))


def test_miner_inside(env):
    node = env.start("-disablewallet")
    rpc = node.rpc
    check.refused(-5, "", rpc.setgenerate, True, 1, "nobody")
    check.equal(rpc.getgenerate(), False)
    script = "00140101010101010101010101010101010101010101"
    address = rpc.decodescript(script)["address"]
    for threads in (1, 2):
        before = rpc.getblockcount()
        rpc.setgenerate(True, threads, address)
        check.equal(rpc.getgenerate(), True)
        check.soon(lambda goal=before + 20: rpc.getblockcount() > goal, f"blocks by {threads}")
    info = rpc.getmininginfo()
    check.equal((info["generate"], info["genproclimit"]), (True, 2))
    check.true(info["blocksfound"] > 0, "none found")
    rpc.setgenerate(False)
    height = rpc.getblockcount()
    time.sleep(0.3)
    check.equal((rpc.getblockcount(), rpc.getgenerate()), (height, False))
    block = rpc.getblock(rpc.getbestblockhash(), 2)
    check.equal(block["tx"][0]["vout"][0]["scriptPubKey"]["hex"], script)
    node.stop()
    check.contains(node.fails_to_start("-gen"), "-genaddress")
    check.contains(node.fails_to_start("-gen", "-genaddress=me"), "-genaddress")
    node.start("-gen", f"-genaddress={address}", "-genproclimit=-1")
    check.soon(lambda: node.rpc.getblockcount() > height + 5, "blocks after a start with -gen")
    check.true(node.stop() < 5, "stopped while mining")


class Lonely(Node):
    """On the test network, where a miner needs others."""

    @property
    def network(self):
        return self.folder / "testnet3"

    def command(self, *options):
        return ["-testnet" if word == "-regtest" else word for word in super().command(*options)]


def test_without_peers(env):
    node = Lonely(env.programs, env.folder / "lonely")
    env.nodes.append(node)
    rpc = node.start().rpc
    for call, argument in ((rpc.getblocktemplate, SEGWIT), (rpc.createauxblock, "x"), (rpc.getauxblock, "x")):
        check.refused(-9, "not connected", call, argument)
    check.equal(rpc.getstakinginfo()["staking"], False)
    reasons = check.soon(lambda: rpc.getstakinginfo()["reasons"], "reasons")
    check.true(any("-stakingpeers" in reason for reason in reasons), str(reasons))


run(globals())
