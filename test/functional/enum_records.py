#!/usr/bin/env python3
"""Numbers and verifiers on the chain: building, signing, and every rule that refuses a record, by its number."""

from framework import check
from framework.chain import Tx, name_script
from framework.numbers import NUMBER, ROUTE, fund, register, signed_value, verifier
from framework.suite import run

NAME = f"enum:{NUMBER}:0"


def setup(env):
    env.share("-mocktime=1800000000", "-enumtrust=ver:enum")
    env.need_wallet()
    fund(env.node)


def mine(env, count=1):
    env.node.mine(count)


def reasons(env, number=NUMBER):
    return {row["slot"]: row["reason"] for row in env.rpc.enum_resolve(number)["refused"]}


def test_enum_record(env):
    made = env.rpc.enum_record(NUMBER, "sip:17772325555@in.callcentric.com", {"ere": "^(.*)$"})
    check.equal(made["name"], NAME)
    check.contains(made["value"], "sip:17772325555@in.callcentric.com!")
    check.equal(env.rpc.enum_parse(NUMBER, made["value"])["canonical"], True)
    full = env.rpc.enum_record("+1 800-935-9935", "sip:a@b.example", {
        "service": "E2U+sip", "order": 100, "preference": 10, "ttl": 600, "slot": 3,
        "routes": [{"uri": "mailto:a@b.example", "service": "E2U+email:mailto"}]})
    check.equal(full["name"], f"enum:{NUMBER}:3")
    check.equal(len(full["value"].split("\n")), 3)
    check.contains(full["value"], "TTL=600")


def test_enum_record_refusals(env):
    for number in ("", "123", "0123456", "1234567890123456", "12a45", "enum:18009359935:0"):
        check.refused(-8, "is no telephone number", env.rpc.enum_record, number, "sip:a@b.c")
    for uri in ("nothing", "sip:", ":x", "sip:a!b", "sip:" + "x" * 300, "sip:\\1"):
        check.refused(-8, "The record is not valid", env.rpc.enum_record, NUMBER, uri)
    for options in ({"order": 65536}, {"order": -1}, {"preference": "x"}, {"ttl": 604801}, {"slot": 1000},
                    {"ere": "("}, {"ere": "^99"}, {"ere": "a{2,1}"}, {"service": "sip"}, {"colour": 1}, {"sig": "SIG=x"}):
        check.refused(None, "", env.rpc.enum_record, NUMBER, "sip:a@b.c", options)


def test_enum_parse(env):
    """The blog post's way of writing: one line, the last delimiter missing."""
    read = env.rpc.enum_parse(NUMBER, "E2U+sip=100|10|!^(.*)$!sip:17772325555@in.callcentric.com")
    check.equal((read["value"], read["canonical"], read["uris"]), (ROUTE, False, ["sip:17772325555@in.callcentric.com"]))
    check.equal(read["repairs"][0]["needs_consent"], True)
    check.refused(-8, "The record is not valid", env.rpc.enum_parse, NUMBER, "hello")


def test_ver_record(env):
    check.equal(env.rpc.ver_record({"name": "Test", "url": "https://v.example"}), "name=Test\nurl=https://v.example")
    for fields in ({}, {"url": "https://v.example"}, {"name": ""}, {"name": "x" * 256}, {"name": "ä"}, {"name": "a", "N": "b"}):
        check.refused(-8, "The verifier record is not valid", env.rpc.ver_record, fields)


def test_register_sign_resolve(env):
    """First registered without a signature, then signed by the verifier, then it counts."""
    verifier(env.node)
    env.rpc.name_new(NAME, ROUTE, 365)
    mine(env)
    answer = env.rpc.enum_resolve("+1 (800) 935-9935")
    check.equal((answer["found"], answer["routes"], answer["trusted_verifiers"]), (False, [], ["ver:enum"]))
    check.equal(reasons(env), {0: "no signature"})
    owner = env.rpc.name_show(NAME)["address"]
    check.equal(env.rpc.enum_signature_text(NUMBER, owner), f"ENUM1\nenum:{NUMBER}\n{owner}\n0")
    line = env.rpc.enum_sign("ver:enum", NUMBER, owner)
    check.matches(line, r"^SIG=ver:enum\|[A-Za-z0-9+/]{87}=$")
    env.rpc.name_update(NAME, ROUTE + "\n" + line, 0)
    mine(env)
    answer = env.rpc.enum_resolve(NUMBER)
    check.equal((answer["found"], answer["refused"]), (True, []))
    route = answer["routes"][0]
    check.equal((route["uri"], route["order"], route["preference"], route["service"], route["slot"], route["verifier"]),
                ("sip:17772325555@in.callcentric.com", 100, 10, "E2U+sip", 0, "ver:enum"))


