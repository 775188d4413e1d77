#!/usr/bin/env python3
"""Signed zones before real validators: Unbound, BIND and delv with the zone's own key as trust anchor.

Between the resolvers and the node stands a proxy, which forges answers when a test wants it to.
"""

import re
import subprocess

from framework import check
from framework.dns import Answer, Client, enum_name, query_packet
from framework.dns_proxy import Proxy
from framework.names import Purse
from framework.namespace import Program, enter, inside
from framework.suite import Skip, need, run

UNBOUND, CHILD, PROXY, BIND = (f"127.0.0.{last}" for last in (21, 23, 24, 25))
ZONES = ("coin", "open", "plain")
NUMBER = "4930123456"
AD = 0x0020
# What is asked, its rcode, and whether anything is in the answer section.
QUESTIONS = (
    ("host.coin", "A", "NOERROR", True), ("host.coin", "TXT", "NOERROR", True), ("below.host.coin", "A", "NOERROR", True),
    ("deep.below.host.coin", "A", "NOERROR", True), ("host.coin", "MX", "NOERROR", False), ("below.host.coin", "MX", "NOERROR", False),
    ("nobody.coin", "A", "NXDOMAIN", False), ("a.b.nobody.coin", "A", "NXDOMAIN", False), ("missing.sub.coin", "A", "NXDOMAIN", False),
    ("www.sub.coin", "A", "NOERROR", True), ("alias.coin", "A", "NOERROR", True), ("lost.coin", "A", "NXDOMAIN", True), ("coin", "SOA", "NOERROR", True),
    ("coin", "NS", "NOERROR", True), ("coin", "DNSKEY", "NOERROR", True), ("coin", "CDS", "NOERROR", True), ("host.coin", "NSEC", "NOERROR", True), ("coin", "A", "NOERROR", False),
    ("mail.coin", "MX", "NOERROR", True), ("mail.coin", "SRV", "NOERROR", True),
    (enum_name(NUMBER, "open"), "NAPTR", "NOERROR", True), (enum_name(NUMBER, "open"), "A", "NOERROR", False),
    (NUMBER[::-1] + ".open", "NAPTR", "NOERROR", True), ("3.9.4.open", "NAPTR", "NOERROR", False),
    (enum_name("4930123457", "open"), "NAPTR", "NXDOMAIN", False), (enum_name("999", "open"), "NAPTR", "NXDOMAIN", False),
)


def setup(env):
    if not inside():
        raise Skip("no namespaces for networks here")
    need("unbound")
    env.node = env.make("-emcdns=1", "-emcdnsallowed=.coin|~open|.plain", "-selfns=ns1.gate.test")
    env.node.start()
    env.keys = {zone: env.node.rpc.dnskeygen(zone) for zone in ("coin", "open")}
    env.node.restart("-emcdnssec=coin,open")
    env.rpc = env.node.rpc
    env.direct = Client(env.node.dns_port)
    env.purse = Purse(env.node)
    env.purse.register({
        "dns:host.coin": "A=192.0.2.1,192.0.2.2|TXT=hello|TTL=300", "dns:sub.coin": "A=192.0.2.3|SD=www,missing",
        "dns:www.sub.coin": "A=192.0.2.4", "dns:alias.coin": "CNAME=host.coin", "dns:cut.coin": "NS=ns.cut.coin|SD=ns",
        "dns:ns.cut.coin": f"A={CHILD}", "dns:lost.coin": "CNAME=nobody.coin", "dns:mail.coin": "MX=MX.Host.coin:10|SRV=1:2:SIP.Host.coin:5060",
        "dns:host.plain": "A=192.0.2.9",
        f"open:{NUMBER}:0": "E2U+sip=100|10|!^(.*)$!sip:\\1@Gate.test!\nE2U+email:mailto=100|20|!^.*$!mailto:a@gate.test!"})
    check.soon(lambda: env.direct.ask("host.coin").answers, "not served")
    env.proxy = Proxy(PROXY, 53, env.node.dns_port)
    env.at_end.append(env.proxy.stop)
    env.started = {}


