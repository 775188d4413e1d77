#!/usr/bin/env python3
"""Ten nodes, each on a computer of its own, over quick and slow lines that lose packets: they mine, stake and register names, are
parted and joined, one comes late, one is killed. In the end all have one tip and the same names. Needs root and TAP devices."""

import random

from framework import check
from framework.names import Purse
from framework.networks import Networks, SpaceNode
from framework.packets import Line
from framework.stake import STEP_SEC, Key, coinstake, grid, mine_coins, stake_block
from framework.suite import extended, run

START = 1_800_000_000
COUNT = 10
SUBSIDY = 50 * 10 ** 8
LONG = 20_000
DICE = random.Random("ten nodes")
QUICK = Line(loss=0.01, high=0.001)
SLOW = Line(loss=0.04, low=0.005, high=0.06)


def line(one, other):
    """Neighbours are close to each other, all others far away."""
    return QUICK if abs(one - other) in (1, COUNT - 1) else SLOW


def setup(env):
    env.networks = Networks(COUNT + 2, line, random.Random("packets"))
    env.at_end.append(env.networks.remove)
    env.time = START
    for number in range(COUNT):
        add(env, number)
    # Each calls a neighbour and one that is far away.
    for number, node in enumerate(env.nodes):
        others = (env.nodes[(number + far) % COUNT] for far in (1, 3))
        node.start(f"-mocktime={START}", *(f"-addnode={other.address}" for other in others))
    env.key = Key(1010)
    env.coins = mine_coins(env.nodes[0], env.key, 12)
    env.purse = Purse(env.nodes[0], 20)
    move_on(env, 100_000)
    together(env.nodes)


def add(env, number):
    node = SpaceNode(env.networks, number, env.programs, env.folder / f"node{number}", ["-disablewallet"])
    env.nodes.append(node)
    return node


def move_on(env, seconds):
    env.time += seconds
    for node in env.nodes:
        if node.running():
            node.rpc.setmocktime(env.time)


def state(node):
    return node.rpc.getbestblockhash(), node.rpc.name_indexinfo()["hash_name"]


def seen(nodes):
    """Where each node stands, and what it sees of its peers."""
    lines = []
    for node in nodes:
        peers = [f"{peer['addr']} at {peer['synced_headers']}/{peer['synced_blocks']} + {peer['presynced_headers']}, "
                 f"{len(peer['inflight'])} asked" for peer in node.rpc.getpeerinfo()]
        lines.append(f"{node.address} at {node.rpc.getblockcount()}: {'; '.join(peers)}")
    return "\n".join(lines)


def together(nodes, seconds=check.PATIENCE_SEC):
    try:
        check.within(seconds, lambda: len({node.rpc.getbestblockhash() for node in nodes}) == 1, "one tip")
    except AssertionError as trouble:
        raise AssertionError(f"{trouble}\n{seen(nodes)}") from None
    check.equal(len({state(node) for node in nodes}), 1, "states")


def stake(env, node):
    tip = node.rpc.getblockheader(node.rpc.getbestblockhash())
    block = stake_block(tip["hash"], tip["height"] + 1, grid(env.time - STEP_SEC), env.key,
                        coinstake(env.key, env.coins.pop(0), 0, SUBSIDY))
    check.equal(node.rpc.submitblock(block.hex()), None)


def register(env, node, names):
    tx = env.purse.transaction(names)
    return node.rpc.generateblock("raw(51)", [tx.hex()])["hash"]


def test_all_of_them_work(env):
    """Work, stakes and names, each by another node, a little time apart."""
    for turn in range(8):
        move_on(env, 32)
        node = env.nodes[DICE.randrange(COUNT)]
        if turn % 2:
            stake(env, node)
        else:
            register(env, node, {f"n:{turn}": f"by {node.number}"})
        together(env.nodes)
    for node in env.nodes:
        check.equal(node.rpc.name_show("n:6")["name"], "n:6")
        check.true(node.rpc.getconnectioncount() >= 2, f"{node.address} is alone")


def work_apart(env, turn, halves):
    """The same on both sides but for the number of blocks of work, so that one is better: equal ones would both stay."""
    for side, nodes in enumerate(halves):
        register(env, nodes[turn], {f"n:both{turn}": f"side {side}", f"n:side{side}{turn}": "1"})
        together(nodes)
        stake(env, nodes[turn + 1])
        together(nodes)
        nodes[turn + 2].mine(1 + 3 * (side == turn))
        together(nodes)
    check.true(state(halves[0][0]) != state(halves[1][0]), "the halves are apart")


def test_parted_and_joined(env):
    """Both halves go on; the better half's chain and names win everywhere."""
    for turn in range(2):
        move_on(env, 64)
        env.networks.part(range(5, COUNT))
        try:
            work_apart(env, turn, (env.nodes[:5], env.nodes[5:COUNT]))
        finally:
            env.networks.join(range(5, COUNT))
        together(env.nodes, 90)
        check.equal({node.rpc.name_show(f"n:both{turn}")["value"] for node in env.nodes}, {f"side {turn}"}, "the better side")


def test_a_late_one(env):
    node = add(env, COUNT).start(f"-mocktime={env.time}", f"-addnode={env.nodes[2].address}", f"-addnode={env.nodes[7].address}")
    together(env.nodes)
    check.true(node.rpc.getblockcount() > 230, "the whole chain")


def test_killed_while_it_fetches(env):
    """In the long run: 20,000 blocks, and a node that is killed three times on the way. All are close to each other, else it takes too
    long."""
    extended()
    env.networks.switch.line = lambda one, other: QUICK
    env.nodes[4].rpc.generatetodescriptor(LONG, "raw(51)")
    late = add(env, COUNT + 1)
    options = (f"-mocktime={env.time}", *(f"-addnode={env.nodes[number].address}" for number in (1, 4, 8)))
    late.start(*options)
    for part in (1, 2, 3):
        check.soon(lambda part=part: late.rpc.getblockcount() > part * LONG // 5, "it fetches blocks")
        check.true(late.rpc.getblockcount() < LONG, "it is not done yet")
        late.kill()
        late.start(*options)
    together(env.nodes, 120)
    check.true(late.rpc.getblockcount() > LONG, "the whole chain")


def test_packets_were_lost(env):
    switch = env.networks.switch
    share = switch.lost / (switch.lost + switch.carried)
    print(f"{switch.carried} packets carried, {switch.lost} lost")
    check.true(switch.lost > 100 and 0.01 < share < 0.06, f"{switch.lost} lost, {share:.1%} of all")


if __name__ == "__main__":
    run(globals())
