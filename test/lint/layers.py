#!/usr/bin/env python3
"""Checks that the rooms of src/ keep to test/lint/layers.txt.

Reports an include of a room that is not allowed, a cycle among files, an include without its room, a file that
lies loose in src/, a room nobody declared.
"""

import re
import sys

import common

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.MULTILINE)
GENERATED = {"base/build_config.h", "app/web/files.inc"}


def read_rooms():
    """Room -> (level, set of rooms it may include)."""
    named, levels, problems = {}, {}, []
    text = common.read("test/lint/layers.txt")
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        level, room, lower = int(words[0]), words[1], words[2:]
        for other in lower:
            if other not in levels:
                problems.append(f"test/lint/layers.txt:{number}: {room} names {other}, which is not declared above it")
            elif levels[other] > level:
                problems.append(f"test/lint/layers.txt:{number}: {room} (level {level}) names {other}, a higher room")
        levels[room] = level
        named[room] = set(lower)
    allowed = {}
    for room in levels:  # declared low to high, so everything named is already complete
        allowed[room] = {room} | named[room]
        for other in named[room]:
            allowed[room] |= allowed.get(other, set())
    return levels, allowed, problems


def room_of(path):
    parts = path.parts
    if parts[0] == "qt":
        return "qt"
    return parts[1] if parts[0] == "src" and len(parts) > 2 else None


def includes_of(path):
    text = common.blank(common.read(path), keep_strings=True)
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group(1)


def check_file(path, levels, allowed, problems):
    """Problems of one file; returns the files of src/ it includes."""
    room, edges = room_of(path), []
    for number, target in includes_of(path):
        where = f"{path}:{number}"
        if target in GENERATED:
            continue
        other = target.split("/")[0]
        if "/" not in target or other not in levels:
            problems.append(f'{where}: "{target}" names no room; write "room/file.h", third party in <>')
            continue
        file = target if other == "qt" else f"src/{target}"
        if not (common.ROOT / file).is_file():
            problems.append(f'{where}: "{target}" does not exist; {file} is looked for')
            continue
        if other not in allowed.get(room, set()):
            may = ", ".join(sorted(allowed.get(room, set()) - {room})) or "nothing"
            problems.append(f"{where}: room {room} may not include {other}; it may include {may}")
        edges.append((number, file))
    return edges


def find_cycles(graph):
    """Each cycle among files once, as 'a -> b -> a' (depth first, iterative)."""
    state, cycles = {}, []
    for start in sorted(graph):
        if start in state:
            continue
        path, iterators = [start], [iter(graph[start])]
        state[start] = "open"
        while iterators:
            following = next(iterators[-1], None)
            if following is None:
                state[path.pop()] = "done"
                iterators.pop()
                continue
            number, target = following
            if state.get(target) == "open":
                loop = path[path.index(target):] + [target]
                cycles.append(f"{path[-1]}:{number}: include cycle {' -> '.join(loop)}; split out the common part")
            elif target not in state and target in graph:
                state[target] = "open"
                path.append(target)
                iterators.append(iter(graph[target]))
    return cycles


def main():
    levels, allowed, problems = read_rooms()
    graph = {}
    for path in common.all_files():
        if path.parts[0] not in ("src", "qt"):
            continue
        if path.parts[0] == "src" and len(path.parts) == 2:
            problems.append(f"{path}:1: loose file in src/; move it into a room")
            continue
        if path.suffix not in (".h", ".cpp"):
            continue
        room = room_of(path)
        if room not in levels:
            problems.append(f"{path}:1: room {room} is not declared in test/lint/layers.txt")
            continue
        graph[str(path)] = check_file(path, levels, allowed, problems)
    problems += find_cycles(graph)
    common.finish("layers", problems)


if __name__ == "__main__":
    sys.exit(main())
