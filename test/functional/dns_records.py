#!/usr/bin/env python3
"""dns: names as DNS answers: every record type, negative answers, sub-domains, zones, local names."""

import subprocess

from framework import check
from framework.dns import Client
from framework.names import Purse
from framework.suite import need, run

ALL = ("A=192.0.2.1,192.0.2.2|AAAA=2001:db8::1|MX=mx.all.coin:10,backup.example|TXT=hello,second text|TTL=300|"
       "SRV=1:2:sip.all.coin:5060|CAA=0 issue ca.test|TLSA=3:1:1:00ff|PTR=host.example|NS=ns1.example,ns2.example")
DEFAULT_TTL = 3600


def setup(env):
    env.local = env.path("local.txt")
    env.local.write_text("# local names\nprinter.lan=A=192.0.2.77\n.sub.lan=A=192.0.2.78\n")
    env.share("-mocktime=1800000000", "-emcdns=1", f"-emcdnslocalcf={env.local}", "-emcdnssuffix=.gate.test",
              "-emcdnsallowed=$enum|.coin|.emc|~open")
    env.dns = Client(env.node.dns_port)
    env.purse = Purse(env.node)
    env.purse.register({
        "dns:all.coin": ALL, "dns:plain.coin": "A=192.0.2.9", "dns:cn.coin": "CNAME=www.example",
        "dns:long.coin": "TXT=" + "x" * 300, "dns:empty.coin": "TXT=", "dns:bad.coin": "A=1.2.3,192.0.2.5|MX=:",
        "dns:sep.coin": "~#A=192.0.2.3#TXT=~*Hello, w|rld*second", "dns:big.coin": "TXT=" + ",".join("y" * 100 + str(i) for i in range(40)),
        "dns:sd.coin": "A=192.0.2.20|SD=www,gopher|NS=ns.example", "dns:www.sd.coin": "A=192.0.2.21",
        "dns:outside.test": "A=192.0.2.1", "dns:Upper.coin": "A=192.0.2.1",
        "dns:new.coin": 'NAPTR=~;10 20 s SIP+D2U "" _sip._udp.new.coin|URI=10 1 https://new.coin/|SSHFP=4:2:' + "ab" * 32
                        + "|HTTPS=~;1 . alpn=h2,h3 port=8443;2 svc.new.coin|SVCB=1 svc.new.coin port=53",
        "dns:alias.coin": "CNAME=plain.coin", "dns:chain.coin": "CNAME=alias.coin", "dns:loop.coin": "CNAME=loop.coin",
        "dns:dangling.coin": "CNAME=nothere.coin", "dns:mixed.coin": "CNAME=plain.coin|A=192.0.2.10",
        "dns:none.coin": 'MX=.:0|SRV=0:0:.:0|CAA=0 issue "ca.test"',
        "dns:cut.coin": "NS=ns.cut.coin|SD=ns", "dns:ns.cut.coin": "A=192.0.2.30|AAAA=2001:db8::30", "dns:a.b.ent.coin": "A=192.0.2.31"})
    check.soon(lambda: env.dns.ask("plain.coin").answers, "the names are not served")


def data(env, name, kind):
    return sorted(env.dns.ask(name, kind).data(kind))


def nothing(env, name, kind, rcode):
    answer = env.dns.ask(name, kind)
    check.equal((answer.rcode, answer.answers), (rcode, []), f"{name} {kind}")
    check.equal([(row[0], row[1]) for row in answer.authority], [("coin.", "SOA")], "authority")
    check.true(answer.authority[0][2] <= 60, "negative answers are remembered for longer than 60 s")


def test_addresses(env):
    check.equal(data(env, "all.coin", "A"), ["192.0.2.1", "192.0.2.2"])
    check.equal(data(env, "all.coin", "AAAA"), ["2001:db8::1"])
    answer = env.dns.ask("ALL.coin", "A")
    check.equal((answer.authoritative, len(answer.answers), {row[2] for row in answer.answers}), (True, 2, {300}))
    check.equal({row[2] for row in env.dns.ask("plain.coin").answers}, {DEFAULT_TTL})


def test_other_types(env):
    check.equal(data(env, "all.coin", "MX"), [(1, "backup.example."), (10, "mx.all.coin.")])
    check.equal(data(env, "all.coin", "TXT"), [["hello"], ["second text"]])
    check.equal(data(env, "all.coin", "SRV"), [(1, 2, 5060, "sip.all.coin.")])
    check.equal(data(env, "all.coin", "PTR"), ["host.example."])
    check.equal(data(env, "all.coin", "CAA"), [b"\x00\x05issueca.test"])
    check.equal(data(env, "all.coin", "TLSA"), [b"\x03\x01\x01\x00\xff"])
    check.equal(data(env, "all.coin", "NS"), ["ns1.example.", "ns2.example."])


