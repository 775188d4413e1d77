#!/usr/bin/env python3
"""Packets no proper client sends: the RFC's rcode or silence, never a crash, never bytes of somebody else."""

import random
import socket
import struct

from framework import check
from framework.dns import Answer, Client, Parser, Stream, encode_name, header, opt, query_packet, question
from framework.names import Purse
from framework.node import memory_kib
from framework.suite import run


def setup(env):
    env.share("-mocktime=1800000000", "-emcdns=1")
    env.dns = Client(env.node.dns_port, timeout=2)
    Purse(env.node, 1).register({"dns:good.coin": "A=192.0.2.1"})
    check.soon(lambda: env.dns.ask("good.coin").answers, "not served")


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


ZONES = (b"enum", b"coin", b"emc", b"lib", b"bazar")
OPT, TSIG, IXFR, AXFR, ANY = 41, 250, 251, 252, 255
BADVERS, NOTAUTH = 16, 9


def read_name(parser, pointers):
    """Labels; a pointer ends a name where one may stand, and is not followed."""
    labels, size = [], 0
    while (length := parser.take(1)[0]) != 0:
        if length >= 0xc0 and pointers:
            parser.take(1)
            return labels
        if length > 63:
            raise ValueError("label type")
        labels.append(parser.take(length))
        size += 1 + length
    if size + 1 > 255:
        raise ValueError("name is too long")
    return labels


def read_record(parser):
    owner = read_name(parser, True)
    kind, _, ttl, size = parser.number("HHIH")
    return owner, kind, ttl, parser.take(size)


def lawful(packet):
    """The rcodes RFC 1035, 6891, 7873, 8945 and this server's zones leave for a packet, read apart from the server; None: no reply is
    due."""
    if len(packet) < 12 or packet[2] & 0x80:
        return None
    parser = Parser(packet)
    _, flags, questions, answers, authorities, additionals = parser.number("HHHHHH")
    if flags >> 11 & 15:
        return {4}
    labels, kind, klass, kinds, versions, cookie = [], 0, 1, [], [], False
    try:
        if questions > 1 or answers or flags & 0x0200:
            raise ValueError("counts")
        if questions:
            labels = read_name(parser, False)
            kind, klass = parser.number("HH")
        if authorities > (kind == IXFR):
            raise ValueError("counts")
        for _ in range(authorities):
            read_record(parser)
        for _ in range(additionals):
            owner, other, ttl, data = read_record(parser)
            if other == OPT and (owner or OPT in kinds):
                raise ValueError("OPT")
            kinds.append(other)
            inside = Parser(data if other == OPT else b"")
            while inside.at < len(inside.packet):
                code, size = inside.number("HH")
                text = inside.take(size)
                if (code == 10 and size != 8 and not 16 <= size <= 40) or (code == 11 and text):
                    raise ValueError("option")
                cookie |= code == 10
            versions += [ttl >> 16 & 255] if other == OPT else []
        if parser.at != len(packet) or (not questions and (kinds != [OPT] or not cookie)):
            raise ValueError("what is left over, or nothing asked")
    except (ValueError, struct.error):
        return {1, NOTAUTH} if TSIG in kinds else {1}
    return ({1, NOTAUTH} if TSIG in kinds else set()) | verdict(labels, kind, klass, any(versions), questions)


def verdict(labels, kind, klass, later_edns, questions):
    """The same for a packet that is well-formed."""
    if later_edns:
        return {BADVERS}
    if not questions:
        return {0}  # a cookie is asked for (RFC 7873, 5.4)
    if klass != 1 or kind == AXFR:
        return {5}
    if kind == IXFR:
        return {1, 5}
    if kind == OPT or 128 <= kind < ANY:
        return {4}
    if not labels or labels[-1].lower() not in ZONES:
        return {5}
    return {0, 3, 5} if len(labels) > 20 else {0, 3}


def judge(packet, replies):
    """A reply if one is due and no more; its rcode is lawful. Gives how many."""
    wanted = lawful(packet)
    what = f"{packet.hex()}: {[raw.packet.hex() for raw in replies]}, rcode {wanted} is lawful"
    check.equal(len(replies), 0 if wanted is None else 1, what)
    for reply in replies:
        check.equal((reply.ident, reply.flags >> 15), (struct.unpack(">H", packet[:2])[0], 1), what)
        rcode = reply.edns["rcode"] if reply.edns else reply.flags & 15
        check.true(rcode in wanted, f"{what}, not {rcode}")
        check.true(rcode in (0, 3) or not reply.answers + reply.authority, what)
    return len(replies)


def good(turn):
    """A question whose answer tells that everything before it was read."""
    return 0x8000 + turn, query_packet("good.coin", "A", ident=0x8000 + turn)


def until(ident, due, receive):
    """What is received beside the answer to the good question; waits for both when another is due."""
    replies, seen = [], False
    while not seen or len(replies) < due:
        reply = receive()
        mine = not seen and reply.ident == ident and reply.data("A") == ["192.0.2.1"]
        seen = seen or mine
        replies += [] if mine else [reply]
    return replies


def test_random_packets(env):
    """10,000 damaged packets: whatever comes back parses, repeats the id, and is no longer than allowed. A good question behind each
    shows that nothing more comes."""
    rng = random.Random(20261121)
    before = memory_kib(env.node.process.pid)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.connect(("127.0.0.1", env.node.dns_port))
        connection.settimeout(5)
        answers = 0
        for turn in range(10_000):
            packet, (ident, behind) = damaged(rng), good(turn)
            connection.send(packet)
            connection.send(behind)
            replies = until(ident, lawful(packet) is not None, lambda: Answer(connection.recv(65535)))
            check.true(all(len(reply.packet) <= 1232 for reply in replies), "longer than allowed")
            answers += judge(packet, replies)
    check.true(answers > 8000, f"only {answers} answers")
    alive(env)
    check.true(memory_kib(env.node.process.pid) - before < 20_000, "memory grows")
    check.true(env.node.running(), "the node is gone")


def test_random_packets_over_tcp(env):
    """The same over connections: each is answered, or the connection ends. Answers may come in another order than questions."""
    rng = random.Random(20261122)
    answers = ended = 0
    tcp = Stream(env.node.dns_port)
    for turn in range(10_000):
        packet, (ident, behind) = damaged(rng), good(turn)
        try:
            tcp.send(packet)
            tcp.send(behind)
            answers += judge(packet, until(ident, lawful(packet) is not None, tcp.receive))
        except ConnectionError:
            ended += 1
            check.equal(lawful(packet), None, f"ended after {packet.hex()}")
            tcp.close()
            tcp = Stream(env.node.dns_port)
    tcp.close()
    check.true(answers > 8000 and ended > 100, f"{answers} answers, {ended} connections ended")
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