def resolvers(env):
    """A name and a client for each validating resolver there is."""
    if not env.started:
        anchors = [env.keys[zone]["ds"] for zone in env.keys]
        env.started = {"Unbound": unbound(env, UNBOUND, anchors), "BIND": bind(env, anchors)}
        child(env)
    return env.started.items()


def begin(env, client, *command):
    program = Program(env.folder, *command)
    env.at_end.append(program.stop)
    program.wait_for(lambda: client.exchange(query_packet("host.plain"), 0.5) is not None)
    return client


def unbound(env, address, anchors):
    """A validating resolver that trusts these keys and asks the node for its zones."""
    stubs = "".join(f'stub-zone:\n  name: "{zone}"\n  stub-addr: {PROXY}\n' for zone in ZONES)
    text = (f'server:\n  interface: {address}\n  directory: "{env.folder}"\n  chroot: ""\n  username: ""\n  pidfile: ""\n  use-syslog: no\n'
            f'  do-not-query-localhost: no\n  module-config: "validator iterator"\n  do-ip6: no\n  val-log-level: 2\n  qname-minimisation: yes\n'
            f'  cache-max-negative-ttl: 1\n  domain-insecure: "plain"\n  local-zone: "test" nodefault\n'
            + "".join(f'  trust-anchor: "{anchor}"\n' for anchor in anchors) + "remote-control:\n  control-enable: no\n" + stubs)
    path = env.path(f"unbound-{address}.conf")
    path.write_text(text)
    return begin(env, Client(53, address, 5), need("unbound"), "-d", "-c", path)


def named(env, address, body):
    """BIND with this in its configuration; it listens on addresses that an interface has."""
    subprocess.run([need("ip"), "address", "replace", f"{address}/8", "dev", "lo"], check=True)
    folder = env.path(f"named-{address}")
    folder.mkdir()
    config = folder / "named.conf"
    config.write_text(f'''options {{ directory "{folder}"; pid-file none; lock-file none; listen-on {{ {address}; }}; listen-on-v6 {{ none; }};
    dnssec-validation yes; recursion yes; allow-query {{ any; }}; minimal-responses no; }};\ncontrols {{ }};\n{body}''')
    return begin(env, Client(53, address, 5), need("named"), "-g", "-n", "1", "-c", config)


def bind(env, anchors):
    rows = "".join(f'  {zone} static-ds {tag} {algorithm} {digest} "{data}";\n'
                   for zone, _, _, _, tag, algorithm, digest, data in (anchor.split() for anchor in anchors))
    stubs = "".join(f'zone "{zone}" {{ type static-stub; server-addresses {{ {PROXY}; }}; }};\n' for zone in ZONES)
    return named(env, BIND, f"trust-anchors {{\n{rows}}};\n{stubs}")


def child(env):
    """The server of cut.coin, which is not signed."""
    zone = env.path("cut.zone")
    zone.write_text("$TTL 60\n@ SOA ns.cut.coin. x.cut.coin. 1 60 60 60 60\n@ NS ns.cut.coin.\nhost A 192.0.2.77\n"
                    f"ns A {CHILD}\n")
    named(env, CHILD, f'zone "cut.coin" {{ type primary; file "{zone}"; }};\n')


def validated(client, name, kind="A"):
    """The answer, and whether the resolver found it genuine; it says so to those who set AD."""
    answer = Answer(client.exchange(query_packet(name, kind, 1232, 0x0100 | AD)))
    return answer, bool(answer.flags & AD)


def test_what_the_keys_say(env):
    for zone, key in env.keys.items():
        check.matches(key["ds"], rf"^{zone}\. 3600 IN DS \d+ 13 2 [0-9a-f]{{64}}$")
        check.matches(key["dnskey"], rf"^{zone}\. 3600 IN DNSKEY 257 3 13 \S{{86}}==$")
    check.equal(env.rpc.getdnsinfo()["signed_zones"], [env.keys["coin"], env.keys["open"]])
    check.refused(-1, "there is a key already", env.rpc.dnskeygen, "coin")
    check.refused(-1, "is no zone", env.rpc.dnskeygen, "../coin")
    mode = (env.node.network / "dnssec" / "coin.key").stat().st_mode & 0o777
    check.equal(mode, 0o600)
    made = subprocess.run([need("dig"), "@127.0.0.1", "-p", str(env.node.dns_port), "coin", "DNSKEY", "+noall", "+answer"],
                          capture_output=True, text=True, check=True).stdout
    tool = subprocess.run([need("dnssec-dsfromkey"), "-2", "-f", "-", "coin"], input=made, capture_output=True, text=True, check=False).stdout
    check.equal(tool.lower().split()[3:], env.keys["coin"]["ds"].lower().split()[4:], "DS as BIND's own tool makes it")


