#!/usr/bin/env python3
"""Calls about coins, blocks and the chain: scans, waiting, figures, equally good branches; and long calls hold up nobody."""

import pathlib
import threading
import time

from framework import check
from framework.names import Purse
from framework.suite import run

COIN = 10 ** 8


def setup(env):
    env.share("-mocktime=1800000000", "-blockfilterindex=1")
    env.purse = Purse(env.node, 30)


def in_background(function, *args):
    """A thread and the list its result will be in."""
    out = []
    thread = threading.Thread(target=lambda: out.append(function(*args)))
    thread.start()
    return thread, out


def test_scantxoutset(env):
    before = env.rpc.gettxoutsetinfo("none")
    found = env.rpc.scantxoutset("start", ["raw(51)"])
    check.equal((found["success"], found["height"], found["bestblock"]), (True, 130, env.rpc.getbestblockhash()))
    check.equal(found["txouts"], before["txouts"])
    check.equal(len(found["unspents"]), 130)
    check.equal(int(found["total_amount"] * COIN), 130 * 50 * COIN)
    row = found["unspents"][0]
    check.equal((row["scriptPubKey"], row["coinbase"], row["amount"]), ("51", True, 50))
    check.matches(row["desc"], r"^raw\(51\)#[a-z0-9]{8}$")
    check.equal(env.rpc.gettxout(row["txid"], row["vout"])["value"], 50)


def test_scan_by_range(env):
    """Ten addresses of an extended key; a name counts as its owner's coin."""
    descriptor = env.rpc.getdescriptorinfo("wpkh(tprv8ZgxMBicQKsPd7Uf69XL1XwhmjHopUGep8GuEiJDZmbQz6o58LninorQAfcKZWARbtRtfnLcJ5MQ2AtHcQJCCRUcMRvmDUjyEmNUWwx8UbK/0/*)")["descriptor"]
    addresses = env.rpc.deriveaddresses(descriptor, [0, 9])
    script = bytes.fromhex(env.rpc.validateaddress(addresses[7])["scriptPubKey"])
    env.purse.register({"n:scanned": "value"}, owner=script)
    found = env.rpc.scantxoutset("start", [{"desc": descriptor, "range": 9}])
    check.equal([(row["scriptPubKey"], row["desc"].split("#")[0]) for row in found["unspents"]], [(script.hex(), f"addr({addresses[7]})")])
    check.equal(env.rpc.scantxoutset("start", [{"desc": descriptor, "range": [0, 6]}])["unspents"], [])
    check.equal(len(env.rpc.scantxoutset("start", [descriptor])["unspents"]), 1)


def test_scan_misuse(env):
    check.equal(env.rpc.scantxoutset("status"), None)
    check.equal(env.rpc.scantxoutset("abort"), False)
    check.refused(-8, "Invalid action", env.rpc.scantxoutset, "begin", ["raw(51)"])
    check.refused(-1, "scanobjects", env.rpc.scantxoutset, "start")
    check.refused(-5, "", env.rpc.scantxoutset, "start", ["raw(5"])
    check.refused(-8, "A scan object", env.rpc.scantxoutset, "start", [5])
    check.refused(-8, "un-ranged", env.rpc.scantxoutset, "start", [{"desc": "raw(51)", "range": 5}])


def test_scanblocks(env):
    check.soon(lambda: env.rpc.getindexinfo()["basic block filter index"]["synced"], "no filters")
    hashed = env.purse.register({"n:filter": "value"}, owner=b"\x00\x14" + bytes([9] * 20))
    descriptor = "raw(0014" + "09" * 20 + ")"
    height = env.rpc.getblockcount()
    found = env.rpc.scanblocks("start", [descriptor], 0, height, "basic", {"filter_false_positives": True})
    check.equal(found, {"from_height": 0, "to_height": height, "relevant_blocks": [hashed], "completed": True})
    check.true(hashed in env.rpc.scanblocks("start", [descriptor])["relevant_blocks"], "without reading the blocks")
    check.equal(env.rpc.scanblocks("start", [descriptor], 0, height - 1, "basic", {"filter_false_positives": True})["relevant_blocks"], [])
    check.equal(env.rpc.scanblocks("status"), None)
    check.refused(-1, "start_height", env.rpc.scanblocks, "start", [descriptor], height + 1)
    check.refused(-1, "stop_height", env.rpc.scanblocks, "start", [descriptor], 5, 4)
    check.refused(-5, "filtertype", env.rpc.scanblocks, "start", [descriptor], 0, 5, "other")
    check.refused(-3, "Unexpected key", env.rpc.scanblocks, "start", [descriptor], 0, 5, "basic", {"x": True})


