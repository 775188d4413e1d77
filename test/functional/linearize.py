#!/usr/bin/env python3
"""contrib/linearize/linearize.py and -loadblock: a chain leaves one node's block files and enters another node."""

import pathlib
import random
import subprocess
import sys

from framework import check
from framework.chain import OP_TRUE, Tx, name_script, next_block
from framework.suite import run

CLOCK = "-mocktime=1800000000"
PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "contrib" / "linearize" / "linearize.py"
OWNER = b"\x00\x14" + bytes([7] * 20)
MAGIC = bytes.fromhex("fabfb5da")
OTHERS = {"main": bytes.fromhex("e45c0d11"), "test": bytes.fromhex("e45c0d22")}


def fingerprint(rpc):
    rpc.syncwithvalidationinterfacequeue()
    coins, names = rpc.gettxoutsetinfo(), rpc.name_indexinfo()
    return coins["bestblock"], coins["hash_serialized_3"], names["hash_name"], names["records_name"]


def give(rpc, block):
    check.equal(rpc.submitblock(block.hex()), None)


def setup(env):
    """Names, merged-mined blocks, and branches that were left, over several block files."""
    node = env.start(CLOCK, "-fastprune")
    rpc = node.rpc
    rpc.generatetodescriptor(102, "raw(51)")
    env.left = []
    for turn in range(12):
        height = rpc.getblockcount() + 1
        tx = Tx(0x666).spend(rpc.getblock(rpc.getblockhash(height - 101))["tx"][0], 0)
        for number in range(3):
            tx.pay(10 ** 4, name_script(1, f"n:{turn}:{number}", OWNER, b"v" * 4000, 30))
        give(rpc, next_block(rpc, [tx.pay(10 ** 8, OP_TRUE)]).solve())
        give(rpc, next_block(rpc).merge_mine())
        env.left += rpc.generatetodescriptor(2, "raw(51)")
        rpc.invalidateblock(env.left[-2])
        rpc.generatetodescriptor(3, "raw(52)")
        rpc.reconsiderblock(env.left[-2])
    env.wanted = fingerprint(rpc)
    env.tip, env.height = rpc.getbestblockhash(), rpc.getblockcount()
    env.hashes = [rpc.getblockhash(height) for height in range(env.height + 1)]
    node.stop()
    env.blocks = node.network / "blocks"
    check.true(len(list(env.blocks.glob("blk*.dat"))) > 1, "several files")
    env.whole = env.path("bootstrap.dat")
    check.equal(linearize(env, "--tip", env.tip, "--out", env.whole), "")


def linearize(env, *words, blocks=None, network="regtest"):
    """Runs the program; gives stderr, which is empty when all is well."""
    done = subprocess.run([sys.executable, str(PROGRAM), "--quiet", "--network", network, "--blocks",
                           str(blocks or env.blocks), *map(str, words)], capture_output=True, text=True, check=False)
    check.equal(done.returncode == 0, done.stderr == "" or "passed over" in done.stderr, done.stderr)
    return done.stderr


def frames(data):
    out, at = [], 0
    while at < len(data):
        check.equal(data[at:at + 4], MAGIC)
        end = at + 8 + int.from_bytes(data[at + 4:at + 8], "little")
        out.append(data[at:end])
        at = end
    return out


def loaded(env, *files):
    """A fresh node that has taken in the files."""
    return env.start(CLOCK, *(f"-loadblock={path}" for path in files))


def test_a_fresh_node_reaches_the_same_state(env):
    check.equal(len(frames(env.whole.read_bytes())), env.height + 1, "branches are left out")
    node = loaded(env, env.whole)
    check.equal(fingerprint(node.rpc), env.wanted)
    for hashed in env.left:
        check.refused(-5, "Block not found", node.rpc.getblock, hashed)
    check.true(node.logged(f"{env.height + 1} blocks, {env.height} new; height {env.height}"), "log")
    node.restart()  # once more: all is known
    check.true(node.logged(f"{env.height + 1} blocks, 0 new"), "log")
    check.equal(fingerprint(node.rpc), env.wanted)
    node.stop()


def test_a_list_of_hashes(env):
    path, out = env.path("list.txt"), env.path("listed.dat")
    path.write_text("\n".join(env.hashes) + "\n")
    check.equal(linearize(env, "--hashes", path, "--out", out), "")
    check.equal(out.read_bytes(), env.whole.read_bytes())
    path.write_text("\n".join(env.hashes[:5] + env.hashes[6:]))
    check.contains(linearize(env, "--hashes", path, "--out", out), "line 6: block " + env.hashes[6] + " does not stand on")
    path.write_text(env.hashes[0] + "\n" + "ab" * 32)
    check.contains(linearize(env, "--hashes", path, "--out", out), "line 2: block " + "ab" * 32 + " is not in the")
    path.write_text("hello\n")
    check.contains(linearize(env, "--hashes", path, "--out", out), "'hello' is no block hash")
    path.write_text("")
    check.contains(linearize(env, "--hashes", path, "--out", out), "is empty")
    check.contains(linearize(env, "--hashes", env.path("no"), "--out", out), "cannot read the list")


