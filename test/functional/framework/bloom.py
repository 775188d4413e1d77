"""The filters of BIP 37, and the partial hash trees that come with them, by the book."""

from framework.chain import sha256d

MASK = 0xffffffff
UPDATE_NONE, UPDATE_ALL, UPDATE_KEYS = 0, 1, 2


def rotate(value, bits):
    return (value << bits | value >> (32 - bits)) & MASK


def murmur3(seed, data):
    def scramble(block):
        return rotate(block * 0xcc9e2d51 & MASK, 15) * 0x1b873593 & MASK
    value, whole = seed, len(data) // 4 * 4
    for at in range(0, whole, 4):
        value = (rotate(value ^ scramble(int.from_bytes(data[at:at + 4], "little")), 13) * 5 + 0xe6546b64) & MASK
    value ^= scramble(int.from_bytes(data[whole:], "little")) ^ len(data)
    value = (value ^ value >> 16) * 0x85ebca6b & MASK
    value = (value ^ value >> 13) * 0xc2b2ae35 & MASK
    return value ^ value >> 16


def bloom(*elements, size=512, functions=10, tweak=7, flags=UPDATE_NONE):
    """The fields of a filterload."""
    bits = bytearray(size)
    for element in elements:
        for i in range(functions):
            bit = murmur3((i * 0xfba4c795 + tweak) & MASK, element) % (size * 8)
            bits[bit // 8] |= 1 << bit % 8
    return {"filter": bytes(bits), "functions": functions, "tweak": tweak, "flags": flags}


def matches(message):
    """Root and matched leaves of a merkleblock, both as text; ValueError when it is not one tree."""
    flags = [byte >> i & 1 for byte in message.flags for i in range(8)]
    hashes = [bytes.fromhex(text)[::-1] for text in message.hashes]
    found = []

    def width(level):
        return (message.transactions + (1 << level) - 1) >> level

    def visit(level, at):
        wanted = flags.pop(0)
        if level == 0 or not wanted:
            node = hashes.pop(0)
            if wanted:
                found.append(node[::-1].hex())
            return node
        left = visit(level - 1, 2 * at)
        right = visit(level - 1, 2 * at + 1) if 2 * at + 1 < width(level - 1) else left
        return sha256d(left + right)

    top = 0
    while width(top) > 1:
        top += 1
    root = visit(top, 0)
    if hashes or any(flags) or len(flags) > 7:
        raise ValueError("a hash or a flag is left over")
    return root[::-1].hex(), found
