#!/usr/bin/env python3
"""Who may call: cookie, rpcuser, rpcauth, slowing down of guesses, allowed addresses."""

import base64
import concurrent.futures
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import stat
import subprocess
import time

from framework import check
from framework.rpc import Rpc
from framework.suite import Skip, run

SHARE = pathlib.Path(__file__).resolve().parents[2] / "share"
PING = json.dumps({"id": 1, "method": "uptime", "params": []})
SALT = "0123456789abcdef0123456789abcdef"


def setup(env):
    salted = hmac.new(SALT.encode(), "pass:word".encode(), hashlib.sha256).hexdigest()
    env.share(f"-rpcauth=office:{SALT}${salted}")


def ask(port, login, host="127.0.0.1"):
    """(status, seconds) of one call on a connection of its own."""
    headers = {} if login is None else {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()}
    begin = time.monotonic()
    connection = http.client.HTTPConnection(host, port, timeout=60)
    try:
        connection.request("POST", "/", PING, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.monotonic() - begin
    finally:
        connection.close()


def test_cookie(env):
    path = env.node.network / ".cookie"
    check.equal(stat.S_IMODE(path.stat().st_mode), 0o600)
    text = path.read_text()
    check.matches(text, "^__cookie__:[0-9a-f]{64}$")
    check.equal(ask(env.node.rpc_port, text)[0], 200)


def test_cookie_changes_at_each_start(env):
    node = env.start()
    first = (node.network / ".cookie").read_text()
    node.stop()
    check.true(not (node.network / ".cookie").exists(), "the cookie is left behind")
    node.start()
    check.true((node.network / ".cookie").read_text() != first, "the cookie is the old one")
    node.stop()


def test_rpcauth(env):
    check.equal(ask(env.node.rpc_port, "office:pass:word")[0], 200)
    for login in ("office:pass", "Office:pass:word", "office:", "office", ":pass:word", ""):
        check.equal(ask(env.node.rpc_port, login)[0], 401, login)


def test_no_password(env):
    check.equal(ask(env.node.rpc_port, None)[0], 401)


def test_strange_headers(env):
    for value in ("", "Basic", "Basic ", "Basic !!!!", "Bearer abc", "basic " + "A" * 5000, "Basic " + "A" * 4001):
        rpc = Rpc(env.node.rpc_port, None)
        status, _ = rpc.post(PING, {"Authorization": value})
        check.equal(status, 401, value[:20])
        rpc.close()


def test_guesses_are_slowed_down(env):
    """At most four refusals a second, over all connections, while right passwords wait for nothing."""
    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        guesses = [pool.submit(ask, env.node.rpc_port, f"office:{i}") for i in range(16)]
        time.sleep(0.3)
        good = [ask(env.node.rpc_port, "office:pass:word") for _ in range(20)]
        statuses = [guess.result()[0] for guess in guesses]
    took = time.monotonic() - begin
    check.equal(statuses, [401] * 16)
    check.true(took >= 15 / 4, f"16 guesses were answered in {took:.2f} s")
    check.true(all(status == 200 for status, _ in good), "a good password was refused")
    slowest = max(seconds for _, seconds in good)
    check.true(slowest < 1, f"a good call took {slowest:.2f} s while others guessed")


def test_wrong_password_is_logged_once_per_guess(env):
    check.true(env.node.logged(r"RPC: wrong user or password from 127\.0\.0\.1:"), "no line in the log")
    check.true("pass:word" not in env.node.log(), "a password is in the log")


def test_rpcuser_and_password(env):
    node = env.make("-rpcuser=me", "-rpcpassword=secret")
    node.launch()
    rpc = Rpc(node.rpc_port, "me:secret")
    check.soon(lambda: _answers(rpc), "no answer")
    check.true(not (node.network / ".cookie").exists(), "a cookie in spite of a password")
    check.equal(ask(node.rpc_port, "me:wrong")[0], 401)
    node.rpc = rpc
    check.equal(node.cli("-rpcuser=me", "-rpcpassword=secret", "getblockcount").stdout, "0\n")
    done = node.cli("getblockcount", check=False)
    check.equal(done.returncode, 1)
    check.contains(done.stderr, "Cannot read the cookie file")
    done = node.cli("-rpcuser=me", "-rpcpassword=no", "getblockcount", check=False)
    check.equal(done.returncode, 1)
    check.contains(done.stderr, "refused user name or password")
    done = node.cli("-rpcuser=me", "-stdinrpcpass", "getblockcount", text="secret\n")
    check.equal(done.stdout, "0\n")
    node.stop()


def _answers(rpc):
    try:
        return rpc.getblockcount() == 0
    except Exception:  # pylint: disable=broad-except
        return False


def test_bad_rpcauth_option(env):
    text = env.make().fails_to_start("-rpcauth=broken")
    check.contains(text, "is not of the form user:salt$64-hex-digits")


def own_address():
    """An address of this machine that is not loopback, without sending anything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            found = probe.getsockname()[0]
        except OSError:
            raise Skip("this machine has no address but loopback") from None
    if found.startswith("127."):
        raise Skip("this machine has no address but loopback")
    return found


def test_other_addresses_are_kept_out(env):
    address = own_address()
    node = env.start("-rpcbind=0.0.0.0")
    check.true(node.logged("-rpcbind has no effect without -rpcallowip"), "no warning")
    try:
        ask(node.rpc_port, "x:y", address)
        raise AssertionError("listens on all addresses without -rpcallowip")
    except ConnectionRefusedError:
        pass
    cookie = (node.network / ".cookie").read_text
    stranger = "203.0.113.7" if address != "203.0.113.7" else "203.0.113.8"
    node.restart(f"-rpcallowip={stranger}")
    check.equal(ask(node.rpc_port, cookie(), address)[0], 403, "not in -rpcallowip")
    check.equal(ask(node.rpc_port, cookie())[0], 200, "loopback is always in")
    node.restart(f"-rpcallowip={address}")
    check.equal(ask(node.rpc_port, cookie(), address)[0], 200, "in -rpcallowip")
    node.stop()


def test_bad_allowip(env):
    for text in ("nowhere", "10.0.0.0/33", "10.0.0", "1::/129"):
        check.contains(env.make().fails_to_start(f"-rpcallowip={text}"), "is no address or network")


def test_ipv6_loopback(env):
    if not os.path.exists("/proc/net/if_inet6") or "00000000000000000000000000000001" not in open(
            "/proc/net/if_inet6", encoding="ascii").read():
        raise Skip("no IPv6 loopback here")
    check.equal(ask(env.node.rpc_port, "office:pass:word", "::1")[0], 200)


def rpcauth(*words, text=None, check_code=True):
    return subprocess.run([str(SHARE / "rpcauth"), *words], input=text, capture_output=True, text=True, timeout=60,
                          check=check_code)


def test_rpcauth_script(env):
    made = rpcauth("alice").stdout
    line, password = (re.search(pattern, made, re.MULTILINE)[1] for pattern in (r"^rpcauth=(.*)$", r"^password=(.*)$"))
    check.matches(line, r"^alice:[0-9a-f]{32}\$[0-9a-f]{64}$")
    check.true(len(password) >= 40, "the password is short")
    check.true(rpcauth("alice").stdout != made, "the same password twice")
    second = rpcauth("bob", "-", text="se cr:et ä\n").stdout
    check.true("password=" not in second, "shows a password that was given")
    node = env.make()
    (node.folder / "emercoin.conf").write_text(f"rpcauth={line}\n{second}")
    node.start()
    check.equal(ask(node.rpc_port, f"alice:{password}")[0], 200)
    check.equal(ask(node.rpc_port, "bob:se cr:et ä")[0], 200)
    check.equal(ask(node.rpc_port, "bob:secret")[0], 401)
    node.stop()


def test_rpcauth_script_mistakes(_):
    for words in ((), ("a:b",), ("",), ("a", "b", "c"), ("a b",), ("a$b",), ("a,b",), ("alice", "")):
        done = rpcauth(*words, check_code=False)
        check.equal((done.returncode, done.stdout), (2, ""), str(words))
        check.contains(done.stderr, "rpcauth: error: ")


def call(port, login, method):
    """HTTP status of a call."""
    rpc = Rpc(port, login)
    status, _ = rpc.post(json.dumps(method if isinstance(method, list) else {"id": 1, "method": method}))
    rpc.close()
    return status


def test_whitelist(env):
    lines = {user: rpcauth(user, "-", text="pw\n").stdout.split("=", 1)[1].strip() for user in ("few", "none", "free")}
    node = env.start(*[f"-rpcauth={line}" for line in lines.values()], "-rpcwhitelist=few:uptime, getblockcount,help",
                     "-rpcwhitelist=few:getblockcount,uptime,stop", "-rpcwhitelist=none:", "-rpcwhitelistdefault=0")
    for method, status in (("uptime", 200), ("getblockcount", 200), ("help", 403), ("stop", 403), ("nothing", 403)):
        check.equal(call(node.rpc_port, "few:pw", method), status, method)
    batch = [{"id": 1, "method": "uptime"}, {"id": 2, "method": "help"}]
    check.equal(call(node.rpc_port, "few:pw", batch), 403, "a batch as a whole")
    check.equal(call(node.rpc_port, "few:pw", batch[:1]), 200)
    check.equal(call(node.rpc_port, "none:pw", "uptime"), 403)
    check.equal(call(node.rpc_port, "free:pw", "help"), 200)
    check.true(node.logged("RPC: user few may not make this call"), "no line in the log")
    node.stop()
    node = env.make(*[f"-rpcauth={line}" for line in lines.values()], "-rpcwhitelist=few:uptime",
                    "-rpcwhitelist=__cookie__:getblockcount,stop")
    node.start()
    check.equal(call(node.rpc_port, "free:pw", "uptime"), 403, "with a list, users without one may do nothing")
    check.equal(call(node.rpc_port, "few:pw", "uptime"), 200)
    node.stop()


def test_whitelist_mistakes(env):
    text = env.make().fails_to_start("-rpcwhitelist=me:getblockcuont")
    check.contains(text, "-rpcwhitelist=me:getblockcuont: there is no call 'getblockcuont'")
    check.contains(env.make().fails_to_start("-rpcwhitelist=:uptime"), "names no user")


def test_machine_without_ipv6(env):
    """::1 may be missing, with and without an -rpcbind that has no effect; a port in use is an error all the same."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rn", "true"], check=False).returncode != 0:
        raise Skip("network namespaces are not allowed here")
    script = ("echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6 || exit 77; ip link set lo up || exit 77; "
              "\"$@\" & for i in $(seq 300); do [ -f \"$FILE\" ] && break; sleep 0.02; done; kill %1; wait %1")
    for option in ("-server=1", "-rpcbind=127.0.0.1", "-rpcbind=0.0.0.0"):
        node = env.make()
        done = subprocess.run(["unshare", "-rn", "bash", "-c", script, "node", *node.command(option)], timeout=60,
                              capture_output=True, text=True, check=False,
                              env={**os.environ, "FILE": str(node.network / ".cookie")})
        if done.returncode == 77:
            raise Skip("IPv6 cannot be switched off here")
        check.true("Cannot listen" not in done.stderr, done.stderr)
        check.true(node.logged("RPC server listens on 127.0.0.1"), done.stderr)
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as other:
        node = env.make()
        try:
            other.bind(("::1", node.rpc_port))
        except OSError:
            raise Skip("no IPv6 loopback here") from None
        other.listen()
        check.contains(node.fails_to_start(), "Cannot listen on ::1")

if __name__ == "__main__":
    run(globals())