def test_wrong_requests(env):
    out = env.path("wrong.dat")
    check.contains(linearize(env, "--tip", "12", "--out", out), "'12' is no block hash")
    check.contains(linearize(env, "--tip", "ab" * 32, "--out", out), "the tip, is not in the block files")
    text = linearize(env, "--tip", env.tip, "--out", out, network="main")
    check.contains(text, "another network?")
    check.contains(text, "no block with the magic e45c0d11")
    check.contains(linearize(env, "--tip", env.tip, "--out", out, blocks=env.path("no")), "is no folder")
    check.contains(linearize(env, "--tip", env.tip, "--out", out, blocks=env.folder), "there is no blk*.dat")
    check.contains(linearize(env, "--tip", env.tip, "--out", env.path("no") / "x"), "No such file")
    check.equal(out.exists(), False)


def test_a_gap(env):
    """A block file is missing, one is cut off: the program names the block it lacks."""
    folder = env.path("some")
    folder.mkdir()
    for path in sorted(env.blocks.glob("blk*.dat"))[1:]:
        (folder / path.name).write_bytes(path.read_bytes())
    check.contains(linearize(env, "--tip", env.tip, "--out", env.path("x"), blocks=folder), "is not in the block files")
    first = sorted(env.blocks.glob("blk*.dat"))[0]
    (folder / first.name).write_bytes(first.read_bytes()[:-40])
    text = linearize(env, "--tip", env.tip, "--out", env.path("x"), blocks=folder)
    check.contains(text, "blk00000.dat: something that begins like a block is not whole")


def test_any_order(env):
    parts = frames(env.whole.read_bytes())
    random.Random(5).shuffle(parts)
    shuffled = env.path("shuffled.dat")
    shuffled.write_bytes(b"".join(b"\0" * 5 + part + b"junk" for part in parts))
    node = loaded(env, shuffled)
    check.equal(fingerprint(node.rpc), env.wanted)
    node.stop()


def test_block_files_themselves(env):
    """With all branches, file by file; the second is given first."""
    files = sorted(env.blocks.glob("blk*.dat"))
    node = loaded(env, files[1], *files)
    check.equal(fingerprint(node.rpc), env.wanted)
    check.true(node.logged("have no parent"), "the first reading says what is missing")
    check.equal(node.rpc.getblockheader(env.left[0])["confirmations"] < 1 or env.left[0] in env.hashes, True)
    node.stop()


def test_cut_off(env):
    data = env.whole.read_bytes()
    cut = env.path("cut.dat")
    cut.write_bytes(data[:-20])
    node = loaded(env, cut)
    check.equal(node.rpc.getblockcount(), env.height - 1)
    check.true(node.logged("cut.dat ends inside a block; what is whole was taken"), "log")
    node.stop()


def test_files_that_are_none(env):
    node = env.make(CLOCK)
    check.contains(node.fails_to_start("-loadblock=/no/such/file"), "/no/such/file")
    garbage = env.path("garbage.dat")
    garbage.write_bytes(random.Random(6).randbytes(300_000))
    check.contains(node.fails_to_start(f"-loadblock={garbage}"), "garbage.dat holds no block of the network regtest")
    garbage.write_bytes(b"")
    check.contains(node.fails_to_start(f"-loadblock={garbage}"), "holds no block")
    for name, magic in OTHERS.items():
        foreign = env.path(f"{name}.dat")
        foreign.write_bytes(b"".join(magic + part[4:] for part in frames(env.whole.read_bytes())))
        check.contains(node.fails_to_start(f"-loadblock={foreign}"),
                       f"holds blocks of the network {name}, and this node runs regtest")
    check.contains(node.fails_to_start("-loadblock="), "loadblock")
    node.start()
    check.equal(node.rpc.getblockcount(), 0)
    node.stop()


def test_a_bad_block(env):
    """Refused with its rule, as those above it; what is below is taken."""
    parts = frames(env.whole.read_bytes())
    place = 50
    part = bytearray(parts[place])
    part[-10] ^= 1  # the coinbase, so that the merkle root is wrong
    bad = env.path("bad.dat")
    bad.write_bytes(b"".join(parts[:place]) + bytes(part) + b"".join(parts[place + 1:]))
    node = loaded(env, bad)
    check.equal(node.rpc.getblockcount(), place - 1)
    check.true(node.logged(f"block {env.hashes[place]} at offset .* is refused: .*[Mm]erkle"), "log")
    node.stop()
    node.options = [CLOCK, f"-loadblock={env.whole}"]
    node.start()  # the good copy
    check.equal(fingerprint(node.rpc), env.wanted)
    node.stop()


if __name__ == "__main__":
    run(globals())
