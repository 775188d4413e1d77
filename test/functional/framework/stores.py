"""Writes into stopped stores what this version of the program would not: rows of a later version."""

import struct

_CRC_TABLE = []
for _byte in range(256):
    _value = _byte
    for _ in range(8):
        _value = _value >> 1 ^ (0x82f63b78 if _value & 1 else 0)
    _CRC_TABLE.append(_value)


def crc32c(data):
    value = 0xffffffff
    for byte in data:
        value = _CRC_TABLE[(value ^ byte) & 255] ^ value >> 8
    return value ^ 0xffffffff


def _varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def put_row(folder, key, value):
    """Adds a row to a closed LevelDB folder, as one more record at the end of its log."""
    log = max(folder.glob("*.log"), key=lambda path: int(path.stem))
    data = log.read_bytes()
    batch = struct.pack("<QI", (1 << 40) + 1, 1) + b"\x01" + _varint(len(key)) + key + _varint(len(value)) + value
    left = 32768 - len(data) % 32768
    if left < 7 + len(batch):
        data += bytes(left)  # a record is not split here: the next block begins
    crc = crc32c(b"\x01" + batch)
    masked = ((crc >> 15 | crc << 17) + 0xa282ead8) & 0xffffffff
    log.write_bytes(data + struct.pack("<IHB", masked, len(batch), 1) + batch)


def _page_checksum(page, length):
    """What Berkeley DB keeps in each page of a file with checksums: multiply by 33 and add, over the page with a zero
    in the checksum's place."""
    value = 0
    for byte in page[:length]:
        value = (value * 33 + byte) & 0xffffffff
    return value


def raise_wallet_version(path, network):
    """Makes the header row of a closed wallet file say version 3."""
    data = bytearray(path.read_bytes())
    row = struct.pack("<I", 2) + bytes([len(network)]) + network.encode()
    place = data.find(row)
    if place < 0:
        raise AssertionError("the header row is not in the file")
    size = struct.unpack_from("<I", data, 20)[0]
    start = place // size * size
    page = data[start:start + size]
    sum_at = 28
    stored = struct.unpack_from("<I", page, sum_at)[0]
    page[sum_at:sum_at + 4] = bytes(4)
    if _page_checksum(page, size) != stored:
        raise AssertionError("the page's checksum is not where it was thought to be")
    page[place - start] = 3
    page[sum_at:sum_at + 4] = struct.pack("<I", _page_checksum(page, size))
    data[start:start + size] = page
    path.write_bytes(data)
