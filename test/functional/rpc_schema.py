#!/usr/bin/env python3
"""The OpenRPC document: whole, and true for what calls really answer.

Every other script, too, holds each result against it (framework/schema.py); here an independent library reads the document, and must
agree with the framework about good and damaged results.
"""

import copy
import json
import re

from framework import check
from framework.names import Purse
from framework.rpc import RpcError
from framework.schema import Misfit
from framework.suite import Skip, run, system_python

system_python("jsonschema")
try:
    import jsonschema
except ImportError:
    jsonschema = None

NUMBER = "18009350401"
DRAFT = {"$schema": "http://json-schema.org/draft-07/schema#"}
ANYTHING = {"echo", "echojson", "getopenrpcinfo", "rpc.discover"}  # they give back what they are given; schemas of other calls


def setup(env):
    if jsonschema is None:
        raise Skip("python3-jsonschema is not installed")
    env.share("-emcdns=1", "-blockfilterindex=1", "-mocktime=1800000000")
    env.purse = Purse(env.node)
    env.block = env.purse.register({"dns:schema.coin": "A=192.0.2.1"})
    env.document = env.rpc.call("rpc.discover")
    env.methods = {method["name"]: method for method in env.document["methods"]}


def test_document(env):
    check.equal(env.rpc.getopenrpcinfo(), env.document)
    check.matches(env.document["openrpc"], r"^1\.2\.")
    check.keys(env.document["info"], "title", "version")
    check.equal(len(env.methods), len(env.document["methods"]), "each call once")
    for name, method in env.methods.items():
        check.keys(method, "summary", "tags", "params", "result", "paramStructure")
        check.true(method["result"]["schema"], f"{name}: nothing is said of its result")
        seen_optional = False
        for param in method["params"]:
            check.matches(param["name"], r"^[A-Za-z_][A-Za-z0-9_-]*$")
            check.true(param["required"] is False or not seen_optional, f"{name}: {param['name']} is required behind optional ones")
            seen_optional = seen_optional or not param["required"]
        for schema in [param["schema"] for param in method["params"]] + [method["result"]["schema"]]:
            jsonschema.Draft7Validator.check_schema({**DRAFT, **schema})


def open_places(schema, shared, seen=()):
    """Does it allow anything anywhere?"""
    if not schema:
        return True
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return name not in seen and open_places(shared[name], shared, (*seen, name))
    inner = schema.get("anyOf", []) + list(schema.get("properties", {}).values())
    if schema.get("type") == "object":
        check.keys(schema, "properties", "additionalProperties")
        inner += [schema["additionalProperties"]] if schema["additionalProperties"] is not False else []
    if schema.get("type") == "array":
        inner.append(schema["items"])
    return any(open_places(one, shared, seen) for one in inner)


def test_nothing_is_left_open(env):
    """All results are described to the last field, but for calls that are named here."""
    shared = env.document["components"]["schemas"]
    check.equal({name for name, method in env.methods.items() if open_places(method["result"]["schema"], shared)}, ANYTHING)


def test_defaults_are_of_their_type(env):
    found = 0
    for name, method in env.methods.items():
        for param in method["params"]:
            if "default" in param["schema"]:
                valid(param["schema"]["default"], param["schema"], f"{name} {param['name']}")
                found += 1
    check.true(found > 50, f"only {found} defaults")


def plain(value):
    """Numbers as jsonschema knows them."""
    return json.loads(json.dumps(value, default=float))


def valid(value, schema, what, components=None):
    try:
        jsonschema.validate(plain(value), {**DRAFT, "allOf": [schema], "components": components or {}})
    except jsonschema.ValidationError as error:
        raise AssertionError(f"{what}: {error.message} at {list(error.path)}") from None


def damaged(value):
    """Copies of a result, each wrong in one place: a field more, a field less, a value of another type."""
    if isinstance(value, dict):
        yield {**value, "no such field": 1}
        for key, inner in value.items():
            yield {other: kept for other, kept in value.items() if other != key}
            for bad in damaged(inner):
                yield {**value, key: bad}
    elif isinstance(value, list):
        yield [*value, {"no such": "item"}]
        for bad in damaged(value[0]) if value else ():
            yield [bad, *value[1:]]
    else:
        yield {"neither": "number nor text"}
        yield [] if isinstance(value, str) else "x" + str(value)


def agree(env, method, validator, value):
    """The verdict of the framework and that of the library."""
    try:
        env.node.schema.check(method, value)
        good = True
    except Misfit:
        good = False
    check.equal(validator.is_valid(plain(value)), good, f"{method}: {value}")
    return good


