#!/usr/bin/env python3
"""enum_verify: which signatures of a number hold, whose verifiers are trusted, and why others do not count."""

from framework import check
from framework.numbers import ROUTE, fund, signed_value
from framework.suite import run

NOW = 1800000000
NUMBER = "18009350301"
NAME = f"enum:{NUMBER}:0"
OTHER = "signed for another owner; a signature ends when its number changes hands"
EARLIER = "signed with a key the verifier had before"
WRONG = "signature does not verify for number, owner and expiry"
GONE = "verifier is not registered or has expired"


def setup(env):
    env.share(f"-mocktime={NOW}", "-nameindex=1", "-enumtrust=ver:one|ver:listed")
    env.need_wallet()
    fund(env.node)
    for name, fields in (("ver:one", {}), ("ver:two", {}), ("ver:listed", {"SRL": "0|srl:listed"})):
        env.rpc.name_new(name, env.rpc.ver_record({"name": name[4:], **fields}), 365)
    env.rpc.name_new("srl:listed", "nothing yet", 365)
    env.node.mine()
    env.owner = env.rpc.getnewaddress()
    env.value = signed_value(env.node, NUMBER, env.owner, verifier_name="ver:one")
    for verifier in ("ver:two", "ver:listed"):
        env.value += "\n" + env.rpc.enum_sign(verifier, NUMBER, env.owner)
    env.rpc.name_new(NAME, env.value, 365, env.owner)
    env.node.mine()


def judged(env, **options):
    """By verifier: trusted, holds, counts, reason."""
    result = env.rpc.enum_verify(NUMBER, options)
    check.equal(result["counts"], any(row["counts"] for row in result["signatures"]))
    return {row["verifier"]: (row["trusted"], row["holds"], row["counts"], row.get("reason")) for row in result["signatures"]}


HOLDS = (True, True, True, None)
UNTRUSTED = (False, True, False, "the verifier is not trusted by this node")


def test_registered(env):
    result = env.rpc.enum_verify("+1 800 935-0301")
    check.equal((result["number"], result["name"], result["owner"]), (NUMBER, NAME, env.owner))
    check.equal((result["live"], result["counts"], result["trusted_verifiers"]), (True, True, ["ver:one", "ver:listed"]))
    check.equal(judged(env), {"ver:one": HOLDS, "ver:two": UNTRUSTED, "ver:listed": HOLDS})
    check.equal(env.rpc.enum_resolve(NUMBER)["routes"][0]["verifier"], "ver:one", "the DNS server's own choice")


def test_before_it_is_registered(env):
    """A line of a verifier, or a whole value, for an owner of one's choice."""
    number, owner = "18009350302", env.rpc.getnewaddress()
    line = env.rpc.enum_sign("ver:one", number, owner)
    for value in (line, ROUTE + "\n" + line):
        result = env.rpc.enum_verify(number, {"value": value, "owner": owner, "slot": 3})
        check.equal((result["name"], result["live"], result["counts"]), (f"enum:{number}:3", False, True))
    result = env.rpc.enum_verify(number, {"value": ROUTE, "owner": owner})
    check.equal((result["counts"], result["signatures"]), (False, []))


def test_other_owner(env):
    stranger = env.rpc.getnewaddress()
    seen = env.rpc.enum_verify(NUMBER, {"owner": stranger})
    check.equal((seen["counts"], seen["owner"]), (False, stranger))
    for row in seen["signatures"]:
        check.equal((row["holds"], row["reason"], row["detail"]), (False, OTHER, env.owner))
    line = env.rpc.enum_sign("ver:one", NUMBER, stranger)
    check.equal(judged(env, value=line), {"ver:one": (True, False, False, WRONG)}, "the stranger never had the number")


def test_other_number_and_changed_signature(env):
    line = env.rpc.enum_sign("ver:one", "18009350309", env.owner)
    check.equal(judged(env, value=line), {"ver:one": (True, False, False, WRONG)})
    later = env.rpc.enum_sign("ver:one", NUMBER, env.owner, NOW + 50).replace(str(NOW + 50), str(NOW + 51))
    check.equal(judged(env, value=later), {"ver:one": (True, False, False, WRONG)}, "the expiry is signed, too")


