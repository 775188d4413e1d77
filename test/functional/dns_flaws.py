#!/usr/bin/env python3
"""Published flaws of Emercoin Core 0.8.6 in answering DNS and in trusting signatures: each is shown not to exist here.

One function each, the flaw in its docstring. Where another script shows it in full, this table says which; the first test sees to it
that all of them are there.

| Flaw | Shown by |
|---|---|
| a line with SIG and no = ends the process; SIG= with nothing behind | test_a_signature_line_without_equals, test_an_empty_signature_line; dns_hostile.py test_bad_signatures_count_for_nothing |
| bytes of earlier packets in answers to short datagrams | test_short_datagrams; dns_malformed.py test_too_short_is_not_answered |
| packets that are answers are answered | test_answers_are_not_answered; dns_malformed.py test_random_packets |
| the root as question writes in front of a buffer | test_the_root_as_question |
| 32,768 reads from disk for one question | test_one_question_reads_no_disk |
| answers to forged addresses without a limit | test_small_answers_to_strangers, test_floods_are_limited |
| names in format strings, raw bytes in the log | test_names_in_the_log; dns_figures.py test_query_log |
| told 127.0.0.1 it listens everywhere | test_the_bind_address_is_kept; dns_malformed.py test_no_other_addresses |
| 256 zones hang the start, tables of one or two places the server | test_more_than_256_zones, test_tiny_filter_tables |
| numbers above 127 turn a check of signatures off | test_limits_above_127 |
| two servers share a port in silence | test_a_port_is_not_shared |
| toll-free rules read once, one source alone, a bad expression ends the process | test_toll_free_expressions; enum_dns.py test_toll_free_file_is_read_again |
| no TCP | dns_tcp.py test_an_answer_of_any_size, test_dig_retries_over_tcp |
| answers cut inside a record | test_small_answers_to_strangers; enum_dns.py test_large_answer_is_cut_between_records; dns_zone.py test_sizes |
| OPT unasked, none with errors, size and DO not read | test_edns_only_for_those_who_ask; dns_zone.py test_dnssec_ok_is_accepted; dns_dnssec.py test_only_for_those_who_ask |
| AA on everything, no SOA | test_authority_and_negative_answers; dns_zone.py test_every_zone_has_soa_and_ns |
| NXDOMAIN for other types, above existing names, for prefixes of SD | test_no_data_is_not_no_name |
| referrals without addresses | test_referrals_have_glue; dns_clients.py test_a_delegation_with_glue |
| ANY incomplete, several questions, opcode not read, NOTIMP for classes | test_any_gives_one_set, test_one_question_of_one_kind; dns_malformed.py test_opcodes, test_question_counts, test_classes_and_types |
| CNAME beside other data | test_a_cname_stands_alone |
| SERVFAIL with answers | test_errors_carry_no_answers; dns_hostile.py test_every_reply_is_sound, test_dig_reads_every_reply |
| no DNSSEC | dns_dnssec.py test_resolvers_validate, test_forgeries_are_refused |
| old signatures pasted after expiry, no date in them | test_a_signature_ends_with_its_owner; enum_dns.py test_signature_and_record_expire |
| expired and deleted verifiers stay trusted | names_expiry.py test_a_verifier_speaks_until_its_last_block; enum_verifier_change.py test_deleted |
| revocation fails open and matches parts of lines | enum_revocation.py test_refused_while_the_list_is_missing, test_only_whole_lines_revoke |
| an update of a verifier voids its signatures | enum_verifier_change.py test_update_keeps_the_owner |
| memory grows with what strangers ask | test_memory_stays; dns_tcp.py test_unread_answers |
"""

import pathlib
import re
import socket
import struct
import time

from framework import check
from framework.dns import Answer, Client, Stream, enum_name, header, query_packet, question
from framework.names import Purse
from framework.node import memory_kib
from framework.suite import run

ROUTE = "E2U+sip=100|10|!^.*$!sip:100@example.net!"
REGEXP = "!^.*$!sip:100@example.net!"
ZONES = "-emcdnsallowed=.coin|~open|$priv|!sigz"
JUNK_SLOTS = 300


