#!/usr/bin/env python3
"""Transactions between nodes and peers: announced, asked for, passed on; name operations; what is not wanted."""

from framework import check, wire
from framework.chain import NAME_VERSION, OP_TRUE, Tx, name_script
from framework.p2p import Peer, join
from framework.suite import run

START = 1_800_000_000
SUBSIDY = 50 * 10 ** 8
FEE = 20_000
OWNER = b"\x00\x14" + bytes([7] * 20)


def setup(env):
    env.share(f"-mocktime={START}")
    env.now = START
    env.rpc.generatetodescriptor(130, "raw(51)")
    env.coins = [env.rpc.getblock(env.rpc.getblockhash(height))["tx"][0] for height in range(1, 31)]


def spend(env, fee=FEE):
    return Tx().spend(env.coins.pop(0), 0).pay(SUBSIDY - fee, OP_TRUE)


def child(parent, fee=FEE):
    return Tx().spend(parent.txid(), 0).pay(parent.outputs[0][0] - fee, OP_TRUE)


def in_pool(env, tx, seconds=check.PATIENCE_SEC):
    check.within(seconds, lambda: tx.txid() in env.rpc.getrawmempool(), f"{tx.txid()} is not in the pool")


def later(env, seconds):
    env.now += seconds
    env.rpc.setmocktime(env.now)


def announced(env, peer, item, seconds=check.PATIENCE_SEC):
    """Announcements wait a little, at random: the clock is pushed on meanwhile."""
    def there():
        later(env, 1)
        return [one for one in peer.all("inv") if item in one.items]
    check.within(seconds, there, f"{item} is not announced")


def test_announced_asked_for_passed_on(env):
    for v2 in (False, True):
        giver, taker = join(env.node.p2p_port, v2), join(env.node.p2p_port, not v2)
        tx = spend(env)
        item = wire.Inv(wire.WTX, tx.wtxid())
        giver.say("inv", items=[item])
        giver.wait("getdata", lambda one: item in one.items)
        giver.say("tx", tx=tx)
        in_pool(env, tx)
        announced(env, taker, item)
        mark = taker.mark()
        taker.say("getdata", items=[item])
        check.equal(taker.wait("tx", since=mark).tx.serialize(), tx.serialize())
        check.equal([one for one in giver.all("inv") if item in one.items], [], "told to who told us")
        info = [one for one in env.rpc.getpeerinfo() if one["last_transaction"]]
        check.equal(len(info), 1, "peers that gave a transaction")
        giver.close()
        taker.close()
        env.node.mine()


def test_what_was_not_announced_is_not_given(env):
    """Who asks before the announcement would learn when a transaction came here, and from whom."""
    peer = join(env.node.p2p_port)
    refused = 0
    for _ in range(4):
        tx = spend(env)
        item = wire.Inv(wire.WTX, tx.wtxid())
        mark = peer.mark()
        env.rpc.sendrawtransaction(tx.hex(), 0)
        peer.say("getdata", items=[item])
        check.soon(lambda: [one for name in ("notfound", "tx", "inv") for one in peer.all(name, since=mark)],
                   "an answer or an announcement")
        refused += len([one for one in peer.all("notfound", since=mark) if item in one.items])
        announced(env, peer, item)
        mark = peer.mark()
        peer.say("getdata", items=[item])
        check.equal(peer.wait("tx", since=mark).tx.txid(), tx.txid())
    check.true(refused >= 2, f"{refused} of 4 refused")  # chance may announce one at once
    peer.close()
    env.node.mine()


def test_witness_by_request(env):
    """Announced by wtxid or txid, given with or without witness, as the peer knows them."""
    old, new = join_by_txid(env), join(env.node.p2p_port)
    tx = spend(env)
    env.rpc.sendrawtransaction(tx.hex())
    announced(env, old, wire.Inv(wire.TX, tx.txid()))
    announced(env, new, wire.Inv(wire.WTX, tx.wtxid()))
    for kind in (wire.TX, wire.TX | wire.WITNESS):
        mark = old.mark()
        old.say("getdata", items=[wire.Inv(kind, tx.txid())])
        check.equal(old.wait("tx", since=mark).tx.txid(), tx.txid())
    old.close()
    new.close()
    env.node.mine()


def join_by_txid(env):
    peer = Peer.connect(env.node.p2p_port)
    peer.handshake(before_verack=())
    return peer


def test_name_operation(env):
    """A NEW made by hand reaches the pool from one peer, the other peer by announcement, and a block."""
    giver, taker = join(env.node.p2p_port), join(env.node.p2p_port)
    tx = Tx(NAME_VERSION).spend(env.coins.pop(0), 0)
    tx.pay(10_000, name_script(1, "p2p:name", OWNER, b"by a peer", 30)).pay(49 * 10 ** 8, OP_TRUE)
    giver.say("tx", tx=tx)
    in_pool(env, tx)
    check.equal([one["name"] for one in env.rpc.name_mempool()], ["p2p:name"])
    announced(env, taker, wire.Inv(wire.WTX, tx.wtxid()))
    taker.say("getdata", items=[wire.Inv(wire.WTX, tx.wtxid())])
    check.equal(taker.wait("tx").tx.version, NAME_VERSION)
    env.node.mine()
    check.equal(env.rpc.name_show("p2p:name")["value"], "by a peer")
    bad = Tx(NAME_VERSION).spend(env.coins.pop(0), 0)
    bad.pay(10_000, name_script(2, "p2p:nobody", OWNER, b"x", 30)).pay(49 * 10 ** 8, OP_TRUE)
    giver.say("tx", tx=bad)
    giver.sync()
    check.equal(env.rpc.getrawmempool(), [])
    giver.close()
    taker.close()


