#!/usr/bin/env python3
"""DNS over TLS (RFC 7858): an own certificate, given ones, their exchange while the node runs; padding; hostile clients."""

import re
import socket
import ssl
import struct
import subprocess
import time

from framework import check
from framework.dns import Client, Stream, header, opt, query_packet, question
from framework.names import Purse
from framework.node import free_port
from framework.suite import need, run

PADDING = 12


def setup(env):
    env.tls_port = free_port()
    env.share("-mocktime=1800000000", "-emcdns=1", "-emcdnstls=1", f"-emcdnstlsport={env.tls_port}", "-selfns=ns.example",
              "-emcdnsallowed=.coin", "-emcdnstcptimeout=2")
    env.dns = Client(env.node.dns_port)
    Purse(env.node).register({"dns:one.coin": "A=192.0.2.1",
                              "dns:big.coin": "TXT=" + ",".join(f"{i:02}" + "t" * 240 for i in range(60))})
    check.soon(lambda: env.dns.ask("one.coin").answers, "the names are not served")
    # Python's ssl does not read the node's mock time; the certificate must hold at both.
    env.context = context()


def context(protocols=("dot",), most=None):
    out = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    out.check_hostname = False
    out.verify_mode = ssl.CERT_NONE
    if protocols:
        out.set_alpn_protocols(list(protocols))
    if most is not None:
        out.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        out.maximum_version = most
    return out


class TlsStream(Stream):
    def __init__(self, port, tls, timeout=5, session=None):
        super().__init__(port, timeout=timeout)
        self.socket = tls.wrap_socket(self.socket, session=session)


def fingerprint(port):
    with TlsStream(port, context()) as tls:
        return tls.socket.getpeercert(binary_form=True)


def test_answers(env):
    with TlsStream(env.tls_port, env.context) as tls:
        check.equal((tls.socket.version(), tls.socket.selected_alpn_protocol()), ("TLSv1.3", "dot"))
        check.equal(tls.ask("one.coin").data("A"), ["192.0.2.1"])
        check.equal(len(tls.ask("big.coin", "TXT").data("TXT")), 60)
        for _ in range(50):
            tls.send(query_packet("one.coin"))
        for _ in range(50):
            check.equal(tls.receive().data("A"), ["192.0.2.1"])
    listen = env.rpc.getdnsinfo()["listen"]
    check.true(f"127.0.0.1:{env.tls_port}/tls" in listen, str(listen))


def test_answers_are_padded(env):
    with TlsStream(env.tls_port, env.context) as tls:
        for name, kind in (("one.coin", "A"), ("nothere.coin", "A"), ("big.coin", "TXT")):
            answer = tls.ask(name, kind, 1232)
            check.equal(len(answer.packet) % 468, 0, f"{name}: {len(answer.packet)} bytes")
            check.equal(struct.unpack(">H", answer.edns["data"][-len(answer.edns["data"]):][:2])[0] in (PADDING, 15), True)
        check.true(len(tls.ask("one.coin", "A", None).packet) < 100, "no EDNS, no padding")


def test_versions_and_protocols(env):
    with TlsStream(env.tls_port, context(most=ssl.TLSVersion.TLSv1_2)) as tls:
        check.equal(tls.socket.version(), "TLSv1.2")
        check.equal(tls.ask("one.coin").data("A"), ["192.0.2.1"])
    old = context(most=ssl.TLSVersion.TLSv1_1)
    old.set_ciphers("ALL:@SECLEVEL=0")
    for tls, what in ((old, "TLS 1.1"), (context(("http/1.1",)), "another protocol")):
        try:
            TlsStream(env.tls_port, tls)
            raise AssertionError(f"{what} was accepted")
        except (ssl.SSLError, ConnectionError):
            pass
    with TlsStream(env.tls_port, context(())) as tls:
        check.equal(tls.ask("one.coin").data("A"), ["192.0.2.1"], "clients need not name a protocol")


def test_sessions_are_resumed(env):
    tls_context = context()
    with TlsStream(env.tls_port, tls_context) as first:
        first.ask("one.coin")
        session = first.socket.session
        check.true(session is not None, "no ticket")
    with TlsStream(env.tls_port, tls_context, session=session) as second:
        check.equal((second.socket.session_reused, second.ask("one.coin").data("A")), (True, ["192.0.2.1"]))


