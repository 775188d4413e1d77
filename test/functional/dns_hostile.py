#!/usr/bin/env python3
"""500 names whose values nobody would write in good faith: the answer is right or there is no data, never malformed.

Every reply is read by a parser of our own, which accepts nothing that does not fit to the last byte, and by dig; addresses and
texts are compared with a second reading of the grammar in `doc/dns-operator.md`, written here.
"""

import random
import re
import socket
import subprocess

from framework import check
from framework.dns import Client, enum_name
from framework.names import Purse
from framework.suite import need, run

DOMAINS, NUMBERS, SIGNED = 300, 150, 50
TYPES = ("A", "AAAA", "NS", "CNAME", "PTR", "MX", "TXT", "SRV", "TLSA", "CAA", "NAPTR", "SSHFP", "SVCB", "HTTPS", "URI", "SOA", "ANY")
LARGE = 20 * 1024
ELEMENTS = {"A": ["192.0.2.1", "192.0.2.300", "1.2.3", "::1", ""], "AAAA": ["2001:db8::1", "::ffff:1.2.3.4", ":::", "1.2.3.4"],
            "NS": ["ns.x.net", "@", "a..b", ".", "x" * 64 + ".net", "coin"], "CNAME": ["www.x.net", "h1.coin", "h2.coin", "a b", "@"],
            "PTR": ["host.x", "-", "."], "MX": ["mx.x:10", "mx.x", ":10", "mx:", "mx:70000", "mx:1:2"],
            "TXT": ["hi", "x" * 255, "y" * 256, "z" * 510, "\xff\xfe", "a=b", "~"],
            "SRV": ["1:2:h.x:3", "1:2:h.x", "1:2", "1:2::", ":::", "-1:2:h:3"], "TLSA": ["3:1:1:00ff", "3:1:1:", "3:1:1:0", "3:1:1:zz", "9"],
            "CAA": ["0 issue ca.x", "0 issue ", "issue", "999 a b", '0 iodef "mailto:a@b"', "0 is\xe9 b"],
            "NAPTR": ["1 1 u E2U+sip !^.*$!sip:a@b! .", "1 1 u E2U+sip !^(.*!sip:a@b! .", "1 1 u E2U+sip !" + "(a" * 80 + "!x:y! .",
                      "1 1 u E2U+sip !" + "a*" * 200 + "!x:y! .", '1 1 s x "" host.x', '1 1 s x "" .', "1 1", '1 1 "', "1 1 u a !b!c:\\9! ."],
            "SSHFP": ["4:2:aabb", "4:2:" + "ab" * 32, "1:1:" + "cd" * 20, "4:3:aabb", "4:2:", "4", "300:1:aa"], "SVCB": ["1 . port=53", "0 .", "0 . port=1", "1 . port=", "1 . key1=x key1=x", "x"],
            "HTTPS": ["1 . alpn=h2", '1 . alpn="h2', "1 . mandatory=alpn", "1 . ipv4hint=1.2.3", "65535 a.b key9=\x01"],
            "URI": ["1 1 http://x", '1 1 ""', "1 1", "1 1 a b", "1 1 \xff"]}
PIECES = ["|", "|", ",", ",", "~", "~;", "~|", "~,", "=", "==", ":", ".", "..", "@", "*", " ", "\n", "\0", "\x01", "\x7f", "\xff",
          "SD=", "SD=*", "TTL=", "TTL=-1", "TTL=99999999999", "SIG=", "SIG", "A=", "A", "a=", "TXT=~", "%s%n", "'", '"', "\\"]
SIGNATURES = ["SIG", "SIG=", "SIG\n", "SIGNED", "SIG=|", "SIG=ver:x", "SIG=ver:x|", "SIG=ver:x|!!!", "SIG=|" + "A" * 88,
              "SIG=ver:x|" + "A" * 88, "SIG=ver:x|" + "A" * 20000, "SIG=" + "ver:x|AAAA," * 200, "sig", "SiG==", "SIG=ver:x!" + "A" * 88]
ROUTES = ["E2U+sip=100|10|!^.*$!sip:good@x.net!", "E2U", "E2U=", "E2U=||", "E2U+sip=1|2", "E2U+sip=1|2|", "E2U+sip=-1|99999|!^.*$!sip:a@b!",
          "E2U+sip=1|2|!^.*$!sip:a@b", "E2U+sip=1|2|!^(((.*$!sip:a@b!", "E2U+sip=1|2|!^.*$!sip:\\5@b!", "E2U+sip=1|2|!" + "x?" * 300 + "!sip:a@b!",
          "E2U+sip=1|2|!^" + "(.*)" * 12 + "$!sip:a@b!", "E2U+sip=1|2|/^.*$/sip:a@b/", "E2U+sip=1|2|!^.*$!" + "sip:" + "l" * 300 + "!",
          "E2U+" + "s" * 300 + "=1|2|!^.*$!sip:a@b!", "E2U+sip=1|2|!^.*$!sip:\xff@b!", "TTL", "TTL=", "TTL=x", "TTL=99999999999", "\0", "\r\r"]


