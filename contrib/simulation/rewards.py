#!/usr/bin/env python3
"""A year of call rewards: honest operators, farmers who call themselves, and stakers with the same coins.

Blocks come one by one; each takes the waiting claims with the best fees within its budget. Times are days, money is
EMC. The tables of doc/call-economics.md are made by this program.
"""

import dataclasses
import heapq
import math
import random
import statistics
import sys

import plots
import report

YEAR = 365
BLOCKS_A_DAY = 168
POS_A_DAY = 144
REST = 500 / BLOCKS_A_DAY       # days until a coin may be staked, or what was generated be spent, on main
CALL_PERCENT, STAKE_PERCENT = 5, 6
MINUTE = 0.01
BUDGET = 50.0                   # of a block
LONGEST_AGE = YEAR              # age beyond that does not count
OLDEST_PERIOD = 60              # days a batch may be claimed
CLAIM_FEE = 0.00001 * 0.5       # half a kilobyte at the rate that is relayed
NAME_FEES = 2 * (0.01 + 14 * 0.001)     # two numbers for a year of thirteen steps of 30 days, and a step of 128 bytes
CALLER_PART = 5                 # the caller's owner gets at least the fifth part


def by_age(percent, value, age):
    """What a coin's age allows: percent a year, of at most a year."""
    return percent / 100 * value * min(age, LONGEST_AGE) / YEAR


@dataclasses.dataclass
class Claimer:
    """Who is paid for calls: one bond, claimed now and then.

    every: days between claims; minutes: a day, infinite when invented; fee: part of each claim given to the block's
    producer, tip: EMC of each; own_caller: the caller's share comes back.
    """
    bond: float
    every: float
    minutes: float
    fee: float = 0.0
    tip: float = CLAIM_FEE
    own_caller: bool = False
    number: int = 0
    made: float = 0.0
    claimed_to: float = 0.0
    waiting: float = 0.0
    paid: float = 0.0
    fees: float = 0.0
    claims: int = 0
    lost: float = 0.0           # minutes that grew too old to be claimed

    def income(self, days=YEAR):
        """Per cent a year of the bond, costs taken off."""
        part = 1.0 if self.own_caller else 1 - 1 / CALLER_PART
        return 100 * ((self.paid * part - self.fees) * YEAR / days - NAME_FEES) / self.bond


@dataclasses.dataclass(order=True)
class Claim:
    """Waits for a block; those with the best fee come first."""
    rank: float
    number: int
    amount: float = dataclasses.field(compare=False)
    owner: Claimer = dataclasses.field(compare=False)


def make_claim(owner, now):
    """The claim of all calls since the last one, or nothing when it is not worth its fee."""
    since = max(owner.claimed_to, now - OLDEST_PERIOD)
    if not math.isinf(owner.minutes):
        owner.lost += owner.minutes * (since - owner.claimed_to)
    owner.claimed_to = now
    amount = min(owner.minutes * (now - since) * MINUTE, by_age(CALL_PERCENT, owner.bond, now - owner.made), BUDGET)
    if amount <= CLAIM_FEE:
        return None
    return Claim(-max(owner.fee * amount, owner.tip), owner.number, amount, owner)


def year_of_claims(claimers, seed, days=YEAR):
    """Runs all blocks of a year; gives the share of the budget that was used."""
    rng = random.Random(f"claims {seed}")
    pool, used = [], 0.0
    for number, owner in enumerate(claimers):
        owner.number = number
        owner.waiting = REST + rng.random() * owner.every
    coming = [(owner.waiting, owner.number) for owner in claimers]
    heapq.heapify(coming)
    for block in range(days * BLOCKS_A_DAY):
        now = block / BLOCKS_A_DAY
        while coming and coming[0][0] <= now:
            owner = claimers[heapq.heappop(coming)[1]]
            claim = make_claim(owner, now)
            if claim:
                heapq.heappush(pool, claim)
            else:
                heapq.heappush(coming, (now + owner.every, owner.number))
        left, passed = BUDGET, []
        while pool and left > 0:
            claim = heapq.heappop(pool)
            if claim.amount > left:
                passed.append(claim)        # as the template does: others may still fit
                if len(passed) > 20:
                    break
                continue
            left -= claim.amount
            owner = claim.owner
            owner.paid += claim.amount
            owner.fees += -claim.rank
            owner.claims += 1
            owner.made = now                # the coin is a new one
            heapq.heappush(coming, (now + max(owner.every, REST), owner.number))
        for claim in passed:
            heapq.heappush(pool, claim)
        used += BUDGET - left
    return used / (BUDGET * days * BLOCKS_A_DAY)


