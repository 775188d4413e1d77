#!/usr/bin/env python3
"""ZeroMQ (-zmqpub…): every topic, numbers without gaps, reorganisations, slow listeners, addresses that do not work."""

import hashlib
import json
import struct

from framework import check
from framework.chain import OP_TRUE, Tx
from framework.names import Purse
from framework.node import free_port
from framework.numbers import fund
from framework.reward import CALLEE, CALLER, DAY, START, batch, bond, prepare, signed
from framework.suite import Env, Skip, run, system_python

system_python("zmq")
try:
    import zmq
except ImportError:
    zmq = None

COIN = 10 ** 8
TOPICS = ["hashblock", "hashtx", "rawblock", "rawtx", "sequence", "name", "callreward"]


class Listener:
    """Takes messages of topics; checks that their numbers have no gaps."""

    def __init__(self, address, *topics):
        self.socket = zmq.Context.instance().socket(zmq.SUB)
        self.socket.setsockopt(zmq.RCVTIMEO, 20000)
        self.socket.setsockopt(zmq.IPV6, 1)
        for topic in topics:
            self.socket.setsockopt_string(zmq.SUBSCRIBE, topic)
        self.socket.connect(address)
        self.numbers = {}

    def take(self):
        topic, body, number = self.socket.recv_multipart()
        topic, number = topic.decode(), struct.unpack("<I", number)[0]
        if topic in self.numbers:
            check.equal(number, self.numbers[topic] + 1, f"number of {topic}")
        self.numbers[topic] = number
        return topic, body

    def some(self, count):
        return [self.take() for _ in range(count)]

    def quiet(self):
        """Nothing more comes."""
        return self.socket.poll(300) == 0

    def close(self):
        self.socket.close(0)


def setup(env):
    if zmq is None:
        raise Skip("python3-zmq is not installed")
    env.address = f"tcp://127.0.0.1:{free_port()}"
    env.second = f"unix:{env.path('zmq.sock')}"
    env.share("-mocktime=1800000000", *[f"-zmqpub{topic}={env.address}" for topic in TOPICS], f"-zmqpubhashblock={env.second}",
              "-zmqpubhashtxhwm=5000")
    env.purse = Purse(env.node)


def listen(env, *topics, address=None):
    """A listener that has already heard a block, so that nothing is missed."""
    heard = Listener(address or env.address, *topics, "hashblock")
    for _ in range(100):
        block = env.node.mine()[0]
        if heard.socket.poll(300):
            break
    while heard.take() != ("hashblock", bytes.fromhex(block)):
        pass
    while not heard.quiet():
        heard.take()
    return heard


def test_list(env):
    rows = env.rpc.getzmqnotifications()
    check.equal(len(rows), len(TOPICS) + 1)
    check.contains(rows, {"type": "pubhashtx", "address": env.address, "hwm": 5000})
    check.contains(rows, {"type": "pubhashblock", "address": env.second, "hwm": 1000})


def test_blocks(env):
    heard = listen(env, "rawblock")
    other = listen(env, address=env.second.replace("unix:", "ipc://"))
    while not heard.quiet():
        heard.take()
    block = env.node.mine()[0]
    got = dict(heard.some(2))
    check.equal((got["hashblock"].hex(), got["rawblock"].hex()), (block, env.rpc.getblock(block, 0)))
    check.equal(other.take(), ("hashblock", bytes.fromhex(block)), "at the second address")
    heard.close()
    other.close()


def test_transactions(env):
    heard = listen(env, "hashtx", "rawtx")
    tx = Tx(2).spend(env.purse.coins.pop(0), 0).pay(4 * COIN, OP_TRUE)
    txid = env.rpc.sendrawtransaction(tx.hex(), 0)
    check.equal(heard.some(2), [("hashtx", bytes.fromhex(txid)), ("rawtx", bytes.fromhex(tx.hex()))])
    block = env.rpc.generatetodescriptor(1, "raw(51)")[0]
    got = heard.some(5)
    check.equal([body.hex() for topic, body in got if topic == "hashtx"], env.rpc.getblock(block)["tx"])
    check.equal([body.hex() for topic, body in got if topic == "rawtx"], [row["hex"] for row in env.rpc.getblock(block, 2)["tx"]])
    env.rpc.invalidateblock(block)
    check.equal([body.hex() for topic, body in heard.some(6) if topic == "hashtx"][-1], txid, "back in the mempool")
    check.true(heard.quiet(), "no new tip, so no hashblock")
    env.rpc.reconsiderblock(block)
    check.equal([body.hex() for topic, body in heard.some(5) if topic == "hashblock"], [block])
    heard.close()


