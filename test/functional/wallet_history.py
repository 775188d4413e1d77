#!/usr/bin/env python3
"""What came in and since when: received sums, listsinceblock through a reorganisation, groups, listunspent's queries."""

from framework import check
from framework.suite import run


def setup(env):
    env.share()
    env.need_wallet()
    env.rpc.createwallet("payer")
    env.mine_to = env.node.connect("payer")
    env.wallet = env.node.connect("")
    env.node.mine(105, env.mine_to.getnewaddress())
    sync(env)
    env.shop = env.wallet.getnewaddress("shop")


def sync(env):
    env.wallet.syncwithvalidationinterfacequeue()


def mine(env):
    hashed = env.node.mine()[0]
    sync(env)
    return hashed


def test_received(env):
    env.mine_to.sendtoaddress(env.shop, 2)
    mine(env)
    env.mine_to.sendtoaddress(env.shop, 3)
    sync(env)
    rows = env.wallet.listreceivedbyaddress()
    check.equal([(row["address"], row["amount"], row["confirmations"], row["label"]) for row in rows],
                [(env.shop, 2, 1, "shop")])
    check.equal(env.wallet.listreceivedbyaddress(0)[0]["amount"], 5)
    check.equal(len(env.wallet.listreceivedbyaddress(0)[0]["txids"]), 2)
    check.equal(env.wallet.getreceivedbyaddress(env.shop), 2)
    check.equal(env.wallet.getreceivedbyaddress(env.shop, 0), 5)
    check.equal(env.wallet.getreceivedbylabel("shop", 0), 5)
    empty = env.wallet.getnewaddress("nothing yet")
    check.true(empty in [row["address"] for row in env.wallet.listreceivedbyaddress(1, True)], "empty ones")
    check.equal([row["label"] for row in env.wallet.listreceivedbylabel(0, True)], ["nothing yet", "shop"])
    check.equal(env.wallet.listreceivedbyaddress(0, True, None, empty)[0]["amount"], 0)
    check.refused(-4, "not of this wallet", env.wallet.getreceivedbyaddress, env.mine_to.getnewaddress())
    check.refused(-4, "has that label", env.wallet.getreceivedbylabel, "nobody")
    mine(env)


def test_spending_does_not_lower_what_came_in(env):
    env.wallet.sendtoaddress(env.mine_to.getnewaddress(), 4)
    mine(env)
    check.equal(env.wallet.getreceivedbyaddress(env.shop), 5)
    groups = env.wallet.listaddressgroupings()
    check.equal(max(len(group) for group in groups), 2, "the change belongs to the coins it came from")


def test_pages_of_lines(env):
    """Pages are cut between lines, also within a transaction; lines of a label are found however old they are."""
    pair = [env.wallet.getnewaddress(f"half {n}") for n in range(2)]
    for _ in range(3):
        env.mine_to.sendmany("", {pair[0]: 1, pair[1]: 2})
        mine(env)
    whole = env.wallet.listtransactions("*", 1000)
    check.equal(len(whole), 9)  # two from the shop and the payment, then three pairs
    for size in (1, 2, 3, 7):
        rows = []
        for skip in range(0, len(whole), size):
            rows = env.wallet.listtransactions("*", size, skip) + rows
        check.equal(rows, whole, f"pages of {size}")
    check.equal(env.wallet.listtransactions("*", 5, len(whole)), [])
    old = [row for row in whole if row.get("label") == "shop"]
    check.equal(len(old), 2)
    check.equal(env.wallet.listtransactions("shop", 1, 1), old[:1])
    check.equal(env.wallet.listtransactions("shop", 2), old)
    check.equal(env.wallet.listtransactions("nobody", 5), [])


def test_since_block(env):
    start = env.wallet.getbestblockhash()
    txid = env.mine_to.sendtoaddress(env.shop, 1)
    sync(env)
    seen = env.wallet.listsinceblock(start)
    check.equal([(row["txid"], row["confirmations"]) for row in seen["transactions"]], [(txid, 0)])
    block = mine(env)
    seen = env.wallet.listsinceblock(start)
    check.equal([(row["txid"], row["confirmations"]) for row in seen["transactions"]], [(txid, 1)])
    check.equal((seen["lastblock"], seen["removed"]), (block, []))
    check.equal(env.wallet.listsinceblock(block)["transactions"], [])
    env.rpc.invalidateblock(block)
    sync(env)
    seen = env.wallet.listsinceblock(block)
    check.equal([row["txid"] for row in seen["removed"]], [txid])
    check.equal([(row["txid"], row["confirmations"]) for row in seen["transactions"]], [(txid, 0)])
    env.rpc.reconsiderblock(block)
    sync(env)
    check.equal(env.wallet.listsinceblock(block)["removed"], [])
    check.refused(-5, "Block not found", env.wallet.listsinceblock, "11" * 32)
    check.refused(-8, "64 hex digits", env.wallet.listsinceblock, "11")