def test_waiting(env):
    tip, height = env.rpc.getbestblockhash(), env.rpc.getblockcount()
    begin = time.monotonic()
    check.equal(env.rpc.waitfornewblock(200), {"hash": tip, "height": height})
    check.true(0.15 < time.monotonic() - begin < 5, "it did not wait for 200 ms")
    check.equal(env.rpc.waitforblock(tip), {"hash": tip, "height": height})
    check.equal(env.rpc.waitforblockheight(height - 5, 10), {"hash": tip, "height": height})
    check.equal(env.rpc.waitfornewblock(0, "00" * 32)["hash"], tip)
    threads = [in_background(env.node.connect().waitfornewblock), in_background(env.node.connect().waitforblockheight, height + 1)]
    time.sleep(0.2)
    made = env.node.mine()[0]
    for thread, out in threads:
        thread.join(10)
        check.equal(out, [{"hash": made, "height": height + 1}])


def test_waiting_holds_up_nobody(env):
    """More wait than there are workers for ordinary calls; these are answered, blocks connect."""
    waiters = [in_background(env.node.connect().waitforblockheight, env.rpc.getblockcount() + 3) for _ in range(12)]
    time.sleep(0.3)
    begin = time.monotonic()
    env.rpc.getblock(env.rpc.getblockhash(5), 2)
    env.node.mine(3)
    check.true(time.monotonic() - begin < 5, "calls had to wait for those who wait")
    for thread, out in waiters:
        thread.join(10)
        check.equal(len(out), 1)


def test_node_stops_while_somebody_waits(env):
    node = env.start()
    thread, out = in_background(_refusal, node.connect(), "waitfornewblock")
    time.sleep(0.3)
    node.stop()
    thread.join(10)
    check.true(out and ("stops" in out[0] or "503" in out[0] or "closed" in out[0].lower()), out)


def _refusal(rpc, name):
    try:
        return str(rpc.call(name))
    except Exception as error:  # pylint: disable=broad-except
        return str(error)


def test_walks_over_everything_hold_up_nobody(env):
    """Six callers go on asking for all names and coins; others are answered, blocks with names connect."""
    for part in range(3):
        env.purse.register({f"many:{part}:{number}": "x" * 200 for number in range(600)})
    stop = threading.Event()
    walks, failures = [], []

    def walk(rpc, method, *args):
        while not stop.is_set():
            try:
                rpc.call(method, *args)
                walks.append(method)
            except Exception as error:  # pylint: disable=broad-except
                failures.append(f"{method}: {error}")
    threads = [threading.Thread(target=walk, args=(env.node.connect(), *call)) for call in
               [("name_filter", "many:.*9$")] * 3 + [("gettxoutsetinfo",), ("scantxoutset", "start", ["raw(52)"]), ("name_scan", "many:", 500)]]
    for thread in threads:
        thread.start()
    worst, begin = 0.0, time.monotonic()
    for number in range(10):
        asked = time.monotonic()
        env.rpc.getblock(env.rpc.getbestblockhash(), 1)
        worst = max(worst, time.monotonic() - asked)
        env.purse.register({f"meanwhile:{number}": "value"})
    took = time.monotonic() - begin
    stop.set()
    for thread in threads:
        thread.join(30)
    check.equal(failures, [])
    check.true(len(set(walks)) == 4, f"only {set(walks)} came to an end")
    check.true(worst < 2 and took < 30, f"an ordinary call took {worst:.2f} s, ten blocks {took:.1f} s")
    check.equal(env.rpc.name_show("meanwhile:9")["value"], "value")


def test_chain_stats(env):
    height = env.rpc.getblockcount()
    stats = env.rpc.getchaintxstats()
    check.equal((stats["window_final_block_height"], stats["window_block_count"]), (height, height - 1))
    count = sum(len(env.rpc.getblock(env.rpc.getblockhash(number))["tx"]) for number in range(height + 1))
    check.equal(stats["txcount"], count)
    small = env.rpc.getchaintxstats(10, env.rpc.getblockhash(50))
    check.equal((small["window_tx_count"], small["txcount"], small["window_final_block_hash"]), (10, 51, env.rpc.getblockhash(50)))
    first, last = (env.rpc.getblockheader(env.rpc.getblockhash(number))["mediantime"] for number in (40, 50))
    check.equal(small["window_interval"], last - first)
    for bad in (-1, height, 10 ** 9):
        check.refused(-8, "Invalid block count", env.rpc.getchaintxstats, bad)
    check.refused(-5, "Block not found", env.rpc.getchaintxstats, 1, "00" * 32)


