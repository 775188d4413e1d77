#!/usr/bin/env python3
"""Real clients in front of the node, with the configurations of contrib/dns: Unbound, BIND, Knot Resolver, dnsmasq, kdig.

The script runs in a network of its own, so all of them listen on port 53, each on its own address.
"""

import pathlib
import subprocess

from framework import check
from framework.dns import Client, Stream, enum_name
from framework.names import Purse
from framework.namespace import Program, enter, inside
from framework.suite import Skip, need, run

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CONFIGURATIONS = ROOT / "contrib" / "dns"
NODE = "127.0.0.57"
NUMBER, MISSING = "18009359935", "4930123456"
REGEXP = "!^(.*)$!sip:\\1@127.0.0.1:15070!"
# The root's key, so that validation is on and the exemptions of the configurations are needed.
ROOT_KEY = ". DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"


def setup(env):
    if not inside():
        raise Skip("no namespaces for networks here")
    env.node = env.make("-mocktime=1800000000", "-emcdns=1", f"-emcdnsbindip={NODE}", "-emcdnsallowed=~enum|.coin|.emc|.lib|.bazar")
    env.node.dns_port = 53
    env.node.start()
    env.rpc = env.node.rpc
    env.direct = Client(53, NODE)
    env.running = set()
    purse = Purse(env.node)
    purse.register({
        f"enum:{NUMBER}:0": f"E2U+sip=100|10|{REGEXP}\nTTL=600", "dns:host.coin": "A=192.0.2.1|TXT=hello", "dns:www.coin": "CNAME=host.coin",
        "dns:sub.coin": "NS=ns.sub.coin|SD=ns", "dns:ns.sub.coin": "A=127.0.0.1", "dns:a.deep.lib": "A=192.0.2.2", "dns:deep.lib": "SD=a", "dns:many.emc": "TXT=" + ",".join(f"{i:02}" + "x" * 90 for i in range(40))})
    check.soon(lambda: env.direct.naptr(enum_name(NUMBER)) == [REGEXP], "not served")


def shipped(name, place):
    """A configuration of contrib/dns with this script's address of the node in place of the one it has."""
    text = (CONFIGURATIONS / name).read_text()
    check.contains(text, place)
    return text.replace(place, place.replace("127.0.0.1", NODE).replace("5335", "53"))


