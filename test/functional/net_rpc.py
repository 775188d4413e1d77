#!/usr/bin/env python3
"""What the operator can ask of the network: nodes, bans, switching it off, addresses; and the options for it."""

import socket

from framework import check, wire
from framework.node import free_port
from framework.p2p import Listener, Peer, join
from framework.suite import run

START = 1_800_000_000
DAY = 86_400


def setup(env):
    env.share(f"-mocktime={START}")
    env.node.mine(3)
    env.other = env.start(f"-mocktime={START}")
    env.door = f"127.0.0.1:{env.node.p2p_port}"


def count(env, wanted, node=None):
    rpc = (node or env.node).rpc
    check.soon(lambda: rpc.getconnectioncount() == wanted, f"not {wanted} connections")


def test_added_node(env):
    rpc = env.other.rpc
    check.equal(rpc.getaddednodeinfo(), [])
    rpc.addnode(env.door, "add")
    count(env, 1)
    check.soon(lambda: rpc.getbestblockhash() == env.rpc.getbestblockhash(), "the chain does not come over")
    check.equal(rpc.getaddednodeinfo(env.door), [{"addednode": env.door, "connected": True,
                                                  "addresses": [{"address": env.door, "connected": "outbound"}]}])
    seen, near = rpc.getpeerinfo()[0], env.rpc.getpeerinfo()[0]
    check.equal((seen["inbound"], seen["addr"], seen["connection_type"]), (False, env.door, "manual"))
    check.equal((near["inbound"], near["connection_type"], near["addrbind"]), (True, "inbound", env.door))
    check.equal({one["transport_protocol_type"] for one in (seen, near)}, {"v2"})
    check.equal(seen["session_id"], near["session_id"])
    check.equal(seen["subver"], env.rpc.getnetworkinfo()["subversion"])
    check.true(near["bytesrecv_per_msg"]["version"] > 80 and near["bytessent_per_msg"]["headers"] > 240, f"{near}")
    check.equal(near["bytesrecv"] >= sum(near["bytesrecv_per_msg"].values()) // 2, True)
    check.refused(-23, "", rpc.addnode, env.door, "add")
    check.refused(-24, "", rpc.addnode, "127.0.0.2", "remove")
    check.refused(-24, "127.0.0.2", rpc.getaddednodeinfo, "127.0.0.2")
    check.refused(-8, "", rpc.addnode, "no such:name:at all", "add")
    check.refused(-1, "onetry", rpc.addnode, env.door, "forget")
    rpc.addnode(env.door, "remove")
    check.equal(rpc.getaddednodeinfo(), [])
    check.equal(rpc.getconnectioncount(), 1, "the connection stays")


def test_disconnect(env):
    rpc = env.other.rpc
    check.refused(-29, "", rpc.disconnectnode, "127.0.0.1:1")
    check.refused(-29, "", rpc.disconnectnode, "", 999)
    check.refused(-32602, "either", rpc.disconnectnode)
    rpc.disconnectnode(env.door)
    count(env, 0)
    rpc.addnode(env.door, "onetry", False)
    count(env, 1)
    info = check.soon(lambda: [one for one in env.rpc.getpeerinfo() if one["transport_protocol_type"] == "v1"], "no v1")[0]
    check.equal(info["session_id"], "")
    env.rpc.disconnectnode("", info["id"])
    count(env, 0)
    count(env, 0, env.other)


def test_added_node_comes_back(env):
    """It is connected anew after the other side ended it, and after a start with -addnode."""
    rpc = env.other.rpc
    rpc.addnode(env.door, "add")
    count(env, 1)
    first = env.rpc.getpeerinfo()[0]["id"]
    env.rpc.disconnectnode("", first)

    def again():
        env.now = getattr(env, "now", START) + 10
        rpc.setmocktime(env.now)
        return [one for one in env.rpc.getpeerinfo() if one["id"] != first]
    check.soon(again, "no new connection")
    rpc.addnode(env.door, "remove")
    env.other.restart(f"-addnode={env.door}")
    count(env, 1, env.other)
    env.other.restart(f"-connect={env.door}")
    count(env, 1, env.other)
    check.equal(env.other.rpc.getaddednodeinfo()[0]["addednode"], env.door)
    env.other.restart("-connect=0")
    count(env, 0)


def test_bans(env):
    rpc = env.rpc
    env.other.rpc.addnode(env.door, "onetry")
    count(env, 1)
    rpc.setban("127.0.0.0/24", "add", 100)
    count(env, 0)
    check.equal(rpc.listbanned(), [{"address": "127.0.0.0/24", "ban_created": START, "banned_until": START + 100,
                                    "ban_duration": 100, "time_remaining": 100}])
    check.refused(-23, "", rpc.setban, "127.0.0.0/24", "add", 500)
    for bad in ("300.0.0.1", "127.0.0.1/33", "", "a.example"):
        check.refused(-30, "", rpc.setban, bad, "add")
    check.refused(-30, "", rpc.setban, "127.0.0.7", "remove")
    check.refused(-8, "future", rpc.setban, "192.0.2.1", "add", START, True)
    connection = socket.create_connection(("127.0.0.1", env.node.p2p_port), 5)
    connection.settimeout(5)
    try:
        check.equal(connection.recv(1), b"", "a banned peer is let in")
    except ConnectionResetError:
        pass
    connection.close()
    rpc.setban("2001:db8::/32", "add", START + 50, True)
    rpc.setban("192.0.2.9", "add")
    env.node.restart()
    rpc = env.rpc = env.node.rpc
    bans = {ban["address"]: ban["ban_duration"] for ban in rpc.listbanned()}
    check.equal(bans, {"127.0.0.0/24": 100, "2001:db8::/32": 50, "192.0.2.9/32": DAY}, "bans after a restart")
    rpc.setmocktime(START + 60)
    check.equal(sorted(ban["address"] for ban in rpc.listbanned()), ["127.0.0.0/24", "192.0.2.9/32"])
    rpc.setban("127.0.0.0/24", "remove")
    join(env.node.p2p_port).close()
    rpc.clearbanned()
    check.equal(rpc.listbanned(), [])


def test_switched_off(env):
    peer = join(env.node.p2p_port)
    listener = Listener()
    check.equal(env.rpc.setnetworkactive(False), False)
    peer.wait_closed()
    count(env, 0)
    check.equal(env.rpc.getnetworkinfo()["networkactive"], False)
    env.rpc.addnode(listener.address, "onetry")
    connection = socket.socket()
    connection.settimeout(2)
    try:
        connection.connect(("127.0.0.1", env.node.p2p_port))
        check.equal(connection.recv(1), b"", "let in while switched off")
    except OSError:
        pass
    connection.close()
    check.equal(env.rpc.getconnectioncount(), 0)
    check.equal(len(listener.peers), 0, "connections made while switched off")
    check.equal(env.rpc.setnetworkactive(True), True)
    join(env.node.p2p_port).close()
    listener.close()
    env.node.restart("-networkactive=0")
    env.rpc = env.node.rpc
    check.equal(env.rpc.getnetworkinfo()["networkactive"], False)
    env.node.restart()
    env.rpc = env.node.rpc


def test_totals_and_info(env):
    before = env.rpc.getnettotals()
    peer = join(env.node.p2p_port)
    peer.send("unknown", bytes(10_000))
    peer.sync()
    after = env.rpc.getnettotals()
    check.true(after["totalbytesrecv"] - before["totalbytesrecv"] > 10_000, f"{before} {after}")
    check.true(after["totalbytessent"] > before["totalbytessent"], "nothing sent")
    check.equal(after["uploadtarget"]["target"], 0)
    info = env.rpc.getnetworkinfo()
    check.equal((info["connections"], info["connections_in"], info["connections_out"]), (1, 1, 0))
    check.equal((info["protocolversion"], info["localrelay"], info["warnings"]), (70016, True, ""))
    check.true(info["version"] >= 100, f"version {info['version']}")
    check.equal(info["relayfee"] > 0 and info["incrementalfee"] > 0, True)
    check.true({"NETWORK", "WITNESS", "NETWORK_LIMITED", "P2P_V2"} <= set(info["localservicesnames"]), "services")
    networks = {network["name"]: network for network in info["networks"]}
    check.equal(set(networks), {"ipv4", "ipv6", "onion", "i2p", "cjdns"})
    check.equal((networks["ipv4"]["reachable"], networks["onion"]["reachable"]), (True, False))
    peer.close()


PEER = """id addr addrbind network services servicesnames relaytxes lastsend lastrecv last_transaction last_block bytessent
    bytesrecv conntime timeoffset pingtime minping version subver inbound bip152_hb_to bip152_hb_from startingheight presynced_headers
    synced_headers synced_blocks inflight addr_relay_enabled addr_processed addr_rate_limited permissions minfeefilter
    bytessent_per_msg bytesrecv_per_msg connection_type transport_protocol_type session_id"""
NETWORK = """version subversion protocolversion localservices localservicesnames localrelay timeoffset networkactive connections
    connections_in connections_out networks relayfee incrementalfee localaddresses warnings"""


def fields(mapping):
    return sorted(mapping)


def test_fields(env):
    """The answers have the fields other programs know from Bitcoin Core's calls of the same names."""
    rpc = env.rpc
    peer = join(env.node.p2p_port)
    rpc.ping()
    check.soon(lambda: "pingtime" in rpc.getpeerinfo()[0], "no ping is answered")
    seen = rpc.getpeerinfo()[0]
    check.equal(fields({**seen, "addrlocal": 0, "pingwait": 0}), sorted([*PEER.split(), "addrlocal", "pingwait"]))
    info = rpc.getnetworkinfo()
    check.equal(fields(info), sorted(NETWORK.split()))
    check.equal(fields(info["networks"][0]), ["limited", "name", "proxy", "proxy_randomize_credentials", "reachable"])
    totals = rpc.getnettotals()
    check.equal(fields(totals), ["timemillis", "totalbytesrecv", "totalbytessent", "uploadtarget"])
    check.equal(fields(totals["uploadtarget"]), ["bytes_left_in_cycle", "serve_historical_blocks", "target", "target_reached",
                                                 "time_left_in_cycle", "timeframe"])
    check.equal((rpc.getconnectioncount(), rpc.setnetworkactive(True)), (1, True))
    peer.close()
    rpc.addnode("127.0.0.1:9", "add")
    check.equal(rpc.getaddednodeinfo(), [{"addednode": "127.0.0.1:9", "connected": False, "addresses": []}])
    rpc.addnode("127.0.0.1:9", "remove")
    rpc.setban("192.0.2.0/24", "add", 60)
    check.equal(fields(rpc.listbanned()[0]), ["address", "ban_created", "ban_duration", "banned_until", "time_remaining"])
    rpc.clearbanned()
    check.equal(fields(rpc.getaddrmaninfo()), ["all_networks", "cjdns", "i2p", "ipv4", "ipv6", "onion"])
    check.equal([fields(tip) for tip in rpc.getchaintips()], [["branchlen", "hash", "height", "status"]])
    states = rpc.getchainstates()
    check.equal(fields(states), ["chainstates", "headers"])
    check.equal([fields(state) for state in states["chainstates"]],
                [["bestblockhash", "blocks", "coins_db_cache_bytes", "coins_tip_cache_bytes", "difficulty", "validated",
                  "verificationprogress"]])
    check.equal(rpc.submitheader(rpc.getblockheader(rpc.getbestblockhash(), False)), None)


def test_messages_of_any_name(env):
    peer = join(env.node.p2p_port)
    number = env.rpc.getpeerinfo()[0]["id"]
    check.equal(env.rpc.sendmsgtopeer(number, "anything", "00ff10"), {})
    peer.wait_for(lambda: ("anything", b"\0\xff\x10") in peer.messages, "the message")
    check.refused(-1, "", env.rpc.sendmsgtopeer, 999, "anything", "00")
    check.refused(-8, "12", env.rpc.sendmsgtopeer, number, "a_name_too_long", "00")
    peer.close()


def test_addresses(env):
    check.equal(env.rpc.getaddrmaninfo()["all_networks"]["total"], 0)
    check.equal(env.rpc.addpeeraddress("8.8.4.4", 6661), {"success": True})
    check.equal(env.rpc.addpeeraddress("2a00:1450::5", 6661, True), {"success": True})
    check.refused(-30, "", env.rpc.addpeeraddress, "nonsense", 6661)
    info = env.rpc.getaddrmaninfo()
    check.equal((info["ipv4"], info["ipv6"]), ({"new": 1, "tried": 0, "total": 1}, {"new": 0, "tried": 1, "total": 1}))
    check.equal(fields(env.rpc.getnodeaddresses(1)[0]), ["address", "network", "port", "services", "time"])
    known = {(one["address"], one["port"], one["network"]) for one in env.rpc.getnodeaddresses(0)}
    check.equal(known, {("8.8.4.4", 6661, "ipv4"), ("2a00:1450::5", 6661, "ipv6")})
    check.equal([one["address"] for one in env.rpc.getnodeaddresses(5, "ipv4")], ["8.8.4.4"])
    check.equal(env.rpc.getnodeaddresses(5, "onion"), [])
    check.refused(-8, "", env.rpc.getnodeaddresses, 1, "fax")
    check.refused(-8, "", env.rpc.getnodeaddresses, -1)
    env.node.restart("-connect=0")
    env.rpc = env.node.rpc
    check.equal(env.rpc.getaddrmaninfo()["all_networks"], {"new": 1, "tried": 1, "total": 2}, "after a restart")


def test_addresses_of_peers(env):
    """A peer asks and is told; what it tells is kept."""
    peer = join(env.node.p2p_port)
    told = [wire.AddressV2(START - 100, 9, 1, bytes([9, 9, 9, 9]), 6661)]
    peer.say("addrv2", entries=told)
    peer.sync()
    check.soon(lambda: env.rpc.getaddrmaninfo()["all_networks"]["total"] == 3, "the address is not kept")
    check.equal(env.rpc.getpeerinfo()[0]["addr_processed"], 1)
    peer.close()
    env.node.restart("-whitelist=addr@127.0.0.1", "-connect=0")  # others are told a part of what is known
    env.rpc = env.node.rpc
    for addresses in ("addrv2", "addr"):
        peer = Peer.connect(env.node.p2p_port)
        peer.handshake(before_verack=("sendaddrv2",) if addresses == "addrv2" else ())
        peer.send("getaddr")
        entries = peer.wait(addresses, lambda one: len(one.entries) > 1).entries
        hosts = {wire.host_of(one) for one in entries}
        check.equal(hosts, {"8.8.4.4", "9.9.9.9", "2a00:1450::5"})
        mark = peer.mark()
        peer.send("getaddr")
        peer.sync()
        check.equal(peer.all(addresses, mark), [], "told twice on one connection")
        peer.close()


def test_own_addresses(env):
    """-externalip is told to every peer, and again after a day or so; they keep it."""
    node = env.make("-externalip=8.8.1.1:7000", "-externalip=2a00:1450::9", "-connect=0", f"-mocktime={START}")
    node.options.append(f"-port={node.p2p_port}")
    node.start().mine()
    own = {("8.8.1.1", 7000), ("2a00:1450::9", node.p2p_port)}
    check.equal({(one["address"], one["port"]) for one in node.rpc.getnetworkinfo()["localaddresses"]}, own)
    peer = join(node.p2p_port)
    told = peer.wait("addrv2").entries
    check.equal({(wire.host_of(one), one.port) for one in told}, own)
    check.true(all(one.services & wire.NETWORK and abs(one.time - START) < 60 for one in told), f"{told}")
    mark, now = peer.mark(), START

    def again():
        nonlocal now
        now += 3600
        node.rpc.setmocktime(now)
        return peer.all("addrv2", mark)
    check.soon(again, "not told again")
    peer.close()
    known = env.rpc.getaddrmaninfo()["all_networks"]["total"]
    env.rpc.addnode(f"127.0.0.1:{node.p2p_port}", "onetry")
    check.soon(lambda: env.rpc.getaddrmaninfo()["all_networks"]["total"] > known, "the address does not arrive")
    node.stop()


def test_upload_targets(env):
    """Units, MiB when none is named."""
    for text, wanted in (("7", 7 << 20), ("7M", 7 << 20), ("7m", 7_000_000), ("3k", 3000), ("3K", 3 << 10), ("2g", 2 * 10 ** 9),
                         ("2G", 2 << 30), ("1t", 10 ** 12), ("1T", 1 << 40), ("0", 0)):
        node = env.start(f"-maxuploadtarget={text}")
        check.equal(node.rpc.getnettotals()["uploadtarget"]["target"], wanted, text)
        node.stop()
    for text in ("", "M", "1x", "-1", "1 M", "1MB", "0x1", "18446744073709551616", "18014398509481984K"):
        text_of = env.make(f"-maxuploadtarget={text}").fails_to_start()
        check.true("maxuploadtarget" in text_of, f"{text}: {text_of}")


def test_upload_target_is_kept(env):
    """Who asks for old blocks goes when a quarter is left; new blocks, and peers that may download, are served all day."""
    free = free_port()
    node = env.start(f"-mocktime={START}", "-maxuploadtarget=40k", f"-whitebind=download@127.0.0.1:{free}")
    old, now = node.mine()[0], START + 8 * DAY
    node.rpc.setmocktime(now)
    new = node.mine()[0]

    def ask(port, block, times):
        peer = join(port)
        peer.say("getdata", items=[wire.Inv(wire.BLOCK | wire.WITNESS, block)] * times)
        check.soon(lambda: peer.closed or len(peer.all("block")) == times, "neither blocks nor an end")
        given = len(peer.all("block"))
        peer.close()
        return given

    check.true(ask(node.p2p_port, old, 400) < 400, "not all")  # how many got out before the end is up to the system
    left = node.rpc.getnettotals()["uploadtarget"]
    check.equal(left["serve_historical_blocks"], False)
    check.true(9_000 < left["bytes_left_in_cycle"] <= 10_000, f"until a quarter is left: {left}")
    check.contains(node.log(), "asks for old blocks while the upload target is reached")
    check.equal([ask(node.p2p_port, old, 1), ask(node.p2p_port, new, 1), ask(free, old, 400)], [0, 1, 400])
    node.rpc.setmocktime(now + DAY)
    check.equal(ask(node.p2p_port, old, 1), 1, "on the next day")
    node.stop()


def test_reach_of_networks(env):
    """Which networks can be dialled: by -onlynet, -proxy and -onion; I2P never."""
    for options, wanted in (((), {"ipv4", "ipv6", "cjdns"}), (("-onlynet=ipv4", "-onlynet=onion"), {"ipv4"}),
                            (("-onlynet=onion", "-onion=127.0.0.1:9"), {"onion"}),
                            (("-proxy=127.0.0.1:9",), {"ipv4", "ipv6", "onion", "cjdns"}),
                            (("-proxy=127.0.0.1:9", "-onion=0"), {"ipv4", "ipv6", "cjdns"})):
        node = env.start(*options)
        networks = node.rpc.getnetworkinfo()["networks"]
        check.equal([one["name"] for one in networks], ["ipv4", "ipv6", "onion", "i2p", "cjdns"])
        check.equal({one["name"] for one in networks if one["reachable"]}, wanted, str(options))
        check.true(all(one["limited"] != one["reachable"] for one in networks), str(networks))
        node.stop()


def test_all_places_taken(env):
    """Eleven places are kept for connections of our own; newcomers beyond the rest go while the others have merits."""
    node = env.start("-maxconnections=16", f"-mocktime={START}")
    peers = [join(node.p2p_port) for _ in range(5)]
    for _ in range(4):
        newcomer = Peer.connect(node.p2p_port)
        newcomer.wait_closed()
        newcomer.close()
    count(env, 5, node)
    check.equal([peer.closed for peer in peers], [False] * 5)
    peers[0].close()
    count(env, 4, node)
    peers[0] = join(node.p2p_port)
    for peer in peers:
        peer.close()
    node.stop()


def test_no_door(env):
    node = env.start("-listen=0")
    try:
        socket.create_connection(("127.0.0.1", node.p2p_port), 2).close()
    except OSError:
        node.stop()
        return
    raise AssertionError("listens in spite of -listen=0")


def test_wrong_options(env):
    node = env.make()
    node.network.mkdir()
    (node.network / "peers.map").write_bytes(b"\xff" * 3)
    for option, part in (("-bind=nonsense", "nonsense"), ("-whitebind=noban@", "whitebind"), ("-whitelist=a,b@1.2.3.4", "whitelist"),
                         ("-whitelist=nonsense", "whitelist"), ("-addnode=a b", "a b"), ("-connect=::::", "connect"),
                         ("-externalip=10.0.0.1", "externalip"), ("-externalip=here", "externalip"), ("-port=0", "port"), ("-port=65536", "port"), ("-proxy=nowhere", "proxy"),
                         ("-peerblockfilters", "blockfilterindex"), ("-maxconnections=-1", "maxconnections"),
                         ("-asmap=/nonexistent", "/nonexistent"), ("-asmap=peers.map", "no map of autonomous systems"),
                         (f"-bind={env.door}", env.door)):
        check.contains(node.fails_to_start(option), part, option)


if __name__ == "__main__":
    run(globals())
