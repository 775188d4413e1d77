#!/usr/bin/env python3
"""A number on the chain answers a DNS query: what dig sees, and how soon."""

import subprocess
import time

from framework import check
from framework.dns import Client, enum_name
from framework.numbers import NUMBER, REGEXP, ROUTE, fund, register, signed_value, verifier
from framework.suite import need, run

NAME = f"enum:{NUMBER}:0"
LINE = '100 10 "u" "E2U+sip" "!^(.*)$!sip:17772325555@in.callcentric.com!" .'


def setup(env):
    env.toll_free = env.path("tollfree.txt")
    env.toll_free.write_text("# nothing yet\n")
    env.share("-mocktime=1800000000", "-emcdns=1", "-enumtrust=ver:enum", f"-enumtollfree={env.toll_free}",
              "-enumtollfree=@enum:tollfree")
    env.need_wallet()
    env.dns = Client(env.node.dns_port)
    fund(env.node)
    verifier(env.node)


def dig(env, *words):
    done = subprocess.run([need("dig"), "-p", str(env.node.dns_port), "@127.0.0.1", *words], capture_output=True,
                          text=True, timeout=30, check=False)
    check.equal(done.returncode, 0, done.stderr)
    return done.stdout


def visible(env, name, wanted):
    """The change is seen at the latest one second after the block."""
    begin = time.monotonic()
    check.within(1, lambda: env.dns.naptr(name) == wanted, f"{name} gives {env.dns.naptr(name)} instead of {wanted}")
    return time.monotonic() - begin


def test_without_signature_nxdomain(env):
    env.rpc.name_new(NAME, ROUTE, 365)
    env.node.mine()
    check.equal(env.dns.naptr("53995390081.enum"), "NXDOMAIN")
    text = dig(env, "-t", "naptr", "53995390081.enum")
    check.contains(text, "status: NXDOMAIN")
    check.contains(text, "SOA")


def test_signed_answer_as_dig_shows_it(env):
    owner = env.rpc.name_show(NAME)["address"]
    env.rpc.name_update(NAME, signed_value(env.node, NUMBER, owner), 0)
    env.rpc.generatetodescriptor(1, "raw(51)")
    visible(env, "53995390081.enum", [REGEXP])
    for name in ("53995390081.enum", "5.3.9.9.5.3.9.0.0.8.1.enum", "53995390081.EnUm.", "5399539-008-1.enum"):
        check.equal(dig(env, "-t", "naptr", "+short", name), LINE + "\n", name)
    text = dig(env, "-t", "naptr", enum_name(NUMBER))
    for part in ("status: NOERROR", "flags: qr aa", "ANSWER: 1", "udp: 1232"):
        check.contains(text, part)
    check.true("malformed" not in text and "extra bytes" not in text, text)


def test_answer_as_kdig_shows_it(env):
    done = subprocess.run([need("kdig"), "-p", str(env.node.dns_port), "@127.0.0.1", "-t", "NAPTR", "+short",
                           enum_name(NUMBER)], capture_output=True, text=True, timeout=30, check=True)
    check.equal(done.stdout, LINE + "\n")


def test_natural_order_is_an_option(env):
    check.equal(env.dns.naptr(f"{NUMBER}.enum"), "NXDOMAIN")
    node = env.start("-emcdns=1", "-enumnatural=1", "-enumtrust=ver:enum", "-mocktime=1800000000")
    for height in range(1, env.rpc.getblockcount() + 1):
        node.rpc.submitblock(env.rpc.getblock(env.rpc.getblockhash(height), 0))
    other = Client(node.dns_port)
    check.soon(lambda: other.naptr(f"{NUMBER}.enum") == [REGEXP], "natural order")
    check.equal(other.naptr("53995390081.enum"), [REGEXP])
    node.stop()


def test_other_types_and_digits(env):
    for kind in ("A", "TXT", "MX", "ANY"):
        answer = env.dns.ask(enum_name(NUMBER), kind)
        if kind != "ANY":
            check.equal((answer.rcode, answer.answers, answer.authority[0][1]), ("NOERROR", [], "SOA"), kind)
    for part in ("9.0.0.8.1.enum", "8.1.enum", "1.enum"):
        answer = env.dns.ask(part, "NAPTR")
        check.equal((answer.rcode, answer.answers), ("NOERROR", []), f"{part}: a number lies below")
    check.equal(env.dns.naptr("1.5.3.9.9.5.3.9.0.0.8.1.enum"), "NXDOMAIN", "one digit more")
    check.equal(env.dns.naptr(enum_name("4930123456")), "NXDOMAIN")


def test_updates_are_seen_within_a_second(env):
    owner = env.rpc.name_show(NAME)["address"]
    for i in range(5):
        route = f"E2U+sip=100|10|!^.*$!sip:{i}@new.example!"
        env.rpc.name_update(NAME, signed_value(env.node, NUMBER, owner, routes=route), 0)
        env.rpc.generatetodescriptor(1, "raw(51)")
        visible(env, enum_name(NUMBER), [f"!^.*$!sip:{i}@new.example!"])


