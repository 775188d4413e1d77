#!/usr/bin/env python3
"""Peers without a stake try to fill memory and disk: headers and blocks of proof of stake that cost nothing to make.

Published as "fake stake" in 2019. Every variant is sent by eight peers at once; memory may grow by 64 MiB, what lies on
disk does not change at all, and honest blocks go on coming in.
"""

import os
import threading

from framework import check, wire
from framework.chain import OP_TRUE, Block, Tx, coinbase, next_block
from framework.node import memory_kib
from framework.p2p import BlockSource, Closed, Peer, join
from framework.stake import STAKE_VERSION, STEP_SEC, Key, coinstake, grid, mine_coins, stake_block
from framework.suite import run

START = 1_800_000_000
NOW = START + 200_000
PEERS = 8
GROWTH_KIB = 64 * 1024
LIMIT = 60  # -maxreorg
SUBSIDY = 50 * 10 ** 8
PADDING = 400_000
HEADERS = 2000


def setup(env):
    env.share(f"-mocktime={START}", f"-maxreorg={LIMIT}")
    env.key = Key(2019)
    env.coins = mine_coins(env.node, env.key, 8)
    env.spent = env.coins.pop()
    gone = env.key.spend(Tx().spend(env.spent, 0).pay(SUBSIDY, OP_TRUE), SUBSIDY)
    env.rpc.generateblock("raw(51)", [gone.hex()])
    env.node.mine(LIMIT + 40)
    env.rpc.setmocktime(NOW)
    for v2 in (False, True):
        join(env.node.p2p_port, v2).close()
    env.stamp = grid(env.rpc.getblockheader(env.rpc.getbestblockhash())["time"])
    env.before = memory_kib(env.node.process.pid)


def on_disk(env):
    """Files of blocks and state with their sizes."""
    return {str(path): path.stat().st_size for folder in ("blocks", "chainstate") for path in (env.node.network / folder).rglob("*")
            if path.is_file()}


def place(env, below=0):
    """On the block so far below the tip: (hash, height, time)."""
    height = env.rpc.getblockcount() - below
    return env.rpc.getblockhash(height), height + 1, env.stamp


def staked(env, start, coin, transactions=()):
    """A block that stakes output 0 of a transaction, whether there is one or not."""
    return stake_block(*start, env.key, coinstake(env.key, coin, 0, SUBSIDY), transactions=transactions)


def claims(start, count, mark):
    """Headers alone, each on the one before."""
    previous, _, time = start
    out = []
    for number in range(count):
        block = Block(previous, time + number * STEP_SEC, [], version=STAKE_VERSION)
        block.merkle = mark.to_bytes(32, "big")
        out.append(block.header())
        previous = block.hash()
    return out


def chain(env, start, coins, mark, padding=PADDING):
    """Blocks with bodies, one for each coin; all else about them is right."""
    previous, height, time = start
    out = []
    for coin in coins:
        fat = Tx().spend(os.urandom(32).hex(), mark).pay(1, b"\x6a" + bytes(padding))
        block = staked(env, (previous, height, time), coin, [fat])
        out.append(bytes.fromhex(block.hex()))
        previous, height, time = block.hash(), height + 1, time + STEP_SEC
    return out


def send(env, blocks, further=()):
    """A peer that offers a chain: headers of the blocks, then further ones; gives blocks when it is asked. True when it was
    sent away."""
    source = BlockSource(blocks)
    source.headers += [wire.read_header(wire.Reader(header)) for header in further]
    peer = Peer.connect(env.node.p2p_port)
    peer.answers["getdata"] = source.give_blocks
    try:
        peer.handshake()
        peer.say("headers", headers=source.headers[:HEADERS])
        peer.sync()
        if blocks:
            peer.wait_closed()
    except Closed:
        return True
    finally:
        peer.close()
    return peer.closed and bool(blocks)


