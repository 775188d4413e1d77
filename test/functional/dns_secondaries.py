#!/usr/bin/env python3
"""Knot, NSD and BIND as secondaries: they follow blocks of a thousand names by changes alone, over a kill of the node, too.

The script runs in a network of its own: the node on 127.0.0.1, the secondaries on port 53 of addresses of their own.
"""

import re
import subprocess
import time

from framework import check
from framework.dns import Client, enum_name
from framework.names import Purse
from framework.namespace import Program, enter, inside
from framework.suite import Skip, need, run

NAMES = 1000
A_TRANSACTION = 50
SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
KEY = ("hmac-sha256", "copies", SECRET)
ZONES = ("coin", "open")
SECONDARIES = {"knotd": "127.0.0.11", "nsd": "127.0.0.12", "named": "127.0.0.13"}
PATIENCE_SEC = 30  # for programs that start
FOLLOWED_SEC = 5  # a tenth of it on a quiet machine; what was needed is printed


def knot(folder, address, port):
    zones = "\n".join(f"  - domain: {zone}\n    storage: {folder}\n    master: node\n    acl: node" for zone in ZONES)
    return f"""
server:
    listen: {address}@53
    rundir: {folder}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 2
database:
    storage: {folder}
log:
  - target: stderr
    any: info
key:
  - id: copies
    algorithm: hmac-sha256
    secret: {SECRET}
remote:
  - id: node
    address: 127.0.0.1@{port}
    key: copies
acl:
  - id: node
    address: 127.0.0.1
    key: copies
    action: [notify, transfer]
zone:
{zones}
"""


def nsd(folder, address, port):
    zones = "\n".join(f"""zone:
    name: {zone}
    zonefile: {folder}/{zone}.zone
    request-xfr: 127.0.0.1@{port} copies
    allow-notify: 127.0.0.1 copies
    provide-xfr: 127.0.0.1 copies""" for zone in ZONES)
    return f"""
server:
    ip-address: {address}
    port: 53
    database: ""
    username: ""
    server-count: 1
    zonesdir: {folder}
    xfrdfile: {folder}/xfrd.state
    zonelistfile: {folder}/zone.list
    pidfile: {folder}/nsd.pid
    xfrd-reload-timeout: 0
    verbosity: 2
remote-control:
    control-enable: no
key:
    name: copies
    algorithm: hmac-sha256
    secret: "{SECRET}"
{zones}
"""


def named(folder, address, port):
    zones = "\n".join(f'zone "{zone}" {{ type secondary; primaries {{ 127.0.0.1 port {port} key copies; }}; '
                      f'file "{zone}.zone"; masterfile-format text; notify no; }};' for zone in ZONES)
    return f"""
options {{ directory "{folder}"; listen-on port 53 {{ {address}; }}; listen-on-v6 {{ none; }}; recursion no;
    pid-file "named.pid"; session-keyfile "session.key"; allow-notify {{ key copies; }}; allow-transfer {{ key copies; }};
    dnssec-validation no; }};
controls {{ }};
key copies {{ algorithm hmac-sha256; secret "{SECRET}"; }};
{zones}
"""


COMMANDS = {"knotd": (knot, ["-c"]), "nsd": (nsd, ["-d", "-c"]), "named": (named, ["-g", "-n", "1", "-c"])}


def start(env, program):
    make, options = COMMANDS[program]
    folder = env.path(program)
    folder.mkdir()
    configuration = folder / "conf"
    configuration.write_text(make(folder, SECONDARIES[program], env.node.dns_port))
    env.secondaries[program] = Program(folder, need(program), *options, configuration)
    env.at_end.append(env.secondaries[program].stop)


def setup(env):
    if not inside():
        raise Skip("no namespaces for networks here")
    programs = [program for program in COMMANDS if need(program)]
    keys = env.path("keys")
    keys.write_text(f"copies:hmac-sha256:{SECRET}\n")
    keys.chmod(0o600)
    env.node = env.make("-emcdns=1", "-emcdnsallowed=.coin|~open", "-selfns=ns1.gate.test", f"-emcdnstsig={keys}",
                        "-emcdnsxfr=key:copies",
                        *(f"-emcdnsnotify={address}:53,key:copies" for address in SECONDARIES.values()))
    env.node.start()
    env.rpc = env.node.rpc
    env.direct = Client(env.node.dns_port)
    env.purse = Purse(env.node, 80)
    env.purse.register({"dns:first.coin": "A=192.0.2.1"})
    # BIND listens on addresses that an interface has.
    subprocess.run([need("ip"), "address", "add", f"{SECONDARIES['named']}/8", "dev", "lo"], check=True)
    env.secondaries = {}
    for program in programs:
        start(env, program)
    follow(env)


def serial(client, zone):
    packet = client.ask(zone, "SOA")
    rows = packet.data("SOA")
    return rows[0][2] if packet.rcode == "NOERROR" and rows else None


