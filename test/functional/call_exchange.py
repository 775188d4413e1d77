#!/usr/bin/env python3
"""Batches go from node to node as sealed letters, through a node that holds neither number; what is malformed or too
much costs the connection; two nodes left to themselves agree, leave out what is disputed, and claim."""

import re
import time

from framework import check
from framework.operators import CALLEE, CALLER, DAY, median, meet, moved, record, start
from framework.rpc import RpcError
from framework.suite import run

SECONDS = 61


def setup(env):
    start(env, "-debug=calls")
    env.other.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "remove")
    for peer in env.other.rpc.getpeerinfo():
        env.other.rpc.disconnectnode("", peer["id"])
    env.middle = env.make(f"-mocktime={env.now}").start()
    env.middle.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "add")
    env.other.rpc.addnode(f"127.0.0.1:{env.middle.p2p_port}", "add")
    check.soon(lambda: len(env.middle.rpc.getpeerinfo()) == 2, "the node between them")
    check.soon(lambda: env.middle.rpc.getbestblockhash() == env.rpc.getbestblockhash(), "the chain")


def sent(rpc, batch):
    """Sends as soon as the other side has been heard from."""
    def attempt():
        try:
            return rpc.call_batch_send(batch)
        except RpcError as error:
            if "has not been heard from" not in error.message:
                raise
            return None
    return check.soon(attempt, "the other side says hello")


def row(rpc, batch):
    return next((one for one in rpc.call_batch_list() if one["id"] == batch), None)


def test_by_hand(env):
    begin = median(env) - 8 * DAY
    calls = [(f"call-{i}@a", begin + i * 60, begin + i * 60 + SECONDS) for i in range(50)]
    record(env, env.node, calls)
    record(env, env.other, calls)
    made = env.rpc.call_batch_create(CALLER, CALLEE, begin, begin + DAY)["id"]
    check.equal(sent(env.rpc, made)["state"], "waiting")
    got = check.soon(lambda: row(env.other.rpc, made), "it came")
    check.equal((got["state"], got["made_here"], got["calls"]), ("open", False, 50))
    check.equal(env.other.rpc.call_batch_check(made)["agreed"], 50)
    env.other.rpc.call_batch_sign(made)
    sent(env.other.rpc, made)
    check.soon(lambda: row(env.rpc, made)["callee_signed"], "half signed")
    check.equal(env.rpc.call_batch_sign(made)["state"], "signed")
    sent(env.rpc, made)
    check.soon(lambda: row(env.other.rpc, made)["state"] == "signed", "signed by both")
    check.true("callmail" in env.middle.rpc.getpeerinfo()[0]["bytesrecv_per_msg"], "the letters went through")
    check.true(env.node.logged(r"batch .* came from enum:442079460000:0"), "the log names the sender")
    env.begin = begin
    env.other.rpc.call_batch_claim(made, {"amount": "0.014"})  # of one coin; two are left
    env.node.mine()


