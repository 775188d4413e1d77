"""Transactions and blocks as bytes: just enough to build good and bad ones by hand."""

import copy
import hashlib
import struct

NAME_VERSION = 0x0666
REGTEST_TARGET = 0x7fffff << 232
SEQUENCE_FINAL = 0xffffffff
OP_TRUE = b"\x51"
AUXPOW_CHAIN = 0x0e4d


def sha256d(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def compact(number):
    if number < 253:
        return bytes([number])
    if number < 1 << 16:
        return b"\xfd" + struct.pack("<H", number)
    return b"\xfe" + struct.pack("<I", number)


def with_length(data):
    return compact(len(data)) + data


def push(data):
    """The shortest push of bytes onto the script stack."""
    if len(data) == 0:
        return b"\x00"
    if len(data) == 1 and 1 <= data[0] <= 16:
        return bytes([0x50 + data[0]])
    if len(data) == 1 and data[0] == 0x81:
        return b"\x4f"
    if len(data) < 76:
        return bytes([len(data)]) + data
    if len(data) < 256:
        return b"\x4c" + bytes([len(data)]) + data
    return b"\x4d" + struct.pack("<H", len(data)) + data


def script_number(number):
    if number == 0:
        return b""
    out = bytearray()
    rest = abs(number)
    while rest:
        out.append(rest & 255)
        rest >>= 8
    if out[-1] & 128:
        out.append(128 if number < 0 else 0)
    elif number < 0:
        out[-1] |= 128
    return bytes(out)


class Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, count):
        part = self.data[self.at:self.at + count]
        if len(part) != count:
            raise ValueError("bytes end too early")
        self.at += count
        return part

    def number(self, form):
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0]

    def compact(self):
        first = self.take(1)[0]
        if first < 253:
            return first
        return self.number({253: "H", 254: "I", 255: "Q"}[first])

    def var(self):
        return self.take(self.compact())


class Tx:
    """Inputs are [txid bytes as on the wire, index, script, sequence, witness items], outputs [value, script]."""

    def __init__(self, version=2, lock_time=0):
        self.version = version
        self.inputs = []
        self.outputs = []
        self.lock_time = lock_time

    @staticmethod
    def parse(data):
        tx = Tx.read(reader := Reader(bytes.fromhex(data) if isinstance(data, str) else data))
        if reader.at != len(reader.data):
            raise ValueError("bytes after the transaction")
        return tx

    @staticmethod
    def read(reader):
        tx = Tx(reader.number("i"))
        count = reader.compact()
        witness = count == 0
        if witness:
            reader.take(1)
            count = reader.compact()
        for _ in range(count):
            tx.inputs.append([reader.take(32), reader.number("I"), reader.var(), reader.number("I"), []])
        for _ in range(reader.compact()):
            tx.outputs.append([reader.number("q"), reader.var()])
        if witness:
            for entry in tx.inputs:
                entry[4] = [reader.var() for _ in range(reader.compact())]
        tx.lock_time = reader.number("I")
        return tx

    def spend(self, txid, index, sequence=0xfffffffd, script=b"", witness=()):
        self.inputs.append([bytes.fromhex(txid)[::-1], index, script, sequence, list(witness)])
        return self

    def pay(self, value, script):
        self.outputs.append([value, bytes.fromhex(script) if isinstance(script, str) else script])
        return self

    def serialize(self, with_witness=True):
        witness = with_witness and any(entry[4] for entry in self.inputs)
        out = struct.pack("<i", self.version) + (b"\0\x01" if witness else b"") + compact(len(self.inputs))
        for txid, index, script, sequence, _ in self.inputs:
            out += txid + struct.pack("<I", index) + with_length(script) + struct.pack("<I", sequence)
        out += compact(len(self.outputs))
        for value, script in self.outputs:
            out += struct.pack("<q", value) + with_length(script)
        if witness:
            for entry in self.inputs:
                out += compact(len(entry[4])) + b"".join(with_length(item) for item in entry[4])
        return out + struct.pack("<I", self.lock_time)

    def hex(self):
        return self.serialize().hex()

    def hash(self):
        return sha256d(self.serialize(False))

    def txid(self):
        return self.hash()[::-1].hex()

    def wtxid(self):
        return sha256d(self.serialize())[::-1].hex()

    def copy(self):
        return copy.deepcopy(self)


def merkle_root(leaves):
    while len(leaves) > 1:
        if len(leaves) % 2:
            leaves = leaves + leaves[-1:]
        leaves = [sha256d(leaves[i] + leaves[i + 1]) for i in range(0, len(leaves), 2)]
    return leaves[0]


def coinbase(height, value, script=OP_TRUE):
    tx = Tx()
    tx.inputs.append([bytes(32), 0xffffffff, push(script_number(height)) + b"\x00", SEQUENCE_FINAL, []])
    tx.pay(value, script)
    return tx


