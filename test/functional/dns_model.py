#!/usr/bin/env python3
"""DNS says at every height what the chain holds: random operations on names, reorganisations, restarts, expiry. A model written
from doc/dns-operator.md answers from name_show; the node must agree after each step, and copies kept by its changes (IXFR) with whole
ones (AXFR). Then, many names: none is missed while they are read at the start."""

import hashlib
import os
import random
import subprocess
import time

from framework import check
from framework.chain import NAME_VERSION, OP_TRUE, Tx, name_script
from framework.dns import Client, enum_name
from framework.names import OWNER
from framework.rpc import RpcError
from framework.suite import need, run

ANYBODY = b"\0\x20" + hashlib.sha256(OP_TRUE).digest()  # whoever shows OP_TRUE may spend
COIN = 10 ** 8
DOMAINS = ([f"n{i}.coin" for i in range(12)] + [f"s{j}.n{i}.coin" for i in range(5) for j in range(2)] + [f"x.y.m{i}.coin" for i in range(3)])
ASKED = DOMAINS + ["zz.n1.coin", "s0.n7.coin", "y.m1.coin", "m1.coin", "m0.coin", "q.x.y.m2.coin"]
NUMBERS = [f"4930{i}" for i in range(1000, 1005)]
SLOTS = 3
STEPS = int(os.environ.get("EMC_DNS_STEPS", "30"))
MANY = 24_000


def setup(env):
    env.random = random.Random(int(os.environ.get("EMC_DNS_SEED", "20261122")))
    env.time = 1_800_000_000
    env.share(f"-mocktime={env.time}", "-emcdns=1", "-emcdnsallowed=.coin|~open", "-emcdnsxfr=127.0.0.1")
    env.dns = Client(env.node.dns_port)
    env.rpc.generatetodescriptor(320, "raw(51)")
    env.copies = [Copy("coin"), Copy("open")]
    env.coins = [env.rpc.getblock(env.rpc.getblockhash(height))["tx"][0] for height in range(1, 200)]


def alive(env, name):
    """What name_show says of a live name, else None."""
    try:
        record = env.rpc.name_show(name)
    except RpcError:
        return None
    return record if record["expires_in"] >= 0 else None


def tick(env):
    """Blocks made anew must not be those that were given up."""
    env.time += 7
    env.rpc.setmocktime(env.time)


class Model:
    """The names as the chain has them now, and what follows from them."""

    def __init__(self, env):
        found = {name: alive(env, f"dns:{name}") for name in DOMAINS}
        self.live = {name: dict(token.split("=", 1) for token in record["value"].split("|")) for name, record in found.items() if record}
        self.routes = {number: self.of_number(env, number) for number in NUMBERS}

    @staticmethod
    def of_number(env, number):
        lines = []
        for slot in range(SLOTS):
            record = alive(env, f"open:{number}:{slot}")
            lines += record["value"].split("\n") if record else []
        rows = sorted((int(line.split("|")[1]), line.split("|")[2]) for line in lines if line.startswith("E2U"))
        return [row[1] for row in rows] or "NXDOMAIN"

    def domain(self, name):
        labels = name.split(".")
        at = len(labels) - 2
        while True:
            here = ".".join(labels[at:])
            if here not in self.live:
                return "NODATA" if any(other.endswith("." + name) for other in self.live) else "NXDOMAIN"
            value = self.live[here]
            led_on = at > 0 and (value.get("SD") == "*" or labels[at - 1] in value.get("SD", "").split(","))
            if not led_on:
                break
            at -= 1
        if at > 0 and "NS" in value:
            return f"referral at {here}"
        if "A" in value:
            return value["A"]
        if "CNAME" in value:
            return f"alias {value['CNAME']}"
        return f"referral at {here}" if "NS" in value else "NODATA"


def answered(env, name):
    """The node's answer in the words of the model."""
    answer = env.dns.ask(name)
    for kind, form in (("CNAME", "alias {}"), ("A", "{}")):
        rows = [row[3] for row in answer.answers if row[1] == kind]
        if rows:
            return form.format(rows[0].rstrip("."))
    if answer.rcode == "NXDOMAIN":
        return "NXDOMAIN"
    servers = [row[0] for row in answer.authority if row[1] == "NS"]
    return f"referral at {servers[0].rstrip('.')}" if servers else "NODATA"