def test_signature_is_that_of_signmessage(env):
    owner = env.rpc.name_show(NAME)["address"]
    line = env.rpc.enum_sign("ver:enum", NUMBER, owner, 1900000000)
    _, signature, expiry = line.split("|")
    check.equal(expiry, "1900000000")
    address = env.rpc.name_show("ver:enum")["address"]
    text = env.rpc.enum_signature_text(NUMBER, owner, 1900000000)
    check.equal(env.rpc.verifymessage(address, signature, text), True)


def test_signature_for_another_owner_is_refused(env):
    """E-05, from the wallet before anything is paid, and from the mempool for a transaction made by hand."""
    number = "18009359936"
    wrong = signed_value(env.node, number, env.rpc.getnewaddress())
    message = check.refused(None, "E-05", env.rpc.name_new, f"enum:{number}:0", wrong, 30, env.rpc.getnewaddress())
    check.contains(message, "SIG")
    coin = env.rpc.listunspent()[0]
    owner = env.rpc.validateaddress(env.rpc.getnewaddress())["scriptPubKey"]
    tx = Tx(0x666).spend(coin["txid"], coin["vout"])
    tx.pay(10_000, name_script(1, f"enum:{number}:0", owner, wrong, 30))
    tx.pay(int(coin["amount"] * 10 ** 8) - 10 ** 8, owner)
    signed = env.rpc.signrawtransactionwithwallet(tx.hex())
    check.equal(signed["complete"], True)
    check.refused(-26, "bad-enum-signature, E-05", env.rpc.sendrawtransaction, signed["hex"], 0)
    check.refused(None, "E-05", env.rpc.generateblock, owner_address(env), [signed["hex"]])
    check.equal(env.rpc.enum_resolve(number)["found"], False)


def owner_address(env):
    return env.rpc.getnewaddress()


def test_transfer_drops_the_signature(env):
    """The SIG lines of the old value name its owner: the wallet leaves them out, and says so."""
    number, owner = "18009359939", env.rpc.getnewaddress()
    value = signed_value(env.node, number, owner)
    env.rpc.name_new(f"enum:{number}:0", value, 30, owner)
    mine(env)
    transfer = {"UPDATE": f"enum:{number}:0", "value": value, "days": 0, "toaddress": env.rpc.getnewaddress()}
    check.equal(env.rpc.name_preview([transfer])["dropped_signatures"], 1)
    env.rpc.name_updatemany([transfer])
    mine(env)
    shown = env.rpc.name_show(f"enum:{number}:0")
    check.equal((shown["address"], "SIG=" in shown["value"]), (transfer["toaddress"], False))
    check.equal(env.rpc.enum_resolve(number)["found"], False, "nobody has signed for the new owner")
    value = env.rpc.name_show(NAME)["value"]
    env.rpc.name_update(NAME, value, 1)
    mine(env)
    check.equal(env.rpc.enum_resolve(NUMBER)["found"], True, "a renewal keeps the signature")


def test_signature_of_another_number(env):
    owner = env.rpc.getnewaddress()
    check.refused(None, "E-05", env.rpc.name_new, "enum:18009359937:0", signed_value(env.node, NUMBER, owner), 30, owner)


def test_signature_in_any_slot(env):
    """A signature is for number and owner, not for the slot."""
    owner = env.rpc.getnewaddress()
    env.rpc.name_new(f"enum:{NUMBER}:1", signed_value(env.node, NUMBER, owner), 30, owner)
    mine(env)
    check.equal(sorted(route["slot"] for route in env.rpc.enum_resolve(NUMBER)["routes"]), [0, 1])


