#!/usr/bin/env python3
"""What the mempool takes and refuses: conflicts, replacement, fees, chains, lock times, one operation per name."""

from framework import check
from framework.chain import OP_TRUE, Tx, name_script, sha256d
from framework.suite import run

COIN = 10 ** 8
OWNER = b"\x00\x14" + bytes([7] * 20)
FINAL = 0xffffffff
ANYBODY = b"\x61" * 20 + OP_TRUE  # twenty OP_NOP make the transaction long enough


def setup(env):
    env.share("-mocktime=1800000000", "-debug=mempool")
    env.rpc.generatetodescriptor(140, "raw(51)")
    env.coins = [env.rpc.getblock(env.rpc.getblockhash(height))["tx"][0] for height in range(1, 41)]


def fresh(env):
    return env.coins.pop(0)


def spend(coin, value=50 * COIN - 100_000, index=0, sequence=0xfffffffd, **more):
    return Tx(**more).spend(coin, index, sequence).pay(value, ANYBODY)


def send(env, tx, rate=0):
    return env.rpc.sendrawtransaction(tx.hex(), rate)


def refused(env, reason, tx, code=-26):
    """testmempoolaccept and sendrawtransaction agree on the reason."""
    row = env.rpc.testmempoolaccept([tx.hex()], 0)[0]
    check.equal((row["txid"], row["allowed"]), (tx.txid(), False))
    check.contains(row["reject-reason"], reason)
    check.refused(code, reason, env.rpc.sendrawtransaction, tx.hex(), 0)
    check.true(tx.txid() not in env.rpc.getrawmempool(), "it is in the mempool")


def test_accept_and_mine(env):
    tx = spend(fresh(env))
    row = env.rpc.testmempoolaccept([tx.hex()])[0]
    check.equal((row["allowed"], row["vsize"]), (True, len(tx.serialize())))
    check.equal(env.rpc.getrawmempool(), [], "testing leaves nothing behind")
    check.equal(send(env, tx), tx.txid())
    check.equal(env.rpc.getrawmempool(), [tx.txid()])
    entry = env.rpc.getmempoolentry(tx.txid())
    check.equal((entry["fees"]["base"] * COIN, entry["ancestorcount"], entry["depends"]), (100_000, 1, []))
    check.equal(env.rpc.getmempoolinfo()["size"], 1)
    check.equal(env.rpc.gettxout(tx.txid(), 0)["confirmations"], 0)
    check.equal(env.rpc.gettxout(tx.txid(), 0, False), None)
    hashed = env.node.mine()[0]
    check.equal(env.rpc.getrawmempool(), [])
    check.equal(env.rpc.getblock(hashed)["tx"][1:], [tx.txid()])
    refused(env, "Already in a block", tx, -27)


def test_known_transaction_is_no_error(env):
    tx = spend(fresh(env))
    send(env, tx)
    check.equal(send(env, tx), tx.txid())
    check.contains(env.rpc.testmempoolaccept([tx.hex()])[0]["reject-reason"], "txn-already-in-mempool")
    env.node.mine()


def test_refused_alone(env):
    coin = fresh(env)
    refused(env, "bad-txns-vout-empty", Tx().spend(coin, 0))
    refused(env, "bad-txns-vout-negative", spend(coin, -1))
    refused(env, "bad-txns-in-belowout", spend(coin, 51 * COIN))
    refused(env, "bad-txns-inputs-duplicate", spend(coin).spend(coin, 0))
    refused(env, "bad-txns-inputs-missingorspent", spend("33" * 32), -25)
    refused(env, "coinbase", _coinbase())
    young = env.rpc.getblock(env.rpc.getblockhash(100))["tx"][0]
    refused(env, "bad-txns-premature-spend-of-coinbase", spend(young))


def _coinbase():
    tx = Tx()
    tx.inputs.append([bytes(32), FINAL, b"\x01\x05\x00", FINAL, []])
    return tx.pay(1, OP_TRUE)


def test_not_a_transaction(env):
    good = spend(env.coins[0]).hex()
    for text in ("", "00", "zz", good[:-2], good + "00", "0200000000010000000000", "ff" * 300):
        check.refused(-22, "", env.rpc.sendrawtransaction, text)
        check.refused(-22, "", env.rpc.decoderawtransaction, text)


