#!/usr/bin/env python3
"""Mines blocks with a node's getblocktemplate: a small example for small networks, Python's standard library only.

Everything comes from the template (BIPs 22, 23, 34, 141, 145): transactions with witnesses and name operations among them
are taken as they are, the coinbase is made here. A second connection waits (long poll) for news while nonces are tried.
"""

import argparse
import base64
import hashlib
import http.client
import json
import multiprocessing
import pathlib
import struct
import sys
import threading
import time
import urllib.parse

NONCES_AT_ONCE = 200_000
RETRY_SECONDS = 5
LONG_POLL_SECONDS = 600
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BECH32_LAST, BECH32M_LAST = 1, 0x2bc830a3
PUBKEY_HASH, SCRIPT_HASH = (33, 111), (92, 196)


class NodeError(Exception):
    """The node answered with an error object."""

    def __init__(self, error):
        super().__init__(f"{error['message']} (code {error['code']})")
        self.code = error["code"]


class Refused(Exception):
    """Nothing will be better when it is tried again."""


class Node:
    """One connection to the node's JSON-RPC."""

    def __init__(self, url, login, timeout=60):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 6662
        self.headers = {"Content-Type": "application/json",
                        "Authorization": "Basic " + base64.b64encode(login.encode()).decode()}
        self.timeout = timeout

    def call(self, method, *params):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
        try:
            connection.request("POST", "/", json.dumps({"id": 1, "method": method, "params": params}), self.headers)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status in (401, 403):
            raise Refused(f"the node does not let us in: HTTP {answer.status}; check user, password or cookie file")
        try:
            reply = json.loads(body)
        except ValueError:
            raise OSError(f"no JSON-RPC reply but HTTP {answer.status}") from None
        if reply.get("error"):
            raise NodeError(reply["error"])
        return reply["result"]

    def template(self, longpollid=None):
        request = {"rules": ["segwit"], "capabilities": ["longpoll"]}
        if longpollid:
            request["longpollid"] = longpollid
        return self.call("getblocktemplate", request)


def sha256d(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def compact(number):
    if number < 253:
        return bytes([number])
    return b"\xfd" + struct.pack("<H", number) if number < 1 << 16 else b"\xfe" + struct.pack("<I", number)


def base58_script(address):
    number = 0
    for letter in address:
        number = number * 58 + BASE58.index(letter)
    data = number.to_bytes(25, "big")
    if sha256d(data[:21])[:4] != data[21:]:
        raise ValueError("checksum")
    if data[0] in PUBKEY_HASH:
        return b"\x76\xa9\x14" + data[1:21] + b"\x88\xac"
    if data[0] in SCRIPT_HASH:
        return b"\xa9\x14" + data[1:21] + b"\x87"
    raise ValueError("prefix")


def bech32_checksum(values):
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1ffffff) << 5 ^ value
        for bit, mask in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
            if top >> bit & 1:
                state ^= mask
    return state


def bech32_script(address):
    prefix, _, rest = address.lower().rpartition("1")
    values = [BECH32.index(letter) for letter in rest]
    spread = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    version, program, held, bits = values[0], bytearray(), 0, 0
    if bech32_checksum(spread + values) != (BECH32M_LAST if version else BECH32_LAST) or not prefix:
        raise ValueError("checksum")
    for value in values[1:-6]:
        held, bits = held << 5 | value, bits + 5
        if bits >= 8:
            bits -= 8
            program.append(held >> bits & 255)
    return bytes([0x50 + version if version else 0, len(program)]) + bytes(program)


def script_of(address):
    """The output script of an address; ValueError when it is none."""
    for decode in (bech32_script, base58_script):
        try:
            return decode(address)
        except (ValueError, IndexError, OverflowError):
            continue
    raise ValueError(f"{address} is no address")