def test_sequence(env):
    """C and D for blocks, A and R for the mempool with the number of the change."""
    heard = listen(env, "sequence")
    coin = env.purse.coins.pop(0)
    first = env.rpc.sendrawtransaction(Tx(2).spend(coin, 0).pay(40 * COIN, OP_TRUE).hex(), 0)
    second = env.rpc.sendrawtransaction(Tx(2).spend(coin, 0).pay(30 * COIN, OP_TRUE).hex(), 0)
    got = [body for _, body in heard.some(3)]
    check.equal([(body[:32].hex(), body[32:33]) for body in got], [(first, b"A"), (first, b"R"), (second, b"A")])
    numbers = [struct.unpack("<Q", body[33:])[0] for body in got]
    check.equal(numbers, [numbers[0], numbers[0] + 1, numbers[0] + 2])
    check.equal(env.rpc.getrawmempool(False, True), {"txids": [second], "mempool_sequence": numbers[2]})
    block = env.rpc.generatetodescriptor(1, "raw(51)")[0]
    got = heard.some(2)
    check.equal({(topic, body) for topic, body in got}, {("sequence", bytes.fromhex(block) + b"C"), ("hashblock", bytes.fromhex(block))})
    check.true(heard.quiet(), "what a block takes is not told as removed")
    env.rpc.invalidateblock(block)
    got = dict((body[:32].hex(), body[32:33]) for _, body in heard.some(2))
    check.equal(got, {block: b"D", second: b"A"}, "back in the mempool")
    env.rpc.reconsiderblock(block)
    heard.close()


def test_names(env):
    heard = listen(env, "name")
    tx = env.purse.transaction({"dns:zmq.coin": "A=192.0.2.1", b"\xff\x00": b"\xfe"})
    txid = env.rpc.sendrawtransaction(tx.hex(), 0)
    got = [json.loads(body) for _, body in heard.some(2)]
    check.equal([(row["state"], row["height"], row["txid"], row["vout"], row["op"], row["days"]) for row in got],
                [("mempool", -1, txid, 0, "name_new", 30), ("mempool", -1, txid, 1, "name_new", 30)])
    check.equal((got[0]["name"], got[0]["value"]), ("dns:zmq.coin", "A=192.0.2.1"))
    check.equal((got[1]["name"], got[1]["name_encoding"], got[1]["value"], got[1]["value_encoding"]), ("ff00", "hex", "fe", "hex"))
    block = env.rpc.generatetodescriptor(1, "raw(51)")[0]
    got = [json.loads(body) for topic, body in heard.some(3) if topic == "name"]
    check.equal([(row["state"], row["height"], row["block"]) for row in got], [("connected", env.rpc.getblockcount(), block)] * 2)
    check.equal(got[0]["address"], env.rpc.name_show("dns:zmq.coin")["address"])
    env.rpc.invalidateblock(block)
    got = [json.loads(body)["state"] for _, body in heard.some(4)]
    check.equal(sorted(got), ["disconnected"] * 2 + ["mempool"] * 2)
    env.rpc.reconsiderblock(block)
    heard.close()


def test_call_rewards(env):
    env.need_wallet()
    address = f"unix:{env.path('reward.sock')}"
    fresh = Env(env.programs, env.path("rewards"))
    env.nodes.append(fresh.share(f"-mocktime={START}", f"-zmqpubcallreward={address}", f"-zmqpubhashblock={address}"))
    fund(fresh.node, 150)
    prepare(fresh)
    heard = listen(fresh, "callreward", address=address.replace("unix:", "ipc://"))
    made = batch(fresh, -2 * DAY, -DAY)
    txid = fresh.rpc.sendrawtransaction(signed(fresh, made.claim(bond(fresh, 10), 1_000_000)))
    wanted = {"txid": txid, "caller": "enum:%d:%d" % CALLER, "callee": "enum:%d:%d" % CALLEE, "period_start": made.start, "period_end": made.end,
              "calls": made.calls, "minutes": made.minutes, "claim": 0.01, "root": made.root[::-1].hex()}
    check.equal(json.loads(heard.take()[1]), {"state": "mempool", "height": -1, **wanted})
    block = fresh.node.mine()[0]
    got = [json.loads(body) for topic, body in heard.some(2) if topic == "callreward"]
    check.equal(got, [{"state": "connected", "height": fresh.rpc.getblockcount(), "block": block, **wanted}])
    heard.close()
    fresh.node.stop()


def test_slow_listener(env):
    """One that does not read costs no memory beyond its mark, and blocks do not wait for it."""
    address = f"tcp://127.0.0.1:{free_port()}"
    node = env.start("-mocktime=1800000000", f"-zmqpubrawblock={address}", "-zmqpubrawblockhwm=3")
    deaf = zmq.Context.instance().socket(zmq.SUB)
    deaf.setsockopt(zmq.RCVHWM, 1)
    deaf.setsockopt_string(zmq.SUBSCRIBE, "rawblock")
    deaf.connect(address)
    hashes = node.mine(400)
    check.equal(node.rpc.getblockcount(), 400)
    numbers = []
    while deaf.poll(1000):
        _, body, number = deaf.recv_multipart()
        numbers.append(struct.unpack("<I", number)[0])
        digest = hashlib.sha256(hashlib.sha256(body[:80]).digest()).digest()[::-1].hex()
        check.contains(hashes, digest, "what comes is whole")
    check.equal(numbers, sorted(set(numbers)), "in order")
    deaf.close(0)
    node.stop()


def test_addresses(env):
    for bad in ("nonsense", "tcp://127.0.0.1", "tcp://192.0.2.77:28332", "tcp://127.0.0.1:99999", "unix:/nowhere/at/all", env.address):
        check.contains(env.make(f"-zmqpubhashtx={bad}").fails_to_start(), "cannot listen on " + bad)
    check.contains(env.make("-zmqpubhashtxhwm=-1").fails_to_start(), "zmqpubhashtxhwm")
    plain = env.start()
    check.equal(plain.rpc.getzmqnotifications(), [])


if __name__ == "__main__":
    run(globals())
