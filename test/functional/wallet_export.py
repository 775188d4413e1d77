#!/usr/bin/env python3
"""What leaves a wallet in files for other programs: labels (BIP 329) there and back, tables for spreadsheets."""

import csv
import json
import stat

from framework import check
from framework.suite import run

KEY = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
FORMULA = '=HYPERLINK("http://x","y")'


def setup(env):
    env.share()
    env.need_wallet()
    env.wallet = env.node.connect("")
    env.address = env.wallet.getnewaddress("Müller & \"Sons\"")
    env.node.mine(102, env.wallet.getnewaddress())
    sync(env)
    env.txid = env.wallet.sendtoaddress(env.address, 1, "rent, March", "-2+3")
    sync(env)
    env.node.mine(1, env.wallet.getnewaddress())
    sync(env)


def sync(env):
    env.wallet.syncwithvalidationinterfacequeue()


def xpub_of(env):
    desc = next(row["desc"] for row in env.wallet.listdescriptors()["descriptors"] if row["desc"].startswith("wpkh("))
    return desc.split("]")[1].split("/")[0]


def write(env, name, *lines):
    path = env.path(name)
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return str(path)


def read(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def test_labels_there_and_back(env):
    coin = next(row for row in env.wallet.listunspent() if row["txid"] == env.txid)
    output = f"{coin['txid']}:{coin['vout']}"
    other = next(row for row in env.wallet.listunspent() if row != coin)
    lines = [
        {"type": "tx", "ref": env.txid, "label": "new comment", "origin": "wpkh([d34db33f/84'/1'/0'])"},
        {"type": "addr", "ref": env.address, "label": "shop"},
        {"type": "pubkey", "ref": KEY.upper(), "label": "a key"},
        {"type": "input", "ref": f"{env.txid}:0", "label": "from savings"},
        {"type": "output", "ref": output, "label": "to keep", "spendable": False},
        {"type": "output", "ref": f"{other['txid']}:{other['vout']}", "label": "change"},
        {"type": "xpub", "ref": xpub_of(env), "label": "main account"},
    ]
    file = write(env, "labels.jsonl", *[json.dumps(line) for line in lines], "", '{"type":"seed","ref":"x"}',
                 json.dumps({"type": "tx", "ref": "11" * 32, "label": "foreign"}))
    done = env.wallet.importlabels(file)
    check.equal(done["labels"], 7)
    check.equal([row["line"] for row in done["passed_over"]], [9, 10])
    check.equal(env.wallet.gettransaction(env.txid)["comment"], "new comment")
    check.equal(env.wallet.getaddressinfo(env.address)["labels"], ["shop"])
    check.equal(env.wallet.listlockunspent(), [{"txid": coin["txid"], "vout": coin["vout"]}])
    # out, into a restarted wallet, and out again
    first = str(env.path("first.jsonl"))
    check.equal(env.wallet.exportlabels(first), {"filename": first, "labels": 7})
    check.equal(stat.S_IMODE(env.path("first.jsonl").stat().st_mode), 0o600)
    check.refused(-8, "is there already", env.wallet.exportlabels, first)
    wanted = [{key: value for key, value in line.items() if key != "origin"} for line in lines]
    wanted[2]["ref"] = KEY
    wanted[5]["spendable"] = True
    check.equal(sorted(read(first), key=str), sorted(wanted, key=str))
    env.node.restart()
    env.wallet = env.node.connect("")
    second = str(env.path("second.jsonl"))
    env.wallet.exportlabels(second)
    check.equal(read(second), read(first))
    # freed by a file, too
    env.wallet.importlabels(write(env, "free.jsonl", json.dumps({"type": "output", "ref": output, "spendable": True})))
    check.equal(env.wallet.listlockunspent(), [])
    # a copy of the keys takes over what it knows of
    env.wallet.createwallet("copy", False, True)
    copy = env.node.connect("copy")
    copy.importmnemonic(env.wallet.getmnemonic()["mnemonic"])
    check.equal(copy.importlabels(first)["passed_over"], [])
    third = str(env.path("third.jsonl"))
    copy.exportlabels(third)
    check.equal(read(third), read(first))
    env.wallet.unloadwallet("copy")


def test_bad_label_files(env):
    good = json.dumps({"type": "addr", "ref": env.address, "label": "never taken"})
    for number, (line, part) in enumerate([
            ("{", "no JSON"), ("[]", "JSON object"), ('{"type":"tx"}', "type and ref"),
            ('{"type":"tx","ref":"zz","label":"x"}', "64 hex digits"),
            ('{"type":"addr","ref":"nowhere","label":"x"}', "no address"),
            ('{"type":"pubkey","ref":"0102","label":"x"}', "public key"),
            ('{"type":"output","ref":"' + "1" * 64 + '","label":"x"}', "txid:index"),
            ('{"type":"input","ref":"' + "1" * 64 + ':-1","label":"x"}', "txid:index"),
            ('{"type":"xpub","ref":"xpub1","label":"x"}', "extended public key"),
            ('{"type":"addr","ref":"%s","label":7}' % env.address, "label has to be"),
            ('{"type":"output","ref":"%s:0","spendable":"no"}' % ("1" * 64), "true or false")]):
        path = write(env, f"bad{number}.jsonl", good, line)
        said = check.refused(-8, part, env.wallet.importlabels, path)
        check.contains(said, f"{path}: line 2: ")
    too_long = write(env, "long.jsonl", json.dumps({"type": "addr", "ref": env.address, "label": "x" * 1001}))
    check.refused(-8, "longer than 1000 bytes", env.wallet.importlabels, too_long)
    check.refused(-8, "Cannot read", env.wallet.importlabels, str(env.path("missing.jsonl")))
    check.refused(-8, "Cannot read", env.wallet.importlabels, str(env.folder))
    check.equal(env.wallet.getaddressinfo(env.address)["labels"], ["shop"])
    check.equal(env.wallet.importlabels(write(env, "empty.jsonl")), {"labels": 0, "passed_over": []})


def table(path):
    """The file as a strict reader of RFC 4180 sees it."""
    with open(path, "rb") as file:
        raw = file.read()
    between = b"".join(raw.split(b'"')[::2])  # not in quotes
    check.equal(between.count(b"\n"), between.count(b"\r\n"), "ends of lines")
    return list(csv.DictReader(raw.decode("utf-8").splitlines(True), strict=True))


def test_transactions(env):
    env.wallet.setlabel(env.address, FORMULA)
    path = str(env.path("all.csv"))
    done = env.wallet.exporttransactions(path)
    rows = table(path)
    listed = env.wallet.listtransactions("*", 1000)
    check.equal((done["lines"], len(rows)), (len(listed), len(listed)))
    paid = [row for row in rows if row["txid"] == env.txid]
    check.equal(sorted(row["category"] for row in paid), ["receive", "send"])
    send = next(row for row in paid if row["category"] == "send")
    check.equal((send["amount"], send["comment"], send["comment_to"]), ("-1.00000000", "new comment", "'-2+3"))
    check.equal(send["label"], "'" + FORMULA)
    check.true(float(send["fee"]) < 0 and send["burned"] == "", send)
    check.equal([row["fee"] for row in paid if row["category"] == "receive"], [""])
    check.true(all(one["time"] <= two["time"] for one, two in zip(rows, rows[1:])), "oldest first")
    # pages give the same lines
    pages = []
    for skip in range(0, len(rows), 40):
        name = str(env.path(f"page{skip}.csv"))
        env.wallet.exporttransactions(name, 40, skip)
        pages += table(name)
    check.equal(pages, rows)

    def lines(name, **query):
        name = str(env.path(name))
        return env.wallet.exporttransactions(name, 0, 0, query)["lines"]

    check.equal(lines("send.csv", category="send"), sum(row["category"] == "send" for row in rows))
    check.equal(lines("label.csv", label=FORMULA), 2)
    check.equal(lines("late.csv", since=4_000_000_000), 0)
    check.equal(lines("early.csv", until=4_000_000_000), len(rows))
    check.refused(-3, "Unexpected key", lines, "bad.csv", sinse=1)
    check.refused(-8, "Cannot write", env.wallet.exporttransactions, "/nowhere/x.csv")


def test_names(env):
    env.wallet.name_updatemany([{"NEW": "+plus", "value": 'line one\nline "two", end', "days": 10},
                                {"NEW": "test:b", "value": "fffe00", "valuetype": "hex", "days": 20}])
    sync(env)
    env.node.mine(1, env.wallet.getnewaddress())
    sync(env)
    env.wallet.name_update("test:b", "=1+1", 0)
    env.wallet.name_new("test:c", "c", 1)
    sync(env)
    path = str(env.path("names.csv"))
    check.equal(env.wallet.exportnames(path)["lines"], 3)
    rows = table(path)
    check.equal([row["name"] for row in rows], ["'+plus", "test:b", "test:c"])
    check.equal(rows[0]["value"], 'line one\nline "two", end')
    check.equal((rows[1]["value"], rows[1]["pending"], rows[1]["value_encoding"]), ("'=1+1", "name_update", "text"))
    check.equal((rows[2]["pending"], rows[2]["expires_at"], rows[2]["state"]), ("name_new", "", "own"))
    check.equal(int(rows[0]["expires_at"]) - env.wallet.getblockcount(), int(rows[0]["expires_in"]))
    check.equal(env.wallet.exportnames(str(env.path("n1.csv")), "hex", 1, "test:")["lines"], 1)
    one = table(str(env.path("n1.csv")))[0]
    check.equal((one["name"], one["value"], one["value_encoding"]), ("test:b", "3d312b31", "hex"))
    check.equal(env.wallet.exportnames(str(env.path("n2.csv")), "text", 0, "", {"prefix": "+"})["lines"], 1)


if __name__ == "__main__":
    run(globals())
