#!/usr/bin/env python3
"""Several real nodes: blocks, branches, transactions and names travel along a line of them, over kills and restarts."""

from framework import check
from framework.chain import NAME_VERSION, OP_TRUE, Tx, name_script
from framework.suite import run

START = 1_800_000_000
SUBSIDY = 50 * 10 ** 8
OWNER = b"\x00\x14" + bytes([9] * 20)


def setup(env):
    """A – B – C; only B knows both ends."""
    env.now = START
    env.line = [env.make(f"-mocktime={START}") for _ in range(3)]
    for node in env.line:
        node.start()
    env.line[0].rpc.generatetodescriptor(150, "raw(51)")
    env.coins = [env.line[0].rpc.getblock(env.line[0].rpc.getblockhash(height))["tx"][0] for height in range(1, 20)]
    link(env, 0, 1)
    link(env, 1, 2)


def link(env, one, two):
    env.line[two].rpc.addnode(f"127.0.0.1:{env.line[one].p2p_port}", "add")


def later(env, seconds=1):
    """Clocks of all nodes go on; they wait for nothing in real time then."""
    env.now += seconds
    for node in env.line:
        if node.running():
            node.rpc.setmocktime(env.now)


def agree(env, seconds=check.PATIENCE_SEC):
    def same():
        later(env)
        return len({node.rpc.getbestblockhash() for node in env.line if node.running()}) == 1
    check.within(seconds, same, "the nodes do not agree")
    states = {node.rpc.gettxoutsetinfo()["hash_serialized_3"] for node in env.line if node.running()}
    check.equal(len(states), 1, "different coins")


def in_all_pools(env, txid):
    def there():
        later(env)
        return all(txid in node.rpc.getrawmempool() for node in env.line)
    check.soon(there, f"{txid} is not everywhere")


def test_first_download(env):
    agree(env)
    check.equal(env.line[2].rpc.getblockcount(), 150)
    check.soon(lambda: not env.line[2].rpc.getblockchaininfo()["initialblockdownload"], "still in first download")


def test_from_end_to_end(env):
    for maker, last in ((0, 2), (2, 0)):
        hashed = env.line[maker].mine(3)[-1]
        agree(env)
        check.equal(env.line[last].rpc.getbestblockhash(), hashed)


def test_payment_and_name(env):
    pay = Tx().spend(env.coins.pop(), 0).pay(SUBSIDY - 20_000, OP_TRUE)
    name = Tx(NAME_VERSION).spend(env.coins.pop(), 0)
    name.pay(10_000, name_script(1, "line:name", OWNER, b"along the line", 30)).pay(49 * 10 ** 8, OP_TRUE)
    for tx in (pay, name):
        env.line[2].rpc.sendrawtransaction(tx.hex(), 0)
        in_all_pools(env, tx.txid())
    env.line[0].mine()
    agree(env)
    for node in env.line:
        check.equal(node.rpc.name_show("line:name")["value"], "along the line")
        check.equal(node.rpc.getrawmempool(), [])


def test_branches(env):
    """The line is cut, both parts go on, and the longer part wins when it is whole again."""
    env.line[2].rpc.setnetworkactive(False)
    lost = Tx().spend(env.coins.pop(), 0).pay(SUBSIDY - 20_000, OP_TRUE)
    env.line[0].rpc.sendrawtransaction(lost.hex())
    env.line[0].mine(2)
    later(env, 5)
    env.line[2].mine(5)
    tip = env.line[2].rpc.getbestblockhash()
    env.line[2].rpc.setnetworkactive(True)
    agree(env)
    check.equal(env.line[0].rpc.getbestblockhash(), tip)
    check.equal(env.line[0].rpc.getrawmempool(), [lost.txid()], "a transaction of the lost branch waits again")
    in_all_pools(env, lost.txid())
    env.line[1].mine()
    agree(env)
    check.equal(env.line[2].rpc.getrawmempool(), [])


def test_kills(env):
    """The middle one dies again and again while blocks come; it and the far end catch up."""
    for number in range(4):
        env.line[0].mine(10 + number)
        env.line[1].kill()
        env.line[0].mine(5)
        env.line[1].start(f"-mocktime={env.now}")
        link(env, 0, 1)
        agree(env)
    check.equal(env.line[1].rpc.verifychain(4, 0), True)


def test_new_one(env):
    """A fourth node fetches the chain from two peers at the same time."""
    node = env.make(f"-mocktime={env.now}", f"-addnode=127.0.0.1:{env.line[0].p2p_port}",
                    f"-addnode=127.0.0.1:{env.line[2].p2p_port}")
    env.line.append(node.start())
    agree(env)
    check.equal(node.rpc.getconnectioncount(), 2)
    check.equal(node.rpc.name_show("line:name")["value"], "along the line")


if __name__ == "__main__":
    run(globals())
