#!/usr/bin/env python3
"""Damaged files: told by name, never made worse, and repaired by the way the message shows."""

import hashlib
import pathlib

from framework import check
from framework.suite import run


def setup(env):
    env.blocks = []
    node = env.start("-mocktime=1800000000")
    node.mine(60)
    for height in range(1, 61):
        env.blocks.append(node.rpc.getblock(node.rpc.getblockhash(height), 0))
    env.tip = node.rpc.getbestblockhash()
    node.stop()


def prepared(env):
    """A stopped node with 60 blocks."""
    node = env.start("-mocktime=1800000000")
    for text in env.blocks:
        check.equal(node.rpc.submitblock(text), None)
    node.stop()
    return node


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def tells(node, *parts):
    text = node.fails_to_start()
    check.equal(text.startswith("Error: "), True, text)
    for part in parts:
        check.contains(text, part)
    return text


def recovers(node, tip, *options):
    node.start(*options)
    check.soon(lambda: node.rpc.getbestblockhash() == tip, "the tip is not back")
    check.equal(node.rpc.verifychain(4, 0), True)
    node.stop()


def block_file(node):
    return sorted((node.network / "blocks").glob("blk*.dat"))[0]


def test_orderly_stop_leaves_no_zeros(env):
    """What is preallocated while running is cut off, and blocks go on behind it."""
    node = prepared(env)
    size = block_file(node).stat().st_size
    check.equal(size, sum(8 + len(text) // 2 for text in env.blocks) + 8 + genesis_bytes(node))
    node.start()
    check.equal(block_file(node).stat().st_size, size, "nothing is written without a block")
    node.mine(1)
    check.true(block_file(node).stat().st_size > size + 100_000, "preallocated again")
    tip = node.rpc.getbestblockhash()
    node.kill()
    recovers(node, tip)


def genesis_bytes(node):
    """Length in the frame of the first block."""
    return int.from_bytes(block_file(node).read_bytes()[4:8], "little")


def test_truncated_block_file(env):
    """The last blocks cut off: the node says so, names the file and leaves it; the blocks can be fetched again."""
    node = prepared(env)
    path = block_file(node)
    data = path.read_bytes().rstrip(b"\0")
    path.write_bytes(data[:len(data) - 700])
    before = digest(path)
    text = tells(node, path.name)
    check.matches(text, "reindex|damaged|truncated|short")
    check.equal(digest(path), before, "the file was changed")
    node.start("-reindex")
    for height in range(node.rpc.getblockcount() + 1, 61):
        check.equal(node.rpc.submitblock(env.blocks[height - 1]), None)
    check.equal(node.rpc.getbestblockhash(), env.tip)
    node.stop()


def test_missing_block_file(env):
    node = prepared(env)
    path = block_file(node)
    path.rename(path.with_suffix(".away"))
    tells(node, path.name)
    path.with_suffix(".away").rename(path)
    recovers(node, env.tip)


def test_changed_byte_in_a_block(env):
    """Found when the block is read; the call fails with the file's name and the node goes on."""
    node = prepared(env)
    path = block_file(node)
    data = bytearray(path.read_bytes())
    place = data.find(bytes.fromhex(env.blocks[19]))
    check.true(place > 0, "block 20 is not in the file as it is")
    data[place + 100] ^= 0x40
    path.write_bytes(data)
    node.start()
    hashed = node.rpc.getblockhash(20)
    message = check.refused(None, "", node.rpc.getblock, hashed, 0)
    check.matches(message, "blk|damaged|checksum|read")
    check.equal(node.rpc.verifychain(1, 0), False)
    check.equal(node.rpc.getblockcount(), 60)
    node.stop()


def change(path, part, offset):
    """Flips a bit in a file, `offset` bytes behind where `part` begins."""
    data = bytearray(path.read_bytes())
    place = data.find(part)
    check.true(place >= 0, "it is not in the file as it is")
    data[place + offset] ^= 0x40
    path.write_bytes(data)


def test_newest_blocks_are_checked_at_the_start(env):
    """Six at level 3 unless options say otherwise; block, height and file are named."""
    node = prepared(env)
    change(block_file(node), bytes.fromhex(env.blocks[56]), 90)
    text = tells(node, "newest blocks are damaged", "at height 57", "blk00000.dat", "-reindex")
    hashed = text.split("block ")[1].split()[0]
    check.contains(node.fails_to_start("-checklevel=0", "-checkblocks=0"), hashed)
    node.start("-checkblocks=3")
    check.equal(node.rpc.getblockhash(57), hashed)
    check.equal([node.rpc.verifychain(0, 3), node.rpc.verifychain(0, 4)], [True, False])
    check.true(node.logged(f"verification: block {hashed} at height 57: .*blk00000.dat"), "log")
    node.stop()
    for wrong in ("-checklevel=5", "-checklevel=-1", "-checkblocks=-1"):
        check.contains(node.fails_to_start(wrong), wrong[1:11])


def test_undo_records_are_checked_at_the_start(env):
    node = prepared(env)
    path = node.network / "blocks" / "rev00000.dat"
    data = bytearray(path.read_bytes())
    data[-5] ^= 1  # in the last checksum
    path.write_bytes(data)
    tells(node, "newest blocks are damaged", "at height 60", "rev00000.dat", "checksum")
    node.start("-checklevel=1")
    check.equal([node.rpc.verifychain(level, 0) for level in range(5)], [True, True, False, False, False])
    node.stop()
    recovers(node, env.tip, "-reindex")


def state_files(node, pattern):
    return sorted(path for path in (node.network / "chainstate").rglob(pattern) if path.is_file())


def test_corrupt_state_database(env):
    node = prepared(env)
    files = state_files(node, "*.ldb") + state_files(node, "*.log")
    for path in files:
        data = bytearray(path.read_bytes())
        for place in range(20, len(data), 97):
            data[place] ^= 0xff
        path.write_bytes(data)
    text = tells(node, "chainstate")
    check.contains(text, "-reindex")
    recovers(node, env.tip, "-reindex")


def test_missing_manifest(env):
    node = prepared(env)
    for path in state_files(node, "CURRENT"):
        path.write_text("MANIFEST-999999\n")
    text = tells(node, "chainstate")
    check.contains(text, "-reindex")
    recovers(node, env.tip, "-reindex")


def test_block_folder_is_a_file(env):
    node = env.make()
    node.network.mkdir(parents=True)
    (node.network / "blocks").write_text("mine")
    tells(node, "blocks")
    check.equal((node.network / "blocks").read_text(), "mine")


def test_data_folder_not_writable(env):
    """Root may write everywhere, so a folder that is a file stands in for it."""
    node = env.make()
    (node.folder / "regtest").write_text("mine")
    tells(node, "regtest")
    check.equal((node.folder / "regtest").read_text(), "mine")


def test_foreign_network(env):
    """Block files of another network are neither taken for this one's nor overwritten."""
    node = prepared(env)
    path = block_file(node)
    data = path.read_bytes().replace(bytes.fromhex("fabfb5da"), bytes.fromhex("e45c0d11"))
    path.write_bytes(data)
    before = digest(path)
    check.contains(node.fails_to_start("-reindex"), f"{path.name} holds no block of this network")
    check.equal(digest(path), before, "the file was changed")


if __name__ == "__main__":
    run(globals())
