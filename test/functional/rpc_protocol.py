#!/usr/bin/env python3
"""JSON-RPC over HTTP: versions, batches, named arguments, and everything malformed."""

import concurrent.futures
import http.client
import json
import random
import socket

from framework import check
from framework.damage import damaged
from framework.node import open_files
from framework.rpc import Rpc
from framework.suite import run


def setup(env):
    env.share("-rpcworkqueue=1000")


def post(env, body, headers=None):
    """(status, parsed reply or None)"""
    status, text = env.rpc.post(body if isinstance(body, (bytes, str)) else json.dumps(body), headers)
    return status, json.loads(text) if text else None


def test_version_1(env):
    status, reply = post(env, {"id": "x", "method": "getblockcount", "params": []})
    check.equal((status, reply), (200, {"result": 0, "error": None, "id": "x"}))
    status, reply = post(env, {"id": 7, "method": "getblockhash", "params": [5]})
    check.equal((status, reply["result"], reply["error"]["code"], reply["id"]), (500, None, -8, 7))
    status, reply = post(env, {"method": "uptime"})
    check.equal((status, reply["id"]), (200, None), "without id and params")


def test_version_2(env):
    status, reply = post(env, {"jsonrpc": "2.0", "id": 1, "method": "getblockcount"})
    check.equal((status, reply), (200, {"jsonrpc": "2.0", "result": 0, "id": 1}))
    status, reply = post(env, {"jsonrpc": "2.0", "id": 1, "method": "nothing"})
    check.equal(status, 200)
    check.equal(reply, {"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": 1})


def test_notifications(env):
    check.equal(post(env, {"jsonrpc": "2.0", "method": "getblockcount"}), (204, None))
    check.equal(post(env, {"jsonrpc": "2.0", "method": "nothing"}), (204, None))
    check.equal(post(env, [{"jsonrpc": "2.0", "method": "uptime"}] * 3), (204, None))


def test_unknown_method(env):
    status, reply = post(env, {"id": 1, "method": "getblokcount", "params": []})
    check.equal((status, reply["error"]["code"]), (404, -32601))


def test_batch(env):
    requests = [{"id": 0, "method": "getblockcount"}, {"id": 1, "method": "nothing"}, 5, [],
                {"jsonrpc": "2.0", "method": "uptime"}, {"jsonrpc": "2.0", "id": 4, "method": "echo", "params": ["a"]},
                {"id": 5, "method": "getblock", "params": ["00"]}]
    status, reply = post(env, requests)
    check.equal(status, 200)
    check.equal(len(reply), 6, "all but the notification")
    check.equal([row["id"] for row in reply], [0, 1, None, None, 4, 5])
    check.equal(reply[0]["result"], 0)
    check.equal([row["error"]["code"] for row in (reply[1], reply[2], reply[3], reply[5])],
                [-32601, -32600, -32600, -8])
    check.equal(reply[4], {"jsonrpc": "2.0", "result": ["a"], "id": 4})
    check.equal(post(env, []), (200, []))


def test_batch_is_bounded(env):
    status, reply = post(env, [{"id": 1, "method": "uptime"}] * 10_001)
    check.equal((status, reply["error"]["code"]), (400, -32600))
    status, reply = post(env, [{"id": i, "method": "uptime"} for i in range(1000)])
    check.equal((status, [row["id"] for row in reply]), (200, list(range(1000))))


def test_named_arguments(env):
    genesis = env.rpc.getblockhash(height=0)
    check.equal(env.rpc.getblock(blockhash=genesis, verbosity=1)["height"], 0)
    check.equal(env.rpc.getblock(verbose=0, blockhash=genesis), env.rpc.getblock(genesis, 0), "second name")
    check.equal(env.rpc.call("getblock", genesis, verbosity=0), env.rpc.getblock(genesis, 0), "args beside names")
    check.refused(-8, "Unknown named parameter hight", env.rpc.getblockhash, hight=0)
    check.refused(-8, "specified multiple times", env.rpc.getblock, blockhash=genesis, verbose=1, verbosity=1)
    check.refused(-8, "specified twice", env.rpc.call, "getblock", genesis, blockhash=genesis)
    check.refused(-1, "needs its argument 1", env.rpc.getblock, verbosity=1)


def test_wrong_shapes(env):
    for request in ({"id": 1}, {"id": 1, "method": 5}, {"id": 1, "method": None}, {},
                    {"id": 1, "method": "uptime", "params": 5}, {"id": 1, "method": "uptime", "params": "text"}):
        status, reply = post(env, request)
        check.equal((status, reply["error"]["code"]), (400, -32600), repr(request))
    for request in (5, '"text"', None, True, "", " "):
        status, reply = post(env, request)
        check.true(status in (400, 500), f"status {status} for {request!r}")
        check.true(reply["error"]["code"] in (-32600, -32700), f"{reply} for {request!r}")


def test_http_methods_and_paths(env):
    for method, path, wanted in (("GET", "/", 405), ("PUT", "/", 405), ("DELETE", "/", 405), ("POST", "/x", 404),
                                 ("POST", "/wallet", 404), ("POST", "/%2e%2e/etc/passwd", 404)):
        status, _ = _request(env, method, path)
        check.equal(status, wanted, f"{method} {path}")


