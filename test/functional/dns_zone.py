#!/usr/bin/env python3
"""What a resolver relies on in every zone: SOA and serial, NXDOMAIN beside no data, EDNS sizes, whole records when cut."""

from framework import check
from framework.dns import Answer, Client, header, opt, query_packet, question
from framework.names import Purse
from framework.suite import run

SIZES = (None, 0, 511, 512, 600, 900, 1231, 1232, 1233, 4096, 65535)


def setup(env):
    env.share("-mocktime=1800000000", "-emcdns=1", "-emcdnsallowed=$enum|.coin|~open")
    env.dns = Client(env.node.dns_port)
    env.purse = Purse(env.node)
    routes = "\n".join(f"E2U+sip=100|{i}|!^.*$!sip:{'n' * 60}{i:02}@long.example!" for i in range(16))
    env.purse.register({
        "dns:zone.coin": "A=192.0.2.1|TTL=300", "dns:deep.coin": "A=192.0.2.2|SD=a", "dns:a.deep.coin": "A=192.0.2.3",
        "dns:txt.coin": "TXT=" + ",".join(f"{i:02}" + "t" * 90 for i in range(40)),
        "dns:mix.coin": "A=" + ",".join(f"192.0.2.{i}" for i in range(64)), "dns:one.coin": "TXT=" + "x" * 1300,
        "open:4930123456:0": routes})
    check.soon(lambda: env.dns.ask("zone.coin").answers, "the names are not served")


def serial(env, zone):
    return env.dns.ask(zone, "SOA").data("SOA")[0][2]


def test_every_zone_has_soa_and_ns(env):
    for zone in ("coin", "open", "enum"):
        answer = env.dns.ask(zone, "SOA")
        check.equal((answer.rcode, answer.authoritative, len(answer.answers)), ("NOERROR", True, 1), zone)
        main, mail, number, refresh, retry, expire, least = answer.data("SOA")[0]
        check.equal((main, mail), ("ns.invalid.", f"hostmaster.{zone}."), "no -selfns is given")
        servers = env.dns.ask(zone, "NS")
        check.equal((servers.authoritative, servers.data("NS")), (True, ["ns.invalid."]), "NS of the apex")
        keys = env.dns.ask(zone, 43)
        check.equal((keys.rcode, keys.answers, keys.authority[0][1]), ("NOERROR", [], "SOA"), "DS")
        check.equal(number, env.rpc.getblockcount(), "the serial is the height of the tip")
        check.true(0 < retry <= refresh < expire and least == 60, str(answer.answers))


def test_serial_grows_with_the_chain(env):
    before = serial(env, "coin")
    env.node.mine(3)
    check.equal(serial(env, "coin"), before + 3)


def test_no_name_and_no_data_differ(env):
    cases = (("zone.coin", "MX", "NOERROR"), ("missing.coin", "A", "NXDOMAIN"), ("a.deep.coin", "AAAA", "NOERROR"),
             ("6.5.4.3.2.1.0.3.9.4.open", "A", "NOERROR"), ("3.9.4.open", "NAPTR", "NOERROR"),
             ("7.5.4.3.2.1.0.3.9.4.open", "NAPTR", "NXDOMAIN"), ("9.9.9.enum", "NAPTR", "NXDOMAIN"))
    for name, kind, rcode in cases:
        answer = env.dns.ask(name, kind)
        zone = name.rsplit(".", 1)[1] + "."
        check.equal((answer.rcode, answer.answers, answer.authoritative), (rcode, [], True), f"{name} {kind}")
        check.equal([(row[0], row[1]) for row in answer.authority], [(zone, "SOA")], f"{name} {kind}")
        check.true(answer.authority[0][2] <= answer.authority[0][3][6], "TTL beyond what RFC 2308 allows")


def test_no_name_becomes_a_name_and_back(env):
    check.equal(env.dns.ask("fresh.coin").rcode, "NXDOMAIN")
    env.purse.register({"dns:fresh.coin": "A=192.0.2.50"})
    check.equal(env.dns.ask("fresh.coin").data("A"), ["192.0.2.50"])
    env.rpc.invalidateblock(env.rpc.getbestblockhash())
    env.rpc.syncwithvalidationinterfacequeue()
    check.equal(env.dns.ask("fresh.coin").rcode, "NXDOMAIN")
    env.node.mine()  # the transaction went back to the mempool
    check.equal(env.dns.ask("fresh.coin").data("A"), ["192.0.2.50"])


def test_sizes(env):
    """An answer keeps the smaller of both sizes, no record is cut, and more room never means fewer records."""
    for name, kind, whole in (("txt.coin", "TXT", 40), ("mix.coin", "A", 64), ("6.5.4.3.2.1.0.3.9.4.open", "NAPTR", 16)):
        last = 0
        for size in SIZES:
            answer = env.dns.ask(name, kind, size)  # raises when anything does not parse to the last byte
            limit = 512 if size is None else min(max(size, 512), 1232)
            check.true(len(answer.packet) <= limit, f"{name} {size}: {len(answer.packet)} bytes")
            check.equal(answer.edns is None, size is None, f"{name} {size}: OPT")
            check.equal(answer.truncated, len(answer.answers) < whole, f"{name} {size}: TC")
            if size is not None:
                check.true(len(answer.answers) >= last, f"{name} {size}: fewer records than with less room")
                check.equal((answer.edns["size"], answer.edns["version"]), (1232, 0))
                last = len(answer.answers)
        check.true(last > 5, f"{name}: only {last} records")


def test_what_fits_is_not_truncated(env):
    for size in SIZES:
        answer = env.dns.ask("zone.coin", "A", size)
        check.equal((answer.truncated, answer.data("A")), (False, ["192.0.2.1"]), str(size))


def test_a_record_that_never_fits(env):
    """Nothing is left then but the mark that there would be more."""
    for size in (None, 512, 1232, 4096):
        answer = env.dns.ask("one.coin", "TXT", size)
        check.equal((answer.rcode, answer.truncated, answer.answers), ("NOERROR", True, []), str(size))


def test_question_is_repeated_as_asked(env):
    """With its case: resolvers check it (draft 0x20)."""
    answer = env.dns.ask("ZoNe.CoIn", "A")
    check.equal(answer.questions[0][0], "ZoNe.CoIn.")
    check.equal(answer.answers[0][0], "ZoNe.CoIn.")


def test_flags(env):
    """RD is copied, RA and AD are never set, CD is harmless."""
    for flags in (0x0000, 0x0100, 0x0110, 0x0120):
        answer = Answer(env.dns.exchange(query_packet("zone.coin", "A", 1232, flags)))
        check.equal(answer.flags & 0x0100, flags & 0x0100, "RD")
        check.equal(answer.flags & 0x00e0, 0, "RA, Z and AD")
        check.equal(answer.data("A"), ["192.0.2.1"])


def test_dnssec_ok_is_accepted(env):
    """There is no DNSSEC; a resolver that asks for it gets the plain answer."""
    packet = header(counts=(1, 0, 0, 1)) + question("zone.coin") + opt(flags=0x8000)
    answer = Answer(env.dns.exchange(packet))
    check.equal((answer.rcode, answer.data("A")), ("NOERROR", ["192.0.2.1"]))
    check.equal(env.dns.ask("zone.coin", 48).rcode, "NOERROR", "DNSKEY: no data")


if __name__ == "__main__":
    run(globals())
