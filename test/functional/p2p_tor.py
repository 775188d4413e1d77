#!/usr/bin/env python3
"""The onion service (-listenonion): a fake control port that is good, slow, silent or mad, and the real Tor."""

import hashlib
import hmac
import os
import socket
import subprocess
import time

from framework import check
from framework.acceptor import Acceptor
from framework.node import free_port
from framework.p2p import Peer
from framework.suite import need, run

SERVICE = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd"
ONION = SERVICE + ".onion"
KEY = "ED25519-V3:" + "QUJD" * 21
KEY_FILE = "onion_v3_private_key"
P2P_PORT = 26661  # of regtest; what others see


class FakeTor:
    """A control port that answers by the book unless `answers` says otherwise for a command's first word."""

    def __init__(self, methods="NULL", cookie_file="", cookie=b""):
        self.methods, self.cookie_file, self.cookie = methods, cookie_file, cookie
        self.answers = {}  # command -> bytes, or None: none
        self.pause = 0  # seconds between two bytes
        self.commands = []
        self.connections = []
        self.socks = '"127.0.0.1:9150"'
        self._acceptor = Acceptor(self._serve)
        self.address = self._acceptor.address

    def _serve(self, connection):
        self.connections.append(connection)
        stream = connection.makefile("rb")
        try:
            for line in stream:
                words = line.decode().split()
                self.commands.append(words)
                answer = self.answers[words[0]] if words[0] in self.answers else self.answer(words)
                for i in range(len(answer or b"")) if self.pause else ():
                    connection.sendall(answer[i:i + 1])
                    time.sleep(self.pause)
                if answer and not self.pause:
                    connection.sendall(answer)
        except OSError:
            pass

    def answer(self, words):
        if words[0] == "PROTOCOLINFO":
            where = f' COOKIEFILE="{self.cookie_file}"' if self.cookie_file else ""
            return (f"250-PROTOCOLINFO 1\r\n250-AUTH METHODS={self.methods}{where}\r\n"
                    '250-VERSION Tor="0.4.9.1"\r\n250 OK\r\n').encode()
        if words[0] == "AUTHCHALLENGE":
            nonce = os.urandom(32)
            self.both = bytes.fromhex(words[2]) + nonce
            proof = self.proof(b"Tor safe cookie authentication server-to-controller hash")
            return f"250 AUTHCHALLENGE SERVERHASH={proof} SERVERNONCE={nonce.hex()}\r\n".encode()
        if words[0] == "GETINFO":
            return f"250-net/listeners/socks={self.socks}\r\n250 OK\r\n".encode()
        if words[0] == "ADD_ONION":
            key = f"250-PrivateKey={KEY}\r\n" if words[1].startswith("NEW:") else ""
            return f"250-ServiceID={SERVICE}\r\n{key}250 OK\r\n".encode()
        return b"250 OK\r\n"

    def proof(self, salt):
        return hmac.new(salt, self.cookie + self.both, hashlib.sha256).hexdigest()

    def asked(self, command):
        return [words for words in self.commands if words[0] == command]

    def hang_up(self):
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self._acceptor.close()
        self.hang_up()


def begin(env, tor, *options):
    env.at_end.append(tor.close)
    return env.start("-listenonion=1", f"-torcontrol={tor.address}", *options)


def own(node):
    return {(one["address"], one["port"], one["score"]) for one in node.rpc.getnetworkinfo()["localaddresses"]}


def onion_network(node):
    return next(one for one in node.rpc.getnetworkinfo()["networks"] if one["name"] == "onion")


def wait_up(node, name=ONION):
    check.soon(lambda: own(node) == {(name, P2P_PORT, 4)}, f"the service is not up: {own(node)}")


