#!/usr/bin/env python3
"""Packets no proper client sends: the RFC's rcode or silence, never a crash, never bytes of somebody else."""

import random
import socket
import struct

from framework import check
from framework.dns import Answer, Client, Stream, encode_name, header, opt, query_packet, question
from framework.names import Purse
from framework.node import memory_kib
from framework.suite import run


def setup(env):
    env.share("-mocktime=1800000000", "-emcdns=1")
    env.dns = Client(env.node.dns_port, timeout=2)
    Purse(env.node, 1).register({"dns:good.coin": "A=192.0.2.1"})
    check.within(5, lambda: env.dns.ask("good.coin").answers, "not served")


def alive(env):
    check.equal(env.dns.ask("good.coin").data("A"), ["192.0.2.1"])


def rcode(env, packet):
    """The rcode answered, or None for silence."""
    raw = env.dns.exchange(packet, 0.3)
    if raw is None:
        return None
    ident, flags = struct.unpack(">HH", raw[:4])
    check.equal((ident, flags >> 15), (struct.unpack(">H", packet[:2])[0], 1), "id and QR")
    return Answer(raw).rcode if flags & 15 != 1 else "FORMERR"


def test_too_short_is_not_answered(env):
    for size in range(0, 12):
        check.equal(env.dns.exchange(header()[:size], 0.05), None, f"{size} bytes")
    alive(env)


def test_answers_are_not_answered(env):
    for packet in (query_packet("good.coin", flags=0x8180), query_packet("good.coin", flags=0x8000), b"\xff" * 40):
        check.equal(env.dns.exchange(packet, 0.1), None)
    alive(env)


def test_opcodes(env):
    for opcode in range(1, 16):
        check.equal(rcode(env, query_packet("good.coin", flags=opcode << 11)), "NOTIMP", f"opcode {opcode}")


def test_question_counts(env):
    one = question("good.coin")
    check.equal(rcode(env, header(counts=(0, 0, 0, 0))), "FORMERR")
    check.equal(rcode(env, header(counts=(2, 0, 0, 0)) + one + one), "FORMERR")
    check.equal(rcode(env, header(counts=(2, 0, 0, 0)) + one), "FORMERR")
    check.equal(rcode(env, header(counts=(65535, 0, 0, 0)) + one), "FORMERR")
    check.equal(rcode(env, header() + one + b"more"), "FORMERR")
    check.equal(rcode(env, header(counts=(1, 1, 0, 0)) + one + b"\0\0\x01\0\x01\0\0\0\0\0\0"), "FORMERR")


def test_cut_questions(env):
    whole = header() + question("good.coin")
    for size in range(12, len(whole)):
        check.equal(rcode(env, whole[:size]), "FORMERR", f"{size} bytes")


def test_names(env):
    tail = struct.pack(">HH", 1, 1)
    loop = b"\xc0\x0c"
    for name, what in ((loop, "a pointer to itself"), (b"\x01a\xc0\x0c", "a loop"), (b"\xc0\xff", "a pointer outside"),
                       (b"\xff\xff\xff", "pointers only"), (b"\x40" + b"a" * 64 + b"\0", "label type 01"),
                       (b"\x80a\0", "label type 10"), ((b"\x3f" + b"a" * 63) * 4 + b"\0", "257 bytes"),
                       (b"\x3fabc", "a label beyond the end")):
        check.equal(rcode(env, header() + name + tail), "FORMERR", what)
    check.equal(rcode(env, header() + b"\0" + tail), "REFUSED", "the root")
    check.equal(rcode(env, header() + b"\x04good\x04\x00\xff\x80." b"\x04coin\0" + tail), "NXDOMAIN", "any byte in a label")
    check.equal(rcode(env, header() + encode_name("a." * 100 + "coin") + tail), "REFUSED", "more labels than a zone takes")
    alive(env)


def test_classes_and_types(env):
    for klass in (0, 2, 3, 4, 254, 65535):
        check.equal(rcode(env, header() + question("good.coin", "A", klass)), "REFUSED", f"class {klass}")
    for kind in (251, 252):
        check.equal(rcode(env, header() + question("good.coin", kind)), "REFUSED", f"transfer {kind}")
    for kind in (41, 128, 249, 250, 253, 254):
        check.equal(rcode(env, header() + question("good.coin", kind)), "NOTIMP", f"meta type {kind}")
    check.equal(rcode(env, header() + question("good.coin", 65280)), "NOERROR", "a private type")