def all_at_once(work):
    """work(number) on as many threads as there are peers; gives the results."""
    results = [None] * PEERS

    def one(number):
        try:
            results[number] = work(number)
        except Exception as trouble:  # pylint: disable=broad-except
            results[number] = trouble
    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(PEERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def bounded(env, what):
    grown = memory_kib(env.node.process.pid, "VmHWM") - env.before
    print(f"{what}: grown by {grown} KiB at most")
    check.true(grown <= GROWTH_KIB, f"{what}: grown by {grown} KiB at most")


def unchanged(env, what, work):
    """Runs work on eight threads; neither the chain nor the disk may have changed."""
    disk, tip, known = on_disk(env), env.rpc.getbestblockhash(), len(env.rpc.getchaintips())
    results = all_at_once(work)
    check.equal(on_disk(env), disk, f"{what}: on disk")
    check.equal((env.rpc.getbestblockhash(), len(env.rpc.getchaintips())), (tip, known), f"{what}: tips")
    bounded(env, what)
    return results


def sent_away(env, what, work):
    check.equal(unchanged(env, what, work), [True] * PEERS, f"{what}: sent away")


def no_such_coins(env, start, number):
    return chain(env, start, [os.urandom(32).hex() for _ in range(4)], number)


def test_headers_alone(env):
    """Each peer comes again and again with another 2,000 headers."""
    start = place(env)

    def work(number):
        for turn in range(10):
            send(env, [], claims(start, HEADERS, number * 100 + turn))
    unchanged(env, "headers", work)
    check.equal(env.rpc.getblockchaininfo()["headers"], env.rpc.getblockcount())


def test_kernels_that_do_not_exist(env):
    start = place(env)
    sent_away(env, "no such coins", lambda number: send(env, no_such_coins(env, start, number)))
    check.true(env.node.logged(r"misbehaves: block [0-9a-f]{64}: .*bad-txns-inputs-missingorspent"), "the reason is logged")


def test_kernels_spent_long_ago(env):
    start = place(env)
    sent_away(env, "spent kernels", lambda number: send(env, chain(env, start, [env.spent] * 4, number)))


def test_a_kernel_spent_in_its_own_branch(env):
    """Two blocks stake one coin; the first is never good enough by itself."""
    begin = place(env, LIMIT // 2)

    def work(number):
        blocks = chain(env, begin, [os.urandom(32).hex(), env.coins[0], env.coins[0]], number)
        return send(env, blocks, claims((wire.header_hash(wire.read_header(wire.Reader(blocks[-1]))), 0,
                                         env.stamp + 10 * STEP_SEC), 1000, number))
    sent_away(env, "spent in the branch", work)


def test_below_the_limit_of_reorganisations(env):
    """Good stakes, on a block too far below; nobody is to blame, and nothing is kept."""
    begin = place(env, LIMIT + 5)

    def work(number):
        blocks = chain(env, (*begin[:2], begin[2] + number * STEP_SEC), env.coins[:2], number)
        source = BlockSource(blocks)
        last = wire.header_hash(source.headers[-1])
        source.headers += [wire.read_header(wire.Reader(header))
                           for header in claims((last, 0, env.stamp + 100 * STEP_SEC), 1000, number)]
        peer = Peer.connect(env.node.p2p_port)
        peer.answers["getdata"] = source.give_blocks
        peer.handshake()
        peer.say("headers", headers=source.headers)
        peer.wait("getdata")
        peer.sync()
        check.soon(lambda: source.asked, "the blocks are asked for")
        peer.sync()
        peer.close()
    unchanged(env, "below the limit", work)


def test_right_headers_wrong_bodies(env):
    """Copies of a good block with another signature or without a part; then the good one, which is taken."""
    good = staked(env, place(env), env.coins[0])
    raw = bytes.fromhex(good.hex())
    signature = good.transactions[0].inputs[0][4][1]

    def work(number):
        bad = Block.parse(good.hex())
        if number % 2:
            bad.transactions[0].inputs[0][4] = [bytes(32), bytes([number]) + signature[1:]]
        else:
            bad.transactions.append(Tx().spend(os.urandom(32).hex(), 0).pay(1, b"\x6a" + bytes(PADDING)))
        damaged = bytes.fromhex(bad.hex())
        check.equal(damaged[:80], raw[:80])
        return send(env, [damaged])
    sent_away(env, "wrong bodies", work)
    honest(env, good)


def honest(env, block):
    """An honest peer's block becomes the tip."""
    source = BlockSource([bytes.fromhex(block.hex())])
    peer = join(env.node.p2p_port, source=source)
    source.announce(peer)
    check.soon(lambda: env.rpc.getbestblockhash() == block.hash(), "an honest block does not come in")
    peer.close()
    env.stamp = grid(max(env.stamp, block.time))


def test_parents_nobody_has(env):
    def work(number):
        peer = join(env.node.p2p_port)
        for turn in range(20):
            fat = Tx().spend(os.urandom(32).hex(), 0).pay(1, b"\x6a" + bytes(2 * PADDING))
            begin = (os.urandom(32).hex(), 500, env.stamp + turn * STEP_SEC)
            peer.send("block", bytes.fromhex(staked(env, begin, env.coins[0], [fat]).hex()) if turn % 10 == 0 else
                      bytes.fromhex(Block(begin[0], begin[2], [coinbase(500, number), fat], version=STAKE_VERSION).set_merkle().hex()))
        peer.sync()
        peer.close()
    unchanged(env, "unknown parents", work)


def test_copies_of_a_stake(env):
    """One real stake in many blocks, sent unasked: two of them are looked at, with the third the peer goes."""
    disk = sum(on_disk(env).values())
    coin, begin = env.coins[1], place(env)
    stake = coinstake(env.key, coin, 0, SUBSIDY)
    copies = [bytes.fromhex(stake_block(*begin, env.key, stake, mark).hex()) for mark in range(20)]

    def work(number):
        peer = join(env.node.p2p_port)
        try:
            for copy in copies:
                peer.send("block", copy)
            peer.sync()
        except Closed:
            return True
        finally:
            peer.close()
        return False
    check.equal(all_at_once(work), [True] * PEERS, "sent away")
    check.true(env.node.logged("misbehaves: sends a third proof-of-stake block on [0-9a-f]{64} without being asked"), "the log says why")
    grown = sum(on_disk(env).values()) - disk
    check.true(grown <= 4 * len(copies[0]), f"the disk has grown by {grown} bytes")
    bounded(env, "copies")


def test_honest_blocks_meanwhile(env):
    """All of it at once and again, while a peer that mines goes on being heard."""
    done = threading.Event()
    rounds = [0] * PEERS
    start = place(env)
    fakes = [no_such_coins(env, start, number) for number in range(PEERS)]

    def work(number):
        while not done.is_set():
            try:
                send(env, [], claims(start, HEADERS, 10_000 + 100 * number + rounds[number]))
                send(env, fakes[number])
            except OSError:
                pass
            rounds[number] += 1
    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(PEERS)]
    for thread in threads:
        thread.start()
    disk, size = sum(on_disk(env).values()), 0
    for _ in range(10):
        block = next_block(env.rpc).solve()
        size += len(block.hex()) // 2
        honest(env, block)
    done.set()
    for thread in threads:
        thread.join(60)
    check.true(min(rounds) > 0, f"rounds of the attackers: {rounds}")
    grown = sum(on_disk(env).values()) - disk
    check.true(grown <= 20 * size + 1_000_000, f"the disk has grown by {grown} bytes for {size} bytes of honest blocks")
    bounded(env, f"{sum(rounds)} rounds beside honest blocks")


if __name__ == "__main__":
    run(globals())