def setup(env):
    env.share("-mocktime=1800000000", "-emcdns=1", "-enumtrust=ver:x", ZONES, "-emcdnsverbose=3")
    env.dns = Client(env.node.dns_port)
    env.purse = Purse(env.node)
    env.purse.register({
        "ver:x": "name=X", "dns:good.coin": "A=192.0.2.1|MX=m.x,:,::", "dns:broken.coin": "MX=:|SRV=1|TLSA=x|CAA=y|A=192.0.2.2",
        "open:17770000001:0": "SIGNED\n" + ROUTE, "priv:17770000001:0": "SIGNED\n" + ROUTE, "dns:s.sigz:0": "A=1.1.1.1|SIG|SIGNED",
        "open:17770000002:0": "SIG=\n" + ROUTE, "open:17770000003:0": ROUTE, "dns:sd.coin": "SD=www,gopher|A=192.0.2.3|NS=ns.x",
        "dns:mixed.coin": "CNAME=good.coin|A=192.0.2.4", "dns:a.below.coin": "A=192.0.2.5",
        "dns:glue.coin": "NS=ns.glue.coin|SD=ns", "dns:ns.glue.coin": "A=192.0.2.6",
        "dns:large.coin": "A=" + ",".join(f"10.0.{i}.1" for i in range(64))})
    check.soon(lambda: env.dns.ask("good.coin").answers, "not served")


def alive(env):
    check.equal(env.dns.ask("good.coin").data("A"), ["192.0.2.1"])


def test_every_flaw_has_its_test(_env):
    """The table above names scripts and functions that exist."""
    here = pathlib.Path(__file__).parent
    for row in __doc__.splitlines():
        if not row.startswith("| ") or row.startswith("| Flaw"):
            continue
        shown = row.split("|")[2]
        check.true("test_" in shown, row)
        for part in shown.split(";"):
            script = re.search(r"\w+\.py", part)
            text = (here / script[0]).read_text() if script else pathlib.Path(__file__).read_text()
            for name in re.findall(r"test_\w+", part):
                check.contains(text, f"\ndef {name}(", row)


def test_a_signature_line_without_equals(env):
    """One question for a record with a line that begins with SIG but has no = ended the process."""
    check.equal(env.dns.naptr(enum_name("17770000001", "open")), [REGEXP])
    check.equal(env.dns.naptr(enum_name("17770000001", "priv")), "NXDOMAIN")
    check.equal(env.dns.ask("s.sigz").rcode, "NXDOMAIN")
    alive(env)


def test_an_empty_signature_line(env):
    """`SIG=` ran into the next line and made the record unusable."""
    check.equal(env.dns.naptr(enum_name("17770000002", "open")), [REGEXP])


def test_short_datagrams(env):
    """Datagrams shorter than a header were answered with bytes left from earlier packets."""
    env.dns.ask("good.coin")
    for size in range(12):
        check.equal(env.dns.exchange(query_packet("good.coin")[:size], 0.05), None, f"{size} bytes")
    cut = env.dns.exchange(query_packet("good.coin")[:20], 0.3)
    check.equal((len(cut), cut[4:12]), (12, bytes(8)), "a damaged question is answered with a header alone")


def test_answers_are_not_answered(env):
    """Packets that are answers themselves were answered: two servers could be set at each other for ever."""
    check.equal(env.dns.exchange(query_packet("good.coin", flags=0x8100), 0.1), None)
    alive(env)


def test_the_root_as_question(env):
    """The root name made the server write in front of a buffer."""
    for kind in ("A", "NS", "SOA", "NAPTR", "ANY"):
        check.equal(Answer(env.dns.exchange(header() + b"\0" + question("", kind)[1:])).rcode, "REFUSED", kind)
    alive(env)


