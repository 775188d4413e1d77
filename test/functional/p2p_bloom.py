#!/usr/bin/env python3
"""Light clients of BIP 37: filters set, changed and cleared; filtered blocks, announcements and the mempool."""

from framework import check, wire
from framework.bloom import UPDATE_ALL, UPDATE_KEYS, UPDATE_NONE, bloom, matches, murmur3
from framework.chain import NAME_VERSION, OP_TRUE, Tx, name_script
from framework.p2p import Peer, join
from framework.suite import run

START = 1_800_000_000
SUBSIDY = 50 * 10 ** 8
FEE = 20_000
MINE = b"\x00\x14" + bytes([7] * 20)
OTHER = b"\x00\x14" + bytes([8] * 20)
KEY = bytes.fromhex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")


def setup(env):
    check.equal((murmur3(0xfba4c795, b""), murmur3(0, b"\x00\x11\x22\x33\x44")), (0x6a396f08, 0xe2301fa8))
    env.share("-peerbloomfilters", f"-mocktime={START}")
    env.now = START
    env.rpc.generatetodescriptor(140, "raw(51)")
    env.rpc.syncwithvalidationinterfacequeue()
    env.coins = [env.rpc.getblock(env.rpc.getblockhash(height))["tx"][0] for height in range(1, 39)]


def pay(env, script):
    return Tx().spend(env.coins.pop(0), 0).pay(SUBSIDY - FEE, script)


def named(env, name):
    tx = Tx(NAME_VERSION).spend(env.coins.pop(0), 0)
    return tx.pay(10_000, name_script(1, name, OTHER, b"value", 30)).pay(5 * 10 ** 8, OP_TRUE)


def mine(env, *transactions):
    block = env.rpc.generateblock("raw(51)", [tx.hex() for tx in transactions])["hash"]
    env.rpc.syncwithvalidationinterfacequeue()
    return block


def clear_pool(env):
    env.rpc.generatetodescriptor(1, "raw(51)")
    env.rpc.syncwithvalidationinterfacequeue()
    check.equal(env.rpc.getrawmempool(), [])


def filtered(env, peer, block):
    """Asks for a block through the filter; ids of the transactions that came, which the proof must show."""
    mark = peer.mark()
    peer.say("getdata", items=[wire.Inv(wire.FILTERED_BLOCK, block)])
    proof = peer.wait("merkleblock", since=mark)
    peer.sync()
    root, found = matches(proof)
    header = env.rpc.getblockheader(block)
    check.equal((wire.header_hash(proof.header), root, proof.transactions),
                (block, header["merkleroot"], header["nTx"]))
    sent = [message.tx for message in peer.all("tx", mark)]
    check.equal([tx.txid() for tx in sent], found)
    raw = [message.payload for message in peer.messages[mark:] if message.command == "merkleblock"][0]
    check.equal(env.rpc.verifytxoutproof(raw.hex()), found)
    return found


def test_offered(env):
    peer = join(env.node.p2p_port)
    check.equal(bool(peer.all("version")[0].services & wire.BLOOM), True)
    check.equal("BLOOM" in env.rpc.getnetworkinfo()["localservicesnames"], True)
    peer.close()


def test_filtered_blocks(env):
    """By script, by name, by transaction id; over both transports; nothing found is a proof, too."""
    ours, others, name = pay(env, MINE), pay(env, OTHER), named(env, b"dns:bloom")
    block = mine(env, ours, others, name)
    for v2 in (False, True):
        peer = join(env.node.p2p_port, v2)
        for element, wanted in ((MINE[2:], [ours]), (b"dns:bloom", [name]), (bytes.fromhex(others.txid())[::-1], [others]),
                                (b"nothing", [])):
            peer.say("filterload", **bloom(element))
            check.equal(filtered(env, peer, block), [tx.txid() for tx in wanted])
        peer.say("filterload", **bloom(b"nothing"))
        peer.say("filteradd", element=OTHER[2:])
        check.equal(set(filtered(env, peer, block)), {others.txid(), name.txid()})
        peer.say("filterload", filter=b"", functions=1, tweak=0, flags=0)
        check.equal(len(filtered(env, peer, block)), 4)
        peer.say("filterclear")
        peer.say("getdata", items=[wire.Inv(wire.FILTERED_BLOCK, block)])
        peer.wait("notfound")
        peer.close()


def test_scripts_and_coins(env):
    """What is paid to a key or a key's hash, and the spending of a coin the client names."""
    by_hash, by_key = pay(env, MINE), pay(env, bytes([len(KEY)]) + KEY + b"\xac")
    open_tx = pay(env, OP_TRUE)
    follow = Tx().spend(open_tx.txid(), 0).pay(SUBSIDY - 2 * FEE, OTHER)
    first = mine(env, by_hash, by_key, open_tx)
    second = mine(env, follow)
    for flags in (UPDATE_NONE, UPDATE_ALL, UPDATE_KEYS):
        peer = join(env.node.p2p_port)
        peer.say("filterload", **bloom(MINE[2:], KEY, flags=flags))
        check.equal(set(filtered(env, peer, first)), {by_hash.txid(), by_key.txid()})
        check.equal(filtered(env, peer, second), [])
        peer.say("filteradd", element=bytes.fromhex(open_tx.txid())[::-1] + bytes(4))
        check.equal(filtered(env, peer, second), [follow.txid()])
        peer.close()


