#!/usr/bin/env python3
"""Writes the blocks of a chain, from the first one to a tip, in order into one file.

The file has the layout of the node's block files; `emercoind -loadblock=FILE` takes it in. Blocks that are not on the way
to the tip are left out. The node that owns the files should be stopped, or the newest blocks may be missing.

    linearize.py --network main --blocks ~/.emercoin/blocks --tip HASH --out bootstrap.dat
    linearize.py --network main --blocks ~/.emercoin/blocks --hashes list.txt --out bootstrap.dat

A list has one block hash a line, the first block first; `emercoin-cli getblockhash N` gives them. Only the 80 bytes of a
header are looked at, so whatever stands behind them in a block, a merged-mining proof say, is copied as it is.
"""

import argparse
import hashlib
import mmap
import os
import pathlib
import re
import sys
import time

MAGICS = {"main": "e45c0d11", "test": "e45c0d22", "regtest": "fabfb5da"}
HEAD = 8  # magic, length
HEADER = 80
LONGEST = 1 << 28
SHOW_EVERY = 0.5


class Fault(Exception):
    """A sentence for the user."""


class Progress:
    """A line on stderr: percent and time left."""

    def __init__(self, what, total, quiet):
        self.what, self.total, self.quiet = what, max(total, 1), quiet
        self.begin = self.shown = time.monotonic()

    def at(self, done):
        now = time.monotonic()
        if self.quiet or now - self.shown < SHOW_EVERY:
            return
        self.shown = now
        left = (now - self.begin) * (self.total - done) / max(done, 1)
        print(f"\r{self.what}: {100 * done / self.total:.1f} %, {left:.0f} s left   ", end="", file=sys.stderr, flush=True)

    def end(self, text):
        if not self.quiet:
            print(f"\r{self.what}: {text}" + " " * 20, file=sys.stderr, flush=True)


def block_hash(header):
    return hashlib.sha256(hashlib.sha256(header).digest()).digest()


def text_of(hashed):
    return hashed[::-1].hex()


def hash_from(text):
    if re.fullmatch(r"[0-9a-fA-F]{64}", text) is None:
        raise Fault(f"{text!r} is no block hash: 64 hex digits are needed")
    return bytes.fromhex(text)[::-1]


def block_files(folder):
    """blk00000.dat … in order."""
    if not folder.is_dir():
        raise Fault(f"{folder} is no folder; name the one with the blk*.dat files")
    files = sorted((int(match[1]), path) for path in folder.iterdir() if (match := re.fullmatch(r"blk(\d{5,9})\.dat", path.name)))
    if not files:
        raise Fault(f"there is no blk*.dat in {folder}")
    return [path for _, path in files]


