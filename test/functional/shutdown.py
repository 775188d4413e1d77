#!/usr/bin/env python3
"""The end of a node, on request and by signals, idle and busy."""

import re
import signal
import subprocess
import threading
import time

from framework import check
from framework.chain import OP_TRUE, Block, coinbase
from framework.p2p import BlockSource, join
from framework.rpc import Rpc
from framework.suite import run

LIMIT_SECONDS = 5


def gone(node):
    for name in ("emercoin.pid", ".cookie"):
        check.true(not (node.network / name).exists(), f"{name} is left behind")
    check.true(node.logged(r"stopped\n$"), "the log does not end with 'stopped'")


def test_stop_and_signals(env):
    node = env.make()
    for number in (None, signal.SIGTERM, signal.SIGINT):
        node.start()
        check.equal(int(node.pid_file().read_text()), node.process.pid)
        node.mine(5)
        took = node.stop(number)
        check.true(took < LIMIT_SECONDS, f"{number}: took {took:.1f} s")
        gone(node)
    check.equal(node.start().rpc.getblockcount(), 15)
    node.stop()


def test_signals_while_busy(env):
    """A node that mines, with callers waiting, ends within the limit too, and what it had is there again."""
    node = env.start()
    busy = Rpc(node.rpc_port, (node.network / ".cookie").read_text())
    threads = [threading.Thread(target=_mine_until_error, args=(busy,))]
    threads += [threading.Thread(target=_mine_until_error, args=(node.connect(),)) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.7)
    took = node.stop(signal.SIGTERM)
    check.true(took < LIMIT_SECONDS, f"took {took:.1f} s")
    gone(node)
    for thread in threads:
        thread.join(10)
    node.start()
    check.true(node.rpc.getblockcount() > 0, "nothing was mined")
    check.equal(node.rpc.verifychain(4, 0), True)
    node.stop()


def _mine_until_error(rpc, tries=1_000_000):
    try:
        while True:
            rpc.generatetodescriptor(200, "raw(51)", tries)
    except Exception:  # pylint: disable=broad-except
        pass


def test_blocks_of_a_peer_that_are_not_judged_yet(env):
    """They wait in the chain's queue when the connections go; their verdicts find nobody any more."""
    node = env.start("-mocktime=1800000000")
    previous, blocks = node.rpc.getblockhash(0), []
    for height in range(1, 71):
        first = coinbase(height, 0)
        first.outputs += [[0, OP_TRUE]] * 10_000  # makes it slow to connect
        blocks.append(Block(previous, 1_700_000_000 + height, [first]).solve())
        previous = blocks[-1].hash()
    for _ in range(2):
        source = BlockSource([bytes.fromhex(block.hex()) for block in blocks])
        peer = join(node.p2p_port, source=source)
        peer.say("headers", headers=source.headers)
        check.soon(lambda given=source: len(given.asked) > 15, "the blocks are not asked for")
        took = node.stop()
        check.true(took < LIMIT_SECONDS, f"took {took:.1f} s")
        gone(node)
        peer.close()
        node.start()
        check.equal(node.rpc.verifychain(), True)
    node.stop()


def test_two_signals(env):
    node = env.start()
    node.mine(3)
    node.process.send_signal(signal.SIGTERM)
    node.process.send_signal(signal.SIGINT)
    check.true(node.stop(signal.SIGTERM) < LIMIT_SECONDS, "too slow")
    gone(node)


def test_signal_during_start(env):
    """Stopped before it is ready: an orderly end, and the next start works."""
    node = env.make()
    for pause in (0.0, 0.01, 0.03, 0.06, 0.1):
        node.launch()
        time.sleep(pause)
        node.process.send_signal(signal.SIGTERM)
        code = node.process.wait(10)
        check.true(code in (0, -signal.SIGTERM), f"exit code {code}: {node.stderr()}")
        node.check_stderr()
        if code == 0 and (node.network / "debug.log").exists():  # else it ended before it had a log
            gone(node)
        node.forget()
    node.start()
    check.equal(node.rpc.getblockcount(), 0)
    node.stop()