def test_one_question_reads_no_disk(env):
    """Up to 32,768 records were read from disk for one question; a number full of junk slots was a cheap attack."""
    number = "17770000009"
    for first in range(0, JUNK_SLOTS, 100):
        env.purse.register({f"priv:{number}:{slot}": ROUTE for slot in range(first, first + 100)})
    check.equal(env.dns.naptr(enum_name(number, "priv")), "NXDOMAIN", "none is signed")

    def seconds(name):
        begin = time.monotonic()
        for _ in range(500):
            env.dns.ask(name, "NAPTR")
        return time.monotonic() - begin

    before = env.rpc.getdnsinfo()["slow"]
    empty, full = seconds(enum_name("17770000010", "priv")), seconds(enum_name(number, "priv"))
    check.true(full < 3 * empty + 0.2, f"{full:.3f} s with junk slots, {empty:.3f} s without")
    check.equal(env.rpc.getdnsinfo()["slow"], before, "questions that were not answered from memory")


def test_small_answers_to_strangers(env):
    """Any answer to a spoofed source is at most 512 bytes without EDNS, 1232 with it, and whole records are left out."""
    for size, limit in ((None, 512), (65535, 1232)):
        answer = env.dns.ask("large.coin", "A", size)
        check.true(len(answer.packet) <= limit and len(answer.answers) > 20, f"{len(answer.packet)} bytes")
        check.equal(answer.truncated, len(answer.answers) < 64)


def test_floods_are_limited(env):
    """There was no limit of answers to one network: a forged address could be flooded. Beyond the limit every other answer is left
    out, and what is sent is no longer than the question and says that TCP helps, which is not limited."""
    node = env.start("-emcdns=1", "-mocktime=1800000000", "-emcdnsallowed=.coin", "-emcdnsratelimit=20", "-emcdnsallowip=192.0.2.1",
                     "-emcdnscookies=0")
    Purse(node, 1)
    packet, sizes = query_packet("nothere.coin"), []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connection:
        connection.connect(("127.0.0.1", node.dns_port))
        connection.settimeout(0.5)
        for _ in range(400):
            connection.send(packet)
        try:
            while True:
                sizes.append(len(connection.recv(4096)))
        except socket.timeout:
            pass
    full = [size for size in sizes if size > len(packet)]
    check.true(10 <= len(full) <= 60, f"{len(full)} full answers to 400 questions")
    check.true(len(sizes) <= len(full) + (400 - len(full)) / 2 + 1, f"{len(sizes)} answers")
    check.true(node.rpc.getdnsinfo()["limited"] >= 300, "not counted")
    with Stream(node.dns_port) as tcp:
        for _ in range(100):
            check.equal(tcp.ask("nothere.coin").rcode, "NXDOMAIN")
    node.stop()


def test_names_in_the_log(env):
    """Names went into format strings and raw bytes into the log."""
    for label in (b"%s%s%n%n", b"a\nb\x1b[31m", b"\xff\x00\x01"):
        env.dns.exchange(header() + bytes([len(label)]) + label + b"\x04coin\0\0\x01\0\x01", 1)
    text = env.node.log()
    check.contains(text, "query %s%s%n%n.coin type 1")
    check.contains(text, "query a\\010b\\027[31m.coin type 1")
    check.contains(text, "query \\255\\000\\001.coin type 1")


def test_more_than_256_zones(env):
    """256 zones and local names together made the start hang."""
    local = env.path("many.txt")
    local.write_text("".join(f"host{i}.lan=A=10.0.0.1\n" for i in range(2000)))
    zones = "|".join(f".z{i}" for i in range(300))
    node = env.start("-emcdns=1", f"-emcdnsallowed={zones}", f"-emcdnslocalcf={local}")
    check.equal(Client(node.dns_port).ask("host1999.lan").data("A"), ["10.0.0.1"])
    node.stop()


def test_limits_above_127(env):
    """A number above 127 in front of a zone turned a check of signatures off."""
    for number in (128, 200, 255, 256, 100000):
        node = env.start("-emcdns=1", "-mocktime=1800000000", f"-emcdnsallowed={number}$priv", "-enumtrust=ver:x")
        Purse(node, 1).register({"priv:17770000001:0": ROUTE})
        check.equal(Client(node.dns_port).naptr(enum_name("17770000001", "priv")), "NXDOMAIN", str(number))
        node.stop()