class Blocks:
    """Where each block lies, and its parent."""

    def __init__(self, files, magic, quiet):
        self.files = files
        self.places = {}  # hash -> (file number, offset of the payload, length, parent)
        self.cut_off = []
        self.foreign = []
        total = sum(path.stat().st_size for path in files)
        progress = Progress("reading", total, quiet)
        done = 0
        for number, path in enumerate(files):
            self._read(number, path, magic, lambda offset, base=done: progress.at(base + offset))
            done += path.stat().st_size
        progress.end(f"{len(self.places)} blocks in {len(files)} files")

    def _read(self, number, path, magic, step):
        size = path.stat().st_size
        if size == 0:
            return
        with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            found, offset = 0, data.find(magic)
            while offset >= 0 and offset + HEAD <= size:
                length = int.from_bytes(data[offset + 4:offset + HEAD], "little")
                begin = offset + HEAD
                if HEADER < length <= LONGEST and begin + length <= size:
                    header = data[begin:begin + HEADER]
                    self.places.setdefault(block_hash(header), (number, begin, length, header[4:36]))
                    found += 1
                    offset = begin + length
                    step(offset)
                else:
                    if begin + length > size and length <= LONGEST:
                        self.cut_off.append(path.name)
                    offset += 1
                offset = data.find(magic, offset)
            if found == 0 and any(data[:4]):
                self.foreign.append(path.name)

    def way_to(self, tip):
        """Hashes from the first block to the tip."""
        way, at = [], tip
        while at != bytes(32):
            place = self.places.get(at)
            if place is None:
                what = "the tip" if at == tip else f"the parent of {text_of(way[-1])}"
                raise Fault(f"block {text_of(at)}, {what}, is not in the block files")
            way.append(at)
            at = place[3]
        return way[::-1]

    def check_list(self, hashes):
        """Each hash must stand on the one before."""
        before = bytes(32)
        for line, hashed in enumerate(hashes, 1):
            place = self.places.get(hashed)
            if place is None:
                raise Fault(f"line {line}: block {text_of(hashed)} is not in the block files")
            if place[3] != before:
                raise Fault(f"line {line}: block {text_of(hashed)} does not stand on the block of the line before")
            before = hashed
        return hashes

    def write(self, way, magic, target, quiet):
        total = sum(self.places[hashed][2] for hashed in way)
        progress = Progress("writing", total, quiet)
        done, opened = 0, {}
        part = target.with_name(target.name + ".part")
        try:
            with open(part, "wb") as out:
                for hashed in way:
                    number, begin, length, _ = self.places[hashed]
                    if number not in opened:
                        opened[number] = open(self.files[number], "rb")  # pylint: disable=consider-using-with
                    opened[number].seek(begin)
                    payload = opened[number].read(length)
                    if len(payload) != length or block_hash(payload[:HEADER]) != hashed:
                        raise Fault(f"{self.files[number]} was changed meanwhile; stop the node first")
                    out.write(magic + length.to_bytes(4, "little") + payload)
                    done += length
                    progress.at(done)
                out.flush()
                os.fsync(out.fileno())
            part.replace(target)
        finally:
            for file in opened.values():
                file.close()
            part.unlink(missing_ok=True)
        progress.end(f"{len(way)} blocks, {target.stat().st_size} bytes in {target}")


def hashes_of(path):
    try:
        lines = path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"cannot read the list {path}: {error}") from None
    if not lines:
        raise Fault(f"the list {path} is empty")
    return [hash_from(line) for line in lines]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--blocks", type=pathlib.Path, required=True, help="folder with the blk*.dat files")
    parser.add_argument("--network", choices=sorted(MAGICS), default="main")
    parser.add_argument("--magic", help="the four bytes before each block in hex, instead of --network")
    goal = parser.add_mutually_exclusive_group(required=True)
    goal.add_argument("--tip", help="hash of the last block")
    goal.add_argument("--hashes", type=pathlib.Path, help="file with the hashes of all blocks, one a line")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("bootstrap.dat"), help="file to write")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    return parser.parse_args()


def linearize(args):
    magic_text = args.magic or MAGICS[args.network]
    if re.fullmatch(r"[0-9a-fA-F]{8}", magic_text) is None:
        raise Fault(f"--magic {magic_text}: eight hex digits are needed")
    magic = bytes.fromhex(magic_text)
    wanted = hashes_of(args.hashes) if args.hashes else None
    tip = None if args.hashes else hash_from(args.tip)
    blocks = Blocks(block_files(args.blocks), magic, args.quiet)
    for name in blocks.foreign:
        print(f"{name} holds no block with the magic {magic_text}: another network?", file=sys.stderr)
    if not blocks.places:
        raise Fault(f"no block with the magic {magic_text} in {args.blocks}")
    for name in blocks.cut_off:
        print(f"{name}: something that begins like a block is not whole; it is passed over", file=sys.stderr)
    way = blocks.check_list(wanted) if wanted else blocks.way_to(tip)
    blocks.write(way, magic, args.out, args.quiet)


def main():
    try:
        linearize(arguments())
    except (Fault, OSError) as error:
        print(f"linearize.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