def raw(text):
    """Bytes of the value; what is above 7 bits is not valid UTF-8."""
    return text.encode("latin-1")[:LARGE]


def domain_value(rng, number):
    if number % 25 == 0:
        return raw("TXT=" + "t" * LARGE)
    if number % 25 == 1:
        return raw("A=" + ",".join(f"10.{i >> 8}.{i & 255}.1" for i in range(300)))
    if number % 25 == 2:
        kind = rng.choice(list(ELEMENTS))
        return raw(f"{kind}=" + ",".join(rng.choice(ELEMENTS[kind]) for _ in range(300)))
    if number % 25 == 3:
        return raw("|".join(f"K{i}={i}" for i in range(3000)) + "|A=192.0.2.1")
    if number % 25 == 4:
        return bytes(rng.randrange(256) for _ in range(rng.randrange(1, 400)))
    out = ""
    for _ in range(rng.randrange(1, 12)):
        kind = rng.choice(list(ELEMENTS))
        listed = ",".join(rng.choice(ELEMENTS[kind]) for _ in range(rng.randrange(4)))
        out += rng.choice(PIECES) + rng.choice(["", "|"]) + kind + rng.choice(["=", "=", "=", "", "=~;", "~="]) + listed + rng.choice(["|", "|", "", ","])
    return raw(out)


def number_value(rng, number):
    lines = [rng.choice(ROUTES if rng.random() < 0.7 else SIGNATURES) for _ in range(rng.randrange(1, 10))]
    if number % 10 == 0:
        lines = SIGNATURES + ROUTES[:1]
    if number % 10 == 1:
        lines = ROUTES[:1] * 300
    return raw(rng.choice(["\n", "\r", "\r\n", "\n\n"]).join(lines)) or b"x"


def is_text(value):
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def kinds(values):
    """How many of the values are of each kind of mischief."""
    return {"20 KiB": sum(len(value) == LARGE for value in values), "not UTF-8": sum(not is_text(value) for value in values),
            "300 records": sum(value.count(b",") >= 299 or value.count(b"E2U") >= 300 for value in values),
            "separators": sum(value[:1] == b"~" or b"=~" in value for value in values),
            "signatures": sum(b"SIG" in value.upper() for value in values)}


def setup(env):
    env.share("-mocktime=1800000000", "-emcdns=1", "-emcdnsallowed=.coin|~open|$priv|!sigz", "-enumtrust=ver:x", "-emcdnsverbose=3")
    env.dns = Client(env.node.dns_port)
    rng = random.Random(20261121)
    env.values = {f"dns:h{i}.coin": domain_value(rng, i) for i in range(DOMAINS)}
    env.values.update({f"{'priv' if i % 3 == 0 else 'open'}:1777{i:05}:0": number_value(rng, i) for i in range(NUMBERS)})
    env.values.update({f"dns:s{i}.sigz:0": raw(rng.choice(["", "A=1.1.1.1|", "~;"]) + rng.choice(SIGNATURES)) for i in range(SIGNED)})
    check.equal(len(env.values), 500)
    found, least = kinds(env.values.values()), {"20 KiB": 10, "not UTF-8": 40, "300 records": 25, "separators": 100, "signatures": 100}
    check.true(all(found[kind] >= count for kind, count in least.items()), f"{found} instead of {least}")
    purse = Purse(env.node, 60)
    purse.register({"ver:x": "name=X"})
    names = list(env.values)
    for first in range(0, len(names), 10):
        purse.register({name: env.values[name] or b"x" for name in names[first:first + 10]})
    purse.register({"dns:good.coin": "A=192.0.2.1"})
    check.soon(lambda: env.dns.ask("good.coin").answers, "the names are not served")


def asked_names(env):
    for name in env.values:
        prefix, rest = name.split(":", 1)
        yield rest.split(":")[0] if prefix == "dns" else enum_name(rest.split(":")[0], prefix)


def pieces(text, separator, most):
    return [piece for piece in text.split(separator) if piece][:most]


