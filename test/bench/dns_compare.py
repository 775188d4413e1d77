#!/usr/bin/env python3
"""ENUM answers per second over UDP: this server beside NSD and Knot on the same zone, and beside a bare echo, the ceiling.

Usage: dns_compare.py ANSWERER [--numbers N] [--seconds S] [--rounds R] [--signed] [--alone]
ANSWERER is the program test/link/link_dns_answerer. Needs the Debian packages nsd, knot and dnsperf. Each server runs
with one process or one UDP worker; rounds are interleaved and the median is shown, since the load generator shares the
processors; a lost packet is given up after 0.2 s. "per CPU second" divides the answers by the processor time the server
took, which other load disturbs less. "of echo" is the share of the ceiling: of what the system's packets cost alone.

A second table is about TCP: answers per second over eight connections with many questions on their way, and the classes of
time of UDP answers at half load: alone, and beside --idle-tcp connections that do nothing and are held to the end.

P1 of doc/performance.md: dns_compare.py ANSWERER. P2: dns_compare.py ANSWERER --numbers 10000000 --alone, which leaves NSD and
Knot out; reading the names takes some minutes.
"""

import argparse
import os
import re
import resource
import select
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ECHO = "echo (ceiling)"
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
NSD_CONF = """server:
  server-count: 1
  tcp-count: 4096
  tcp-timeout: 600
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  cookie-secret-file: ""
  reuseport: no
remote-control:
  control-enable: no
zone:
  name: enum
  zonefile: enum.zone
"""
KNOT_CONF = """server:
  listen: 127.0.0.1@{port}
  rundir: "{folder}"
  udp-workers: 1
  tcp-workers: 1
  tcp-max-clients: 4096
  tcp-idle-timeout: 600
  background-workers: 1
database:
  storage: "{folder}"
zone:
  - domain: enum
    storage: "{folder}"
    file: enum.zone
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
"""


class Server:
    """One server under test, started once and kept for all rounds."""

    def __init__(self, name, command, port, says_ready=False):
        self.name = name
        self.port = port
        self.output = tempfile.TemporaryFile()
        self.says_ready = says_ready
        self.process = subprocess.Popen(command, stdout=self.output, stderr=subprocess.DEVNULL)

    def processes(self):
        """The server's process and its children: NSD answers from a child."""
        out = [self.process.pid]
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
                    if int(stat.read().rsplit(")", 1)[1].split()[1]) in out:
                        out.append(int(pid))
            except OSError:
                continue
        return out

    def cpu_seconds(self):
        total = 0
        for pid in self.processes():
            with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
                total += int(fields[11]) + int(fields[12])
        return total / CLOCK_TICKS

    def memory_mib(self):
        total = 0
        for pid in self.processes():
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as smaps:
                total += sum(int(line.split()[1]) for line in smaps if line.startswith("Pss:"))
        return total / 1024

    def wait_ready(self):
        """Asks the zone's SOA until something comes back; a server that answers before it has read all names says when it has."""
        question = bytes.fromhex("123401000001000000000000") + b"\x04enum\x00\x00\x06\x00\x01"
        deadline = time.monotonic() + 900
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                sys.exit(f"{self.name} ended with status {self.process.returncode}")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                probe.settimeout(0.5)
                probe.sendto(question, ("127.0.0.1", self.port))
                try:
                    answer = probe.recv(2048)
                except OSError:
                    continue
                if answer[3] & 0xF == 0 and (not self.says_ready or self.has_said_ready()):
                    return
            time.sleep(0.2)
        sys.exit(f"{self.name} gave no answer")

    def has_said_ready(self):
        return b"ready\n" in os.pread(self.output.fileno(), 4096, 0)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()


def dnsperf(server, queries, seconds, rate=None, mode="udp"):
    command = ["dnsperf", "-s", "127.0.0.1", "-p", str(server.port), "-d", queries, "-l", str(seconds), "-c", "8", "-q", "100",
               "-t", "0.2" if mode == "udp" else "5", "-m", mode]
    if rate:
        command += ["-Q", str(rate), "-v"]
    before = server.cpu_seconds()
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    cpu = server.cpu_seconds() - before
    answered = int(re.search(r"Queries completed:\s+(\d+)", text).group(1))
    lost = int(re.search(r"Queries lost:\s+(\d+)", text).group(1))
    per_second = float(re.search(r"Queries per second:\s+([\d.]+)", text).group(1))
    times = sorted(float(t) for t in re.findall(r"^> \S+ \S+ \S+ ([\d.]+)$", text, re.MULTILINE))
    return {"rate": per_second, "per_cpu": answered / cpu if cpu > 0 else 0, "lost": lost,
            "times": times, "p99_ms": times[int(len(times) * 0.99)] * 1000 if times else None}


def start_servers(arguments, folder):
    answerer = arguments.answerer
    numbers = ["--numbers", str(arguments.numbers)]
    own = [answerer, *numbers, "--port", "5413"] + (["--signed"] if arguments.signed else [])
    blocks = [answerer, *numbers, "--port", "5415", "--blocks-every", "100"]
    servers = [Server(ECHO, [answerer, "--echo", "--port", "5414"], 5414)]
    if not arguments.alone:
        subprocess.run([answerer, *numbers, "--write-zone", f"{folder}/enum.zone"], check=True)
        for name, template, port, command in (("NSD", NSD_CONF, 5411, ["/usr/sbin/nsd", "-d"]), ("Knot", KNOT_CONF, 5412, ["/usr/sbin/knotd"])):
            path = f"{folder}/{name}.conf"
            with open(path, "w", encoding="ascii") as out:
                out.write(template.format(port=port, folder=folder))
            servers.append(Server(name, [*command, "-c", path], port))
    servers += [Server("this server", own, 5413, True), Server("this server, 10 blocks/s", blocks, 5415, True)]
    for server in servers:
        server.wait_ready()
    return servers


