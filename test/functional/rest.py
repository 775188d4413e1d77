#!/usr/bin/env python3
"""REST (-rest), /health and the figures of -metrics: every path in every form, bad requests, a node that starts or catches up."""

import decimal
import http.client
import json
import re
import socket
import time
import urllib.parse

from framework import check
from framework.chain import OP_TRUE, Tx
from framework.names import OWNER, Purse
from framework.node import free_port
from framework.suite import run

COIN = 10 ** 8
NUMBER = "18009350301"


def setup(env):
    env.metrics_port = free_port()
    env.share("-rest=1", "-blockfilterindex=1", "-mocktime=1800000000", f"-metrics=127.0.0.1:{env.metrics_port}")
    env.purse = Purse(env.node)
    env.block = env.purse.register({"dns:rest.coin": "A=192.0.2.1", "a/b ?%&.x": "odd", "plain": "text"})
    env.tip = env.rpc.getblockcount()


def ask(env, path, body=None, method=None, port=None, headers=None):
    """(status, content type, bytes)"""
    link = http.client.HTTPConnection("127.0.0.1", port or env.node.rpc_port, timeout=30)
    link.request(method or ("GET" if body is None else "POST"), path, body, headers or {})
    reply = link.getresponse()
    out = reply.status, reply.getheader("Content-Type"), reply.read()
    link.close()
    return out


def get(env, path, **more):
    """Body of a good answer: parsed JSON, text of hex, or bytes."""
    status, kind, body = ask(env, "/rest/" + path, **more)
    check.equal(status, 200, f"{path}: {body[:200]!r}")
    ending = path.split("?")[0].rsplit(".", 1)[1]
    check.equal(kind, {"json": "application/json", "hex": "text/plain", "bin": "application/octet-stream"}[ending], path)
    if ending == "json":
        return json.loads(body, parse_float=decimal.Decimal)
    if ending == "hex":
        check.true(body.endswith(b"\n"), "hex ends with a line feed")
        return body.decode().strip()
    return body


def refuse(env, path, status, part, **more):
    seen, _, body = ask(env, "/rest/" + path, **more)
    check.equal(seen, status, f"{path}: {body[:200]!r}")
    check.contains(body.decode(), part, path)


def three(env, path):
    """The three forms of one thing; bytes and hex have to agree."""
    raw, text = get(env, path + ".bin"), get(env, path + ".hex")
    check.equal(raw.hex(), text, path)
    return raw, get(env, path + ".json")


def test_off_by_default(env):
    node = env.start()
    status, _, _ = ask(env, "/rest/chaininfo.json", port=node.rpc_port)
    check.equal(status, 404)
    check.equal(ask(env, "/health", port=node.rpc_port)[0], 503, "no block is new")
    node.stop()


def test_transactions(env):
    txid = env.rpc.getblock(env.block)["tx"][1]
    raw, tx = three(env, "tx/" + txid)
    check.equal(raw.hex(), env.rpc.getrawtransaction(txid))
    check.equal((tx["txid"], tx["blockhash"], tx["hex"]), (txid, env.block, raw.hex()))
    refuse(env, "tx/" + "11" * 32 + ".json", 404, "11" * 32 + " not found")
    refuse(env, "tx/abc.json", 400, "Invalid hash: abc")
    refuse(env, f"tx/{txid}", 404, "output format not found (available: .bin, .hex, .json)")
    refuse(env, f"tx/{txid}.xml", 404, "output format not found")


def test_blocks(env):
    for path, verbosity in (("block/", 3), ("block/notxdetails/", 1)):
        raw, block = three(env, path + env.block)
        check.equal(raw.hex(), env.rpc.getblock(env.block, 0))
        check.equal(block, env.rpc.getblock(env.block, verbosity))
    check.keys(get(env, f"block/{env.block}.json")["tx"][1]["vin"][0], "prevout")
    refuse(env, "block/" + "0" * 64 + ".bin", 404, "0" * 64 + " not found")
    refuse(env, "block/notxdetails/x.bin", 400, "Invalid hash: x")


