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
from framework.namespace import Program, enter, inside, name_server
from framework.node import free_port
from framework.numbers import fund, register, verifier
from framework.suite import Skip, need, run

CONTRIB = pathlib.Path(__file__).resolve().parent.parent.parent / "contrib"
NODE, UNBOUND, BIND = "127.0.0.53", "127.0.0.2", "127.0.0.1"
PROXY, PHONE, OTHER_PHONE, TRUNK = 5060, 15070, 15071, 15080
CALLER_NUMBER = "16135550199"
NUMBER, SPARE, MISSING, UNSIGNED = "18009359935", "4930123456", "4420794600", "16135550100"
CALLS = 50

# What both sides put around their messages; {extra} has the lines that differ.
MESSAGE = """<![CDATA[
{start}
{extra}
Call-ID: [call_id]
Content-Length: {length}

{body}]]>"""
SDP = "v=0\no=x 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [media_ip]\nt=0 0\nm=audio 6000 RTP/AVP 0\n"


def request(method, target, number, extra="", body=""):
    lines = (f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\nCSeq: {number} {method}\nMax-Forwards: 70\n"
             f"From: <sip:+{CALLER_NUMBER}@[local_ip]:[local_port]>;tag=[pid]t[call_number]\n"
             "Contact: <sip:caller@[local_ip]:[local_port]>") + extra
    retransmit = ' retrans="500"' if method != "ACK" else ""
    return f"<send{retransmit}>" + MESSAGE.format(start=f"{method} {target} SIP/2.0", extra=lines, length="[len]", body=body) + "</send>\n"


def response(code, tag, extra="", body=""):
    lines = (f"[last_Via:]\n[last_From:]\n[last_To:]{tag}\n[last_CSeq:]\n[last_Record-Route:]\n"
             "Contact: <sip:[local_ip]:[local_port]>") + extra
    return "<send>" + MESSAGE.format(start=f"SIP/2.0 {code}", extra=lines, length="[len]", body=body) + "</send>\n"


def scenario(name, steps):
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE scenario SYSTEM "sipp.dtd">\n<scenario name="{name}">\n{steps}</scenario>\n'


DIALLED = "sip:+[service]@[remote_ip]:[remote_port]"
WITH_SDP = "\nContent-Type: application/sdp"
IN_DIALOG = "\n[routes]\n[last_To:]"
CALLER = scenario("caller", request("INVITE", DIALLED, 1, f"\nTo: <{DIALLED}>" + WITH_SDP, SDP)
                  + '<recv response="100" optional="true"></recv>\n<recv response="180" optional="true"></recv>\n'
                  + '<recv response="200" rrs="true"></recv>\n' + request("ACK", "[next_url]", 1, IN_DIALOG)
                  + '<pause milliseconds="20"/>\n' + request("BYE", "[next_url]", 2, IN_DIALOG) + '<recv response="200"></recv>\n')
TAG = ";tag=[pid]u[call_number]"
PHONE_SIDE = scenario("phone", '<recv request="INVITE"></recv>\n' + response("180 Ringing", TAG) + response("200 OK", TAG, WITH_SDP, SDP)
                      + '<recv request="ACK" optional="true"></recv>\n<recv request="BYE"></recv>\n' + response("200 OK", ""))


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
    check.within(5, lambda: isinstance(Client(53, NODE).naptr(enum_name(NUMBER)), list), "the number is not served")
    env.path("caller.xml").write_text(CALLER)
    env.path("phone.xml").write_text(PHONE_SIDE)
    env.proxy = None


def start(env, *command):
    program = Program(env.folder, *command)
    env.at_end.append(program.stop)
    return program


def proxy(env, server, *more):
    """Kamailio that asks `server`."""
    if env.proxy is not None:
        env.proxy.stop()
    name_server(env.folder, server)
    env.path("run").mkdir(exist_ok=True)
    env.proxy = start(env, need("kamailio"), "-DD", "-E", "-m", "32", "-M", "4", "-Y", env.path("run"), "-P", env.path("kamailio.pid"),
                      "-f", CONTRIB / "pbx" / "kamailio.cfg", "-A", f"LISTEN_ADDRESS=udp:127.0.0.1:{PROXY}", "-A", f'TRUNK="127.0.0.1:{TRUNK}"', *more)
    probe = Client(PROXY)
    options = ("OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bKp\r\nFrom: <sip:p@127.0.0.1>;tag=1\r\n"
               "To: <sip:p@127.0.0.1>\r\nCall-ID: probe\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 0\r\nContent-Length: 0\r\n\r\n").encode()
    env.proxy.wait_for(lambda: b"483" in (probe.exchange(options, 0.3) or b""))


def call(env, number, port, calls=1):
    """Calls through the proxy; they must arrive at the phone on this port. Gives the request URIs it saw."""
    sipp = need("sipp")
    phone = start(env, sipp, "-sf", env.path("phone.xml"), "-i", "127.0.0.1", "-p", port, "-m", calls, "-nostdin", "-trace_msg", "-message_file",
                  env.path(f"phone-{port}.log"), "-message_overwrite", "true")
    caller = start(env, sipp, f"127.0.0.1:{PROXY}", "-sf", env.path("caller.xml"), "-s", number, "-i", "127.0.0.1", "-m", calls, "-r", 25,
                   "-nostdin", "-timeout", "30s", "-timeout_error", "-trace_msg", "-message_file", env.path("caller.log"), "-message_overwrite", "true")
    if caller.wait_code(40) != 0:
        raise AssertionError(f"the call of {number} failed: {caller.text()[-2000:]}\n{env.proxy.text()[-2000:]}")
    check.equal(phone.wait_code(20), 0, "the phone")
    text = env.path(f"phone-{port}.log").read_text(errors="replace")
    return sorted(set(re.findall(r"^INVITE (\S+) SIP/2.0", text, re.MULTILINE)))


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
    if not list(pathlib.Path("/usr/lib").glob("*/kamailio/modules/http_client.so")):
        raise Skip("kamailio-utils-modules is not installed")
    port = free_port()
    url = f'CALLS_URL="emercoin=>http://switch:secret@127.0.0.1:{port}/calls"'
    proxy(env, NODE, "-A", "WITH_CALLS", "-A", url)
    call(env, NUMBER, PHONE)
    time.sleep(2)  # nobody listens yet
    env.node.restart("-calls", f"-callhttp=127.0.0.1:{port}", "-callhttpauth=switch:secret")
    env.rpc = env.node.rpc
    check.within(20, lambda: env.rpc.call_stats(NUMBER)["calls"] == 1, "the call that waited")
    call(env, NUMBER, PHONE, CALLS)
    check.within(20, lambda: env.rpc.call_stats(NUMBER)["calls"] == CALLS + 1, "all calls")
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
