#!/usr/bin/env python3
"""How long calls about names take with very many of them, and how long quick calls and blocks wait meanwhile.

The names come in a snapshot (doc/snapshot.md) that this program writes itself: a regtest node of one block gives its head. Every
name has a coin of its own. Ten million take 2.6 GB of disk for the file and about as much for the node's store.
"""

import argparse
import base64
import hashlib
import http.client
import json
import os
import pathlib
import struct
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "test" / "functional"))

from framework import node as framework_node, rpc as framework_rpc  # pylint: disable=wrong-import-position
from framework.chain import with_length  # pylint: disable=wrong-import-position
from framework.node import Node, memory_kib  # pylint: disable=wrong-import-position
from framework.repeating import Repeating  # pylint: disable=wrong-import-position

START_SECONDS = 3600
HEAD_BYTES = 124
FACTS_FROM = 12  # mark and format are no part of the state
COUNTS_FROM = 100
SUPPLY_FROM = 60
HEADER_BYTES = 80
COIN_VALUE = 10_000
BATCH = 20_000
OWNERS = 1_000  # scripts the names are spread over
MOCK_TIME = "-mocktime=1800000000"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=str(ROOT / "build"), help="build directory")
    parser.add_argument("--names", type=int, default=10_000_000)
    parser.add_argument("--snapshot", help="where the snapshot is kept and used again (default: a temporary file)")
    return parser.parse_args()


def name_of(number):
    return f"enum:4930{number:010d}:0"