def test_headers(env):
    first = env.rpc.getblockhash(env.tip - 4)
    wanted = [env.rpc.getblockheader(env.rpc.getblockhash(env.tip - 4 + i)) for i in range(5)]
    raw, rows = three(env, "headers/5/" + first)
    check.equal(rows, wanted)
    check.equal(raw.hex(), "".join(env.rpc.getblockheader(row["hash"], False) for row in wanted))
    check.equal(get(env, f"headers/{first}.json?count=2"), wanted[:2])
    check.equal(get(env, f"headers/{first}.json"), wanted, "five without a count")
    check.equal(len(get(env, f"headers/2000/{env.rpc.getblockhash(0)}.json")), env.tip + 1)
    check.equal(get(env, f"headers/1/{'0' * 64}.json"), [], "an unknown block")
    for count in ("0", "2001", "-1", "x", "", "99999999999999999999"):
        refuse(env, f"headers/{count}/{first}.json", 400, "Header count is invalid or out of acceptable range (1-2000): " + count)
        refuse(env, f"headers/{first}.json?count={count}", 400, "Header count is invalid")
    refuse(env, f"headers/1/2/{first}.json", 400, "Invalid URI format")


def test_block_hashes(env):
    block = env.rpc.getblockhash(7)
    check.equal(get(env, "blockhashbyheight/7.bin"), bytes.fromhex(block)[::-1])
    check.equal(get(env, "blockhashbyheight/7.hex"), block)
    check.equal(get(env, "blockhashbyheight/7.json"), {"blockhash": block})
    refuse(env, f"blockhashbyheight/{env.tip + 1}.json", 404, "Block height out of range")
    for bad in ("-1", "x", "", "1.5", "99999999999"):
        refuse(env, f"blockhashbyheight/{bad}.json", 400, "Invalid height: " + bad)


def test_chain_info(env):
    check.equal(get(env, "chaininfo.json"), env.rpc.getblockchaininfo())
    refuse(env, "chaininfo.hex", 404, "output format not found (available: .json)")
    refuse(env, "chaininfox.json", 404, "Nothing here")


def pooled(env):
    """A payment in the mempool, with the coin it spends."""
    coin = env.purse.coins.pop(0)
    tx = Tx(2).spend(coin, 0).pay(4 * COIN, OP_TRUE)
    return coin, env.rpc.sendrawtransaction(tx.hex(), 0)


def test_mempool(env):
    _, txid = pooled(env)
    check.soon(lambda: env.rpc.getmempoolinfo()["unbroadcastcount"] == 1, "the relay knows that nobody has it")
    check.equal(get(env, "mempool/info.json"), env.rpc.getmempoolinfo())
    check.equal(get(env, "mempool/contents.json"), env.rpc.getrawmempool(True))
    check.contains(get(env, "mempool/contents.json?verbose=false"), txid)
    refuse(env, "mempool/contents.json?verbose=1", 400, 'The "verbose" query parameter must be either "true" or "false".')
    refuse(env, "mempool/contents.json?mempool_sequence=true", 400, "Verbose results cannot contain mempool sequence values")
    refuse(env, "mempool/else.json", 400, "/rest/mempool/<info|contents>.json")
    env.rpc.generatetodescriptor(1, "raw(51)")


def outpoint(txid, index):
    return bytes.fromhex(txid)[::-1] + index.to_bytes(4, "little")