def elements(value, key):
    """The second reading of the grammar: elements of a key's list."""
    value = value.split(b"\0")[0]
    separator = b"|"
    if value[:1] == b"~" and len(value) > 1:
        separator, value = value[1:2], value[2:]
    for token in pieces(value, separator, 10 ** 6):
        if not token.startswith(key + b"="):
            continue
        listed, comma = token[len(key) + 1:], b","
        if listed[:1] == b"~" and len(listed) > 1:
            comma, listed = listed[1:2], listed[2:]
        return pieces(listed, comma, 64)
    return []


def address(family, text):
    try:
        return socket.inet_ntop(family, socket.inet_pton(family, text.decode("latin-1")))
    except (OSError, ValueError, UnicodeError):
        return None


def test_every_reply_is_sound(env):
    """17 types of 500 names and of a name below each, over UDP with and without EDNS."""
    for name in asked_names(env):
        for kind in TYPES:
            for size in (None, 1232):
                answer = env.dns.ask(name, kind, size)
                check.true(answer.rcode in ("NOERROR", "NXDOMAIN"), f"{name} {kind}: {answer.rcode}")
                check.true(len(answer.packet) <= (size or 512), f"{name} {kind}: {len(answer.packet)} bytes")
        check.true(env.dns.ask("x." + name, "A").rcode in ("NOERROR", "NXDOMAIN"), name)


def test_addresses_and_texts_are_right(env):
    seen = 0
    for name, value in env.values.items():
        if not name.endswith(".coin") or any(elements(value, key) for key in (b"NS", b"CNAME")):
            continue
        asked = name[4:]
        addresses = [address(socket.AF_INET, item) for item in elements(value, b"A")]
        wanted = sorted({item for item in addresses if item})
        check.equal(sorted(env.dns.ask(asked, "A", 1232).data("A")), wanted, name)
        answer = env.dns.ask(asked, "TXT", 1232)
        texts = {item.decode("latin-1") for item in elements(value, b"TXT")}
        got = {"".join(parts) for parts in answer.data("TXT")}
        check.true(got == texts or (answer.truncated and got <= texts), f"{name}: {got} instead of {texts}")
        seen += bool(wanted) + bool(got)
    check.true(seen > 40, f"only {seen} names gave data")


def test_good_routes_survive_bad_lines(env):
    """One sound line beside any number of bad ones is served in zones without signatures, and nothing else is."""
    seen = 0
    for name, value in env.values.items():
        if not name.startswith(("open:", "priv:")):
            continue
        zone, number, _ = name.split(":")
        good = re.search(rb"(^|[\r\n])E2U\+sip=100\|10\|!\^\.\*\$!sip:good@x\.net!", value) is not None
        got = env.dns.naptr(enum_name(number, zone))
        if zone == "priv":
            check.equal(got, "NXDOMAIN", f"{name} is not signed")
        elif got == "NXDOMAIN":
            check.true(not good, f"{name}: the good line is lost")
        else:
            check.true(not good or "!^.*$!sip:good@x.net!" in got, f"{name}: {got}")
            seen += 1
    check.true(seen > 20, f"only {seen} numbers are served")


def test_bad_signatures_count_for_nothing(env):
    for name in (key for key in env.values if key.endswith(".sigz:0")):
        check.equal(env.dns.ask(name[4:-2]).rcode, "NXDOMAIN", name)


def test_dig_reads_every_reply(env):
    """dig refuses packets with malformed records, among them NAPTR expressions that do not compile."""
    asked = [(name, kind) for name in asked_names(env) for kind in (("NAPTR", "A") if name.endswith(("open", "priv")) else TYPES[:-1])]
    batch = env.path("questions.txt")
    batch.write_text("".join(f"{name} {kind}\n" for name, kind in asked))
    done = subprocess.run([need("dig"), "-p", str(env.node.dns_port), "@127.0.0.1", "+ignore", "+tries=1", "+time=5", "-f", str(batch)],
                          capture_output=True, text=True, timeout=200, check=False, errors="replace")
    check.equal(done.returncode, 0, done.stderr)
    for mark in ("malformed", "Got bad packet", "FORMERR", "SERVFAIL", "extra bytes", "timed out"):
        at = done.stdout.lower().find(mark.lower())
        check.true(at < 0, f"dig says {mark!r}: {done.stdout[max(0, at - 300):at + 1500]}")
    check.equal(len(re.findall(r"status: (NOERROR|NXDOMAIN)", done.stdout)), len(asked), "replies dig has read")


def test_node_and_log_are_sound(env):
    check.equal(env.dns.ask("good.coin").data("A"), ["192.0.2.1"])
    raw_log = env.node.log().encode("utf-8", "replace")
    check.true(all(byte >= 0x20 or byte == 0x0a for byte in raw_log), "control bytes in the log")


if __name__ == "__main__":
    run(globals())