def test_edns(env):
    def ask(tail):
        return env.dns.exchange(header(counts=(1, 0, 0, 1)) + question("good.coin") + tail, 0.3)

    good = Answer(ask(opt()))
    check.equal((good.rcode, good.edns["rcode"], good.data("A")), ("NOERROR", 0, ["192.0.2.1"]))
    check.equal(Answer(ask(opt(version=1))).edns["rcode"], 16, "BADVERS")
    check.equal(rcode(env, header(counts=(1, 0, 0, 2)) + question("good.coin") + opt() + opt()), "FORMERR", "two OPT")
    check.equal(rcode(env, header(counts=(1, 0, 0, 1)) + question("good.coin") + opt()[:-1]), "FORMERR", "cut OPT")
    unknown = opt(options=struct.pack(">HH", 65001, 4) + b"abcd")
    check.equal(Answer(ask(unknown)).data("A"), ["192.0.2.1"], "an unknown option")
    broken = opt(options=struct.pack(">HH", 10, 40) + b"abcd")
    check.equal(rcode(env, header(counts=(1, 0, 0, 1)) + question("good.coin") + broken), "FORMERR", "option beyond OPT")


SEEDS = [query_packet("good.coin", "A", 1232), query_packet("good.coin", "TXT"),
         query_packet("5.3.9.9.5.3.9.0.0.8.1.enum", "NAPTR", 4096),
         header(counts=(1, 0, 0, 1)) + question("good.coin") + opt(options=struct.pack(">HH", 10, 24) + bytes(range(24))),
         header(counts=(1, 0, 0, 1)) + question("good.coin") + opt(options=struct.pack(">HHHHHH", 3, 0, 11, 0, 12, 0)),
         header(counts=(1, 0, 1, 0)) + question("coin", 251) + b"\xc0\x0c" + struct.pack(">HHIH", 6, 1, 0, 0)]


def damaged(rng):
    """A packet with some bytes changed, perhaps cut or with bytes of another one behind."""
    packet = bytearray(rng.choice(SEEDS))
    for _ in range(rng.randint(1, 5)):
        packet[rng.randrange(len(packet))] = rng.choice((0, 1, 0x3f, 0x40, 0xc0, 0xff, rng.randrange(256)))
    way = rng.random()
    if way < 0.25:
        return bytes(packet[:rng.randint(1, len(packet))])
    if way < 0.3:
        return bytes(packet) + rng.choice(SEEDS)
    return bytes(packet)


def test_random_packets(env):
    """10,000 damaged packets: whatever comes back parses, repeats the id, and is no longer than allowed."""
    rng = random.Random(20261121)
    before = memory_kib(env.node.process.pid)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.connect(("127.0.0.1", env.node.dns_port))
        connection.settimeout(0.001)
        answers = 0
        for _ in range(10_000):
            connection.send(damaged(rng))
            try:
                raw = connection.recv(65535)
            except socket.timeout:
                continue
            answers += 1
            check.true(len(raw) <= 1232 and raw[2] & 0x80, "an answer that is none")
            Answer(raw)
    check.true(answers > 5000, f"only {answers} answers")
    alive(env)
    check.true(memory_kib(env.node.process.pid) - before < 20_000, "memory grows")
    check.true(env.node.running(), "the node is gone")


def test_random_packets_over_tcp(env):
    """The same over connections: each is answered, or the connection ends. A good question behind each tells which; answers
    may come in another order."""
    rng = random.Random(20261122)
    answers = ended = 0
    tcp = Stream(env.node.dns_port)
    for turn in range(10_000):
        packet, ident = damaged(rng), 0x8000 + turn
        try:
            tcp.send(packet)
            tcp.send(query_packet("good.coin", "A", ident=ident))
            answer = tcp.receive()
            while answer.ident != ident or answer.data("A") != ["192.0.2.1"]:
                answers += 1
                answer = tcp.receive()
        except ConnectionError:
            ended += 1
            check.true(len(packet) < 12 or packet[2] & 0x80, f"ended after {packet.hex()}")
            tcp.close()
            tcp = Stream(env.node.dns_port)
    tcp.close()
    check.true(answers > 6000 and ended > 100, f"{answers} answers, {ended} connections ended")
    alive(env)


def test_huge_packets(env):
    check.equal(rcode(env, header() + question("good.coin") + bytes(60_000)), "FORMERR")
    alive(env)


def test_no_other_addresses(env):
    """Only loopback is listened on unless told otherwise."""
    listening = [line.split()[1] for path in ("/proc/net/udp", "/proc/net/udp6") for line in _lines(path)]
    port = f":{env.node.dns_port:04X}"
    mine = [text[:-5] for text in listening if text.endswith(port)]
    check.true(mine != [], "not listening at all")
    check.equal(set(mine) - {"0100007F", "00000000000000000000000001000000"}, set())


def _lines(path):
    try:
        with open(path, encoding="ascii") as text:
            return text.readlines()[1:]
    except OSError:
        return []


def test_port_in_use(env):
    other = env.make("-emcdns=1")
    other.dns_port = env.node.dns_port
    text = other.fails_to_start()
    check.contains(text, str(env.node.dns_port))


if __name__ == "__main__":
    run(globals())
