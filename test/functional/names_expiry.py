#!/usr/bin/env python3
"""The last block of a name: every door of the node tells the same story one block before, at, and after the expiry."""

from framework import check
from framework.dns import Client, enum_name
from framework.numbers import REGEXP, fund, register, verifier
from framework.suite import run

NUMBER = "18009350077"
SLOT = f"enum:{NUMBER}:0"
DOMAIN = "dns:short.coin"
DAY = 168


def setup(env):
    env.share("-mocktime=1800000000", "-emcdns=1", "-enumtrust=ver:enum")
    env.need_wallet()
    env.dns = Client(env.node.dns_port)
    fund(env.node)
    verifier(env.node)
    env.rpc.name_new(DOMAIN, "A=192.0.2.9", 1)
    register(env.node, NUMBER, days=1)
    env.expiry = env.rpc.getblockcount() + DAY
    check.equal({env.rpc.name_show(name)["expires_at"] for name in (DOMAIN, SLOT)}, {env.expiry})


def mine_to(env, height):
    env.node.mine(height - env.rpc.getblockcount())


def story(env, live):
    """What RPC and DNS say of both names at the present height."""
    left = env.expiry - env.rpc.getblockcount()
    for name in (DOMAIN, SLOT):
        for row in (env.rpc.name_show(name), env.rpc.name_list(name)[0], env.rpc.name_scan(name, 1)[0],
                    env.rpc.name_filter("^" + name + "$")[0]):
            check.equal((row["expires_in"], row.get("expired", False)), (left, not live), f"{name} at {left} blocks left")
    resolved = env.rpc.enum_resolve(NUMBER)
    check.equal((resolved["found"], len(resolved["routes"])), (live, 1 if live else 0), f"enum_resolve, {left} left")
    check.equal(env.dns.naptr(enum_name(NUMBER)), [REGEXP] if live else "NXDOMAIN", f"number, {left} left")
    answer = env.dns.ask("short.coin")
    check.equal((answer.rcode, answer.data("A")), ("NOERROR", ["192.0.2.9"]) if live else ("NXDOMAIN", []),
                f"domain, {left} left")


def test_one_block_before(env):
    mine_to(env, env.expiry - 1)
    story(env, True)
    check.refused(None, "name_new on an unexpired name", env.rpc.name_new, DOMAIN, "A=192.0.2.10", 1)


def test_at_the_expiry(env):
    mine_to(env, env.expiry)
    story(env, True)


def test_what_is_sent_at_the_expiry_is_for_the_next_block(env):
    """The next block is the first that may register the name anew, and too late for an update."""
    check.refused(None, "name_update on an inactive name", env.rpc.name_update, DOMAIN, "A=192.0.2.10", 1)
    check.equal(env.rpc.name_preview([{"NEW": DOMAIN, "value": "A=192.0.2.10", "days": 2}])["expires_at"],
                env.expiry + 1 + 2 * DAY)


def test_one_block_after(env):
    mine_to(env, env.expiry + 1)
    story(env, False)
    check.equal(env.rpc.enum_resolve(NUMBER)["refused"][0]["reason"], "expired")


def test_a_reorganisation_gives_the_last_block_back(env):
    env.rpc.invalidateblock(env.rpc.getbestblockhash())
    env.rpc.syncwithvalidationinterfacequeue()
    check.equal(env.rpc.getblockcount(), env.expiry)
    story(env, True)


def test_registered_anew_by_the_first_block_that_may(env):
    """Sent at the expiry, so the name never stops answering."""
    env.rpc.name_new(DOMAIN, "A=192.0.2.11", 1)
    env.node.mine()
    check.equal(env.rpc.getblockcount(), env.expiry + 1)
    check.equal(env.rpc.name_show(DOMAIN)["expires_at"], env.expiry + 1 + DAY)
    check.equal(env.dns.ask("short.coin").data("A"), ["192.0.2.11"])
    check.equal(env.dns.naptr(enum_name(NUMBER)), "NXDOMAIN")


def test_an_update_in_the_last_block_counts(env):
    mine_to(env, env.expiry + DAY)
    env.rpc.name_update(DOMAIN, "A=192.0.2.12", 1)
    env.node.mine()
    check.equal(env.rpc.getblockcount(), env.rpc.name_show(DOMAIN)["expires_at"] - DAY)
    check.equal(env.dns.ask("short.coin").data("A"), ["192.0.2.12"])


def test_a_verifier_speaks_until_its_last_block(env):
    env.rpc.name_new("ver:short", env.rpc.ver_record({"name": "Short"}), 1)
    env.node.mine()
    last = env.rpc.name_show("ver:short")["expires_at"]
    owner = env.rpc.getnewaddress()
    line = env.rpc.enum_sign("ver:short", NUMBER, owner)
    other = env.start("-mocktime=1800000000", "-emcdns=1", "-enumtrust=ver:short")
    env.rpc.name_new(SLOT, f"E2U+sip=100|10|{REGEXP}\n{line}", 30, owner)
    mine_to(env, last)
    for height in range(1, last + 1):
        other.rpc.submitblock(env.rpc.getblock(env.rpc.getblockhash(height), 0))
    dns = Client(other.dns_port)
    check.soon(lambda: dns.naptr(enum_name(NUMBER)) == [REGEXP], "the verifier's last block")
    check.equal(other.rpc.enum_resolve(NUMBER)["found"], True)
    env.node.mine()
    other.rpc.submitblock(env.rpc.getblock(env.rpc.getbestblockhash(), 0))
    check.soon(lambda: dns.naptr(enum_name(NUMBER)) == "NXDOMAIN", "the block after")
    check.equal(other.rpc.enum_resolve(NUMBER)["found"], False)


if __name__ == "__main__":
    run(globals())
