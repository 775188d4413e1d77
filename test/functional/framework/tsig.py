"""Signed DNS messages (RFC 8945), written from the document and apart from the node: signs questions, checks answers."""

import hashlib
import hmac
import struct

FUDGE = 300
ERRORS = {0: "NOERROR", 16: "BADSIG", 17: "BADKEY", 18: "BADTIME", 22: "BADTRUNC"}


def wire(name):
    labels = [part.encode() for part in name.lower().rstrip(".").split(".") if part]
    return b"".join(bytes([len(part)]) + part for part in labels) + b"\0"


class Signer:
    """One exchange: sign() the question, then check() each answer in order."""

    def __init__(self, name, algorithm, secret):
        self.name, self.algorithm, self.secret = wire(name), algorithm, secret
        self.prior, self.answers, self.error = b"", 0, None

    def mac(self, data):
        return hmac.new(self.secret, data, getattr(hashlib, self.algorithm.replace("hmac-", ""))).digest()

    def timers(self, now, fudge):
        return struct.pack(">HIH", now >> 32, now & 0xffffffff, fudge)

    def variables(self, now, fudge, error, other):
        return (self.name + struct.pack(">HI", 255, 0) + wire(self.algorithm) + self.timers(now, fudge)
                + struct.pack(">HH", error, len(other)) + other)

    def record(self, now, mac, number, error=0, other=b""):
        data = (wire(self.algorithm) + self.timers(now, FUDGE) + struct.pack(">H", len(mac)) + mac
                + struct.pack(">HHH", number, error, len(other)) + other)
        return self.name + struct.pack(">HHIH", 250, 255, 0, len(data)) + data

    def sign(self, message, now, mac_bytes=None):
        """A question, or the next answer when called again."""
        covered = self.variables(now, FUDGE, 0, b"") if self.answers < 2 else self.timers(now, FUDGE)
        mac = self.mac(self.prior + message + covered)
        self.answers += 1
        self.prior = struct.pack(">H", len(mac)) + mac
        count = struct.unpack(">H", message[10:12])[0] + 1
        number = struct.unpack(">H", message[:2])[0]
        return message[:10] + struct.pack(">H", count) + message[12:] + self.record(now, mac[:mac_bytes], number)

    def check(self, message):
        """True when the answer is signed as it must be; `error` is what its record says."""
        start = message.rfind(self.name + struct.pack(">HHI", 250, 255, 0))
        if start < 0:
            self.error = None
            return False
        at = start + len(self.name) + 10 + len(wire(self.algorithm))
        high, low, fudge, size = struct.unpack(">HIHH", message[at:at + 10])
        mac = message[at + 10:at + 10 + size]
        number, error, other_size = struct.unpack(">HHH", message[at + 10 + size:at + 16 + size])
        other = message[at + 16 + size:at + 16 + size + other_size]
        self.error = ERRORS.get(error, str(error))
        now = high << 32 | low
        count = struct.unpack(">H", message[10:12])[0] - 1
        plain = struct.pack(">H", number) + message[2:10] + struct.pack(">H", count) + message[12:start]
        covered = self.variables(now, fudge, error, other) if self.answers == 1 else self.timers(now, fudge)
        good = bool(mac) and hmac.compare_digest(mac, self.mac(self.prior + plain + covered))
        self.answers += 1
        self.prior = struct.pack(">H", len(mac)) + mac
        return good
