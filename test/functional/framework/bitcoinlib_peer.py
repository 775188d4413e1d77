"""A peer made of Debian's python3-bitcoinlib alone: program for the system's Python, driven by p2p_bitcoinlib.py.

    bitcoinlib_peer.py PORT    shakes hands, asks for headers and blocks, prints what it understood as JSON

The library reads one header of a `headers` message only (it skips the zero behind each), so it asks for them one by one.
"""

import io
import json
import socket
import sys

import bitcoin
from bitcoin.core import b2lx, lx
from bitcoin.messages import (MsgSerializable, msg_getblocks, msg_getdata, msg_getheaders, msg_ping, msg_verack,
                              msg_version)
from bitcoin.net import CInv

PROTOCOL = 70016
BLOCK = 2
WAIT_SECONDS = 60


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS)
        self.stream = self.socket.makefile("rb")

    def say(self, message):
        self.socket.sendall(message.to_bytes())

    def hear(self, command):
        """The next message of this name; pings are answered, others passed over."""
        while True:
            header = self.stream.read(24)
            if len(header) < 24:
                raise SystemExit("the node hung up")
            payload = self.stream.read(int.from_bytes(header[16:20], "little"))
            name = header[4:16].rstrip(b"\0")
            if name == command:
                return MsgSerializable.stream_deserialize(io.BytesIO(header + payload))


def shake_hands(peer):
    version = msg_version(PROTOCOL)
    version.nVersion = PROTOCOL
    version.nServices = 0
    peer.say(version)
    theirs = peer.hear(b"version")
    peer.say(msg_verack())
    peer.hear(b"verack")
    return {"version": theirs.nVersion, "agent": theirs.strSubVer.decode(), "height": theirs.nStartingHeight}


def header_after(peer, known, wanted):
    question = msg_getheaders(PROTOCOL)
    question.locator.vHave = [lx(known)]
    question.hashstop = lx(wanted)
    peer.say(question)
    headers = peer.hear(b"headers").headers
    return [b2lx(header.GetHash()) for header in headers[:1]]


def main():
    bitcoin.SelectParams("regtest")
    port, genesis, first = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    peer = Connection(port)
    out = {"hello": shake_hands(peer), "header": header_after(peer, genesis, first)}
    question = msg_getblocks(PROTOCOL)
    question.locator.vHave = [lx(genesis)]
    peer.say(question)
    inventory = [item for item in peer.hear(b"inv").inv if item.type == BLOCK]
    out["announced"] = [b2lx(item.hash) for item in inventory]
    out["blocks"] = []
    for item in inventory:
        wanted = CInv()
        wanted.type, wanted.hash = BLOCK, item.hash
        question = msg_getdata(PROTOCOL)
        question.inv = [wanted]
        peer.say(question)
        block = peer.hear(b"block").block
        out["blocks"].append([b2lx(block.GetHash()), [b2lx(tx.GetTxid()) for tx in block.vtx],
                              b2lx(block.calc_merkle_root()) == b2lx(block.hashMerkleRoot)])
    peer.say(msg_ping(PROTOCOL, nonce=7))
    out["pong"] = peer.hear(b"pong").nonce
    print(json.dumps(out))


if __name__ == "__main__":
    main()
