#!/usr/bin/env python3
"""Every call: help, schema and the refusal of wrong arguments all come from one table, so all are tried for all calls."""

from framework import check
from framework.rpc import RpcError
from framework.suite import run

WRONG = {"string": [5, True, [], {}], "string, 64 hex digits": [5, "12", "x" * 64, "0" * 65],
         "string, hex": [5, "abc", "zz"], "numeric": ["5", True, 1.5, []], "boolean": [1, "true", []],
         "numeric or string": [True, [], {}, "1.123456789", "x", "-"], "json array": [5, "[]", {}], "json object": [5, "{}", []]}
SKIPPED = {"stop"}


def setup(env):
    env.share("-emcdns=1")
    env.calls = [line.split()[0] for line in env.rpc.help().splitlines() if line and not line.startswith("==")]
    env.schema = {method["name"]: method for method in env.rpc.getopenrpcinfo()["methods"]}


def test_help_for_every_call(env):
    check.true(len(env.calls) > 70, f"only {len(env.calls)} calls")
    check.equal(set(env.calls) - set(env.schema), set())
    for name in env.schema:
        text = env.rpc.help(name)
        check.equal(text.split()[0], name)
        check.contains(text, f"> emercoin-cli {name}")
        for param in env.schema[name]["params"]:
            check.contains(text, param["name"], name)
    check.contains(env.rpc.help("nothing"), "unknown command: nothing")


def test_hidden_calls_have_help_but_are_not_listed(env):
    for name in ("invalidateblock", "setmocktime", "echo"):
        check.true(name not in env.calls and name in env.schema, name)


def arguments(env, name):
    """(name, type word, required) of each argument as help tells them."""
    out = []
    for line in env.rpc.help(name).splitlines():
        head, _, rest = line.partition("(")
        if head[:1].isdigit() and ". " in head:
            words = rest.split(")", 1)[0]
            kind, _, condition = words.rpartition(", required") if ", required" in words else words.partition(", optional")
            out.append((head.split(". ")[1].strip(), kind, ", required" in words, condition))
    return out


def filler(kind):
    return {"string": "x", "string, 64 hex digits": "00" * 32, "string, hex": "00", "numeric": 1, "boolean": False,
            "numeric or string": 1, "json array": [], "json object": {}}.get(kind, 0)


def test_missing_arguments(env):
    tried = 0
    for name in env.schema:
        if name in SKIPPED:
            continue
        for place, (argument, _, required, _) in enumerate(arguments(env, name)):
            if not required:
                continue
            fillers = [filler(kind) for _, kind, _, _ in arguments(env, name)[:place]]
            message = check.refused(-1, f"{name} needs its argument {place + 1}", env.rpc.call, name, *fillers)
            check.contains(message, argument)
            tried += 1
    check.true(tried > 60, f"only {tried} arguments tried")


def test_too_many_arguments(env):
    for name in env.schema:
        count = len(arguments(env, name))
        check.refused(-1, f"{name} takes at most {count} arguments, not {count + 1}", env.rpc.call, name,
                      *[None] * (count + 1))


def test_wrong_types(env):
    """Each argument of each call with values of every wrong type: -3, -8 or -22, and the argument's name."""
    tried = 0
    for name in env.schema:
        if name in SKIPPED:
            continue
        rows = arguments(env, name)
        for place, (argument, kind, _, _) in enumerate(rows):
            for wrong in WRONG.get(kind, []):
                if argument == "fee_rate" and wrong == 1.5:
                    continue  # the one number with a fraction
                args = [filler(other) for _, other, _, _ in rows[:place]] + [wrong]
                args += [filler(other) for _, other, required, _ in rows[place + 1:] if required]
                try:
                    env.rpc.call(name, *args)
                except RpcError as error:
                    check.true(error.code in (-3, -8, -22), f"{name} {argument}={wrong!r}: {error}")
                else:
                    raise AssertionError(f"{name} took {argument}={wrong!r}")
                tried += 1
    check.true(tried > 300, f"only {tried} values tried")


def test_null_counts_as_left_out(env):
    check.equal(env.rpc.getrawmempool(None), [])
    check.equal(env.rpc.help(None), env.rpc.help())


def test_cli_knows_every_call(env):
    done = env.node.cli("help")
    for name in env.calls:
        check.contains(done.stdout, name)


if __name__ == "__main__":
    run(globals())
