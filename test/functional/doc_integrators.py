#!/usr/bin/env python3
"""The examples of doc/integrators.md are run as they stand there, with libraries nobody here wrote."""

import json
import os
import pathlib
import re
import subprocess

from framework import check
from framework.suite import SYSTEM_PYTHON, Skip, need, run

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "doc" / "integrators.md"
PACKAGES = HERE / "npm" / "node_modules"


def setup(env):
    env.share("-mocktime=1800000000")
    env.need_wallet()
    env.rpc.generatetoaddress(110, env.rpc.getnewaddress())
    env.home = env.path("home")
    (env.home / ".emercoin").mkdir(parents=True)
    (env.home / ".emercoin" / "regtest").symlink_to(env.node.network)


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def here(env, text):
    """The examples name the default port; this node has another one."""
    check.contains(text, "26662")
    return text.replace("26662", str(env.node.rpc_port))


def execute(env, *command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False, env={**os.environ, "HOME": str(env.home)})
    check.equal(done.returncode, 0, f"{done.stdout}\n{done.stderr}")
    return done.stdout


def lines(text):
    return dict(line.split(" ", 1) for line in text.splitlines())


def arrived(env, txid):
    check.true(txid in env.rpc.getrawmempool() or env.rpc.getrawtransaction(txid, True)["confirmations"] > 0, txid)


def test_curl(env):
    need("curl")
    script, = blocks("sh")
    replies = [json.loads(line) for line in execute(env, need("bash"), "-euc", here(env, script)).splitlines()]
    check.equal(replies[0], {"jsonrpc": "2.0", "result": 110, "id": 1})
    check.equal(replies[1]["result"], env.rpc.getblockhash(0))
    check.equal([row["id"] for row in replies[2]], [1, 2])


def test_python(env):
    if subprocess.run([SYSTEM_PYTHON, "-c", "import bitcoin"], capture_output=True, check=False).returncode != 0:
        raise Skip("python3-bitcoinlib is not installed")
    program, = blocks("python")
    sent = lines(execute(env, SYSTEM_PYTHON, "-c", here(env, program)))
    check.equal(set(sent), {"legacy", "segwit"})
    for txid in sent.values():
        arrived(env, txid)
    witness = env.rpc.getrawtransaction(sent["segwit"], True)["vin"][0]["txinwitness"]
    check.equal(len(witness), 2)


def test_javascript(env):
    node = need("node")
    if not (PACKAGES / "bitcoinjs-lib").is_dir():
        raise Skip("bitcoinjs-lib is not installed; depends/install.sh --for test does it")
    folder = env.path("javascript")
    folder.mkdir()
    (folder / "node_modules").symlink_to(PACKAGES)
    (folder / "example.mjs").write_text(here(env, "".join(blocks("js"))))
    sent = lines(execute(env, node, "--no-deprecation", str(folder / "example.mjs")))
    check.equal((sent["new"], sent["update"]), ("first", "second"))
    for kind in ("legacy", "psbt", "taproot"):
        arrived(env, sent[kind])
    check.equal(len(env.rpc.getrawtransaction(sent["taproot"], True)["vin"][0]["txinwitness"]), 1)
    shown = env.rpc.name_history("n:integrators", True)
    check.equal([row["operation"] for row in shown], ["name_new", "name_update"])


if __name__ == "__main__":
    run(globals())
