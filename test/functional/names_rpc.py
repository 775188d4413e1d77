#!/usr/bin/env python3
"""Looking at names: show, history, scan, filter, by owner; text, hex and base64."""

import base64
import struct
import time

from framework import check
from framework.chain import with_length
from framework.muhash import muhash
from framework.suite import run

BINARY = bytes([0x80, 0xff, 0x00, 0xfe])


def setup(env):
    env.share("-mocktime=1800000000")
    env.need_wallet()
    rpc = env.rpc
    env.node.mine(105, rpc.getnewaddress())
    env.owner = rpc.getnewaddress()
    for i in range(12):
        rpc.name_new(f"list:{i:02}", f"value {i}", 1 if i % 4 == 0 else 30, env.owner if i < 5 else "")
    rpc.name_new("list:bin", BINARY.hex(), 30, "", "hex")
    rpc.name_new("other:long", "ä" * 3000, 30)
    env.first_height = rpc.getblockcount() + 1
    env.node.mine()


def names(rows):
    return [row["name"] for row in rows]


def test_show(env):
    row = env.rpc.name_show("list:01")
    check.equal((row["name"], row["value"], row["address"], row["height"], row["vout"] >= 0),
                ("list:01", "value 1", env.owner, env.first_height, True))
    check.equal(env.rpc.name_show("list:01", "hex")["value"], b"value 1".hex())
    check.equal(env.rpc.name_show("list:01", "base64")["value"], base64.b64encode(b"value 1").decode())
    check.refused(-8, "valuetype must be text, hex or base64, not 'octal'", env.rpc.name_show, "list:01", "octal")
    for name in ("list:99", "", "LIST:01", "list:01 "):
        check.refused(-4, "failed to read from name DB", env.rpc.name_show, name)
    check.equal(env.node.cli("-v", "name_show", "list:01").stdout, "value 1\n")


def test_values_that_are_no_text(env):
    row = env.rpc.name_show("list:bin")
    check.equal(row["value"], BINARY.hex(), "hex in place of text")
    check.true(any("value" in key and key != "value" for key in row), f"nothing says it is hex: {sorted(row)}")
    check.equal(env.rpc.name_show("list:bin", "base64")["value"], base64.b64encode(BINARY).decode())


def test_scan(env):
    rows = env.rpc.name_scan("list:")
    check.equal(names(rows)[:12], [f"list:{i:02}" for i in range(12)])
    check.equal(names(env.rpc.name_scan("list:03", 2)), ["list:03", "list:04"])
    check.equal(names(env.rpc.name_scan("list:bin"))[:2], ["list:bin", "other:long"])
    check.equal(env.rpc.name_scan("zzz"), [])
    check.equal(env.rpc.name_scan("", 0), [])
    check.equal(env.rpc.name_scan(**{"start-name": "list:05", "max-returned": 1})[0]["value"], "value 5")
    cut = env.rpc.name_scan("other:long", 1, 101)[0]["value"]
    check.equal(cut, "ä" * 50 + "\n...(value cut)", "never inside a character")
    check.refused(-8, "", env.rpc.name_scan, "", -1)
    check.refused(-8, "", env.rpc.name_scan, "", 100_001)


def test_filter(env):
    check.equal(names(env.rpc.name_filter("^list:0[13]$")), ["list:01", "list:03"])
    check.equal(len(env.rpc.name_filter("")), 14)
    check.equal(env.rpc.name_filter("^list:", 0, 0, 0, "stat"), {"blocks": env.rpc.getblockcount(), "count": 13})
    check.equal(len(env.rpc.name_filter("^list:", 0, 2, 3)), 3)
    check.equal(env.rpc.name_filter("list:bin", 0, 0, 0, "", "hex")[0]["value"], BINARY.hex())
    check.equal(names(env.rpc.name_filter("^(other|list:0[0-1]):?(long)?$")), ["list:00", "list:01", "other:long"])
    check.equal(len(env.rpc.name_filter("[[:digit:]]{2}$")), 12)
    for bad, place in (("(", 0), ("a[", 1), ("*", 0), ("a{2", 1), ("a(?<", 2), ("x\\d", 1), ("(a)\\1", 3), ("a+?", 2), ("a|", 2)):
        message = check.refused(-1, "regexp is not valid at byte", env.rpc.name_filter, bad)
        check.contains(message, "POSIX extended")
        check.true(abs(int(message.split("byte ")[1].split(":")[0]) - place) <= 1, f"{bad}: {message}")
    check.refused(-8, "longer than 512 bytes", env.rpc.name_filter, "a" * 513)
    for costly in ("(a*)*(a*)*(a*)*b$", "(x+x+)+y", "((((.*)*)*)*)*=", "(.|.|.)*" * 9 + "=", "(a?a?a?a?)*(a?a?a?a?)*a{16}"):
        begin = time.monotonic()
        check.true(isinstance(env.rpc.name_filter(costly), list), costly)
        took = time.monotonic() - begin
        check.true(took < 1, f"{costly} took {took:.1f} s for 14 names")


def test_scan_address(env):
    rows = env.rpc.name_scan_address(env.owner)
    check.equal(sorted(names(rows)), [f"list:{i:02}" for i in range(5)])
    check.equal(env.rpc.name_scan_address(env.rpc.getnewaddress()), [])
    check.refused(-5, "", env.rpc.name_scan_address, "nowhere")


