#!/usr/bin/env python3
"""Ten thousand broken requests of every kind, crowds of connections, slow clients: the node answers and does not grow."""

import base64
import json
import random
import resource
import select
import socket
import threading
import time

from framework import check
from framework.damage import damaged
from framework.node import memory_kib, open_files
from framework.suite import Skip, extended, run

VALUES = [None, True, False, 0, -1, 1.5, 1e308, 2 ** 53, 2 ** 64, -2 ** 63, "", "x", "00" * 32, "\u0000", "\U0001f4de", "9" * 400,
          [], [[]], [None], [[[[[[[[]]]]]]]], {}, {"a": {}}, {"txid": 5}, ["00" * 32] * 3, "-1", "1e3", "0x10", "x" * 70_000]
# What would end the node, wait, or make blocks, files and wallets.
LEFT_OUT = {"stop", "waitfornewblock", "waitforblock", "waitforblockheight", "setmocktime", "name_dump", "dumptxoutset", "backupwallet",
            "dumpwallet", "createwallet", "restorewallet", "encryptwallet", "generatetoaddress", "generatetodescriptor", "savemempool",
            "setnetworkactive", "invalidateblock", "unloadwallet", "upgradewallet", "setgenerate", "generate",
            "exportlabels", "exporttransactions", "exportnames"}


def setup(env):
    env.share("-rpcworkqueue=2000", "-rpcservertimeout=5")
    env.schema = {row["name"]: row["params"] for row in env.rpc.getopenrpcinfo()["methods"]}
    env.names = sorted(set(env.schema) - LEFT_OUT)
    env.rng = random.Random(20261122)


def alive(env):
    check.equal(env.node.connect().getblockcount(), 0)


def ask(rpc, body):
    """The reply to any body is JSON with an id, or nothing for notifications."""
    status, text = rpc.post(body)
    check.true(status in (200, 204, 400, 404, 500), f"status {status} for {body[:300]!r}")
    if status != 204:
        reply = json.loads(text)
        for row in reply if isinstance(reply, list) else [reply]:
            check.keys(row, "id")
    return status


def test_wrong_values_in_every_place(env):
    """Each argument of each call gets each of these values, the others are left out or of some other kind."""
    before = memory_kib(env.node.process.pid)
    tried = 0
    for name in env.names:
        for place in range(len(env.schema[name]) + 1):
            for value in env.rng.sample(VALUES, 12):
                params = [env.rng.choice(VALUES[:20]) for _ in range(place)] + [value]
                ask(env.rpc, json.dumps({"id": 1, "method": name, "params": params}))
                tried += 1
    check.true(tried > 5_000, f"only {tried} calls tried")
    alive(env)
    check.true(memory_kib(env.node.process.pid) < before + 200_000, "the node has grown by more than 200 MB")


RIGHT = {"string": "00" * 32, "integer": 1, "boolean": True, "array": [], "object": {}, "number": 1}
WRONG = {"string": [5, True, [], {}], "integer": ["x", True, [], {}, 1.5], "boolean": [1, "true", [], {}], "array": [5, "x", {}, False],
         "object": [5, "x", [], False], "number": ["x", True, [], {}]}


def kind(param):
    """The one type of an argument; None when it may be of several, as amounts are."""
    name = param["schema"].get("type")
    return name if isinstance(name, str) else None


def test_wrong_type_of_every_argument(env):
    """Of all calls: types are looked at before anything is done, so each answers -3, those that would end the node, too."""
    tried = 0
    for name, params in env.schema.items():
        right = {param["name"]: RIGHT.get(kind(param), "x") for param in params if param.get("required")}
        for param in params:
            for value in WRONG.get(kind(param), []):
                answer = json.loads(env.rpc.post(json.dumps({"id": 1, "method": name, "params": {**right, param["name"]: value}}))[1])
                check.equal((answer["error"] or {}).get("code"), -3, f"{name} {param['name']} {value}: {answer}")
                tried += 1
    check.true(tried > 1_500, f"only {tried}")
    alive(env)


def test_wrong_values_by_name(env):
    for name in env.names:
        for param in env.schema[name]:
            for value in env.rng.sample(VALUES, 3):
                ask(env.rpc, json.dumps({"id": 1, "method": name, "params": {param["name"]: value}}))
    alive(env)


def test_ten_thousand_damaged_bodies(env):
    seeds = [json.dumps({"id": 1, "method": name, "params": env.rng.sample(VALUES[:20], 2)}).encode() for name in env.names[::7]]
    refused = 0
    for _ in range(10_000):
        body = damaged(env.rng, env.rng.choice(seeds))
        if any(name.encode() in body for name in LEFT_OUT):
            continue
        refused += ask(env.rpc, body) in (400, 500)
    check.true(refused > 5_000, f"only {refused} were refused")
    alive(env)


HTTP_PARTS = [b"POST", b"GET", b"/", b"/wallet/", b" ", b"\r\n", b"\n", b"\r\n\r\n", b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0", b"Host: x", b"Content-Length: ",
              b"0", b"5", b"-1", b"99999999999", b"Transfer-Encoding: chunked", b"5\r\nhello\r\n", b"0\r\n\r\n", b"ffffffffffffffff\r\n", b"Authorization: Basic ",
              b"eDp5", b"\xff\xff", b"Expect: 100-continue", b"{}", b":", b"X" * 9000, b"\0", b"\t", b"Connection: close"]


def _pieces(rng):
    return b"".join(rng.choices(HTTP_PARTS, k=rng.randint(1, 14)))


