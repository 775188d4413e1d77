#!/usr/bin/env python3
"""A full disk: the node says so, stops in order or goes on reading, and nothing that was there is lost."""

import os
import pathlib
import subprocess

from framework import check
from framework.node import Node
from framework.rpc import RpcError
from framework.suite import Skip, run

SMALL_MIB = 48


def setup(env):
    """A file system of its own of a few MiB, where that may be made."""
    env.mount = env.path("small")
    env.mount.mkdir()
    if os.geteuid() != 0:
        raise Skip("only root may mount a small file system")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_MIB}m", "tmpfs", str(env.mount)],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Skip(f"no small file system can be mounted here: {done.stderr.strip()}")
    env.at_end.append(lambda: subprocess.run(["umount", "-l", str(env.mount)], check=False))


def fill(env, leave_bytes):
    """A file that leaves so much room."""
    path = env.mount / "filler"
    info = os.statvfs(env.mount)
    room = info.f_bavail * info.f_frsize - leave_bytes
    with open(path, "ab") as out:
        out.write(b"\0" * max(0, room))
    return path


def node_on_small_disk(env, name):
    node = Node(env.programs, env.mount / name, ["-mocktime=1800000000", "-dbcache=4", "-debuglogfile=0"])
    env.nodes.append(node)
    return node


def mine_until_error(node):
    """Blocks of 9 kB, until one cannot be stored."""
    for _ in range(400):
        try:
            node.rpc.generatetodescriptor(50, f"raw({'61' * 9000}51)")
        except (RpcError, OSError) as error:
            return str(error)
    return None


def test_full_while_running(env):
    node = node_on_small_disk(env, "running")
    node.start()
    node.mine(30)
    tip = node.rpc.getbestblockhash()
    node.restart()
    fill(env, 0)
    message = mine_until_error(node)
    if node.running():
        try:
            node.rpc.stop()
        except (RpcError, OSError):
            pass
    code = node.process.wait(20)
    told = (message or "") + node.stderr()
    node.forget()
    check.true(code in (0, 1), f"exit code {code}: {node.stderr()}")
    check.matches(told, "(?i)space|disk")
    (env.mount / "filler").unlink()
    node.start()
    check.equal(node.rpc.getblockhash(30), tip, "a block is lost")
    check.equal(node.rpc.verifychain(4, 0), True)
    node.mine(5)
    node.stop()
    subprocess.run(["rm", "-rf", str(node.folder)], check=True)


def test_full_at_start(env):
    fill(env, 0)
    node = Node(env.programs, env.path("outside"), ["-debuglogfile=0"])
    env.nodes.append(node)
    target = env.mount / "atstart"
    try:
        target.mkdir()
    except OSError:
        pass
    done = subprocess.run([*node.command()[:2], f"-datadir={env.mount}", f"-rpcport={node.rpc_port}",
                           "-printtoconsole=0"], capture_output=True, text=True, timeout=60, check=False)
    check.equal(done.returncode, 1)
    check.contains(done.stderr, "Error: ")
    check.matches(done.stderr, "(?i)space|disk")
    (env.mount / "filler").unlink()
    pathlib.Path(target).rmdir()


def test_file_size_limit(env):
    """RLIMIT_FSIZE: a write that the system refuses in another way ends in the same order."""
    node = env.make("-mocktime=1800000000", "-debuglogfile=0")
    node.start()
    node.mine(10)
    tip = node.rpc.getbestblockhash()
    node.stop()
    node.start(wrapper=("bash", "-c", "trap '' XFSZ; ulimit -f 17000; exec \"$@\"", "limit"))
    message = mine_until_error(node)
    check.true(message is not None, "files grew beyond the limit")
    check.equal(node.process.wait(20), 1, node.stderr())
    node.forget()
    node.start()
    check.equal(node.rpc.getblockhash(10), tip)
    check.equal(node.rpc.verifychain(4, 20), True)
    node.stop()


if __name__ == "__main__":
    run(globals())
