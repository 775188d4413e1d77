#!/usr/bin/env python3
"""What a replacement of Emercoin Core 0.8.6 keeps exactly, so that names and configurations made for it work on.

One function for each item. Two items have been replaced on purpose: a gap between the slots of a number hides nothing (a
slot is created only above a live one, so gaps come from expiry alone), and a signature covers number, owner and date
(`doc/enum.md`); the rest of its form, magic and digest are tested here.
"""

import subprocess

from framework import check
from framework.dns import Client, enum_name, header, question
from framework.names import Purse
from framework.suite import need, run

# Key of 32 bytes 0x11, and what it signs; published with the known answers of the predecessor.
KEY_HASH = bytes.fromhex("fc7250a211deddc70ee5a2738de5f07817351cef")
SIGNED_NAME = "dns:s.sigz:0"
SIGNATURE = "H/1VFL6z+Jm6qaFmSVw33K8WnIxxhz0zPXH+27t6bLdRE7vGk+lPHBrcuVDEAmxFJKVZtcxnwWn4FfIJiVkZkGI="
ROUTE = "E2U+sip=100|10|!^.*$!sip:100@example.net!"
VALUE = ("A=192.0.2.1|AAAA=2001:db8::1|MX=mx.vec.coin:10|TXT=hi|TTL=300|SRV=1:2:sip.vec.coin:5060|CAA=0 issue ca.test|"
         "TLSA=3:1:1:00ff")


def setup(env):
    env.toll_free = env.path("tollfree.txt")
    env.toll_free.write_text("# comment\n=^1?8(00|88|77)\\d+$\nE2U+sip=100|10|!^\\\\+*(.*)$!sip:\\\\1@tf.example.com!\n")
    env.local = env.path("local.txt")
    env.local.write_text("# a comment\nwww=A=10.0.0.2\nhost.local=A=10.1.1.1,10.1.1.2|MX=mx1.ex.com:10|TTL=77\n"
                         "ns.local=NS=@,ns9.example.org\n.sub.local=A=10.3.3.3\n")
    env.share("-mocktime=1800000000", "-emcdns=1", "-emcdnsbindip=.127.0.0.1", "-emcdnsverbose=1", "-enumtrust=ver:vec",
              "-emcdnsallowed=40$enum|.coin|~freenum|!sigz|4.lim|.foo.bar|~open nokind", "-emcdnssuffix=.gate.test",
              f"-emcdnslocalcf={env.local}", f"-enumtollfree={env.toll_free}", "-selfns=ns1.gate.test,ns2.gate.test",
              "-dapsize=20000", "-daptreshold=1024")
    env.dns = Client(env.node.dns_port)
    purse = Purse(env.node)
    purse.register({
        "dns:vec.coin": VALUE, "dns:ref.coin": "NS=ns1.example.net", "dns:cn.coin": "CNAME=www.example.net",
        "dns:example.coin": "A=1.2.3.4|SD=www,gopher|NS=ns.example.com", "dns:www.example.coin": "A=5.6.7.8",
        "dns:plain.coin": "A=1.2.3.4|SD=www", "dns:star.coin": "SD=*", "dns:a.star.coin": "A=2.2.2.2",
        "dns:seps.coin": "~#A=1.2.3.4,5.5.5.5#TXT=~*Hello, w|rld*second#MX=gm.com:33,mx.ms.com:66",
        "dns:first.coin": "A=1.1.1.1|A=2.2.2.2| TXT=x|MX =y|a=3.3.3.3|TXT=a=b|Unknown=1", "dns:prio.coin": "MX=m.coin|SRV=1:2:s.coin",
        "dns:ttl.coin": "TXT=x|TTL=12ab", "dns:at.coin": "NS=@,ns9.example.org", "dns:x.bar": "A=1.1.1.1", "dns:a.b.lim": "A=1.1.1.1",
        "dns:b.lim": "A=1.1.1.2", "dns:elsewhere.org": "A=1.1.1.1",
        SIGNED_NAME: "A=6.6.6.6|SIG=ver:vec!" + SIGNATURE, "dns:t.sigz:0": "A=6.6.6.6", "dns:www.s.sigz": "A=7.7.7.7",
        "open:17775550100:0": ROUTE, "open:17775550100:1": "note\r\ne2u+sip = 100 | 5 | !^.*$!sip:5@example.net! remark\nTTL=600",
        "freenum:17771234567:0": ROUTE})
    purse.register({"ver:vec": "name=Vector"}, owner=b"\x76\xa9\x14" + KEY_HASH + b"\x88\xac")
    check.soon(lambda: env.dns.ask("vec.coin").answers, "not served")


