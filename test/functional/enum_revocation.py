#!/usr/bin/env python3
"""Revocation lists of verifiers: refused while a list is missing, accepted with a warning after five minutes, and exact lines."""

from framework import check
from framework.dns import Client, enum_name
from framework.numbers import REGEXP, fund, register
from framework.suite import run

NOW = 1800000000
FIRST, LONGER = "18009350201", "180093502010"


def setup(env):
    env.share(f"-mocktime={NOW}", "-emcdns=1", "-enumtrust=ver:enum")
    env.need_wallet()
    env.dns = Client(env.node.dns_port)
    fund(env.node)
    env.rpc.name_new("ver:enum", env.rpc.ver_record({"name": "Test", "SRL": "0|srl:test"}), 365)
    env.node.mine()
    for number in (FIRST, LONGER):
        register(env.node, number)


def answered(env, number):
    return env.dns.naptr(enum_name(number)) == [REGEXP]


def test_refused_while_the_list_is_missing(env):
    for wait in (0, 60, 299):
        env.rpc.setmocktime(NOW + wait)
        check.equal((answered(env, FIRST), answered(env, LONGER)), (False, False), f"after {wait} s")
    check.equal(env.rpc.enum_resolve(FIRST)["refused"][0]["reason"], "revocation list of the verifier cannot be read")


def test_accepted_with_a_warning_after_five_minutes(env):
    env.rpc.setmocktime(NOW + 400)
    check.soon(lambda: answered(env, FIRST) and answered(env, LONGER), "still refused")
    check.contains(env.node.log(), "revocation list srl:test of ver:enum is missing; signatures are accepted without it")
    resolved = env.rpc.enum_resolve(FIRST)
    check.equal((resolved["found"], len(resolved["warnings"])), (True, 1))


def test_only_whole_lines_revoke(env):
    """The name of a shorter number, or one inside a longer line, takes nothing back."""
    env.rpc.name_new("srl:test", f"enum:{FIRST}\nxenum:{FIRST}:0\nenum:{FIRST}:00\n enum:{FIRST}:0", 365)
    env.node.mine()
    check.equal((answered(env, FIRST), answered(env, LONGER)), (True, True))
    env.rpc.name_update("srl:test", f"other\nenum:{FIRST}:0\nmore", 0)
    env.node.mine()
    check.equal((answered(env, FIRST), answered(env, LONGER)), (False, True), "with its line, and with the next block")
    check.equal(env.rpc.enum_resolve(FIRST)["refused"][0]["reason"], "signature is revoked")


def test_taken_back(env):
    env.rpc.name_update("srl:test", "empty", 0)
    env.node.mine()
    check.equal(answered(env, FIRST), True)


def test_a_list_that_ends_closes_again(env):
    """Five more minutes begin when the list goes."""
    env.rpc.name_delete("srl:test")
    env.node.mine()
    check.equal((answered(env, FIRST), answered(env, LONGER)), (False, False))
    env.rpc.setmocktime(NOW + 800)
    check.soon(lambda: answered(env, FIRST), "still refused")


if __name__ == "__main__":
    run(globals())
