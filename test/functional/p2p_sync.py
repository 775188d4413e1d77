#!/usr/bin/env python3
"""Nodes that fetch the chain from each other: late ones, killed ones, ones apart for a while, ones behind a snapshot."""

from framework import check
from framework.names import Purse
from framework.suite import run

MOCK = "-mocktime=1800000000"
LENGTH = 400


def setup(env):
    env.share(MOCK)
    env.purse = Purse(env.node, 30)
    for number in range(LENGTH // 20):
        env.purse.register({f"n:{number}": f"value {number}"})
        env.node.rpc.generatetodescriptor(10, "raw(51)")


def to(node):
    return f"-addnode=127.0.0.1:{node.p2p_port}"


def fingerprint(node):
    return (node.rpc.getbestblockhash(), node.rpc.gettxoutsetinfo()["hash_serialized_3"],
            node.rpc.name_indexinfo()["hash_name"])


def together(*nodes, seconds=check.PATIENCE_SEC):
    check.within(seconds, lambda: len({node.rpc.getbestblockhash() for node in nodes}) == 1, "one tip")
    check.equal(len({fingerprint(node) for node in nodes}), 1, "one state")


def test_a_late_node(env):
    for transport in ("1", "0"):
        node = env.start(MOCK, to(env.node), f"-v2transport={transport}")
        together(env.node, node)
        peer = node.rpc.getpeerinfo()[0]
        check.equal((peer["transport_protocol_type"], peer["connection_type"]), (f"v{1 + int(transport)}", "manual"))
        height = env.rpc.getblockcount()  # the verdict on a block comes back a little after the tip has moved
        check.soon(lambda: node.rpc.getpeerinfo()[0]["synced_blocks"] == height, f"{height} blocks in common")
        node.stop()


def test_how_far_it_has_come(env):
    """Whose clock is decades ahead has caught up with a part of the time only, and says how long the rest would take."""
    node = env.start("-mocktime=4000000000")
    check.equal((node.rpc.getblockchaininfo()["verificationprogress"], node.rpc.getchainstates()["chainstates"][0].get("seconds_left")),
                (0, None))
    node.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "onetry")
    together(env.node, node)
    (state,) = node.rpc.getchainstates()["chainstates"]
    check.true(0.18 < state["verificationprogress"] < 0.19, f"{state['verificationprogress']} of the time since 2011")
    check.true(state["seconds_left"] > 0, "no estimate")
    check.equal(node.rpc.getblockchaininfo()["verificationprogress"], state["verificationprogress"])
    (state,) = env.rpc.getchainstates()["chainstates"]
    check.equal((state["verificationprogress"], state.get("seconds_left")), (1, None))
    node.stop()


def test_from_several_at_once(env):
    second = env.start(MOCK, to(env.node))
    together(env.node, second)
    node = env.start(MOCK, to(env.node), to(second))
    together(env.node, second, node)
    served = [sum(peer["bytessent_per_msg"].get("block", 0) for peer in source.rpc.getpeerinfo())
              for source in (env.node, second)]
    check.true(served[1] > 0, "the second source gave nothing")
    node.stop()
    second.stop()


def test_through_one_that_has_not_caught_up(env):
    """The chain is older than a day, so that the node between does not announce it. It was asked when it had nothing."""
    later = f"-mocktime={1_800_000_000 + 200_000}"
    middle = env.start(later)
    far = env.start(later, to(middle))
    check.soon(lambda: len(far.rpc.getpeerinfo()) == 1 and "pingtime" in far.rpc.getpeerinfo()[0], "a connection")
    middle.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "onetry")
    together(env.node, middle, far)
    check.equal(far.rpc.getblockchaininfo()["initialblockdownload"], True)
    far.stop()
    middle.stop()


def test_killed_while_it_fetches(env):
    node = env.make()
    node.start(MOCK, to(env.node), "-dbcache=4")
    for _ in range(5):
        node.kill()
        node.start(MOCK, to(env.node))
    together(env.node, node)
    node.stop()


def test_apart_and_together_again(env):
    """Each side mines and registers names; the better side's chain and names win everywhere."""
    left = env.start(MOCK, to(env.node))
    right = env.start(MOCK, to(left))
    together(env.node, left, right)
    right.rpc.setnetworkactive(False)
    check.soon(lambda: right.rpc.getconnectioncount() == 0, "right is alone")
    left_purse, right_purse = env.purse, Purse(right, 1)
    left_purse.register({"n:left": "1"})
    right_purse.register({"n:right": "1"})
    right.rpc.generatetodescriptor(5, "raw(52)")
    check.true(right.rpc.getbestblockhash() != left.rpc.getbestblockhash(), "apart")
    right.rpc.setnetworkactive(True)
    together(env.node, left, right, seconds=90)
    check.equal(env.rpc.name_show("n:right")["value"], "1")
    check.refused(None, "name", env.rpc.name_show, "n:left")
    right.stop()
    left.stop()


def test_rival_tips(env):
    """Of blocks that are worth the same each node keeps its own, with the clock standing still as always; the next block decides."""
    line = [env.start(MOCK) for _ in range(3)]
    for number, node in enumerate(line):
        node.rpc.generatetodescriptor(2, f"raw(5{number + 1})")
    tips = [node.rpc.getbestblockhash() for node in line]
    check.equal(len(set(tips)), 3, "rivals")
    for one, other in zip(line, line[1:]):
        other.rpc.addnode(f"127.0.0.1:{one.p2p_port}", "onetry")
    middle = line[1].rpc
    check.soon(lambda: [peer["presynced_headers"] for peer in middle.getpeerinfo()] == [2, 2], "both rivals are known in the middle")
    check.equal([node.rpc.getbestblockhash() for node in line], tips)
    check.equal(sum(peer["bytesrecv_per_msg"].get("block", 0) for peer in middle.getpeerinfo()), 0, "rivals are not fetched")
    for node in line:
        node.rpc.generatetodescriptor(1, "raw(51)")
        together(*line)
    for node in line:
        node.stop()


def test_behind_a_snapshot(env):
    """The blocks below a snapshot come from peers, too, and are checked."""
    dump = env.rpc.dumptxoutset(str(env.path("state.dat")))
    env.purse.register({"n:later": "2"})
    node = env.make()
    options = (MOCK, f"-assumeutxo={dump['base_height']}:{dump['base_hash']}:{dump['state_hash']}")
    node.start(*options)
    node.rpc.loadtxoutset(dump["path"])
    check.equal(len(node.rpc.getchainstates()["chainstates"]), 2)
    node.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "add")
    together(env.node, node)
    check.soon(lambda: len(node.rpc.getchainstates()["chainstates"]) == 1, "the history is checked")
    check.equal(node.rpc.getchainstates()["chainstates"][0]["validated"], True)
    check.equal(node.rpc.getblock(node.rpc.getblockhash(1), 0), env.rpc.getblock(env.rpc.getblockhash(1), 0))
    node.stop()


if __name__ == "__main__":
    run(globals())