def _send_broken(env, requests, answered):
    """Ten at a time; what comes back on each connection goes to `answered`."""
    for start in range(0, len(requests), 10):
        sockets = []
        for request in requests[start:start + 10]:
            connection = socket.create_connection(("127.0.0.1", env.node.rpc_port))
            connection.setblocking(False)
            sockets.append(connection)
            try:
                connection.send(request)
            except OSError:
                pass
        ready, _, _ = select.select(sockets, [], [], 0.005)
        for connection in ready:
            try:
                answered(connection.recv(4096))
            except OSError:
                pass
        for connection in sockets:
            connection.close()


def test_broken_http(env):
    """Ten thousand requests: heads put together from pieces, and damaged copies of a good one. Each connection is answered or closed,
    nothing without a password gets through, nothing is left behind."""
    pid = env.node.process.pid
    before_files, before_memory = open_files(pid), memory_kib(pid)
    statuses = set()

    def note(reply):
        if reply:
            check.true(reply.startswith(b"HTTP/1.1 "), reply[:80])
            statuses.add(int(reply[9:12]))
    _send_broken(env, [_pieces(env.rng) for _ in range(5_000)], note)
    check.true(200 not in statuses, "a call without password was answered")
    check.true(400 in statuses, statuses)
    word = base64.b64encode((env.node.network / ".cookie").read_bytes()).decode()
    body = json.dumps({"id": 1, "method": "getblockcount", "params": []})
    good = f"POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {word}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    _send_broken(env, [damaged(env.rng, good) for _ in range(5_000)], note)
    check.true(statuses <= {200, 204, 400, 401, 403, 404, 405, 408, 411, 413, 414, 417, 431, 500, 501, 503, 505}, statuses)
    alive(env)
    check.soon(lambda: open_files(pid) <= before_files + 5, "descriptors are left open")
    check.true(memory_kib(pid) < before_memory + 50_000, "the node has grown by more than 50 MB")


def test_slow_clients(env):
    """Clients that send a byte now and then are let go; meanwhile others are served at once."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n"
    slow = [socket.create_connection(("127.0.0.1", env.node.rpc_port)) for _ in range(100)]
    for connection in slow:
        connection.sendall(head[:20])
    begin = time.monotonic()
    worst = 0.0
    while time.monotonic() - begin < 8:
        for connection in slow:
            try:
                connection.send(b"x")
            except OSError:
                pass
        asked = time.monotonic()
        env.rpc.getblockcount()
        worst = max(worst, time.monotonic() - asked)
        time.sleep(0.2)
    check.true(worst < 2, f"a quick call took {worst:.2f} s")
    closed = 0
    for connection in slow:
        connection.settimeout(1)
        try:
            while connection.recv(4096):
                pass
            closed += 1
        except socket.timeout:
            pass
        except OSError:
            closed += 1
        connection.close()
    check.equal(closed, 100, "some slow clients are still connected")


def test_ten_thousand_connections(env):
    """Opened as fast as they are taken and kept as long as the node lets them: it refuses what is too much and serves again."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    before_files, before_memory = open_files(env.node.process.pid), memory_kib(env.node.process.pid)
    opened = 0
    for _ in range(10):
        sockets = []
        for _ in range(1_000):
            try:
                sockets.append(socket.create_connection(("127.0.0.1", env.node.rpc_port), timeout=5))
                opened += 1
            except OSError:
                pass
        for connection in sockets:
            connection.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    check.true(opened > 9_000, f"only {opened} connections could be made")
    check.soon(lambda: open_files(env.node.process.pid) <= before_files + 5, "descriptors are left open")
    check.true(memory_kib(env.node.process.pid) < before_memory + 100_000, "the node has grown by more than 100 MB")
    alive(env)


def test_ten_thousand_connections_at_once(env):
    """They take all places of the node, who is connected is served on, and when they say nothing others have their places again."""
    extended()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 10_500:
        raise Skip(f"only {hard} descriptors may be open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (10_500, hard))
    before_files, before_memory = open_files(env.node.process.pid), memory_kib(env.node.process.pid)
    env.rpc.getblockcount()  # connected before
    sockets, refused = [], 0
    for _ in range(10_000):
        try:
            sockets.append(socket.create_connection(("127.0.0.1", env.node.rpc_port), timeout=10))
        except OSError:
            refused += 1
    begin = time.monotonic()
    env.rpc.getblockcount()
    check.true(time.monotonic() - begin < 2, "who is connected waits")
    check.true(len(sockets) > 9_900, f"{refused} could not connect")
    check.soon(lambda: _serves(env), "nobody gets a place")
    check.true(memory_kib(env.node.process.pid) < before_memory + 100_000, "the node has grown by more than 100 MB")
    for connection in sockets:
        connection.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    check.soon(lambda: open_files(env.node.process.pid) <= before_files + 5, "descriptors are left open")


def _serves(env):
    try:
        return env.node.connect().getblockcount() == 0
    except Exception:  # pylint: disable=broad-except
        return False


def test_full_queue_says_when_to_come_again(env):
    node = env.start("-rpcworkqueue=1", "-rpcthreads=1")
    login = (node.network / ".cookie").read_text()
    body = json.dumps({"id": 1, "method": "generatetodescriptor", "params": [300, "raw(51)"]})
    seen = []

    def call():
        seen.append(_post_raw(node.rpc_port, login, body))
    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [head for head in seen if b" 503 " in head.split(b"\r\n")[0]]
    check.true(refused, "the queue was never full")
    for head in refused:
        check.contains(head.lower().decode(), "\r\nretry-after: ")
    node.stop()


def _post_raw(port, login, body):
    word = base64.b64encode(login.encode()).decode()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {word}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        return connection.recv(65536)


if __name__ == "__main__":
    run(globals())
