#!/usr/bin/env python3
"""Makes src/p2p/peers/fixed_seeds.inc, the nodes that are built into the program, from contrib/seeds/nodes_*.txt.

With --check nothing is written; a table that is not current is named and the exit code is 1. --folder and --out take
other lists than those of the source.
"""

import argparse
import base64
import hashlib
import ipaddress
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE.parents[1] / "src/p2p/peers/fixed_seeds.inc"
PORTS = {"main": 6661, "test": 16661, "regtest": 26661}
LINE = re.compile(r"(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<host>[^\s:\[\]]+)|(?P<bare>[0-9a-fA-F:.]+))(?::(?P<port>\d{1,5}))?")
ONION_BYTES = 35


class BadLine(Exception):
    pass


def check_onion(name):
    """Key, checksum and version, as Tor's rend-spec-v3 has them."""
    try:
        raw = base64.b32decode(name.removesuffix(".onion").upper())
    except ValueError:
        raise BadLine("no base32 before .onion") from None
    wanted = hashlib.sha3_256(b".onion checksum" + raw[:32] + b"\3").digest()[:2] + b"\3"
    if len(raw) != ONION_BYTES or raw[32:] != wanted:
        raise BadLine("no onion name of version 3")


def endpoint(text, port):
    """As the program reads it, always with a port."""
    found = LINE.fullmatch(text)
    if not found:
        raise BadLine("an address, perhaps with a port, is expected")
    number = int(found["port"] or port)
    if not 0 < number < 65536:
        raise BadLine(f"port {number}")
    host = found["v6"] or found["host"] or found["bare"]
    if host.endswith(".onion"):
        check_onion(host)
        return f"{host}:{number}"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise BadLine("neither an IP address nor an onion name; host names have no place here") from None
    if not address.is_global:
        raise BadLine("strangers cannot reach it")
    return f"[{address}]:{number}" if address.version == 6 else f"{address}:{number}"


def table(folder):
    out, seen, faults = [], set(), []
    for network, port in PORTS.items():
        path = folder / f"nodes_{network}.txt"
        if not path.exists():
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            text = line.partition("#")[0].strip()
            if not text:
                continue
            try:
                row = (network, endpoint(text, port))
            except BadLine as fault:
                faults.append(f"{path.name}:{number}: {text}: {fault}")
                continue
            if row not in seen:
                seen.add(row)
                out.append(f'    {{"{network}", "{row[1]}"}},\n')
    if faults:
        sys.exit("\n".join(faults))
    return "// Made by contrib/seeds/generate.py from contrib/seeds/nodes_*.txt.\n" + "".join(sorted(out))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--folder", type=pathlib.Path, default=HERE, help="where nodes_*.txt lie")
    parser.add_argument("--out", type=pathlib.Path, default=TABLE, help="the table")
    options = parser.parse_args()
    text = table(options.folder)
    if options.check:
        if not options.out.exists() or options.out.read_text() != text:
            sys.exit(f"{options.out}:1: not current; run contrib/seeds/generate.py")
    else:
        options.out.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
