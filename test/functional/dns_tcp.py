#!/usr/bin/env python3
"""DNS over TCP as RFC 7766 wants it, and clients that mean no good: cut messages, one byte at a time, crowds."""

import socket
import struct
import subprocess
import time

from framework import check
from framework.dns import Answer, Client, Stream, header, opt, query_packet, question
from framework.names import Purse
from framework.node import memory_kib
from framework.suite import need, run

KEEPALIVE = struct.pack(">HH", 11, 0)


def setup(env):
    env.share("-mocktime=1800000000", "-emcdns=1", "-emcdnsallowed=$enum|.coin", "-emcdnstcptimeout=3",
              "-emcdnstcpclients=1100", "-emcdnstcpperip=1050")
    env.dns = Client(env.node.dns_port)
    env.purse = Purse(env.node)
    env.purse.register({"dns:one.coin": "A=192.0.2.1",
                        "dns:big.coin": "TXT=" + ",".join(f"{i:02}" + "t" * 240 for i in range(60))})
    check.soon(lambda: env.dns.ask("one.coin").answers, "the names are not served")


def stream(env, timeout=5):
    return Stream(env.node.dns_port, timeout=timeout)


def test_an_answer_of_any_size(env):
    with stream(env) as tcp:
        cut = env.dns.ask("big.coin", "TXT")
        check.true(cut.truncated and len(cut.packet) <= 1232, "the UDP answer is to be cut")
        whole = tcp.ask("big.coin", "TXT")
        check.equal((whole.truncated, len(whole.data("TXT"))), (False, 60))
        check.true(len(whole.packet) > 14_000, str(len(whole.packet)))
        check.equal(tcp.ask("one.coin").data("A"), ["192.0.2.1"], "the connection goes on")


def test_many_questions_at_once(env):
    """Two hundred questions before the first answer is read: every one is answered."""
    count = 200
    with stream(env) as tcp:
        tcp.send_raw(b"".join(framed(query_packet("one.coin", ident=i)) for i in range(count)))
        answers = [tcp.receive() for _ in range(count)]
    check.equal(sorted(answer.ident for answer in answers), list(range(count)))
    check.equal({tuple(answer.data("A")) for answer in answers}, {("192.0.2.1",)})


def framed(packet):
    return struct.pack(">H", len(packet)) + packet


def test_one_byte_at_a_time(env):
    with stream(env) as tcp:
        for byte in framed(query_packet("one.coin")):
            tcp.send_raw(bytes([byte]))
        check.equal(tcp.receive().data("A"), ["192.0.2.1"])


def test_half_closed(env):
    """A client that has sent its last still gets its answers, then the end."""
    with stream(env) as tcp:
        tcp.send_raw(framed(query_packet("big.coin", "TXT")) * 3)
        tcp.socket.shutdown(socket.SHUT_WR)
        for _ in range(3):
            check.equal(len(tcp.receive().data("TXT")), 60)
        check.equal(tcp.socket.recv(1), b"", "the server ends it then")


def test_keepalive(env):
    packet = header(counts=(1, 0, 0, 1)) + question("one.coin") + opt(options=KEEPALIVE)
    with stream(env) as tcp:
        tcp.send_raw(framed(packet))
        check.equal(tcp.receive().edns["data"], struct.pack(">HHH", 11, 2, 30), "3 s in tenths of a second")
    check.equal(Answer(env.dns.exchange(packet)).edns["data"], b"", "not over UDP")
    wrong = header(counts=(1, 0, 0, 1)) + question("one.coin") + opt(options=struct.pack(">HHH", 11, 2, 50))
    with stream(env) as tcp:
        tcp.send_raw(framed(wrong))
        check.equal(tcp.receive().rcode, "FORMERR", "clients name no time")