def txid_of(number, count):
    """Evenly spread, and rising with the number."""
    return (number * (1 << 64) // count).to_bytes(8, "big") + hashlib.sha256(number.to_bytes(8, "big")).digest()[:24]


def owner_of(number):
    return b"\x00\x14" + hashlib.sha256(struct.pack("<I", number % OWNERS)).digest()[:20]


class File:
    """Writes rows, and hashes them as the state hash wants it."""

    def __init__(self, path, head, headers):
        self.out = open(path, "wb")
        self.head = bytearray(head)
        self.body = hashlib.sha256()
        self.rows = {"coins": hashlib.sha256(), "names": hashlib.sha256()}
        self.out.write(self.head)
        self._add(headers)

    def _add(self, data):
        self.out.write(data)
        self.body.update(data)

    def add(self, kind, rows):
        """`rows`: pairs of what the file has and what is hashed."""
        self._add(b"".join(row[0] for row in rows))
        self.rows[kind].update(b"".join(row[1] for row in rows))

    def finish(self, count):
        """Gives the state hash as a user reads it."""
        struct.pack_into("<q", self.head, SUPPLY_FROM, count * COIN_VALUE)
        struct.pack_into("<QQQ", self.head, COUNTS_FROM, count, count, 0)
        self.out.write(hashlib.sha256(bytes(self.head) + self.body.digest()).digest())
        self.out.seek(0)
        self.out.write(self.head)
        self.out.close()
        tag = hashlib.sha256(b"state at a block, 2").digest()
        state = hashlib.sha256(tag + tag + bytes(self.head[FACTS_FROM:]) + self.rows["coins"].digest() +
                               self.rows["names"].digest() + hashlib.sha256().digest())
        return state.digest()[::-1].hex()


def coin_rows(first, last, count):
    for number in range(first, last):
        key = txid_of(number, count) + bytes(4)
        row = struct.pack("<qiB", COIN_VALUE, 1, 2) + owner_of(number)
        yield key + with_length(row), b"C" + key + struct.pack("<I", len(row)) + row


def name_rows(first, last, count):
    for number in range(first, last):
        name = name_of(number).encode()
        value = b"E2U+sip=100|10|!^.*$!sip:%d@example.org!" % number
        row = (txid_of(number, count) + struct.pack("<Iiii", 0, 1, 1, 100_000 + number % 100_000) +
               with_length(owner_of(number)) + with_length(value))
        yield with_length(name) + with_length(row), struct.pack("<II", len(name) + 1, len(row)) + b"N" + name + row


def write_snapshot(path, head, headers, count):
    out = File(path, head, headers)
    for kind, rows in (("coins", coin_rows), ("names", name_rows)):
        for first in range(0, count, BATCH):
            out.add(kind, list(rows(first, min(first + BATCH, count), count)))
    return out.finish(count)


def base_of(programs, work):
    """Head and header of a chain of one block, and its hash."""
    node = Node(programs, work / "first", [MOCK_TIME, "-disablewallet"]).start()
    node.mine()
    path = work / "one-block.dat"
    told = node.rpc.dumptxoutset(str(path))
    node.stop()
    data = path.read_bytes()
    return data[:HEAD_BYTES], data[HEAD_BYTES:HEAD_BYTES + HEADER_BYTES], told["base_hash"]


def connection(node):
    return framework_rpc.Rpc(node.rpc_port, (node.network / ".cookie").read_text(), timeout=START_SECONDS)


def memory(node):
    """LevelDB maps its files into memory: pages of these are resident without being the node's own."""
    pid = node.process.pid
    return f"resident {memory_kib(pid) >> 10} MiB, {memory_kib(pid, 'RssAnon') >> 10} of them its own, {memory_kib(pid, 'VmHWM') >> 10} at most"


class Waiters(Repeating):
    """Quick calls on connections of their own, one after the other; milliseconds of each."""

    def __init__(self, node, count):
        super().__init__()
        self.times = {"getblockcount": [], "name_show": []}
        self.threads = [threading.Thread(target=self._repeat, args=(connection(node), what, count)) for what in self.times]

    def _repeat(self, rpc, what, count):
        while not self.end.is_set():
            params = [name_of(len(self.times[what]) * 7919 * 131 % count)] if what == "name_show" else []
            begin = time.monotonic()
            rpc.call(what, *params)
            self.times[what].append((time.monotonic() - begin) * 1000)
            time.sleep(0.002)

    def text(self):
        out = []
        for what, times in self.times.items():
            times = sorted(times) or [0]
            out.append(f"{what} {times[len(times) // 2]:.1f}, {times[-1 - len(times) // 100]:.1f}, {times[-1]:.1f}")
        return "; ".join(out)


def blocks_meanwhile(rpc, done, took):
    while True:
        begin = time.monotonic()
        rpc.generatetodescriptor(1, "raw(51)")
        took.append((time.monotonic() - begin) * 1000)
        if done.wait(0.5):
            return


def ask(node, method, params):
    """The bytes of the reply, unread: taking 64 MiB of JSON apart would hold up this program's other threads."""
    login = base64.b64encode((node.network / ".cookie").read_bytes()).decode()
    link = http.client.HTTPConnection("127.0.0.1", node.rpc_port, timeout=START_SECONDS)
    link.request("POST", "/", json.dumps({"method": method, "params": params}), {"Authorization": "Basic " + login})
    reply = link.getresponse().read()
    link.close()
    return reply


def measure(node, count, method, *params):
    took, done = [], threading.Event()
    miner = threading.Thread(target=blocks_meanwhile, args=(connection(node), done, took))
    with Waiters(node, count) as waiters:
        miner.start()
        begin = time.monotonic()
        reply = ask(node, method, params)
        seconds = time.monotonic() - begin
        done.set()
        miner.join()
    shown = ", ".join(str(one) for one in params)
    print(f"{method}({shown}): {seconds:.3f} s; {len(reply)} bytes, {reply[:60].decode()}\n    {waiters.text()} ms; {len(took)} blocks, slowest {max(took):.0f} ms; "
          f"{memory(node)}", flush=True)


def main():
    options = arguments()
    framework_node.START_SECONDS = START_SECONDS
    programs = pathlib.Path(options.build).resolve() / "src"
    with tempfile.TemporaryDirectory(prefix="emc-bench-") as name:
        work = pathlib.Path(name)
        head, header, base = base_of(programs, work)
        path = pathlib.Path(options.snapshot or work / "names.dat").resolve()
        begin = time.monotonic()
        state = write_snapshot(path, head, header, options.names)
        print(f"{options.names} names: {path.stat().st_size >> 20} MiB written in {time.monotonic() - begin:.0f} s, "
              f"{os.cpu_count()} processors; times of quick calls: middle, all but a hundredth, slowest", flush=True)
        node = Node(programs, work / "node", [MOCK_TIME, "-disablewallet", f"-assumeutxo=1:{base}:{state}"]).start()
        begin = time.monotonic()
        connection(node).loadtxoutset(str(path))
        print(f"loaded in {time.monotonic() - begin:.0f} s; {memory(node)}", flush=True)
        middle, rare = name_of(options.names // 2), f"{options.names - 1:010d}:0$"
        for call in (("name_show", middle), ("name_scan", middle), ("name_scan", middle, 100_000), ("name_filter", rare),
                     ("name_filter", "9{6}"), ("name_filter", "", 0, options.names - 100, 100), ("name_filter", "", 0, 0, 0, "stat"),
                     ("name_filter", ""), ("name_indexinfo",), ("scantxoutset", "start", ["raw(51)"]), ("gettxoutsetinfo", "none"),
                     ("verifychain", 4, 0)):
            measure(node, options.names, *call)
        node.stop()


if __name__ == "__main__":
    main()