def test_coins(env):
    spent, txid = pooled(env)
    free = env.purse.coins[0]
    plain = get(env, f"getutxos/{spent}-0/{free}-0/{txid}-0/{free}-7.json")
    check.equal((plain["bitmap"], plain["chainHeight"], plain["chaintipHash"]), ("1100", env.rpc.getblockcount(), env.rpc.getbestblockhash()))
    pool = get(env, f"getutxos/checkmempool/{spent}-0/{free}-0/{txid}-0.json")
    check.equal(pool["bitmap"], "011")
    check.equal([(row["height"], row["value"]) for row in pool["utxos"]],
                [(env.rpc.getblock(env.rpc.getrawtransaction(free, 1)["blockhash"])["height"], 50), (0x7fffffff, 4)])
    check.equal(pool["utxos"][0]["scriptPubKey"], env.rpc.gettxout(free, 0)["scriptPubKey"])
    body = b"\x01\x03" + outpoint(spent, 0) + outpoint(free, 0) + outpoint(txid, 0)
    raw = get(env, "getutxos.bin", body=body)
    check.equal(raw.hex(), get(env, f"getutxos/checkmempool/{spent}-0/{free}-0/{txid}-0.hex"))
    check.equal(raw.hex(), get(env, "getutxos.hex", body=body.hex() + "\n"))
    check.equal((int.from_bytes(raw[:4], "little"), raw[4:36][::-1].hex()), (env.rpc.getblockcount(), env.rpc.getbestblockhash()))
    check.equal((raw[36:38], raw[38], int.from_bytes(raw[43:47], "little")), (b"\x01\x06", 2, pool["utxos"][0]["height"]))
    env.rpc.generatetodescriptor(1, "raw(51)")


def test_name_coins(env):
    """A name's coin shows its owner's script; its type says that a name lies in it."""
    shown = env.rpc.name_show("plain")
    row = get(env, f"getutxos/{shown['txid']}-{shown['vout']}.json")["utxos"][0]
    check.equal((row["scriptPubKey"]["hex"], row["scriptPubKey"]["address"], row["scriptPubKey"]["type"][:5]),
                (OWNER.hex(), shown["address"], "name_"))


def test_bad_coins(env):
    free = env.purse.coins[0]
    refuse(env, "getutxos.json", 400, "Error: empty request")
    refuse(env, "getutxos/checkmempool.json", 400, "Error: empty request")
    for bad in ("x-0", f"{free}-", f"{free}--1", f"{free}", f"{free}-4294967296", f"{free}-0x1", f"{free}-0/", "/"):
        refuse(env, f"getutxos/{bad}.json", 400, "Parse error")
    refuse(env, "getutxos/" + "/".join([f"{free}-0"] * 16) + ".json", 400, "Error: max outpoints exceeded (max: 15, tried: 16)")
    check.equal(get(env, "getutxos/" + "/".join([f"{free}-0"] * 15) + ".json")["bitmap"], "1" * 15)
    point = outpoint(free, 0)
    for body in (b"\x00", b"\x01\x01" + point[:-1], b"\x01\x01" + point + b"\x00", b"\x01\xff" + b"\xff" * 8, b"\x01\xfd\x01\x00" + point):
        refuse(env, "getutxos.bin", 400, "Parse error", body=body)
    refuse(env, "getutxos.hex", 400, "Parse error", body="zz")
    refuse(env, "getutxos.bin", 400, "max outpoints exceeded", body=b"\x00\x10" + point * 16)
    refuse(env, f"getutxos/{free}-0.bin", 400, "Combination of URI scheme inputs and raw post data is not allowed", body=b"\x00\x01" + point)
    check.equal(ask(env, "/rest/getutxos.bin", body=b"\x00" * 4097)[0], 413)