def test_garbage(env):
    """Messages that cannot be answered end the connection, too long ones are refused, damaged ones answered."""
    for raw in (framed(b"short"), framed(b""), framed(query_packet("one.coin", flags=0x8180))):
        with stream(env) as tcp:
            tcp.send_raw(raw)
            check.equal(tcp.socket.recv(100), b"", f"{raw[:8]}")
    with stream(env) as tcp:
        tcp.send_raw(framed(header() + question("one.coin") + bytes(60_000)) + framed(query_packet("one.coin")))
        check.equal((tcp.receive().rcode, tcp.receive().data("A")), ("FORMERR", ["192.0.2.1"]))
        tcp.send_raw(framed(header() + b"\xc0\x0c\0\1\0\1"))
        check.equal(tcp.receive().rcode, "FORMERR")
        tcp.send_raw(framed(query_packet("one.coin", flags=0x2000)))
        check.equal(tcp.receive().rcode, "NOTIMP")
        check.equal(tcp.ask("one.coin", 252).rcode, "REFUSED", "AXFR")


def test_idle_and_slow_clients_are_closed(env):
    """Nothing for three seconds, or a question that takes longer than five, ends a connection; both in time."""
    begin = time.monotonic()
    with stream(env, 20) as idle, stream(env, 20) as slow:
        slow.send_raw(b"\0\x30ab")
        check.equal(idle.socket.recv(1), b"")
        check.true(2 < time.monotonic() - begin < 5, f"idle for {time.monotonic() - begin:.1f} s")
        check.equal(slow.socket.recv(1), b"")
        check.true(time.monotonic() - begin < 8, "a question without end")


def test_unread_answers(env):
    """Whoever asks and does not read is not answered on and on: memory stays, others are served."""
    questions = framed(query_packet("big.coin", "TXT")) * 1000
    before = memory_kib(env.node.process.pid)
    with stream(env, 0.5) as tcp:
        taken = 0
        try:
            while taken < 2000:
                tcp.socket.sendall(questions)
                taken += 1
        except (socket.timeout, BrokenPipeError, ConnectionResetError):
            pass
        check.true(taken < 2000, "70 MB of questions were taken")
        check.true(memory_kib(env.node.process.pid) - before < 10_000, "memory grows")
        check.equal(env.dns.ask("one.coin").data("A"), ["192.0.2.1"])


def test_a_thousand_idle_clients(env):
    """They cost others nothing: a new client is served at once, the longest idle gives way when all places are taken."""
    crowd = []
    try:
        for _ in range(1000):
            crowd.append(stream(env))
        begin = time.monotonic()
        with stream(env) as tcp:
            check.equal(tcp.ask("one.coin").data("A"), ["192.0.2.1"])
        check.true(time.monotonic() - begin < 1, f"{time.monotonic() - begin:.3f} s for a new client")
        check.equal(env.dns.ask("one.coin").data("A"), ["192.0.2.1"])
        for _ in range(100):
            crowd.append(stream(env))
        with stream(env) as tcp:
            check.equal(tcp.ask("one.coin").data("A"), ["192.0.2.1"])
        check.equal(crowd[0].socket.recv(1), b"", "the oldest is closed")
    finally:
        for one in crowd:
            one.close()


def test_dig_retries_over_tcp(env):
    dig = need("dig")
    out = subprocess.run([dig, "@127.0.0.1", "-p", str(env.node.dns_port), "big.coin", "TXT", "+short", "+time=5"],
                         capture_output=True, text=True, check=True).stdout
    check.equal(len(out.splitlines()), 60, "answers after the cut one over UDP")


def test_kdig_keeps_the_connection(env):
    kdig = need("kdig")
    out = subprocess.run([kdig, "@127.0.0.1", "-p", str(env.node.dns_port), "+tcp", "+keepopen", "+short",
                          "one.coin", "A", "one.coin", "A"], capture_output=True, text=True, check=True).stdout
    check.equal(out.split(), ["192.0.2.1", "192.0.2.1"])


def test_off(env):
    node = env.start("-emcdns=1", "-emcdnstcp=0")
    check.equal([address for address in node.rpc.getdnsinfo()["listen"] if "tcp" in address], [])
    try:
        Stream(node.dns_port, timeout=1)
        raise AssertionError("TCP is open")
    except ConnectionRefusedError:
        pass


if __name__ == "__main__":
    run(globals())
