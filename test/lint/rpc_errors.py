#!/usr/bin/env python3
"""Checks doc/rpc-errors.md: a row for each code of src/rpc/error.h, only calls that exist, and for each file of calls that
gives a code, one of its calls in the row (or "all" of them)."""

import re
import sys

import common

DOC = "doc/rpc-errors.md"
ROW = re.compile(r"^\| (-\d+) \| `(\w+)` \| (.+) \| (.+) \|$")
ENUMERATOR = re.compile(r"^\s+(\w+) = (-\d+),$", re.MULTILINE)
CALL = re.compile(r'^\s+(?:\{|Refusing\()"([a-z_0-9]+)",\s*"[A-Z]', re.MULTILINE)
EVERY_CALL = re.compile(r"\b(all calls|every call|every argument|the dispatcher)\b")


def main():
    problems = []
    codes = {name: int(code) for name, code in ENUMERATOR.findall(common.read(common.ROOT / "src/rpc/error.h"))}
    calls, users = set(), {}
    for path in sorted((common.ROOT / "src/rpc").glob("calls_*.cpp")):
        text = common.read(path)
        own = set(CALL.findall(text))
        calls |= own
        for name in re.findall(r"\bCode::(\w+)", text):
            users.setdefault(name, {})[path.name] = own
    calls |= {"echo", "echojson"}
    rows = {}
    for number, line in enumerate(common.read(common.ROOT / DOC).splitlines(), 1):
        row = ROW.match(line)
        if row is None:
            continue
        code, name, _, who = row.groups()
        if name in rows:
            problems.append(f"{DOC}:{number}: a second row for {name}")
        rows[name] = number
        if codes.get(name) != int(code):
            problems.append(f"{DOC}:{number}: {name} = {code} is not in src/rpc/error.h")
        named = set(re.findall(r"`([a-z_0-9]+)`", who))
        problems += [f"{DOC}:{number}: there is no call {call}" for call in sorted(named - calls)]
        if EVERY_CALL.search(who):
            continue
        if "not given" in who and name in users:
            problems.append(f"{DOC}:{number}: {', '.join(users[name])} gives {name}")
        for path, own in users.get(name, {}).items():
            if not named & own:
                problems.append(f"{DOC}:{number}: {path} gives {name}, but none of its calls is named")
    problems += [f"{DOC}:1: no row for {name} = {code}" for name, code in codes.items() if name not in rows]
    if len(codes) < 20 or len(calls) < 70:
        problems.append(f"src/rpc/error.h:1: only {len(codes)} codes and {len(calls)} calls found; the patterns here are old")
    common.finish("rpc_errors", problems)


if __name__ == "__main__":
    sys.exit(main())
