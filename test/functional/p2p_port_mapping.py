#!/usr/bin/env python3
"""Ports opened by the router (-natpmp, -upnp): a fake one in a network of its own that is good, silent, slow or mad."""

import time

from framework import check, netns
from framework.fake_gateway import INSIDE, PUBLIC, Router
from framework.suite import Skip, run

QUICK = 3  # seconds for a start or a stop on a busy machine; what is to be shown waits for much longer


def setup(env):
    if not netns.inside():
        raise Skip("no network of its own: needs unshare and ip, and root or user namespaces")
    env.router = Router()
    env.at_end.append(env.router.close)


def start(env, *options):
    node = env.make(*options)
    node.options.append(f"-bind={INSIDE}:{node.p2p_port}")
    begin = time.monotonic()
    try:
        node.start()
    except AssertionError as failure:
        if "built without it" in str(failure):
            raise Skip("built without " + options[0]) from None
        raise
    check.true(time.monotonic() - begin < 2 * QUICK, "starting takes long")
    return node


def own(node):
    return [(one["address"], one["port"], one["score"]) for one in node.rpc.getnetworkinfo()["localaddresses"]]


def mapped(env, what="map"):
    return [one for one in env.router.asked if one["what"] == what]


def stops_quickly(node):
    took = node.stop()
    check.true(took < QUICK, f"stopping took {took:.1f} s")


def test_natpmp(env):
    env.router.behave()
    node = start(env, "-natpmp")
    check.soon(lambda: own(node) == [(PUBLIC, node.p2p_port, 3)], "no port is opened")
    asked = mapped(env)[-1]
    check.equal((asked["operation"], asked["inside"], asked["outside"]), (2, node.p2p_port, node.p2p_port))
    check.equal(asked["seconds"], 3600)
    stops_quickly(node)
    asked = mapped(env)[-1]
    check.equal((asked["inside"], asked["outside"], asked["seconds"]), (node.p2p_port, 0, 0))


def test_natpmp_another_port(env):
    env.router.behave(port=7777)
    node = start(env, "-natpmp")
    check.soon(lambda: own(node) == [(PUBLIC, 7777, 3)], "the router's choice is not taken")
    stops_quickly(node)


def test_natpmp_of_no_use(env):
    """A router behind another one: its address is no address; the port is open and closed again all the same."""
    env.router.behave(address="192.168.7.7")
    node = start(env, "-natpmp")
    check.soon(lambda: node.logged("strangers cannot reach either"), "not logged")
    check.equal(own(node), [])
    stops_quickly(node)
    check.equal(mapped(env)[-1]["seconds"], 0)


def test_natpmp_trouble(env):
    for way, words in (("silent", "NAT-PMP: the router does not answer"), ("2", "NAT-PMP: the router does not allow it"),
                       ("garbage", "NAT-PMP: ")):
        env.router.behave(natpmp=way)
        node = start(env, "-natpmp")
        check.soon(lambda way=way: env.router.asked, f"{way}: not asked")
        check.soon(lambda node=node, words=words: node.logged(words), f"{way}: not logged")
        check.equal(own(node), [])
        stops_quickly(node)
    env.router.behave(natpmp="silent")
    stops_quickly(start(env, "-natpmp"))


def test_upnp(env):
    env.router.behave()
    node = start(env, "-upnp")
    check.soon(lambda: own(node) == [(PUBLIC, node.p2p_port, 3)], "no port is opened")
    asked = mapped(env, "AddPortMapping")[-1]
    port = str(node.p2p_port)
    check.equal((asked["NewExternalPort"], asked["NewInternalPort"], asked["NewInternalClient"], asked["NewProtocol"]),
                (port, port, INSIDE, "TCP"))
    check.equal(asked["NewLeaseDuration"], "3600")
    stops_quickly(node)
    gone = mapped(env, "DeletePortMapping")
    check.equal([(one["NewExternalPort"], one["NewProtocol"]) for one in gone], [(port, "TCP")])


def test_upnp_for_ever_only(env):
    """A router that takes no time limit gets none."""
    env.router.behave(upnp="725")
    node = start(env, "-upnp")
    check.soon(lambda: own(node) == [(PUBLIC, node.p2p_port, 3)], "no port is opened")
    check.equal([one["NewLeaseDuration"] for one in mapped(env, "AddPortMapping")], ["3600", "0"])
    stops_quickly(node)


def test_upnp_trouble(env):
    """The library may wait as it likes: neither start nor stop does."""
    for way, words in (("silent", "UPnP: no router answers"), ("garbage", "UPnP: no router answers"),
                       ("501", "UPnP: the router refuses: error 501"), ("tarpit", None), ("slow", None)):
        env.router.behave(upnp=way)
        node = start(env, "-upnp")
        if words:
            check.soon(lambda node=node, words=words: node.logged(words), f"{way}: not logged")
        else:
            what = {"tarpit": "get", "slow": "GetStatusInfo"}[way]
            check.soon(lambda what=what: mapped(env, what), f"{way}: not asked")
        check.equal(own(node), [])
        stops_quickly(node)


def test_router_hangs_at_the_end(env):
    env.router.behave()
    for option, way in (("-upnp", {"upnp": "tarpit"}), ("-natpmp", {"natpmp": "silent"})):
        env.router.behave()
        node = start(env, option)
        check.soon(lambda node=node: own(node), "no port is opened")
        env.router.behave(**way)
        stops_quickly(node)


def test_one_after_the_other(env):
    """UPnP where NAT-PMP is not answered."""
    env.router.behave(natpmp="silent")
    node = start(env, "-natpmp", "-upnp")
    check.soon(lambda: own(node) == [(PUBLIC, node.p2p_port, 3)], "no port is opened")
    stops_quickly(node)
    check.true(mapped(env, "DeletePortMapping"), "the port stays open")


def test_nothing_to_open(env):
    """On the loopback interface, or without listening, nobody is asked."""
    env.router.behave()
    for options in ((), ("-listen=0",)):
        node = env.start("-natpmp", "-upnp", *options)
        check.soon(lambda node=node: node.logged("no router is asked"), "not logged")
        stops_quickly(node)
    check.equal(env.router.asked, [])


def test_no_route(env):
    netns.ip("route", "del", "default")
    node = start(env, "-natpmp")
    check.soon(lambda: node.logged("this computer has no default route"), "not logged")
    stops_quickly(node)


if __name__ == "__main__":
    netns.enter()
    run(globals())
