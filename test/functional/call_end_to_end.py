#!/usr/bin/env python3
"""Two operators with real programs, each a node and a Kamailio with contrib/pbx/kamailio.cfg: a thousand calls by sipp that are routed by
the nodes' DNS, their records, batches signed by both sides, rewards in blocks. A call one side knows nothing of is left out and said so."""

import struct
import time
from decimal import Decimal

from framework import check
from framework.namespace import enter, inside, own_name_server
from framework.node import free_port
from framework.operators import CALLEE, CALLER, DAY, Plan, join, later, start
from framework.reward import COIN, REWARD_VERSION
from framework.sip import SECONDS, caller, calls_url, done, hang_up, heard, kamailio, need_call_records, phone
from framework.suite import Skip, need, run

CALLS, BACK = 1_000, 25
AT_A_TIME = 10  # so that calls come as fast as the machine takes them
AGE = 300 * DAY  # of the bond: each of its coins allows 8 EMC
LOST = "lost@caller"
TOLERANCE_MS = 2_000


class Site:
    """What an operator has: addresses of his DNS server, of his Kamailio and of the switch behind it."""

    def __init__(self, place, number):
        self.number = number
        self.dns, self.proxy, self.switch = (f"127.0.{place}.{last}" for last in (53, 60, 70))
        self.phone_port, self.caller_port, self.calls_port = free_port(), free_port(), free_port()
        self.route = f"E2U+sip=100|10|!^(.*)$!sip:\\1@{self.proxy}!"
        self.kamailio = None

    def node_options(self):
        return ("-emcdns=1", f"-emcdnsbindip={self.dns}", "-emcdnsport=53", f"-callhttp=127.0.0.1:{self.calls_port}", "-callhttpauth=switch:secret")

    def start_kamailio(self, env):
        defines = ('TRUNK="127.0.0.1:9"', f'OWN_NUMBERS="^[+]{self.number}$"', f'PHONES="{self.switch}:{self.phone_port}"', *calls_url(self.calls_port))
        self.kamailio = kamailio(env, self.proxy, defines, own_name_server(env.folder, self.dns))


def restarted(env, site, node):
    return node.restart(f"-mocktime={env.now}", *site.node_options(), "-txindex=1", "-callreward", "-callrewardinterval=10",
                        "-callrewardperiod=60")


def setup(env):
    need("kamailio"), need("sipp"), need_call_records()
    if not inside():
        raise Skip("no namespaces for networks here")
    env.sites = first, second = Site(1, CALLER), Site(2, CALLEE)
    routes = {site.number: site.route for site in env.sites}
    start(env, plan=Plan(int(time.time()) - AGE, (200,) * 5, AGE, routes))
    env.now = int(time.time()) + 3_600  # whatever the calls take, their ends are not ahead of the nodes' clocks
    restarted(env, first, env.node)
    restarted(env, second, env.other)
    env.rpc = env.node.rpc
    join(env)
    for site in env.sites:
        site.start_kamailio(env)
        phone(env, site.switch, site.phone_port)


def pairs(env):
    """Sites and nodes of both, the calling one first, for either direction."""
    first, second = zip(env.sites, (env.node, env.other))
    return (first, second), (second, first)


def call(env, sender, receiver, *more, talk="short"):
    return caller(env, sender.proxy, (sender.number, receiver.number), "-i", sender.switch, "-p", sender.caller_port, *more, talk=talk)


def test_calls(env):
    """Each is routed by the answer of the caller's node, and both nodes get a record of it."""
    for count, ((sender, asked), (receiver, other)) in zip((CALLS, BACK), pairs(env)):
        done(call(env, sender, receiver, "-m", count, "-r", 500, "-l", AT_A_TIME), sender.kamailio)
        for node in (asked, other):
            check.within(SECONDS, lambda: len(records(node, sender, receiver)) == count, f"{count} records")
        check.true(asked.rpc.getdnsinfo()["by_type"]["NAPTR"] >= count, "the caller's node was asked for each")
    for node in (env.node, env.other):
        check.equal([source["problem_count"] for source in node.rpc.call_sources()], [0])


def records(node, sender, receiver):
    rows = node.rpc.call_list(sender.number, receiver.number, 0, 4_000_000_000, 2 * CALLS)
    return {row["callid"]: row for row in rows if row["caller"] == sender.number}


def test_a_call_the_other_side_loses(env):
    """The callee's Kamailio dies while they talk: its successor passes the end on and has no record."""
    (sender, asked), (receiver, other) = pairs(env)[0]
    talk = call(env, sender, receiver, "-m", 1, "-cid_str", LOST, talk="until told")
    check.within(SECONDS, lambda: heard(env, receiver.phone_port, "ACK", LOST), "they talk")
    receiver.kamailio.crash()
    receiver.start_kamailio(env)
    hang_up(sender.switch, sender.caller_port, LOST)
    check.within(SECONDS, lambda: LOST in records(asked, sender, receiver), "the caller's record")
    done(talk, sender.kamailio)
    check.equal(set(records(asked, sender, receiver)) - set(records(other, sender, receiver)), {LOST})