def test_what_a_name_says_it_has_not(env):
    """No mail (RFC 7505), no such service (RFC 2782); quotes around a CAA value are those of zone files."""
    check.equal(data(env, "none.coin", "MX"), [(0, ".")])
    check.equal(data(env, "none.coin", "SRV"), [(0, 0, 0, ".")])
    check.equal(data(env, "none.coin", "CAA"), [b"\x00\x05issueca.test"])


def test_cname(env):
    answer = env.dns.ask("cn.coin", "A")
    check.equal([(row[1], row[3]) for row in answer.answers], [("CNAME", "www.example.")])
    check.equal(data(env, "cn.coin", "CNAME"), ["www.example."])


def test_newer_types_as_dig_and_kdig_show_them(env):
    wanted = {"NAPTR": '10 20 "s" "SIP+D2U" "" _sip._udp.new.coin.', "URI": '10 1 "https://new.coin/"',
              "HTTPS": '1 . alpn="h2,h3" port=8443\n2 svc.new.coin.', "SVCB": "1 svc.new.coin. port=53"}
    for kind, text in wanted.items():
        for program in ("dig", "kdig"):
            done = subprocess.run([need(program), "-p", str(env.node.dns_port), "@127.0.0.1", "+short", "-t", kind, "new.coin"],
                                  capture_output=True, text=True, timeout=30, check=False)
            if program == "kdig" and kind in ("HTTPS", "SVCB"):
                check.equal(len(done.stdout.splitlines()), len(text.splitlines()), done.stdout)
            else:
                check.equal(sorted(line.strip() for line in done.stdout.splitlines()), sorted(text.splitlines()), f"{program} {kind}: {done.stderr}")
    check.equal(env.dns.ask("new.coin", "SSHFP").answers[0][3].hex(), "0402" + "ab" * 32, "SSHFP")


def chain(env, name, kind="A"):
    """rcode, and owner and type of each record of the answer."""
    answer = env.dns.ask(name, kind)
    return answer.rcode, [row[:2] for row in answer.answers]


def test_aliases_are_followed(env):
    check.equal(chain(env, "chain.coin"), ("NOERROR", [("chain.coin.", "CNAME"), ("alias.coin.", "CNAME"), ("plain.coin.", "A")]))
    check.equal(chain(env, "loop.coin"), ("NOERROR", [("loop.coin.", "CNAME")]))
    check.equal(chain(env, "dangling.coin"), ("NXDOMAIN", [("dangling.coin.", "CNAME")]), "RFC 6604")
    check.equal(chain(env, "alias.coin", "MX"), ("NOERROR", [("alias.coin.", "CNAME")]))
    check.equal(chain(env, "mixed.coin"), ("NOERROR", [("mixed.coin.", "A")]), "a CNAME stands alone")
    check.equal(env.dns.ask("mixed.coin", "CNAME").answers, [])


def test_delegation_with_glue(env):
    answer = env.dns.ask("x.cut.coin")
    check.equal((answer.rcode, answer.authoritative, answer.answers), ("NOERROR", False, []))
    check.equal([row[:2] + (row[3],) for row in answer.authority], [("cut.coin.", "NS", "ns.cut.coin.")])
    check.equal([row[3] for row in answer.additional], ["192.0.2.30", "2001:db8::30"], "glue")
    check.equal(env.dns.ask("cut.coin", 43).authority[0][1], "SOA", "no DS: no data from this side of the cut")


def test_empty_non_terminals(env):
    """RFC 8020: a name exists when another is below it."""
    nothing(env, "ent.coin", "A", "NOERROR")
    nothing(env, "b.ent.coin", "A", "NOERROR")
    nothing(env, "c.ent.coin", "A", "NXDOMAIN")


def test_text(env):
    check.equal(data(env, "long.coin", "TXT"), [["x" * 255, "x" * 45]])
    check.equal(sorted(map(str, data(env, "sep.coin", "TXT"))), sorted(map(str, [["Hello, w|rld"], ["second"]])))
    check.equal(data(env, "sep.coin", "A"), ["192.0.2.3"])