def begin(env, client, *command):
    program = Program(env.folder, *command)
    env.at_end.append(program.stop)

    def answers():
        packet = client.exchange(b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x04host\x04coin\0\0\x01\0\x01", 0.5)
        return packet is not None and packet[3] & 15 == 0

    return program.wait_for(answers)


def questions(env):
    return env.rpc.getdnsinfo()["queries"]


def forwards(env, client, remembers=True):
    """What a user of this forwarder sees."""
    for _ in range(2):
        check.equal(client.naptr(enum_name(NUMBER)), [REGEXP])
        other = client.ask(enum_name(NUMBER), "A")
        check.equal((other.rcode, other.answers), ("NOERROR", []), "another type of an existing number")
        check.equal(client.naptr(enum_name(MISSING)), "NXDOMAIN")
        check.equal(client.naptr("8.1.enum"), "NOERROR", "digits in front of an existing number")
    check.equal([row[:2] for row in client.ask("www.coin").answers], [("www.coin.", "CNAME"), ("host.coin.", "A")])
    check.equal(client.ask("a.deep.lib").data("A"), ["192.0.2.2"])
    check.equal(client.ask("nothere.bazar").rcode, "NXDOMAIN")
    check.equal(client.ask("host.coin", "TXT").data("TXT"), [["hello"]])
    for _ in range(20):
        before = questions(env)  # Unbound goes on with its probes at the first repetition
        client.naptr(enum_name(MISSING))
        client.ask("host.coin")
    if remembers:
        check.equal(questions(env) - before, 0, "questions for what the forwarder should remember")
    large_answer(client)


def large_answer(client):
    """What does not fit into a datagram comes over TCP, from the node to the forwarder and from there to the client."""
    check.equal(client.ask("many.emc", "TXT", 512).truncated, True)
    with Stream(client.address[1], client.address[0]) as connection:
        answer = connection.ask("many.emc", "TXT")
    check.equal((answer.rcode, answer.truncated, len(answer.answers)), ("NOERROR", False, 40))


def test_unbound(env):
    """Forwarded with its case mixed (draft 0x20), validation on, the chain's zones exempt."""
    program = need("unbound")
    config = env.path("unbound.conf")
    config.write_text(f"""server:
    username: ""
    chroot: ""
    directory: "{env.folder}"
    pidfile: ""
    use-syslog: no
    interface: 127.0.0.2
    use-caps-for-id: yes
    trust-anchor: "{ROOT_KEY}"
remote-control:
    control-enable: no
""" + shipped("unbound.conf", "127.0.0.1@5335"))
    client = Client(53, "127.0.0.2")
    begin(env, client, program, "-d", "-c", config)
    forwards(env, client)


def stub_resolver(env):
    """Unbound that asks iteratively and label by label, as a resolver that has found its way to the node."""
    program = need("unbound")
    client = Client(53, "127.0.0.3")
    if "stub_resolver" in env.running:
        return client
    env.running.add("stub_resolver")
    config = env.path("stub.conf")
    stubs = "".join(f'stub-zone:\n    name: "{zone}."\n    stub-addr: {NODE}@53\n' for zone in ("enum", "coin", "emc", "lib", "bazar"))
    insecure = "".join(f'    domain-insecure: "{zone}."\n' for zone in ("enum", "coin", "emc", "lib", "bazar"))
    config.write_text(f"""server:
    username: ""
    chroot: ""
    directory: "{env.folder}"
    pidfile: ""
    use-syslog: no
    interface: 127.0.0.3
    do-not-query-localhost: no
    qname-minimisation: yes
    qname-minimisation-strict: yes
    trust-anchor: "{ROOT_KEY}"
{insecure}remote-control:
    control-enable: no
{stubs}""")
    begin(env, client, program, "-d", "-c", config)
    return client


def test_unbound_with_stub_zones(env):
    """Every name between the zone and the number is no data, not NXDOMAIN (RFC 9156)."""
    forwards(env, stub_resolver(env))


def named_config(env, zones, port):
    (env.path("named-options.conf")).write_text((CONFIGURATIONS / "named-options.conf").read_text())
    config = env.path(f"named-{port}.conf")
    config.write_text(f"""options {{
    directory "{env.folder}"; pid-file none; lock-file none; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
    dnssec-validation auto; recursion yes; allow-query {{ any; }}; include "named-options.conf";
}};
controls {{ }};
{zones}""")
    return config


def bind(env):
    """BIND that forwards, and is the server of sub.coin."""
    program = need("named")
    client = Client(53)
    if "bind" not in env.running:
        env.running.add("bind")
        env.path("sub.zone").write_text("$TTL 60\n@ SOA ns.sub.coin. x.sub.coin. 1 60 60 60 60\n@ NS ns.sub.coin.\nns A 127.0.0.1\nhost A 192.0.2.9\n")
        zones = shipped("named-zones.conf", "127.0.0.1 port 5335") + 'zone "sub.coin" { type primary; file "sub.zone"; };\n'
        begin(env, client, program, "-g", "-n", "1", "-c", named_config(env, zones, 53))
    return client


def test_bind(env):
    """Forward only, validation on, the chain's zones exempt."""
    forwards(env, bind(env))


def test_a_delegation_with_glue(env):
    """dns:sub.coin names a server below itself; a resolver reaches it by the address the referral carries."""
    bind(env)
    resolver = stub_resolver(env)
    check.equal(env.direct.ask("host.sub.coin").authority[0][:2], ("sub.coin.", "NS"))
    check.equal(resolver.ask("host.sub.coin").data("A"), ["192.0.2.9"])
    check.equal(resolver.ask("nothere.sub.coin").rcode, "NXDOMAIN")


def test_bind_with_static_stubs(env):
    """Asked iteratively, with NS questions for prefixes of the number."""
    program = need("named")
    zones = "".join(f'zone "{zone}" {{ type static-stub; server-addresses {{ {NODE}; }}; }};\n' for zone in ("enum", "coin", "emc", "lib", "bazar"))
    client = Client(5302)
    begin(env, client, program, "-g", "-n", "1", "-c", named_config(env, zones, 5302))
    forwards(env, client)


def test_dnsmasq(env):
    """Keeps no NAPTR, so only the answers are compared."""
    program = need("dnsmasq")
    config = env.path("dnsmasq.conf")
    config.write_text(shipped("dnsmasq.conf", "127.0.0.1#5335"))
    client = Client(53, "127.0.0.4")
    begin(env, client, program, "-d", "-C", config, "--listen-address=127.0.0.4", "--bind-interfaces", "--no-resolv", "--no-hosts",
          "--pid-file=")
    forwards(env, client, remembers=False)


def test_knot_resolver(env):
    program = need("kresd")
    config = env.path("kresd.conf")
    config.write_text("net.listen('127.0.0.5', 53, { kind = 'dns' })\ncache.size = 10 * MB\n" + shipped("kresd.conf", "127.0.0.1@5335"))
    client = Client(53, "127.0.0.5")
    begin(env, client, program, "-n", "-c", config, env.folder)
    forwards(env, client)


RESOLVED = """
set -e
ip link add emc0 type veth peer name emc1  # with nothing but a loopback it takes the network for down
ip address add 198.51.100.1/24 dev emc0
ip link set emc1 up
ip link set emc0 up
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/resolve
mount -t tmpfs tmpfs /etc/systemd
mkdir /etc/systemd/resolved.conf.d
cp resolved.conf resolved-stub.conf /etc/systemd/resolved.conf.d
{ echo systemd-resolve:x:0:0::/:/bin/false; grep -v ^systemd-resolve: /etc/passwd; } > /run/passwd
mount --bind /run/passwd /etc/passwd
exec "$0"
"""


def test_systemd_resolved(env):
    """Without systemd: in mounts of its own, as the user it is started by. It routes by the zones and keeps no NAPTR of a number in mind."""
    folders = ("/lib/systemd", "/usr/lib/systemd", str(ROOT / "depends" / "unpacked" / "lib" / "systemd"))
    program = need("systemd-resolved", folders)
    env.path("resolved.conf").write_text(shipped("resolved.conf", "127.0.0.1:5335"))
    env.path("resolved-stub.conf").write_text("[Resolve]\nDNSStubListener=no\nDNSStubListenerExtra=127.0.0.6\nLLMNR=no\nMulticastDNS=no\nFallbackDNS=\n")
    client = Client(53, "127.0.0.6")
    begin(env, client, need("unshare"), "--mount", "sh", "-c", RESOLVED, program)
    forwards(env, client, remembers=False)


def test_kdig(env):
    def kdig(*words):
        return subprocess.run([need("kdig"), "-p", "53", f"@{NODE}", *words], capture_output=True, text=True, timeout=30, check=True).stdout

    check.contains(kdig("NAPTR", enum_name(NUMBER)), "status: NOERROR")
    check.contains(kdig("+edns", "+bufsize=4096", "+nsid", "NAPTR", enum_name(NUMBER)), "UDP size: 1232")
    check.contains(kdig("NAPTR", enum_name(MISSING)), "status: NXDOMAIN")
    check.contains(kdig("A", enum_name(NUMBER)), "SOA")
    check.contains(kdig("+short", "A", "www.coin"), "host.coin.\n192.0.2.1")
    check.contains(kdig("+edns=1", "A", "host.coin"), "BADVERS")


if __name__ == "__main__":
    enter()
    run(globals())