def records(env, name, kind):
    """owner, TTL and data of each answer."""
    return sorted((row[2], row[3]) for row in env.dns.ask(name, kind).answers)


def regexps(env, name):
    return env.dns.naptr(name)


def test_option_names_and_port(env):
    """All names of the predecessor are options, its documentation's spelling is an alias, 5335 is the port."""
    text = subprocess.run([env.programs / "emercoind", "-help"], capture_output=True, text=True, check=True).stdout
    for option in ("emcdns", "emcdnsport", "emcdnsbindip", "emcdnsverbose", "emcdnsallowed", "emcdnssuffix", "emcdnslocalcf",
                   "enumtrust", "enumtollfree", "dapsize", "daptreshold", "selfns"):
        check.matches(text, rf"(?m)^  -{option}\b")
    check.matches(text, r"-emcdnsport=<port>\s+Port \(default: 5335,")
    node = env.start("-EmerDNS=1", "-EmerDNSallowed=.coin", "-EmerDNSsuffix=.gate.test")
    check.equal((Client(node.dns_port).ask("coin").rcode, Client(node.dns_port).ask("enum").rcode), ("SERVFAIL", "REFUSED"))
    node.stop()


def test_zone_list(env):
    """Kinds, numbers in front, the last label of several, entries without a kind ignored."""
    check.equal(env.dns.ask("x.bar").data("A"), ["1.1.1.1"], ".foo.bar behaves as .bar")
    check.equal(env.dns.ask("x.foo").rcode, "REFUSED")
    check.equal(env.dns.ask("x.nokind").rcode, "REFUSED")
    check.equal(env.dns.ask("c.a.b.lim").data("A"), ["1.1.1.2"], "four labels are within 4.lim")
    check.equal(env.dns.ask("d.c.a.b.lim").rcode, "REFUSED", "five are not")
    check.equal(env.dns.ask(".".join(["a"] * 18) + ".vec.coin").data("A"), ["192.0.2.1"], "20 labels by default")
    check.equal(env.dns.ask(".".join(["a"] * 19) + ".vec.coin").rcode, "REFUSED")


def test_names_in_the_name_value_store(env):
    """dns:<domain>, <zone>:<digits>:<slot>."""
    check.equal(regexps(env, enum_name("17771234567", "freenum")), ["!^.*$!sip:100@example.net!"])
    check.equal(regexps(env, enum_name("17771234567", "open")), "NXDOMAIN", "another zone")
    check.equal(regexps(env, enum_name("17775550100", "enum")), "NXDOMAIN", "another zone")


def test_value_grammar(env):
    """Separators of one's own, the first token of a key, upper case, no blanks around it, only the first = separates."""
    check.equal(records(env, "seps.coin", "A"), [(3600, "1.2.3.4"), (3600, "5.5.5.5")])
    check.equal(records(env, "seps.coin", "TXT"), [(3600, ["Hello, w|rld"]), (3600, ["second"])])
    check.equal(records(env, "seps.coin", "MX"), [(3600, (33, "gm.com.")), (3600, (66, "mx.ms.com."))])
    check.equal(records(env, "first.coin", "A"), [(3600, "1.1.1.1")])
    check.equal(records(env, "first.coin", "TXT"), [(3600, ["a=b"])])
    check.equal(env.dns.ask("first.coin", "MX").answers, [])