def transfer(env, zone, kind):
    """The records of a transfer in their order, a line of text each."""
    text = subprocess.run([need("dig"), "@127.0.0.1", "-p", str(env.node.dns_port), zone, "+tcp", "+onesoa", "+noall", "+answer", "-t", kind],
                          capture_output=True, text=True, timeout=30, check=True).stdout
    return [" ".join(line.split()) for line in text.splitlines() if line and not line.startswith(";")]


def serial_of(line):
    return int(line.split()[6])


class Copy:
    """A zone as a secondary keeps it."""

    def __init__(self, zone):
        self.zone, self.serial, self.records, self.changes = zone, None, set(), 0

    def whole(self, rows):
        self.serial, self.records = serial_of(rows[0]), {row for row in rows if " SOA " not in row}

    def follow(self, env):
        if self.serial is None:
            self.whole(transfer(env, self.zone, "AXFR"))
            return
        rows = transfer(env, self.zone, f"IXFR={self.serial}")
        starts = [i for i, row in enumerate(rows) if " SOA " in row]
        if len(rows) > 1 and len(starts) <= 2 and starts[-1] in (0, len(rows) - 1):
            self.whole(rows)
            return
        for old, new, end in zip(starts[1:-1:2], starts[2:-1:2], starts[3::2]):
            check.equal(serial_of(rows[old]), self.serial, f"{self.zone}: changes begin at another serial")
            gone, come = set(rows[old + 1:new]), set(rows[new + 1:end])
            check.true(gone <= self.records and not come & (self.records - gone), f"{self.zone}: takes away what is not there, or adds what is: {rows}")
            self.serial, self.records, self.changes = serial_of(rows[new]), self.records - gone | come, self.changes + 1
        check.equal(self.serial, serial_of(rows[0]), self.zone)


def copies_agree(env, step):
    for copy in env.copies:
        copy.follow(env)
        whole = transfer(env, copy.zone, "AXFR")
        check.equal(sorted(copy.records), sorted({row for row in whole if " SOA " not in row}), f"{step}: the copy of {copy.zone}")
        check.equal(copy.serial, serial_of(whole[0]), f"{step}: {copy.zone}")


def agree(env, step):
    env.rpc.syncwithvalidationinterfacequeue()
    copies_agree(env, step)
    model = Model(env)
    for name in ASKED:
        check.equal(answered(env, name), model.domain(name), f"{step}, height {env.rpc.getblockcount()}: {name}")
    for number in NUMBERS:
        check.equal(env.dns.naptr(enum_name(number, "open")), model.routes[number], f"{step}: {number}")


def value_for(env, name):
    draw = env.random.random
    if name.startswith("open:"):
        return f"E2U+sip=100|{env.random.randrange(10 ** 4)}|!^.*$!sip:{env.random.randrange(10 ** 6)}@h.test!" + ("\nTTL=60" if draw() < 0.3 else "")
    if draw() < 0.1:
        return f"CNAME=n{env.random.randrange(12)}.coin"
    if draw() < 0.1:
        return "NS=ns.example"
    text = f"A=10.{env.random.randrange(256)}.{env.random.randrange(256)}.{env.random.randrange(1, 255)}"
    text += "|SD=" + env.random.choice(["s0", "s1", "s0,s1", "*"]) if draw() < 0.5 else ""
    return text + ("|NS=ns.example" if draw() < 0.2 else "")


def block_of_operations(env):
    """One transaction that makes, changes and deletes some of the names; it may be refused by what a slot needs."""
    names = [f"dns:{name}" for name in DOMAINS] + [f"open:{number}:{slot}" for number in NUMBERS for slot in range(SLOTS)]
    tx = Tx(NAME_VERSION).spend(env.coins.pop(0), 0)
    for name in env.random.sample(names, env.random.randrange(1, 8)):
        record = alive(env, name)
        if record is None:
            tx.pay(10_000, name_script(1, name, ANYBODY, value_for(env, name), env.random.randrange(1, 3)))
            continue
        tx.spend(record["txid"], record["vout"], witness=[OP_TRUE])
        if env.random.random() < 0.3:
            tx.pay(10_000, name_script(3, name, ANYBODY))
        else:
            tx.pay(10_000, name_script(2, name, ANYBODY, value_for(env, name), 0))
    env.rpc.generateblock("raw(51)", [tx.pay(COIN, OP_TRUE).hex()])


