#!/usr/bin/env python3
"""How much hash power and stake a private fork needs against the chain's fork choice.

Monte Carlo of the honest chain against private forks under the real rules of difficulty, times and trust. Everything
is relative to the honest network: hash power 1 is all honest miners, stake 1 all honest online stake. The tables of
doc/fork-choice.md are made by this program.
"""

import dataclasses
import math
import random
import sys

import chains
import plots
import report
import rules
import self_test
from chains import Attack, Fork
from rules import FloatState

DEPTHS = (6, 20, 30, 50, 100, 200, 499)
INF = math.inf


class Field:
    """Fork points with one attacker's luck each; every attack is tried on the same ones.

    So results of two attacks differ by the attack and not by chance. Results are kept.
    """

    def __init__(self, options, trials=None, segments=None, full_credit=False):
        trials = trials or options.trials
        self.segments = segments or chains.steady_segments(trials, options.seed, full_credit)
        self.seed = options.seed
        self.waits = {0: [chains.luck(self.seed, number) for number in range(len(self.segments))]}
        self.measures = {}
        self.results = {}

    def grinders_luck(self, changes):
        """Waits of a stake grinder who looks for the best chain up to that many modifier changes."""
        if changes not in self.waits:
            wanted = (1, 2, 3, 8)
            for count in wanted:
                self.waits[count] = []
            for number, segment in enumerate(self.segments):
                rng = random.Random(f"grinder {self.seed} {number}")
                interval = rules.MODIFIER_INTERVAL
                best = chains.grind(rng, interval - segment.start.npos % interval, max(wanted), 64, 24)
                for count in wanted:
                    self.waits[count].append(chains.waits_of(best[count - 1], rng))
        return self.waits[changes]

    def depths(self, attack, grinding=0, look=0):
        """For each fork point the greatest depth that is replaced, and the lead at honest block `look`."""
        key = (attack, grinding, look)
        if key not in self.results:
            waits = self.grinders_luck(grinding) if grinding else self.waits[0]
            if attack.rule not in self.measures:
                self.measures[attack.rule] = [segment.measure(attack.rule) for segment in self.segments]
            found = []
            for number, segment in enumerate(self.segments):
                fork = Fork(segment, waits[number], attack, random.Random(f"hash {self.seed} {number}"))
                found.append((fork.run(self.measures[attack.rule][number], look), fork.lead))
            self.results[key] = found
        return self.results[key]

    def wins(self, attack, depth, grinding=False):
        """Fork points at which a merchant who waits for `depth` blocks is cheated."""
        return sum(best >= depth for best, _ in self.depths(attack, changes_until(depth) if grinding else 0))

    def threshold(self, attack, depth, options, level=0.5, grinding=False):
        """Stake at which the attack succeeds with probability `level`, by bisection; text with its error."""
        trials = len(self.segments)
        known = {}

        def chance(stake):
            if stake not in known:
                known[stake] = self.wins(dataclasses.replace(attack, stake=stake), depth, grinding) / trials
            return known[stake]

        if chance(0.0) >= level:
            return "0"
        low, high = 0.0, 4.0
        while high - low > options.resolution:
            middle = (low + high) / 2
            if chance(middle) >= level:
                high = middle
            else:
                low = middle
        above = min(stake for stake in known if known[stake] >= min(0.9, level + 0.1))
        if level > 0.1:
            below = max((stake for stake in known if known[stake] < level - 0.1), default=0.0)
            slope = (known[above] - known[below]) / (above - below)
        else:                                   # in the tail the probability grows about exponentially
            slope = level * math.log(known[above] / level) / (above - low)
        error = math.sqrt(level * (1 - level) / trials) / slope if slope > 0 else 0
        return f"{(low + high) / 2:.2f} ± {max(error, options.resolution / 2):.2f}"


def changes_until(depth):
    """Modifier changes a fork of that many blocks sees, as the grinder plans for it: 1, 2, 3 or 8."""
    return 1 if depth <= 80 else 2 if depth <= 140 else 3 if depth <= 300 else 8


