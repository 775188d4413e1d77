#!/usr/bin/env python3
"""The simulations of fork choice, staking and call rewards: their self-tests, and laws their tables obey. Needs no node."""

import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree

from framework import check
from framework.suite import Skip, run

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "contrib" / "simulation"
DOCUMENTS = {"fork_choice.py": "fork-choice.md", "staking.py": "staking.md", "rewards.py": "call-economics.md"}


def program(name, *words, code=0):
    done = subprocess.run([sys.executable, "-B", str(FOLDER / name), *words], capture_output=True, text=True, timeout=120,
                          check=False)
    check.equal(done.returncode, code, done.stdout[-2000:] + done.stderr[-2000:])
    return done


def rows_of(name, table, *words):
    """{first cell: other cells} of a quick table."""
    text = program(name, "--quick", "--quiet", "--table", table, *words).stdout
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {cells[0]: cells[1:] for cells in lines[1:]}


def probability(cell):
    return 0.0 if cell.startswith("<") else float(cell.split()[0])


def self_tested(name, expected, vectors=True):
    out = program(name, "--self-test").stdout
    check.equal(len(re.findall("^PASS ", out, re.MULTILINE)), expected, out)
    check.equal(len(re.findall("^FAIL ", out, re.MULTILINE)), 0, out)
    check.equal("no vectors folder" in out, vectors, out)


def test_fork_choice_self_test(env):
    self_tested("fork_choice.py", 6)


def test_staking_self_test(env):
    self_tested("staking.py", 4)


def test_rewards_self_test(env):
    self_tested("rewards.py", 4, vectors=False)


def test_vectors(env):
    """The exact half of the model and the kernels reproduce the published vectors."""
    folder = os.environ.get("EMC_VECTORS")
    if not folder:
        raise Skip("no vectors folder")
    for name, line in (("fork_choice.py", "PASS vectors\n"), ("staking.py", "PASS kernel_vectors\n")):
        check.contains(program(name, "--self-test", "--vectors", folder).stdout, line)


def test_without_power_nobody_wins(env):
    rows = rows_of("fork_choice.py", "control")
    check.equal(rows["forks without hash and stake that win"][0].split()[0], "0")
    for kind, rate in (("PoW", 24), ("PoS", 144)):
        found = float(rows[f"{kind} blocks a day"][0])
        check.equal(abs(found - rate) < 0.05 * rate, True, f"{kind}: {found} blocks a day")


def test_more_stake_never_hurts(env):
    """Probabilities rise with stake and fall with depth; the fork points are the same in each row."""
    rows = rows_of("fork_choice.py", "success")
    stakes = [row for name, row in rows.items() if name.startswith("unlimited hash")]
    check.equal(len(stakes) >= 5, True, "rows with unlimited hash")
    for row in rows.values():
        values = [probability(cell) for cell in row]
        check.equal(values, sorted(values, reverse=True), "probabilities by depth")
    for poor, rich in zip(stakes, stakes[1:]):
        for less, more in zip(poor, rich):
            error = float(more.split()[-1]) if "±" in more else 0.1
            check.equal(probability(more) >= probability(less) - 2 * error, True, f"{less} with less stake, {more}")
    check.equal([probability(cell) for cell in rows["unlimited hash, no stake"][3:]], [0.0] * 4, "hash alone from 50")
    check.equal(probability(rows["110 % hash, 110 % stake"][0]) > 0.9, True, "a majority of both")


def test_other_rules_fall_to_hash(env):
    """The row of the rule holds against ten times the hash power, sum and product do not."""
    rows = rows_of("fork_choice.py", "rules")
    wins = {name: probability(row[-1]) for name, row in rows.items()}
    check.equal([wins[name] for name in ("capped bonus (the rule)", "PoS only")], [0.0, 0.0])
    check.equal([wins[name] for name in ("sum of works at a fixed rate", "product of totals")], [1.0, 1.0])
    alone = {name: float(row[0].split()[0]) for name, row in rows.items()}
    check.equal(alone["capped bonus (the rule)"] > alone["PoS only"], True, "PoW counts for the honest")


