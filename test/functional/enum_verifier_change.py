#!/usr/bin/env python3
"""A verifier moves, returns, revokes or goes: what RPC and DNS answer for its numbers changes with the block."""

from framework import check
from framework.dns import Client, enum_name
from framework.numbers import REGEXP, ROUTE, fund, signed_value
from framework.suite import run

FIRST, SECOND, BOTH = "18009350101", "18009350102", "18009350103"
OTHER_ROUTE = "E2U+sip=100|20|!^.*$!sip:second@b.example!"
OTHER_REGEXP = "!^.*$!sip:second@b.example!"
WRONG = "signature does not verify for number, owner and expiry"
GONE = "verifier is not registered or has expired"


def setup(env):
    env.share("-mocktime=1800000000", "-emcdns=1", "-enumtrust=ver:one|ver:two")
    env.dns = Client(env.node.dns_port)
    fund(env.node)
    env.value = {}
    for name in ("ver:one", "ver:two"):
        env.value[name] = env.rpc.ver_record({"name": name[4:]})
        env.rpc.name_new(name, env.value[name], 365)
    env.node.mine()
    env.owner_of_one = env.rpc.name_show("ver:one")["address"]
    for number, verifiers in ((FIRST, ["ver:one"]), (SECOND, ["ver:two"]), (BOTH, ["ver:one", "ver:two"])):
        owner = env.rpc.getnewaddress()
        value = signed_value(env.node, number, owner, verifier_name=verifiers[0])
        for more in verifiers[1:]:
            value += "\n" + env.rpc.enum_sign(more, number, owner)
        env.rpc.name_new(f"enum:{number}:0", value, 365, owner)
    env.node.mine()


def answers(env, **wanted):
    """Both doors say the same; True: the number is answered."""
    for number, found in zip((FIRST, SECOND, BOTH), (wanted["first"], wanted["second"], wanted["both"])):
        resolved = env.rpc.enum_resolve(number)
        check.equal((resolved["found"], env.dns.naptr(enum_name(number))), (found, [REGEXP] if found else "NXDOMAIN"), number)


def reason(env, number):
    return env.rpc.enum_resolve(number)["refused"][0]["reason"]


def test_both_verifiers_stand(env):
    answers(env, first=True, second=True, both=True)


def test_update_keeps_the_owner(env):
    env.rpc.name_update("ver:one", env.rpc.ver_record({"name": "one", "url": "https://one.example"}), 0)
    env.node.mine()
    answers(env, first=True, second=True, both=True)


def test_moved_to_another_key(env):
    """A pending change counts for nothing; with its block the old signatures end."""
    env.rpc.name_update("ver:one", env.value["ver:one"], 0, env.rpc.getnewaddress())
    answers(env, first=True, second=True, both=True)
    env.node.mine()
    answers(env, first=False, second=True, both=True)
    check.equal(reason(env, FIRST), WRONG)


def test_moved_back(env):
    env.rpc.name_update("ver:one", env.value["ver:one"], 0, env.owner_of_one)
    env.node.mine()
    answers(env, first=True, second=True, both=True)


def test_deleted(env):
    env.rpc.name_delete("ver:one")
    env.node.mine()
    answers(env, first=False, second=True, both=True)
    check.equal(reason(env, FIRST), GONE)


def test_registered_anew_by_somebody_else(env):
    """The name alone is not the verifier: its key is."""
    env.rpc.name_new("ver:one", env.value["ver:one"], 30)
    env.node.mine()
    answers(env, first=False, second=True, both=True)
    check.equal(reason(env, FIRST), WRONG)


def test_both_gone(env):
    env.rpc.name_delete("ver:two")
    env.node.mine()
    answers(env, first=False, second=False, both=False)


def test_reorganisation_brings_them_back(env):
    """Three blocks off: both verifiers as they were before the first was deleted."""
    env.rpc.invalidateblock(env.rpc.getblockhash(env.rpc.getblockcount() - 2))
    env.rpc.syncwithvalidationinterfacequeue()
    answers(env, first=True, second=True, both=True)
    env.node.restart()
    env.rpc = env.node.rpc
    check.soon(lambda: env.dns.naptr(enum_name(FIRST)) == [REGEXP], "not served after the restart")
    answers(env, first=True, second=True, both=True)


def test_what_was_taken_off_happens_again(env):
    """The wallet offers its operations again at a start, one after the other, as each needs the one before."""
    for _ in range(2):
        env.rpc.generatetodescriptor(1, "raw(51)")
        env.node.restart()
        env.rpc = env.node.rpc
    env.rpc.generatetodescriptor(1, "raw(51)")
    env.rpc.syncwithvalidationinterfacequeue()
    check.soon(lambda: env.dns.naptr(enum_name(SECOND)) == "NXDOMAIN", "the second verifier is still there")
    answers(env, first=False, second=False, both=False)
    check.equal(env.rpc.enum_resolve(SECOND)["refused"][0]["reason"], GONE)


def test_revocation(env):
    """A line in the verifier's list ends one number; without the line it is back."""
    env.rpc.name_new("ver:three", env.rpc.ver_record({"name": "three", "SRL": "0|srl:three"}), 365)
    env.rpc.name_new("srl:three", "nothing yet", 365)
    env.node.mine()
    node = env.start("-mocktime=1800000000", "-emcdns=1", "-enumtrust=ver:three")
    dns = Client(node.dns_port)
    number, owner = "18009350104", env.rpc.getnewaddress()
    line = env.rpc.enum_sign("ver:three", number, owner)
    env.rpc.name_new(f"enum:{number}:0", ROUTE + "\n" + line, 365, owner)
    env.node.mine()

    def follow():
        for height in range(node.rpc.getblockcount() + 1, env.rpc.getblockcount() + 1):
            check.equal(node.rpc.submitblock(env.rpc.getblock(env.rpc.getblockhash(height), 0)), None)
        node.rpc.syncwithvalidationinterfacequeue()

    follow()
    check.soon(lambda: dns.naptr(enum_name(number)) == [REGEXP], "not answered before it is revoked")
    for value, found in ((f"enum:{number}:0", False), ("nothing again", True)):
        env.rpc.name_update("srl:three", value, 0)
        env.node.mine()
        follow()
        check.equal(dns.naptr(enum_name(number)), [REGEXP] if found else "NXDOMAIN", value)
        check.equal(node.rpc.enum_resolve(number)["found"], found, value)
    node.stop()


def test_signed_anew(env):
    """The verifier is back with another key; a new value with its new signature counts at once."""
    owner = env.rpc.name_show(f"enum:{SECOND}:0")["address"]
    env.rpc.name_new("ver:two", env.value["ver:two"], 30)
    env.node.mine()
    env.rpc.name_update(f"enum:{SECOND}:0", signed_value(env.node, SECOND, owner, routes=OTHER_ROUTE, verifier_name="ver:two"), 0)
    env.node.mine()
    check.equal(env.dns.naptr(enum_name(SECOND)), [OTHER_REGEXP])


if __name__ == "__main__":
    run(globals())
