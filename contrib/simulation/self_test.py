"""Self-tests of the simulations: the model against the exact rules, and laws every result obeys.

Each prints PASS, FAIL or SKIP with its name, as the functional tests do.
"""

import json
import math
import pathlib
import random
import statistics

import chains
import rules
import rewards as calls
import staking as stakes
from chains import Attack, Fork


def tell(results):
    """Prints [(name, problem or None)]; a problem that begins with `skip:` was not checked. Exit code."""
    failed = 0
    for name, problem in results:
        if problem is None:
            print(f"PASS {name}")
        elif problem.startswith("skip:"):
            print(f"SKIP {name}: {problem[5:].strip()}")
        else:
            failed += 1
            print(f"FAIL {name}: {problem}")
    return 1 if failed else 0


def vectors(folder):
    """The exact half reproduces the published vectors."""
    if not folder:
        return "skip: no vectors folder, give one with --vectors"
    passed, failures = rules.check_vectors(folder)
    if failures:
        return f"{len(failures)} of {passed + len(failures)}: {failures[0]}"
    return None if passed else "no cases"


def honest_blocks(rng, count, hash_power=1.0):
    """Blocks of an honest chain from genesis: ([(kind, time)], state)."""
    state = rules.FloatState()
    return [chains.grow(state, rng, hash_power) for _ in range(count)], state


def floats_follow():
    """Trust in floats stays within a ten-thousandth of the exact one, on honest chains and on forks."""
    for seed, hash_power in ((1, 1.0), (2, 5.0), (3, 0.2)):
        blocks, state = honest_blocks(random.Random(seed), 1_500, hash_power)
        error = abs(state.trust / rules.replay(blocks) - 1)
        if error > 1e-4:
            return f"seed {seed}: relative error {error:.2e}"
    base, state = honest_blocks(random.Random(4), 800)
    segment = chains.Segment(state.copy(), random.Random(5))
    for attack in (Attack(2.0, 0.8), Attack(3.0, 0.7, order="pos-first"), Attack(1.0, 1.2, order="pow-first"),
                   Attack(2.0, 0.9, stamps="late"), Attack(2.0, 0.9, push=86_400)):
        fork = Fork(segment, chains.luck(1, 1), attack, random.Random(6))
        fork.trace = []
        fork.run([math.inf] * (rules.REORG_LIMIT + 2))
        whole = rules.replay(base + fork.trace)
        error = abs(fork.state.trust / whole - 1)
        if error > 1e-4:
            return f"{attack}: relative error {error:.2e} after {len(fork.trace)} blocks"
    return None


def broken_time(blocks, release):
    """What is wrong with the times of a fork that is released at a time; None when the rules hold."""
    stamp = -1
    for place, (kind, time) in enumerate(blocks):
        before = sorted(other for _, other in blocks[max(0, place - 11):place])
        if len(before) == 11 and time <= before[5]:
            return f"block {place} is not above the median of eleven"
        if kind == "pos":
            if time % rules.SLOT or time <= stamp:
                return f"PoS block {place} at {time} after {stamp}"
            stamp = time
        if time > release + (rules.POS_AHEAD if kind == "pos" else rules.POW_AHEAD) + 1:
            return f"block {place} is {time - release} s ahead at its release"
    return None


def times_legal():
    """Forks of every strategy keep the rules of block times."""
    base, state = honest_blocks(random.Random(7), 400)
    segment = chains.Segment(state.copy(), random.Random(8))
    for order in ("plain", "pow-first", "pos-first"):
        for stamps, push, pause in (("now", 0, 0), ("late", 0, 0), ("now", 86_400, 0), ("now", 0, 7_200)):
            attack = Attack(2.0, 0.8, order=order, stamps=stamps, push=push, pause=pause)
            fork = Fork(segment, chains.luck(2, 2), attack, random.Random(9))
            fork.trace = []
            fork.run([math.inf] * (rules.REORG_LIMIT + 2))
            problem = broken_time(base + fork.trace, fork.release)
            if problem:
                return f"{attack}: {problem}"
    problem = broken_time(base, math.inf)
    return f"honest chain: {problem}" if problem else None


def steady_rates():
    """A chain in the steady state makes 24 PoW and 144 PoS blocks a day, within five standard errors."""
    blocks, state = honest_blocks(random.Random(10), 8_000)
    days = state.time / 86_400
    for kind, rate in (("pow", 24), ("pos", 144)):
        count = sum(one == kind for one, _ in blocks)
        # ASERT pulls the count back to the schedule: its spread stays that of about one half-life.
        if abs(count - rate * days) > 5 * math.sqrt(rate):
            return f"{count / days:.2f} {kind} blocks a day, should be {rate}"
    return None