def stake_year(rng, share, days=YEAR, pieces=4, rescue=False):
    """Per cent a year a staker gets with this share of the online stake, in equal coins. What a coin has earned when
    the time ends is counted, as it is for nobody who claims later. rescue: a coin a year old is used for a claim."""
    earned, chance = 0.0, share * POS_A_DAY / pieces
    for _ in range(pieces):
        now = made = -rng.random() * 3 * YEAR       # long in the middle of it
        while True:
            now = max(now, made + REST) + rng.expovariate(chance)
            while rescue and now - made > LONGEST_AGE:
                made += LONGEST_AGE
                if 0 <= made < days:
                    earned += by_age(CALL_PERCENT, 1.0, LONGEST_AGE)
            if now >= days:
                break
            if now >= 0:
                earned += by_age(STAKE_PERCENT, 1.0, min(now, days) - made)
            made = now
    return 100 * earned / pieces * YEAR / days


def mean(values, digits=2):
    """Mean with its error as text."""
    error = statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return f"{statistics.mean(values):.{digits}f} ± {error:.{digits}f}"


def table_year(options):
    """Everybody with the same 10,000 EMC, beside each other in one chain of 20 million online."""
    online, bond = 20_000_000, 10_000.0
    kinds = {
        "honest, 100,000 minutes a year": dict(every=1, minutes=100_000 / YEAR),
        "honest, 20,000 minutes a year": dict(every=7, minutes=20_000 / YEAR),
        "honest, 2,000 minutes a year": dict(every=30, minutes=2_000 / YEAR),
        "farmer, two own numbers, daily": dict(every=1, minutes=math.inf, own_caller=True),
        "farmer, two own numbers, monthly": dict(every=30, minutes=math.inf, own_caller=True),
        "colluding operators, 20 % to each other": dict(every=1, minutes=math.inf, own_caller=True),
        "farmer who gives a tenth as fee": dict(every=1, minutes=math.inf, own_caller=True, fee=0.1),
    }
    people = {kind: [Claimer(bond=bond, **more) for _ in range(options.people)] for kind, more in kinds.items()}
    year_of_claims([one for group in people.values() for one in group], options.seed)
    rows = []
    for kind, group in people.items():
        rows.append((kind, f"{statistics.mean(one.claims for one in group):.0f}",
                     f"{statistics.mean(one.paid for one in group):.2f}", mean([one.income() for one in group])))
    rng = random.Random(f"stakers {options.seed}")
    staked = [stake_year(rng, bond / online) for _ in range(options.trials)]
    rows.append(("staker", f"{144 * YEAR * bond / online:.0f} blocks", f"{statistics.mean(staked) * bond / 100:.2f}", mean(staked)))
    return report.table("A year with 10,000 EMC", ("who", "claims", "EMC made", "per cent of the coins, costs taken off"), rows,
                        f"{options.people} of each kind, {options.trials} stakers with a two-thousandth of the online stake.")


def table_minutes(options):
    """How much is invented does not matter."""
    rows = []
    for minutes in (100, 1_000, 10_000, 1_000_000):
        group = [Claimer(bond=10_000.0, every=1, minutes=minutes, own_caller=True) for _ in range(options.people)]
        year_of_claims(group, f"{options.seed} {minutes}")
        rows.append((f"{minutes:,}", f"{minutes * YEAR * MINUTE:,.0f}", f"{statistics.mean(one.paid for one in group):.2f}",
                     mean([one.income() for one in group])))
    return report.table("Invented minutes of a farmer with 10,000 EMC", ("minutes a day", "worth at 0.01 EMC", "EMC made in the year",
                                                                      "per cent of the coins"), rows)