def test_tiny_filter_tables(env):
    """Filter tables of one or two places made the server hang at the first packet."""
    for size in (1, 2):
        node = env.start("-emcdns=1", f"-dapsize={size}", "-daptreshold=1")
        for _ in range(20):
            check.equal(Client(node.dns_port).ask("example.org").rcode, "REFUSED")
        node.stop()


def test_the_bind_address_is_kept(env):
    """127.0.0.1 as bind address listened on every interface."""
    node = env.start("-emcdns=1", "-emcdnsbindip=127.0.0.1")
    port = f":{node.dns_port:04X}"
    for family in ("udp", "udp6", "tcp", "tcp6"):
        with open(f"/proc/net/{family}", encoding="ascii") as text:
            mine = [line.split()[1] for line in text.readlines()[1:] if line.split()[1].endswith(port)]
        check.true(all(address == "0100007F" + port for address in mine), f"{family}: {mine}")
    node.stop()


def test_a_port_is_not_shared(env):
    """A second server on the same port took a share of the questions in silence."""
    other = env.make("-emcdns=1")
    other.dns_port = env.node.dns_port
    check.contains(other.fails_to_start(), str(env.node.dns_port))


def test_toll_free_expressions(env):
    """A bad expression in the toll-free list ended the process; only one source was read, and only once."""
    first, second = env.path("first.txt"), env.path("second.txt")
    first.write_text("E2U+sip=1|1|!^.*$!sip:lost@x.net!\n=((((\nE2U+sip=1|1|!^.*$!sip:bad@x.net!\n=1800.*\nE2U+sip=1|1|!^.*$!sip:a@x.net!\n")
    second.write_text("=1888.*\nE2U+sip=1|1|!^.*$!sip:b@x.net!\n")
    node = env.start("-emcdns=1", "-mocktime=1800000000", "-emcdnsallowed=~open", f"-enumtollfree={first}|{second}")
    node.rpc.generatetodescriptor(1, "raw(51)")
    dns = Client(node.dns_port)
    check.soon(lambda: dns.naptr(enum_name("18001234567", "open")) == ["!^.*$!sip:a@x.net!"], "first source")
    check.equal(dns.naptr(enum_name("18881234567", "open")), ["!^.*$!sip:b@x.net!"], "second source")
    second.write_text("=1888.*\nE2U+sip=1|1|!^.*$!sip:c@x.net!\n")
    check.soon(lambda: dns.naptr(enum_name("18881234567", "open")) == ["!^.*$!sip:c@x.net!"], "not read again")
    node.stop()


def test_edns_only_for_those_who_ask(env):
    """OPT came unasked, never with errors, and the client's size was ignored."""
    for name, rcode in (("good.coin", "NOERROR"), ("nothere.coin", "NXDOMAIN"), ("example.org", "REFUSED")):
        plain, extended = env.dns.ask(name, "A", None), env.dns.ask(name, "A", 1232)
        check.equal((plain.rcode, plain.edns, extended.edns["version"]), (rcode, None, 0), name)


def test_authority_and_negative_answers(env):
    """AA on everything; no SOA, so that negative answers could not be remembered."""
    referral = env.dns.ask("mail.sd.coin")
    check.equal((referral.authoritative, env.dns.ask("good.coin").authoritative), (False, True))
    for name in ("nothere.coin", "good.coin"):
        check.equal([row[1] for row in env.dns.ask(name, "AAAA").authority], ["SOA"], name)


def test_no_data_is_not_no_name(env):
    """NXDOMAIN for other types of an existing number, for x.coin above a.x.coin, for prefixes of a label in SD."""
    number = enum_name("17770000003", "open")
    for kind in ("A", "TXT", "NS", "SOA"):
        check.equal((env.dns.ask(number, kind).rcode, env.dns.ask(number, kind).answers), ("NOERROR", []), kind)
    check.equal(env.dns.naptr(number), [REGEXP])
    check.equal(env.dns.ask("below.coin").rcode, "NOERROR")
    check.equal(env.dns.ask("ww.sd.coin").rcode, "NOERROR", "ww is no element of SD=www")
    check.equal(env.dns.ask("www.sd.coin").rcode, "NXDOMAIN", "www is one, and not registered")