def test_own_certificate(env):
    """Made once, kept over a restart, its key readable by the owner alone; the log says what clients can compare."""
    key, certificate = env.node.network / "dns-tls.key", env.node.network / "dns-tls.crt"
    check.equal(key.stat().st_mode & 0o777, 0o600)
    der = ssl.PEM_cert_to_DER_cert(certificate.read_text())
    check.equal(fingerprint(env.tls_port), der)
    found = re.search(r"certificate SHA-256 ([0-9A-F:]+), key pin (\S+)", env.node.log())
    check.true(found is not None, "the log does not name the certificate")
    kdig = need("kdig")
    out = subprocess.run([kdig, "@127.0.0.1", "-p", str(env.tls_port), f"+tls-pin={found.group(2)}", "+short", "one.coin", "A"],
                         capture_output=True, text=True, check=False)
    check.equal(out.stdout.split(), ["192.0.2.1"], out.stderr)


def make_certificate(env, name):
    openssl = need("openssl")
    key, certificate = env.path(name + ".key"), env.path(name + ".crt")
    subprocess.run([openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                    "-out", certificate, "-days", "30", "-subj", f"/CN={name}.example"], check=True, capture_output=True)
    return certificate, key


def test_given_certificate_is_exchanged_while_running(env):
    certificate, key = make_certificate(env, "first")
    port = free_port()
    node = env.start("-emcdns=1", "-emcdnstls=1", f"-emcdnstlsport={port}", f"-emcdnstlscert={certificate}", f"-emcdnstlskey={key}")
    before = fingerprint(port)
    check.equal(before, ssl.PEM_cert_to_DER_cert(certificate.read_text()))
    other, other_key = make_certificate(env, "second")
    key.write_bytes(other_key.read_bytes())  # a key alone makes no sense: the old pair goes on
    time.sleep(6)
    check.equal(fingerprint(port), before)
    certificate.write_bytes(other.read_bytes())
    check.soon(lambda: fingerprint(port) != before, "the new certificate is not used")
    check.contains(node.log(), "goes on with the certificate from before")
    node.stop()


def test_bad_files(env):
    certificate, key = make_certificate(env, "third")
    other, _ = make_certificate(env, "fourth")
    for name, path, lock, why in (("missing", env.path("none.crt"), key, "No such file"), ("no certificate", key, key, "no readable PEM certificate"),
                                  ("of another key", other, key, "key values mismatch")):
        text = env.make("-emcdns=1", "-emcdnstls=1", f"-emcdnstlsport={free_port()}", f"-emcdnstlscert={path}",
                        f"-emcdnstlskey={lock}").fails_to_start()
        check.contains(text, "DNS over TLS", name)
        check.contains(text, why, name)


def test_hostile_clients(env):
    """Plain text, half a greeting, nothing at all: closed in time, others are served."""
    with Stream(env.tls_port, timeout=10) as plain:
        plain.send(query_packet("one.coin"))
        try:
            check.true(len(plain.socket.recv(100)) < 20, "an answer in the clear")
        except ConnectionResetError:
            pass
    with Stream(env.tls_port, timeout=10) as half:
        half.send_raw(b"\x16\x03\x01\x02\x00\x01")
        begin = time.monotonic()
        with TlsStream(env.tls_port, env.context) as tls:
            check.equal(tls.ask("one.coin").data("A"), ["192.0.2.1"])
        check.equal(half.socket.recv(100), b"")
        check.true(time.monotonic() - begin < 8, "half a greeting is waited for")


def test_half_closed(env):
    with TlsStream(env.tls_port, env.context) as tls:
        packet = query_packet("one.coin")
        tls.send_raw(struct.pack(">H", len(packet)) + packet)
        check.equal(tls.receive().data("A"), ["192.0.2.1"])
        tls.socket.unwrap()


def test_keepalive_in_tls(env):
    packet = header(counts=(1, 0, 0, 1)) + question("one.coin") + opt(options=struct.pack(">HH", 11, 0))
    with TlsStream(env.tls_port, env.context) as tls:
        tls.send(packet)
        check.equal(tls.receive().edns["data"][:6], struct.pack(">HHH", 11, 2, 20))
        begin = time.monotonic()
        tls.socket.settimeout(10)
        check.equal(tls.socket.recv(1), b"", "an orderly end")
        check.true(time.monotonic() - begin < 5, "idle for too long")


def test_plain_tcp_on_the_other_port(env):
    with socket.create_connection(("127.0.0.1", env.node.dns_port), 5):
        pass
    with Stream(env.node.dns_port) as tcp:
        check.equal(tcp.ask("one.coin").data("A"), ["192.0.2.1"])


if __name__ == "__main__":
    run(globals())