def test_fee(env):
    coin = fresh(env)
    size = len(spend(coin).serialize())
    refused(env, "min relay fee not met", spend(coin, 50 * COIN))
    least = -(-1000 * size // 1000)
    refused(env, "min relay fee not met", spend(coin, 50 * COIN - least + 1))
    check.refused(-25, "Fee above maxfeerate", env.rpc.sendrawtransaction,
                  spend(coin, 49 * COIN).hex())
    send(env, spend(coin, 50 * COIN - least))
    env.node.mine()


def test_conflict_and_replacement(env):
    coin = fresh(env)
    first = spend(coin, sequence=FINAL)
    send(env, first)
    refused(env, "txn-mempool-conflict", spend(coin, 49 * COIN))
    coin = fresh(env)
    first = spend(coin)
    child = Tx().spend(first.txid(), 0).pay(50 * COIN - 300_000, ANYBODY)
    send(env, first)
    send(env, child)
    refused(env, "insufficient fee", spend(coin, 50 * COIN - 100_001))
    refused(env, "insufficient fee", spend(coin, 50 * COIN - 300_000))
    better = spend(coin, 50 * COIN - 400_000)
    send(env, better)
    pool = env.rpc.getrawmempool()
    check.equal((better.txid() in pool, first.txid() in pool, child.txid() in pool), (True, False, False))
    env.node.mine()


def test_replacement_must_not_spend_what_it_replaces(env):
    coin = fresh(env)
    first = spend(coin)
    send(env, first)
    refused(env, "bad-txns-spends-conflicting-tx",
            Tx().spend(coin, 0).spend(first.txid(), 0).pay(COIN, OP_TRUE))
    env.node.mine()


def test_chain_limits(env):
    """The 26th of a chain is refused; getmempoolancestors and -descendants see the chain."""
    last, value = fresh(env), 50 * COIN
    chain = []
    for _ in range(25):
        value -= 10_000
        tx = spend(last, value)
        last = send(env, tx)
        chain.append(last)
    refused(env, "too-long-mempool-chain", spend(last, value - 10_000))
    check.equal(set(env.rpc.getmempoolancestors(last)), set(chain[:-1]))
    check.equal(set(env.rpc.getmempooldescendants(chain[0])), set(chain[1:]))
    check.equal(env.rpc.getmempoolentry(chain[0])["descendantcount"], 25)
    check.equal(env.rpc.getmempoolancestors(last, True)[chain[0]]["descendantcount"], 25)
    block = env.rpc.getblock(env.node.mine()[0])
    check.equal(block["tx"][1:], chain, "parents first")


def test_lock_time(env):
    coin = fresh(env)
    height = env.rpc.getblockcount()
    refused(env, "non-final", spend(coin, lock_time=height + 1))
    refused(env, "non-final", spend(coin, lock_time=1900000000))
    send(env, spend(coin, lock_time=height))
    env.node.mine()
    coin = fresh(env)
    parent = spend(coin)
    send(env, parent)
    refused(env, "non", spend(parent.txid(), 49 * COIN, sequence=5))
    env.node.mine()
    refused(env, "non", spend(parent.txid(), 49 * COIN, sequence=5))
    env.node.mine(4)
    send(env, spend(parent.txid(), 49 * COIN, sequence=5))
    env.node.mine()


def test_bad_script(env):
    coin = fresh(env)
    parent = Tx().spend(coin, 0).pay(49 * COIN, b"\x00\x20" + bytes.fromhex("4a" * 32))
    send(env, parent)
    refused(env, "script-verify-flag-failed", Tx().spend(parent.txid(), 0, witness=[b"\x51"]).pay(COIN, OP_TRUE * 30))
    env.node.mine()


def name_tx(coin, *scripts, fee=COIN):
    tx = Tx(0x666).spend(coin, 0)
    for script in scripts:
        tx.pay(10_000, script)
    return tx.pay(50 * COIN - fee, OP_TRUE)


def test_one_pending_operation_per_name(env):
    first = name_tx(fresh(env), name_script(1, "pool:a", OWNER, b"v", 30))
    send(env, first)
    second = name_tx(fresh(env), name_script(1, "pool:a", OWNER, b"other", 30))
    refused(env, "name-pending, another operation on 'pool:a' waits for a block: " + first.txid(), second)
    pending = env.rpc.name_mempool()
    check.equal([(row["name"], row["value"], row["txid"], row["operation"], row["days_added"]) for row in pending],
                [("pool:a", "v", first.txid(), "name_new", 30)])
    env.node.mine()
    check.equal(env.rpc.name_mempool(), [])
    check.equal(env.rpc.name_show("pool:a")["value"], "v")
    refused(env, "bad-name-exists", second)


def test_name_fee(env):
    """The burned fee comes on top of the network fee."""
    coin = fresh(env)
    script = name_script(1, "pool:fee", OWNER, b"v", 3650)
    row = env.rpc.testmempoolaccept([name_tx(coin, script).hex()], 0)[0]
    check.equal(row["allowed"], True)
    burned = int(row["burned"] * COIN)
    check.true(burned > 0, "nothing is burned")
    check.equal(int(row["fees"]["base"] * COIN) + burned, COIN - 10_000)
    refused(env, "bad-name-fee", name_tx(coin, script, fee=burned + 9_999))
    send(env, name_tx(coin, script, fee=burned + 20_000))
    entry = env.rpc.getmempoolentry(env.rpc.getrawmempool()[0])
    check.equal((int(entry["burned"] * COIN), int(entry["fees"]["base"] * COIN)), (burned, 10_000))
    env.node.mine()


def test_bad_names(env):
    coin = fresh(env)
    refused(env, "bad-enum-name, E-01", name_tx(coin, name_script(1, "enum:123:0", OWNER, b"x", 5)))
    refused(env, "bad-enum-value", name_tx(coin, name_script(1, "enum:18009359935:0", OWNER, b"x", 5)))
    value = b"E2U+sip=100|10|!^(.*)$!sip:a@b.c!"
    refused(env, "bad-enum-slot, E-03", name_tx(coin, name_script(1, "enum:18009359935:1", OWNER, value, 5)))
    signed = value + b"\nSIG=ver:none|" + b"A" * 86 + b"A="
    refused(env, "bad-enum-", name_tx(coin, name_script(1, "enum:18009359935:0", OWNER, signed, 5)))
    refused(env, "bad-name-days", name_tx(coin, name_script(1, "x", OWNER, b"", 0)))


def test_name_state_follows_the_tip(env):
    """A pending UPDATE of a name that expires leaves the pool."""
    key = sha256d(b"anyone")[:20]
    script = b"\x00\x14" + key
    new = name_tx(fresh(env), name_script(1, "pool:gone", script, b"v", 1))
    send(env, new)
    env.node.mine()
    check.equal(env.rpc.name_show("pool:gone")["expires_in"], 168)
    env.node.mine(168)
    check.equal(env.rpc.name_show("pool:gone")["expires_in"], 0)
    check.true("expired" not in env.rpc.name_show("pool:gone"), "live in its last block")
    env.node.mine(1)
    check.equal(env.rpc.name_show("pool:gone")["expired"], True)
    again = name_tx(fresh(env), name_script(1, "pool:gone", script, b"again", 1))
    send(env, again)
    env.node.mine()
    check.equal(env.rpc.name_show("pool:gone")["value"], "again")


def test_reorganisation_brings_transactions_back(env):
    tx = spend(fresh(env))
    send(env, tx)
    hashed = env.node.mine()[0]
    env.rpc.invalidateblock(hashed)
    check.soon(lambda: env.rpc.getrawmempool() == [tx.txid()], "the transaction is not back")
    env.rpc.reconsiderblock(hashed)
    check.soon(lambda: env.rpc.getrawmempool() == [], "mined again, but still waiting")


def test_generateblock(env):
    one, two = spend(fresh(env)), spend(fresh(env))
    send(env, one)
    send(env, two)
    made = env.rpc.generateblock("raw(51)", [two.txid()], False)
    check.true(made["hash"] != env.rpc.getbestblockhash(), "submitted in spite of submit=false")
    check.equal(env.rpc.submitblock(made["hex"]), None)
    env.rpc.syncwithvalidationinterfacequeue()
    check.equal(env.rpc.getrawmempool(), [one.txid()])
    check.equal(env.rpc.getblock(made["hash"])["tx"][1:], [two.txid()])
    raw = spend(fresh(env))
    made = env.rpc.generateblock("raw(51)", [raw.hex(), one.txid()])
    check.equal(env.rpc.getblock(made["hash"])["tx"][1:], [raw.txid(), one.txid()])
    check.refused(-5, "not in mempool", env.rpc.generateblock, "raw(51)", ["44" * 32])
    check.refused(-22, "", env.rpc.generateblock, "raw(51)", ["44"])


def test_arguments(env):
    check.refused(-5, "Transaction not in mempool", env.rpc.getmempoolentry, "55" * 32)
    check.refused(-8, "The list has to hold 1 to 25", env.rpc.testmempoolaccept, [])
    check.refused(-3, "hex digits", env.rpc.testmempoolaccept, [5])


if __name__ == "__main__":
    run(globals())