def test_grinding_falls_with_the_interval(env):
    rows = rows_of("staking.py", "grinding")
    limits = [float(rows[interval][-1]) for interval in ("1", "16", "64", "256")]
    check.equal(limits, [2.72, 1.47, 1.25, 1.14])
    for interval, limit in zip(("1", "16", "64", "256"), limits):
        found = float(rows[interval][-2].split()[0])
        check.equal(found < limit * 1.05, True, f"{found} of at most {limit}, interval {interval}")


def test_blocks_follow_stake(env):
    for stake, row in rows_of("staking.py", "shares").items():
        check.equal(abs(float(row[-1])) < 4.5, True, f"{stake}: {row}")


def test_farming_never_beats_staking(env):
    """In a year with the same coins, whatever is invented and however it is cut."""
    year = {name: float(row[-1].split()[0]) for name, row in rows_of("rewards.py", "year").items()}
    farmed = [rate for name, rate in year.items() if "farmer" in name or "colluding" in name]
    check.equal(len(farmed), 4)
    check.equal(max(year.values()), year["staker"], str(year))
    check.equal(max(farmed) < 5 < year["staker"] < 6, True, str(year))
    for table in ("minutes", "split"):
        rates = [float(row[-1].split()[0]) for row in rows_of("rewards.py", table).values()]
        check.equal(max(rates) < 5, True, f"{table}: {rates}")
    for row in rows_of("rewards.py", "small").values():
        check.equal(float(row[-1].split()[0]) <= 6.05, True, f"staking and claiming together: {row}")


def test_budget_of_claims(env):
    rows = rows_of("rewards.py", "budget")
    used = [int(row[0].split()[0]) for row in rows.values()]
    check.equal(used, sorted(used))
    check.equal(used[-1] <= 100, True, str(used))
    for row in rows.values():
        check.equal(row[1] == "–" or float(row[1].split()[0]) < 5, True, f"farmers: {row}")
    check.equal(float(rows["100"][3].split()[0]) > 1, True, "an honest claim with a fee gets through")


def test_same_seed_same_table(env):
    first, again, other = (rows_of("fork_choice.py", "control", "--seed", seed) for seed in ("5", "5", "6"))
    check.equal(first, again)
    check.equal(first == other, False, "another seed gives the same table")


def test_plots(env):
    for name, count in (("fork_choice.py", 2), ("staking.py", 1), ("rewards.py", 1)):
        folder = env.path(name)
        program(name, "--quick", "--quiet", "--plots", str(folder))
        found = sorted(folder.glob("*.svg"))
        check.equal(len(found), count, str(found))
        for path in found:
            check.equal(xml.etree.ElementTree.parse(path).getroot().tag, "{http://www.w3.org/2000/svg}svg")
            check.equal((ROOT / "doc" / "images" / path.name).is_file(), True, f"doc/images/{path.name} is there")


def test_documents_hold_every_table(env):
    for name, document in DOCUMENTS.items():
        text = (ROOT / "doc" / document).read_text(encoding="utf-8")
        known = re.search(r"\{all,([^}]*)\}", program(name, "--help").stdout).group(1).split(",")
        found = re.findall(r"<!-- table (\S+) -->\n\*\*.*?<!-- end -->", text, re.DOTALL)
        check.equal(sorted(found), sorted(known), document)
        for image in re.findall(r"\((images/[^)]*)\)", text):
            check.equal((ROOT / "doc" / image).is_file(), True, image)


def test_wrong_words(env):
    check.contains(program("fork_choice.py", "--trials", "0", code=2).stderr, "a positive number is needed")
    check.contains(program("staking.py", "--table", "everything", code=2).stderr, "invalid choice")


if __name__ == "__main__":
    run(globals())
