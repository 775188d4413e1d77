#!/usr/bin/env python3
"""Wallets that stake by themselves: what stakes and what never does, why not, locks, reserve, cutting and joining, reorganisations,
restarts, and shares of blocks that follow shares of stake."""

import math
import time

from framework import check
from framework.suite import extended, run

START = 1_800_000_000
SLOT = 16
DEPTH = 20
MATURITY = 100
FAIR_BITS = "1c03aa3f"  # one kernel a slot among 300 coins of 10 EMC


def setup(env):
    env.share("-staking", f"-mocktime={START}", "-stakesplitdays=0", "-stakecombinedays=0")
    env.need_wallet()
    env.time = START
    env.rpc.setstaking(False)
    env.node.mine(MATURITY + 20, env.rpc.getnewaddress())


def move_on(env, slots=1, nodes=None):
    """The clock goes on; waits until the nodes have tried every time up to now."""
    env.time += slots * SLOT
    nodes = nodes or [env.node]
    for node in nodes:
        node.rpc.setmocktime(env.time)
    return [settled(env, node) for node in nodes]


def settled(env, node):
    latest = (env.time + SLOT - 1) // SLOT * SLOT

    def there():
        info = node.rpc.getstakinginfo()
        return info if info["search_until"] >= latest or not info["staking"] else None

    return check.soon(there, "the search has come to now")


def stake_on(env, *, wait=True):
    env.rpc.setstaking(True)
    if wait:
        check.soon(lambda: env.rpc.getstakinginfo()["staking"], "staking")


def tip(rpc):
    return rpc.getblock(rpc.getbestblockhash(), 2)


def test_blocks(env):
    """A block a slot: on regtest every kernel meets the target."""
    rpc = env.rpc
    stake_on(env)
    move_on(env, 4)
    before = rpc.getblockcount()
    for _ in range(5):
        move_on(env)
    rpc.setstaking(False)
    check.equal(rpc.getblockcount(), before + 5, "blocks in five slots")
    block = tip(rpc)
    check.equal(block["time"] % SLOT, 0)
    check.contains(block["flags"], "proof-of-stake")
    coinbase, coinstake = block["tx"][:2]
    check.equal(sum(out["value"] for out in coinbase["vout"]), 0)
    paid = sum(out["value"] for out in coinstake["vout"])
    check.true(paid >= 50, f"{paid} come back")
    address = coinstake["vout"][1]["scriptPubKey"]["address"]
    check.true(rpc.getaddressinfo(address)["ismine"], "the stake comes back to the wallet")
    info = rpc.getstakinginfo()
    check.true(info["blocks_accepted"] >= 5 and info["blocks_found"] >= 5, str(info))
    rpc.syncwithvalidationinterfacequeue()
    check.true(any(tx["txid"] == coinstake["txid"] and tx["category"] == "immature" for tx in rpc.listtransactions("*", 50)),
               "the coinstake is listed")


def test_why_not(env):
    rpc = env.rpc
    rpc.setstaking(False)
    info = check.soon(lambda: (seen := rpc.getstakinginfo())["reasons"] and seen, "a reason")
    check.equal((info["enabled"], info["staking"]), (False, False))
    check.contains(info["reasons"][0], "switched off")
    node = env.start(f"-mocktime={env.time}", "-staking", "-stakingpeers=1")
    reasons = check.soon(lambda: node.rpc.getstakinginfo()["reasons"], "reasons")
    check.true(any("-stakingpeers" in reason for reason in reasons), str(reasons))
    node.restart("-stakingpeers=0")
    reasons = check.soon(lambda: node.rpc.getstakinginfo()["reasons"], "reasons")
    check.contains(reasons[0], "no coin stakes now")
    node.rpc.unloadwallet("")
    check.soon(lambda: node.rpc.getstakinginfo()["reasons"] == ["no wallet is loaded"], "no wallet")
    check.contains(node_error(env, "-reservebalance=-1"), "reservebalance")
    check.contains(node_error(env, "-stakesplitdays=30", "-stakecombinedays=20"), "-stakecombinedays")
    check.contains(node_error(env, "-teststakebits=zz"), "-teststakebits")
    check.contains(node_error(env, "-teststakebits=2100ffff"), "-teststakebits")


def node_error(env, *options):
    node = env.make()
    return node.fails_to_start(*options)


def test_emercoins_spelling(env):
    node = env.start("-stakegen=1", "-reservebalance=7")
    check.equal(node.rpc.getstakinginfo()["enabled"], True)
    check.equal(node.rpc.reservebalance(), {"reserve": True, "amount": 7})


