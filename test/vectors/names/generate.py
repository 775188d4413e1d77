#!/usr/bin/env python3
"""Writes rules.json beside itself: for every rule of names, numbers and verifiers cases that fit and cases that break it.

Nothing of the project's own code is used: scripts, addresses and signatures are made here from the formats, so the
file is a second reading of doc/enum.md. The output is the same at every run.
"""

import base64
import hashlib
import hmac
import json
import pathlib

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
     0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
HEIGHT = 1000
NUMBER = "18009359935"
SLOT0, SLOT1 = f"enum:{NUMBER}:0", f"enum:{NUMBER}:1"
ROUTE = "E2U+sip=100|10|!^.*$!sip:100@example.net!"


# --- curve and hashes -------------------------------------------------------------------------------------------

def sha256(data):
    return hashlib.sha256(data).digest()


def hash160(data):
    return hashlib.new("ripemd160", sha256(data)).digest()


def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % P == 0:
        return None
    slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, P) if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(factor, point):
    out = None
    while factor:
        if factor & 1:
            out = add(out, point)
        point = add(point, point)
        factor >>= 1
    return out


def compressed(point):
    return bytes([2 + point[1] % 2]) + point[0].to_bytes(32, "big")


def sign(secret, digest, high_s=False):
    """65 bytes for a compressed key; the nonce is a hash of key and digest."""
    nonce = int.from_bytes(hmac.new(secret.to_bytes(32, "big"), digest, "sha256").digest(), "big") % N
    point = times(nonce, G)
    r = point[0] % N
    s = pow(nonce, -1, N) * (int.from_bytes(digest, "big") + r * secret) % N
    odd = point[1] % 2
    if (s > N // 2) != high_s:
        s, odd = N - s, 1 - odd
    return bytes([31 + odd]) + r.to_bytes(32, "big") + s.to_bytes(32, "big")


# --- scripts, addresses, messages -------------------------------------------------------------------------------

def p2pkh(digest):
    return b"\x76\xa9\x14" + digest + b"\x88\xac"


def p2wpkh(digest):
    return b"\x00\x14" + digest


def p2sh(digest):
    return b"\xa9\x14" + digest + b"\x87"


def address(digest):
    """Of a P2PKH script on the main network."""
    data = b"\x21" + digest
    data += sha256(sha256(data))[:4]
    value, out = int.from_bytes(data, "big"), ""
    while value:
        value, rest = divmod(value, 58)
        out = BASE58[rest] + out
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + out


def sized(data):
    return (bytes([len(data)]) if len(data) < 0xFD else b"\xfd" + len(data).to_bytes(2, "little")) + data


def message_digest(text):
    return sha256(sha256(sized(b"EmerCoin Signed Message:\n") + sized(text.encode())))


def push(data):
    if len(data) < 0x4C:
        return bytes([len(data)]) + data
    if len(data) < 0x100:
        return b"\x4c" + bytes([len(data)]) + data
    return b"\x4d" + len(data).to_bytes(2, "little") + data


def script_number(value):
    if value == 0:
        return b""
    out, rest = bytearray(), abs(value)
    while rest:
        out.append(rest & 0xFF)
        rest >>= 8
    if out[-1] & 0x80:
        out.append(0)
    if value < 0:
        out[-1] |= 0x80
    return bytes(out)


OWNER_KEY = hash160(compressed(times(11, G)))
OWNER = p2pkh(OWNER_KEY)
OTHER_KEY = hash160(compressed(times(12, G)))
OTHER = p2pkh(OTHER_KEY)
VERIFIER_SECRET = 13
VERIFIER = p2wpkh(hash160(compressed(times(VERIFIER_SECRET, G))))
PVP_KEY = compressed(times(14, G)).hex()
PVP = f"PVP=pvp.example.net:5070|v1|{PVP_KEY}|C"


def as_bytes(value):
    return value.encode("latin-1") if isinstance(value, str) else value


def op(kind, name, days=10, value="v", owner=OWNER):
    """A name output's script."""
    name, value = as_bytes(name), as_bytes(value)
    code = {"new": b"\x51", "update": b"\x52", "delete": b"\x53"}[kind] + b"\x75" + push(name)
    if kind == "delete":
        return code + b"\x75" + owner
    pieces = [value[i:i + 520] for i in range(0, len(value), 520)] or [b""]
    drops = b"\x6d" * (len(pieces) // 2) + b"\x75" * (len(pieces) % 2)
    return code + push(script_number(days)) + b"\x6d" + b"".join(push(p) for p in pieces) + drops + owner


def sig(expiry=None, number=NUMBER, owner_key=OWNER_KEY, secret=VERIFIER_SECRET, verifier="ver:enum", high_s=False):
    text = f"ENUM1\nenum:{number}\n{address(owner_key)}\n{expiry or 0}"
    coded = base64.b64encode(sign(secret, message_digest(text), high_s)).decode()
    return f"SIG={verifier}|{coded}" + (f"|{expiry}" if expiry else "")


# --- cases ------------------------------------------------------------------------------------------------------

CASES = []


def record(value="v", owner=OWNER, expiry=HEIGHT + 100):
    return {"value": value, "owner": owner.hex(), "expiry": expiry}


STATE = {"live": record(), "gone": record(expiry=HEIGHT - 1), "ver:enum": record("name=Example", VERIFIER)}


def tx(outputs, spends=(), version=0x0666, coinbase=False):
    return {"version": version, "coinbase": coinbase, "spends": list(spends),
            "outputs": [as_bytes(o).hex() for o in outputs]}


def case(rule, valid, tests, transactions, **extra):
    """One block's name transactions. `rule` is what breaks, or what the accepted case is about."""
    if isinstance(transactions, dict):
        transactions = [transactions]
    state = dict(STATE)
    state.update(extra.pop("state", {}))
    number = sum(1 for c in CASES if c["rule"] == rule) + 1
    CASES.append({"id": f"{rule}-{number:02}", "rule": rule, "tests": tests, "valid": valid, "height": HEIGHT,
                  "state": state, "transactions": transactions, **extra})


def value_cases(rule, accepted, refused, name=SLOT0, owner=OWNER):
    for valid, values in ((True, accepted), (False, refused)):
        for value in values:
            what = value if len(value) < 60 else f"value of {len(value)} bytes"
            case(rule, valid, "value " + json.dumps(what), tx([op("new", name, 10, value, owner)]))


def structure():
    owner = OWNER
    case("N-01", True, "usual form", tx([op("new", "a")]))
    case("N-01", True, "other scripts beside", tx([owner, op("delete", "live"), b""], ["live"]))
    for tests, script in (("nothing behind the drop", b"\x51\x75"),
                          ("name as a small number", b"\x51\x75\x51\x01\x0a\x6d\x00\x75" + owner),
                          ("name pushed with one byte too many", b"\x51\x75\x4c\x01a\x01\x0a\x6d\x00\x75" + owner),
                          ("single drop behind the days", b"\x51\x75\x01a\x01\x0a\x75\x00\x75" + owner),
                          ("DELETE with days", b"\x53\x75\x01a\x01\x0a\x6d" + owner)):
        case("N-01", False, tests, tx([script]))
    days = lambda data: b"\x51\x75\x01a" + data + b"\x6d\x00\x75" + owner  # noqa: E731
    case("N-02", True, "128 days take two bytes", tx([days(b"\x02\x80\x00")]))
    for tests, data in (("OP_5", b"\x55"), ("padded", b"\x02\x05\x00"), ("zero as a byte", b"\x01\x00"),
                        ("five bytes", b"\x05\x01\0\0\0\0"), ("long push", b"\x4c\x01\x05")):
        case("N-02", False, tests, tx([days(data)]))
    chunks = lambda data: b"\x51\x75\x01a\x01\x0a\x6d" + data + owner  # noqa: E731
    full = push(b"x" * 520)
    for tests, data in (("empty", b"\x00\x75"), ("two full pieces", full + full + b"\x6d"),
                        ("three pieces", full + full + b"\x01y\x6d\x75")):
        case("N-03", True, tests, tx([chunks(data)]))
    for tests, data in (("no piece", b"\x75"), ("two short pieces", b"\x01a\x01b\x6d"), ("empty last piece", full + b"\x00\x6d"),
                        ("piece of 521 bytes", push(b"x" * 521) + b"\x75"), ("two single drops", full + b"\x01y\x75\x75"),
                        ("missing drop", full + b"\x01y" + b"\x75"), ("small number as piece", b"\x51\x75")):
        case("N-03", False, tests, tx([chunks(data)]))
    case("N-04", True, "one operation among other outputs", tx([owner, op("new", "a")]))
    case("N-04", True, "another version needs none", tx([owner], version=2))
    case("N-04", False, "no operation", tx([owner]))
    for tests, script in (("P2SH", p2sh(OWNER_KEY)), ("P2WPKH", p2wpkh(OWNER_KEY)), ("P2WSH", b"\x00\x20" + b"s" * 32),
                          ("Taproot", b"\x51\x20" + b"s" * 32), ("version 16 of 2 bytes", b"\x60\x02ab")):
        case("N-05", True, tests, tx([op("new", "a", owner=script)]))
    for tests, script in (("none", b""), ("OP_TRUE", b"\x51"), ("bare key", b"\x21" + b"\x02" * 33 + b"\xac"),
                          ("version 0 of 21 bytes", b"\x00\x15" + b"s" * 21), ("OP_RETURN", b"\x6a\x01a"),
                          ("version 1 of 41 bytes", b"\x51\x29" + b"s" * 41), ("second prefix", op("new", "b"))):
        case("N-05", False, tests, tx([op("new", "a", owner=script)]))


def limits():
    for size, valid in ((1, True), (512, True), (0, False), (513, False)):
        case("N-06", valid, f"name of {size} bytes", tx([op("new", "n" * size)]))
    case("N-07", True, "value of 20480 bytes", tx([op("new", "a", 1, "v" * 20480)]))
    case("N-07", False, "value of 20481 bytes", tx([op("new", "a", 1, "v" * 20481)]))
    for days, valid in ((1, True), (36500, True), (0, False), (-1, False), (36501, False)):
        case("N-08", valid, f"NEW of {days} days", tx([op("new", "a", days)]))
    for days, valid in ((0, True), (-1, False), (36501, False)):
        case("N-08", valid, f"UPDATE of {days} days", tx([op("update", "live", days)], ["live"]))
    case("N-09", True, "two names", tx([op("new", "a"), op("new", "b")]))
    case("N-09", False, "NEW twice", tx([op("new", "a"), op("new", "a")]))
    case("N-09", False, "UPDATE and DELETE", tx([op("update", "live"), op("delete", "live")], ["live"]))
    case("N-10", True, "different names", [tx([op("new", "a")]), tx([op("new", "b")])])
    case("N-10", False, "same name", [tx([op("new", "a")]), tx([op("new", "a")])])
    case("N-10", False, "DELETE, then NEW", [tx([op("delete", "live")], ["live"]), tx([op("new", "live")])])


def transitions():
    case("N-11", True, "expired a block ago", tx([op("new", "gone")]))
    case("N-11", False, "live", tx([op("new", "live")]))
    case("N-11", False, "in its last block", tx([op("new", "live")]), state={"live": record(expiry=HEIGHT)})
    case("N-12", True, "in its last block", tx([op("update", "live")], ["live"]), state={"live": record(expiry=HEIGHT)})
    case("N-12", False, "expired", tx([op("update", "gone")], ["gone"]))
    case("N-12", False, "unknown", tx([op("delete", "nobody")]))
    case("N-13", True, "spends it", tx([op("delete", "live")], ["live"]))
    case("N-13", False, "UPDATE without spending", tx([op("update", "live")]))
    case("N-13", False, "DELETE that spends another output", tx([op("delete", "live")], ["gone"]))
    case("N-14", True, "to the limit", tx([op("update", "live", 36500)], ["live"]), state={"live": record(expiry=HEIGHT)})
    case("N-14", False, "a block beyond", tx([op("update", "live", 36500)], ["live"]),
         state={"live": record(expiry=HEIGHT + 1)})
    case("N-15", True, "expired name's output is a coin", tx([OWNER], ["gone"], version=2))
    case("N-15", True, "two names moved at once", tx([op("update", "live"), op("delete", "b")], ["live", "b"]),
         state={"b": record()})
    case("N-15", False, "plain spend", tx([OWNER], ["live"], version=2))
    case("N-15", False, "operation on another name", tx([op("new", "a")], ["live"]))
    case("N-16", True, "output of a DELETE", [tx([op("delete", "live")], ["live"]), tx([OWNER], ["tx0:0"], version=2)])
    case("N-16", False, "output of a NEW", [tx([op("new", "a")]), tx([OWNER], ["tx0:0"], version=2)])
    case("N-16", False, "output of an UPDATE", [tx([op("update", "live")], ["live"]), tx([op("delete", "x")], ["tx0:0"])])
    case("N-17", True, "usual coinbase", tx([OWNER], version=2, coinbase=True))
    case("N-17", False, "coinbase of a name version", tx([op("new", "a")], coinbase=True))
    case("N-17", False, "coinbase of the reward version", tx([OWNER], version=0x0CA1, coinbase=True))
    case("N-20", True, "NEW of 30 days, 128 bytes", tx([op("new", "a" * 28, 30, "v" * 100)]), burned=1_200_000)
    case("N-20", True, "NEW of 31 days, 129 bytes", tx([op("new", "a" * 29, 31, "v" * 100)]), burned=1_400_000)
    case("N-20", True, "UPDATE without days", tx([op("update", "live", 0)], ["live"]), burned=100_000)
    case("N-20", True, "DELETE", tx([op("delete", "live")], ["live"]), burned=0)
    case("N-20", True, "slot 1 costs twice as much", tx([op("new", SLOT1, 30, ROUTE)]), burned=2_400_000,
         state={SLOT0: record(ROUTE)})


def numbers():
    for name in (SLOT0, "enum:1000:0", "enum:tollfree", "enum:tollfree:800", "ver:x", "ver:a.b_c-9", "Enum:1", "ver"):
        value = "name=x" if name.startswith("ver:") else "=1\n" + ROUTE if "toll" in name else ROUTE
        case("E-01", True, f"name {name}", tx([op("new", name, 1, value)]))
    for name in ("enum:", "enum:100:0", "enum:0100:0", "enum:1234567890123456:0", "enum:1000", "enum:1000:00", "enum:1000:1000",
                 "enum:+1000:0", "enum:tollfree:", "enum:tollfree:012", "enum:tollfree:1234", "ver:", "ver:A", "ver:-a",
                 "ver:" + "a" * 33):
        case("E-01", False, f"name {name}", tx([op("new", name, 1, ROUTE)]))
    case("E-03", True, "slot below is live", tx([op("new", SLOT1, 1, ROUTE)]), state={SLOT0: record(ROUTE)})
    case("E-03", True, "UPDATE needs no slot below", tx([op("update", SLOT1, 1, ROUTE)], [SLOT1]), state={SLOT1: record(ROUTE)})
    case("E-03", False, "slot below is missing", tx([op("new", SLOT1, 1, ROUTE)]))
    case("E-03", False, "slot below has expired", tx([op("new", SLOT1, 1, ROUTE)]),
         state={SLOT0: record(ROUTE, expiry=HEIGHT - 1)})
    case("E-03", False, "slot below comes in the same block", [tx([op("new", SLOT0, 1, ROUTE)]), tx([op("new", SLOT1, 1, ROUTE)])])


def signatures():
    gone = {"ver:enum": record("name=Example", VERIFIER, HEIGHT - 1)}
    signed = f"{ROUTE}\n{sig()}"
    new = lambda value, owner=OWNER: tx([op("new", SLOT0, 1, value, owner)])  # noqa: E731
    update = lambda value, owner=OWNER: tx([op("update", SLOT0, 1, value, owner)], [SLOT0])  # noqa: E731
    case("E-04", True, "verifier is live", new(signed))
    case("E-04", True, "unchanged line of a lapsed verifier", update(f"TTL=5\n{signed}"), state={**gone, SLOT0: record(signed)})
    case("E-04", False, "verifier has expired", new(signed), state=gone)
    case("E-04", False, "verifier does not exist", new(f"{ROUTE}\n{sig(verifier='ver:nobody')}"))
    case("E-04", False, "new line of a lapsed verifier", update(f"{signed}\n{sig(7)}"), state={**gone, SLOT0: record(signed)})
    case("E-04", False, "old record is no longer live", new(signed), state={**gone, SLOT0: record(signed, expiry=HEIGHT - 1)})
    case("E-04", False, "unchanged line, owner changed", update(signed, OTHER), state={**gone, SLOT0: record(signed)})
    case("E-05", True, "with a date in the past", new(f"{ROUTE}\n{sig(1)}"))
    case("E-05", True, "the same line twice", new(f"{signed}\n{sig()}"))
    case("E-05", True, "other slot, same signature", tx([op("new", SLOT1, 1, signed)]), state={SLOT0: record(ROUTE)})
    case("E-05", False, "for another owner", new(signed, OTHER))
    case("E-05", False, "for another number", new(f"{ROUTE}\n{sig(number='18009359936')}"))
    case("E-05", False, "by another key", new(f"{ROUTE}\n{sig(secret=15)}"))
    case("E-05", False, "date not signed", new(f"{ROUTE}\n{sig()}|5"))
    case("E-05", False, "high s", new(f"{ROUTE}\n{sig(high_s=True)}"))


def grammar():
    good = sig()
    body = good.split("|")[1]
    e2u = lambda regexp: f"E2U+sip=100|10|{regexp}"  # noqa: E731
    value_cases("E-10", [ROUTE], ["", ROUTE + "\n", "\n" + ROUTE, f"{ROUTE}\n\n{ROUTE}"])
    value_cases("E-11", [f"{ROUTE}\nX-a= ~"], [ROUTE + "\r", f"{ROUTE}\nX-a=\x7f", f"{ROUTE}\nX-a=\xe9", f"{ROUTE}\nX-a=\t"])
    value_cases("E-12", ["\n".join([ROUTE] + ["X-a=b"] * 63)], ["\n".join([ROUTE] + ["X-a=b"] * 64)])
    value_cases("E-13", [f"{ROUTE}\nTTL=5"], [f"{ROUTE}\nttl=5", f"{ROUTE}\nsip+E2U=1|1|!.!a:b!", f" {ROUTE}", f"{ROUTE}\n# a"])
    value_cases("E-14", ["e2u+Web:http+x-A:1=1|1|!.!a:b!"],
                ["E2U+=1|1|!.!a:b!", "E2U+a:=1|1|!.!a:b!", "E2U+a_=1|1|!.!a:b!", f"E2U+{'a' * 33}=1|1|!.!a:b!"])
    value_cases("E-15", ["E2U+sip=65535|1|!.!a:b!"], [f"E2U+sip={o}|1|!.!a:b!" for o in ("65536", "01", "", "+1", "1 ")])
    value_cases("E-16", ["E2U+sip=0|65535|!.!a:b!"], [f"E2U+sip=1|{p}|!.!a:b!" for p in ("65536", "00", "", "-1")])
    value_cases("E-17", [e2u("!.!a:b!i"), e2u(f"!.!a:{'b' * 249}!")],
                [e2u("!.!a:b"), e2u("!.!a:b!I"), e2u("/./a:b/"), e2u("!.!a:b!!"), e2u(f"!.!a:{'b' * 250}!")])
    value_cases("E-18", [e2u("!^\\+1(800|8[0-9]{2})([0-9]{7})$!a:\\2!"), e2u("![+]1.*|x!a:b!")],
                [e2u(f"!{ere}!a:b!") for ere in ("", "^+1", "(", ")", "a**", "\\d", "[9-0]", ".{1,}", ".{17}", "(.){2}", "()",
                                                 "a|", "(((((.)))))", "(.)" * 10, ".{16}" * 33, "[[:word:]]", "[[.a.]]")])
    value_cases("E-19", [e2u("!(.)(.)!a:\\2&!")], [e2u("!(.)!a:\\2!"), e2u("!(.)!a:\\0!"), e2u("!(.)!a:\\x!"), e2u("!.!a:\\!")])
    value_cases("E-20", [e2u("!.!a+b-c.1:x!"), e2u("!(.)!a:\\1!")],
                [e2u("!.!!"), e2u("!.!sip!"), e2u("!.!sip:!"), e2u("!.!1a:b!"), e2u("!(.*)!\\1:b!"), e2u("!.! a:b!")])
    value_cases("E-21", [e2u(f"!(.*)!a:{'b' * 221}\\1\\1!")], [e2u(f"!(.*)!a:{'b' * 222}\\1\\1!")])
    value_cases("E-22", [e2u("!^\\+18009359935$!a:b!"), e2u("!935!a:b!")], [e2u("!^1800!a:b!"), e2u("!^\\+1800$!a:b!")])
    value_cases("E-23", [f"{ROUTE}\n{good}"],
                [f"{ROUTE}\nSIG={s}" for s in ("", "ver:enum", f"ver:enum|{body[:-1]}", f"ver:enum|{body}|1|2",
                                               f"ver:enum|{body[:84]}", f"ver:enum|{body[:-2]}B=")])
    value_cases("E-24", [f"{ROUTE}\n{good}"], [f"{ROUTE}\nSIG={v}|{body}" for v in ("enum", "dns:x", "ver:", "ver:A", " ver:enum")])
    value_cases("E-25", [f"{ROUTE}\n{sig(4294967295)}"], [f"{ROUTE}\n{good}|{e}" for e in ("0", "01", "", "4294967296", "-1")])
    value_cases("E-26", [f"{ROUTE}\nTTL=1", f"{ROUTE}\nTTL=604800"], [f"{ROUTE}\nTTL={t}" for t in ("0", "604801", "", "05", "1h")])
    hosts = ("a", "192.0.2.1", "[::1]", "[1:2:3:4:5:6:7::]", "[::ffff:192.0.2.1]", "a-b.example")
    bad_hosts = ("", "a.", "-a", "a..b", "1.2.3", "256.1.1.1", "01.1.1.1", "::1", "[1]", "[::1%e]", "[1:2:3:4::5:6:7:8]", "a" * 64)
    value_cases("E-27", [f"PVP={h}:1|v1|{PVP_KEY}|ABZ" for h in hosts],
                [f"PVP={h}:1|v1|{PVP_KEY}|C" for h in bad_hosts]
                + [PVP.replace("5070", p) for p in ("0", "65536", "", "05")] + [PVP.replace("v1", "v2"), PVP[:-1], PVP + "C"]
                + [PVP.replace(PVP_KEY, k) for k in (PVP_KEY.upper(), PVP_KEY[2:], "02" + "f" * 64, "04" + PVP_KEY[2:])])
    value_cases("E-28", [f"{ROUTE}\nX-{'a' * 30}=", f"{ROUTE}\nX-a=1\nX-a=2"],
                [f"{ROUTE}\n{x}" for x in ("X-=a", "X-a", "X-a_=b", f"X-{'a' * 31}=b")])
    value_cases("E-29", ["\n".join([ROUTE] * 16)], ["\n".join([ROUTE] * 17)])
    value_cases("E-30", ["\n".join([ROUTE] + [good] * 8)], ["\n".join([ROUTE] + [good] * 9)])
    value_cases("E-31", [f"{ROUTE}\nTTL=5"], [f"{ROUTE}\nTTL=5\nTTL=5"])
    value_cases("E-32", [f"{PVP}\n{ROUTE}"], [f"{PVP}\n{PVP}"])
    value_cases("E-33", [PVP], ["TTL=5", "X-a=b"])
    value_cases("E-33", ["=1\n" + ROUTE], ["=1", f"=1\n=2\n{ROUTE}"], "enum:tollfree")
    value_cases("E-34", [f"=1\n{ROUTE}\n=.*\n{ROUTE}\n{ROUTE}", "=1\n" + e2u("!^99$!a:b!")],
                [ROUTE, f"=1\nTTL=5\n{ROUTE}", f"=1\n{ROUTE}\n{good}", f"# a\n=1\n{ROUTE}"], "enum:tollfree:1")


def verifiers():
    case("V-02", True, "P2PKH", tx([op("new", "ver:x", 1, "name=x")]))
    case("V-02", True, "P2WPKH", tx([op("new", "ver:x", 1, "name=x", p2wpkh(OWNER_KEY))]))
    case("V-02", True, "DELETE takes any", tx([op("delete", "ver:enum", owner=p2sh(OWNER_KEY))], ["ver:enum"]))
    for tests, owner in (("P2SH", p2sh(OWNER_KEY)), ("P2WSH", b"\x00\x20" + b"s" * 32), ("Taproot", b"\x51\x20" + b"s" * 32)):
        case("V-02", False, tests, tx([op("new", "ver:x", 1, "name=x", owner)]))
    values = lambda rule, accepted, refused: value_cases(rule, accepted, refused, "ver:x")  # noqa: E731
    values("V-10", ["name=x"], ["", "name=x\n", "\nname=x"])
    values("V-11", ["name= ~"], ["name=\x7f", "name=\xe9", "name=x\r"])
    lines = [f"{chr(97 + i)}=1" for i in range(16)]
    values("V-12", ["\n".join(["name=x"] + lines[:15])], ["\n".join(["name=x"] + lines)])
    values("V-13", ["name=x\n" + "a" * 16 + "=1\nsrl=free"], ["Name=x", "name=x\n=1", "name=x\na1=1", "name", "name=x\n" + "a" * 17 + "=1"])
    values("V-14", ["name=x\nurl=x"], ["name=x\nname=x", "name=x\nSRL=0|a\nSRL=0|a"])
    values("V-15", ["name=" + "x" * 255], ["name=", "name=" + "x" * 256, "name=x\nurl="])
    values("V-16", ["url=x\nname=y"], ["url=x"])
    good = ("0|a", "30|a%d", "5|a%02x", "5|a%099X", "5|%i", "5|%o", "5|%u")
    bad = ("31|a", "05|a", "|a", "5", "5|", "5|%", "5|%s", "5|%2d", "5|%0d", "5|%0123d", "5|%d%d", "5|%%", "-1|a")
    values("V-17", [f"name=x\nSRL={s}" for s in good], [f"name=x\nSRL={s}" for s in bad])


def main():
    for part in (structure, limits, transitions, numbers, signatures, grammar, verifiers):
        part()
    order = sorted({c["rule"] for c in CASES})
    CASES.sort(key=lambda c: (order.index(c["rule"]), c["id"]))
    for one in CASES:
        used = {s for t in one["transactions"] for s in t["spends"]}
        text = json.dumps(one["transactions"])
        one["state"] = {n: r for n, r in one["state"].items()
                        if n in used or n.encode().hex() in text or n.startswith("ver:") or n.startswith("enum:")}
    about = "Name operations by rule: accepted ones and ones that break the rule named; made by generate.py."
    out = pathlib.Path(__file__).with_name("rules.json")
    rows = ",\n".join(json.dumps(c, separators=(",", ":")) for c in CASES)
    out.write_text(f'{{"about": {json.dumps(about)},\n"cases": [\n{rows}\n]}}\n', encoding="utf-8")
    print(f"{len(CASES)} cases for {len(order)} rules")


if __name__ == "__main__":
    main()