def test_slot_gap(env):
    check.refused(None, "E-03", env.rpc.name_new, f"enum:{NUMBER}:3", ROUTE, 30)
    check.refused(None, "E-03", env.rpc.name_new, "enum:18009350000:1", ROUTE, 30)
    env.rpc.name_new(f"enum:{NUMBER}:2", ROUTE, 30)
    mine(env)
    check.equal(reasons(env), {2: "no signature"})
    env.rpc.name_delete(f"enum:{NUMBER}:1")
    mine(env)
    check.refused(None, "E-03", env.rpc.name_new, f"enum:{NUMBER}:4", ROUTE, 30)
    env.rpc.name_update(f"enum:{NUMBER}:2", ROUTE, 1)
    mine(env)
    check.equal(reasons(env), {2: "no signature"}, "a gap hides nothing")


def test_slot_costs_more(env):
    def burned(slot):
        return env.rpc.name_preview([{"NEW": f"enum:{NUMBER}:{slot}", "value": ROUTE, "days": 30}])["burned"]
    first = env.rpc.name_preview([{"NEW": "enum:18009350001:0", "value": ROUTE, "days": 30}])["burned"]
    check.equal(burned(1), 2 * first)


def test_bad_names(env):
    for name in ("enum:", "enum:100:0", "enum:01000:0", "enum:18009359935", "enum:18009359935:00", "enum:18009359935:1000",
                 "enum:18009359935:-1", "enum:1234567890123456:0", "enum:tollfree:0", "enum:tollfree:1234", "enum:18009359935:0 "):
        check.refused(None, "E-01", env.rpc.name_new, name, ROUTE, 30)
    for name in ("ver:", "ver:Enum", "ver:.a", "ver:" + "a" * 33, "ver:a b"):
        check.refused(None, "E-01", env.rpc.name_new, name, "name=x", 30)
    env.rpc.name_new("Enum:5", "free-form", 30)
    mine(env)


def test_bad_values(env):
    lines = ("", "hello", "E2U+sip=100|10|!^(.*)$!sip:a@b.c", "E2U+sip=65536|10|!^.*$!sip:a@b.c!", "E2U+sip=1|1|!^.*$!nouri!",
             "E2U+sip=1|1|!^99.*$!sip:a@b.c!", "E2U+sip=1|1|!^(.*$!sip:a@b.c!", "E2U+sip=1|1|!^.*$!sip:\\1@b.c!", "E2U=1|1|!^.*$!sip:a!",
             ROUTE + "\n", "\n" + ROUTE, ROUTE + "\nTTL=0", ROUTE + "\nTTL=604801", ROUTE + "\nTTL=5\nTTL=5", ROUTE + "\r",
             ROUTE + "\nSIG", ROUTE + "\nSIG=", ROUTE + "\nSIG=ver:enum", ROUTE + "\nSIG=ver:enum|AAAA", "TTL=5", "X-a=b",
             "\n".join([ROUTE] * 17), ROUTE + "\nX-" + "a" * 31 + "=1", ROUTE + "\nx=y", ROUTE + "\nX-a=\u00e4")
    for value in lines:
        message = check.refused(None, "E-", env.rpc.name_new, "enum:18009350002:0", value, 30)
        check.matches(message, r"E-(0[2-9]|[1-9]\d)")
    check.equal(env.rpc.getrawmempool(), [])


def test_bad_verifiers(env):
    for value in ("", "name", "name=", "url=x", "name=a\nname=b", "name=a\n", "name=a\nSRL=31|x%d", "name=a\nSRL=5|%s"):
        check.refused(None, "V-01", env.rpc.name_new, "ver:bad", value, 30)
    check.refused(None, "V-02", env.rpc.name_new, "ver:bad", "name=x", 30, env.rpc.getnewaddress("", "p2sh-segwit"))
    env.rpc.name_new("ver:legacy", "name=x", 30, "legacy")
    mine(env)


