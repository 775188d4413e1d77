"""JSON texts that are none any longer."""


def damaged(rng, seed):
    """A text with bytes changed, cut, doubled or put in."""
    data = bytearray(seed)
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(data) + 1)
        action = rng.randrange(5)
        if action == 0:
            data[place:place + 1] = bytes([rng.randrange(256)])
        elif action == 1:
            del data[place:place + rng.randint(1, 12)]
        elif action == 2:
            data[place:place] = rng.choice([b"[", b"{", b"\"", b"\\u", b"\\ud800", b"\xff", b"1e999", b"null", b"\0", b",,", b"-", b"\xc0\x80"])
        elif action == 3:
            data[place:place] = b"[" * rng.randint(1, 600)
        else:
            data += data[:place]
    return bytes(data)