def staked_inputs(rpc, since):
    """(txid, vout) of everything that coinstakes above a height spent."""
    out = set()
    for height in range(since + 1, rpc.getblockcount() + 1):
        block = rpc.getblock(rpc.getblockhash(height), 2)
        if "proof-of-stake" in block["flags"]:
            out |= {(source["txid"], source["vout"]) for source in block["tx"][1]["vin"]}
    return out


def test_names_and_locked_coins_never_stake(env):
    rpc = env.rpc
    rpc.name_new("test:staked", "a value", 30)
    env.node.mine(MATURITY)
    rpc.syncwithvalidationinterfacequeue()
    name = rpc.name_show("test:staked")
    name_coin = (name["txid"], next(out["n"] for out in rpc.getrawtransaction(name["txid"], True)["vout"]
                                    if "name" in str(out["scriptPubKey"])))
    listed = rpc.listminting()
    check.true(name_coin not in {(row["txid"], row["vout"]) for row in listed}, "a name is listed for minting")
    coins = [row for row in listed if row["stakes"]]
    keep = coins[::2]
    rpc.lockunspent(False, [{"txid": row["txid"], "vout": row["vout"]} for row in keep])
    check.equal(sum(row.get("reason", "").startswith("locked") for row in rpc.listminting()), len(keep))
    before = rpc.getblockcount()
    stake_on(env)
    for _ in range(len(coins) - len(keep) + 3):
        move_on(env)
    rpc.setstaking(False)
    used = staked_inputs(rpc, before)
    check.true(used, "nothing was staked")
    check.equal(used & {(row["txid"], row["vout"]) for row in keep}, set(), "locked coins")
    check.true(name_coin not in used, "the name's coin")
    check.equal(rpc.name_show("test:staked")["value"], "a value")
    rpc.lockunspent(True)


def test_list(env):
    rpc = env.rpc
    rows = rpc.listminting()
    check.true(len(rows) > 10, "coins")
    ready = [row for row in rows if row["stakes"]]
    young = [row for row in rows if not row["stakes"]]
    check.true(ready and young, "both kinds")
    for row in ready:
        check.equal(row["weight"], row["amount"])
        check.equal(row["chance"]["10min"], 1)
        check.true(row["age"] > 0 and row["reward"] >= 0 and row["expectedtime"] == SLOT, str(row))
    for row in young:
        check.equal(row["weight"], 0)
        check.true(row["stakes_from"] > rpc.getblockcount() and row["stakes_in"] > 0, str(row))
    check.equal(rpc.listminting(3), rows[:3])
    check.equal(rpc.listminting(3, 2), rows[2:5])
    check.equal(rpc.listminting(-1, len(rows)), [])
    check.refused(-8, "", rpc.listminting, -2)


def test_reserve(env):
    rpc = env.rpc
    check.refused(-8, "amount", rpc.reservebalance, True)
    check.refused(-8, "false", rpc.reservebalance, False, 5)
    check.refused(None, "", rpc.reservebalance, True, -1)
    stake_on(env)
    move_on(env)
    all_weight = check.soon(lambda: rpc.getstakinginfo()["weight"], "weight")
    trusted = rpc.getbalances()["mine"]["trusted"]
    check.equal(rpc.reservebalance(True, 100), {"reserve": True, "amount": 100})
    check.soon(lambda: 0 < rpc.getstakinginfo()["weight"] <= trusted - 100, "less stakes")
    check.equal(rpc.reservebalance(True, 1_000_000)["amount"], 1_000_000)
    check.soon(lambda: not rpc.getstakinginfo()["staking"], "all is kept back")
    check.contains(rpc.getstakinginfo()["reasons"][0], "-reservebalance")
    check.equal(rpc.reservebalance(False), {"reserve": False, "amount": 0})
    check.soon(lambda: rpc.getstakinginfo()["weight"] == all_weight, "all stakes again")
    rpc.setstaking(False)


