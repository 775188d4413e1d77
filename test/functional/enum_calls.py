#!/usr/bin/env python3
"""Telephone calls routed by the node's answers: sipp calls, Kamailio asks for the number, sipp answers.

Kamailio runs with contrib/pbx/kamailio.cfg and asks the node directly, through Unbound and through BIND. The script runs in a network of
its own, where /etc/resolv.conf names the server Kamailio asks.
"""

import pathlib
import re
import time

from framework import check
from framework.dns import Client, enum_name
from framework.namespace import enter, inside, name_server
from framework.node import free_port
from framework.numbers import fund, register, verifier
from framework.sip import caller, calls_url, done, heard, kamailio, need_call_records, phone, start
from framework.suite import Skip, need, run

CONTRIB = pathlib.Path(__file__).resolve().parent.parent.parent / "contrib"
NODE, UNBOUND, BIND = "127.0.0.53", "127.0.0.2", "127.0.0.1"
PROXY = "127.0.0.1"
PHONE, OTHER_PHONE, TRUNK = 15070, 15071, 15080
CALLER_NUMBER = "16135550199"
NUMBER, SPARE, MISSING, UNSIGNED = "18009359935", "4930123456", "4420794600", "16135550100"
CALLS = 50


def setup(env):
    need("kamailio"), need("sipp")
    if not inside():
        raise Skip("no namespaces for networks here")
    env.node = env.make("-mocktime=1800000000", "-emcdns=1", f"-emcdnsbindip={NODE}", "-enumtrust=ver:enum")
    env.node.dns_port = 53
    env.node.start()
    env.rpc = env.node.rpc
    env.need_wallet()
    fund(env.node)
    verifier(env.node)
    register(env.node, NUMBER, routes=f"E2U+sip=100|10|!^(.*)$!sip:\\1@127.0.0.1:{PHONE}!")
    register(env.node, SPARE, routes=f"E2U+sip=100|10|!^.*$!sip:first@127.0.0.1:1!\nE2U+sip=100|20|!^.*$!sip:second@127.0.0.1:{OTHER_PHONE}!")
    env.rpc.name_new(f"enum:{UNSIGNED}:0", f"E2U+sip=100|10|!^(.*)$!sip:\\1@127.0.0.1:{PHONE}!", 365)
    env.node.mine()
    check.soon(lambda: isinstance(Client(53, NODE).naptr(enum_name(NUMBER)), list), "the number is not served")
    env.proxy = None


def proxy(env, server, *more):
    """Kamailio that asks `server`."""
    if env.proxy is not None:
        env.proxy.stop()
    name_server(env.folder, server)
    env.proxy = kamailio(env, PROXY, (f'TRUNK="127.0.0.1:{TRUNK}"', *more))


def call(env, number, port, calls=1):
    """Calls through the proxy; they must arrive at the phone on this port. Gives the request URIs it saw."""
    answers = phone(env, PROXY, port, "-m", calls)
    done(caller(env, PROXY, (CALLER_NUMBER, number), "-i", PROXY, "-m", calls, "-r", 25), env.proxy)
    check.equal(answers.wait_code(60), 0, "the phone")
    return sorted({line.split()[1] for line in heard(env, port, "INVITE")})


def routed(env):
    """A number of the chain goes to its route, every other one to the trunk."""
    check.equal(call(env, NUMBER, PHONE), [f"sip:+{NUMBER}@127.0.0.1:{PHONE}"])
    for number in (MISSING, UNSIGNED):
        check.equal(call(env, number, TRUNK), [f"sip:+{number}@127.0.0.1:{TRUNK}"])


def test_the_node_alone(env):
    proxy(env, NODE)
    routed(env)


def test_the_second_route_when_the_first_is_dead(env):
    check.equal(call(env, SPARE, OTHER_PHONE), [f"sip:second@127.0.0.1:{OTHER_PHONE}"])


def test_many_calls(env):
    call(env, NUMBER, PHONE, CALLS)


def test_call_records(env):
    """Kamailio hands each call to the node when it ends; what it cannot hand over waits."""
    need_call_records()
    port = free_port()
    proxy(env, NODE, *calls_url(port))
    call(env, NUMBER, PHONE)
    time.sleep(2)  # nobody listens yet
    env.node.restart("-calls", f"-callhttp=127.0.0.1:{port}", "-callhttpauth=switch:secret")
    env.rpc = env.node.rpc
    check.soon(lambda: env.rpc.call_stats(NUMBER)["calls"] == 1, "the call that waited")
    call(env, NUMBER, PHONE, CALLS)
    check.soon(lambda: env.rpc.call_stats(NUMBER)["calls"] == CALLS + 1, "all calls")
    seen = env.rpc.call_list(CALLER_NUMBER, NUMBER)
    check.equal({(row["caller"], row["callee"], row["minutes"]) for row in seen}, {(CALLER_NUMBER, NUMBER, 1)})
    check.equal(env.rpc.call_sources()[0]["problem_count"], 0)


def test_through_unbound(env):
    program = need("unbound")
    config = env.path("unbound.conf")
    config.write_text(f'server:\n    username: ""\n    chroot: ""\n    directory: "{env.folder}"\n    pidfile: ""\n    use-syslog: no\n'
                      f"    interface: {UNBOUND}\n" + (CONTRIB / "dns" / "unbound.conf").read_text().replace("127.0.0.1@5335", f"{NODE}@53"))
    unbound = start(env, program, "-d", "-c", config)
    unbound.wait_for(lambda: "start of service" in unbound.text())
    proxy(env, UNBOUND)
    routed(env)


def test_through_bind(env):
    program = need("named")
    config = env.path("named.conf")
    config.write_text(f'options {{ directory "{env.folder}"; pid-file none; lock-file none; listen-on {{ {BIND}; }}; listen-on-v6 {{ none; }};\n'
                      f'include "{CONTRIB}/dns/named-options.conf"; }};\ncontrols {{ }};\n' +
                      (CONTRIB / "dns" / "named-zones.conf").read_text().replace("127.0.0.1 port 5335", f"{NODE} port 53"))
    named = start(env, program, "-g", "-n", "1", "-c", config)
    named.wait_for(lambda: re.search(r"\brunning$", named.text(), re.MULTILINE))
    proxy(env, BIND)
    routed(env)


def test_the_trunk_when_the_node_is_gone(env):
    """Nobody answers on the node's port: calls go over the trunk at once."""
    proxy(env, NODE)
    env.node.stop()
    check.equal(call(env, NUMBER, TRUNK), [f"sip:+{NUMBER}@127.0.0.1:{TRUNK}"])


if __name__ == "__main__":
    enter()
    run(globals())
