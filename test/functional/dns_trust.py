#!/usr/bin/env python3
"""setenumtrust: the list outlives stop and kill until -enumtrust itself is changed, and copies of the zones follow it."""

import re
import subprocess

from framework import check
from framework.dns import Client, enum_name
from framework.numbers import fund, signed_value, verifier
from framework.suite import need, run

FIRST, SECOND = "18009350301", "18009350302"
OPTION = "-enumtrust=ver:one"


def setup(env):
    env.share("-emcdns=1", "-emcdnsallowed=$enum|.coin", "-emcdnsxfr=127.0.0.0/8", "-selfns=ns1.gate.test", OPTION)
    env.need_wallet()
    fund(env.node)
    for name, number in (("ver:one", FIRST), ("ver:two", SECOND)):
        verifier(env.node, name)
        owner = env.rpc.getnewaddress()
        env.rpc.name_new(f"enum:{number}:0", signed_value(env.node, number, owner, verifier_name=name), 365, owner)
    env.node.mine()
    env.file = env.node.network / "enumtrust"
    served(env, FIRST)


def client(env):
    return Client(env.node.dns_port)


def serial(env):
    return client(env).ask("enum", "SOA").data("SOA")[0][2]


def served(env, *numbers):
    """DNS and RPC answer exactly these numbers."""
    for number in (FIRST, SECOND):
        wanted = number in numbers
        check.soon(lambda: (client(env).naptr(enum_name(number)) != "NXDOMAIN") == wanted, f"{number} in DNS, wanted {wanted}")
        check.equal(env.node.rpc.enum_resolve(number)["found"], wanted, number)


def transfer(env, kind):
    """Numbers in the answer to dig's transfer, and how many SOA it has."""
    text = subprocess.run([need("dig"), "@127.0.0.1", "-p", str(env.node.dns_port), kind, "enum", "+noall", "+answer"],
                          capture_output=True, text=True, check=True).stdout
    numbers = {name.replace(".", "")[::-1] for name in re.findall(r"^([\d.]+)\.enum\.", text, re.M)}
    return numbers, len(re.findall(r"\sSOA\s", text))


def test_copies_follow(env):
    """The serial grows, and who had the zone before gets it anew."""
    check.equal(transfer(env, "axfr"), ({FIRST}, 2))
    before = serial(env)
    env.rpc.setenumtrust(["ver:two"])
    served(env, SECOND)
    check.soon(lambda: serial(env) > before, "the serial does not grow")
    check.equal(transfer(env, f"ixfr={before}"), ({SECOND}, 2), "the whole zone")
    check.equal(transfer(env, "axfr"), ({SECOND}, 2))
    check.equal(transfer(env, f"ixfr={serial(env)}"), (set(), 1), "nothing new")


def test_the_list_outlives_a_restart(env):
    before = serial(env)
    check.equal(env.file.read_text(), "enumtrust ver:one\nset ver:two\n")
    check.equal(env.file.stat().st_mode & 0o777, 0o600)
    env.node.restart()
    check.equal(env.node.rpc.getdnsinfo()["enumtrust"], ["ver:two"])
    check.true(env.node.logged("verifiers trusted as setenumtrust was told, not as -enumtrust says: ver:two"), "not in the log")
    served(env, SECOND)
    check.soon(lambda: serial(env) == before, f"the serial was {before} and the zone is the same")


def test_the_list_outlives_a_kill(env):
    """Killed before or after the zones were judged anew: what a copy has is never taken for what is served now."""
    for turn in range(6):
        before, content = serial(env), transfer(env, "axfr")[0]
        wanted = [["ver:one"], ["ver:two"], ["ver:one", "ver:two"]][turn % 3]
        env.node.rpc.setenumtrust(wanted)
        env.node.kill()
        env.node.start()
        check.equal(env.node.rpc.getdnsinfo()["enumtrust"], wanted)
        served(env, *[number for name, number in (("ver:one", FIRST), ("ver:two", SECOND)) if name in wanted])
        check.soon(lambda: transfer(env, "axfr")[1] == 2, "copies are refused")
        now = transfer(env, "axfr")[0]
        check.true(now != content and serial(env) > before, f"serial {serial(env)} after {before}: {now} after {content}")


def test_a_changed_option_counts(env):
    before = serial(env)
    check.true(env.file.exists(), "no file")
    env.node.restart("-enumtrust=ver:two")
    check.equal(env.node.rpc.getdnsinfo()["enumtrust"], ["ver:one", "ver:two"], "an option given twice")
    check.true(not env.file.exists(), "the file stands for another -enumtrust")
    check.true(env.node.logged("-enumtrust was changed after setenumtrust and counts from now on"), "not in the log")
    served(env, FIRST, SECOND)
    env.node.restart()
    check.equal(env.node.rpc.getdnsinfo()["enumtrust"], ["ver:one"], "what was set long ago is back")
    served(env, FIRST)
    check.true(serial(env) > before, "the serial does not grow")


def test_a_damaged_file(env):
    env.node.stop()
    for text in ("", "enumtrust ver:one\nset ver:two", "\0" * 50):
        env.file.write_text(text)
        env.node.start()
        check.equal(env.node.rpc.getdnsinfo()["enumtrust"], ["ver:one"], repr(text))
        check.true(env.node.logged(re.escape(str(env.file)) + " cannot be read or is damaged"), "not named in the log")
        env.node.stop()
        check.equal(env.file.read_text(), text, "left as it is")
    env.file.unlink()
    env.node.start()


def test_what_cannot_be_kept_is_refused(env):
    blocked = env.file.with_name("enumtrust.new")
    blocked.mkdir()
    check.refused(-8, f"cannot write {env.file}", env.node.rpc.setenumtrust, ["ver:two"])
    check.equal(env.node.rpc.getdnsinfo()["enumtrust"], ["ver:one"])
    served(env, FIRST)
    blocked.rmdir()
    check.equal(env.node.rpc.setenumtrust([]), [])
    served(env)
    env.node.restart()
    check.equal(env.node.rpc.getdnsinfo()["enumtrust"], [], "nobody is a list, too")


if __name__ == "__main__":
    run(globals())
