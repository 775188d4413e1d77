#!/usr/bin/env python3
"""The configurations of contrib/dns and contrib/pbx, each read by its program's own checker. No node is needed."""

import configparser
import pathlib
import re
import subprocess
import xml.dom.minidom

from framework import check
from framework.suite import need, run

CONTRIB = pathlib.Path(__file__).resolve().parent.parent.parent / "contrib"
ZONES = {"enum", "coin", "emc", "lib", "bazar"}


def accepts(*command, cwd=None):
    """The checker's exit code is 0; gives what it printed."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, check=False, cwd=cwd)
    check.equal(done.returncode, 0, f"{command}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def test_unbound(env):
    main = env.path("unbound.conf")
    main.write_text(f'server:\n    directory: "{env.folder}"\n    chroot: ""\ninclude: "{CONTRIB}/dns/unbound.conf"\n')
    check.contains(accepts(need("unbound-checkconf"), main), "no errors")


def test_bind(env):
    for zones, options in (("named-zones.conf", f'include "{CONTRIB}/dns/named-options.conf";'), ("named-secondary.conf", "")):
        main = env.path(zones)
        main.write_text(f'options {{ directory "{env.folder}"; {options} }};\ninclude "{CONTRIB}/dns/{zones}";\n')
        accepts(need("named-checkconf"), main)
        printed = accepts(need("named-checkconf"), "-p", main)
        for zone in ZONES:
            check.contains(printed, f'zone "{zone}"')


def test_dnsmasq(env):
    check.contains(accepts(need("dnsmasq"), "--test", "-C", CONTRIB / "dns" / "dnsmasq.conf"), "OK")


def test_knot(env):
    check.contains(accepts(need("knotc"), "-c", CONTRIB / "dns" / "knot-secondary.conf", "conf-check"), "valid")


def test_kamailio(env):
    cfg = CONTRIB / "pbx" / "kamailio.cfg"
    accepts(need("kamailio"), "-c", "-f", cfg)
    if list(pathlib.Path("/usr/lib").glob("*/kamailio/modules/http_client.so")):
        accepts(need("kamailio"), "-c", "-f", cfg, "-A", "WITH_CALLS")
    accepts(need("kamailio"), "-c", "-f", cfg, "-A", 'OWN_NUMBERS="^[+]44207946"', "-A", 'PHONES="10.0.0.7"')
    accepts(need("kamailio"), "-c", "-f", cfg, "-A", "LISTEN_ADDRESS=udp:127.0.0.1:15060", "-A", 'TRUNK="pstn.example.org"')


def test_freeswitch(env):
    """Well-formed, and what mod_enum and the dial plan look for is there."""
    for name in ("enum.conf.xml", "dialplan-enum.xml", "json_cdr.conf.xml"):
        xml.dom.minidom.parse(str(CONTRIB / "pbx" / "freeswitch" / name))
        accepts(need("xmllint"), "--noout", CONTRIB / "pbx" / "freeswitch" / name)
    routes = xml.dom.minidom.parse(str(CONTRIB / "pbx" / "freeswitch" / "enum.conf.xml")).getElementsByTagName("route")
    check.true("E2U+SIP" in [route.getAttribute("service") for route in routes], "no route for E2U+SIP")
    plan = xml.dom.minidom.parse(str(CONTRIB / "pbx" / "freeswitch" / "dialplan-enum.xml"))
    actions = [(item.getAttribute("application"), item.getAttribute("data")) for item in plan.getElementsByTagName("action")]
    check.true(("enum", "+$1 enum") in actions and ("bridge", "${enum_auto_route}") in actions, str(actions))


JSON_CDR = {"log-b-leg", "prefix-a-leg", "encode-values", "url", "auth-scheme", "cred", "encode", "retries", "delay", "queue-capacity", "err-log-dir"}


def test_freeswitch_call_records(_env):
    """Parameters mod_json_cdr knows, and the words the node's endpoint wants."""
    found = xml.dom.minidom.parse(str(CONTRIB / "pbx" / "freeswitch" / "json_cdr.conf.xml"))
    check.equal(found.documentElement.getAttribute("name"), "json_cdr.conf")
    params = {item.getAttribute("name"): item.getAttribute("value") for item in found.getElementsByTagName("param")}
    check.equal(set(params), JSON_CDR)
    check.equal((params["url"], params["cred"], params["auth-scheme"], params["encode"], params["log-b-leg"]),
                ("http://127.0.0.1:9334/calls", "switch:secret", "basic", "true", "false"))
    check.true(int(params["retries"]) > 0 and params["err-log-dir"].startswith("/"), "what is refused is kept")


def test_asterisk_call_records(_env):
    """Sections and keys of cdr.conf that Asterisk 18 and 20 document."""
    found = configparser.ConfigParser(delimiters=("=",), comment_prefixes=(";",))
    found.read_string((CONTRIB / "pbx" / "cdr.conf").read_text())
    check.equal(dict(found["csv"]), {"usegmtime": "yes", "loguniqueid": "yes", "loguserfield": "yes", "accountlogs": "no"})
    check.equal(set(found["general"]), {"enable", "unanswered", "batch", "safeshutdown"})