def test_resolvers_validate(env):
    for resolver, client in resolvers(env):
        for _ in range(2):
            for name, kind, rcode, some in QUESTIONS:
                answer, genuine = validated(client, name, kind)
                check.equal((answer.rcode, bool(answer.answers), genuine), (rcode, some, True), f"{resolver}: {name} {kind}")
        plain, genuine = validated(client, "host.plain")
        check.equal((plain.data("A"), genuine), (["192.0.2.9"], False), resolver)


def without_do(packet):
    """The question as somebody sends it who wants an unsigned answer."""
    return packet.replace(b"\x80\0\0", b"\0\0\0") if packet[10:12] != b"\0\0" else packet


def as_no_data(packet):
    """NXDOMAIN turned into no data."""
    return packet[:3] + bytes([packet[3] & 0xf0]) + packet[4:] if packet[3] & 15 == 3 else packet


def test_forgeries_are_refused(env):
    """Changed addresses, answers and denials without signatures, a denial that says something else: SERVFAIL, and what was forged is
    nowhere in it. The same names are believed again when nobody meddles."""
    forgeries = {
        "another address": ("replies", lambda packet: packet.replace(bytes((192, 0, 2, 201)), bytes((192, 0, 2, 202))), "forged1.coin", "NOERROR"),
        "no signatures": ("asks", without_do, "forged2.coin", "NOERROR"),
        "a denial without signatures": ("asks", without_do, "forged3.coin", "NXDOMAIN"),
        "another denial": ("replies", as_no_data, "forged4.coin", "NXDOMAIN")}
    env.purse.register({"dns:forged1.coin": "A=192.0.2.201|TTL=1", "dns:forged2.coin": "A=192.0.2.201|TTL=1"})
    for resolver, client in resolvers(env):
        for what, (way, function, name, rcode) in forgeries.items():
            env.proxy.honest()
            setattr(env.proxy, way, function)
            answer, genuine = validated(client, name)
            check.equal((answer.rcode, answer.answers, genuine), ("SERVFAIL", [], False), f"{resolver}: {what}")
        env.proxy.honest()
        for what, (_, _, name, rcode) in forgeries.items():
            # What was refused is remembered as refused for a while.
            name = f"again.{name}" if rcode == "NOERROR" else f"again-{name}"
            answer, genuine = validated(client, name)
            check.equal((answer.rcode, genuine), (rcode, True), f"{resolver} without: {what}")


