#!/usr/bin/env python3
"""What an operator sees of the DNS server: counters, -dnsinfo, the metrics page, the query log; trust changed while running."""

import socket
import struct
import subprocess
import urllib.error
import urllib.request

from framework import check
from framework.dns import Client, Stream, enum_name, header, question
from framework.names import Purse
from framework.node import free_port
from framework.numbers import REGEXP, fund, signed_value
from framework.rpc import RpcError
from framework.suite import run

NUMBER = "18009350201"


def setup(env):
    env.metrics_port = free_port()
    env.share("-mocktime=1800000000", "-emcdns=1", "-emcdnsallowed=$enum|.coin", "-enumtrust=ver:one", "-emcdnsquerylog=dns.log",
              f"-metrics=127.0.0.1:{env.metrics_port}")
    env.dns = Client(env.node.dns_port)
    env.purse = Purse(env.node)
    env.purse.register({"dns:one.coin": "A=192.0.2.1"})
    check.soon(lambda: env.dns.ask("one.coin").answers, "the names are not served")


def page(env, path="/metrics"):
    with urllib.request.urlopen(f"http://127.0.0.1:{env.metrics_port}{path}", timeout=5) as reply:
        return reply.headers["Content-Type"], reply.read().decode()


def figures(env):
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in page(env)[1].splitlines() if not line.startswith("#")}


def test_counters(env):
    before = env.rpc.getdnsinfo()

    def grown(table, key):
        now = env.rpc.getdnsinfo()[table]
        return now.get(key, 0) - before[table].get(key, 0)

    for _ in range(10):
        env.dns.ask("one.coin")
    with Stream(env.node.dns_port) as tcp:
        for _ in range(3):
            tcp.ask("nothere.coin", "TXT")
    env.dns.ask("example.org", "MX")
    check.equal((grown("by_transport", "udp"), grown("by_transport", "tcp")), (11, 3))
    check.equal((grown("by_type", "A"), grown("by_type", "TXT"), grown("by_type", "MX")), (10, 3, 1))
    check.equal((grown("by_rcode", "NOERROR"), grown("by_rcode", "NXDOMAIN"), grown("by_rcode", "REFUSED")), (10, 3, 1))
    check.equal((grown("by_zone", "coin"), grown("by_zone", "other")), (13, 1))
    now = env.rpc.getdnsinfo()
    check.equal(sum(now["latency_us"].values()) - sum(before["latency_us"].values()), 14, "times of answers")
    check.equal(now["connections_accepted"] - before["connections_accepted"], 1)


def test_dnsinfo(env):
    cli = [str(env.programs / "emercoin-cli"), "-regtest", f"-datadir={env.node.folder}", f"-rpcport={env.node.rpc_port}", "-dnsinfo"]
    text = subprocess.run(cli, capture_output=True, text=True, check=True).stdout
    for part in ("DNS server: running", f"127.0.0.1:{env.node.dns_port}/udp", "Questions by type", "NOERROR", "trusts ver:one",
                 "100.00% answered from memory"):
        check.contains(text, part)
    check.matches(text, r"Time of an answer\n  50 % within \d+ us\n  90 % within \d+ us\n  99 % within \d+ us\n  99.9 % within \d+ us\n")


def test_metrics(env):
    kind, text = page(env)
    check.contains(kind, "text/plain; version=0.0.4")
    before = figures(env)
    for _ in range(5):
        env.dns.ask("one.coin")
    after = figures(env)
    for key in ("emercoin_dns_queries_total", 'emercoin_dns_type_total{type="A"}', 'emercoin_dns_latency_seconds_bucket{le="+Inf"}',
                "emercoin_dns_latency_seconds_count"):
        check.equal(after[key] - before[key], 5, key)
    check.equal(after["emercoin_chain_height"], env.rpc.getblockcount())
    check.true(after["process_resident_memory_bytes"] > 1_000_000, "memory")
    families = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    check.equal(len(families), len(set(families)), "each family once")
    for path, code in (("/", 404), ("/metrics/x", 404)):
        try:
            page(env, path)
            raise AssertionError(f"{path} is answered")
        except urllib.error.HTTPError as error:
            check.equal(error.code, code)
    with socket.create_connection(("127.0.0.1", env.metrics_port), 5) as raw:
        raw.sendall(b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + b"x" * 1000)
        check.true(raw.recv(100).split()[1] in (b"405", b"413"), "bodies are not read")


def test_metrics_addresses(env):
    text = env.make("-metrics=here").fails_to_start()
    check.contains(text, "-metrics")
    off = env.start()
    check.equal(off.rpc.getdnsinfo()["running"], False)


def test_query_log(env):
    path = env.node.network / "dns.log"
    env.dns.exchange(header() + b"\x05a b\n\xff\x04coin\0" + struct.pack(">HH", 1, 1))
    env.dns.exchange(header() + question("one.coin", 4711))
    check.soon(lambda: "TYPE4711" in path.read_text(), "not written")
    lines = path.read_text().splitlines()
    strange = [line for line in lines if "a\\032b\\010\\255.coin" in line]
    check.equal(len(strange), 1, "bytes of strangers are escaped")
    words = strange[0].split()
    check.equal((words[1], words[3:]), ("127.0.0.1", ["udp", "a\\032b\\010\\255.coin", "A", "NXDOMAIN", "0", words[-1]]))
    path.rename(path.with_suffix(".old"))  # as logrotate does
    env.dns.ask("one.coin")
    check.soon(lambda: path.exists() and "one.coin A NOERROR 1" in path.read_text(), "the file is not made anew")


def test_query_log_sample(env):
    node = env.start("-emcdns=1", "-emcdnsallowed=.coin", "-emcdnsquerylog=some.log,1/10", "-dnsthreads=1")
    client = Client(node.dns_port)
    for _ in range(100):
        client.ask("one.coin")
    path = node.network / "some.log"
    check.soon(lambda: len(path.read_text().splitlines()) == 10, "ten of a hundred")
    for bad in ("x,1/0", "x,1/a", "/nowhere/at/all"):
        check.contains(env.make("-emcdns=1", f"-emcdnsquerylog={bad}").fails_to_start(), "-emcdnsquerylog")


def test_trust_changes_at_run_time(env):
    fund(env.node)
    env.rpc.name_new("ver:one", env.rpc.ver_record({"name": "one"}), 365)
    env.node.mine()
    owner = env.rpc.getnewaddress()
    env.rpc.name_new(f"enum:{NUMBER}:0", signed_value(env.node, NUMBER, owner, verifier_name="ver:one"), 365, owner)
    env.node.mine()

    def answered():
        return (env.rpc.enum_resolve(NUMBER)["found"], env.dns.naptr(enum_name(NUMBER)))

    check.soon(lambda: answered() == (True, [REGEXP]), "not served at first")
    check.equal(env.rpc.setenumtrust(["ver:two"]), ["ver:two"])
    check.soon(lambda: answered() == (False, "NXDOMAIN"), "still served")
    check.equal(env.rpc.getdnsinfo()["enumtrust"], ["ver:two"])
    for bad in ("one", "enum:1:0"):
        try:
            env.rpc.setenumtrust(["ver:one", bad])
            raise AssertionError(f"{bad} was taken")
        except RpcError as error:
            check.contains(str(error), bad)
    check.equal(env.rpc.getdnsinfo()["enumtrust"], ["ver:two"], "a refused list changes nothing")
    check.equal(env.rpc.setenumtrust(["ver:one"]), ["ver:one"])
    check.soon(lambda: answered() == (True, [REGEXP]), "not served again")


if __name__ == "__main__":
    run(globals())