def table_control(options):
    """The steady state, and forks that must never win."""
    field = Field(options)
    rows = []
    days = sum(piece.times[500] - piece.times[0] for piece in field.segments) / 86_400
    pos = sum(round_count(piece, "pos") for piece in field.segments)
    pow_count = sum(round_count(piece, "pow") for piece in field.segments)
    trust = sum(piece.trust[500] for piece in field.segments)
    base = sum(piece.pos[500] for piece in field.segments)
    credit = sum(piece.start.credit for piece in field.segments) / len(field.segments)
    limit = sum(piece.start.ep for piece in field.segments) / len(field.segments) / 256
    rows.append(("PoW blocks a day", f"{pow_count / days:.2f}"))
    rows.append(("PoS blocks a day", f"{pos / days:.2f}"))
    rows.append(("part of trust that is PoW bonus", f"{1 - base / trust:.3f}"))
    rows.append(("mean credit, in PoS blocks (limit)", f"{credit:.1f} ({limit:.1f})"))
    nothing = field.wins(Attack(), 6)
    rows.append(("forks without hash and stake that win", f"{nothing} of {len(field.segments)}"))
    tiny = field.wins(Attack(0.01, 0.01), 20)
    rows.append(("forks of 1 % hash and 1 % stake that win at depth 20", f"{tiny} of {len(field.segments)}"))
    return report.table("The honest chain by itself", ("what", "value"), rows)


def round_count(piece, kind):
    """Blocks of a kind in a segment's first 500, from the steps of its totals."""
    totals = piece.pos if kind == "pos" else piece.pow
    return sum(totals[place + 1] > totals[place] for place in range(rules.REORG_LIMIT))


ATTACKERS = (
    ("10 % hash, 10 % stake", Attack(0.1, 0.1)),
    ("30 % hash, 30 % stake", Attack(0.3, 0.3)),
    ("50 % hash, 50 % stake", Attack(0.5, 0.5)),
    ("50 % stake", Attack(0, 0.5)),
    ("100 % stake", Attack(0, 1.0)),
    ("150 % stake", Attack(0, 1.5)),
    ("200 % stake", Attack(0, 2.0)),
    ("110 % hash, 110 % stake", Attack(1.1, 1.1)),
    ("100 % hash", Attack(1.0, 0)),
    ("unlimited hash, no stake", Attack(INF, 0)),
    ("unlimited hash, 10 % stake", Attack(INF, 0.1)),
    ("unlimited hash, 30 % stake", Attack(INF, 0.3)),
    ("unlimited hash, 50 % stake", Attack(INF, 0.5)),
    ("unlimited hash, 70 % stake", Attack(INF, 0.7)),
    ("unlimited hash, 90 % stake", Attack(INF, 0.9)),
    ("unlimited hash, 110 % stake", Attack(INF, 1.1)),
)


def table_success(options):
    """Probability that a fork replaces k blocks or more, fork point taken at random."""
    field = Field(options, options.trials * 3)
    progress = report.Progress("success", len(ATTACKERS), options.quiet)
    rows = []
    for name, attack in ATTACKERS:
        rows.append([name] + [report.share(field.wins(attack, depth), len(field.segments)) for depth in DEPTHS])
        progress.step()
    return report.table("Probability of success after k blocks", ["attacker"] + [f"k = {k}" for k in DEPTHS], rows,
                        f"{len(field.segments)} fork points each, the same for every row.")


def table_hash(options):
    """Hash power alone, from random fork points and from those with full credit."""
    depths = (6, 10, 15, 20, 25, 30, 35, 40)
    rows = []
    progress = report.Progress("hash", 8, options.quiet)
    for full in (False, True):
        field = Field(options, options.trials * 10, full_credit=full)
        for power in (0.5, 1.0, 10.0, INF):
            attack = Attack(power, 0)
            name = ("unlimited" if power == INF else f"{power:g} ×") + (", waits for full credit" if full else "")
            rows.append([name] + [report.share(field.wins(attack, depth), len(field.segments)) for depth in depths])
            progress.step()
    return report.table("Hash power without stake: probability of success", ["hash"] + [f"k = {k}" for k in depths],
                        rows, f"{options.trials * 10} fork points a row.")


STRATEGIES = (
    ("stake alone", Attack(0), False),
    ("stake alone, grinding", Attack(0), True),
    ("hash 0.5, plain", Attack(0.5), False),
    ("hash 1, plain", Attack(1.0), False),
    ("hash 1, PoW first, then collecting credit", Attack(1.0, order="pow-first"), False),
    ("hash 1, PoS first, then PoW", Attack(1.0, order="pos-first"), False),
    ("hash 1, bound of every order", Attack(1.0, order="perfect"), False),
    ("hash 1, bound of every order, grinding", Attack(1.0, order="perfect"), True),
    ("hash 10, plain", Attack(10.0), False),
    ("unlimited hash", Attack(INF), False),
    ("unlimited hash, grinding", Attack(INF), True),
    ("unlimited hash, waits for full credit", Attack(INF), False),
    ("unlimited hash, waits for full credit, grinding", Attack(INF), True),
)