class Block:
    def __init__(self, previous, time, transactions, bits=0x207fffff, version=4):
        self.version = version
        self.previous = bytes.fromhex(previous)[::-1]
        self.time = time
        self.bits = bits
        self.nonce = 0
        self.merkle = None
        self.transactions = transactions
        self.proof = b""  # of merged mining

    @staticmethod
    def parse(text):
        reader = Reader(bytes.fromhex(text))
        block = Block("00" * 32, 0, [])
        block.version = reader.number("i")
        block.previous, block.merkle = reader.take(32), reader.take(32)
        block.time, block.bits, block.nonce = reader.number("I"), reader.number("I"), reader.number("I")
        block.transactions = [Tx.read(reader) for _ in range(reader.compact())]
        return block

    def commit(self):
        """Puts the witness commitment (BIP 141) into the coinbase."""
        first = self.transactions[0]
        first.outputs = [out for out in first.outputs if not out[1].startswith(b"\x6a\x24\xaa\x21\xa9\xed")]
        first.inputs[0][4] = [bytes(32)]
        root = merkle_root([bytes(32)] + [sha256d(tx.serialize()) for tx in self.transactions[1:]])
        first.pay(0, b"\x6a\x24\xaa\x21\xa9\xed" + sha256d(root + bytes(32)))
        return self

    def header(self):
        return (struct.pack("<i", self.version) + self.previous + self.merkle +
                struct.pack("<III", self.time, self.bits, self.nonce))

    def set_merkle(self):
        self.merkle = merkle_root([tx.hash() for tx in self.transactions])
        return self

    def solve(self, enough=True):
        """Sets the merkle root and finds a nonce; `enough` False: one that does not do."""
        if self.merkle is None:
            self.set_merkle()
        while (int.from_bytes(sha256d(self.header()), "little") <= REGTEST_TARGET) != enough:
            self.nonce += 1
        return self

    def merge_mine(self):
        """Leaves the work to a block of another chain, whose coinbase holds this one's hash."""
        self.version = AUXPOW_CHAIN << 16 | 0x104
        self.set_merkle()
        marker = b"\xfa\xbe\x6d\x6d" + sha256d(self.header())[::-1] + struct.pack("<II", 1, 0)
        other = Tx().pay(0, OP_TRUE)
        other.inputs.append([bytes(32), 0xffffffff, marker, SEQUENCE_FINAL, []])
        parent = Block("00" * 32, self.time, [other]).solve()
        self.proof = (other.serialize() + bytes(32) + compact(0) + bytes(4) + compact(0) + bytes(4) + parent.header())
        return self

    def hash(self):
        return sha256d(self.header())[::-1].hex()

    def hex(self):
        body = b"".join(tx.serialize() for tx in self.transactions)
        return (self.header() + self.proof + compact(len(self.transactions)) + body).hex()


def next_block(rpc, transactions=(), value=None, script=OP_TRUE):
    """An unsolved block on the node's tip; `value`: what its coinbase takes, by default the subsidy."""
    tip = rpc.getblockheader(rpc.getbestblockhash())
    height = tip["height"] + 1
    reward = 50 * 10 ** 8 >> height // 150 if value is None else value
    time = max(tip["mediantime"] + 1, tip["time"] + 1)
    return Block(tip["hash"], time, [coinbase(height, reward, script), *transactions])


def data_push(data):
    """The push by length op code that name outputs use."""
    if len(data) < 76:
        return bytes([len(data)]) + data
    return b"\x4c" + bytes([len(data)]) + data if len(data) < 256 else b"\x4d" + struct.pack("<H", len(data)) + data


def name_script(kind, name, owner, value=b"", days=0):
    """The output script of a name operation: kind 1 NEW, 2 UPDATE, 3 DELETE."""
    name, value = (text.encode() if isinstance(text, str) else text for text in (name, value))
    owner = bytes.fromhex(owner) if isinstance(owner, str) else owner
    out = bytes([0x50 + kind, 0x75]) + data_push(name)
    if kind == 3:
        return out + b"\x75" + owner
    chunks = [value[i:i + 520] for i in range(0, len(value), 520)] or [b""]
    out += data_push(script_number(days)) + b"\x6d" + b"".join(data_push(chunk) for chunk in chunks)
    return out + b"\x6d" * (len(chunks) // 2) + b"\x75" * (len(chunks) % 2) + owner


def base58check(data):
    data += sha256d(data)[:4]
    number, out = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        out = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[digit] + out
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + out


def base58check_decode(text):
    """The bytes without checksum."""
    number = 0
    for letter in text:
        number = number * 58 + "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".index(letter)
    data = bytes(len(text) - len(text.lstrip("1"))) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    if sha256d(data[:-4])[:4] != data[-4:]:
        raise ValueError("wrong checksum")
    return data[:-4]


def secret_text(number):
    """A private key as regtest writes it, for a compressed public key."""
    return base58check(b"\xef" + number.to_bytes(32, "big") + b"\x01")