def height_push(height):
    """As BIP 34 wants it: the shortest form."""
    if height <= 16:
        return bytes([0x50 + height])
    data = height.to_bytes(height.bit_length() // 8 + 1, "little")
    return bytes([len(data)]) + data


def coinbase(template, script, extra):
    """(without witness, with witness): pays the script, commits to the witnesses of all transactions."""
    text = height_push(template["height"]) + b"\x08" + struct.pack("<Q", extra)
    spend = bytes(32) + b"\xff" * 4 + compact(len(text)) + text + b"\xff" * 4
    outputs = [struct.pack("<q", template["coinbasevalue"]) + compact(len(script)) + script]
    commitment = bytes.fromhex(template.get("default_witness_commitment", ""))
    if commitment:
        outputs.append(struct.pack("<q", 0) + compact(len(commitment)) + commitment)
    body = b"\x01" + spend + compact(len(outputs)) + b"".join(outputs)
    version, lock = struct.pack("<i", 2), bytes(4)
    plain = version + body + lock
    return plain, version + b"\0\x01" + body + b"\x01\x20" + bytes(32) + lock if commitment else plain


def merkle_root(leaves):
    while len(leaves) > 1:
        leaves += leaves[-1:] * (len(leaves) % 2)
        leaves = [sha256d(leaves[i] + leaves[i + 1]) for i in range(0, len(leaves), 2)]
    return leaves[0]


def make_work(template, script, extra, now):
    """(76 bytes of the header, what follows the header)"""
    plain, full = coinbase(template, script, extra)
    rows = template["transactions"]
    root = merkle_root([sha256d(plain)] + [bytes.fromhex(row["txid"])[::-1] for row in rows])
    head = (struct.pack("<i", template["version"]) + bytes.fromhex(template["previousblockhash"])[::-1] + root +
            struct.pack("<I", max(template["mintime"], now)) + bytes.fromhex(template["bits"])[::-1])
    return head, compact(len(rows) + 1) + full + b"".join(bytes.fromhex(row["data"]) for row in rows)


def search(job):
    """The first nonce of a range whose hash meets the target, or None. The first 64 bytes are hashed once."""
    head, target, first, count = job
    middle, rest = hashlib.sha256(head[:64]), head[64:]
    for nonce in range(first, first + count):
        hasher = middle.copy()
        hasher.update(rest + struct.pack("<I", nonce))
        if hashlib.sha256(hasher.digest()).digest()[::-1] <= target:
            return nonce
    return None


class Miner:
    def __init__(self, options, login):
        self.options = options
        self.node = Node(options.url, login)
        self.waiter = Node(options.url, login, LONG_POLL_SECONDS)
        self.script = script_of(options.address)
        self.news = threading.Event()  # the template in hand is out of date
        self.longpollid = None
        self.extra = time.time_ns() & 0xffffffff
        self.pool = multiprocessing.Pool(options.processes) if options.processes > 1 else None

    def wait_for_news(self):
        """Runs beside the search: asks with the id of the template in hand until there is another."""
        while True:
            mine = self.longpollid
            if mine is None or self.news.is_set():
                time.sleep(0.05)
                continue
            try:
                other = self.waiter.template(mine)["longpollid"]
            except (OSError, NodeError, Refused, http.client.HTTPException):
                time.sleep(RETRY_SECONDS)
                continue
            if other != mine and self.longpollid == mine:
                self.news.set()
            else:
                time.sleep(0.2)

    def find(self, head, target):
        """A nonce; None when the template is out of date or no nonce is left."""
        ranges = ((head, target, first, min(NONCES_AT_ONCE, (1 << 32) - first)) for first in range(0, 1 << 32, NONCES_AT_ONCE))
        begin = time.monotonic()
        count = self.options.processes
        while not self.news.is_set() and time.monotonic() - begin < self.options.refresh:
            jobs = [job for _, job in zip(range(count), ranges)]
            if not jobs:
                return None
            for nonce in self.pool.map(search, jobs) if self.pool else map(search, jobs):
                if nonce is not None:
                    return nonce
        return None

    def mine_one(self):
        """True when a block was accepted."""
        self.news.clear()
        template = self.node.template()
        self.longpollid = template["longpollid"]
        self.extra += 1
        head, tail = make_work(template, self.script, self.extra, max(template["curtime"], template["mintime"]))
        nonce = self.find(head, bytes.fromhex(template["target"]))
        if nonce is None:
            return False
        header = head + struct.pack("<I", nonce)
        reason = self.node.call("submitblock", (header + tail).hex())
        what = f"block {template['height']} {sha256d(header)[::-1].hex()} with {len(template['transactions'])} transactions"
        print(f"{what}: {'accepted' if reason is None else reason}", flush=True)
        return reason is None

    def run(self):
        threading.Thread(target=self.wait_for_news, daemon=True).start()
        left = self.options.blocks
        while left != 0:
            try:
                left -= 1 if self.mine_one() else 0
            except (OSError, http.client.HTTPException, NodeError) as error:
                print(f"miner.py: {error}; trying again in {RETRY_SECONDS} s", file=sys.stderr, flush=True)
                time.sleep(RETRY_SECONDS)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:6662", help="the node's JSON-RPC (default: %(default)s)")
    parser.add_argument("--cookie", help="the node's file .cookie, instead of --login")
    parser.add_argument("--login", help="user:password")
    parser.add_argument("--address", required=True, help="who gets the rewards")
    parser.add_argument("--blocks", type=int, default=-1, help="end after so many blocks; default: never")
    parser.add_argument("--processes", type=int, default=1, help="processors to use (default: 1)")
    parser.add_argument("--refresh", type=float, default=30, help="seconds after which a new template is fetched (default: 30)")
    return parser.parse_args()


def main():
    options = arguments()
    try:
        login = options.login or pathlib.Path(options.cookie or "").expanduser().read_text(encoding="utf-8").strip()
        Miner(options, login).run()
    except OSError as error:
        sys.exit(f"miner.py: give --login user:password or --cookie with the node's cookie file: {error}")
    except (Refused, ValueError) as error:
        sys.exit(f"miner.py: {error}")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