def follow(env, since=None):
    """Waits until every secondary has the node's serials; gives the seconds each needed."""
    since = time.monotonic() if since is None else since
    took, reasons = {}, {}
    while len(took) < len(env.secondaries):
        if time.monotonic() - since > PATIENCE_SEC:
            texts = "".join(env.secondaries[program].text()[-1500:] for program in env.secondaries if program not in took)
            raise AssertionError(f"only {took} have followed: {reasons}\n{texts}")
        for program in env.secondaries:
            client = Client(53, SECONDARIES[program], 0.3)
            try:
                same = all(serial(client, zone) == serial(env.direct, zone) for zone in ZONES)
            except AssertionError as failure:
                same, reasons[program] = False, failure  # not listening yet
            if same and program not in took:
                took[program] = time.monotonic() - since
        time.sleep(0.01)
    return took


def transfers(env, kind):
    """How often zones went out whole, or as changes."""
    return len(re.findall(rf"[AI]XFR of zone \S+ to 127\.0\.0\.1: {kind}", env.node.log()))


def block_of_names(env, names):
    """One block with all of them; gives the moment it was connected."""
    items = list(names.items())
    made = [env.purse.transaction(dict(items[i:i + A_TRANSACTION])).hex() for i in range(0, len(items), A_TRANSACTION)]
    env.rpc.generateblock("raw(51)", made)
    connected = time.monotonic()
    env.rpc.syncwithvalidationinterfacequeue()  # the node itself answers anew
    return connected


def digged(server, port, zone):
    """All records of a zone as a list of sorted texts, by dig's own transfer."""
    done = subprocess.run([need("dig"), f"@{server}", "-p", str(port), "-y", ":".join(KEY), "axfr", zone, "+noall", "+answer", "+onesoa"],
                          capture_output=True, text=True, check=True)
    check.true("failed" not in done.stdout, done.stdout[:500])
    return sorted(" ".join(line.split()) for line in done.stdout.splitlines() if line and not line.startswith(";"))


def same_content(env):
    for zone in ZONES:
        wanted = digged("127.0.0.1", env.node.dns_port, zone)
        check.true(len(wanted) > 1, f"{zone} is empty")
        for program in env.secondaries:
            check.equal(digged(SECONDARIES[program], 53, zone), wanted, f"{zone} at {program}")


def test_a_thousand_names_a_block(env):
    whole, changes = transfers(env, "whole"), transfers(env, "changes")
    for turn in range(2):
        names = {f"dns:n{turn}x{i}.coin": f"A=192.0.{i // 250}.{i % 250}|TTL=300" for i in range(NAMES)}
        took = follow(env, block_of_names(env, names))
        check.true(max(took.values()) <= FOLLOWED_SEC, f"too slow: {took}")
        print(f"    {NAMES} names in a block, seconds until followed: " + ", ".join(f"{name} {sec:.2f}" for name, sec in took.items()))
    check.equal(transfers(env, "whole"), whole, "zones copied whole though the changes are known")
    check.true(transfers(env, "changes") >= changes + 2 * len(env.secondaries), "transfers of changes")
    same_content(env)


def test_answers_are_the_nodes(env):
    number = "4930123456"
    block_of_names(env, {f"open:{number}:0": "E2U+sip=100|10|!^.*$!sip:a@b.test!",
                         "dns:deep.coin": "A=192.0.2.2|SD=www", "dns:www.deep.coin": "TXT=hello",
                         "dns:cut.coin": "NS=ns.example.net"})
    follow(env)
    questions = [("n0x7.coin", "A"), ("anything.n1x9.coin", "A"), ("deep.coin", "A"), ("www.deep.coin", "TXT"), ("x.deep.coin", "A"),
                 ("www.cut.coin", "A"), ("nobody.coin", "A"), ("deep.coin", "MX"), ("coin", "NS"), ("coin", "SOA"),
                 (enum_name(number, "open"), "NAPTR"), ("3.9.4.open", "NAPTR"), (enum_name("4930123457", "open"), "NAPTR")]
    for name, kind in questions:
        wanted = env.direct.ask(name, kind)
        for program in env.secondaries:
            got = Client(53, SECONDARIES[program]).ask(name, kind)
            check.equal((got.rcode, sorted(got.answers)), (wanted.rcode, sorted(wanted.answers)), f"{name} {kind} at {program}")


def test_killed_node(env):
    """The serials go on where they were: nobody has to copy anything anew."""
    env.node.kill()
    env.node.start()
    env.rpc = env.node.rpc
    env.purse.node = env.node
    check.soon(lambda: serial(env.direct, "coin") is not None, "the node does not answer")
    names = {f"dns:late{i}.coin": "A=192.0.2.9" for i in range(100)}
    check.soon(lambda: digged("127.0.0.1", env.node.dns_port, "coin"), "no transfers yet")
    whole = transfers(env, "whole")
    took = follow(env, block_of_names(env, names))
    print("    after kill -9, seconds until followed: " + ", ".join(f"{name} {sec:.2f}" for name, sec in took.items()))
    check.equal(transfers(env, "whole"), whole, "zones copied whole")
    same_content(env)


if __name__ == "__main__":
    enter()
    run(globals())