def heights(node):
    """What the log says of the chain after each opening."""
    return [int(number) for number in re.findall(r"chain at height (\d+)", node.log())]


def test_signal_while_the_chain_is_rebuilt(env):
    """Opening ends soon when asked to, by signal or call, keeps what it did, and goes on at the next start."""
    node = env.start()
    node.mine(12000)
    tip, coins = node.rpc.getbestblockhash(), node.rpc.gettxoutsetinfo()["hash_serialized_3"]
    node.stop()
    interrupted = 0
    for option in ("-reindex", "-reindex-chainstate"):
        for number in (signal.SIGTERM, signal.SIGINT, None):
            before = len(heights(node))
            node.launch(option)
            check.soon(lambda: (node.network / ".cookie").exists(), "no cookie")
            begin = time.monotonic()
            if number is None:
                node.connect().stop()
            else:
                node.process.send_signal(number)
            check.equal(node.process.wait(30), 0, node.stderr())
            took = time.monotonic() - begin
            node.forget()
            node.check_stderr()
            check.true(took < LIMIT_SECONDS, f"{option}: took {took:.1f} s")
            gone(node)
            interrupted += len(heights(node)) == before
        node.start()
        check.equal((node.rpc.getbestblockhash(), node.rpc.gettxoutsetinfo()["hash_serialized_3"]), (tip, coins), option)
        check.equal(node.rpc.verifychain(4, 100), True)
        node.stop()
    check.true(interrupted > 0, "opening was too fast: nothing was interrupted")


def test_stop_while_a_nonce_is_sought(env):
    """generate gives up where no block can be found in a lifetime."""
    node = env.make()
    command = [word if word != "-regtest" else "-testnet" for word in node.command()]
    cookie = node.folder / "testnet3" / ".cookie"
    for number in (signal.SIGTERM, signal.SIGINT):
        with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
            try:
                check.soon(lambda: cookie.exists() and _ready(node.rpc_port, cookie.read_text()), "not ready")
                seeker = Rpc(node.rpc_port, cookie.read_text())
                thread = threading.Thread(target=_mine_until_error, args=(seeker, 2 ** 62))
                thread.start()
                time.sleep(0.5)
                check.true(thread.is_alive(), "the search ended by itself")
                begin = time.monotonic()
                process.send_signal(number)
                check.equal(process.wait(30), 0)
                check.true(time.monotonic() - begin < LIMIT_SECONDS, "too slow")
                thread.join(10)
            finally:
                process.kill()


def _ready(port, login):
    rpc = Rpc(port, login)
    try:
        return rpc.getblockcount() == 0
    except Exception:  # pylint: disable=broad-except
        return False
    finally:
        rpc.close()


def test_sighup_opens_the_log_again(env):
    node = env.start("-debug=rpc")
    log = node.network / "debug.log"
    log.rename(log.with_suffix(".old"))
    node.rpc.uptime()
    check.true(not log.exists(), "the log is written under its old name until SIGHUP")
    node.process.send_signal(signal.SIGHUP)
    check.soon(log.exists, "no new log")
    node.rpc.getblockcount()
    check.soon(lambda: "call getblockcount" in node.log(), "nothing in the new log")
    check.contains(log.with_suffix(".old").read_text(), "ready after")
    node.stop()


def test_idle_connections_do_not_hold_it(env):
    node = env.start()
    idle = [node.connect() for _ in range(20)]
    for rpc in idle:
        rpc.getblockcount()
    check.true(node.stop(signal.SIGTERM) < LIMIT_SECONDS, "too slow with idle connections")


def test_uptime(env):
    node = env.start()
    time.sleep(1.1)
    check.true(1 <= node.rpc.uptime() <= 30, "uptime")
    node.stop()


if __name__ == "__main__":
    run(globals())