def test_sub_domains(env):
    """SD, then NS, then the name itself; SD=* for all; the worked example of the documentation."""
    check.equal(records(env, "example.coin", "A"), [(3600, "1.2.3.4")])
    check.equal(records(env, "www.example.coin", "A"), [(3600, "5.6.7.8")])
    check.equal(env.dns.ask("gopher.example.coin").rcode, "NXDOMAIN")
    mail = env.dns.ask("mail.example.coin")
    check.equal((mail.rcode, mail.answers, mail.authority), ("NOERROR", [], [("example.coin.", "NS", 86400, "ns.example.com.")]))
    check.equal(records(env, "mail.plain.coin", "A"), [(3600, "1.2.3.4")])
    check.equal(records(env, "a.star.coin", "A"), [(3600, "2.2.2.2")])
    check.equal(env.dns.ask("b.star.coin").rcode, "NXDOMAIN")
    check.equal(env.dns.ask("_sip._tcp.vec.coin", "SRV").data("SRV"), [(1, 2, 5060, "sip.vec.coin.")])
    at_cut = env.dns.ask("ref.coin")
    check.equal((at_cut.answers, at_cut.authority), ([], [("ref.coin.", "NS", 3600, "ns1.example.net.")]))
    check.equal(records(env, "cn.coin", "MX"), [(3600, "www.example.net.")], "a CNAME stands in for other types")


def test_known_answers(env):
    """The records of the published answers, byte for byte behind the question."""
    tail = {"A": "c00c000100010000012c0004c0000201", "AAAA": "c00c001c00010000012c001020010db8000000000000000000000001",
            "MX": "c00c000f00010000012c000f000a026d780376656304636f696e00", "TXT": "c00c001000010000012c0003026869",
            "SRV": "c00c002100010000012c00140001000213c4037369700376656304636f696e00",
            "CAA": "c00c010100010000012c000e0005697373756563612e74657374", "TLSA": "c00c003400010000012c000503010100ff"}
    for kind, wanted in tail.items():
        asked = header() + question("vec.coin", kind)
        packet = env.dns.exchange(asked)
        check.equal(packet[:12].hex(), "123485000001000100000000", kind)
        check.equal(packet[len(asked):].hex(), wanted, kind)
    asked = header() + question(enum_name("17771234567", "freenum"), "NAPTR")
    check.equal(env.dns.exchange(asked)[len(asked):].hex(),
                "c00c0023000100015180002a0064000a01750" "74532552b7369701a215e2e2a24217369703a313030406578616d706c652e6e65742100")


def test_defaults(env):
    """MX priority 1, SRV port 1, TTL 3600 and 86400; a TTL is a decimal prefix."""
    check.equal(records(env, "prio.coin", "MX"), [(3600, (1, "m.coin."))])
    check.equal(records(env, "prio.coin", "SRV"), [(3600, (1, 2, 1, "s.coin."))])
    check.equal(records(env, "ttl.coin", "TXT"), [(12, ["x"])])
    check.equal(env.dns.ask(enum_name("17771234567", "freenum"), "NAPTR").answers[0][2], 86400)


def test_own_host_names(env):
    """@ in NS stands for -selfns."""
    check.equal(sorted(env.dns.ask("at.coin", "NS").data("NS")), ["ns1.gate.test.", "ns2.gate.test.", "ns9.example.org."])


def test_digits_from_right_to_left(env):
    for name in ("7.6.5.4.3.2.1.7.7.7.1.freenum", "76543217771.freenum", "7654321-777-1.freenum", "7.6.5.4.sales.3.2.1.7.7.7.1.freenum"):
        check.equal(regexps(env, name), ["!^.*$!sip:100@example.net!"], name)
    check.equal(regexps(env, "17771234567.freenum"), "NXDOMAIN")


