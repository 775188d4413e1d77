"""Messages of the peer-to-peer protocol: fields to bytes and back, by a table."""

import collections
import ipaddress
import struct
import types

from framework.chain import Reader, Tx, compact, sha256d, with_length

REGTEST_MAGIC = bytes.fromhex("fabfb5da")
HEADER_BYTES = 80
AUXPOW_BIT = 0x100

TX, BLOCK, FILTERED_BLOCK, COMPACT_BLOCK, WTX = 1, 2, 3, 4, 5
WITNESS = 1 << 30

NETWORK, BLOOM, WITNESS_SERVICE, COMPACT_FILTERS, LIMITED, P2P_V2 = 1, 4, 8, 64, 1024, 2048

Kind = collections.namedtuple("Kind", "read write")
Inv = collections.namedtuple("Inv", "kind hash")
OldAddress = collections.namedtuple("OldAddress", "services host port")
Address = collections.namedtuple("Address", "time services host port")
AddressV2 = collections.namedtuple("AddressV2", "time services network bytes port")


def number(form):
    return Kind(lambda reader: reader.number(form), lambda value: struct.pack("<" + form, value))


def list_of(kind):
    return Kind(lambda reader: [kind.read(reader) for _ in range(reader.compact())],
                lambda values: compact(len(values)) + b"".join(kind.write(value) for value in values))


def big_compact(value):
    return b"\xff" + struct.pack("<Q", value) if value >= 1 << 32 else compact(value)


def read_header(reader):
    """The 80 bytes and, where the version says so, the merged-mining proof behind them."""
    begin = reader.at
    plain = reader.take(HEADER_BYTES)
    if struct.unpack("<I", plain[:4])[0] & AUXPOW_BIT:
        Tx.read(reader)
        reader.take(32)
        for _ in range(2):
            reader.take(32 * reader.compact() + 4)
        reader.take(HEADER_BYTES)
    return reader.data[begin:reader.at]


def read_entry(reader):
    header = read_header(reader)
    if reader.take(1) != b"\0":
        raise ValueError("a header with transactions")
    return header


def header_hash(header):
    return sha256d(header[:HEADER_BYTES])[::-1].hex()


def previous_hash(header):
    return header[4:36][::-1].hex()


def host_bytes(host):
    address = ipaddress.ip_address(host)
    return address.packed if address.version == 6 else bytes(10) + b"\xff\xff" + address.packed


def host_text(packed):
    address = ipaddress.IPv6Address(packed)
    return str(address.ipv4_mapped or address)


def read_old(reader):
    services, packed = reader.number("Q"), reader.take(16)
    return OldAddress(services, host_text(packed), int.from_bytes(reader.take(2), "big"))


def write_old(value):
    return struct.pack("<Q", value.services) + host_bytes(value.host) + struct.pack(">H", value.port)


def read_address(reader):
    return Address(reader.number("I"), *read_old(reader))


def write_address(value):
    return struct.pack("<I", value.time) + write_old(OldAddress(*value[1:]))


def read_v2(reader):
    time, services, network = reader.number("I"), reader.compact(), reader.number("B")
    packed = reader.var()
    return AddressV2(time, services, network, packed, int.from_bytes(reader.take(2), "big"))


def write_v2(value):
    return (struct.pack("<I", value.time) + big_compact(value.services) + bytes([value.network]) +
            with_length(value.bytes) + struct.pack(">H", value.port))


def host_of(entry):
    """The host of an Address, or of an AddressV2 of IPv4 or IPv6, as text."""
    return entry.host if isinstance(entry, Address) else str(ipaddress.ip_address(entry.bytes))


def read_positions(reader):
    out, after = [], 0
    for _ in range(reader.compact()):
        out.append(after + reader.compact())
        after = out[-1] + 1
    return out


def write_positions(values):
    out, after = compact(len(values)), 0
    for value in values:
        out += compact(value - after)
        after = value + 1
    return out


def read_prefilled(reader):
    out, after = [], 0
    for _ in range(reader.compact()):
        position = after + reader.compact()
        out.append((position, Tx.read(reader)))
        after = position + 1
    return out


def write_prefilled(values):
    out, after = compact(len(values)), 0
    for position, tx in values:
        out += compact(position - after) + tx.serialize()
        after = position + 1
    return out


def read_rest(reader):
    return reader.take(len(reader.data) - reader.at)


HASH = Kind(lambda reader: reader.take(32)[::-1].hex(), lambda value: bytes.fromhex(value)[::-1])
HASHES = list_of(HASH)
VAR = Kind(Reader.var, with_length)
TEXT = Kind(lambda reader: reader.var().decode(), lambda value: with_length(value.encode()))
TX_KIND = Kind(Tx.read, Tx.serialize)
HEADER = Kind(read_header, bytes)
ENTRY = Kind(read_entry, lambda value: value + b"\0")
REST = Kind(read_rest, bytes)
SHORT_ID = Kind(lambda reader: reader.take(6), bytes)
INV = Kind(lambda reader: Inv(reader.number("I"), HASH.read(reader)),
           lambda value: struct.pack("<I", value[0]) + HASH.write(value[1]))