def test_unknown_verifier(env):
    owner = env.rpc.getnewaddress()
    value = signed_value(env.node, "18009350003", owner).replace("ver:enum", "ver:nobody")
    check.refused(None, "E-04", env.rpc.name_new, "enum:18009350003:0", value, 30, owner)
    check.refused(-4, "ver:nobody is not registered", env.rpc.enum_sign, "ver:nobody", NUMBER, owner)
    check.refused(-8, "is no verifier name", env.rpc.enum_sign, "enum", NUMBER, owner)
    check.refused(-8, "is no telephone number", env.rpc.enum_sign, "ver:enum", "12", owner)
    check.refused(-5, "Invalid owner address", env.rpc.enum_sign, "ver:enum", NUMBER, "me")
    check.refused(-8, "", env.rpc.enum_sign, "ver:enum", NUMBER, owner, 4294967296)


def test_verifier_of_somebody_else(env):
    other = env.start("-mocktime=1800000000")
    for height in range(1, env.rpc.getblockcount() + 1):
        other.rpc.submitblock(env.rpc.getblock(env.rpc.getblockhash(height), 0))
    other.rpc.syncwithvalidationinterfacequeue()
    check.refused(-4, "ver:enum is not owned by this wallet", other.rpc.enum_sign, "ver:enum", NUMBER,
                  other.rpc.getnewaddress())
    check.equal(other.rpc.enum_resolve(NUMBER)["found"], False, "trusts nobody")
    check.contains(str(other.rpc.enum_resolve(NUMBER)["refused"]), "trusted")
    other.stop()


def test_untrusted_verifier(env):
    owner = env.rpc.getnewaddress()
    value = signed_value(env.node, "18009350004", owner, verifier_name="ver:legacy")
    env.rpc.name_new("enum:18009350004:0", value, 30, owner)
    mine(env)
    check.equal(reasons(env, "18009350004"), {0: "no signature of a trusted verifier"})


def test_signature_expires(env):
    """While the date is ahead it counts; then no longer, without any block saying so."""
    register(env.node, "18009350005", expiry=1800000600)
    check.equal(env.rpc.enum_resolve("18009350005")["found"], True)
    env.rpc.setmocktime(1800000601)
    answer = env.rpc.enum_resolve("18009350005")
    check.equal((answer["found"], reasons(env, "18009350005")), (False, {0: "signature has expired"}))
    env.rpc.setmocktime(1800000000)
    check.equal(env.rpc.enum_resolve("18009350005")["found"], True, "the clock went back")


def test_record_expires(env):
    register(env.node, "18009350006", days=1)
    mine(env, 167)
    check.equal(env.rpc.enum_resolve("18009350006")["found"], True)
    mine(env, 2)
    check.equal(reasons(env, "18009350006"), {0: "expired"})


def test_order_of_routes(env):
    routes = "\n".join(f"E2U+sip={order}|{preference}|!^.*$!sip:{order}-{preference}@a.example!"
                       for order, preference in ((200, 1), (100, 20), (100, 10)))
    register(env.node, "18009350007", routes=routes)
    check.equal([route["uri"] for route in env.rpc.enum_resolve("18009350007")["routes"]],
                ["sip:100-10@a.example", "sip:100-20@a.example", "sip:200-1@a.example"])


def test_unknown_number(env):
    answer = env.rpc.enum_resolve("4930123456")
    check.equal((answer["found"], answer["routes"], answer["refused"]), (False, [], []))
    check.refused(-8, "is no telephone number", env.rpc.enum_resolve, "call me")


def test_verifier_that_expires_or_moves(env):
    """When the verifier's record ends or changes hands, its signatures end with it."""
    env.rpc.name_update("ver:enum", env.rpc.ver_record({"name": "Renamed"}), 0)
    mine(env)
    check.equal(env.rpc.enum_resolve(NUMBER)["found"], True, "an update keeps owner and signatures")
    env.rpc.name_update("ver:enum", env.rpc.ver_record({"name": "Moved"}), 0, env.rpc.getnewaddress())
    mine(env)
    check.equal(reasons(env)[0], "signature does not verify for number, owner and expiry")
    env.rpc.name_delete("ver:enum")
    mine(env)
    check.equal(reasons(env)[0], "verifier is not registered or has expired")


if __name__ == "__main__":
    run(globals())