def _request(env, method, path):
    connection = http.client.HTTPConnection("127.0.0.1", env.node.rpc_port, timeout=30)
    connection.request(method, path, "{}")
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def test_deep_nesting(env):
    for depth in (50, 512, 513, 100_000, 3_000_000):
        status, reply = post(env, "[" * depth + "]" * depth)
        check.true(status in (200, 400, 500), f"status {status}")
        if depth > 1000:
            check.equal(reply["error"]["code"], -32700, f"depth {depth}")
    status, reply = post(env, '{"id":1,"method":"echo","params":[' + "[" * 100_000 + "]" * 100_000 + "]}")
    check.equal(reply["error"]["code"], -32700)


def test_huge_bodies(env):
    text = "x" * (8 << 20)
    check.equal(env.rpc.echo(text), [text], "8 MiB")
    rpc = env.node.connect()
    try:
        status, _ = rpc.post(b'"' + b"y" * (33 << 20) + b'"')
        check.true(status in (400, 413), f"33 MiB: status {status}")
    except OSError:
        pass  # the node closed the connection before it had read all
    rpc.close()
    check.equal(env.rpc.getblockcount(), 0)


def test_malformed_json(env):
    """700 damaged requests: each gets a reply that is JSON, and the node goes on."""
    rng = random.Random(20260101)
    seeds = [b'{"id":1,"method":"getblockcount","params":[]}', b'[{"id":1,"method":"echo","params":["\\u00e4",1.5e3]}]',
             b'{"jsonrpc":"2.0","id":"a","method":"getblock","params":{"blockhash":"00","verbosity":2}}',
             b'{"id":3,"method":"name_show","params":["enum:18009359935:0","hex"]}']
    parse_errors = 0
    for body in (damaged(rng, rng.choice(seeds)) for _ in range(700)):
        if b"stop" in body:
            continue
        status, text = env.rpc.post(body)
        check.true(status in (200, 204, 400, 404, 500), f"status {status} for {body!r}")
        if status == 204:
            continue
        reply = json.loads(text)
        rows = reply if isinstance(reply, list) else [reply]
        for row in rows:
            check.keys(row, "id")
            error = row.get("error")
            parse_errors += error is not None and error["code"] == -32700
    check.true(parse_errors > 200, f"only {parse_errors} were told to be no JSON")
    check.equal(env.rpc.getblockcount(), 0)


def test_parse_error_names_the_place(env):
    status, reply = post(env, b'{"id":1,"method":"uptime",}')
    check.equal((status, reply["error"]["code"], reply["id"]), (500, -32700, None))
    check.matches(reply["error"]["message"], r"^Parse error at byte 2[0-9]: ")


def raw(env, data, answer=True):
    """Sends bytes as they are; gives what comes back until the node closes or is silent for a moment."""
    with socket.create_connection(("127.0.0.1", env.node.rpc_port), timeout=0.3 if answer else 0.02) as connection:
        out = b""
        try:
            connection.sendall(data)
            while chunk := connection.recv(65536):
                out += chunk
                if answer:
                    break
        except (socket.timeout, ConnectionError):
            pass
        return out


def test_malformed_http(env):
    rng = random.Random(7)
    good = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
    fixed = [b"", b"\r\n\r\n", b"GET\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00" * 20,
             b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 1e3\r\n\r\n",
             b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
             b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", b"A" * 70_000,
             b"POST / HTTP/1.1\r\n" + b"X: y\r\n" * 5000 + b"\r\n", b"POST " + b"/" * 20_000 + b" HTTP/1.1\r\n\r\n"]
    for data in fixed:
        text = raw(env, data)
        check.true(text == b"" or text.startswith(b"HTTP/1."), f"{text[:40]!r} to {data[:40]!r}")
        check.true(not text.startswith(b"HTTP/1.1 200"), f"200 to {data[:40]!r}")
    for _ in range(150):
        data = bytearray(good)
        for _ in range(rng.randint(1, 8)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        raw(env, bytes(data), answer=False)
    check.equal(env.rpc.getblockcount(), 0)


def test_connections_are_given_back(env):
    """A thousand connections opened and dropped leave no descriptors behind."""
    before = open_files(env.node.process.pid)
    for _ in range(10):
        sockets = [socket.create_connection(("127.0.0.1", env.node.rpc_port)) for _ in range(100)]
        for connection in sockets:
            connection.close()
    check.soon(lambda: open_files(env.node.process.pid) <= before + 5, "descriptors are left open")


def test_work_queue_full(env):
    """More slow calls than the queue takes: 503, and nothing is lost."""
    node = env.start("-rpcworkqueue=1", "-rpcthreads=1")
    login = (node.network / ".cookie").read_text()
    body = json.dumps({"id": 1, "method": "generatetodescriptor", "params": [100, "raw(51)"]})
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        statuses = [status for status, _ in pool.map(lambda _: Rpc(node.rpc_port, login).post(body), range(8))]
    check.equal(set(statuses), {200, 503})
    check.equal(node.rpc.getblockcount(), 100 * statuses.count(200))
    node.stop()


if __name__ == "__main__":
    run(globals())