def test_rival_name_operations(env):
    """Many wait for the same name, spending different coins: the first is passed on, the others go no further."""
    giver, taker = join(env.node.p2p_port), join(env.node.p2p_port)
    rivals = []
    for number in range(10):
        tx = Tx(NAME_VERSION).spend(env.coins.pop(0), 0)
        tx.pay(10_000, name_script(1, "p2p:rival", OWNER, b"%d" % number, 30)).pay(49 * 10 ** 8 - number * FEE, OP_TRUE)
        rivals.append(tx)
        giver.say("tx", tx=tx)
    giver.sync()
    check.equal(env.rpc.getrawmempool(), [rivals[0].txid()])
    announced(env, taker, wire.Inv(wire.WTX, rivals[0].wtxid()))
    last = spend(env)
    env.rpc.sendrawtransaction(last.hex())
    announced(env, taker, wire.Inv(wire.WTX, last.wtxid()))
    check.equal(sum(len(one.items) for one in taker.all("inv")), 2, "announced")
    giver.close()
    taker.close()
    env.node.mine()


def test_child_before_parent(env):
    """The node keeps the child, asks for the parent, and then takes both."""
    peer = join(env.node.p2p_port)
    parent = spend(env)
    orphan = child(parent)
    peer.say("tx", tx=orphan)
    peer.sync()
    check.equal(env.rpc.getrawmempool(), [])

    def asked():
        later(env, 1)
        return [one for one in peer.all("getdata") if parent.txid() in [item.hash for item in one.items]]
    check.soon(asked, "the parent is not asked for")
    peer.say("tx", tx=parent)
    in_pool(env, parent)
    in_pool(env, orphan)
    peer.close()
    env.node.mine()


def test_refused_ones(env):
    """An invalid transaction costs its sender at most the connection; it is not asked for again."""
    peer, other = join(env.node.p2p_port), join(env.node.p2p_port)
    bad = spend(env).pay(SUBSIDY, OP_TRUE)
    peer.say("tx", tx=bad)
    other.sync()
    other.say("inv", items=[wire.Inv(wire.WTX, bad.wtxid())])
    other.sync()
    later(env, 70)
    other.sync()
    check.equal([one for one in other.all("getdata") if bad.wtxid() in [item.hash for item in one.items]], [])
    check.equal(env.rpc.getrawmempool(), [])
    peer.close()
    other.close()


def test_silent_announcer(env):
    """Who announces and does not give: after a minute somebody else is asked."""
    mute, honest = join(env.node.p2p_port), join(env.node.p2p_port)
    tx = spend(env)
    item = wire.Inv(wire.WTX, tx.wtxid())
    mute.say("inv", items=[item])
    mute.wait("getdata", lambda one: item in one.items)
    honest.say("inv", items=[item])
    honest.sync()
    check.equal([one for one in honest.all("getdata") if item in one.items], [], "asked twice at the same time")
    later(env, 65)
    honest.wait("getdata", lambda one: item in one.items)
    honest.say("tx", tx=tx)
    in_pool(env, tx)
    mute.close()
    honest.close()
    env.node.mine()


def test_fee_filter(env):
    """A peer is not told of transactions that pay less than it wants."""
    rich, all_of_them = join(env.node.p2p_port), join(env.node.p2p_port)
    rich.say("feefilter", rate=1_000_000)
    rich.sync()
    cheap, dear = spend(env, 1_000), spend(env, 1_000_000)
    for tx in (cheap, dear):
        env.rpc.sendrawtransaction(tx.hex(), 0)
    announced(env, all_of_them, wire.Inv(wire.WTX, cheap.wtxid()))
    announced(env, rich, wire.Inv(wire.WTX, dear.wtxid()))
    later(env, 60)
    rich.sync()
    check.equal([one for one in rich.all("inv") if wire.Inv(wire.WTX, cheap.wtxid()) in one.items], [])
    check.true(all_of_them.all("feefilter")[0].rate >= 1_000, "the node's own filter")
    rich.close()
    all_of_them.close()
    env.node.mine()