def control_never_wins():
    """A fork without power never wins; one with three times everything always does; ties are no win."""
    segments = chains.steady_segments(20, 3)
    for attack, wanted in ((Attack(), 0), (Attack(3.0, 3.0), rules.REORG_LIMIT)):
        for number, segment in enumerate(segments):
            fork = Fork(segment, chains.luck(3, number), attack, random.Random(number))
            best = fork.run(segment.measure("capped"))
            if best != wanted:
                return f"{attack}: depth {best} at fork point {number}, should be {wanted}"
    return None


def bonus_at_most_doubles():
    """PoW never adds more than the credit at the start and the PoS work since: with any hash power."""
    segment = chains.steady_segments(1, 4)[0]
    for power in (1.0, 30.0, 1000.0):
        fork = Fork(segment, chains.luck(4, 4), Attack(power, 0.7), random.Random(11))
        fork.run([math.inf] * (rules.REORG_LIMIT + 2))
        pos = fork.state.pos_work - segment.start.pos_work
        if fork.trust() > 2 * pos + segment.start.credit + 1e-6:
            return f"hash {power:g}: trust {fork.trust():.1f} of {pos:.1f} PoS work"
    return None


def grinding_waits():
    """Waits of a grinder sum up to what the search found and are shorter than ordinary ones."""
    rng = random.Random(12)
    totals = []
    for _ in range(20):
        path = chains.grind(rng, 64, 4, 32, 16)[3]
        waits = chains.waits_of(path, rng)
        found = sum(total + delay for _, total, delay in path)
        if abs(sum(waits[:256]) - found) > 1e-6:
            return f"{sum(waits[:256])} and {found}"
        totals.append(found)
    mean = statistics.mean(totals)
    return None if 256 / 1.3 < mean < 256 / 1.1 else f"256 blocks take {mean:.0f} waits"


def fork_choice(folder):
    """All self-tests of the fork-choice simulation. `folder`: published vectors or None. Exit code."""
    tests = [("vectors", vectors(folder))]
    tests += [(test.__name__, test()) for test in (floats_follow, times_legal, steady_rates, control_never_wins,
                                                   bonus_at_most_doubles, grinding_waits)]
    return tell(tests)


def kernel_vectors(folder):
    """Kernel hashes, comparisons and modifiers of chain/kernel.json."""
    if not folder:
        return "skip: no vectors folder, give one with --vectors"
    data = json.loads((pathlib.Path(folder) / "chain" / "kernel.json").read_text())
    checked = 0
    for case in data["cases"]:
        given, expected = case["in"], case["expected"]
        if case["op"] == "kernel":
            modifier, txid = (bytes.fromhex(given[key])[::-1] for key in ("modifier", "kernel_txid"))
            found = stakes.kernel_hash(modifier, given["coin_block_time"], txid, given["kernel_index"],
                                       given["block_time"])
            valid = found <= rules.target_of(int(given["bits"], 16)) * given["value"]
            right = f"{found:064x}" == expected["kernel_hash"] and valid == expected["valid"]
        elif case["op"] == "stake_modifier":
            right = modifier_at_end(given) == expected["at_end"]
        else:
            continue
        checked += 1
        if not right:
            return f"case {case['id']} differs"
    return None if checked > 20 else f"only {checked} cases"


def modifier_at_end(given):
    """The stake modifier after the blocks of a vector, as RPC shows it."""
    modifier = stakes.sha256d(bytes.fromhex(given["genesis_hash"])[::-1])
    count = 0
    for kind, number in given["blocks"]:
        for _ in range(number):
            if kind == "pow":
                continue
            count += 1
            txid = b"" if kind == "pos" else bytes.fromhex(kind)[::-1]
            modifier = stakes.next_modifier(modifier, count, txid)
    return modifier[::-1].hex()


def grinding_limits():
    """The limits of grinding: e when each block changes the modifier, falling with the interval; searches below."""
    limits = [stakes.limit_branching(interval) for interval in (1, 16, 64, 256)]
    if abs(limits[0] - math.e) > 1e-6:
        return f"{limits[0]} at every block, should be e"
    if sorted(limits, reverse=True) != limits or limits[-1] < 1:
        return f"not falling: {limits}"
    rng = random.Random(13)
    found = statistics.mean(128 / sum(total + delay for _, total, delay in chains.grind(rng, 16, 8, 32, 24, 16)[-1])
                            for _ in range(20))
    # A short chain may be luckier than the limit of long ones, by little.
    return None if 1.1 < found < limits[1] * 1.1 else f"a search gains {found:.2f}, limit {limits[1]:.2f}"