OLD = Kind(read_old, write_old)
LOCATOR = (("version", number("I")), ("locator", HASHES), ("stop", HASH))
FILTER_RANGE = (("kind", number("B")), ("start", number("I")), ("stop", HASH))

FIELDS = {
    "version": (("version", number("i")), ("services", number("Q")), ("time", number("q")), ("receiver", OLD),
                ("sender", OLD), ("nonce", number("Q")), ("agent", TEXT), ("height", number("i")), ("relay", number("B"))),
    "ping": (("nonce", number("Q")),),
    "pong": (("nonce", number("Q")),),
    "feefilter": (("rate", number("q")),),
    "sendcmpct": (("high", number("B")), ("version", number("Q"))),
    "addr": (("entries", list_of(Kind(read_address, write_address))),),
    "addrv2": (("entries", list_of(Kind(read_v2, write_v2))),),
    "inv": (("items", list_of(INV)),),
    "getdata": (("items", list_of(INV)),),
    "notfound": (("items", list_of(INV)),),
    "tx": (("tx", TX_KIND),),
    "block": (("block", REST),),
    "getheaders": LOCATOR,
    "getblocks": LOCATOR,
    "headers": (("headers", list_of(ENTRY)),),
    "cmpctblock": (("header", HEADER), ("nonce", number("Q")), ("short_ids", list_of(SHORT_ID)),
                   ("prefilled", Kind(read_prefilled, write_prefilled))),
    "getblocktxn": (("block", HASH), ("positions", Kind(read_positions, write_positions))),
    "blocktxn": (("block", HASH), ("transactions", list_of(TX_KIND))),
    "getcfilters": FILTER_RANGE,
    "getcfheaders": FILTER_RANGE,
    "getcfcheckpt": (("kind", number("B")), ("stop", HASH)),
    "cfilter": (("kind", number("B")), ("block", HASH), ("filter", VAR)),
    "cfheaders": (("kind", number("B")), ("stop", HASH), ("previous", HASH), ("hashes", HASHES)),
    "cfcheckpt": (("kind", number("B")), ("stop", HASH), ("headers", HASHES)),
    "filterload": (("filter", VAR), ("functions", number("I")), ("tweak", number("I")), ("flags", number("B"))),
    "filteradd": (("element", VAR),),
    "merkleblock": (("header", HEADER), ("transactions", number("I")), ("hashes", HASHES), ("flags", VAR)),
    "verack": (), "sendaddrv2": (), "wtxidrelay": (), "sendheaders": (), "getaddr": (), "mempool": (), "filterclear": (),
}


def build(command, **fields):
    """The payload of a message; every field must be there."""
    if set(fields) != {name for name, _ in FIELDS[command]}:
        raise ValueError(f"{command} has the fields {[name for name, _ in FIELDS[command]]}, not {list(fields)}")
    return b"".join(kind.write(fields[name]) for name, kind in FIELDS[command])


def parse(command, payload):
    """The fields as attributes; ValueError when the bytes do not fit them."""
    reader = Reader(payload)
    out = types.SimpleNamespace(**{name: kind.read(reader) for name, kind in FIELDS[command]})
    if reader.at != len(payload):
        raise ValueError(f"{command}: {len(payload) - reader.at} bytes too many")
    return out


# The unencrypted frame

FRAME_BYTES = 24


def frame(command, payload, magic=REGTEST_MAGIC):
    name = command if isinstance(command, bytes) else command.encode().ljust(12, b"\0")
    return magic + name + struct.pack("<I", len(payload)) + sha256d(payload)[:4] + payload


class V1Side:
    """Takes a stream of frames apart; the same shape as bip324.V2Side."""

    state = "messages"

    def __init__(self, magic=REGTEST_MAGIC):
        self.magic = magic
        self.buffer = b""

    def opening(self):
        return b""

    def feed(self, data):
        self.buffer += data
        messages = []
        while len(self.buffer) >= FRAME_BYTES:
            length = struct.unpack("<I", self.buffer[16:20])[0]
            if self.buffer[:4] != self.magic:
                raise ValueError(f"magic {self.buffer[:4].hex()} instead of {self.magic.hex()}")
            if len(self.buffer) < FRAME_BYTES + length:
                break
            payload = self.buffer[FRAME_BYTES:FRAME_BYTES + length]
            if sha256d(payload)[:4] != self.buffer[20:24]:
                raise ValueError("wrong checksum")
            messages.append((self.buffer[4:16].rstrip(b"\0").decode(), payload))
            self.buffer = self.buffer[FRAME_BYTES + length:]
        return b"", messages

    def seal(self, command, payload):
        return frame(command, payload, self.magic)
