"""Telephony of the tests: Kamailio with contrib's configuration routes calls, sipp makes and takes them."""

import pathlib

from .dns import Client
from .namespace import Program
from .suite import Skip, need

KAMAILIO_CFG = pathlib.Path(__file__).resolve().parents[3] / "contrib" / "pbx" / "kamailio.cfg"
PORT = 5060
SECONDS = 180  # for all calls of one program, on a machine that has much else to do

# What both sides put around their messages; {extra} has the lines that differ.
MESSAGE = """<![CDATA[
{start}
{extra}
Call-ID: [call_id]
Content-Length: {length}

{body}]]>"""
SDP = "v=0\no=x 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [media_ip]\nt=0 0\nm=audio 6000 RTP/AVP 0\n"
DIALLED = "sip:+[service]@[remote_ip]:[remote_port]"
WITH_SDP = "\nContent-Type: application/sdp"
IN_DIALOG = "\n[routes]\nTo:[$1]"  # of the answer, whatever has come since
ANSWERED = ('<recv response="200" rrs="true"><action><ereg regexp=".*" search_in="hdr" header="To:" check_it="true" assign_to="1"/></action></recv>\n')
TAG = ";tag=[pid]u[call_number]"


def request(method, target, number, extra="", body=""):
    lines = (f"Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\nCSeq: {number} {method}\nMax-Forwards: 70\n"
             f"From: <sip:+[caller]@[local_ip]:[local_port]>;tag=[pid]t[call_number]\n"
             "Contact: <sip:caller@[local_ip]:[local_port]>") + extra
    retransmit = ' retrans="500"' if method != "ACK" else ""
    return f"<send{retransmit}>" + MESSAGE.format(start=f"{method} {target} SIP/2.0", extra=lines, length="[len]", body=body) + "</send>\n"


def response(code, tag, extra="", body=""):
    lines = (f"[last_Via:]\n[last_From:]\n[last_To:]{tag}\n[last_CSeq:]\n[last_Record-Route:]\n"
             "Contact: <sip:[local_ip]:[local_port]>") + extra
    return "<send>" + MESSAGE.format(start=f"SIP/2.0 {code}", extra=lines, length="[len]", body=body) + "</send>\n"


def scenario(name, steps):
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE scenario SYSTEM "sipp.dtd">\n<scenario name="{name}">\n{steps}</scenario>\n'


def _caller(talk):
    return scenario("caller", request("INVITE", DIALLED, 1, f"\nTo: <{DIALLED}>" + WITH_SDP, SDP)
                    + '<recv response="100" optional="true"></recv>\n<recv response="180" optional="true"></recv>\n'
                    + ANSWERED + request("ACK", "[next_url]", 1, IN_DIALOG) + talk
                    + request("BYE", "[next_url]", 2, IN_DIALOG) + '<recv response="200"></recv>\n')


SCENARIOS = {
    "short": _caller('<pause milliseconds="20"/>\n'),
    "until told": _caller('<recv request="INFO"></recv>\n'),
    "phone": scenario("phone", '<recv request="INVITE"></recv>\n' + response("200 OK", TAG, WITH_SDP, SDP)
                      + '<recv request="ACK" optional="true"></recv>\n<recv request="BYE"></recv>\n' + response("200 OK", "")),
}


def start(env, *command):
    """A program that ends with the script at the latest."""
    program = Program(env.folder, *command)
    env.at_end.append(program.stop)
    return program


def need_call_records():
    if not list(pathlib.Path("/usr/lib").glob("*/kamailio/modules/http_client.so")):
        raise Skip("kamailio-utils-modules is not installed")


def _packet(method, uri, call_id, hops, local="127.0.0.1:9"):
    return (f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {local};rport;branch=z9hG4bKp\r\nFrom: <sip:p@127.0.0.1>;tag=1\r\n"
            f"To: <sip:p@127.0.0.1>\r\nCall-ID: {call_id}\r\nCSeq: 1 {method}\r\nMax-Forwards: {hops}\r\nContent-Length: 0\r\n\r\n").encode()


def kamailio(env, host, defines, wrapper=()):
    """Kamailio with contrib's file on host:5060, and names it defines ('TRUNK="…"'); returns when it answers."""
    place = env.path(f"kamailio-{host}")
    place.mkdir(exist_ok=True)
    words = [word for one in (f"LISTEN_ADDRESS=udp:{host}:{PORT}", *defines) for word in ("-A", one)]
    program = start(env, *wrapper, need("kamailio"), "-DD", "-E", "-m", "256", "-M", "8", "-Y", place, "-P", place / "pid", "-f", KAMAILIO_CFG, *words)
    probe, packet = Client(PORT, host), _packet("OPTIONS", f"sip:{host}", "probe", 0)
    return program.wait_for(lambda: b"483" in (probe.exchange(packet, 0.3) or b""), 60)


def calls_url(port):
    """What to define so that Kamailio hands its records to a node."""
    return "WITH_CALLS", f'CALLS_URL="emercoin=>http://switch:secret@127.0.0.1:{port}/calls"'


def _sipp(env, name, *words):
    path = env.path(f"{name.replace(' ', '-')}.xml")
    path.write_text(SCENARIOS[name])
    return start(env, need("sipp"), "-sf", path, "-nostdin", "-trace_err", "-error_file", path.with_suffix(".errors"), *words)


def phone(env, host, port, *more):
    """Takes every call, until it is stopped; its messages are in phone-PORT.log."""
    return _sipp(env, "phone", "-i", host, "-p", port, "-trace_msg", "-message_file", env.path(f"phone-{port}.log"), "-message_overwrite", "true", *more)


def heard(env, port, method, call_id=""):
    """Request lines of this method that the phone has seen."""
    path = env.path(f"phone-{port}.log")
    packets = path.read_text(errors="replace").split("\nUDP message ") if path.exists() else []
    return [line for packet in packets if call_id in packet for line in packet.splitlines() if line.startswith(f"{method} ")]


def caller(env, proxy, numbers, *more, talk="short"):
    """Calls numbers[1] as numbers[0] through the Kamailio on this host; not waited for."""
    return _sipp(env, talk, f"{proxy}:{PORT}", "-key", "caller", numbers[0], "-s", numbers[1], "-timeout", f"{SECONDS}s", "-timeout_error", *more)


def hang_up(host, port, call_id):
    """Tells a caller who talks "until told"."""
    Client(port, host).exchange(_packet("INFO", f"sip:{host}:{port}", call_id, 70), 0.1)


def done(program, proxy):
    """Waits for a caller; every call must have been taken."""
    if program.wait_code(SECONDS + 20) != 0:
        raise AssertionError(f"a call failed: {program.text()[-2000:]}\n{proxy.text()[-2000:]}")