def test_calls_nobody_knows(env):
    """A batch of invented calls only: it is not kept, and the log says whose it was. A true call among them, and it is looked at."""
    begin = env.begin - 5 * DAY
    invented = [(f"invented-{i}@a", begin + i * 60, begin + i * 60 + SECONDS) for i in range(20)]
    record(env, env.node, invented)
    made = env.rpc.call_batch_create(CALLER, CALLEE, begin, begin + DAY)["id"]
    sent(env.rpc, made)
    check.soon(lambda: env.other.logged(rf"a batch of enum:{CALLER}:0 from peer .*: not kept: none of its calls is known here"), "said")
    check.equal(row(env.other.rpc, made), None)
    record(env, env.other, [("true@b", begin + 30, begin + 30 + SECONDS)])
    sent(env.rpc, made)
    check.soon(lambda: row(env.other.rpc, made), "kept")
    found = env.other.rpc.call_batch_check(made)
    check.equal((found["agreed"], len(found["disputed"]), [call["callid"] for call in found["withheld"]]), (0, 20, ["true@b"]))
    check.refused(-8, "disputed", env.other.rpc.call_batch_sign, made)
    for node in (env.node, env.other):
        check.equal(node.rpc.call_batch_refuse(made, "invented")["state"], "refused")


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def test_withheld(env):
    """The other side gets batches and does nothing: the list says who, since when and what can be done, the log says it once each."""
    begin = env.begin - 3 * DAY

    def asked(start):
        calls = [(f"withheld-{start + i}@a", start + i * 60, start + i * 60 + SECONDS) for i in range(5)]
        record(env, env.node, calls)
        record(env, env.other, calls)
        made = env.rpc.call_batch_create(CALLER, CALLEE, start, start + DAY)["id"]
        check.true("waiting_for" not in row(env.rpc, made), "nobody was asked")
        sent(env.rpc, made)
        check.within(30, lambda: row(env.other.rpc, made), "it came")
        check.true("waiting_for" not in row(env.other.rpc, made), "its side is the one to sign")
        waits = row(env.rpc, made)
        check.equal((waits["waiting_for"], waits["waiting_since"]), (f"enum:{CALLEE}:0", env.now))
        check.true("problem" not in waits, "a day is not over")
        return made

    def warnings(made):
        return len(re.findall(rf"batch {made}: no signature of enum:{CALLEE}:0 since ", env.node.log()))

    since = env.now
    batches = [asked(begin)]
    tick(env, DAY)
    problem = row(env.rpc, batches[0])["problem"]
    for part in (rf"^no signature of enum:{CALLEE}:0 since {utc(since)}: it was sent as a letter",
                 rf"hand the batch over as a file; it can be claimed until {utc(begin + 60 * DAY)}$"):
        check.true(re.search(part, problem), f"{part} in {problem}")
    check.within(60, lambda: warnings(batches[0]), "the log warns")
    batches.append(asked(begin + DAY))
    tick(env, DAY)
    check.within(60, lambda: warnings(batches[1]), "the log warns of the next one")
    check.equal([warnings(made) for made in batches], [1, 1])
    for made in batches:
        check.equal(env.rpc.call_batch_refuse(made, "nobody answers")["state"], "refused")
        check.true("waiting_for" not in row(env.rpc, made), "it is over")
    end_of_day = begin + 3 * DAY
    calls = [("both@a", end_of_day - 900, end_of_day - 900 + SECONDS)]
    record(env, env.other, calls)
    record(env, env.node, [*calls, ("invented@a", end_of_day - 600, end_of_day - 600 + SECONDS)])
    batches = [env.rpc.call_batch_create(CALLER, CALLEE, begin + 2 * DAY, end_of_day)["id"]]
    sent(env.rpc, batches[0])
    check.within(30, lambda: row(env.other.rpc, batches[0]), "it came")
    batches.append(env.other.rpc.call_batch_sign(batches[0], True)["id"])
    sent(env.other.rpc, batches[1])
    check.within(30, lambda: row(env.rpc, batches[1]), "another one came back")
    tick(env, DAY)
    check.equal(row(env.rpc, batches[0])["problem"],
                f"enum:{CALLEE}:0 has signed another batch of the period, {batches[1]}: check it, and sign or refuse it")
    for made in batches:
        env.rpc.call_batch_refuse(made, "nobody answers")
    env.node.mine(12)  # or the next start would wait for the blocks of these days
    meet(env)


def to_node(env):
    """The middle node's connection to env.node."""
    return next((one["id"] for one in env.middle.rpc.getpeerinfo()
                 if str(env.node.p2p_port) in one["addr"] and one["version"]), None)


def connected(env):
    """That connection, made at once: by itself the middle node waits longer after each time it was dropped."""
    if to_node(env) is None:
        env.middle.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "onetry")
    return check.soon(lambda: to_node(env), "a connection")


def offender(env, payloads, reason):
    """The middle node sends these to env.node: it is dropped, and the log says why."""
    rpc = env.middle.rpc
    peer = connected(env)
    for payload in payloads:
        try:
            rpc.sendmsgtopeer(peer, "callmail", payload.hex())
        except RpcError:
            break  # the connection has ended already
    check.soon(lambda: env.node.logged(reason), reason)
    check.soon(lambda: peer not in [one["id"] for one in rpc.getpeerinfo()], "dropped")


def mail(env, kind, sender, expiry, body):
    """Of `sender` to nobody, with a signature of zeros."""
    size = len(body).to_bytes(1, "little")
    return (bytes([1, kind]) + int(sender).to_bytes(8, "little") + bytes(2) + bytes(10) +
            (env.now + expiry).to_bytes(4, "little") + size + body + bytes(65))


def test_offenders(env):
    hello = mail(env, 1, CALLER, 600, bytes(8))
    offender(env, [hello[:-1]], r"misbehaves: callmail: mail")
    offender(env, [hello + b"x"], r"misbehaves: callmail")
    offender(env, [mail(env, 3, CALLER, 600, bytes(8))], r"misbehaves: callmail: mail")
    offender(env, [mail(env, 1, CALLER, 600, bytes(9))], r"misbehaves: callmail: mail")
    offender(env, [hello], r"misbehaves: call mail: it is not signed by the owner of enum:18009359935:0")
    offender(env, [mail(env, 1, CALLER, 4 * 3600, bytes(8))], r"misbehaves: call mail: it would live longer")
    over = mail(env, 1, CALLER, -1, bytes(8))
    offender(env, [over] * 500, r"misbehaves: sends more call mail than any node passes on")
    check.true(env.node.running(), "the node goes on")


def test_unregistered_senders_are_not_passed_on(env):
    peer = connected(env)
    env.middle.rpc.sendmsgtopeer(peer, "callmail", mail(env, 1, "4930123456", 600, bytes(8)).hex())
    check.soon(lambda: env.node.logged(r"is not passed on: enum:4930123456:0 is not registered"), "said")
    check.equal(to_node(env), peer, "its tip may be another one: no offence")