def test_block_stats_of_a_name(env):
    hashed = env.purse.register({"n:stats": "value"})
    stats = env.rpc.getblockstats(hashed)
    tx = env.rpc.getblock(hashed, 2)["tx"][1]
    check.equal((stats["totalfee"], stats["burned"]), (int(tx["fee"] * COIN), int(tx["burned"] * COIN)))
    check.equal((stats["avgfee"], stats["minfee"], stats["maxfee"], stats["medianfee"]), (stats["totalfee"],) * 4)
    check.equal((stats["txs"], stats["ins"], stats["outs"]), (2, 1, 2 + 2))
    check.equal((stats["total_size"], stats["total_weight"], stats["mediantxsize"]), (tx["size"], tx["weight"], tx["size"]))
    check.equal(stats["total_out"], sum(int(out["value"] * COIN) for out in tx["vout"]))
    check.equal(stats["feerate_percentiles"], [stats["totalfee"] * 4 // tx["weight"]] * 5)
    check.equal((stats["utxo_increase"], stats["subsidy"]), (3, 50 * COIN >> stats["height"] // 150))
    check.equal(env.rpc.getblockstats(hashed, ["burned", "txs"]), {"burned": stats["burned"], "txs": 2})
    check.refused(-8, "Invalid selected statistic 'x'", env.rpc.getblockstats, hashed, ["x"])


def test_deployments(env):
    info = env.rpc.getdeploymentinfo()
    check.equal(set(info["deployments"]), {"bip34", "bip65", "bip66", "csv", "segwit", "taproot"})
    check.equal(info["deployments"]["taproot"], {"type": "buried", "active": True, "height": 1})
    check.equal(info["hash"], env.rpc.getbestblockhash())
    node = env.start("-testactivationheight=segwit@50")
    check.equal(node.rpc.getdeploymentinfo()["deployments"]["segwit"], {"type": "buried", "active": False, "height": 50})
    node.stop()


def test_preciousblock(env):
    """Of two equally good blocks the chosen one is the tip, also after a restart; a worse one changes nothing."""
    tip = env.rpc.getbestblockhash()
    first = env.node.mine()[0]
    env.rpc.invalidateblock(first)
    second = env.rpc.generatetodescriptor(1, "raw(52)")[0]
    env.rpc.reconsiderblock(first)
    seen = env.rpc.getbestblockhash()
    other = first if seen == second else second
    check.true(seen in (first, second), seen)
    env.rpc.preciousblock(other)
    check.equal(env.rpc.getbestblockhash(), other)
    env.rpc.preciousblock(tip)
    env.rpc.preciousblock(other)
    check.equal(env.rpc.getbestblockhash(), other)
    env.node.restart()
    env.rpc = env.node.rpc
    check.equal(env.rpc.getbestblockhash(), other, "after a restart")
    env.rpc.preciousblock(seen)
    check.equal(env.rpc.getbestblockhash(), seen)
    env.node.mine()
    env.rpc.preciousblock(other)
    check.equal(env.rpc.getblockheader(env.rpc.getbestblockhash())["previousblockhash"], seen, "a better chain stays")
    check.refused(-5, "Block not found", env.rpc.preciousblock, "00" * 32)


def test_calls_of_emercoin(env):
    info = env.rpc.getinfo()
    check.equal((info["blocks"], info["testnet"]), (env.rpc.getblockcount(), False))
    check.equal(info["pow-difficulty"], env.rpc.getdifficulty()["proof-of-work"])
    pair = env.rpc.makekeypair()
    check.equal((len(pair["PrivateKey"]), len(pair["PublicKey"]), pair["PublicKey"][:2]), (558, 130, "04"))
    check.true(env.rpc.makekeypair("040")["PublicKey"].startswith("040"), "the prefix")
    check.equal(env.rpc.makekeypair("05"), None)
    dump = env.rpc.name_dump()
    text = pathlib.Path(dump["filename"]).read_text()
    check.equal(dump["names"], len(text.splitlines()))
    check.contains(text, '"name":"n:scanned","value":"value"')
    check.equal(env.rpc.name_debug(), True)
    for name in ("getcheckpoint", "sendalert", "randpay_mkchap"):
        check.refused(-1, "Not on this", env.rpc.call, name)


if __name__ == "__main__":
    run(globals())
