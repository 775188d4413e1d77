#!/usr/bin/env python3
"""Batches of calls between two operators: made, compared, signed by both, claimed; lies, gaps and repetitions are
reported and nothing is paid twice."""

import base64
from decimal import Decimal

from framework import check
from framework.operators import CALLEE, CALLER, DAY, later, median, meet, moved, record, start, unsigned_number
from framework.suite import run

SECONDS = 61  # two minutes each


def setup(env):
    start(env)


def calls_from(first, count, begin, step=60):
    return [(f"call-{i}@a", begin + i * step, begin + i * step + SECONDS) for i in range(first, first + count)]


def created(env, begin, end):
    return env.rpc.call_batch_create(CALLER, CALLEE, begin, end)


def state(node, batch):
    return [row["state"] for row in node.rpc.call_batch_list() if row["id"] == batch["id"]][0]


def test_agreement(env):
    env.begin = median(env) - 8 * DAY
    border = env.begin + DAY  # the last call ends before it on one side's clock, and then on the other's
    calls = [*calls_from(0, 100, env.begin), ("border@a", border - 62, border - 1)]
    record(env, env.node, calls)
    record(env, env.other, moved(calls, 1))
    made = created(env, env.begin, env.begin + DAY)
    check.equal((made["state"], made["calls"], made["minutes"], made["made_here"]), ("open", 101, 202, True))
    check.equal((made["caller"], made["callee"]), (f"enum:{CALLER}:0", f"enum:{CALLEE}:0"))
    seen = env.other.rpc.call_batch_check(made["text"])
    check.equal((seen["id"], seen["agreed"], seen["disputed"], seen["withheld"], seen["obstacles"]),
                (made["id"], 101, [], [], []))
    half = env.other.rpc.call_batch_sign(made["id"])
    check.equal((half["state"], half["caller_signed"], half["callee_signed"]), ("waiting", False, True))
    whole = env.rpc.call_batch_sign(half["text"])
    check.equal((whole["state"], whole["caller_signed"], whole["callee_signed"]), ("signed", True, True))
    check.equal(env.rpc.call_batch_sign(made["id"])["state"], "signed")
    check.equal(state(env.other, made), "waiting")
    path = str(env.path("whole"))
    env.rpc.call_batch_export(made["id"], path)
    check.equal(env.other.rpc.call_batch_sign("@" + path)["state"], "signed")
    env.batch = made


def test_claim(env):
    check.refused(-4, "not this wallet's", env.rpc.call_batch_claim, env.batch["id"])
    check.refused(-8, "can be up to", env.other.rpc.call_batch_claim, env.batch["id"], {"amount": 3})
    plan = env.other.rpc.call_batch_claim(env.batch["id"], {"preview": True})
    check.equal((plan["sent"], plan["state"], env.rpc.getrawmempool()), (False, "signed", []))
    # 33 EMC of ten days give 0.045 EMC, 202 minutes would allow 2.02 EMC.
    check.equal(plan["allowed_by_minutes"], Decimal("2.02"))
    check.true(Decimal("0.044") < plan["claim"] == plan["allowed_by_age"] < Decimal("0.047"), "bounded by coin age")
    check.equal((plan["coins"], plan["bond"]), (3, Decimal(33)))
    check.equal(plan["to_caller"] + plan["to_callee"] + plan["fee"], plan["claim"])
    check.true(plan["claim"] < plan["staking_forgone"] < plan["claim"] * Decimal("1.21"), "staking pays 6 % and not 5 %")
    small = env.other.rpc.call_batch_claim(env.batch["id"], {"preview": True, "amount": "0.014"})
    check.equal((small["coins"], small["bond"]), (1, Decimal(11)), "the least age that covers the claim")
    done = env.other.rpc.call_batch_claim(env.batch["id"], {"amount": "0.014"})
    check.equal((done["sent"], done["state"]), (True, "claimed"))
    check.refused(-8, "claimed", env.other.rpc.call_batch_claim, env.batch["id"])
    check.soon(lambda: done["txid"] in env.rpc.getrawmempool(), "the claim is relayed")
    before = env.rpc.gettxoutsetinfo()["total_amount"]
    env.block = env.node.mine()[0]
    meet(env)
    grown = env.rpc.gettxoutsetinfo()["total_amount"] - before
    coinbase = sum(out["value"] for out in env.rpc.getblock(env.block, 2)["tx"][0]["vout"])
    check.equal(grown, coinbase - done["fee"] + Decimal("0.014"), "supply grows by the claim")
    for node in (env.node, env.other):
        row = node.rpc.call_batch_list("confirmed")[0]
        check.equal((row["id"], row["txid"], row["blockhash"]), (env.batch["id"], done["txid"], env.block))
    for place, owner, value in ((0, CALLEE, done["bond"] + done["to_callee"]), (1, CALLER, done["to_caller"])):
        out = env.rpc.gettxout(done["txid"], place)
        check.equal((out["scriptPubKey"]["address"], out["value"]), (env.owner[owner], value))