def leaving_out_never_pays():
    """Knowing all hits beforehand gains nothing: taking each is the best choice within a hundredth."""
    for seed in range(10):
        plain, best = (stakes.known_kernels(random.Random(seed), 64, choose) for choose in (False, True))
        if not plain <= best * (1 + 1e-9) or best > plain * 1.01:
            return f"seed {seed}: {plain:.3f} and {best:.3f}"
    return None


def splitting_gains_nothing():
    """Kernels of one stake do not depend on the number of equal coins, within four standard errors."""
    expected = 2_000 * 0.05
    for pieces in (1, 8, 32):
        found = stakes.hits_of(random.Random(pieces), pieces, 2_000, 0.05)
        if abs(found - expected) > 4 * math.sqrt(expected):
            return f"{pieces} coins: {found}, should be about {expected:.0f}"
    return None


def blocks_follow_stake():
    """Share of blocks and share of stake agree within four standard errors, with real kernels."""
    blocks = 200
    for part, won in zip((0.6, 0.4), stakes.stake_chain(random.Random(14), (0.6, 0.4), blocks)):
        if abs(won / blocks - part) > 4 * math.sqrt(part * (1 - part) / blocks):
            return f"{won} of {blocks} blocks with {part:.0%} of the stake"
    return None


def staking(folder):
    """All self-tests of the staking simulation. `folder`: published vectors or None. Exit code."""
    tests = [("kernel_vectors", kernel_vectors(folder))]
    tests += [(test.__name__, test()) for test in (grinding_limits, leaving_out_never_pays, splitting_gains_nothing,
                                                   blocks_follow_stake)]
    return tell(tests)


def coin_age_is_paid_once():
    """However often and by how many coins it is claimed: never above 5 % of the bond, and daily claims reach nearly that."""
    for every in (1, 7, 30, 360):
        group = [calls.Claimer(bond=1_000.0, every=every, minutes=math.inf, own_caller=True) for _ in range(5)]
        used = calls.year_of_claims(group, every)
        paid = sum(one.paid for one in group) / 5_000
        if paid > 0.05 or (every == 1 and paid < 0.048) or used > 1:
            return f"every {every} days: {100 * paid:.3f} %, {used:.3f} of the budget"
    return None


def minutes_bound_the_honest():
    """Nobody is paid more than 0.01 EMC a minute, the caller's part included."""
    one = calls.Claimer(bond=1e6, every=1, minutes=50)
    calls.year_of_claims([one], 1)
    most = 50 * 365 * calls.MINUTE
    return None if 0.95 * most < one.paid <= most else f"{one.paid:.1f} EMC of {most:.1f}"


def budget_holds():
    """Coins worth twice the budget use it up and no more."""
    group = [calls.Claimer(bond=50_000, every=1, minutes=math.inf) for _ in range(2_450)]
    used = calls.year_of_claims(group, 1, days=60)
    most = sum(one.paid for one in group) / 60 / calls.BLOCKS_A_DAY
    return None if 0.7 < used <= 1 and most <= calls.BUDGET else f"{used:.3f} of the budget, {most:.2f} EMC a block"


def stakers_wait_as_computed():
    """Simulated stakers earn what the integral says; at the break-even share it is what claims pay."""
    if abs(calls.expected_stake(calls.break_even()) - 5) > 1e-9:
        return f"{calls.expected_stake(calls.break_even()):.6f} % where 5 % are due"
    rng = random.Random(8)
    found = [calls.stake_year(rng, 2e-5, pieces=1, days=40 * 365) for _ in range(300)]
    error = statistics.stdev(found) / math.sqrt(len(found))
    return None if abs(statistics.mean(found) - calls.expected_stake(2e-5)) < 4 * error + 0.05 \
        else f"{statistics.mean(found):.3f} ± {error:.3f} % where {calls.expected_stake(2e-5):.3f} % are due"


def rewards(folder):
    """All self-tests of the simulation of call rewards. `folder` is not used: nothing published is reproduced. Exit code."""
    del folder
    return tell([(test.__name__, test()) for test in (coin_age_is_paid_once, minutes_bound_the_honest, budget_holds,
                                                      stakers_wait_as_computed)])
