"""A peer for tests: connects to a node or lets it connect, speaks both transports, and says what it was told to say."""

import collections
import os
import socket
import threading
import time

from framework import wire
from framework.acceptor import Acceptor
from framework.bip324 import Broken, V2Side

PROTOCOL = 70016
WAIT_SECONDS = 60
SERVICES = wire.NETWORK | wire.WITNESS_SERVICE | wire.P2P_V2

Message = collections.namedtuple("Message", "command payload")


class Closed(Exception):
    """The other side ended the connection."""


class Peer:
    """One connection. A thread reads; everything that came is in `messages`, in order.

    `answers` has functions (peer, message) by command, called by that thread; a ping is answered by itself.
    """

    def __init__(self, connection, side, first=b""):
        self.socket = connection
        self.side = side
        self.messages = []
        self.answers = {"ping": lambda peer, message: peer.send("pong", message.payload)}
        self.closed = False
        self.trouble = None  # why reading ended, when not by the other side
        self._changed = threading.Condition()
        self._sending = threading.RLock()
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opening = side.opening()
        if opening:
            self.send_raw(opening)
        self._thread = threading.Thread(target=self._read, args=(first,), daemon=True)
        self._thread.start()

    @staticmethod
    def connect(port, v2=False, host="127.0.0.1", garbage=b""):
        """Connects; over v2 also exchanges the keys."""
        connection = socket.create_connection((host, port), WAIT_SECONDS)
        side = V2Side(True, wire.REGTEST_MAGIC, garbage) if v2 else wire.V1Side()
        peer = Peer(connection, side)
        peer.wait_for(lambda: side.state == "messages", "the transport's handshake")
        return peer

    @property
    def v2(self):
        return isinstance(self.side, V2Side)

    def _read(self, data):
        try:
            while True:
                if data:
                    with self._sending:
                        reply, messages = self.side.feed(data)
                        if reply:
                            self.send_raw(reply)
                    with self._changed:
                        self.messages += [Message(*message) for message in messages]
                        self._changed.notify_all()
                    for message in messages:
                        if message[0] in self.answers:
                            self.answers[message[0]](self, Message(*message))
                data = self.socket.recv(1 << 16)
                if not data:
                    break
        except (OSError, Closed):
            pass
        except (Broken, ValueError) as trouble:
            self.trouble = trouble
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    # Sending

    def send_raw(self, data):
        """Bytes as they are, without a frame."""
        try:
            with self._sending:
                self.socket.sendall(data)
        except OSError as error:
            raise Closed(str(error)) from None

    def send(self, command, payload=b""):
        with self._sending:
            self.send_raw(self.side.seal(command, payload))

    def say(self, command, **fields):
        """A message by its fields (wire.FIELDS)."""
        self.send(command, wire.build(command, **fields))

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._thread.join(WAIT_SECONDS)
        self.socket.close()

    # Waiting

    def wait_for(self, condition, what, seconds=WAIT_SECONDS):
        """Waits until condition() holds; gives its value. Closed when the connection ends before."""
        end = time.monotonic() + seconds
        with self._changed:
            while True:
                value = condition()
                if value:
                    return value
                if self.closed:
                    raise Closed(f"closed while waiting for {what}; {self.trouble or ''} {self.seen()}")
                left = end - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"not within {seconds} s: {what}; {self.seen()}")
                self._changed.wait(min(left, 0.1))

    def seen(self):
        return "came: " + " ".join(message.command for message in self.messages)

    def all(self, command, since=0):
        return [wire.parse(command, message.payload) for message in self.messages[since:] if message.command == command]

    def mark(self):
        """The place behind all messages so far, for `since`."""
        return len(self.messages)

    def wait(self, command, fits=lambda fields: True, since=0, seconds=WAIT_SECONDS):
        """The fields of the first such message."""
        return self.wait_for(lambda: next(([one] for one in self.all(command, since) if fits(one)), None),
                             f"{command}", seconds)[0]

    def wait_closed(self, seconds=WAIT_SECONDS):
        end = time.monotonic() + seconds
        with self._changed:
            while not self.closed:
                if time.monotonic() > end:
                    raise AssertionError(f"still connected after {seconds} s; {self.seen()}")
                self._changed.wait(0.1)

    def sync(self):
        """Until the other side has dealt with everything sent so far."""
        nonce = int.from_bytes(os.urandom(8), "little")
        self.say("ping", nonce=nonce)
        self.wait("pong", lambda fields: fields.nonce == nonce)

    # Opening

    @staticmethod
    def version_fields(**other):
        nobody = wire.OldAddress(0, "0.0.0.0", 0)
        fields = {"version": PROTOCOL, "services": SERVICES, "time": int(time.time()), "receiver": nobody, "sender": nobody,
                  "nonce": int.from_bytes(os.urandom(8), "little"), "agent": "/test:1.0/", "height": 0, "relay": 1}
        return {**fields, **other}

    def handshake(self, before_verack=("wtxidrelay", "sendaddrv2"), **other):
        """Both versions and veracks; `other`: fields of the version. Gives the other side's version."""
        self.say("version", **self.version_fields(**other))
        theirs = self.wait("version")
        for command in before_verack:
            self.send(command)
        self.send("verack")
        self.wait("verack")
        self.sync()
        return theirs


