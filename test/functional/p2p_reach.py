#!/usr/bin/env python3
"""Own addresses (-discover) and first addresses of others (-dnsseed, -fixedseeds), in a network of the script's own."""

import pathlib
import socket
import subprocess
import sys
import tempfile
import time

from framework import check, namespace, netns
from framework.p2p import Listener
from framework.suite import Skip, run

OWN = ("8.8.1.1", "2a00:1450::1")
GENERATOR = pathlib.Path(__file__).resolve().parents[2] / "contrib/seeds/generate.py"
ONION = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"
P2P_PORT = 26661  # of regtest


def setup(env):
    if not netns.inside():
        return
    netns.interface(OWN[0] + "/24", OWN[1] + "/64", "10.1.1.1/24")
    netns.hosts(env.folder, "8.8.1.2 seed.test\n2a00:1450::2 seed.test\n10.1.1.2 seed.test\n8.8.1.1 here.test\n")


def need_network():
    if not netns.inside():
        raise Skip("no network of its own: needs unshare and ip, and root or user namespaces")


def start(env, *options):
    """A node without the -connect=0 and -bind of other tests."""
    node = env.make(*options)
    plain = node.command
    usual = ("-connect=0", f"-bind=127.0.0.1:{node.p2p_port}")
    node.command = lambda *more: [word for word in plain(*more) if word not in usual]
    return node.start()


def own(node):
    return {(one["address"], one["port"]): one["score"] for one in node.rpc.getnetworkinfo()["localaddresses"]}


def known(node):
    return {(one["address"], one["port"]) for one in node.rpc.getnodeaddresses(0)}


def test_discover(env):
    """Interfaces with the port of the door that is open to all; a door of its own counts more; private ones never."""
    need_network()
    for options, wanted in (((), {(OWN[0], P2P_PORT): 1, (OWN[1], P2P_PORT): 1}),
                            (("-port=7000",), {(OWN[0], 7000): 1, (OWN[1], 7000): 1}),
                            (("-bind=0.0.0.0:7001",), {(OWN[0], 7001): 1}),
                            ((f"-bind={OWN[0]}:7002", "-bind=10.1.1.1:7002"), {(OWN[0], 7002): 2}),
                            (("-bind=[::]:7003", f"-bind={OWN[0]}:7004"), {(OWN[1], 7003): 1, (OWN[0], 7004): 2}),
                            (("-bind=[::1]:7005", "-bind=127.0.0.1:7005"), {}),
                            (("-externalip=9.9.9.9",), {("9.9.9.9", P2P_PORT): 4}),
                            (("-externalip=9.9.9.9", "-discover=1"),
                             {("9.9.9.9", P2P_PORT): 4, (OWN[0], P2P_PORT): 1, (OWN[1], P2P_PORT): 1}),
                            ((f"-externalip={OWN[0]}", "-discover=1"), {(OWN[0], P2P_PORT): 4, (OWN[1], P2P_PORT): 1}),
                            (("-proxy=127.0.0.1:9", "-listen=1"), {}), (("-listen=0",), {}), (("-discover=0",), {})):
        node = start(env, "-dnsseed=0", "-fixedseeds=0", *options)
        check.equal(own(node), wanted, str(options))
        node.stop()


def test_dns_seeds(env):
    """Asked when nobody is known; what cannot be reached from here is dropped."""
    need_network()
    node = start(env, "-testdnsseed=seed.test", "-testdnsseed=no-such-host.invalid", "-discover=0")
    wanted = {("8.8.1.2", P2P_PORT), ("2a00:1450::2", P2P_PORT)}
    check.soon(lambda: known(node) == wanted, "the seed's addresses do not arrive")
    check.soon(lambda: node.logged("0 addresses of the DNS seed no-such-host.invalid are new"), "the failure is not logged")
    node.restart()
    check.true(not node.logged("(?s)stopped.*asking the DNS seed"), "asked although addresses are known")
    node.restart("-forcednsseed")
    check.soon(lambda: node.logged("(?s)stopped.*stopped.*asking the DNS seed seed.test"), "not asked by force")
    node.stop()


def test_a_stop_does_not_wait_for_names(env):
    """The name server is silent: looked up are a DNS seed, nodes of -addnode and of addnode."""
    need_network()
    namespace.name_server(env.folder, "127.0.0.9")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.9", 53))
        server.settimeout(20)
        for options in (("-testdnsseed=mute.test",), ("-dnsseed=0", "-addnode=mute.test"), ("-dnsseed=0",)):
            node = start(env, "-discover=0", "-fixedseeds=0", *options)
            if len(options) == 1 and options[0] == "-dnsseed=0":
                for number in range(10):
                    node.rpc.addnode(f"mute{number}.test", "onetry")
            check.true(b"\4test" in server.recv(1000), "another name is looked up")
            begin = time.monotonic()
            node.stop()
            check.true(time.monotonic() - begin < 1, f"{options}: stopped after {time.monotonic() - begin:.1f} s")