def agreed(env, direction=0):
    """Calls whose records differ by no more than both sides allow, and the others."""
    (sender, asked), (receiver, other) = pairs(env)[direction]
    mine, theirs = records(asked, sender, receiver), records(other, sender, receiver)
    good = {name for name in mine.keys() & theirs.keys()
            if all(abs(mine[name][key] - theirs[name][key]) <= TOLERANCE_MS for key in ("answer", "end"))}
    return good, mine.keys() - good


def counted(node, caller_number, states):
    """Batches of this caller in one of these states, and their calls."""
    rows = [row for row in node.rpc.call_batch_list() if row["caller"] == f"enum:{caller_number}:0" and row["state"] in states]
    return rows, sum(row["calls"] for row in rows)


def money(env):
    """All there is, and what both wallets have."""
    return env.rpc.gettxoutsetinfo()["total_amount"], *(sum(node.rpc.getbalances()["mine"].values()) for node in (env.node, env.other))


def test_batches_are_signed_and_rewarded(env):
    """Nobody asks for it: time goes by, blocks come."""
    good, disputed = agreed(env)
    back, disputed_back = agreed(env, 1)
    check.true(LOST in disputed and len(good) > CALLS * 9 // 10, f"{len(good)} calls agree")
    later(env, 3_600)
    env.first_block, env.money = env.rpc.getblockcount() + 1, money(env)
    nodes = (env.node, env.other)

    def settled():
        env.now += 10
        time.sleep(0.1)  # letters must not grow old on their way
        for node in nodes:
            node.rpc.setmocktime(env.now)
        if env.rpc.getrawmempool():
            later(env, 0, 1)
        return all(counted(node, CALLER, ("confirmed",))[1] == len(good) and counted(node, CALLEE, ("signed",))[1] == len(back) for node in nodes)

    check.within(SECONDS, settled, "every call that both know is rewarded or, the other way, signed")
    for node in nodes:
        check.equal({one["callid"] for row in node.rpc.call_batch_list() for one in row["left_out"]}, disputed | disputed_back)
        spans = sorted((row["from"], row["to"]) for row in counted(node, CALLER, ("confirmed",))[0])
        check.true(all(before[1] <= after[0] for before, after in zip(spans, spans[1:])), "no time is counted twice")
    check.true(env.other.logged(rf"call {LOST} is left out: no such call here"), "the side that disputes says so")


def test_no_reward_without_a_bond(env):
    """The caller's owner has no coins that are old: calls to him are signed, and not claimed."""
    check.true(env.node.logged("is not claimed: "), "said")
    check.equal(counted(env.node, CALLEE, ("claimed", "confirmed"))[1], 0)


def paid(env, text):
    """Claim, the caller's share and fee of a reward transaction."""
    tx = env.rpc.getrawtransaction(text, True)
    check.equal(tx["version"], REWARD_VERSION)
    inputs = [env.rpc.getrawtransaction(one["txid"], True)["vout"][one["vout"]] for one in tx["vin"]]
    claim = Decimal(struct.unpack_from("<Q", bytes.fromhex(tx["vout"][0]["scriptPubKey"]["hex"]), 4 + 199)[0]) / COIN
    owner = env.rpc.getaddressinfo(env.owner[CALLEE])["scriptPubKey"]
    bond = sum(one["value"] for one in inputs if one["scriptPubKey"]["hex"] == owner)
    check.true(tx["vout"][0]["scriptPubKey"]["hex"].endswith(owner) and tx["vout"][0]["value"] >= bond > 0, "the bond comes back")
    check.equal(tx["vout"][1]["scriptPubKey"]["address"], env.owner[CALLER])
    fee = claim + sum(one["value"] for one in inputs) - sum(one["value"] for one in tx["vout"])
    return claim, tx["vout"][1]["value"], fee


def test_money(env):
    """To the last unit: a hundredth a minute, a fifth of it the caller's; nothing else came into being."""
    rows = counted(env.other, CALLER, ("confirmed",))[0]
    rewards = [paid(env, row["txid"]) for row in rows]
    claims, shares, fees = (sum(column) for column in zip(*rewards))
    check.equal(claims, sum(row["minutes"] for row in rows) / Decimal(100))
    check.equal(claims, len(agreed(env)[0]) / Decimal(100), "no call lasted a minute")
    check.equal(shares, claims / 5)
    blocks = [env.rpc.getblock(env.rpc.getblockhash(height), 2) for height in range(env.first_block, env.rpc.getblockcount() + 1)]
    check.equal(sum(len(block["tx"]) - 1 for block in blocks), len(rewards), "other transactions")
    made = sum(out["value"] for block in blocks for out in block["tx"][0]["vout"])
    after = money(env)
    check.equal([now - before for now, before in zip(after, env.money)], [made - fees + claims, shares, claims - shares - fees])
    print(f"  {len(rewards)} batches, {claims} EMC claimed, {shares} of it the caller's, {fees} fees")


if __name__ == "__main__":
    enter()
    run(globals())
