#!/usr/bin/env python3
"""-blocknotify, -walletnotify, -namenotify, -alertnotify, -startupnotify, -shutdownnotify; names that try to be commands."""

import os
import pathlib
import subprocess
import sys
import time

from framework import check
from framework.names import Purse
from framework.suite import run

HOSTILE = ["$(touch PWNED)", "`touch PWNED`", "; touch PWNED", "| touch PWNED", "&& touch PWNED", "\n touch PWNED\n", "' ; touch PWNED ; '",
           '" ; touch PWNED ; "', '"; touch PWNED #', "'\"'\"'; touch PWNED", "\\'; touch PWNED", "${IFS}$(touch PWNED)", "-rf", "--help", "*", "~",
           "%s%n%%", "> PWNED", "$EMC_TXID", "!!", "a b  c", "ümläut ☎"]


def writer(folder, name):
    """A program that appends its arguments as lines of hex: what the shell made of them, byte by byte."""
    script = folder / f"{name}.py"
    out = folder / f"{name}.txt"
    script.write_text("import os, sys\n"
                      f"with open({str(out)!r}, 'a') as out:\n"
                      "    out.write(' '.join(os.fsencode(word).hex() or '-' for word in sys.argv[1:]) + '\\n')\n")
    return f"{sys.executable} -IS {script}", out


def lines(out):
    if not out.exists():
        return []
    return [[b"" if word == "-" else bytes.fromhex(word) for word in line.split()] for line in out.read_text().splitlines()]


def setup(env):
    folder = env.path("commands")
    folder.mkdir()
    commands, env.out = {}, {}
    for name in ("block", "wallet", "name", "single", "double", "start", "stop"):
        commands[name], env.out[name] = writer(folder, name)
    os.chdir(folder)
    env.hostile_folder = folder
    env.share("-mocktime=1800000000", f"-blocknotify={commands['block']} %s %h", f"-walletnotify={commands['wallet']} %s %w %b %h",
              f"-namenotify={commands['name']} %n %o %t %h %b", f"-namenotify={commands['single']} 'x%n' '%t'",
              f'-namenotify={commands["double"]} "y%n" "%o" "$EMC_NAME_ENCODING"', f"-startupnotify={commands['start']} ready",
              f"-shutdownnotify={commands['stop']} done")
    env.purse = Purse(env.node, 5)


def settled(env, what, count):
    return check.soon(lambda: len(lines(env.out[what])) >= count and lines(env.out[what]), f"{count} lines of {what}")


def test_startup(env):
    check.equal(settled(env, "start", 1), [[b"ready"]])


def test_blocks(env):
    block = env.node.mine()[0]
    check.soon(lambda: lines(env.out["block"])[-1:] == [[block.encode(), str(env.rpc.getblockcount()).encode()]], "the new tip is told")
    hashes = [line[0].decode() for line in lines(env.out["block"])]
    check.equal(len(hashes), len(set(hashes)), "each tip once")


def test_wallets(env):
    env.need_wallet()
    address = env.rpc.getnewaddress()
    block = env.node.mine(1, address)[0]
    coinbase = env.rpc.getblock(block)["tx"][0].encode()
    height = str(env.rpc.getblockcount()).encode()
    check.soon(lambda: [coinbase, b"", block.encode(), height] in lines(env.out["wallet"]), "the block's transaction")
    env.node.mine(101)
    txid = env.rpc.sendtoaddress(address, 1).encode()
    check.soon(lambda: [txid, b"", b"unconfirmed", b"-1"] in lines(env.out["wallet"]), "a transaction in the mempool")
    env.rpc.createwallet("it's $(touch PWNED)")
    other = env.node.connect("it%27s%20%24%28touch%20PWNED%29")
    paid = env.node.mine(1, other.getnewaddress())[0]
    wanted = [env.rpc.getblock(paid)["tx"][0].encode(), b"it's $(touch PWNED)", paid.encode(), str(env.rpc.getblockcount()).encode()]
    check.soon(lambda: wanted in lines(env.out["wallet"]), "the wallet's name is one word")
    check.soon(lambda: [txid, b"", paid.encode(), str(env.rpc.getblockcount()).encode()] in lines(env.out["wallet"]), "it is in a block")
    env.rpc.unloadwallet("it's $(touch PWNED)")


