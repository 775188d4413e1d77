#!/usr/bin/env python3
"""What a staker may expect, and what an attacker gains from stake by choosing kernels.

Kernels are drawn with the chain's own hash (SHA256d) where single coins matter, and as Poisson events elsewhere.
Shares and stakes are parts of the honest online stake. The tables of doc/staking.md are made by this program.
"""

import dataclasses
import hashlib
import math
import random
import statistics
import struct
import sys

import chains
import plots
import report
import rules
from chains import Attack, Fork
from rules import FloatState, POS_SPACING, SLOT

DAY = 86_400
POS_A_DAY = DAY // POS_SPACING
KERNEL_DEPTH = 500              # blocks on main
BLOCKS_A_DAY = 168
YEARLY_PERCENT = 6


def sha256d(data):
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()


def kernel_hash(modifier, coin_time, txid, index, time):
    """Number compared with target × value; hashes are 32 raw bytes, times unix seconds (src/consensus/kernel.h)."""
    data = modifier + struct.pack("<I", coin_time) + txid + struct.pack("<II", index, time)
    return int.from_bytes(sha256d(data), "little")


def next_modifier(modifier, pos_blocks, txid, interval=rules.MODIFIER_INTERVAL):
    """Modifier after PoS block number `pos_blocks` with the kernel of a transaction."""
    return sha256d(txid + modifier) if pos_blocks % interval == 0 else modifier


@dataclasses.dataclass(frozen=True)
class Coin:
    """A kernel candidate: value in units, owner's number."""
    txid: bytes
    value: int
    owner: int
    time: int = 0


def make_coins(rng, values):
    """Coins for [(value, owner)] with random ids."""
    return [Coin(rng.randbytes(32), value, owner) for value, owner in values]


def limit_branching(interval):
    """Greatest possible gain of grinding when the modifier changes every `interval` PoS blocks.

    The chains of a grinder are a branching random walk: a change may be made by hit number j >= interval, which
    comes after a Gamma(j) time. Its quickest path takes, per change, the greatest value over s > 0 of
    ((interval - 1) ln(1 + s) + ln s) / s waits (Kingman 1975, Biggins 1976); ordinary luck takes `interval`.
    """
    low, high = 1e-3, 20.0

    def speed(s):
        return ((interval - 1) * math.log1p(s) + math.log(s)) / s

    for _ in range(200):                    # the function has one maximum
        a, b = low + (high - low) / 3, high - (high - low) / 3
        if speed(a) < speed(b):
            low = a
        else:
            high = b
    return interval / speed(low)


