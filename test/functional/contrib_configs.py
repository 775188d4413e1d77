#!/usr/bin/env python3
"""The configurations of contrib/dns and contrib/pbx, each read by its program's own checker. No node is needed."""

import pathlib
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
    accepts(need("kamailio"), "-c", "-f", cfg, "-A", "LISTEN_ADDRESS=udp:127.0.0.1:15060", "-A", 'TRUNK="pstn.example.org"')


def test_freeswitch(env):
    """Well-formed, and what mod_enum and the dial plan look for is there."""
    for name in ("enum.conf.xml", "dialplan-enum.xml"):
        xml.dom.minidom.parse(str(CONTRIB / "pbx" / "freeswitch" / name))
        accepts(need("xmllint"), "--noout", CONTRIB / "pbx" / "freeswitch" / name)
    routes = xml.dom.minidom.parse(str(CONTRIB / "pbx" / "freeswitch" / "enum.conf.xml")).getElementsByTagName("route")
    check.true("E2U+SIP" in [route.getAttribute("service") for route in routes], "no route for E2U+SIP")
    plan = xml.dom.minidom.parse(str(CONTRIB / "pbx" / "freeswitch" / "dialplan-enum.xml"))
    actions = [(item.getAttribute("application"), item.getAttribute("data")) for item in plan.getElementsByTagName("action")]
    check.true(("enum", "+$1 enum") in actions and ("bridge", "${enum_auto_route}") in actions, str(actions))


def test_opensips(env):
    accepts(need("opensips"), "-C", "-f", CONTRIB / "pbx" / "opensips.cfg")


def test_all_zones_everywhere(env):
    """The zones are the default of -emcdnsallowed in each file."""
    for name in ("unbound.conf", "named-zones.conf", "named-options.conf", "kresd.conf", "dnsmasq.conf", "resolved.conf", "resolved.negative",
                 "knot-secondary.conf", "named-secondary.conf"):
        text = (CONTRIB / "dns" / name).read_text()
        check.equal({zone for zone in ZONES if zone in text}, ZONES, name)


if __name__ == "__main__":
    run(globals())