def test_service(env):
    """Made once, kept in a file, announced, gone with Tor and made again; connections through it are onion ones."""
    tor = FakeTor()
    node = begin(env, tor)
    wait_up(node)
    check.equal((onion_network(node)["reachable"], onion_network(node)["proxy"]), (True, "127.0.0.1:9150"))
    asked = tor.asked("ADD_ONION")[-1]
    check.equal(asked[1], "NEW:ED25519-V3")
    outside, inside = asked[2].removeprefix("Port=").split(",")
    check.equal(outside, str(P2P_PORT))
    peer = Peer.connect(int(inside.split(":")[1]))
    peer.handshake()
    check.equal([one["network"] for one in node.rpc.getpeerinfo()], ["onion"])
    peer.close()
    file = node.network / KEY_FILE
    check.equal((file.read_text(), file.stat().st_mode & 0o777), (KEY + "\n", 0o600))
    tor.hang_up()
    check.soon(lambda: len(tor.asked("ADD_ONION")) == 2, "the service is not made again")
    check.equal(tor.asked("ADD_ONION")[-1][1], KEY)
    wait_up(node)
    node.restart()
    wait_up(node)
    check.equal(tor.asked("ADD_ONION")[-1][1], KEY)
    tor.close()
    check.soon(lambda: own(node) == set(), "the service outlives Tor")
    node.stop()


def test_told_to_onion_peers_alone(env):
    """No peer learns the onion address and another one."""
    tor = FakeTor()
    node = begin(env, tor, "-externalip=8.8.1.1:7000", "-discover=0", f"-mocktime={1_800_000_000}")
    node.mine()
    check.soon(lambda: len(own(node)) == 2, "the service is not up")
    inside = int(tor.asked("ADD_ONION")[-1][2].rsplit(":", 1)[1])
    for port, wanted in ((node.p2p_port, (1, 7000)), (inside, (4, P2P_PORT))):
        peer = Peer.connect(port)
        peer.handshake()
        node.rpc.setmocktime(1_800_000_000 + 90_000 * (1 + (port == inside)))
        got = check.soon(lambda peer=peer: [entry for message in peer.all("addrv2") for entry in message.entries],
                         "no address told")
        check.equal({(entry.network, entry.port) for entry in got}, {wanted})
        peer.close()
    node.stop()


def test_cookie(env):
    cookie = os.urandom(32)
    file = env.path('cookie "file"')
    file.write_bytes(cookie)
    tor = FakeTor("COOKIE,SAFECOOKIE,HASHEDPASSWORD", str(file).replace('"', '\\"'), cookie)
    node = begin(env, tor)
    wait_up(node)
    proof = tor.proof(b"Tor safe cookie authentication controller-to-server hash")
    check.equal(tor.asked("AUTHENTICATE")[-1][1], proof)
    node.stop()


def test_wrong_cookies(env):
    """Another's cookie, a short one, a pipe nobody writes to: no login, and the node is as quick as ever."""
    pipe = env.path("pipe")
    os.mkfifo(pipe)
    short = env.path("short")
    short.write_bytes(b"x" * 31)
    foreign = env.path("foreign")
    foreign.write_bytes(b"y" * 32)
    for file, words in ((foreign, "does not know Tor's cookie"), (short, "has 31 bytes"), (pipe, "has 0 bytes"),
                        (env.path("nothing"), "has 0 bytes")):
        tor = FakeTor("SAFECOOKIE", str(file), b"x" * 32)
        node = begin(env, tor)
        check.soon(lambda node=node, words=words: node.logged(words), f"not logged: {words}")
        check.equal(tor.asked("AUTHENTICATE"), [])
        check.true(node.stop() < 5, "stopping takes long")


def test_password(env):
    tor = FakeTor("HASHEDPASSWORD")
    node = begin(env, tor, '-torpassword=se"cret\\')
    wait_up(node)
    check.equal(tor.asked("AUTHENTICATE")[-1][1], '"se\\"cret\\\\"')
    check.true('se"cret' not in node.log(), "the password is in the log")
    node.stop()
    tor = FakeTor("HASHEDPASSWORD")
    node = begin(env, tor)
    check.soon(lambda: node.logged("wants a password: -torpassword"), "the missing password is not logged")
    node.stop()
    tor = FakeTor("HASHEDPASSWORD")
    tor.answers["AUTHENTICATE"] = b"515 Bad authentication\r\n"
    node = begin(env, tor, "-torpassword=other")
    check.soon(lambda: node.logged("refuses the login: 515 Bad"), "the refusal is not logged")
    node.stop()


def test_own_proxy_stays(env):
    """-onion is the operator's choice; Tor is not even asked."""
    for option, proxy in (("-onion=127.0.0.1:4444", "127.0.0.1:4444"), ("-onion=0", "")):
        tor = FakeTor()
        node = begin(env, tor, option)
        wait_up(node)
        check.equal((onion_network(node)["proxy"], tor.asked("GETINFO")), (proxy, []))
        node.stop()


