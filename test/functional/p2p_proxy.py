#!/usr/bin/env python3
"""Connections through SOCKS5 proxies: names go to the proxy, each connection has its own credentials."""

import socket
import threading

from framework import check
from framework.acceptor import Acceptor
from framework.p2p import Listener
from framework.suite import run

ONION = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"


class Proxy:
    """A SOCKS5 proxy that leads every connection to one port of this computer."""

    def __init__(self, target):
        self.target = target
        self.asked = []  # (kind of address, host, port, user)
        self.refuse = 0  # reply code instead of success
        self._acceptor = Acceptor(self._serve)
        self.address = self._acceptor.address

    def _serve(self, client):
        stream = client.makefile("rb")
        try:
            methods = stream.read(2)
            methods = stream.read(methods[1])
            user = ""
            if 2 in methods:
                client.sendall(b"\x05\x02")
                user = stream.read(stream.read(2)[1]).decode()
                stream.read(stream.read(1)[0])
                client.sendall(b"\x01\x00")
            else:
                client.sendall(b"\x05\x00")
            kind = stream.read(4)[3]
            host = {1: lambda: socket.inet_ntop(socket.AF_INET, stream.read(4)),
                    4: lambda: socket.inet_ntop(socket.AF_INET6, stream.read(16)),
                    3: lambda: stream.read(stream.read(1)[0]).decode()}[kind]()
            self.asked.append((kind, host, int.from_bytes(stream.read(2), "big"), user))
            client.sendall(bytes([5, self.refuse, 0, 1]) + bytes(6))
            if self.refuse:
                client.close()
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=_pump, args=(server, client), daemon=True).start()
            _pump(client, server)
        except (OSError, IndexError, KeyError):
            client.close()

    def close(self):
        self._acceptor.close()


def _pump(source, sink):
    try:
        while data := source.recv(1 << 16):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def setup(env):
    env.listener = Listener()
    env.proxy = Proxy(env.listener.port)
    env.onion = Proxy(env.listener.port)
    env.at_end += [env.listener.close, env.proxy.close, env.onion.close]
    env.share(f"-proxy={env.proxy.address}", f"-onion={env.onion.address}")


def arrives(env):
    """The next connection, shaken hands with, then ended."""
    count = len(env.listener.peers)
    peer = env.listener.wait_peer(count + 1)
    peer.handshake()
    return peer


def test_shown(env):
    networks = {one["name"]: one for one in env.rpc.getnetworkinfo()["networks"]}
    check.equal((networks["ipv4"]["proxy"], networks["onion"]["proxy"]), (env.proxy.address, env.onion.address))
    check.equal(networks["onion"]["reachable"], True)
    check.equal(networks["ipv4"]["proxy_randomize_credentials"], True)


def test_names_and_addresses(env):
    """Host names are not looked up here: the proxy gets them as they are."""
    users = set()
    for node, wanted in (("no-such-host.invalid:4000", (3, "no-such-host.invalid", 4000)),
                         ("192.0.2.77:5000", None), ("[2001:db8::7]:6000", None)):
        env.rpc.addnode(node, "onetry")
        peer = arrives(env)
        kind, host, port, user = env.proxy.asked[-1]
        if wanted:
            check.equal((kind, host, port), wanted)
        else:
            check.equal(f"[{host}]:{port}" if ":" in host else f"{host}:{port}", node)
        users.add(user)
        check.soon(lambda node=node: [one for one in env.rpc.getpeerinfo() if one["addr"] == node], f"no peer {node}")
        peer.close()
    check.true(len(users) == 3 and "" not in users, f"credentials {users}")
    check.equal(env.onion.asked, [])


def test_onion(env):
    env.rpc.addnode(f"{ONION}:6661", "onetry")
    peer = arrives(env)
    check.equal(env.onion.asked[-1][:3], (3, ONION, 6661))
    info = check.soon(lambda: [one for one in env.rpc.getpeerinfo() if one["addr"].startswith(ONION)], "no peer")[0]
    check.equal((info["network"], info["inbound"]), ("onion", False))
    peer.close()


def test_refusals(env):
    """Whatever the proxy answers, the node goes on."""
    before = len(env.listener.peers)
    for code in (1, 2, 5, 9, 255):
        env.proxy.refuse = code
        asked = len(env.proxy.asked)
        env.rpc.addnode("192.0.2.78:1", "onetry")
        check.soon(lambda asked=asked: len(env.proxy.asked) > asked, "the proxy is not asked")
    check.soon(lambda: env.rpc.getconnectioncount() == 0, "connections are left")
    check.equal(len(env.listener.peers), before)
    env.proxy.refuse = 0
    env.rpc.addnode("192.0.2.78:1", "onetry")
    arrives(env).close()


def test_no_random_credentials(env):
    node = env.start(f"-proxy={env.proxy.address}", "-proxyrandomize=0", "-onion=0")
    node.rpc.addnode("192.0.2.79:1", "onetry")
    arrives(env).close()
    check.equal(env.proxy.asked[-1][1:], ("192.0.2.79", 1, ""))
    asked = len(env.onion.asked) + len(env.proxy.asked)
    node.rpc.addnode(f"{ONION}:6661", "onetry")
    networks = {one["name"]: one for one in node.rpc.getnetworkinfo()["networks"]}
    check.equal((networks["onion"]["reachable"], networks["onion"]["proxy"]), (False, ""))
    check.equal(len(env.onion.asked) + len(env.proxy.asked), asked, "an onion address in spite of -onion=0")
    node.stop()


if __name__ == "__main__":
    run(globals())