def test_connects_to_what_a_seed_told(env):
    """The node finds and calls the only node there is."""
    need_network()
    listener = Listener(host=OWN[0], port=P2P_PORT)
    node = start(env, "-testdnsseed=here.test", "-listen=0")
    listener.wait_peer().handshake()
    kinds = check.soon(lambda: [one["connection_type"] for one in node.rpc.getpeerinfo()], "no peer")
    check.true(kinds[0] in ("outbound-full-relay", "block-relay-only"), str(kinds))
    listener.close()
    node.stop()


def test_no_lookups(env):
    """Nothing is asked with -dnsseed=0, with -connect, with -dns=0, or when only Tor may be used."""
    need_network()
    for options in (("-dnsseed=0",), ("-connect=127.0.0.1:9",), ("-dns=0",), ("-onlynet=onion", "-onion=127.0.0.1:9")):
        node = start(env, "-testdnsseed=seed.test", "-testfixedseed=8.8.1.9", *options)
        if options[0] == "-connect=127.0.0.1:9":
            node.rpc.addnode("here.test:1", "onetry")
        else:
            check.soon(lambda node=node: known(node) == {("8.8.1.9", P2P_PORT)}, f"no fixed seed with {options}")
        check.true(not node.logged("asking the DNS seed"), f"asked with {options}")
        node.stop()
    node = start(env, "-dns=0", "-debug=net", "-fixedseeds=0")
    node.rpc.addnode("here.test:1", "onetry")
    check.soon(lambda: node.logged(r"connecting to here.test:1: host names are not looked up \(-dns=0\)"), "looked up")
    node.stop()


def test_seeds_behind_a_proxy(env):
    """The proxy is asked for the seed itself; no name is looked up here."""
    need_network()
    node = start(env, "-proxy=127.0.0.1:9", "-testdnsseed=seed.test", "-debug=net")
    check.soon(lambda: node.logged("connecting to seed.test"), "the proxy is not asked")
    check.equal(known(node), set())
    node.stop()


def test_networks_without_seeds(env):
    """It is said once, not at every attempt."""
    need_network()
    node = start(env)
    check.soon(lambda: node.logged("has no fixed seeds"), "nothing said")
    node.rpc.ping()
    check.equal((node.log().count("the network has no DNS seeds"), node.log().count("has no fixed seeds")), (1, 1))
    node.stop()


def test_options(env):
    node = env.make()
    check.equal("-forcednsseed needs -dnsseed" in node.fails_to_start("-forcednsseed", "-dnsseed=0"), True)
    check.equal("-testfixedseed=here" in node.fails_to_start("-testfixedseed=here"), True)
    for option in ("-testdnsseed=x", "-testfixedseed=1.2.3.4"):
        plain = node.command
        node.command = lambda *more, plain=plain: [word.replace("-regtest", "-testnet") for word in plain(*more)]
        check.equal("works on regtest only" in node.fails_to_start(option), True)
        node.command = plain


def test_generator(env):  # pylint: disable=unused-argument
    """contrib/seeds/generate.py: the table that is built in is current; lists are checked line by line."""
    def generate(lines, *words):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "nodes_main.txt").write_text(lines)
            done = subprocess.run([sys.executable, str(GENERATOR), "--folder", name, "--out", name + "/out", *words],
                                  capture_output=True, text=True, check=False)
            out = folder / "out"
            return done.returncode, done.stderr, out.read_text().splitlines()[1:] if out.exists() else None
    subprocess.run([sys.executable, str(GENERATOR), "--check"], check=True)
    check.equal(generate("# none\n\n"), (0, "", []))
    check.equal(generate(f"8.8.8.8\n[2a00:1450::9]:7 # seven\n2a00:1450::a\n{ONION}\n8.8.8.8:6661\n"),
                (0, "", ['    {"main", "8.8.8.8:6661"},', '    {"main", "[2a00:1450::9]:7"},',
                         '    {"main", "[2a00:1450::a]:6661"},', f'    {{"main", "{ONION}:6661"}},']))
    for line in ("10.0.0.1", "host.name", "8.8.8.8:0", "8.8.8.8:65536", "x.onion", ONION.replace("pg", "qg"), "a b", '8.8.8.8"'):
        code, text, out = generate("# first\n" + line + "\n")
        check.equal((code, out, text.startswith("nodes_main.txt:2: ")), (1, None, True), text)
    check.equal(generate("8.8.8.8\n", "--check")[0], 1)


if __name__ == "__main__":
    netns.enter()
    run(globals())