def test_referrals_have_glue(env):
    """Referrals came without addresses."""
    check.equal([row[3] for row in env.dns.ask("x.glue.coin").additional], ["192.0.2.6"])


def test_one_question_of_one_kind(env):
    """Several questions were accepted, opcodes ignored, other classes NOTIMP."""
    two = header(counts=(2, 0, 0, 0)) + question("good.coin") * 2
    check.equal(env.dns.exchange(two)[3] & 15, 1, "two questions")
    check.equal(env.dns.exchange(query_packet("good.coin", flags=0x2900))[3] & 15, 4, "UPDATE")
    for klass in (3, 255):
        check.equal(env.dns.exchange(header() + question("good.coin", "A", klass))[3] & 15, 5, f"class {klass}")


def test_any_gives_one_set(env):
    """ANY gave an arbitrary part of the types."""
    check.equal({row[1] for row in env.dns.ask("good.coin", "ANY").answers}, {"A"})


def test_a_cname_stands_alone(env):
    """A CNAME was served beside other data of its name."""
    check.equal((env.dns.ask("mixed.coin").data("A"), env.dns.ask("mixed.coin", "CNAME").answers), (["192.0.2.4"], []))


def test_errors_carry_no_answers(env):
    """A malformed element turned the reply into SERVFAIL with unparsable records."""
    for kind in ("MX", "SRV", "TLSA", "CAA", "A"):
        answer = env.dns.ask("broken.coin", kind)
        check.equal((answer.rcode, len(answer.answers)), ("NOERROR", 1 if kind == "A" else 0), kind)
    check.equal(env.dns.ask("good.coin", "MX").data("MX"), [(1, "m.x.")])


def test_memory_stays(env):
    """Nothing grows with what strangers ask."""
    env.dns.ask("good.coin")
    before = memory_kib(env.node.process.pid)
    for i in range(20000):
        env.dns.exchange(struct.pack(">H", i) + query_packet(f"x{i}.coin")[2:])
    check.true(memory_kib(env.node.process.pid) - before < 10_000, "memory grows with questions")


def test_a_signature_ends_with_its_owner(env):
    """After expiry anybody could register the number again and paste the old public signature."""
    env.need_wallet()
    node = env.start("-emcdns=1", "-mocktime=1800000000", "-enumtrust=ver:enum")
    node.mine(130, node.rpc.getnewaddress())
    node.rpc.name_new("ver:enum", node.rpc.ver_record({"name": "Test"}), 365)
    node.mine()
    owner, thief = node.rpc.getnewaddress(), node.rpc.getnewaddress()
    value = ROUTE + "\n" + node.rpc.enum_sign("ver:enum", "18009359935", owner)
    node.rpc.name_new("enum:18009359935:0", value, 1, owner)
    node.mine()
    dns, name = Client(node.dns_port), enum_name("18009359935")
    check.equal(dns.naptr(name), [REGEXP])
    node.mine(200)
    check.equal(dns.naptr(name), "NXDOMAIN", "expired")
    check.refused(None, "", node.rpc.name_new, "enum:18009359935:0", value, 30, thief)
    stolen = Purse(node, 1).transaction({"enum:18009359935:0": value})
    check.true(_refused_by_consensus(node, stolen), "a block with the old signature under another owner is accepted")
    check.equal(dns.naptr(name), "NXDOMAIN")
    node.stop()


def _refused_by_consensus(node, tx):
    height = node.rpc.getblockcount()
    try:
        node.rpc.generateblock("raw(51)", [tx.hex()])
    except Exception as error:  # pylint: disable=broad-except
        check.true(re.search("sig", str(error)) is not None, str(error))
        return node.rpc.getblockcount() == height
    return False


if __name__ == "__main__":
    run(globals())