def thresholds(options, name, title, strategies, depths):
    """A table of thresholds: one row a strategy, one column a depth."""
    anywhere, chosen = Field(options), None
    progress = report.Progress(name, len(strategies) * len(depths), options.quiet)
    rows = []
    for label, attack, grinding in strategies:
        row, field = [label], anywhere
        if "full credit" in label:
            field = chosen = chosen or Field(options, full_credit=True)
        for depth in depths:
            row.append(field.threshold(attack, depth, options, grinding=grinding))
            progress.step()
        rows.append(row)
    return report.table(title, ["strategy"] + [f"k = {k}" for k in depths], rows,
                        f"{len(anywhere.segments)} fork points; bisection to 1/{1 / options.resolution:g}.")


def table_threshold(options):
    """Stake with which a strategy succeeds every second time."""
    return thresholds(options, "threshold", "Stake for a success probability of one half", STRATEGIES, DEPTHS)


def table_stamps(options):
    """The same for attackers who choose their time stamps."""
    strategies = [
        ("hash 2, true times", Attack(2.0), False),
        ("hash 2, PoW as early as allowed", Attack(2.0, stamps="late"), False),
        ("hash 2, first PoW dated 6 h ahead", Attack(2.0, push=21_600), False),
        ("hash 2, first PoW dated 1 day ahead", Attack(2.0, push=86_400), False),
        ("hash 2, first PoW dated 2.5 days ahead", Attack(2.0, push=216_000), False),
        ("hash 2, after a pause of 1 h", Attack(2.0, pause=3_600), False),
        ("hash 2, after a pause of 12 h", Attack(2.0, pause=43_200), False),
        ("unlimited hash, true times", Attack(INF), False),
        ("unlimited hash, first PoW dated 1 day ahead", Attack(INF, push=86_400), False),
        ("unlimited hash, the same, grinding", Attack(INF, push=86_400), True),
    ]
    return thresholds(options, "stamps", "Choosing time stamps: stake for one half", strategies, (20, 50, 200, 499))


def table_risk(options):
    """Stake that succeeds one time in a hundred: what a merchant at that depth accepts."""
    depths = (6, 10, 20, 30, 50, 100, 200)
    cases = (("no hash", Attack(0), False), ("no hash, grinding", Attack(0), True),
             ("hash 1", Attack(1.0), False), ("unlimited hash", Attack(INF), False),
             ("unlimited hash, grinding", Attack(INF), True))
    field = Field(options, options.trials * 2, full_credit=True)
    progress = report.Progress("risk", len(cases) * len(depths), options.quiet)
    rows = []
    for label, attack, grinding in cases:
        row = [label]
        for depth in depths:
            row.append(field.threshold(attack, depth, options, 0.01, grinding))
            progress.step()
        rows.append(row)
    return report.table("Stake for a success probability of 1 %", ["attacker"] + [f"k = {k}" for k in depths], rows,
                        f"{len(field.segments)} fork points with full credit, for which every attacker can wait; "
                        "0: hash alone reaches 1 %.")


def table_patient(options):
    """Attackers who pay only when the fork they have already prepared is going well."""
    look, depths = 20, (6, 20, 30, 50, 100, 200)
    field = Field(options, options.trials * 8)
    picked = len(field.segments) // 20
    rows = []
    for label, attack in (("150 % stake", Attack(0, 1.5)), ("30 % hash, 30 % stake", Attack(0.3, 0.3)),
                          ("unlimited hash, 30 % stake", Attack(INF, 0.3)),
                          ("unlimited hash, 70 % stake", Attack(INF, 0.7))):
        found = field.depths(attack, 0, look)
        best = sorted(found, key=lambda pair: -pair[1])[:picked]
        rows.append([label + ", at once"] + [report.share(sum(a >= k for a, _ in found), len(found)) for k in depths])
        rows.append([label + ", patient"] + [report.share(sum(a >= k + look for a, _ in best), picked)
                                             for k in depths])
    return report.table("Paying only when the fork runs well", ["attacker"] + [f"k = {k}" for k in depths], rows,
                        f"Patient: the attacker forks {look} blocks before the payment and pays in the best twentieth "
                        f"of {len(field.segments)} forks; k counts from the payment.")


def jumped(options, factor, days, trials):
    """Fork points `days` after honest hash power has changed to `factor`; (segments, PoW and PoS blocks that day)."""
    rng = random.Random(f"jump {options.seed} {factor} {days}")
    state, found, counts = FloatState(), [], [0, 0]
    for _ in range(5_000):
        chains.grow(state, rng, 1.0)
    for _ in range(trials):
        for _ in range(rules.REORG_LIMIT):
            chains.grow(state, rng, 1.0)
        after = state.copy()
        while after.time < state.time + days * 86_400:
            chains.grow(after, rng, factor)
        piece = chains.Segment(after, rng, factor)
        day = [place for place in range(rules.REORG_LIMIT) if piece.times[place + 1] <= piece.times[0] + 86_400]
        counts[0] += sum(piece.pow[place + 1] > piece.pow[place] for place in day)
        counts[1] += sum(piece.pos[place + 1] > piece.pos[place] for place in day)
        found.append(piece)
    return found, [count / trials for count in counts]


