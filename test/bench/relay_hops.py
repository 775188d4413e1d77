#!/usr/bin/env python3
"""How long a block takes over five hops, and how many blocks are rebuilt from the memory pool at once.

Six nodes stand in a line on this computer. A peer gives the first one a block of transactions that all of them know, but for
those kept back, and another waits for its announcement by the last. The ceiling is a single byte's way along the same hops:
five times half the round trip of a ping, as the nodes measure it."""

import argparse
import pathlib
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "test" / "functional"))

# pylint: disable=wrong-import-position
from framework import check
from framework.chain import OP_TRUE, Tx, next_block
from framework.node import Node
from framework.p2p import join

HOPS = 5
SUBSIDY = 50 * 10 ** 8
SPLIT = 1000
FEE = 200_000
WAIT_SECONDS = 120


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=str(ROOT / "build"), help="build directory")
    parser.add_argument("--blocks", type=int, default=20, help="of each kind")
    parser.add_argument("--transactions", type=int, default=500, help="in each block")
    return parser.parse_args()


class Line:
    """The nodes and the two peers at the ends."""

    def __init__(self, programs, work):
        self.nodes = []
        for number in range(HOPS + 1):
            node = Node(programs, pathlib.Path(work) / f"node{number}", ["-disablewallet", "-minrelaytxfee=0.00000001"])
            if self.nodes:
                node.options += [f"-addnode=127.0.0.1:{self.nodes[-1].p2p_port}"]
            self.nodes.append(node.start())
        self.first = self.nodes[0].rpc
        self.giver, self.watcher = join(self.nodes[0].p2p_port), join(self.nodes[-1].p2p_port)
        self.watcher.say("sendcmpct", high=1, version=2)

    def same_tip(self):
        best = self.first.getbestblockhash()
        check.within(WAIT_SECONDS, lambda: all(node.rpc.getbestblockhash() == best for node in self.nodes), "one tip")

    def coins(self, count):
        """Outputs anybody may spend, (txid, index, value), confirmed."""
        parts = -(-count // SPLIT)
        mined = self.first.generatetodescriptor(parts, "raw(51)")
        sources = [self.first.getblock(hashed)["tx"][0] for hashed in mined]
        self.first.generatetodescriptor(100, "raw(51)")
        each = (SUBSIDY >> 3) // SPLIT
        found = []
        for source in sources:
            tx = Tx().spend(source, 0)
            for _ in range(SPLIT):
                tx.pay(each, OP_TRUE)
            self.first.sendrawtransaction(tx.hex(), 0)
            self.first.generatetodescriptor(1, "raw(51)")
            found += [(tx.txid(), i, each) for i in range(SPLIT)]
        self.same_tip()
        tip = self.first.getblockheader(self.first.getbestblockhash(), False)
        self.watcher.say("headers", headers=[bytes.fromhex(tip)])
        self.watcher.sync()
        return found

    def spread(self, transactions):
        """Gives them to every node: announcing so many takes minutes, as it should."""
        for node in self.nodes:
            for tx in transactions:
                node.rpc.sendrawtransaction(tx.hex(), 0)

    def asked_again(self):
        """For each hop the bytes of transactions and whole blocks that had to be asked for after a compact block."""
        return [sum(peer["bytesrecv_per_msg"].get(name, 0) for name in ("blocktxn", "block")
                    for peer in node.rpc.getpeerinfo()) for node in self.nodes[1:]]

    def relay(self, block):
        """Seconds from giving the block until the last node announces it, and the hops that were complete at once."""
        before, mark = self.asked_again(), self.watcher.mark()
        raw = bytes.fromhex(block.hex())
        begin = time.monotonic()
        self.giver.send("block", raw)
        self.watcher.wait("cmpctblock", lambda fields: fields.header == block.header(), since=mark, seconds=WAIT_SECONDS)
        took = time.monotonic() - begin
        self.same_tip()
        return took, sum(new == old for new, old in zip(self.asked_again(), before))

    def ping_way(self):
        """Seconds of a message over all hops."""
        ways = []
        for node in self.nodes[1:]:
            node.rpc.ping()
            time.sleep(0.2)
            ways.append(min(peer["minping"] for peer in node.rpc.getpeerinfo() if not peer["inbound"]) / 2)
        return sum(ways)


def measure(line, label, coins, options, kept_back):
    times, whole = [], 0
    for _ in range(options.blocks):
        transactions = []
        for _ in range(options.transactions):
            txid, index, value = coins.pop()
            transactions.append(Tx().spend(txid, index).pay(value - FEE, OP_TRUE))
        line.spread(transactions[kept_back:])
        block = next_block(line.first, transactions, value=0)
        block.time = max(block.time, int(time.time()))
        took, complete = line.relay(block.commit().solve())
        times.append(took)
        whole += complete
    print(f"{label:<44} median {1000 * statistics.median(times):6.1f} ms, most {1000 * max(times):6.1f} ms; "
          f"{whole} of {options.blocks * HOPS} hops complete at once", flush=True)


def main():
    options = arguments()
    programs = pathlib.Path(options.build).resolve() / "src"
    with tempfile.TemporaryDirectory(prefix="emc-bench-") as work:
        line = Line(programs, work)
        coins = line.coins(2 * options.blocks * options.transactions)
        print(f"blocks of {options.transactions} transactions over {HOPS} hops; a ping takes {1000 * line.ping_way():.2f} ms")
        measure(line, "all transactions known", coins, options, 0)
        measure(line, "two transactions of each block not relayed", coins, options, 2)
        for node in line.nodes:
            node.stop()


if __name__ == "__main__":
    main()