def test_history(env):
    rpc = env.rpc
    rpc.name_update("list:01", "changed", 5)
    env.node.mine()
    rpc.name_delete("list:01")
    env.node.mine()
    rpc.name_new("list:01", "second life", 30)
    env.node.mine()
    rpc.syncwithvalidationinterfacequeue()
    full = rpc.name_history("list:01", True)
    check.equal([(row["operation"], row.get("value"), row.get("days_added")) for row in full],
                [("name_new", "value 1", 30), ("name_update", "changed", 5), ("name_delete", None, None),
                 ("name_new", "second life", 30)])
    check.equal([row["value"] for row in rpc.name_history("list:01")], ["second life"], "this life only")
    check.equal(rpc.name_history("list:01", False, "hex")[0]["value"], b"second life".hex())
    heights = [row["height"] for row in full]
    check.equal(heights, sorted(heights))
    check.refused(-20, "no such name", rpc.name_history, "list:99")


def test_history_follows_reorganisations(env):
    rpc = env.rpc
    rpc.name_update("list:02", "gone with the block", 0)
    hashed = env.node.mine()[0]
    check.equal(len(rpc.name_history("list:02")), 2)
    rpc.invalidateblock(hashed)
    rpc.syncwithvalidationinterfacequeue()
    check.soon(lambda: len(rpc.name_history("list:02")) == 1, "the entry is still there")
    rpc.reconsiderblock(hashed)
    rpc.syncwithvalidationinterfacequeue()
    check.soon(lambda: len(rpc.name_history("list:02")) == 2, "the entry is not back")


def test_without_name_index(env):
    node = env.start("-nameindex=0")
    check.refused(-1, "start with -nameindex=1", node.rpc.name_history, "list:01")
    node.stop()


def test_expired_names(env):
    env.node.mine(169)
    row = env.rpc.name_show("list:04")
    check.equal((row["expired"], row["expires_in"] < 0), (True, True))
    listed = {row["name"]: row for row in env.rpc.name_scan("list:")}
    check.equal((listed["list:04"].get("expired"), listed["list:05"].get("expired")), (True, None))
    check.equal(len(env.rpc.name_filter("^list:", 100)), 0, "born too long ago")


def test_mempool(env):
    env.rpc.name_update("list:05", BINARY.hex(), 3, "", "hex")
    row = env.rpc.name_mempool("hex")[0]
    check.equal((row["name"], row["operation"], row["days_added"], row["value"]),
                ("list:05", "name_update", 3, BINARY.hex()))
    env.node.mine()
    check.equal(env.rpc.name_mempool(), [])


def test_index_info(env):
    info = env.rpc.name_indexinfo()
    check.equal((info["height"], info["bestblock"]), (env.rpc.getblockcount(), env.rpc.getbestblockhash()))
    check.equal(info["records_name"], 14)
    check.true(info["records_live"] < 14, "expired ones are counted as live")
    status = env.rpc.getindexinfo()
    check.equal({row["best_block_height"] for row in status.values()}, {env.rpc.getblockcount()})


def test_hash_of_the_name_state(env):
    """As doc/storage.md tells it, worked out here from what other calls and the transactions show."""
    elements = []
    for row in env.rpc.name_scan("", 1000):
        shown = env.rpc.name_show(row["name"], "hex")
        elements.append(b"\x01" + with_length(row["name"].encode()) + bytes.fromhex(shown["txid"])[::-1] +
                        struct.pack("<Iii", shown["vout"], shown["expires_at"], shown["registered_at"]) +
                        with_length(bytes.fromhex(shown["value"])))
    info = env.rpc.name_indexinfo()
    check.equal((len(elements), info["records_name"]), (14, 14))
    check.equal(info["hash_name"], muhash(elements)[::-1].hex())
    check.equal(env.rpc.verifychain(4, 0), True)


def test_decoded_transactions_show_names(env):
    txid = env.rpc.name_show("list:05")["txid"]
    tx = env.rpc.getrawtransaction(txid, 1)
    scripts = [out["scriptPubKey"] for out in tx["vout"]]
    ops = [script["nameOp"] for script in scripts if "nameOp" in script]
    check.equal([(op["op"], op["name"], op["days"]) for op in ops], [("name_update", "list:05", 3)])


def test_getrawtransaction_with_names(env):
    """Verbosity 2: name and value beside each name output, prevouts and fees beside each input."""
    txid = env.rpc.name_show("other:long")["txid"]
    plain = env.rpc.getrawtransaction(txid, 1)
    check.true(not any("nvsname" in out for out in plain["vout"]), "nvsname with verbosity 1")
    check.true(not any("prevout" in row for row in plain["vin"]), "prevout with verbosity 1")
    full = env.rpc.getrawtransaction(txid, 2)
    check.equal([(out["nvsname"], out["nvsvalue"]) for out in full["vout"] if "nvsname" in out],
                [("other:long", "ä" * 3000)])
    spent = sum(row["prevout"]["value"] for row in full["vin"])
    check.equal(spent, sum(out["value"] for out in full["vout"]) + full["fee"] + full["burned"])
    check.equal(full["vin"][0]["prevout"]["scriptPubKey"]["type"], "witness_v0_keyhash")
    binary = env.rpc.getrawtransaction(env.rpc.name_show("list:bin")["txid"], 2)
    rows = [out for out in binary["vout"] if "nvsname" in out]
    check.equal([(row["nvsvalue"], row["nvsvalue_encoding"]) for row in rows], [(BINARY.hex(), "hex")])

if __name__ == "__main__":
    run(globals())