def test_restart_and_reorganisation(env):
    env.other.restart()
    check.equal(state(env.other, env.batch), "confirmed")
    env.other.rpc.invalidateblock(env.block)
    env.other.rpc.syncwithvalidationinterfacequeue()
    check.equal(state(env.other, env.batch), "claimed")
    env.other.rpc.reconsiderblock(env.block)
    check.equal(state(env.other, env.batch), "confirmed")
    env.other.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "add")
    env.other.rpc.setmocktime(env.now)


def test_a_period_is_signed_once(env):
    """Whatever is tried, no second signature for a time that was signed."""
    late = calls_from(200, 10, env.begin + DAY // 2)
    for node in (env.node, env.other):
        record(env, node, late)
    made = created(env, env.begin + DAY // 2, env.begin + 2 * DAY)
    check.equal(made["state"], "refused")
    check.contains(made["reason"], "overlaps batch " + env.batch["id"])
    check.refused(-8, "overlaps", env.rpc.call_batch_sign, made["id"])
    check.refused(-8, "overlaps", env.other.rpc.call_batch_sign, made["text"])
    # The call at the border is part of the batch before, so it is none of the next one.
    border = env.begin + DAY
    check.refused(-8, "no call", env.other.rpc.call_batch_create, CALLER, CALLEE, border, border + 60)


def test_lies_are_reported(env):
    begin = env.begin + 3 * DAY
    good = calls_from(300, 20, begin)
    early, long_one, unknown, twice = [(f"{name}@a", begin + 2000 + 100 * i, begin + 2061 + 100 * i)
                                       for i, name in enumerate(("early", "long", "unknown", "twice"))]
    record(env, env.node, [*good, early, long_one, unknown, twice, (twice[0], twice[1] + 1, twice[2] + 1)])
    withheld = ("withheld@a", begin + 3000, begin + 3060)
    record(env, env.other, [*good, (early[0], early[1] + 3, early[2] + 3), (long_one[0], long_one[1], long_one[2] - 30),
                            twice, withheld])
    made = created(env, begin, begin + DAY)
    seen = env.other.rpc.call_batch_check(made["text"])
    check.equal((seen["agreed"], seen["calls"]), (21, 25))
    reasons = {row["callid"]: row["reason"] for row in seen["disputed"]}
    check.equal(sorted(reasons), sorted(call[0] for call in (early, long_one, unknown, twice)))
    for call, part in ((early, "answered at another time"), (long_one, "ended at another time"), (unknown, "no such call"),
                       (twice, "twice")):
        check.contains(reasons[call[0]], part)
    check.equal([row["callid"] for row in seen["withheld"]], [withheld[0]])
    check.refused(-8, "4 of 25 calls are disputed", env.other.rpc.call_batch_sign, made["id"])
    half = env.other.rpc.call_batch_sign(made["id"], True)
    check.equal((half["calls"], half["state"], len(half["left_out"])), (21, "waiting", 4))
    check.equal(state(env.other, made), "refused")
    whole = env.rpc.call_batch_sign(half["text"])
    check.equal((whole["state"], {row["callid"] for row in whole["left_out"]}), ("signed", set(reasons)))
    check.equal(state(env.node, made), "refused")
    check.equal(env.other.rpc.call_batch_sign(whole["text"])["state"], "signed")


def test_signed_as_it_is(env):
    """Who signs first cannot be asked for another batch of the period."""
    begin = env.begin + 5 * DAY
    calls = calls_from(400, 3, begin)
    record(env, env.node, calls)
    record(env, env.other, calls[:2])
    made = created(env, begin, begin + DAY)
    signed = env.rpc.call_batch_sign(made["id"])
    check.equal(signed["state"], "waiting")
    check.refused(-8, "has signed the batch as it is", env.other.rpc.call_batch_sign, signed["text"], True)
    check.refused(-8, "cannot be taken back", env.rpc.call_batch_refuse, made["id"], "never mind")
    check.equal(env.other.rpc.call_batch_refuse(made["id"], "call-402 is none of ours")["reason"], "call-402 is none of ours")
    check.refused(-8, "none of ours", env.other.rpc.call_batch_sign, made["id"])


def test_numbers_without_trust(env):
    number = "4930123456"
    unsigned_number(env, number, env.other)
    begin = env.begin + 6 * DAY
    for node in (env.node, env.other):
        record(env, node, calls_from(500, 3, begin), callee=number)
    made = env.rpc.call_batch_create(CALLER, number, begin, begin + DAY)
    seen = env.other.rpc.call_batch_check(made["text"])
    check.equal((seen["agreed"], len(seen["obstacles"])), (3, 1))
    check.refused(-8, "no trusted verifier has signed enum:4930123456:0", env.other.rpc.call_batch_sign, made["id"])
    check.refused(-8, "no trusted verifier", env.rpc.call_batch_sign, made["id"])


def test_bad_requests(env):
    begin = env.begin
    for args, part in (((CALLER, CALLER, begin, begin + 1), "same owner"), (("nobody", CALLEE), "telephone number"),
                       ((CALLER, "442079460001"), "no live record"), ((CALLER + ":7", CALLEE), "not registered"),
                       ((CALLER, CALLEE, env.now + DAY, env.now + 2 * DAY), "not over"),
                       ((CALLER, CALLEE, begin, begin), "empty"), ((CALLER, CALLEE, begin - 62 * DAY, begin), "60 days"),
                       ((CALLER, CALLEE, begin - 40 * DAY, begin), "31 days"),
                       ((CALLEE, CALLER, begin, begin + DAY), "no call")):
        check.refused(-8, part, env.rpc.call_batch_create, *args)
    check.refused(-8, "known here", env.rpc.call_batch_sign, "00" * 32)
    check.refused(-8, "state", env.rpc.call_batch_list, "done")
    check.refused(-8, "Cannot read", env.rpc.call_batch_check, "@" + str(env.path("none")))


def test_damaged_batches(env):
    text = env.rpc.call_batch_export(env.batch["id"])["text"]
    whole = base64.b64decode(text)

    def tried(data, part):
        check.refused(-8, part, env.other.rpc.call_batch_check, base64.b64encode(data).decode())

    tried(whole[:-1], "cut off")
    tried(whole + b"\0", "left over")
    tried(b"xxxx" + whole[4:], "beginning")
    tried(whole[:4] + b"\2" + whole[5:], "newer form")
    tried(whole[:5] + bytes(32) + whole[37:], "another network")
    tried(whole[:37] + b"\2" + whole[38:], "version 1")
    tried(whole[:74] + bytes(32) + whole[106:], "root")
    tried(whole[:106] + b"\x1f" + b"\1" * 64 + whole[171:], "signature")
    tried(b"", "beginning")
    check.refused(-8, "base64", env.other.rpc.call_batch_check, "not base64!")


def test_locked_wallet(env):
    """A signature that cannot be made keeps no period."""
    begin = env.begin + 7 * DAY
    for node in (env.node, env.other):
        record(env, node, calls_from(600, 3, begin, 10))
    made = created(env, begin, begin + 7200)
    env.other.rpc.encryptwallet("secret")
    check.refused(-13, "", env.other.rpc.call_batch_sign, made["text"])
    check.equal(state(env.other, made), "open")
    env.other.rpc.walletpassphrase("secret", 600)
    check.equal(env.other.rpc.call_batch_sign(made["id"])["state"], "waiting")


def test_too_late(env):
    later(env, 60 * DAY)
    rows = env.rpc.call_batch_list("signed")
    check.equal(rows, [], "what nobody claimed in time")
    check.true(any("60 days" in row.get("reason", "") for row in env.rpc.call_batch_list("refused")), "the reason is told")
    ours = [row["id"] for row in env.rpc.call_batch_list() if CALLEE in row["callee"]]
    check.equal([row["id"] for row in env.rpc.call_batch_list("all", CALLEE, 2, 1)], ours[1:3])


if __name__ == "__main__":
    run(globals())