def samples(env):
    """Arguments for every call that may be made here without harm; a wallet's calls only with a wallet."""
    txid = env.rpc.getblock(env.block)["tx"][1]
    raw = env.rpc.getrawtransaction(txid)
    address = env.rpc.name_show("dns:schema.coin")["address"]
    key = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    psbt = env.rpc.createpsbt([{"txid": txid, "vout": 3}], [{address: 1}])
    descriptor = env.rpc.getdescriptorinfo(f"wpkh({key})")["descriptor"]
    return {
        "getblock": [[env.block], [env.block, 0], [env.block, 2]], "getblockheader": [[env.block], [env.block, False]], "getblockhash": [[1]], "getblockstats": [[1]],
        "getblockfilter": [[env.block]], "gettxout": [[txid, 3], [txid, 99]], "gettxoutsetinfo": [[], ["none"]], "getrawtransaction": [[txid], [txid, 1], [txid, 2]],
        "decoderawtransaction": [[raw]], "decodescript": [["51"]], "createrawtransaction": [[[{"txid": txid, "vout": 3}], [{address: 1}]]],
        "testmempoolaccept": [[[raw]]], "combinerawtransaction": [[[raw]]], "gettxoutproof": [[[txid]]], "verifytxoutproof": [[env.rpc.gettxoutproof([txid])]],
        "createpsbt": [[[{"txid": txid, "vout": 3}], [{address: 1}]]], "decodepsbt": [[psbt]], "analyzepsbt": [[psbt]], "combinepsbt": [[[psbt]]],
        "finalizepsbt": [[psbt]], "utxoupdatepsbt": [[psbt]], "converttopsbt": [[raw, True]],
        "validateaddress": [[address], ["nobody"]], "createmultisig": [[1, [key]]], "getdescriptorinfo": [[descriptor]], "deriveaddresses": [[descriptor]],
        "name_show": [["dns:schema.coin"]], "name_history": [["dns:schema.coin"]], "name_scan": [["dns:"]], "name_scan_address": [[address]], "name_filter": [["schema"], ["", 0, 0, 0, "stat"]],
        "enum_resolve": [[NUMBER]], "enum_parse": [[NUMBER, "E2U+sip=100|10|!^(.*)$!sip:1@example.org!"]], "ver_record": [[{"name": "x"}]], "getrawmempool": [[], [True]],
        "help": [[], ["help"]], "logging": [[], [["dns"], ["dns"]]], "getmempoolinfo": [[]], "getindexinfo": [[]], "verifychain": [[0, 1]], "echo": [[1, "a"]], "echojson": [[1]],
        "getnodeaddresses": [[]], "submitblock": [["00"], [env.rpc.getblock(env.block, 0)]], "getnetworkhashps": [[]], "getchaintxstats": [[]],
        "getnewaddress": [[]], "getrawchangeaddress": [[]], "getaddressinfo": [[address]], "listtransactions": [[]], "listsinceblock": [[]], "getbalance": [[]],
        "getreceivedbyaddress": [[address]], "listunspent": [[]], "name_list": [[]], "listlabels": [[]], "setlabel": [[address, "x"]], "lockunspent": [[True]],
    }


SKIPPED = {"stop", "encryptwallet", "generateblock", "generatetoaddress", "generatetodescriptor", "getblocktemplate", "rescanblockchain"}


def test_replies(env):
    """What calls answer fits the schema of their results, and their arguments fit those of the parameters."""
    given = samples(env)
    made = set()
    refused = 0
    for name, method in env.methods.items():
        if name in SKIPPED or re.match("waitfor|dumptx|loadtx", name):
            continue
        required = [param for param in method["params"] if param["required"]]
        validator = jsonschema.Draft7Validator({**DRAFT, "allOf": [method["result"]["schema"]], "components": env.document["components"]})
        for arguments in given.get(name, [] if required else [[]]):
            for value, param in zip(arguments, method["params"]):
                valid(value, param["schema"], f"{name} {param['name']}")
            try:
                reply = env.rpc.call(name, *arguments)
            except RpcError as error:
                check.true(error.code != -1 or name not in given, f"{name}: {error}")
                continue
            check.true(agree(env, name, validator, reply), f"{name}: does not fit")
            made.add(name)
            if name not in ANYTHING:
                refused += sum(not agree(env, name, validator, bad) for bad in damaged(copy.deepcopy(reply)))
    check.true(len(made) > 80, f"only {len(made)} calls gave a result: {sorted(made)}")
    check.true(refused > 1000, f"only {refused} damaged results were refused")


def test_arguments_are_refused_as_the_schema_says(env):
    """What a parameter's schema excludes is refused with -3, -8 or -22."""
    wrong = {"string": 5, "integer": 1.5, "number": "x", "boolean": 1, "array": {}, "object": []}
    tried = 0
    for name, method in env.methods.items():
        first = method["params"][0] if method["params"] else None
        kind = first["schema"].get("type") if first else None
        if name in SKIPPED or not isinstance(kind, str):
            continue
        try:
            jsonschema.validate(wrong[kind], {**DRAFT, **first["schema"]})
            raise AssertionError(f"{name}: {wrong[kind]!r} fits {first['schema']}")
        except jsonschema.ValidationError:
            pass
        check.refused(None, "", env.rpc.call, name, wrong[kind])
        tried += 1
    check.true(tried > 60, f"only {tried} calls")


if __name__ == "__main__":
    run(globals())