def test_malformed_elements_are_left_out(env):
    check.equal(data(env, "bad.coin", "A"), ["192.0.2.5"])
    check.equal(env.dns.ask("bad.coin", "MX").rcode, "NOERROR")


def test_negative_answers(env):
    nothing(env, "plain.coin", "AAAA", "NOERROR")
    nothing(env, "plain.coin", "NAPTR", "NOERROR")
    nothing(env, "nothere.coin", "A", "NXDOMAIN")
    nothing(env, "a.b.nothere.coin", "A", "NXDOMAIN")


def test_zone_apex(env):
    answer = env.dns.ask("coin", "SOA")
    check.equal((answer.rcode, answer.answers[0][:2]), ("NOERROR", ("coin.", "SOA")))


def test_refused(env):
    for name in ("outside.test", "example.com", "test", "lib", "x.bazar", "."):
        answer = env.dns.ask(name)
        check.equal((answer.rcode, answer.answers, answer.authority), ("REFUSED", [], []), name)


def test_subdomains(env):
    check.equal(data(env, "sd.coin", "A"), ["192.0.2.20"])
    check.equal(data(env, "www.sd.coin", "A"), ["192.0.2.21"])
    check.equal(env.dns.ask("gopher.sd.coin").rcode, "NXDOMAIN", "in SD, but no name of its own")
    answer = env.dns.ask("mail.sd.coin")
    check.equal((answer.rcode, answer.answers), ("NOERROR", []))
    check.equal([(row[0], row[1], row[3]) for row in answer.authority], [("sd.coin.", "NS", "ns.example.")], "referral")
    check.equal(data(env, "anything.plain.coin", "A"), ["192.0.2.9"], "no NS: the name itself answers below")


def test_truncation_and_edns(env):
    small = env.dns.ask("big.coin", "TXT", None)
    check.equal((small.truncated, small.edns, len(small.packet) <= 512), (True, None, True))
    large = env.dns.ask("big.coin", "TXT", 4096)
    check.equal((large.truncated, len(large.packet) <= 1232, len(large.answers) > len(small.answers)), (True, True, True))
    check.equal((large.edns["version"], large.edns["rcode"]), (0, 0))
    tiny = env.dns.ask("big.coin", "TXT", 100)
    check.true(len(tiny.packet) <= 512, "a size below 512 counts as 512")


def test_any(env):
    answer = env.dns.ask("all.coin", "ANY")
    check.equal(len({row[1] for row in answer.answers}), 1, "one record set (RFC 8482)")


def test_gateway_suffix(env):
    answer = env.dns.ask("plain.coin.gate.test")
    check.equal([(row[0], row[3]) for row in answer.answers], [("plain.coin.gate.test.", "192.0.2.9")])


def test_local_names(env):
    check.equal(data(env, "printer.lan", "A"), ["192.0.2.77"])
    check.equal(data(env, "x.sub.lan", "A"), ["192.0.2.78"])
    env.local.write_text("printer.lan=A=192.0.2.79\n")
    check.soon(lambda: data(env, "printer.lan", "A") == ["192.0.2.79"], "the file is not read again")


def test_open_enum_zone(env):
    env.purse.register({"open:17775550100:0": "E2U+sip=100|10|!^.*$!sip:100@example.net!"})
    check.within(1, lambda: env.dns.naptr("0.0.1.0.5.5.5.7.7.7.1.open") == ["!^.*$!sip:100@example.net!"], "not served")
    env.purse.register({"enum:17775550100:0": "E2U+sip=100|10|!^.*$!sip:100@example.net!"})
    check.equal(env.dns.naptr("0.0.1.0.5.5.5.7.7.7.1.enum"), "NXDOMAIN", "unsigned")


def test_change_and_expiry(env):
    env.purse.register({"dns:short.coin": "A=192.0.2.50"}, days=1)
    check.within(1, lambda: data(env, "short.coin", "A") == ["192.0.2.50"], "not served")
    env.node.mine(167)
    check.equal(data(env, "short.coin", "A"), ["192.0.2.50"])
    env.node.mine(2)
    check.within(1, lambda: env.dns.ask("short.coin").rcode == "NXDOMAIN", "served beyond its life")
    env.purse.register({"dns:short.coin": "A=192.0.2.51"}, days=30)
    check.within(1, lambda: data(env, "short.coin", "A") == ["192.0.2.51"], "the new life is not served")


def test_restart(env):
    env.node.restart()
    check.soon(lambda: data(env, "plain.coin", "A") == ["192.0.2.9"], "not served after a restart")


if __name__ == "__main__":
    run(globals())
