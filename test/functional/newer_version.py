#!/usr/bin/env python3
"""Stores and wallets a newer version has written: refused with a clear text, no row is changed, no wallet file touched.

LevelDB may turn its log into a table when it opens a store, so stores are looked at by asking again.
"""

import hashlib
import struct

from framework import check
from framework.stores import put_row, raise_wallet_version
from framework.suite import run

NEWER = struct.pack("<II", 2, 0xfabfb5da)


def prepared(env, *options):
    """A stopped node with some blocks, a wallet with a coin, and both indexes."""
    node = env.start("-txindex=1", "-nameindex=1", *options)
    node.mine(5, node.rpc.getnewaddress())
    node.stop()
    return node


def pictures(folder):
    """Digest of every file below a folder, by its path. Locks and the library's own logs are no data."""
    out = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in ("LOCK", "LOG", "LOG.old", ".walletlock"):
            out[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return out


def refused(node, *parts):
    text = node.fails_to_start()
    check.true(text.startswith("Error: "), text)
    for part in parts:
        check.contains(text, part)
    return text


def test_block_and_state_stores(env):
    for folder in ("blocks/index", "chainstate"):
        node = prepared(env)
        put_row(node.network / folder, b"V", NEWER)
        blocks = pictures(node.network / "blocks")
        wallet = pictures(node.network / "wallets")
        text = refused(node, folder, "data version 2, this program knows up to 1", "use the newer program")
        check.contains(text, "-reindex")
        refused(node, folder, "data version 2")  # the refusal has not changed its mind about the store
        after = pictures(node.network / "blocks")
        check.equal({name: after[name] for name in after if name.endswith(".dat")},
                    {name: blocks[name] for name in blocks if name.endswith(".dat")}, "block files")
        check.equal(pictures(node.network / "wallets"), wallet, "wallet")


def test_indexes(env):
    for folder in ("txindex", "namehistory"):
        node = prepared(env)
        put_row(node.network / "indexes" / folder, b"V", NEWER)
        refused(node, f"indexes/{folder}", "data version 2", "remove that directory to build the index anew")
        refused(node, f"indexes/{folder}", "data version 2")


def test_wallet(env):
    node = prepared(env)
    path = node.network / "wallets" / "wallet.dat"
    raise_wallet_version(path, "regtest")
    before = pictures(node.network / "wallets")
    text = refused(node, "wallet.dat", "newer version of this program")
    check.true("damaged" not in text, text)
    check.equal(pictures(node.network / "wallets"), before, "wallet folder after the first try")
    refused(node, "wallet.dat", "newer version of this program")
    check.equal(pictures(node.network / "wallets"), before, "wallet folder after the second try")


def test_wallet_loaded_later(env):
    """The call fails with the same words, and the node and its other wallets go on."""
    node = prepared(env)
    node.start()
    node.rpc.createwallet("late")
    node.rpc.unloadwallet("late")
    path = node.network / "wallets" / "late" / "wallet.dat"
    raise_wallet_version(path, "regtest")
    before = pictures(path.parent)
    check.refused(None, "newer version of this program", node.rpc.loadwallet, "late")
    check.equal(pictures(path.parent), before)
    check.true(len(node.connect("").getnewaddress()) > 20, "the first wallet does not work")
    node.stop()


if __name__ == "__main__":
    run(globals())