def closed(text, where):
    """Brackets and strings that are opened are closed, in order."""
    pairs, waiting, string = {")": "(", "]": "[", "}": "{"}, [], False
    for char in text:
        if char == '"':
            string = not string
        elif string:
            continue
        elif char in pairs.values():
            waiting.append(char)
        elif char in pairs:
            check.true(waiting and waiting.pop() == pairs[char], f"{where}: {char!r} closes nothing: {text}")
    check.true(not waiting and not string, f"{where}: {waiting or 'a string'} is left open: {text}")


def test_asterisk(_env):
    """The program is not in Debian 12: only the form is checked, that jumps have targets, loops an end, and that nothing is used
    but what Asterisk 18 and 20 document."""
    known = {"NoOp", "Set", "While", "EndWhile", "ExecIf", "GotoIf", "Dial", "Hangup", "Busy"}
    labels, jumps, loops, lines = set(), [], 0, 0
    for line in (CONTRIB / "pbx" / "extensions-enum.conf").read_text().splitlines():
        line = line.split(";")[0].strip()
        if not line or re.fullmatch(r"\[[\w-]+\]", line):
            continue
        step = re.fullmatch(r"(?:exten => (?P<pattern>_?[^,]+),1|same => n(?:\((?P<label>\w+)\))?),(?P<app>\w+)\((?P<args>.*)\)", line)
        check.true(step is not None, f"no step of a dial plan: {line}")
        closed(step["args"], step["app"])
        check.true(step["app"] in known, f"unknown application: {line}")
        check.equal(set(re.findall(r"\$\{([A-Z]+)\(", line)) - {"ENUMLOOKUP", "CHANNEL"}, set(), "functions")
        labels.add(step["label"])
        loops += {"While": 1, "EndWhile": -1}.get(step["app"], 0)
        check.true(loops >= 0, f"ends no loop: {line}")
        jumps += re.findall(r"\?(\w+)$", step["args"]) if step["app"] == "GotoIf" else []
        lines += 1
    check.true(lines > 8 and loops == 0, f"{lines} steps, {loops} open loops")
    check.true(jumps and set(jumps) <= labels, f"jumps to {jumps}, labels {labels}")


FUNCTIONS = {"maxfwd.so": {"mf_process_maxfwd_header"}, "sl.so": {"send_reply"}, "signaling.so": {"send_reply"}, "rr.so": {"loose_route", "record_route"},
             "tm.so": {"t_relay", "t_check_trans", "t_on_failure", "t_was_cancelled", "t_check_status"},
             "sipmsgops.so": {"has_totag", "is_method"}, "enum.so": {"enum_query"}, "proto_udp.so": set()}


def test_opensips_form(_env):
    """The program is not in Debian 12: brackets close, statements end, routes that are called exist, functions come from modules
    that are loaded."""
    text = re.sub(r"#.*", "", (CONTRIB / "pbx" / "opensips.cfg").read_text())
    closed(text, "opensips.cfg")
    check.equal([line for line in text.splitlines() if line.strip() and not re.search(r'([;{}]|^\w+=\S+|^modparam\(.*\)|^loadmodule "\S+")\s*$', line)], [], "lines that do not end")
    modules = re.findall(r'^loadmodule "(\S+)"$', text, re.M)
    check.equal(set(modules), set(FUNCTIONS), "modules")
    body = re.sub(r'"[^"]*"', "", text[text.index("route {"):])
    used = set(re.findall(r"\b([a-z_]+)\(", body)) - {"if", "route"}
    check.equal(used - set().union(*FUNCTIONS.values()), set(), "functions of no module")
    check.equal(set(re.findall(r"\broute\((\w+)\)", body)) - set(re.findall(r"\broute\[(\w+)\]", body)), set(), "routes")
    check.equal(set(re.findall(r't_on_failure\("(\w+)"\)', text)) - set(re.findall(r"failure_route\[(\w+)\]", text)), set(), "failure routes")


def test_opensips(_env):
    accepts(need("opensips"), "-C", "-f", CONTRIB / "pbx" / "opensips.cfg")


def test_resolved(_env):
    """It has no checker; dns_clients.py runs it with resolved.conf. Zones exempt from validation stand one on a line."""
    negative = (CONTRIB / "dns" / "resolved.negative").read_text().splitlines()
    check.equal({line for line in negative if not line.startswith(";")}, ZONES)


def test_all_zones_everywhere(env):
    """The zones are the default of -emcdnsallowed in each file."""
    for name in ("unbound.conf", "named-zones.conf", "named-options.conf", "kresd.conf", "dnsmasq.conf", "resolved.conf", "resolved.negative",
                 "knot-secondary.conf", "named-secondary.conf"):
        text = (CONTRIB / "dns" / name).read_text()
        check.equal({zone for zone in ZONES if zone in text}, ZONES, name)


if __name__ == "__main__":
    run(globals())