def test_minting_only(env):
    """A locked wallet says so; unlocked for minting it stakes and still pays nobody."""
    node = env.start("-staking", f"-mocktime={env.time}", "-stakesplitdays=0")
    rpc = node.rpc
    rpc.setstaking(False)
    for kind in ("legacy", "bech32", "bech32m", "p2sh-segwit"):
        node.mine(3, rpc.getnewaddress("", kind))
    node.mine(MATURITY)
    rpc.encryptwallet("pass")
    rpc.setstaking(True)
    check.soon(lambda: "locked" in str(rpc.getstakinginfo()["reasons"]), "the reason")
    before = rpc.getblockcount()
    rpc.walletpassphrase("pass", 1000, True)
    check.soon(lambda: rpc.getstakinginfo()["staking"], "staking")
    check.equal(len([row for row in rpc.listminting() if row["stakes"]]), rpc.getstakinginfo()["coins"])
    now = env.time
    for _ in range(12):
        move_on(env, nodes=[node])
    check.equal(rpc.getblockcount() - before, 9, "three kinds of address stake, the wrapped one does not")
    kinds = {rpc.getblock(rpc.getblockhash(height), 2)["tx"][1]["vout"][1]["scriptPubKey"]["type"]
             for height in range(before + 1, before + 10)}
    check.equal(kinds, {"pubkeyhash", "witness_v0_keyhash", "witness_v1_taproot"})
    check.refused(-13, "minting only", rpc.sendtoaddress, rpc.getnewaddress(), 1)
    rpc.walletlock()
    check.soon(lambda: "locked" in str(rpc.getstakinginfo()["reasons"]), "locked again")
    env.time = now


def test_cutting_and_joining(env):
    """Here a coin finds a block at once, or hardly ever: the days the options give decide."""
    node = env.start("-staking", f"-mocktime={env.time}", "-stakesplitdays=30")
    rpc = node.rpc
    rpc.setstaking(False)
    node.mine(2, rpc.getnewaddress())
    node.mine(MATURITY)
    rpc.setstaking(True)
    check.soon(lambda: rpc.getstakinginfo()["staking"], "staking")
    now = env.time
    move_on(env, 4, [node])
    values = [out["value"] for out in tip(rpc)["tx"][1]["vout"]]
    check.equal(len(values), 3)
    check.true(values[0] == 0 and min(values[1:]) >= 25, str(values))
    env.time = now


def compact_bits(target):
    size = target.bit_length() // 8 + 1  # so that the highest bit, a sign, stays clear
    return f"{size:02x}{target >> 8 * (size - 3):06x}"


def test_joining(env):
    """Coins of 50 EMC, each of which would find a block in some 500 days: four of an address become one of 125 days."""
    days = 500
    bits = compact_bits(int(2 ** 256 * SLOT / (days * 86400) / (50 * 10 ** 8)))
    node = env.start("-staking", f"-mocktime={env.time}", f"-teststakebits={bits}", "-stakecombinedays=120")
    rpc = node.rpc
    rpc.setstaking(False)
    node.mine(60, rpc.getnewaddress())
    node.mine(MATURITY)
    rpc.setstaking(True)
    info = check.soon(lambda: (seen := rpc.getstakinginfo())["staking"] and seen, "staking")
    check.true(abs(info["expectedtime"] / 86400 - days / 60) < 0.1, f"{info['expectedtime'] / 86400} days for 60 coins")
    row = rpc.listminting(1)[0]
    check.true(abs(row["expectedtime"] / 86400 - days) < 5, str(row))
    now, before = env.time, rpc.getblockcount()
    for _ in range(8000):
        move_on(env, 60, [node])
        if rpc.getblockcount() > before:
            break
    stake = tip(rpc)["tx"][1]
    check.equal((len(stake["vin"]), len(stake["vout"])), (4, 2))
    check.true(stake["vout"][1]["value"] >= 200, str(stake["vout"]))
    env.time = now


def test_spent_and_returned_stakes(env):
    """A block of stake that loses its place gives its coin back, which then stakes again."""
    rpc = env.rpc
    env.node.mine(MATURITY, rpc.getnewaddress())
    rpc.syncwithvalidationinterfacequeue()
    total = sum(rpc.getbalances()["mine"][kind] for kind in ("trusted", "immature"))
    before = rpc.getblockcount()
    stake_on(env)
    for _ in range(3):
        move_on(env, 4)
    rpc.setstaking(False)
    check.true(rpc.getblockcount() >= before + 3, "blocks")
    used = staked_inputs(rpc, before)
    rpc.invalidateblock(rpc.getblockhash(before + 1))
    rpc.syncwithvalidationinterfacequeue()
    check.equal(sum(rpc.getbalances()["mine"][kind] for kind in ("trusted", "immature")), total, "all money is back")
    back = {(row["txid"], row["vout"]) for row in rpc.listminting()}
    check.equal(used - back, set(), "stakes that did not return")
    env.node.restart("-staking=0", f"-mocktime={env.time}")
    rpc = env.rpc = env.node.rpc
    check.equal(sum(rpc.getbalances()["mine"][kind] for kind in ("trusted", "immature")), total, "after a restart")
    stake_on(env)
    for _ in range(3):
        move_on(env, 4)
    rpc.setstaking(False)
    check.true(rpc.getblockcount() >= before + 3, "it stakes on")