def test_slow(env):
    """Byte after byte; calls are answered meanwhile."""
    tor = FakeTor()
    tor.pause = 0.005
    node = begin(env, tor)
    wait_up(node)
    node.stop()


def test_silence_and_garbage(env):
    """Whatever comes, the node goes on, tries again later, and stops at once."""
    for answer, words in ((None, None), (b"\0" * 100_000, "does not end"), (b"250-x\r\n" * 10_000, "does not end"),
                          (b"HTTP/1.1 400 Bad Request\r\n\r\n", "without a reply's number"),
                          (b"250 OK\r\n" * 50, "no list of ways"), (os.urandom(50_000) + b"\n", "does not end|without a")):
        tor = FakeTor()
        tor.answers["PROTOCOLINFO"] = answer
        node = begin(env, tor)
        check.soon(lambda tor=tor: tor.asked("PROTOCOLINFO"), "Tor is not asked")
        if words:
            check.soon(lambda node=node, words=words: node.logged(words), f"not logged: {words}")
            check.soon(lambda tor=tor: len(tor.connections) > 1, "no second attempt")
        check.equal(node.rpc.getblockcount(), 0)
        check.true(node.stop() < 5, "stopping takes long")


def test_refused_service(env):
    tor = FakeTor()
    tor.answers["ADD_ONION"] = b"513 Bad key\r\n"
    node = begin(env, tor)
    check.soon(lambda: node.logged("does not make the onion service: 513 Bad key"), "the refusal is not logged")
    check.true(not (node.network / KEY_FILE).exists(), "a key without a service")
    node.stop()


def test_nobody_there(env):
    node = env.start("-listenonion=1", f"-torcontrol=127.0.0.1:{free_port()}")
    check.soon(lambda: node.logged("no onion service, trying again: no connection to 127.0.0.1"), "not logged")
    time.sleep(3)
    check.equal(node.log().count("no onion service, trying again"), 1, "said again at every attempt")
    check.true(node.stop() < 5, "stopping takes long")


def test_damaged_key(env):
    """What is no key stays as it is: a service of another name would be no help."""
    tor = FakeTor()
    node = env.make("-listenonion=1", f"-torcontrol={tor.address}")
    env.at_end.append(tor.close)
    node.network.mkdir(parents=True)
    file = node.network / KEY_FILE
    for content in ("", "RSA1024:abcd\n", KEY + "\r\nQUIT\r\n", "ED25519-V3:" + "x" * 10_000):
        file.write_text(content)
        node.start()
        check.soon(lambda: node.logged("no key of an onion service"), "the damaged key is not logged")
        check.equal(tor.commands, [])
        node.stop()
        with open(file, newline="", encoding="ascii") as left:
            check.equal(left.read(), content)


def test_options(env):
    node = env.make()
    check.equal("-torcontrol=nowhere" in node.fails_to_start("-listenonion=1", "-torcontrol=nowhere"), True)
    check.equal("-listenonion needs -listen" in node.fails_to_start("-listenonion=1", "-listen=0"), True)


def test_with_tor(env):
    """Tor itself, kept off the network: login by cookie and by nothing, the service under a name that stays."""
    program = need("tor")
    folder = env.path("tor")
    folder.mkdir(mode=0o700)
    torrc = env.path("torrc")
    torrc.touch()
    names = set()
    for extra in (["--CookieAuthentication", "1"], []):
        port = free_port()
        log = open(env.path("tor.log"), "ab")
        process = subprocess.Popen([program, "-f", str(torrc), "--defaults-torrc", str(torrc), "--DataDirectory", str(folder),
                                    "--DisableNetwork", "1", "--SocksPort", "auto", "--ControlPort", f"127.0.0.1:{port}",
                                    *extra], stdout=log, stderr=log)
        try:
            node = env.nodes[-1] if names else env.make()
            node.options = ["-listenonion=1", f"-torcontrol=127.0.0.1:{port}"]
            node.start()
            found = check.soon(lambda node=node: own(node), "no service by Tor")
            names |= {name for name, _, _ in found}
            check.true(node.stop() < 5, "stopping takes long")
        finally:
            process.terminate()
            process.wait(20)
            log.close()
    check.equal(len(names), 1, f"names {names}")


if __name__ == "__main__":
    run(globals())
