"""Two operators of telephone numbers, each with a node, a wallet and the records of its own calls."""

from typing import NamedTuple

from . import check
from .numbers import ROUTE, fund, signed_value, verifier

DAY = 86_400
START = 1_800_000_000
CALLER, CALLEE = "18009359935", "442079460000"
COLUMNS = "callid=1,caller=2,callee=3,answer=4,end=5"


class Plan(NamedTuple):
    """What start makes."""
    begin: int = START  # the nodes' clocks
    coins: tuple = (10, 11, 12)  # EMC, of the owner of CALLEE
    age: int = 10 * DAY  # of these coins
    routes: dict = {CALLER: ROUTE, CALLEE: ROUTE}
    first: tuple = ()  # options of env.node alone


def start(env, *options, plan=Plan()):
    """env.node makes the blocks and holds CALLER, env.other holds CALLEE; both numbers are signed by ver:enum, whom
    both trust, and the owner of CALLEE has coins that are some days old."""
    common = (f"-mocktime={plan.begin}", "-calls", "-enumtrust=ver:enum", *options)
    env.share(*common, *plan.first)
    env.need_wallet()
    env.other = env.make(*common).start()
    env.now = plan.begin
    fund(env.node, 150)
    verifier(env.node)
    env.owner = {CALLER: env.rpc.getnewaddress(), CALLEE: env.other.rpc.getnewaddress()}
    for number, owner in env.owner.items():
        env.rpc.name_new(f"enum:{number}:0", signed_value(env.node, number, owner, routes=plan.routes[number]), 3650, owner)
        env.node.mine()
    for amount in plan.coins:
        env.rpc.sendtoaddress(env.owner[CALLEE], amount)
    env.node.mine(170)
    join(env)
    later(env, plan.age)


def join(env):
    env.other.rpc.addnode(f"127.0.0.1:{env.node.p2p_port}", "add")
    meet(env)


def meet(env):
    """Waits until both are at the same block."""
    check.within(60, lambda: env.other.rpc.getbestblockhash() == env.rpc.getbestblockhash(), "both at one tip")
    env.other.rpc.syncwithvalidationinterfacequeue()


def later(env, seconds, blocks=12):
    env.now += seconds
    for node in (env.node, env.other):
        node.rpc.setmocktime(env.now)
    env.node.mine(blocks)
    meet(env)


def median(env):
    return env.rpc.getblockheader(env.rpc.getbestblockhash())["mediantime"]


def record(env, node, calls, caller=CALLER, callee=CALLEE):
    """Gives a node records: (Call-ID, answer, end), unix seconds."""
    path = env.path(f"calls-{id(calls)}-{node.rpc_port}.csv")
    path.write_text("".join(f"{name},{caller},{callee},{answer},{end}\n" for name, answer, end in calls), encoding="utf-8")
    done = node.rpc.call_import(str(path), "csv", {"columns": COLUMNS})
    check.equal((done["added"], done["problems"]), (len(calls), []))


def moved(calls, seconds):
    """The same calls on a clock that is ahead."""
    return [(name, answer + seconds, end + seconds) for name, answer, end in calls]


def unsigned_number(env, number, node):
    """Registers a number no verifier has signed."""
    owner = node.rpc.getnewaddress()
    env.rpc.name_new(f"enum:{number}:0", ROUTE, 3650, owner)
    env.node.mine()
    meet(env)
    return owner