def test_filters(env):
    wanted = env.rpc.getblockfilter(env.block)
    raw, shown = three(env, "blockfilter/basic/" + env.block)
    check.equal(shown, {"filter": wanted["filter"]})
    check.equal(raw[:33], b"\x00" + bytes.fromhex(env.block)[::-1])
    check.equal(raw[34:].hex() if raw[33] < 0xfd else raw[36:].hex(), wanted["filter"])
    first = env.rpc.getblockhash(3)
    headers = [env.rpc.getblockfilter(env.rpc.getblockhash(3 + i))["header"] for i in range(4)]
    for path in (f"blockfilterheaders/basic/4/{first}.json", f"blockfilterheaders/basic/{first}.json?count=4"):
        check.equal(get(env, path), headers)
    check.equal(get(env, f"blockfilterheaders/basic/4/{first}.bin"), b"".join(bytes.fromhex(header)[::-1] for header in headers))
    refuse(env, "blockfilter/extra/" + env.block + ".json", 400, "Unknown filtertype extra")
    refuse(env, "blockfilter/" + env.block + ".json", 400, "Invalid URI format")
    refuse(env, "blockfilter/basic/" + "0" * 64 + ".json", 404, "Block not found")


def test_names(env):
    check.equal(get(env, "name/dns:rest.coin.json"), env.rpc.name_show("dns:rest.coin"))
    odd = "a/b ?%&.x"
    check.equal(get(env, "name/" + urllib.parse.quote(odd, safe="") + ".json")["value"], "odd")
    shown = get(env, "name/plain.json?history=true")
    check.equal([(row["operation"], row["value"]) for row in shown["history"]], [("name_new", "text")])
    for name in ("nothing", "%FF%00", "", "../../etc/passwd"):
        refuse(env, f"name/{name}.json", 404, "no such name")
    refuse(env, "name/plain", 404, "output format not found (available: .json)")
    refuse(env, "name/plain.json?history=yes", 400, '"history" query parameter')


def test_numbers(env):
    check.equal(get(env, f"enum/{NUMBER}.json"), env.rpc.enum_resolve(NUMBER))
    check.equal(get(env, "enum/%2B1-800-935-0301.json")["number"], NUMBER)
    refuse(env, "enum/abc.json", 400, "is no telephone number")


def test_methods_and_bodies(env):
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        check.equal(ask(env, "/rest/chaininfo.json", method=method)[0], 405, method)
    check.equal(ask(env, "/rest/chaininfo.json", body="x", method="GET")[0], 413, "a body where none belongs")
    status, _, body = ask(env, "/rest/chaininfo.json", method="HEAD")
    check.equal((status, body), (200, b""))
    with socket.create_connection(("127.0.0.1", env.node.rpc_port), 10) as raw:
        raw.sendall(b"POST /rest/getutxos.bin HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2000\r\n" + b"x" * 0x2000)
        check.equal(raw.recv(100).split()[1], b"413", "chunks are limited, too")
    for path in ("/rest", "/rest/", "/rest//", "/rest/x", "/rest/tx", "/restx/chaininfo.json"):
        check.equal(ask(env, path)[0], 404, path)
    refuse(env, "name/%f.json", 400, "two hex digits")


def test_health(env):
    env.rpc.setmocktime(env.rpc.getblockheader(env.rpc.getbestblockhash())["time"] + 60)
    env.rpc.generatetodescriptor(1, "raw(51)")
    status, kind, body = ask(env, "/health")
    height = env.rpc.getblockcount()
    check.equal((status, kind, json.loads(body)), (200, "application/json", {"status": "ok", "blocks": height, "headers": height}))
    check.equal(ask(env, "/health", method="HEAD")[::2], (200, b""))
    check.equal(ask(env, "/health", body="x", method="POST")[0], 405)
    fresh = env.start("-rest=1")
    status, _, body = ask(env, "/health", port=fresh.rpc_port)
    check.equal((status, json.loads(body)["status"]), (503, "syncing"), "no block is new")
    fresh.stop()
    check.soon(lambda: starting(env, fresh), "a node that starts was not seen")
    fresh.wait_ready()
    fresh.stop()