def join(node_port, v2=False, source=None, **version):
    """A peer that is connected and has shaken hands; `source`: the blocks it gives."""
    peer = Peer.connect(node_port, v2)
    if source is not None:
        source.serve(peer)
    peer.handshake(**version)
    return peer


class Listener:
    """Lets nodes connect. Tells by the first bytes which transport one speaks."""

    def __init__(self, v2=True, host="127.0.0.1", port=0):
        self.v2 = v2
        self.peers = []
        self.refused = 0  # connections that spoke v2 although it was off
        self._acceptor = Acceptor(self._begin, host, port)
        self.port, self.address = self._acceptor.port, self._acceptor.address

    def _begin(self, connection):
        first, start = b"", wire.REGTEST_MAGIC + b"version\0\0\0\0\0"
        connection.settimeout(WAIT_SECONDS)
        try:
            while len(first) < len(start) and start.startswith(first):
                more = connection.recv(len(start) - len(first))
                if not more:
                    connection.close()
                    return
                first += more
        except OSError:
            return
        if first == start:
            self.peers.append(Peer(connection, wire.V1Side(), first))
        elif self.v2:
            self.peers.append(Peer(connection, V2Side(False, wire.REGTEST_MAGIC), first))
        else:
            self.refused += 1
            connection.close()

    def wait_peer(self, count=1, seconds=WAIT_SECONDS):
        """The connection of that number, 1 for the first."""
        end = time.monotonic() + seconds
        while len(self.peers) < count:
            if time.monotonic() > end:
                raise AssertionError(f"{len(self.peers)} connections within {seconds} s, {count} expected")
            time.sleep(0.02)
        return self.peers[count - 1]

    def close(self):
        self._acceptor.close()
        for peer in self.peers:
            peer.close()


class BlockSource:
    """Answers getheaders and getdata from a list of blocks, oldest first, given as bytes."""

    def __init__(self, blocks):
        self.headers = []
        self.blocks = {}
        self.asked = []  # hashes of blocks that were asked for
        for block in blocks:
            self.add(block)

    def add(self, block):
        header = wire.read_header(wire.Reader(block))
        self.headers.append(header)
        self.blocks[wire.header_hash(header)] = block

    def serve(self, peer):
        peer.answers["getheaders"] = self.give_headers
        peer.answers["getdata"] = self.give_blocks
        return peer

    def give_headers(self, peer, message):
        locator = set(wire.parse("getheaders", message.payload).locator)
        known = [i for i, header in enumerate(self.headers) if wire.header_hash(header) in locator]
        peer.say("headers", headers=self.headers[known[-1] + 1 if known else 0:][:2000])

    def announce(self, peer):
        peer.say("headers", headers=self.headers[-1:])

    def give_blocks(self, peer, message):
        missing = []
        for item in wire.parse("getdata", message.payload).items:
            if item.kind & ~wire.WITNESS in (wire.BLOCK, wire.COMPACT_BLOCK) and item.hash in self.blocks:
                self.asked.append(item.hash)
                peer.send("block", self.blocks[item.hash])
            else:
                missing.append(item)
        if missing:
            peer.say("notfound", items=missing)