def table_split(options):
    """One bond cut into many pairs of numbers, each with names and claims of its own."""
    rows = []
    for pairs in (1, 10, 100, 1_000):
        group = [Claimer(bond=10_000.0 / pairs, every=30, minutes=math.inf, own_caller=True) for _ in range(pairs)]
        year_of_claims(group, f"{options.seed} {pairs}")
        income = sum(one.income() * one.bond for one in group) / 10_000
        rows.append((pairs, sum(one.claims for one in group), f"{sum(one.paid for one in group):.2f}",
                     f"{sum(one.fees for one in group) + pairs * NAME_FEES:.2f}", f"{income:.2f}"))
    return report.table("A farmer's 10,000 EMC cut into pairs of numbers", ("pairs", "claims", "EMC made", "fees", "per cent of the coins"),
                        rows)


def expected_stake(share):
    """Per cent a year of a coin that is always eligible: its age when it is found, of at most a year."""
    year = share * POS_A_DAY * YEAR
    return STAKE_PERCENT * -math.expm1(-year)


def break_even():
    """Share of the online stake at which staking one coin pays 5 %."""
    return -math.log(1 - CALL_PERCENT / STAKE_PERCENT) / (POS_A_DAY * YEAR)


def table_small(options):
    """Stakes so small that coins wait longer than age counts."""
    rows = []
    for share in (1e-2, 1e-3, 1e-4, 3.4e-5, 1e-5, 1e-6):
        rng = random.Random(f"small {options.seed} {share}")
        alone = [stake_year(rng, share, pieces=1, days=20 * YEAR) for _ in range(options.trials)]
        both = [stake_year(rng, share, pieces=1, days=20 * YEAR, rescue=True) for _ in range(options.trials)]
        rows.append((f"{100 * share:g} %", mean(alone), f"{expected_stake(share):.2f}", f"{CALL_PERCENT:.2f}", mean(both)))
    return report.table("Per cent a year of one coin by its share of the online stake",
                        ("share", "staking", "without rest", "claiming", "staking, and claiming what was not found within a year"), rows,
                        f"Staking and claiming pay the same at {100 * break_even():.4f} % of the online stake.")


def table_budget(options):
    """Farmers fill the blocks' budget and outbid the honest."""
    rows = []
    days = 60 if options.quick else YEAR
    for farmed in (0, 10, 50, 100) if options.quick else (0, 10, 50, 60, 70, 100, 200):
        # Cut so that claims fit beside each other; a reward's coins rest before they can be spent again.
        farmers = [Claimer(bond=40_000.0, every=REST, minutes=math.inf, own_caller=True, fee=0.05)
                   for _ in range(int(farmed * 1e6 / 40_000))]
        honest = [Claimer(bond=10_000.0, every=7, minutes=300) for _ in range(options.people)]
        payer = [Claimer(bond=10_000.0, every=30, minutes=300, tip=1.0) for _ in range(options.people)]
        used = year_of_claims(farmers + honest + payer, f"{options.seed} {farmed}", days)
        incomes = [mean([one.income(days) for one in group]) if group else "–" for group in (farmers, honest, payer)]
        rows.append((f"{farmed:g}", f"{100 * used:.0f} %", *incomes))
    return report.table("Farmers who give 5 % of each claim as fee, against honest operators with 10,000 EMC",
                        ("farmers' coins, million EMC", "budget used", "farmers, per cent", "honest, lowest fee", "honest, 1 EMC as fee every 30 days"),
                        rows, f"The budget is {BUDGET * BLOCKS_A_DAY * YEAR / 1e6:.2f} million EMC a year: 5 % of "
                        f"{BUDGET * BLOCKS_A_DAY * YEAR / CALL_PERCENT / 1e4:.2f} million.")


TABLES = {"year": table_year, "minutes": table_minutes, "split": table_split, "small": table_small, "budget": table_budget}


def draw(options):
    """The plot of doc/call-economics.md."""
    shares = [10 ** (-6 + place / 8) for place in range(33)]
    plots.save(options.plots, "call-reward.svg", plots.Plot(
        "What a coin earns in a year", "share of the online stake, per cent", "per cent a year", log_x=True),
        [("staking alone", [(100 * share, expected_stake(share)) for share in shares]),
         ("claiming for calls", [(100 * share, CALL_PERCENT) for share in shares])])


def arguments(words=None):
    options = report.options(__doc__, TABLES, (400, 2, "a number of at least 2"), words)
    options.people = 20
    if options.quick:
        options.trials, options.people = 40, 2
    return options


def main():
    import self_test  # which imports this module
    return report.run(arguments(), TABLES, draw, self_test.rewards)


if __name__ == "__main__":
    sys.exit(main())
