"""One well-formed payload for each message of the peer-to-peer protocol."""

from framework import wire
from framework.chain import OP_TRUE, Block, Tx, coinbase
from framework.p2p import BlockSource, Peer

HASHES = ["22" * 32, "33" * 32]
TX = Tx().spend("11" * 32, 3, witness=(b"a", b"")).pay(5, OP_TRUE)


def some_blocks(count, previous="00" * 32):
    """A chain of blocks as bytes, every other one merged-mined."""
    blocks = []
    for height in range(1, count + 1):
        block = Block(previous, 1_500_000_000 + height, [coinbase(height, 50)])
        block = block.merge_mine() if height % 2 else block.solve()
        blocks.append(bytes.fromhex(block.hex()))
        previous = block.hash()
    return blocks


BLOCKS = some_blocks(3)
HEADERS = BlockSource(BLOCKS).headers
FILTER_RANGE = {"kind": 0, "start": 0, "stop": HASHES[0]}
LOCATOR = {"version": 70016, "locator": HASHES, "stop": "00" * 32}
ITEMS = {"items": [wire.Inv(kind, HASHES[0]) for kind in (1, 2, 3, 4, 5, 1 | wire.WITNESS, 2 | wire.WITNESS, 99)]}

FIELDS = {
    "version": Peer.version_fields(),
    "ping": {"nonce": 5},
    "pong": {"nonce": 5},
    "feefilter": {"rate": 1000},
    "sendcmpct": {"high": 1, "version": 2},
    "addr": {"entries": [wire.Address(7, 9, "192.0.2.1", 6661), wire.Address(7, 9, "2001:db8::1", 6661)]},
    "addrv2": {"entries": [wire.AddressV2(7, 1 << 40, 4, b"o" * 32, 6661), wire.AddressV2(7, 1, 1, bytes(4), 1)]},
    "inv": ITEMS,
    "getdata": ITEMS,
    "notfound": ITEMS,
    "tx": {"tx": TX},
    "block": {"block": BLOCKS[0]},
    "getheaders": LOCATOR,
    "getblocks": LOCATOR,
    "headers": {"headers": HEADERS},
    "cmpctblock": {"header": HEADERS[0], "nonce": 5, "short_ids": [b"abcdef"] * 3, "prefilled": [(0, TX), (2, TX)]},
    "getblocktxn": {"block": HASHES[0], "positions": [0, 1, 5, 700]},
    "blocktxn": {"block": HASHES[0], "transactions": [TX, TX]},
    "getcfilters": FILTER_RANGE,
    "getcfheaders": FILTER_RANGE,
    "getcfcheckpt": {"kind": 0, "stop": HASHES[0]},
    "cfilter": {"kind": 0, "block": HASHES[0], "filter": b"\x01\x02"},
    "cfheaders": {"kind": 0, "stop": HASHES[0], "previous": HASHES[1], "hashes": HASHES},
    "cfcheckpt": {"kind": 0, "stop": HASHES[0], "headers": HASHES},
    "filterload": {"filter": b"\xff" * 8, "functions": 3, "tweak": 9, "flags": 1},
    "filteradd": {"element": b"data"},
    "merkleblock": {"header": HEADERS[0], "transactions": 3, "hashes": HASHES, "flags": b"\x05"},
}
for _command, _fields in wire.FIELDS.items():
    if not _fields:
        FIELDS[_command] = {}

PAYLOADS = {command: wire.build(command, **fields) for command, fields in FIELDS.items()}