def reorganise(env):
    depth = env.random.randrange(1, 6)
    first = env.rpc.getblockhash(env.rpc.getblockcount() - depth + 1)
    env.rpc.invalidateblock(first)
    agree(env, f"{depth} blocks undone")
    if env.random.random() < 0.3:
        env.rpc.reconsiderblock(first)
        return
    for _ in range(depth + 1):
        tick(env)
        env.rpc.generateblock("raw(51)", [])


def test_answers_follow_the_chain(env):
    made = 0
    for step in range(STEPS):
        tick(env)
        chance = env.random.random()
        if chance < 0.25 and made > 3:
            reorganise(env)
        elif chance < 0.3:
            env.node.restart(f"-mocktime={env.time}")
            env.rpc = env.node.rpc
            check.soon(lambda: env.dns.ask("coin", "SOA").rcode == "NOERROR", "not ready")
        elif chance < 0.36:
            env.node.mine(env.random.randrange(1, 90))  # some names live for a day only
        else:
            block_of_operations(env)
            made += 1
        agree(env, f"step {step}")
    check.true(made > STEPS // 3, f"{made} blocks with operations")
    check.true(sum(copy.changes for copy in env.copies) > made // 2, "the copies were made anew instead of following")


def register_many(env):
    for first in range(0, MANY, 1000):
        tx = Tx(NAME_VERSION).spend(env.coins.pop(0), 0)
        for i in range(first, first + 1000):
            name, value = (f"dns:k{i}.coin", f"A=10.1.{i >> 8}.{i & 255}") if i % 4 else (f"open:{10 ** 10 + i}:0", f"E2U+sip=100|10|!^.*$!sip:{i}@h.test!")
            tx.pay(10_000, name_script(1, name, OWNER, value, 30))
        env.rpc.generateblock("raw(51)", [tx.pay(COIN, OP_TRUE).hex()])


def test_no_name_is_missed_while_they_are_read(env):
    """From the first answer on, every name is answered rightly, whether read already or not."""
    register_many(env)
    env.node.stop()
    env.node.launch(f"-mocktime={env.time}")
    first = check.soon(lambda: env.dns.exchange(b"\0\1" + b"\0\0\0\1" + b"\0" * 6 + b"\4coin\0\0\6\0\1", 0.05), "no answer")
    check.true(first is not None, "no answer")
    end, asked = time.monotonic() + 2, 0
    while time.monotonic() < end or asked < 1000:
        i = env.random.randrange(MANY)
        if i % 4:
            check.equal(env.dns.ask(f"k{i}.coin").data("A"), [f"10.1.{i >> 8}.{i & 255}"], f"after {asked} answers")
        else:
            check.equal(env.dns.naptr(enum_name(str(10 ** 10 + i), "open")), [f"!^.*$!sip:{i}@h.test!"], f"after {asked} answers")
        asked += 1
    env.node.wait_ready()
    env.rpc = env.node.rpc


def test_what_ran_out_before_the_start_comes_back(env):
    """Undoing the block after a name's last one makes it live again, for a node that has only seen it expired, too."""
    tx = Tx(NAME_VERSION).spend(env.coins.pop(0), 0)
    for name, value in (("dns:a.b.short.coin", "A=192.0.2.1"), ("dns:short2.coin", "A=192.0.2.2"), ("open:17775550100:0", "E2U+sip=100|10|!^.*$!sip:100@h.test!")):
        tx.pay(10_000, name_script(1, name, OWNER, value, 1))
    env.rpc.generateblock("raw(51)", [tx.pay(COIN, OP_TRUE).hex()])
    env.node.mine(env.rpc.name_show("dns:short2.coin")["expires_in"] + 1)

    def seen():
        return env.dns.ask("b.short.coin").rcode, env.dns.ask("short2.coin").data("A"), env.dns.naptr(enum_name("17775550100", "open"))

    check.equal(seen(), ("NXDOMAIN", [], "NXDOMAIN"), "expired")
    read = env.node.log().count("DNS zone ready")
    env.node.restart(f"-mocktime={env.time}")
    env.rpc = env.node.rpc
    check.soon(lambda: env.node.log().count("DNS zone ready") > read, "the names are not read")
    check.equal(seen(), ("NXDOMAIN", [], "NXDOMAIN"), "expired, after a restart")
    env.rpc.invalidateblock(env.rpc.getbestblockhash())
    env.rpc.syncwithvalidationinterfacequeue()
    check.equal(seen(), ("NOERROR", ["192.0.2.2"], ["!^.*$!sip:100@h.test!"]), "after the last block was undone")


if __name__ == "__main__":
    run(globals())
