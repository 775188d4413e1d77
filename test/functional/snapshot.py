#!/usr/bin/env python3
"""Snapshots: the whole state in a file."""

from framework import check
from framework.suite import run


def setup(env):
    env.share("-mocktime=1800000000")
    env.node.mine(20)


def test_what_dump_tells(env):
    done = env.rpc.dumptxoutset("a.dat")
    info = env.rpc.gettxoutsetinfo()
    check.equal((done["coins_written"], done["txoutset_hash"]), (info["txouts"], info["hash_serialized_3"]))
    check.equal((done["base_height"], done["base_hash"]), (20, env.rpc.getbestblockhash()))
    check.equal(done["nchaintx"], 21)
    check.equal(done["path"], str(env.node.network / "a.dat"))
    again = env.rpc.dumptxoutset(str(env.path("b.dat")))
    check.equal(again["state_hash"], done["state_hash"])
    check.equal(env.path("b.dat").read_bytes(), (env.node.network / "a.dat").read_bytes())


def test_dump_refusals(env):
    env.rpc.dumptxoutset("there.dat")
    check.refused(-8, "exists already", env.rpc.dumptxoutset, "there.dat")
    check.refused(-8, "must name a file", env.rpc.dumptxoutset, "")
    check.refused(-8, "must name a file", env.rpc.dumptxoutset, "folder/")
    check.refused(-8, "invalidateblock", env.rpc.dumptxoutset, "c.dat", "rollback")
    check.refused(-1, "no/such/folder", env.rpc.dumptxoutset, "/no/such/folder/c.dat")
    check.equal(list(env.node.network.glob("c.dat*")), [])
    fresh = env.start()
    check.refused(-1, "genesis", fresh.rpc.dumptxoutset, "c.dat")


if __name__ == "__main__":
    run(globals())