def test_outputs_are_followed(env):
    """Outputs that match are in the filter from then on, if it says so; the second way takes outputs to keys only."""
    script = b"\x04push\x75\x51"
    paid = pay(env, script)
    spent = Tx().spend(paid.txid(), 0).pay(SUBSIDY - 2 * FEE, OTHER)
    first, second = mine(env, paid), mine(env, spent)
    for flags, wanted in ((UPDATE_ALL, [spent.txid()]), (UPDATE_NONE, []), (UPDATE_KEYS, [])):
        peer = join(env.node.p2p_port)
        peer.say("filterload", **bloom(b"push", flags=flags))
        check.equal(filtered(env, peer, first), [paid.txid()])
        check.equal(filtered(env, peer, second), wanted)
        peer.close()


def test_announcements(env):
    """Who wants no announcements gets them from the filter on, and of what it finds only."""
    clear_pool(env)
    light = Peer.connect(env.node.p2p_port)
    light.handshake(relay=0)
    full = join(env.node.p2p_port)
    early = pay(env, MINE)
    env.rpc.sendrawtransaction(early.hex())

    def announced(peer, tx):
        env.now += 1
        env.rpc.setmocktime(env.now)
        return [one for one in peer.all("inv") if one.items and any(item.hash == tx.wtxid() for item in one.items)]
    check.soon(lambda: announced(full, early), "not announced to a full peer")
    check.equal(light.all("inv"), [])
    light.say("filterload", **bloom(MINE[2:]))
    light.sync()
    ours, others = pay(env, MINE), pay(env, OTHER)
    for tx in (others, ours):
        env.rpc.sendrawtransaction(tx.hex())
    check.soon(lambda: announced(light, ours), "not announced to the light client")
    check.soon(lambda: announced(full, others), "not announced to a full peer")
    check.equal(announced(light, others), [])
    mark = light.mark()
    light.say("mempool")
    asked = light.wait("inv", since=mark)
    check.equal({item.hash for item in asked.items}, {early.wtxid(), ours.wtxid()})
    light.say("filterclear")
    mark = light.mark()
    light.say("mempool")
    check.equal(len(light.wait("inv", since=mark).items), 3)
    light.close()
    full.close()
    clear_pool(env)


def test_limits(env):
    """Filters beyond the limits end the connection; those at the limits do not."""
    peer = join(env.node.p2p_port)
    peer.say("filterload", filter=bytes(36_000), functions=50, tweak=0xffffffff, flags=255)
    peer.say("filteradd", element=b"x" * 520)
    peer.say("filteradd", element=b"")
    peer.sync()
    peer.close()
    load = {"filter": b"\xff", "functions": 1, "tweak": 0, "flags": 0}
    for messages, words in (((("filterload", {**load, "filter": bytes(36_001)}),), "filterload: filter is above 36000"),
                            ((("filterload", {**load, "functions": 51}),), "filterload: functions is above 50"),
                            ((("filterload", load), ("filteradd", {"element": b"x" * 521})), "filteradd: element is above 520"),
                            ((("filteradd", {"element": b"x"}),), "adds to a bloom filter it has not set")):
        peer = join(env.node.p2p_port)
        for command, fields in messages:
            peer.say(command, **fields)
        peer.wait_closed()
        peer.close()
        check.soon(lambda words=words: env.node.logged(words), f"not logged: {words}")


def test_not_offered(env):
    """Said in the log. With the permission it works for that peer alone, and nobody else hears of it."""
    node = env.start(f"-mocktime={START}")
    block = node.mine()[0]
    for command, fields, words in (("filterload", bloom(b"x"), "sets"), ("filterclear", {}, "clears"),
                                   ("filteradd", {"element": b"x"}, "adds to"), ("mempool", {}, "asks for the mempool")):
        peer = join(node.p2p_port)
        peer.say(command, **fields)
        peer.wait_closed()
        peer.close()
        check.soon(lambda words=words: node.logged(words), f"not logged: {words}")
    peer = join(node.p2p_port)
    peer.say("getdata", items=[wire.Inv(wire.FILTERED_BLOCK, block)])
    peer.wait("notfound")
    peer.close()
    for permission in ("bloomfilter", "bloom"):
        node.restart(f"-whitelist={permission}@127.0.0.1")
        peer = join(node.p2p_port)
        check.equal(bool(peer.all("version")[0].services & wire.BLOOM), True)
        check.equal("BLOOM" in node.rpc.getnetworkinfo()["localservicesnames"], False)
        check.equal(node.rpc.getpeerinfo()[0]["permissions"], ["bloomfilter"])
        peer.say("filterload", **bloom(b"nothing"))
        peer.say("getdata", items=[wire.Inv(wire.FILTERED_BLOCK, block)])
        check.equal(matches(peer.wait("merkleblock"))[1], [])
        peer.close()
    node.stop()


if __name__ == "__main__":
    run(globals())