def test_never_reached(env):
    """The other side's node does not run: no letter can be sent, and after a day the list says so."""
    env.other.stop()
    env.node.restart(f"-mocktime={env.now}")  # which forgets whom it has heard from
    env.rpc = env.node.rpc
    begin = env.begin - DAY
    record(env, env.node, [("unreached@a", begin, begin + SECONDS)])
    made = env.rpc.call_batch_create(CALLER, CALLEE, begin, begin + DAY)["id"]
    check.refused(-8, "has not been heard from", env.rpc.call_batch_send, made)
    waits = row(env.rpc, made)
    check.equal((waits["state"], waits["waiting_for"], waits["waiting_since"]), ("open", f"enum:{CALLEE}:0", env.now))
    env.rpc.setmocktime(env.now + DAY)
    check.contains(row(env.rpc, made)["problem"], "it could not be sent as a letter; its node has not been heard from since this one started")
    env.rpc.call_batch_refuse(made, "nobody is there")
    env.rpc.setmocktime(env.now)
    env.other.start(f"-mocktime={env.now}")


def restart_all(env):
    """With automatic mode; what each node has passed on for whom is forgotten."""
    options = ("-callreward", "-callrewardinterval=10", "-callrewardperiod=3600", f"-mocktime={env.now}")
    env.node.restart(*options)
    env.other.restart(*options)
    env.middle.restart(options[-1])
    env.rpc = env.node.rpc
    env.other.rpc.addnode(f"127.0.0.1:{env.middle.p2p_port}", "add")
    connected(env)
    check.within(90, lambda: len(env.middle.rpc.getpeerinfo()) == 2, "the node between them")


def tick(env, seconds=10):
    env.now += seconds
    for node in (env.node, env.other, env.middle):
        node.rpc.setmocktime(env.now)


def due(env, condition, what):
    """Waits for what a tick brings. There are few of them, since each may send a letter and nodes pass on no more than twenty at once."""
    for _ in range(12):
        tick(env)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.05)
    raise AssertionError(f"it does not come: {what}")


def test_left_to_themselves(env):
    """A batch without anybody asking, the disputed call left out, and its reward."""
    begin = env.begin + 2 * DAY
    calls = [(f"auto-{i}@a", begin + i * 60, begin + i * 60 + SECONDS) for i in range(80)]
    record(env, env.node, calls)
    record(env, env.other, [*moved(calls[:-1], 1), (calls[-1][0], calls[-1][1] + 30, calls[-1][2] + 30),
                            ("kept-back@a", begin + 30, begin + 30 + SECONDS)])
    restart_all(env)

    def agreed():
        tick(env)
        return [one for one in env.other.rpc.call_batch_list() if one["state"] in ("claimed", "signed") and one["left_out"]]

    done = check.within(120, agreed, "agreed without the disputed call")[0]
    check.equal((done["calls"], [call["callid"] for call in done["left_out"]]), (79, ["auto-79@a"]))
    reasons = [one["reason"] for one in env.other.rpc.call_batch_list("refused")]
    check.true(f"1 call is disputed; the rest is batch {done['id']}" in reasons, f"one is not several: {reasons}")
    for node in (env.node, env.other):
        check.true(node.logged(r"call auto-79@a is left out: answered at another time"), "reported")
    check.true(env.other.logged(rf"of enum:{CALLER}:0 from peer .*: calls withheld: 1, kept-back@a"), "reported")
    check.true(not env.node.logged("calls withheld"), "what is left out is not withheld")

    def confirmed():
        tick(env)
        env.node.mine()
        return (row(env.other.rpc, done["id"])["state"], row(env.rpc, done["id"])["state"]) == ("confirmed", "confirmed")

    check.within(120, confirmed, "rewarded")
    for node in (env.node, env.other):
        spans = sorted((one["from"], one["to"]) for one in node.rpc.call_batch_list()
                       if one["state"] in ("signed", "claimed", "confirmed"))
        check.true(all(first[1] <= second[0] for first, second in zip(spans, spans[1:])), "no time is counted twice")


def test_records_that_come_late(env):
    """Most records of one side are not there yet: it does not sign the few that are, and all are signed when the others have come."""
    restart_all(env)
    begin = env.now
    calls = [(f"late-{i}@a", begin + i * 60, begin + i * 60 + SECONDS) for i in range(20)]
    tick(env, 3 * 3600)
    record(env, env.node, calls)
    record(env, env.other, calls[:5])
    env.node.mine(12)
    meet(env)
    due(env, lambda: env.node.logged(rf"enum:{CALLEE}:0 refuses: only 5 of 20 calls of both sides agree"), "told")
    record(env, env.other, calls[5:])
    env.node.mine(12)
    meet(env)

    def agreed(node):
        return [one["state"] for one in node.rpc.call_batch_list() if one["calls"] == len(calls) and one["state"] in ("signed", "claimed")]

    due(env, lambda: agreed(env.node) and agreed(env.other), "all of them")


def test_automatic_mode_needs_records(env):
    node = env.make()
    check.contains(node.fails_to_start("-callreward"), "-calls")
    check.contains(node.fails_to_start("-callreward", "-calls", "-disablewallet"), "wallet")


if __name__ == "__main__":
    run(globals())
