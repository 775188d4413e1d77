"""The encrypted transport (BIP 324) in plain Python, for tests: slow, and not safe against timing."""

import hashlib
import hmac
import os
import struct

P = 2 ** 256 - 2 ** 32 - 977
ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141
BASE = (0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798,
        0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8)
REKEY_INTERVAL = 224
TAG_BYTES = 16
TERMINATOR_BYTES = 16
KEY_BYTES = 64
MAX_GARBAGE = 4095
DECOY = 0x80

SHORT_NAMES = dict(enumerate(
    "addr block blocktxn cmpctblock feefilter filteradd filterclear filterload getblocks getblocktxn getdata getheaders "
    "headers inv mempool merkleblock notfound ping pong sendcmpct tx getcfilters cfilter getcfheaders cfheaders "
    "getcfcheckpt cfcheckpt addrv2".split(), 1))
SHORT_IDS = {name: number for number, name in SHORT_NAMES.items()}


# Numbers modulo P and points of secp256k1

def square_root(number):
    """The root that is a square itself, or None."""
    root = pow(number % P, (P + 1) // 4, P)
    return root if root * root % P == number % P else None


def on_curve(x):
    return square_root(x ** 3 + 7) is not None


def _double(point):
    x, y, z = point
    yy = y * y % P
    s = 4 * x * yy % P
    m = 3 * x * x % P
    x3 = (m * m - 2 * s) % P
    return x3, (m * (s - x3) - 8 * yy * yy) % P, 2 * y * z % P


def _add(one, x, y):
    """A Jacobian point (or None) and an affine one."""
    if one is None:
        return x, y, 1
    x1, y1, z1 = one
    zz = z1 * z1 % P
    h = (x * zz - x1) % P
    r = (y * zz * z1 - y1) % P
    if h == 0:
        return _double(one) if r == 0 else None
    hh = h * h % P
    v = x1 * hh % P
    x3 = (r * r - hh * h - 2 * v) % P
    return x3, (r * (v - x3) - y1 * hh * h) % P, z1 * h % P


def times(point, number):
    """number × point, both as x and y."""
    out = None
    for bit in bin(number % ORDER)[2:]:
        out = _double(out) if out is not None else None
        if bit == "1":
            out = _add(out, *point)
    inverse = pow(out[2], -1, P)
    return out[0] * inverse ** 2 % P, out[1] * inverse ** 3 % P


def multiply(point, number):
    """x coordinate of number × point."""
    return times(point, number)[0]


def public_x(secret):
    return multiply(BASE, int.from_bytes(secret, "big"))


# ElligatorSwift: an x coordinate as two numbers that look random

ROOT_MINUS_3 = square_root(-3)


def x_of(u, t):
    """The x coordinate that (u, t) stands for."""
    u, t = u % P or 1, t % P or 1
    if (u ** 3 + t * t + 7) % P == 0:
        t = 2 * t % P
    x = (u ** 3 + 7 - t * t) * pow(2 * t, -1, P) % P
    y = (x + t) * pow(ROOT_MINUS_3 * u, -1, P) % P
    ratio, half = x * pow(y, -1, P), pow(2, -1, P)
    return next(c for c in ((u + 4 * y * y) % P, (-ratio - u) * half % P, (ratio - u) * half % P) if on_curve(c))


def t_of(x, u, case):
    """A t with x_of(u, t) == x, or None; there may be one for each case 0 … 7."""
    cube = u ** 3 + 7
    if case & 2 == 0:
        if on_curve(-x - u):
            return None
        v = x
        s = -cube * pow(u * u + u * v + v * v, -1, P) % P
    else:
        s = (x - u) % P
        r = square_root(-s * (4 * cube + 3 * s * u * u))
        if s == 0 or r is None or (case & 1 and r == 0):
            return None
        v = (r * pow(s, -1, P) - u) * pow(2, -1, P) % P
    w = square_root(s)
    if w is None:
        return None
    if bool(case & 1) != bool(case & 4):
        w = -w
    c = ROOT_MINUS_3 if case & 1 else -ROOT_MINUS_3
    return -w * (u * (1 + c) * pow(2, -1, P) + v) % P


def encode_x(x):
    while True:
        u = int.from_bytes(os.urandom(32), "big") % P
        t = t_of(x, u, os.urandom(1)[0] & 7) if u else None
        if t is not None and x_of(u, t) == x:
            return u.to_bytes(32, "big") + t.to_bytes(32, "big")


def decode_x(key):
    return x_of(int.from_bytes(key[:32], "big"), int.from_bytes(key[32:], "big"))


def tagged_hash(tag, data):
    mark = hashlib.sha256(tag.encode()).digest()
    return hashlib.sha256(mark + mark + data).digest()


def shared_secret(secret, own_key, other_key, initiating):
    x = decode_x(other_key)
    common = multiply((x, square_root(x ** 3 + 7)), int.from_bytes(secret, "big")).to_bytes(32, "big")
    keys = own_key + other_key if initiating else other_key + own_key
    return tagged_hash("bip324_ellswift_xonly_ecdh", keys + common)


def derive(secret, info, magic):
    """32 bytes by HKDF-SHA256 (RFC 5869)."""
    middle = hmac.new(b"bitcoin_v2_shared_secret" + magic, secret, hashlib.sha256).digest()
    return hmac.new(middle, info.encode() + b"\x01", hashlib.sha256).digest()


# ChaCha20-Poly1305 (RFC 8439)

QUARTERS = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
            (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))