def test_listunspent_queries(env):
    amounts = sorted(coin["amount"] for coin in env.wallet.listunspent())
    check.true(len(amounts) > 1, "several coins")
    query = lambda **options: [c["amount"] for c in env.wallet.listunspent(1, 9999999, [], True, options)]
    check.equal(len(query(maximumCount=1)), 1)
    check.equal(sorted(query(minimumAmount=amounts[-1])), [a for a in amounts if a >= amounts[-1]])
    check.equal(sorted(query(maximumAmount=amounts[0])), [a for a in amounts if a <= amounts[0]])
    check.true(len(query(minimumSumAmount="0.00000001")) == 1, "enough")
    check.refused(-3, "Unexpected key", env.wallet.listunspent, 1, 99, [], True, {"most": 1})
    env.mine_to.sendtoaddress(env.shop, 1)
    sync(env)
    check.equal(len(env.wallet.listunspent(0)), len(amounts) + 1)
    check.equal(len(env.wallet.listunspent(0, 99, [], False)), len(amounts))


def test_simulation(env):
    raw = env.wallet.createrawtransaction([], [{env.shop: 1}])
    funded = env.mine_to.fundrawtransaction(raw)["hex"]
    check.equal(env.wallet.simulaterawtransaction([funded])["balance_change"], 1)
    check.true(env.mine_to.simulaterawtransaction([funded])["balance_change"] < -1, "payment and fee")
    check.equal(env.wallet.simulaterawtransaction([])["balance_change"], 0)
    missing = env.wallet.createrawtransaction([{"txid": "11" * 32, "vout": 0}], [{env.shop: 1}])
    check.refused(-8, "missing or spent", env.wallet.simulaterawtransaction, [missing])


def test_rescan(env):
    tip = env.wallet.getblockcount()
    balance = env.wallet.getbalance()
    check.equal(env.wallet.rescanblockchain(), {"start_height": 0, "stop_height": tip, "blocks_read": tip + 1})
    check.equal(env.wallet.rescanblockchain(5, 7), {"start_height": 5, "stop_height": 7, "blocks_read": 3})
    check.equal(env.wallet.getbalance(), balance)
    check.equal(env.wallet.abortrescan(), False)
    check.refused(-8, "start_height is out of range", env.wallet.rescanblockchain, tip + 1)
    check.refused(-8, "stop_height is out of range", env.wallet.rescanblockchain, 5, 4)


def test_names_listed_and_renewed(env):
    for number in range(4):
        env.wallet.name_new(f"test:{number}", f"value {number}", 10 + number)
    mine(env)
    rows = env.wallet.name_list()
    check.equal([(row["name"], row["value"]) for row in rows], [(f"test:{n}", f"value {n}") for n in range(4)])
    for row in rows:
        shown = env.wallet.name_show(row["name"])
        check.equal((row["expires_at"], row["address"], row["txid"]), (shown["expires_at"], shown["address"], shown["txid"]))
    soon = env.wallet.name_list("", "text", 0, "", {"expires_within": 11 * 168})
    check.equal([row["name"] for row in soon], ["test:0", "test:1"])
    check.equal(env.wallet.name_list("", "text", 0, "", {"prefix": "test:3"})[0]["name"], "test:3")
    preview = env.wallet.name_renew({"expires_within": 11 * 168}, 20, None, True)
    check.equal((preview["names"], preview["left"], preview["txids"]), (2, 0, []))
    check.equal(env.wallet.name_renew({}, 20, "0.00000001")["left"], 4)
    done = env.wallet.name_renew({"expires_within": 11 * 168}, 20)
    check.equal((done["names"], len(done["txids"]), done["total"]), (2, 1, preview["total"]))
    check.equal(env.wallet.name_list("test:0")[0]["pending"], "name_update")
    mine(env)
    check.equal(env.wallet.name_list("test:0")[0]["expires_at"], rows[0]["expires_at"] + 20 * 168)
    check.equal(env.wallet.name_list("", "text", 0, "", {"expires_within": 11 * 168}), [])
    env.wallet.name_update("test:1", "given away", 0, env.mine_to.getnewaddress())
    mine(env)
    check.equal(env.wallet.name_list("test:1")[0]["transferred"], True)
    check.equal("test:1" in [r["name"] for r in env.wallet.name_list("", "text", 0, "", {"mine": True})], False)
    env.wallet.name_delete("test:2")
    mine(env)
    check.equal([row["name"] for row in env.wallet.name_list()], ["test:0", "test:1", "test:3"])


def test_names_renew_themselves(env):
    """Within the limit, once a day of blocks, and never without being asked."""
    node = env.start("-namerenew=3", "-namerenewdays=30", "-namerenewlimit=0.5")
    rpc = node.rpc
    node.mine(105, rpc.getnewaddress())
    for name in ("test:soon", "test:late"):
        rpc.name_new(name, "v", 5 if name == "test:soon" else 200)
    node.mine(1)
    before = rpc.name_show("test:soon")["expires_at"]
    late = rpc.name_show("test:late")["expires_at"]
    for _ in range(6):
        node.mine(84)
        rpc.syncwithvalidationinterfacequeue()
    node.mine(1)
    check.equal(rpc.name_show("test:soon")["expires_at"], before + 30 * 168)
    check.equal(rpc.name_show("test:late")["expires_at"], late)
    check.true(node.logged("renewed 1 names by 30 days"), "the log tells it")
    node.stop()


if __name__ == "__main__":
    run(globals())