def table_jumps(options):
    """Honest hash power jumps or collapses: block rates, part of the bonus, thresholds at depth 100."""
    trials, depth = max(20, options.trials // 3), 100
    scenarios = [(factor, days) for factor in options.factors for days in options.days]
    progress = report.Progress("jumps", len(scenarios), options.quiet)
    rows = []
    for factor, days in scenarios:
        segments, rate = jumped(options, factor, days, trials)
        field = Field(options, segments=segments)
        trust = sum(piece.trust[500] for piece in segments)
        bonus = 1 - sum(piece.pos[500] for piece in segments) / trust
        rows.append([f"{factor:g} ×", days, f"{rate[0]:.1f}", f"{rate[1]:.1f}", f"{bonus:.2f}"]
                    + [field.threshold(Attack(power), depth, options) for power in (0, 1.0, INF)])
        progress.step()
    heads = ["honest hash", "days later", "PoW/day", "PoS/day", "bonus in trust", "stake alone", "hash 1",
             "unlimited hash"]
    return report.table(f"After a jump of honest hash power: stake for one half at k = {depth}", heads, rows,
                        f"{trials} fork points a row; hash 1 is all honest miners before the jump.")


def table_rules(options):
    """Other rules under the same attackers."""
    names = (("capped bonus (the rule)", "capped"), ("bonus without credit", "uncapped"),
             ("sum of works at a fixed rate", "sum"), ("product of totals", "product"), ("PoS only", "pos"))
    depth, powers = 100, (0, 1.0, 10.0, 100.0)
    field = Field(options)
    progress = report.Progress("rules", len(names) * len(powers), options.quiet)
    rows = []
    for label, rule in names:
        row = [label]
        for power in powers:
            row.append(field.threshold(Attack(power, rule=rule), depth, options))
            progress.step()
        row.append(report.share(field.wins(Attack(10.0, rule=rule), depth), len(field.segments)))
        rows.append(row)
    heads = ["rule"] + [f"hash {power:g}" for power in powers] + ["hash 10 without stake wins"]
    return report.table(f"Other rules: stake for one half at k = {depth}", heads, rows,
                        f"{len(field.segments)} fork points.")


TABLES = {"control": table_control, "success": table_success, "hash": table_hash, "threshold": table_threshold,
          "stamps": table_stamps, "risk": table_risk, "patient": table_patient, "jumps": table_jumps,
          "rules": table_rules}


def draw(options):
    """The two plots of doc/fork-choice.md."""
    field = Field(options, options.trials * 3)
    depths = list(range(1, 151))
    lines = []
    for label, attack in (("hash only", Attack(INF, 0)), ("30 % stake", Attack(INF, 0.3)),
                          ("50 % stake", Attack(INF, 0.5)), ("70 % stake", Attack(INF, 0.7)),
                          ("90 % stake", Attack(INF, 0.9))):
        count = len(field.segments)
        lines.append((label, [(k, field.wins(attack, k) / count) for k in depths if field.wins(attack, k) > 2]))
    plots.save(options.plots, "fork-success.svg", plots.Plot(
        "Unlimited hash power and some stake: who can undo k blocks", "k: blocks the merchant waits",
        "probability", log_y=True), lines)
    field, lines = Field(options), []
    depths = (6, 10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 499)
    for label, attack, grinding in (STRATEGIES[0], STRATEGIES[1], STRATEGIES[3], STRATEGIES[9], STRATEGIES[10]):
        points = [(k, float(field.threshold(attack, k, options, grinding=grinding).split()[0])) for k in depths]
        lines.append((label, points))
    plots.save(options.plots, "fork-threshold.svg", plots.Plot(
        "Stake (× honest online stake) for success every second time", "k: blocks the merchant waits",
        "stake", log_x=True), lines)


def arguments(words=None):
    options = report.options(__doc__, TABLES, (400, 1, "a positive number"), words)
    options.resolution, options.factors, options.days = 1 / 64, (0.0, 0.1, 1.0, 10.0), (0, 1, 7, 30)
    if options.quick:
        options.trials, options.resolution = 12, 0.25
        options.factors, options.days = (0.1,), (0, 1)
    return options


def main():
    return report.run(arguments(), TABLES, draw, self_test.fork_choice)


if __name__ == "__main__":
    sys.exit(main())