def delv(env, name, kind, anchors):
    done = subprocess.run([need("delv"), "@127.0.0.1", "-p", str(env.node.dns_port), "-a", str(anchors), f"+root={name.split('.')[-1]}", name, kind],
                          capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def anchors_file(env, keys):
    path = env.path("anchors")
    rows = []
    for zone, key in keys.items():
        flags, protocol, algorithm, data = key["dnskey"].split()[4:8]
        rows.append(f'  {zone}. static-key {flags} {protocol} {algorithm} "{data}";')
    path.write_text("trust-anchors {\n" + "\n".join(rows) + "\n};\n")
    return path


def test_delv_validates(env):
    anchors = anchors_file(env, env.keys)
    for name, kind, rcode, some in QUESTIONS:
        text = delv(env, name, kind, anchors)
        wanted = "; fully validated" if some else "; negative response, fully validated"
        check.true(wanted in text, f"{name} {kind} {rcode}: {text}")


def test_insecure_delegation(env):
    """Whoever is below a delegation without DS is proven to be unsigned: a resolver follows the referral to the other server and
    believes it without signatures."""
    text = subprocess.run([need("dig"), "@127.0.0.1", "-p", str(env.node.dns_port), "www.cut.coin", "+dnssec"], capture_output=True, text=True,
                          check=True).stdout
    check.matches(text, r"cut\.coin\.\s+\d+\s+IN\s+NS\s+ns\.cut\.coin\.")
    check.matches(text, r"cut\.coin\.\s+60\s+IN\s+NSEC\s+\\000\.cut\.coin\. NS RRSIG NSEC")
    for resolver, client in resolvers(env):
        answer, genuine = validated(client, "cut.coin", "DS")
        check.equal((answer.rcode, genuine), ("NOERROR", True), resolver)
        answer, genuine = validated(client, "host.cut.coin")
        check.equal((answer.data("A"), genuine), (["192.0.2.77"], False), resolver)
        check.equal(validated(client, "nobody.cut.coin")[0].rcode, "NXDOMAIN", resolver)


def test_only_for_those_who_ask(env):
    for name, kind, _, _ in QUESTIONS:
        answer = env.direct.ask(name, kind)
        kinds = {row[1] for row in answer.answers + answer.authority}
        check.true(not kinds & {"RRSIG", "NSEC"}, f"{name} {kind}: signatures without DO: {kinds}")


def test_signatures_asked_for_themselves(env):
    """Every name that exists has some, as its NSEC says; those of names without records of their own are made when asked for."""
    for name, covered in (("coin", "SOA"), ("host.coin", "A"), ("below.host.coin", "A"), (NUMBER[::-1] + ".open", "NAPTR")):
        text = subprocess.run([need("dig"), "@127.0.0.1", "-p", str(env.node.dns_port), name, "RRSIG", "+dnssec", "+noall", "+answer"],
                              capture_output=True, text=True, check=True).stdout
        check.matches(text, rf"(?m)^{re.escape(name)}\.\s+\d+\s+IN\s+RRSIG\s+{covered} 13 ")


def test_changes_are_signed(env):
    env.purse.register({"dns:fresh.coin": "A=192.0.2.50"})
    for resolver, client in resolvers(env):
        answer, genuine = validated(client, "fresh.coin")
        check.equal((answer.data("A"), genuine), (["192.0.2.50"], True), resolver)


def test_wrong_key(env):
    """Another key as trust anchor: nothing of the zone is believed."""
    other = env.make()
    other.start()
    wrong = other.rpc.dnskeygen("coin")
    other.stop()
    address = "127.0.0.22"
    client = unbound(env, address, [wrong["ds"]])
    for name, kind in (("host.coin", "A"), ("nobody.coin", "A")):
        check.equal(client.ask(name, kind).rcode, "SERVFAIL", f"{name} {kind}")
    text = delv(env, "host.coin", "A", anchors_file(env, {"coin": wrong}))
    check.true("fully validated" not in text and re.search("broken trust chain|no valid|resolution failed", text), text)


def test_signatures_renewed(env):
    """Time goes by: signatures are made anew before they run out, and stay valid."""
    def inception():
        text = subprocess.run([need("dig"), "@127.0.0.1", "-p", str(env.node.dns_port), "host.coin", "+dnssec", "+noall", "+answer"],
                              capture_output=True, text=True, check=True).stdout
        return re.search(r"RRSIG\s+A 13 2 300 (\d+) (\d+)", text).groups()

    before = inception()
    now = env.rpc.getblockheader(env.rpc.getbestblockhash())["time"]
    env.rpc.setmocktime(now + 9 * 86_400)
    check.equal(inception(), before, "nothing is due yet")
    env.rpc.setmocktime(now + 13 * 86_400)
    check.soon(lambda: inception() > before, "the signature is not renewed")
    env.rpc.setmocktime(0)
    check.true(env.direct.ask("host.coin").answers, "served")


def test_key_is_missing(env):
    node = env.make("-emcdns=1", "-emcdnsallowed=.coin")
    check.contains(node.fails_to_start("-emcdnssec=coin"), "dnskeygen")
    check.contains(node.fails_to_start("-emcdnssec=other"), "is not served")


if __name__ == "__main__":
    enter()
    run(globals())