def chacha_block(key, counter, nonce):
    state = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, *struct.unpack("<8L", key), counter & 0xffffffff,
             *struct.unpack("<3L", nonce)]
    x = state[:]
    mask = 0xffffffff
    for _ in range(10):
        for a, b, c, d in QUARTERS:
            x[a] = (x[a] + x[b]) & mask
            n = x[d] ^ x[a]
            x[d] = (n << 16 | n >> 16) & mask
            x[c] = (x[c] + x[d]) & mask
            n = x[b] ^ x[c]
            x[b] = (n << 12 | n >> 20) & mask
            x[a] = (x[a] + x[b]) & mask
            n = x[d] ^ x[a]
            x[d] = (n << 8 | n >> 24) & mask
            x[c] = (x[c] + x[d]) & mask
            n = x[b] ^ x[c]
            x[b] = (n << 7 | n >> 25) & mask
    return struct.pack("<16L", *((a + b) & mask for a, b in zip(x, state)))


def xor(one, two):
    return (int.from_bytes(one, "little") ^ int.from_bytes(two[:len(one)], "little")).to_bytes(len(one), "little")


def chacha(key, counter, nonce, data):
    stream = b"".join(chacha_block(key, counter + i, nonce) for i in range((len(data) + 63) // 64))
    return xor(data, stream)


def poly1305(key, data):
    r = int.from_bytes(key[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff
    total = 0
    for at in range(0, len(data), 16):
        total = (total + int.from_bytes(data[at:at + 16] + b"\x01", "little")) * r % (2 ** 130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) & (2 ** 128 - 1)).to_bytes(16, "little")


def _padded(data):
    return data + bytes(-len(data) % 16)


def _tag(key, nonce, aad, sealed):
    lengths = struct.pack("<QQ", len(aad), len(sealed))
    return poly1305(chacha_block(key, 0, nonce)[:32], _padded(aad) + _padded(sealed) + lengths)


def seal(key, nonce, aad, data):
    sealed = chacha(key, 1, nonce, data)
    return sealed + _tag(key, nonce, aad, sealed)


def unseal(key, nonce, aad, data):
    """The plain bytes, or None when they were changed."""
    sealed, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
    return chacha(key, 1, nonce, sealed) if _tag(key, nonce, aad, sealed) == tag else None


# Ciphers that change their key after 224 uses

class LengthCipher:
    def __init__(self, key):
        self.key = key
        self.uses = 0
        self.at = 0

    def _stream(self, count):
        nonce = bytes(4) + struct.pack("<Q", self.uses // REKEY_INTERVAL)
        first, last = self.at // 64, (self.at + count - 1) // 64
        blocks = b"".join(chacha_block(self.key, i, nonce) for i in range(first, last + 1))
        out = blocks[self.at % 64:self.at % 64 + count]
        self.at += count
        return out

    def apply(self, data):
        out = xor(data, self._stream(len(data)))
        if (self.uses + 1) % REKEY_INTERVAL == 0:
            self.key, self.at = self._stream(32), 0
        self.uses += 1
        return out


class PacketCipher:
    def __init__(self, key):
        self.key = key
        self.uses = 0

    def nonce(self, low=None):
        return struct.pack("<LQ", self.uses % REKEY_INTERVAL if low is None else low, self.uses // REKEY_INTERVAL)

    def step(self):
        if (self.uses + 1) % REKEY_INTERVAL == 0:
            self.key = seal(self.key, self.nonce(0xffffffff), b"", bytes(32))[:32]
        self.uses += 1

    def seal(self, aad, data):
        out = seal(self.key, self.nonce(), aad, data)
        self.step()
        return out

    def unseal(self, aad, data):
        out = unseal(self.key, self.nonce(), aad, data)
        self.step()
        return out


class Session:
    """Ciphers of one connection, once both keys are known."""

    def __init__(self, secret, own_key, other_key, initiating, magic):
        self.shared = shared_secret(secret, own_key, other_key, initiating)
        own, other = ("initiator", "responder") if initiating else ("responder", "initiator")
        self.send_length = LengthCipher(derive(self.shared, own + "_L", magic))
        self.send_packet = PacketCipher(derive(self.shared, own + "_P", magic))
        self.read_length = LengthCipher(derive(self.shared, other + "_L", magic))
        self.read_packet = PacketCipher(derive(self.shared, other + "_P", magic))
        terminators = derive(self.shared, "garbage_terminators", magic)
        first, second = terminators[:TERMINATOR_BYTES], terminators[TERMINATOR_BYTES:]
        self.own_terminator, self.other_terminator = (first, second) if initiating else (second, first)
        self.session_id = derive(self.shared, "session_id", magic)

    def packet(self, contents, aad=b"", header=0):
        length = self.send_length.apply(struct.pack("<L", len(contents))[:3])
        return length + self.send_packet.seal(aad, bytes([header]) + contents)


class Broken(Exception):
    """The other side did not keep to BIP 324."""


class V2Side:
    """One side of one connection: bytes in, messages out."""

    def __init__(self, initiating, magic, garbage=b""):
        self.initiating = initiating
        self.magic = magic
        self.garbage = garbage
        self.secret = (int.from_bytes(os.urandom(32), "big") % (ORDER - 1) + 1).to_bytes(32, "big")
        self.key = encode_x(public_x(self.secret))
        self.session = None
        self.buffer = b""
        self.aad = b""
        self.state = "key"
        self.length = None

    def opening(self):
        """The first bytes to send."""
        return self.key + self.garbage

    def feed(self, data):
        """Gives (bytes to send, messages) for what came in."""
        self.buffer += data
        reply, messages = b"", []
        if self.state == "key" and len(self.buffer) >= KEY_BYTES:
            other, self.buffer = self.buffer[:KEY_BYTES], self.buffer[KEY_BYTES:]
            self.session = Session(self.secret, self.key, other, self.initiating, self.magic)
            reply = self.session.own_terminator + self.session.packet(b"", self.garbage)
            self.state = "garbage"
        if self.state == "garbage":
            at = self.buffer[:MAX_GARBAGE + TERMINATOR_BYTES].find(self.session.other_terminator)
            if at < 0 and len(self.buffer) >= MAX_GARBAGE + TERMINATOR_BYTES:
                raise Broken("no garbage terminator")
            if at >= 0:
                self.aad, self.buffer = self.buffer[:at], self.buffer[at + TERMINATOR_BYTES:]
                self.state = "version"
        while self.state in ("version", "messages"):
            packet = self._take()
            if packet is None:
                break
            if packet[0] & DECOY:
                continue
            if self.state == "version":
                self.state = "messages"
            else:
                messages.append(split(packet[1:]))
        return reply, messages

    def _take(self):
        if self.length is None:
            if len(self.buffer) < 3:
                return None
            self.length = int.from_bytes(self.session.read_length.apply(self.buffer[:3]), "little")
            self.buffer = self.buffer[3:]
        whole = 1 + self.length + TAG_BYTES
        if len(self.buffer) < whole:
            return None
        packet, self.buffer = self.session.read_packet.unseal(self.aad, self.buffer[:whole]), self.buffer[whole:]
        self.aad, self.length = b"", None
        if packet is None:
            raise Broken("a packet was changed")
        return packet

    def seal(self, command, payload):
        return self.session.packet(join(command, payload))

    def decoy(self, count):
        return self.session.packet(bytes(count), header=DECOY)


def join(command, payload):
    """Contents of a packet: the name in one byte or in full, and the payload."""
    if command in SHORT_IDS:
        return bytes([SHORT_IDS[command]]) + payload
    return b"\0" + command.encode().ljust(12, b"\0") + payload


def split(contents):
    if not contents:
        raise Broken("a packet without a name")
    if contents[0]:
        return SHORT_NAMES.get(contents[0], f"#{contents[0]}"), contents[1:]
    return contents[1:13].rstrip(b"\0").decode(), contents[13:]