def test_lines_of_a_record(env):
    """E2U, TTL and SIG in any case, blanks around |, an expression up to the blank, other lines ignored."""
    answer = env.dns.ask(enum_name("17775550100", "open"), "NAPTR")
    check.equal([row[3][1:5] for row in answer.answers],
                [(5, "u", "e2u+sip", "!^.*$!sip:5@example.net!"), (10, "u", "E2U+sip", "!^.*$!sip:100@example.net!")])
    check.equal({row[2] for row in answer.answers}, {600})


def test_signed_zone(env):
    """Message, magic, digest and the verifier's P2PKH owner, with a signature other programs made."""
    check.equal(env.dns.ask("s.sigz").data("A"), ["6.6.6.6"])
    check.equal(env.dns.ask("www.s.sigz").data("A"), ["6.6.6.6"], "not in SD: the parent answers")
    check.equal(env.dns.ask("t.sigz").rcode, "NXDOMAIN", "unsigned")


def test_toll_free_file(env):
    """Comment, rule and route as the predecessor's example has them, back-slashes doubled."""
    check.equal(regexps(env, enum_name("18005551234", "open")), ["!^\\+*(.*)$!sip:\\1@tf.example.com!"])
    check.equal(regexps(env, enum_name("18015551234", "open")), "NXDOMAIN")


def test_local_file_and_gateway(env):
    check.equal(records(env, "host.local", "A"), [(77, "10.1.1.1"), (77, "10.1.1.2")])
    check.equal(records(env, "ns.local", "NS"), [(3600, "ns1.gate.test."), (3600, "ns2.gate.test."), (3600, "ns9.example.org.")])
    check.equal((env.dns.ask("a.b.sub.local").data("A"), env.dns.ask("sub.local").rcode), (["10.3.3.3"], "REFUSED"))
    check.equal(env.dns.ask("www.gate.test").data("A"), ["10.0.0.2"])
    answer = env.dns.ask("vec.coin.gate.test")
    check.equal([(row[0], row[3]) for row in answer.answers], [("vec.coin.gate.test.", "192.0.2.1")])
    cut = env.dns.ask("a.ref.coin.gate.test")
    check.equal(cut.authority[0][0], "ref.coin.gate.test.")
    gateway = "7.6.5.4.3.2.1.7.7.7.1.freenum.gate.test"
    check.equal(regexps(env, gateway), ["!^.*$!sip:100@example.net!"])


def test_suffix_that_is_replaced(env):
    node = env.start("-emcdns=1", "-emcdnsallowed=~open", "-emcdnssuffix=.e164.org|.open", "-mocktime=1800000000")
    Purse(node, 1).register({"open:17775550100:0": ROUTE})
    other = Client(node.dns_port)
    check.soon(lambda: other.naptr(enum_name("17775550100", "e164.org")) == ["!^.*$!sip:100@example.net!"], "not replaced")
    check.equal(other.naptr(enum_name("17775550100", "open")), ["!^.*$!sip:100@example.net!"])
    node.stop()


def test_rcodes(env):
    """REFUSED for other zones, NXDOMAIN for missing names; SERVFAIL before the chain is there."""
    check.equal((env.dns.ask("elsewhere.org").rcode, env.dns.ask("nothere.coin").rcode), ("REFUSED", "NXDOMAIN"))
    node = env.start("-emcdns=1")
    check.equal((Client(node.dns_port).ask("vec.coin").rcode, Client(node.dns_port).ask("example.org").rcode), ("SERVFAIL", "REFUSED"))
    node.stop()


def test_dig_agrees(env):
    for kind, text in (("MX", "10 mx.vec.coin."), ("CAA", '0 issue "ca.test"'), ("TLSA", "3 1 1 00FF"), ("SRV", "1 2 5060 sip.vec.coin.")):
        done = subprocess.run([need("dig"), "-p", str(env.node.dns_port), "@127.0.0.1", "+short", "-t", kind, "vec.coin"],
                              capture_output=True, text=True, timeout=30, check=True)
        check.equal(done.stdout.strip(), text)


if __name__ == "__main__":
    run(globals())