def test_expired(env):
    line = env.rpc.enum_sign("ver:one", NUMBER, env.owner, NOW + 1000)
    row = env.rpc.enum_verify(NUMBER, {"value": line})["signatures"][0]
    check.equal((row["holds"], row["expiry"]), (True, NOW + 1000))
    line = env.rpc.enum_sign("ver:one", NUMBER, env.owner, NOW - 1000)
    check.equal(judged(env, value=line), {"ver:one": (True, False, False, "signature has expired")})


def test_unknown_verifier(env):
    line = env.rpc.enum_sign("ver:two", NUMBER, env.owner).replace("ver:two", "ver:nobody")
    check.equal(judged(env, value=line), {"ver:nobody": (False, False, False, GONE)})


def test_revoked(env):
    env.rpc.name_update("srl:listed", NAME, 0)
    env.node.mine()
    check.equal(judged(env), {"ver:one": HOLDS, "ver:two": UNTRUSTED, "ver:listed": (True, False, False, "signature is revoked")})
    row = env.rpc.enum_verify(NUMBER)["signatures"][2]
    check.equal(row["detail"], "srl:listed")
    env.rpc.name_delete("srl:listed")
    env.node.mine()
    check.equal(judged(env)["ver:listed"], (True, False, False, "revocation list of the verifier cannot be read"))


def test_verifier_with_another_key(env):
    value = env.rpc.name_show("ver:two")["value"]
    earlier = env.rpc.name_show("ver:two")["address"]
    env.rpc.name_update("ver:two", value, 0, env.rpc.getnewaddress())
    env.node.mine()
    check.equal(judged(env)["ver:two"], (False, False, False, EARLIER))
    check.equal(env.rpc.enum_verify(NUMBER)["signatures"][1]["detail"], earlier)
    env.rpc.name_delete("ver:two")
    env.node.mine()
    check.equal(judged(env)["ver:two"], (False, False, False, GONE))


def test_after_a_transfer(env):
    """The present owner is another one: nothing holds, and it says for whom it was."""
    new = env.rpc.getnewaddress()
    env.rpc.name_update(NAME, ROUTE, 0, new)
    env.node.mine()
    check.equal(env.rpc.enum_verify(NUMBER)["signatures"], [])
    check.equal(judged(env, value=env.value)["ver:one"], (True, False, False, OTHER), "the owner before is in the history")
    check.equal(judged(env, value=env.value, owner=env.owner)["ver:one"], HOLDS)


def test_bad_input(env):
    verify, owner = env.rpc.enum_verify, env.owner
    check.contains(check.refused(-8, "", verify, "123"), "no telephone number")
    check.contains(check.refused(-4, "", verify, "18009350399"), "enum:18009350399:0 is not registered")
    check.contains(check.refused(-8, "", verify, "18009350399", {"value": ROUTE}), "options.owner")
    check.contains(check.refused(-8, "", verify, NUMBER, {"slot": -1}), "slot must be")
    check.contains(check.refused(-8, "", verify, NUMBER, {"slot": 1 << 40}), "slot must be")
    check.refused(-8, "", verify, NUMBER, {"slots": 1})
    check.refused(-3, "", verify, NUMBER, {"value": 5})
    check.refused(-3, "", verify, NUMBER, {"owner": ["x"]})
    check.refused(-3, "", verify, NUMBER, "SIG=")
    check.contains(check.refused(-5, "", verify, NUMBER, {"owner": "nonsense"}), "Invalid address")
    line = env.rpc.enum_sign("ver:one", NUMBER, owner)
    for value in ("", "SIG=", line[:-3], "\n".join([line] * 9), line + "\n", line + "\nnonsense", "E2U+sip=1|1|!(!x!"):
        check.contains(check.refused(-8, "", verify, NUMBER, {"value": value}), "The record is not valid", value)


if __name__ == "__main__":
    run(globals())
