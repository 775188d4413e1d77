#!/usr/bin/env python3
"""Every call of Bitcoin Core and Emercoin Core has its name and its arguments here, or stands in doc/rpc-differences.md."""

import json
import pathlib
import re

from framework import check
from framework.suite import run

HERE = pathlib.Path(__file__).resolve().parent
LIST = HERE / "data" / "rpc_calls.txt"
PAGE = HERE.parent.parent / "doc" / "rpc-differences.md"


def setup(env):
    env.share()
    env.need_wallet()
    env.schema = {row["name"]: [param["name"] for param in row["params"]] for row in env.rpc.getopenrpcinfo()["methods"]}


def listed():
    for line in LIST.read_text().splitlines():
        if line and not line.startswith("#"):
            name, *arguments = line.split()
            yield name, arguments


def test_every_call_is_here(env):
    page = PAGE.read_text()
    missing = [name for name, _ in listed() if name not in env.schema and f"`{name}`" not in page]
    check.equal(missing, [])
    check.true(len(list(listed())) > 170, "the list has shrunk")


def test_arguments_have_their_names_and_places(env):
    """Asked by a call, not by the schema: a name that is none would be refused as unknown."""
    wrong = []
    for name, arguments in listed():
        for place, argument in enumerate(arguments if name in env.schema else []):
            known = re.findall(rf"^{place + 1}\. (\S+) ", env.rpc.help(name), re.MULTILINE)
            here = set(known[0].split("|")) if known else set()
            if not here & set(argument.split("|")):
                wrong.append(f"{name} {place + 1}: {argument}, here {'|'.join(sorted(here)) or 'nothing'}")
    check.equal(wrong, [])


def test_named_arguments_are_taken(env):
    """An unknown name is refused with the name; a known one is not."""
    for name, arguments in listed():
        if name not in env.schema or name == "stop":
            continue
        check.refused(-8, "no_such_argument", env.rpc.call, name, no_such_argument=1)
        for argument in arguments:
            message = str(_error(env, name, {word: 1 for word in (argument.split("|")[0], "no_such_argument")}))
            check.true("no_such_argument" in message, f"{name} {argument}: {message}")


def _error(env, name, params):
    try:
        return env.rpc.call(name, **params)
    except Exception as error:  # pylint: disable=broad-except
        return error


def test_page_of_differences_is_true(env):
    """Calls in its table of what is missing are missing; those it says are refused answer so."""
    text = PAGE.read_text()
    missing = re.findall(r"^\| `(\w+)`", text.partition("## Calls that are not here")[2].partition("\n## ")[0], re.MULTILINE)
    check.true(missing, "no table of missing calls")
    check.equal([name for name in missing if name in env.schema], [])
    refused = re.findall(r"`(\w+)`", text.partition("## Calls that only say why not")[2].partition("\n## ")[0])
    check.true(len(refused) >= 6, refused)
    for name in refused:
        check.refused(-1, name, env.rpc.call, name)


def reply_text(env, method, *params):
    return env.rpc.post(json.dumps({"id": 1, "method": method, "params": params}))[1].decode("utf-8", "strict")


def test_amounts_have_eight_decimals(env):
    text = reply_text(env, "getmempoolinfo")
    check.contains(text, '"minrelaytxfee":0.00001000,')
    check.contains(text, '"total_fee":0.00000000,')
    for method in ("getbalances", "getinfo", "estimatesmartfee", "gettxoutsetinfo"):
        text = reply_text(env, method, *([6] if method == "estimatesmartfee" else []))
        for amount in re.findall(r'"(?:feerate|balance|newmint|relayfee|trusted|total_amount|total_supply)":([^,}]*)', text):
            check.matches(amount, r"^\d+\.\d{8}$")


def test_replies_are_strict_utf8(env):
    """Text that is no UTF-8 is refused on its way in, so it cannot come out."""
    status, reply = env.rpc.post(b'{"id":1,"method":"echo","params":["\xff\xfe"]}')
    check.equal(status, 500)
    check.contains(reply.decode("utf-8", "strict"), "-32700")
    check.contains(reply_text(env, "echo", "\u00e4"), "ä")
    check.equal(env.rpc.echo("\U0001f4de äöü \u0000"), ["\U0001f4de äöü \u0000"])


if __name__ == "__main__":
    run(globals())