def measure(servers, arguments, folder):
    results = {server.name: [] for server in servers}
    for turn in range(arguments.rounds):
        queries = f"{folder}/queries{turn}"
        subprocess.run([arguments.answerer, "--numbers", str(arguments.numbers), "--write-queries", queries, "--count",
                        "50000", "--seed", str(turn + 1)], check=True)
        for server in servers:
            results[server.name].append(dnsperf(server, queries, arguments.seconds))
    rows = []
    for server in servers:
        runs = results[server.name]
        rate = statistics.median(run["rate"] for run in runs)
        half = dnsperf(server, f"{folder}/queries0", arguments.seconds, rate=int(rate / 2))
        rows.append((server.name, rate, statistics.median(run["per_cpu"] for run in runs), half["p99_ms"],
                     sum(run["lost"] for run in runs), server.memory_mib()))
    return rows


def crowd(server, count):
    """Connections that do nothing; None when the server does not take so many."""
    out = []
    try:
        for _ in range(count):
            out.append(socket.create_connection(("127.0.0.1", server.port), 5))
    except OSError:
        for one in out:
            one.close()
        return None
    return out


def classes(times):
    """Share of answers within 0.1, 0.25, 0.5, 1 and 5 ms, in per cent, and the 99th percentile in ms."""
    within = [100 * sum(1 for one in times if one * 1000 <= bound) / max(1, len(times)) for bound in (0.1, 0.25, 0.5, 1, 5)]
    return within + [times[int(len(times) * 0.99)] * 1000 if times else 0]


def still_open(connections):
    """How many of them the server has not closed."""
    poll = select.poll()
    for one in connections:
        poll.register(one, select.POLLIN | select.POLLRDHUP)
    return len(connections) - len(poll.poll(0))


def measure_tcp(servers, rates, arguments, folder):
    queries = f"{folder}/queries0"
    rows = []
    for server in servers:
        half = int(rates[server.name] / 2)
        tcp = dnsperf(server, queries, arguments.seconds, mode="tcp")
        alone = dnsperf(server, queries, arguments.seconds, rate=half)
        idle = crowd(server, arguments.idle_tcp)
        beside = dnsperf(server, queries, arguments.seconds, rate=half) if idle is not None else None
        held = still_open(idle or [])
        for one in idle or []:
            one.close()
        rows.append((server.name, tcp["rate"], classes(alone["times"]), classes(beside["times"]) if beside else None, held))
    return rows


def print_tcp(rows):
    ceiling = rows[0][1]
    print(f"\n{'server':26} {'TCP answers/s':>14} {'of echo':>8}   UDP at half load: % within 0.1 0.25 0.5 1 5 ms, p99")
    for name, rate, alone, beside, held in rows:
        for what, numbers in (("", alone), (f"with {held} idle TCP clients", beside)):
            shown = " ".join(f"{one:5.1f}" for one in numbers[:-1]) + f"  {numbers[-1]:.2f} ms" if numbers else "too many connections"
            figures = f"{rate:14,.0f} {rate / ceiling:8.2f}" if not what else " " * 23
            print(f"{what or name:26} {figures}   {shown}")


def main():
    parser = argparse.ArgumentParser(description="ENUM answers per second beside NSD and Knot.")
    parser.add_argument("answerer")
    parser.add_argument("--numbers", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--signed", action="store_true")
    parser.add_argument("--idle-tcp", type=int, default=1000)
    parser.add_argument("--alone", action="store_true", help="without NSD and Knot")
    arguments = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    servers = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            servers = start_servers(arguments, folder)
            rows = measure(servers, arguments, folder)
            tcp_rows = measure_tcp(servers, {name: rate for name, rate, *_ in rows}, arguments, folder)
        finally:
            for server in servers:
                server.stop()
    ceiling = rows[0][1]
    nsd = next((rate for name, rate, *_ in rows if name == "NSD"), None)
    print(f"{arguments.numbers} numbers, 50,000 random questions (a tenth unknown), one worker, median of "
          f"{arguments.rounds} rounds of {arguments.seconds} s")
    print(f"{'server':26} {'answers/s':>10} {'of echo':>8} {'of NSD':>7} {'per CPU second':>15} {'of echo':>8} {'p99 half load':>14} {'lost':>6} {'MiB':>7}")
    for name, rate, per_cpu, p99, lost, memory in rows:
        shown = f"{p99:.2f} ms" if p99 is not None else "-"
        beside = f"{rate / nsd:7.2f}" if nsd else f"{'-':>7}"
        print(f"{name:26} {rate:10,.0f} {rate / ceiling:8.2f} {beside} {per_cpu:15,.0f} {per_cpu / rows[0][2]:8.2f} {shown:>14} {lost:6} {memory:7,.0f}")
    print_tcp(tcp_rows)


if __name__ == "__main__":
    main()