def test_shutdown(env):
    stake_on(env, wait=False)
    check.true(env.node.stop() < 5, "the minter holds up the node")
    env.node.start("-staking=0", f"-mocktime={env.time}")
    env.rpc = env.node.rpc


class Three:
    """Three stakers with 50, 30 and 20 parts of the stake in equal coins, joined in a ring; time goes slot by slot."""

    SHARES = (150, 90, 60)
    VALUE = 10

    def __init__(self, env):
        self.env = env
        options = (f"-teststakebits={FAIR_BITS}", "-stakesplitdays=0", "-stakecombinedays=0", f"-mocktime={START}")
        self.nodes = [env.start(*options) for _ in self.SHARES]
        for node in self.nodes:
            for other in self.nodes:
                if other is not node:
                    node.rpc.addnode(f"127.0.0.1:{other.p2p_port}", "add")
        env.time = START
        first = self.nodes[0]
        first.mine(MATURITY + 62, first.rpc.getnewaddress())
        for node, count in zip(self.nodes, self.SHARES):
            addresses = [node.rpc.getnewaddress() for _ in range(count)]
            for at in range(0, count, 50):
                first.rpc.sendmany("", {address: self.VALUE for address in addresses[at:at + 50]})
        first.mine(MATURITY)
        self.together()
        for node, count in zip(self.nodes, self.SHARES):
            others = [coin for coin in node.rpc.listunspent() if coin["amount"] != self.VALUE]
            if others:
                node.rpc.lockunspent(False, [{"txid": coin["txid"], "vout": coin["vout"]} for coin in others], True)
            check.equal(len([row for row in node.rpc.listminting() if row["stakes"]]), count)
            node.rpc.setstaking(True)
        for node in self.nodes:
            check.soon(lambda n=node: n.rpc.getstakinginfo()["staking"], "staking")
        self.start = first.rpc.getblockcount()

    def together(self):
        """At one height: two blocks of one time stay side by side until the next one."""
        check.soon(lambda: len({node.rpc.getblockcount() for node in self.nodes}) == 1, "one height")

    def step(self):
        """Nodes that parted get together while the clock goes on; with the clock standing still they may not."""
        move_on(self.env, nodes=self.nodes)
        end = time.monotonic() + 0.5
        while time.monotonic() < end and len({node.rpc.getblockcount() for node in self.nodes}) > 1:
            time.sleep(0.005)

    def mint(self, blocks):
        goal = self.start + blocks
        while min(node.rpc.getblockcount() for node in self.nodes) < goal:
            self.step()

    def counts(self, blocks):
        """Blocks of each staker since the start."""
        out = []
        for node in self.nodes:
            mine = 0
            for height in range(self.start + 1, self.start + blocks + 1):
                block = self.nodes[0].rpc.getblock(self.nodes[0].rpc.getblockhash(height), 2)
                mine += bool(node.rpc.getaddressinfo(block["tx"][1]["vout"][1]["scriptPubKey"]["address"])["ismine"])
            out.append(mine)
        return out


def fair(counts):
    """4.42 standard errors of a binomial draw: each comparison fails by chance once in 100,000 times, so all three together
    in 33,000. Coins that rest after a block make real counts vary less than that."""
    blocks = sum(counts)
    for count, parts in zip(counts, Three.SHARES):
        share = parts / sum(Three.SHARES)
        error = math.sqrt(share * (1 - share) / blocks)
        check.true(abs(count / blocks - share) <= 4.42 * error, f"{count} of {blocks} blocks for {share:.0%} of the stake: {counts}")
    print(f"blocks {counts} for parts {Three.SHARES}", flush=True)


def test_shares(env):
    blocks = 120
    three = Three(env)
    three.mint(blocks)
    fair(three.counts(blocks))
    for node in three.nodes:
        node.stop()


def test_two_thousand_blocks(env):
    extended()
    blocks = 2000
    three = Three(env)
    restarts = {500: 0, 1000: 1, 1500: 2}
    for goal in sorted([*restarts, blocks]):
        three.mint(goal)
        if goal in restarts:
            node = three.nodes[restarts[goal]]
            node.restart("-staking", f"-mocktime={env.time}")
            for other in three.nodes:
                if other is not node:
                    node.rpc.addnode(f"127.0.0.1:{other.p2p_port}", "add")
    fair(three.counts(blocks))
    for node, count in zip(three.nodes, Three.SHARES):
        coins = node.rpc.listminting()
        check.true(len([row for row in coins if row["amount"] >= Three.VALUE]) >= count, "stakes were lost")
        node.stop()


run(globals())
