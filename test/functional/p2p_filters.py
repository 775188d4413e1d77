#!/usr/bin/env python3
"""Block filters for peers (BIP 157), and the bloom filters this node does not offer."""

from framework import check, wire
from framework.chain import sha256d
from framework.p2p import join
from framework.suite import run

START = 1_800_000_000
BLOCKS = 1010


def setup(env):
    env.share("-blockfilterindex", "-peerblockfilters", f"-mocktime={START}")
    env.rpc.generatetodescriptor(BLOCKS, "raw(51)")
    env.rpc.syncwithvalidationinterfacequeue()
    env.tip = env.rpc.getbestblockhash()


def test_offered(env):
    peer = join(env.node.p2p_port)
    check.equal(bool(peer.all("version")[0].services & wire.COMPACT_FILTERS), True)
    check.equal("COMPACT_FILTERS" in env.rpc.getnetworkinfo()["localservicesnames"], True)
    peer.close()


def test_filters(env):
    for v2 in (False, True):
        peer = join(env.node.p2p_port, v2)
        peer.say("getcfilters", kind=0, start=BLOCKS - 9, stop=env.tip)
        peer.sync()
        got = peer.all("cfilter")
        check.equal([one.block for one in got], [env.rpc.getblockhash(height) for height in range(BLOCKS - 9, BLOCKS + 1)])
        check.equal([one.filter.hex() for one in got], [env.rpc.getblockfilter(one.block)["filter"] for one in got])
        peer.close()


def test_headers(env):
    """Each header is the hash of the filter's hash and the header before."""
    peer = join(env.node.p2p_port)
    for start in (0, 1, 500):
        mark = peer.mark()
        peer.say("getcfheaders", kind=0, start=start, stop=env.tip)
        got = peer.wait("cfheaders", since=mark)
        check.equal((got.stop, len(got.hashes)), (env.tip, BLOCKS + 1 - start))
        last = bytes.fromhex(got.previous)[::-1]
        check.equal(last, bytes(32) if start == 0 else
                    bytes.fromhex(env.rpc.getblockfilter(env.rpc.getblockhash(start - 1))["header"])[::-1])
        for hashed in got.hashes:
            last = sha256d(bytes.fromhex(hashed)[::-1] + last)
        check.equal(last[::-1].hex(), env.rpc.getblockfilter(env.tip)["header"])
    peer.close()


def test_checkpoints(env):
    peer = join(env.node.p2p_port)
    peer.say("getcfcheckpt", kind=0, stop=env.tip)
    check.equal(peer.wait("cfcheckpt").headers, [env.rpc.getblockfilter(env.rpc.getblockhash(1000))["header"]])
    peer.close()


def test_wrong_questions(env):
    """Unknown kinds and blocks, more than is given at once, ranges that run backwards: the peer goes."""
    hashed = env.rpc.getblockhash(10)
    for command, fields in (("getcfilters", {"kind": 1, "start": 0, "stop": hashed}),
                            ("getcfilters", {"kind": 0, "start": 0, "stop": "77" * 32}),
                            ("getcfilters", {"kind": 0, "start": 11, "stop": hashed}),
                            ("getcfilters", {"kind": 0, "start": BLOCKS - 1000, "stop": env.tip}),
                            ("getcfilters", {"kind": 0, "start": 0xffffffff, "stop": hashed}),
                            ("getcfheaders", {"kind": 255, "start": 0, "stop": hashed}),
                            ("getcfheaders", {"kind": 0, "start": 11, "stop": hashed}),
                            ("getcfcheckpt", {"kind": 2, "stop": hashed}),
                            ("getcfcheckpt", {"kind": 0, "stop": "77" * 32})):
        peer = join(env.node.p2p_port)
        peer.say(command, **fields)
        peer.wait_closed()
        check.equal([one for one in peer.messages if one.command.startswith("cf")], [], f"{command} {fields}")
        peer.close()


def test_not_offered(env):
    node = env.start(f"-mocktime={START}")
    peer = join(node.p2p_port)
    check.equal(peer.all("version")[0].services & (wire.COMPACT_FILTERS | wire.BLOOM), 0)
    peer.say("getcfheaders", kind=0, start=0, stop=node.rpc.getblockhash(0))
    peer.wait_closed()
    for command, payload in (("filterload", wire.build("filterload", filter=b"\xff", functions=1, tweak=0, flags=0)),
                             ("filteradd", wire.build("filteradd", element=b"a")), ("filterclear", b"")):
        peer = join(node.p2p_port)
        peer.send(command, payload)
        peer.wait_closed()
        peer.close()
    node.stop()


def test_after_a_reorganisation(env):
    """Filters follow the chain; of blocks on an old branch none are given."""
    old = env.tip
    env.rpc.invalidateblock(old)
    env.rpc.setmocktime(START + 1000)
    new = env.rpc.generatetodescriptor(2, "raw(52)")[-1]
    env.rpc.syncwithvalidationinterfacequeue()
    peer = join(env.node.p2p_port)
    peer.say("getcfilters", kind=0, start=BLOCKS, stop=new)
    peer.sync()
    check.equal([one.filter.hex() for one in peer.all("cfilter")],
                [env.rpc.getblockfilter(env.rpc.getblockhash(height))["filter"] for height in (BLOCKS, BLOCKS + 1)])
    mark = peer.mark()
    peer.say("getcfilters", kind=0, start=BLOCKS, stop=old)
    peer.sync()
    check.equal(peer.all("cfilter", mark), [])
    peer.close()


if __name__ == "__main__":
    run(globals())