def starting(env, node):
    """Starts the node and asks from the first moment on; False when it was ready too soon to be seen."""
    node.launch()
    seen = set()
    end = time.monotonic() + 20
    while time.monotonic() < end and "syncing" not in seen:
        try:
            status, _, body = ask(env, "/health", port=node.rpc_port)
            seen.add(json.loads(body)["status"])
            check.equal(status, 503)
            if "starting" in seen and "rest" not in seen and b"starting" in body:
                status, _, body = ask(env, "/rest/chaininfo.json", port=node.rpc_port)
                check.true(status == 200 or (status == 503 and b"Service temporarily unavailable" in body), "REST of a node that starts")
                seen.add("rest")
        except ConnectionError:
            continue
    if "starting" in seen:
        return True
    node.rpc = node.connect()
    node.stop()
    return False


SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-z_]+="[^"\\\n]*"(?:,[a-z_]+="[^"\\\n]*")*\})? (-?[0-9.e+-]+|NaN|[+-]Inf)')


def exposition(text):
    """Checks the text format of Prometheus line by line; gives sample → value."""
    out, kind, family, closed = {}, None, None, set()
    check.true(text.endswith("\n"), "the last line ends")
    for line in text.splitlines():
        if line.startswith("# HELP "):
            closed.add(family)
            family = line.split(" ")[2]
            check.true(family not in closed and len(line.split(" ", 3)[3]) > 3, f"one family, one help: {line}")
            kind = None
        elif line.startswith("# TYPE "):
            check.equal(line.split(" ")[2], family)
            kind = line.split(" ")[3]
            check.true(kind in ("counter", "gauge", "histogram"), line)
        else:
            found = SAMPLE.fullmatch(line)
            check.true(found is not None and kind is not None, f"no sample: {line!r}")
            name = found[1]
            endings = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
            check.true(name in [family + ending for ending in endings], f"{name} is not of {family}")
            check.true(kind != "counter" or name.endswith("_total"), f"{name} has to end with _total")
            check.true((name + (found[2] or "")) not in out, f"twice: {line}")
            out[name + (found[2] or "")] = float(found[3])
    return out


def figures(env):
    status, kind, body = ask(env, "/metrics", port=env.metrics_port)
    check.equal((status, kind), (200, "text/plain; version=0.0.4; charset=utf-8"))
    return exposition(body.decode())


def test_metrics(env):
    before = figures(env)
    for _ in range(5):
        env.rpc.uptime()
    check.refused(-5, "", env.rpc.getblock, "00" * 32)
    after = figures(env)
    grown = {name: value - before.get(name, 0) for name, value in after.items()}
    check.equal(grown['emercoin_rpc_calls_total{method="uptime"}'], 5)
    check.equal(grown['emercoin_rpc_errors_total{method="getblock"}'], 1)
    check.equal(grown["emercoin_rpc_latency_seconds_count"], 6)
    check.equal(after["emercoin_rpc_latency_seconds_count"], after['emercoin_rpc_latency_seconds_bucket{le="+Inf"}'])
    check.equal(after["emercoin_chain_height"], env.rpc.getblockcount())
    check.equal(after["emercoin_mempool_transactions"], len(env.rpc.getrawmempool()))
    check.equal((after['emercoin_peers{direction="in"}'], after['emercoin_network_bytes_total{direction="out"}']), (0, 0))
    check.true(after["process_cpu_seconds_total"] > 0 and after["process_open_fds"] > 5 and
               after["process_virtual_memory_bytes"] > after["process_resident_memory_bytes"] > 1_000_000, "the process")
    check.true(abs(after["process_start_time_seconds"] - time.time()) < 600, "start")


def test_running_calls(env):
    """getrpcinfo names the calls that run, itself among them."""
    info = env.rpc.getrpcinfo()
    check.equal([row["method"] for row in info["active_commands"]], ["getrpcinfo"])
    check.true(0 <= info["active_commands"][0]["duration"] < 10_000_000, "microseconds")
    check.keys(info, "logpath")


if __name__ == "__main__":
    run(globals())