def test_reorganisation_takes_answers_away(env):
    number = "18009350010"
    register(env.node, number)
    hashed = env.rpc.getbestblockhash()
    visible(env, enum_name(number), [REGEXP])
    env.rpc.invalidateblock(hashed)
    visible(env, enum_name(number), "NXDOMAIN")
    env.rpc.reconsiderblock(hashed)
    visible(env, enum_name(number), [REGEXP])


def test_signature_and_record_expire(env):
    register(env.node, "18009350011", expiry=1800000060)
    check.equal(env.dns.naptr(enum_name("18009350011")), [REGEXP])
    check.true(env.dns.ask(enum_name("18009350011"), "NAPTR").answers[0][2] <= 60, "TTL beyond the signature")
    env.rpc.setmocktime(1800000061)
    check.equal(env.dns.naptr(enum_name("18009350011")), "NXDOMAIN")
    env.rpc.setmocktime(1800000000)
    register(env.node, "18009350012", days=1)
    env.node.mine(167)
    check.equal(env.dns.naptr(enum_name("18009350012")), [REGEXP])
    env.node.mine(2)
    check.equal(env.dns.naptr(enum_name("18009350012")), "NXDOMAIN")


def test_several_slots_and_ttl(env):
    number = "18009350013"
    register(env.node, number, routes="E2U+sip=200|1|!^.*$!sip:b@x.example!\nTTL=500")
    register(env.node, number, slot=1, routes="E2U+sip=100|1|!^.*$!sip:a@x.example!\nTTL=300")
    check.equal(env.dns.naptr(enum_name(number)), ["!^.*$!sip:a@x.example!", "!^.*$!sip:b@x.example!"])
    check.equal({row[2] for row in env.dns.ask(enum_name(number), "NAPTR").answers}, {300})


def test_large_answer_is_cut_between_records(env):
    """What does not fit is left out whole, TC is set, and with EDNS more fits."""
    number = "18009350014"
    routes = "\n".join(f"E2U+sip=100|{i}|!^.*$!sip:{'x' * 100}{i}@long.example!" for i in range(16))
    register(env.node, number, routes=routes)
    small = env.dns.ask(enum_name(number), "NAPTR", None)
    check.equal((small.truncated, small.edns), (True, None))
    check.true(len(small.packet) <= 512 and 1 <= len(small.answers) < 16, f"{len(small.answers)} records")
    large = env.dns.ask(enum_name(number), "NAPTR", 4096)
    check.true(len(large.packet) <= 1232 and len(large.answers) > len(small.answers), "EDNS gives no more room")
    check.equal(large.truncated, True)
    check.equal([row[3][1] for row in large.answers], list(range(len(large.answers))), "the best come first")


def test_toll_free_file_is_read_again(env):
    name = enum_name("18885551234")
    check.equal(env.dns.naptr(name), "NXDOMAIN")
    env.toll_free.write_text("=1888[0-9]*\nE2U+sip=100|10|!^.*$!sip:tf@free.example!\n")
    check.soon(lambda: env.dns.naptr(name) == ["!^.*$!sip:tf@free.example!"], "the file is not read")
    answer = env.rpc.enum_resolve("18885551234")
    check.equal((answer["found"], answer["routes"][0]["uri"]), (True, "sip:tf@free.example"))
    env.toll_free.write_text("=1877[0-9]*\nE2U+sip=100|10|!^.*$!sip:other@free.example!\n")
    check.soon(lambda: env.dns.naptr(name) == "NXDOMAIN", "the old rule holds on")
    check.equal(env.dns.naptr(enum_name("18775551234")), ["!^.*$!sip:other@free.example!"])


def test_toll_free_on_the_chain(env):
    name = enum_name("18665551234")
    env.rpc.name_new("enum:tollfree", "=1866[0-9]*\nE2U+sip=100|10|!^.*$!sip:chain@free.example!", 30)
    env.node.mine()
    visible(env, name, ["!^.*$!sip:chain@free.example!"])
    env.rpc.name_delete("enum:tollfree")
    env.node.mine()
    visible(env, name, "NXDOMAIN")


def test_verifier_deleted(env):
    env.rpc.name_delete("ver:enum")
    env.node.mine()
    visible(env, enum_name(NUMBER), "NXDOMAIN")
    env.rpc.invalidateblock(env.rpc.getbestblockhash())
    check.within(1, lambda: env.dns.naptr(enum_name(NUMBER)) != "NXDOMAIN", "the verifier is back, the number not")


def test_counters(env):
    info = env.rpc.getdnsinfo()
    check.equal((info["running"], info["enumtrust"]), (True, ["ver:enum"]))
    check.true(info["queries"] > 50 and info["nxdomain"] > 5 and info["truncated"] >= 2 and info["dropped"] == 0, str(info))
    check.contains(str(info["listen"]), "127.0.0.1")
    check.contains(env.node.cli("-getinfo").stdout, "DNS: running, ")


def test_a_toll_free_file_beside_the_data(env):
    """A path without a folder of its own begins in the network's, as those of other options do."""
    (env.node.network / "own-rules.txt").write_text("=1855[0-9]*\nE2U+sip=100|10|!^.*$!sip:own@free.example!\n")
    env.node.restart("-enumtollfree=@enum:nothing| own-rules.txt")
    check.soon(lambda: env.dns.naptr(enum_name("18555551234")) == ["!^.*$!sip:own@free.example!"], "the file is not read")


if __name__ == "__main__":
    run(globals())