def test_hostile_names(env):
    known = len(lines(env.out["name"]))
    wanted = [name.encode() for name in HOSTILE]
    block = env.purse.register({name: "x" for name in wanted})
    txid = env.rpc.getblock(block)["tx"][1].encode()
    height = str(env.rpc.getblockcount()).encode()
    seen = settled(env, "name", known + len(wanted))[known:]
    check.equal(seen, [[name, b"name_new", txid, height, block.encode()] for name in wanted])
    check.equal(settled(env, "single", len(wanted)), [[b"x" + name, txid] for name in wanted], "within single quotes")
    check.equal(settled(env, "double", len(wanted)), [[b"y" + name, b"name_new", b""] for name in wanted], "within double quotes")
    check.true(not (env.hostile_folder / "PWNED").exists(), "a name was run as a command")
    check.equal([path for path in pathlib.Path(".").iterdir() if path.suffix not in (".py", ".txt")], [])


def test_names_that_are_no_text(env):
    env.purse.register({b"\xff\xfe\x00end": "x"})
    settled(env, "name", len(HOSTILE) + 1)
    check.equal(lines(env.out["name"])[-1][0], b"\xff\xfe\x00end".hex().encode())
    check.equal(settled(env, "double", len(HOSTILE) + 1)[-1], [b"y" + b"\xff\xfe\x00end".hex().encode(), b"name_new", b"hex"])


def test_shutdown(env):
    check.equal(lines(env.out["stop"]), [])
    env.node.stop()
    check.equal(lines(env.out["stop"]), [[b"done"]], "the node waited for it")
    env.node.start()


def test_commands_that_fail_or_hang(env):
    """A command that hangs holds up neither the node nor its end; what waits is bounded and dropped aloud."""
    node = env.make("-mocktime=1800000000", "-blocknotify=exit 3", "-blocknotify=exec sleep 1000", "-blocknotify=/nowhere/at/all")
    node.start()
    begin = time.monotonic()
    node.rpc.generatetodescriptor(1500, "raw(51)")
    check.true(node.rpc.getblockcount() == 1500 and time.monotonic() - begin < 60, "blocks do not wait for commands")
    check.soon(lambda: node.logged("'exit 3' ended with code 3"), "the log tells how it ended")
    # Of blocks that come faster than they are told, some get no commands at all: more follow until too many wait.
    check.soon(lambda: node.rpc.generatetodescriptor(100, "raw(51)") and node.logged("commands wait already"), "and what is dropped")
    sleeping = subprocess.run(["pgrep", "-P", str(node.process.pid), "sleep"], capture_output=True, text=True, check=True).stdout.split()
    check.equal(len(sleeping), 1, "one command at a time")
    check.equal(os.readlink(f"/proc/{sleeping[0]}/fd/0"), "/dev/null")
    check.true(all(int(fd) < 3 for fd in os.listdir(f"/proc/{sleeping[0]}/fd")), "files of the node are not inherited")
    node.process.send_signal(15)
    check.soon(lambda: wake(node), "it ends when the commands end")
    node.process = None


def wake(node):
    """Ends the command that sleeps; true when the node has ended."""
    subprocess.run(["pkill", "-P", str(node.process.pid), "sleep"], check=False)
    return node.process.poll() is not None


def test_alert(env):
    command, out = writer(env.hostile_folder, "alert")
    node = env.make("-mocktime=1800000000", f"-alertnotify={command} %s")
    node.start()
    node.mine(5)
    blocks = node.network / "blocks"
    first = sorted(blocks.glob("rev*.dat"))[0]
    first.write_bytes(b"\x00" * first.stat().st_size)  # what the node would need to go back is gone
    try:
        node.rpc.invalidateblock(node.rpc.getblockhash(2))
    except Exception:  # pylint: disable=broad-except
        pass  # it stops while it answers
    check.soon(lambda: len(lines(out)) == 1, "the alert is told")
    check.true(len(lines(out)[0]) == 1 and len(lines(out)[0][0]) > 20, f"one word that says what happened: {lines(out)}")
    node.process.wait(60)
    node.process = None


if __name__ == "__main__":
    run(globals())