def test_mempool_message(env):
    """The whole pool goes to those with permission only."""
    peer = join(env.node.p2p_port)
    peer.send("mempool")
    peer.wait_closed()
    node = env.start("-whitelist=mempool@127.0.0.1", f"-mocktime={START}")
    node.rpc.generatetodescriptor(101, "raw(51)")
    coin = node.rpc.getblock(node.rpc.getblockhash(1))["tx"][0]
    tx = Tx().spend(coin, 0).pay(SUBSIDY - FEE, OP_TRUE)
    node.rpc.sendrawtransaction(tx.hex())
    guest = join(node.p2p_port)
    guest.send("mempool")
    guest.wait("inv", lambda one: wire.Inv(wire.WTX, tx.wtxid()) in one.items)
    check.equal(node.rpc.getpeerinfo()[0]["permissions"], ["mempool"])
    guest.close()
    node.stop()


def test_blocks_only(env):
    """-blocksonly: peers are told so, and whoever sends a transaction goes."""
    node = env.start("-blocksonly", f"-mocktime={START}")
    node.rpc.generatetodescriptor(101, "raw(51)")
    check.equal(node.rpc.getnetworkinfo()["localrelay"], False)
    peer = join(node.p2p_port)
    check.equal(peer.all("version")[0].relay, 0)
    tx = Tx().spend(node.rpc.getblock(node.rpc.getblockhash(1))["tx"][0], 0).pay(SUBSIDY - FEE, OP_TRUE)
    peer.say("tx", tx=tx)
    peer.wait_closed()
    check.equal(node.rpc.getrawmempool(), [])
    node.stop()


def test_whitelisted(env):
    """Who may relay does so with -blocksonly; with forcerelay a known transaction is announced once more."""
    node = env.start("-blocksonly", "-whitelist=127.0.0.1", "-whitelistforcerelay", f"-mocktime={START}")
    node.rpc.generatetodescriptor(101, "raw(51)")
    tx = Tx().spend(node.rpc.getblock(node.rpc.getblockhash(1))["tx"][0], 0).pay(SUBSIDY - FEE, OP_TRUE)
    giver = join(node.p2p_port)
    check.equal(sorted(node.rpc.getpeerinfo()[0]["permissions"]), ["download", "forcerelay", "mempool", "noban", "relay"])
    giver.say("tx", tx=tx)
    check.soon(lambda: node.rpc.getrawmempool() == [tx.txid()], "not taken")
    late = join(node.p2p_port)
    late.sync()
    giver.say("tx", tx=tx)
    now = START

    def there():
        nonlocal now
        now += 1
        node.rpc.setmocktime(now)
        return [one for one in late.all("inv") if wire.Inv(wire.WTX, tx.wtxid()) in one.items]
    check.soon(there, "not announced again")
    giver.close()
    late.close()
    node.stop()
    node = env.start("-whitelist=127.0.0.1", "-whitelistrelay=0", f"-mocktime={START}")
    guest = join(node.p2p_port)
    check.equal([sorted(one["permissions"]) for one in node.rpc.getpeerinfo()], [["download", "mempool", "noban"]])
    guest.close()
    node.stop()


def test_sent_while_nobody_was_there(env):
    """It is announced to those who connect later, until one of them asks for it."""
    check.soon(lambda: env.rpc.getconnectioncount() == 0, "somebody is there")
    tx = spend(env)
    env.rpc.sendrawtransaction(tx.hex())
    check.soon(lambda: env.rpc.getmempoolentry(tx.txid())["unbroadcast"], "the relay knows of it")
    count = env.rpc.getmempoolinfo()["unbroadcastcount"]
    check.true(count >= 1, count)
    item = wire.Inv(wire.WTX, tx.wtxid())
    idle = join(env.node.p2p_port)
    announced(env, idle, item)
    idle.close()
    asking = join(env.node.p2p_port)
    announced(env, asking, item)
    mark = asking.mark()
    asking.say("getdata", items=[item])
    asking.wait("tx", lambda one: one.tx.txid() == tx.txid(), since=mark)
    check.soon(lambda: not env.rpc.getmempoolentry(tx.txid())["unbroadcast"], "the relay knows that it was asked for")
    check.equal(env.rpc.getrawmempool(True)[tx.txid()]["unbroadcast"], False)
    check.equal(env.rpc.getmempoolinfo()["unbroadcastcount"], count - 1)
    late = join(env.node.p2p_port)
    later(env, 60)
    check.equal([one for one in late.all("inv") if item in one.items], [], "it is on its way")
    for peer in (asking, late):
        peer.close()
    env.node.mine()


def test_between_nodes(env):
    """Two real nodes: a transaction given to one of them is mined by the other."""
    other = env.start(f"-mocktime={env.now}")
    other.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "onetry")
    check.soon(lambda: other.rpc.getbestblockhash() == env.rpc.getbestblockhash(), "the chain does not come over")
    tx = spend(env)
    env.rpc.sendrawtransaction(tx.hex())

    def over():
        later(env, 1)
        other.rpc.setmocktime(env.now)
        return tx.txid() in other.rpc.getrawmempool()
    check.soon(over, "the transaction does not come over")
    hashed = other.mine()[0]
    check.soon(lambda: env.rpc.getbestblockhash() == hashed, "the block does not come back")
    check.equal(env.rpc.getrawmempool(), [])
    other.stop()


if __name__ == "__main__":
    run(globals())