def known_kernels(rng, blocks, choose):
    """PoS work in the time of `blocks` blocks by an attacker who knows all hits beforehand.

    choose: False takes each hit; True the best subset under ASERT, found by dynamic programming over how many
    blocks there are. A hit has the least target that suits it, in units of the target at the start.
    """
    widest = 4.0
    hits, time = [], 0.0
    while time < blocks * POS_SPACING / SLOT:
        time += rng.expovariate(widest * SLOT / POS_SPACING)
        hits.append((math.ceil(time) * SLOT, widest * (1.0 - rng.random())))
    best = [0.0] + [-math.inf] * (4 * blocks + 400)
    top = count = 0
    plain = 0.0
    for stamp, least in hits:
        work = 2.0 ** ((POS_SPACING * count - stamp) / rules.HALF_LIFE)
        if least * work <= 1.0:
            plain, count = plain + work, count + 1
        if not choose:
            continue
        last = min(top, int((stamp - rules.HALF_LIFE * math.log2(least)) // POS_SPACING))
        for place in range(last, max(0, (stamp - 3 * rules.HALF_LIFE) // POS_SPACING) - 1, -1):
            taken = best[place] + 2.0 ** ((POS_SPACING * place - stamp) / rules.HALF_LIFE)
            if taken > best[place + 1]:
                best[place + 1] = taken
                top = max(top, place + 1)
    return max(best) if choose else plain


def table_grinding(options):
    """Gain of a grinder by the number of PoS blocks between changes of the modifier."""
    rows, blocks = [], 512
    progress = report.Progress("grinding", 4 * len(options.widths), options.quiet)
    for interval in (1, 16, 64, 256):
        row = [interval]
        for width in options.widths:
            rng = random.Random(f"grinding {options.seed} {interval} {width}")
            gains = []
            for _ in range(options.trials if interval > 1 else max(2, options.trials // 4)):
                path = chains.grind(rng, interval, blocks // interval, width, 24, interval)[-1]
                gains.append(blocks / sum(total + delay for _, total, delay in path))
            row.append(f"{statistics.mean(gains):.2f} ± {statistics.stdev(gains) / math.sqrt(len(gains)):.2f}")
            progress.step()
        rows.append(row + [f"{limit_branching(interval):.2f}"])
    heads = ["PoS blocks between changes"] + [f"{width} chains kept" for width in options.widths] + ["limit"]
    return report.table(f"What grinding multiplies stake by, over {blocks} PoS blocks", heads, rows,
                        "Each chain that is kept tries 24 kernels as the one that changes the modifier.")


def table_choice(options):
    """Leaving out kernels that are known beforehand."""
    rows = []
    for blocks in (16, 64, 256):
        taken = []
        for number in range(options.trials):
            pair = []
            for choose in (False, True):
                pair.append(known_kernels(random.Random(f"choice {options.seed} {blocks} {number}"), blocks, choose))
            taken.append(pair)
        plain, best = (sum(pair[place] for pair in taken) for place in (0, 1))
        rows.append((blocks, f"{best / plain:.4f}"))
    return report.table("Work of the best choice of known kernels, relative to taking each one",
                        ("PoS blocks known beforehand", "gain"), rows, f"{options.trials} sequences a row.")


def long_range(options, length, attack, grinding):
    """Stake with which a branch of `length` blocks succeeds every second time, to two digits."""
    segments, interval = options.pool(length), rules.MODIFIER_INTERVAL
    count = int(length * 1.6) + 200
    waits = []
    for number, segment in enumerate(segments):
        if grinding:
            rng = random.Random(f"old keys {options.seed} {length} {number}")
            first = interval - segment.start.npos % interval
            path = chains.grind(rng, first, max(1, round(length * 6 / 7 / interval)), 64, 24)[-1]
            waits.append(chains.waits_of(path, rng, count))
        else:
            waits.append(chains.luck(options.seed, number, count))
    low, high = 0.0, 4.0
    while high - low > options.resolution:
        middle, wins = (low + high) / 2, 0
        for number, segment in enumerate(segments):
            fork = Fork(segment, waits[number], dataclasses.replace(attack, stake=middle), random.Random(number))
            wins += fork.run(segment.trust) >= length
        if 2 * wins >= len(segments):
            high = middle
        else:
            low = middle
    return f"{(low + high) / 2:.2f}"


def table_long_range(options):
    """Branches from old keys as a node sees them that was away for as long."""
    lengths = options.lengths
    cases = (("no hash", Attack(0), False), ("no hash, grinding", Attack(0), True),
             ("unlimited hash", Attack(math.inf), False), ("unlimited hash, grinding", Attack(math.inf), True))
    progress = report.Progress("long-range", len(lengths) * len(cases), options.quiet)
    rows = []
    for length in lengths:
        row = [length, f"{length / BLOCKS_A_DAY:.0f}", "no" if length > rules.REORG_LIMIT else "by trust",
               f"{max(0, length - rules.REORG_LIMIT)} blocks"]
        for _, attack, grinding in cases:
            row.append(long_range(options, length, attack, grinding))
            progress.step()
        rows.append(row)
    heads = ["fork depth", "days", "accepted by a node that was never away", "else by nodes away for at least"]
    heads += [name for name, _, _ in cases]
    return report.table("Old keys needed (× present online stake) for success every second time", heads, rows,
                        f"{options.long_trials} fork points a row; bisection to 1/{1 / options.resolution:g}.")


def hits_of(rng, pieces, slots, chance):
    """Hits of one stake, cut into equal coins, in a number of slots; a slot with several hits counts once.

    chance: probability a slot that one coin of the whole value would hit. The coins are real kernels.
    """
    total = 10**14
    coins = make_coins(rng, [(total // pieces, 0)] * pieces)
    modifier, target = rng.randbytes(32), int(chance * 2**256) // total
    found = 0
    for slot in range(slots):
        time = slot * SLOT
        found += any(kernel_hash(modifier, coin.time, coin.txid, 0, time) <= target * coin.value for coin in coins)
    return found


def resting(rng, share, pieces, days):
    """Kernels a stake finds when each coin rests for the kernel depth after it has been one; events, no hashes."""
    rate = share * POS_A_DAY / pieces
    pause = KERNEL_DEPTH / BLOCKS_A_DAY
    found = 0
    for _ in range(pieces):
        time = rng.expovariate(rate)
        while time < days:
            found += 1
            time += pause + rng.expovariate(rate)
    return found


def table_splitting(options):
    """One stake cut into pieces: kernels found, without and with the rest after each."""
    chance, rows = 0.02, []
    share, days = 0.01, 100 * options.trials
    progress = report.Progress("splitting", 4, options.quiet)
    for pieces in (1, 4, 16, 64):
        rng = random.Random(f"splitting {options.seed} {pieces}")
        found = hits_of(rng, pieces, options.slots, chance)
        ideal = options.slots * chance
        with_rest = resting(rng, share, pieces, days)
        expected = 1 / (1 + share * POS_A_DAY / pieces * KERNEL_DEPTH / BLOCKS_A_DAY)
        rows.append((pieces, f"{found / ideal:.3f} ± {math.sqrt(ideal) / ideal:.3f}",
                     f"{with_rest / (share * POS_A_DAY * days):.3f}", f"{expected:.3f}"))
        progress.step()
    return report.table("A stake cut into equal coins: kernels found, relative to share × blocks",
                        ("coins", "each coin always eligible (real kernels)", "resting 500 blocks, 1 % of the stake",
                         "formula"), rows, f"{options.slots} slots; {days} days.")


def table_waiting(options):
    """Time until a stake finds a block."""
    rows = []
    for share in (0.1, 0.01, 0.001, 0.0001):
        rng = random.Random(f"waiting {options.seed} {share}")
        waits = []
        for _ in range(options.trials * 50):
            slots = math.ceil(rng.expovariate(share * SLOT / POS_SPACING))
            waits.append(max(1, slots) * SLOT / DAY)
        waits.sort()
        mean = statistics.mean(waits)
        rows.append((f"{100 * share:g} %", f"{mean:.3g} ± {mean / math.sqrt(len(waits)):.1g}",
                     f"{1 / (share * POS_A_DAY):.3g}", f"{waits[len(waits) // 2]:.3g}",
                     f"{waits[len(waits) * 95 // 100]:.3g}", f"{share * POS_A_DAY * 365:,.0f}"))
    return report.table("Days until a stake finds a block", ("share of the online stake", "mean", "1 ÷ (144 × share)",
                                                             "median", "19 of 20 within", "blocks a year"), rows,
                        f"{options.trials * 50} waits a row.")


def stake_chain(rng, stakes, blocks):
    """PoS blocks per owner on a chain of real kernels. stakes: each owner's part of the stake, in 40 coins together.

    Difficulty is steady. When several owners hit in one slot, one of them is first, by chance.
    """
    values = []
    for owner, part in enumerate(stakes):
        count = max(1, round(40 * part))
        values += [(int(part * 10**14) // count, owner)] * count
    coins = make_coins(rng, values)
    modifier, target = rng.randbytes(32), int(SLOT / POS_SPACING * 2**256) // 10**14
    won, found, time = [0] * len(stakes), 0, 0
    while found < blocks:
        time += SLOT
        hits = [coin for coin in coins
                if kernel_hash(modifier, coin.time, coin.txid, 0, time) <= target * coin.value]
        if hits:
            winner = rng.choice(hits)
            won[winner.owner] += 1
            found += 1
            modifier = next_modifier(modifier, found, winner.txid)
    return won


def table_shares(options):
    """Share of blocks against share of stake."""
    stakes = (0.5, 0.25, 0.15, 0.075, 0.025)
    won = stake_chain(random.Random(f"shares {options.seed}"), stakes, options.blocks)
    rows = []
    for part, count in zip(stakes, won):
        error = math.sqrt(part * (1 - part) / options.blocks)
        share = count / options.blocks
        rows.append((f"{100 * part:g} %", count, f"{100 * share:.2f} %", f"{100 * error:.2f} %",
                     f"{(share - part) / error:+.1f}"))
    return report.table(f"{options.blocks} PoS blocks of five stakers, with real kernels",
                        ("stake", "blocks", "share of blocks", "standard error", "deviation in standard errors"), rows)


TABLES = {"grinding": table_grinding, "choice": table_choice, "long-range": table_long_range,
          "splitting": table_splitting, "waiting": table_waiting, "shares": table_shares}


def draw(options):
    """The plot of doc/staking.md."""
    intervals = [1, 2, 4, 8, 16, 32, 64, 128, 256]
    lines = [("limit", [(interval, limit_branching(interval)) for interval in intervals])]
    for width in options.widths:
        points = []
        for interval in intervals:
            rng = random.Random(f"plot {options.seed} {interval} {width}")
            took = [sum(total + delay for _, total, delay in
                        chains.grind(rng, interval, max(1, 512 // interval), width, 24, interval)[-1])
                    for _ in range(max(2, options.trials // 8))]
            points.append((interval, max(512, interval) / statistics.mean(took)))
        lines.append((f"{width} chains kept", points))
    plots.save(options.plots, "stake-grinding.svg", plots.Plot(
        "What grinding the stake modifier multiplies stake by", "PoS blocks between changes of the modifier (64)",
        "factor", log_x=True), lines)


class Pools:
    """Fork points of the steady state by length, made once."""

    def __init__(self, seed, trials):
        self.seed, self.trials, self.known = seed, trials, {}

    def __call__(self, length):
        if length not in self.known:
            rng, state = random.Random(f"long {self.seed} {length}"), FloatState()
            for _ in range(5_000):
                chains.grow(state, rng, 1.0)
            self.known[length] = [chains.Segment(state, rng, 1.0, length) for _ in range(self.trials)]
        return self.known[length]


def arguments(words=None):
    options = report.options(__doc__, TABLES, (80, 2, "a number of at least 2"), words)
    options.widths, options.resolution, options.long_trials = (4, 64, 512), 1 / 64, 60
    options.lengths, options.slots, options.blocks = (500, 1_500, 5_000), 60_000, 1_500
    if options.quick:
        options.trials, options.widths, options.resolution, options.long_trials = 4, (4, 16), 0.25, 4
        options.lengths, options.slots, options.blocks = (500, 1_000), 2_000, 60
    options.pool = Pools(options.seed, options.long_trials)
    return options


def main():
    import self_test  # which imports this module
    return report.run(arguments(), TABLES, draw, self_test.staking)


if __name__ == "__main__":
    sys.exit(main())
