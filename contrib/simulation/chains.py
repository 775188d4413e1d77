"""Honest chain and private fork, block by block, under the rules of rules.py.

Units: honest hash power and honest online stake before anything happens are 1; work is in blocks of the steady
state; times are seconds. The network has no delay and all honest nodes see the same chain.
"""

import dataclasses
import math
import random
from array import array

import rules
from rules import FloatState, POS_SPACING, POW_SPACING, REORG_LIMIT, SLOT

POW_WORTH = 6.0                 # PoS blocks a PoW block is worth in the steady state
YEAR_POS, YEAR_POW = 52_560, 8_760
LONGEST = 900                   # PoS blocks of an attacker that are drawn in advance


def grow(state, rng, hash_power, stake=1.0):
    """Appends one honest block to the state: (kind, time). `hash_power` and `stake` as multiples of the honest."""
    now = state.time
    pos_work, pow_work = state.next_pos(), state.next_pow()
    slots = math.ceil(rng.expovariate(1.0) * POS_SPACING * pos_work / (SLOT * stake))
    stamp = (now // SLOT + max(1, slots)) * SLOT
    if hash_power > 0:
        found = now + int(rng.expovariate(1.0) * POW_SPACING * pow_work / hash_power) + 1
        if found < stamp:
            state.add_pow(pow_work, found)
            return "pow", found
    state.add_pos(pos_work, stamp)
    return "pos", stamp


class Segment:
    """The honest chain from a fork point on: state there and, per block after it, time and work since then."""

    def __init__(self, state, rng, hash_power=1.0, length=REORG_LIMIT):
        self.start = state.copy()
        self.times = array("d", [state.time])
        self.trust = array("d", [0.0])
        self.pos = array("d", [0.0])
        self.pow = array("d", [0.0])
        self.bonus = array("d", [0.0])
        while len(self.times) < length + 2:
            grow(state, rng, hash_power)
            self.times.append(state.time)
            self.trust.append(state.trust - self.start.trust)
            self.pos.append(state.pos_work - self.start.pos_work)
            self.pow.append(state.pow_work - self.start.pow_work)
            self.bonus.append(state.bonus - self.start.bonus)

    def measure(self, rule):
        """Trust per block since the fork under a rule of choice."""
        if rule == "capped":
            return self.trust
        if rule == "uncapped":
            return array("d", (a + b for a, b in zip(self.pos, self.bonus)))
        return array("d", (value_of(rule, a, b) for a, b in zip(self.pos, self.pow)))


def value_of(rule, pos, pow_work):
    """Trust of work since the fork under an alternative rule; `product` has a year of history behind it."""
    if rule == "sum":
        return pos + POW_WORTH * pow_work
    if rule == "product":
        return ((YEAR_POS + pos) * (YEAR_POW + pow_work) - YEAR_POS * YEAR_POW) / YEAR_POW
    if rule == "pos":
        return pos
    raise ValueError(f"no rule '{rule}'")


def steady_segments(count, seed, full_credit=False):
    """Fork points along one long honest chain, `count` pieces of REORG_LIMIT blocks, after a year to settle.

    With full_credit the attacker waits for a block at which credit is at least nine tenths of its limit.
    """
    rng = random.Random(f"honest {seed}")
    state = FloatState()
    for _ in range(5_000):
        grow(state, rng, 1.0)
    found = []
    while len(found) < count:
        grow(state, rng, 1.0)
        if full_credit and state.credit < 0.9 * state.ep / (1 << rules.CREDIT_SHIFT):
            continue
        found.append(Segment(state, rng))
    return found


def luck(seed, number, count=LONGEST):
    """Waits of an attacker's PoS blocks in units of the mean wait: exponential, one after the other."""
    rng = random.Random(f"attacker {seed} {number}")
    return [rng.expovariate(1.0) for _ in range(count)]


@dataclasses.dataclass(frozen=True)
class Attack:
    """What an attacker has and does. hash_power and stake: multiples of the honest; math.inf hash is allowed.

    order: plain (hash all the time) | pow-first (spend the credit, collect to the limit without hashing, again) |
    pos-first (take PoS blocks of the near future first, so that credit is always there) | perfect (no order of blocks
    can do better: the limit of credit never costs anything).
    stamps: now | late (PoW blocks carry the earliest time allowed). push: seconds the first block is dated ahead.
    pause: seconds before the attacker begins.
    """
    hash_power: float = 0.0
    stake: float = 0.0
    order: str = "plain"
    stamps: str = "now"
    push: int = 0
    pause: int = 0
    rule: str = "capped"


class Fork:
    """A private chain on top of a segment's start. `run` says how deep a merchant it can cheat."""

    def __init__(self, segment, waits, attack, rng):
        self.segment, self.attack, self.rng, self.waits = segment, attack, rng, waits
        self.state = segment.start.copy()
        self.now = self.state.time + attack.pause     # the attacker's clock
        self.release = self.now                       # earliest time the blocks so far are accepted
        self.base = max(self.state.stamp, (self.state.time + attack.pause) // SLOT * SLOT if attack.pause else 0)
        self.place, self.wait = 0, waits[0]
        self.flow = math.inf if attack.hash_power == 0 else rng.expovariate(1.0)
        self.filling = False                          # collecting credit
        self.hashing = False
        self.last = self.state.time                   # stamp of the last block, pushed ones aside
        self.trace = None                             # a list to get the blocks

    def trust(self):
        """Trust since the fork under the rule of the attack."""
        rule, state, start = self.attack.rule, self.state, self.segment.start
        pos = state.pos_work - start.pos_work
        if rule == "uncapped":
            return pos + state.bonus - start.bonus
        if rule != "capped":
            return value_of(rule, pos, state.pow_work - start.pow_work)
        if self.attack.hash_power == math.inf:
            return pos + start.credit + pos
        if self.attack.order == "perfect":
            return pos + min(start.credit + pos, state.bonus - start.bonus)
        return state.trust - start.trust

    def add_pos(self, work, stamp, ahead):
        self.state.add_pos(work, stamp)
        self.base = self.last = stamp
        self.place += 1
        self.wait = self.waits[self.place]
        self.release = max(self.release, stamp - rules.POS_AHEAD)
        if not ahead:
            self.spend_flow(max(self.now, stamp - rules.POS_AHEAD))
        if self.trace is not None:
            self.trace.append(("pos", stamp))

    def add_pow(self, work, time):
        state = self.state
        # Always above the last stamp, so above the median of eleven.
        stamp = self.last + 1 if self.attack.stamps == "late" else max(int(time), self.last + 1)
        self.last = stamp
        if self.attack.push and state.npow == self.segment.start.npow:
            stamp = int(self.segment.start.time + self.attack.push)
            self.release = max(self.release, stamp - rules.POW_AHEAD)
        # Until the new greatest time, slots so far are done with: the rest of the wait counts at the new target.
        if stamp > state.time and self.attack.stake > 0:
            per_slot = self.attack.stake * SLOT / (POS_SPACING * state.next_pos())
            passed = max(0, (int(time) - self.base) // SLOT)
            self.wait = max(1e-9, self.wait - passed * per_slot)
            self.base += passed * SLOT
        state.add_pow(work, stamp)
        self.now = time
        self.flow = self.rng.expovariate(1.0)
        self.release = max(self.release, time)
        if self.trace is not None:
            self.trace.append(("pow", stamp))

    def spend_flow(self, until):
        """Hashes until a time without finding a block."""
        if self.hashing and until > self.now:
            self.flow -= (until - self.now) * self.attack.hash_power / (POW_SPACING * self.state.next_pow())
            self.flow = max(self.flow, 1e-9)
        self.now = max(self.now, until)

    def choose(self):
        """Sets whether the attacker hashes now; True when the next PoS block is taken ahead of its time."""
        order, state = self.attack.order, self.state
        self.hashing = 0 < self.attack.hash_power < math.inf
        if not self.hashing or order in ("plain", "perfect"):
            return False
        bonus = state.next_pow() * state.ep / state.ew
        limit = state.ep / (1 << rules.CREDIT_SHIFT)
        if state.credit < min(bonus, 0.9 * limit):
            self.filling = True
        elif state.credit >= 0.9 * limit:
            self.filling = False
        if self.filling:
            self.hashing = False
            return order == "pos-first" and self.attack.stake > 0
        return False

    def step(self):
        """Appends the attacker's next block; False when there can be none."""
        attack, state = self.attack, self.state
        ahead = self.choose()
        stamp = math.inf
        work = state.next_pos()
        if attack.stake > 0:
            if self.place + 1 >= len(self.waits):
                return False
            slots = math.ceil(self.wait * POS_SPACING * work / (SLOT * attack.stake))
            stamp = self.base + max(1, slots) * SLOT
        if self.hashing and not ahead:
            pow_work = state.next_pow()
            found = self.now + self.flow * POW_SPACING * pow_work / attack.hash_power
            if found < stamp:
                self.add_pow(pow_work, found)
                return True
        if stamp == math.inf:
            return False
        self.add_pos(work, stamp, ahead)
        return True

    def run(self, measure, look=0):
        """Greatest number of honest blocks after the fork, at most the segment's length, that it replaces; 0: none.

        measure: the honest trust per block. A merchant who waits for k blocks is cheated when the result is >= k.
        look: honest block at which the attacker's lead goes to `self.lead`.
        """
        self.lead = 0.0
        times = self.segment.times
        limit = len(times) - 2
        best = ahead_of = 0
        if self.attack.push and self.attack.hash_power == math.inf:
            self.add_pow(1e-12, self.now)
        while True:
            trust = self.trust()
            while ahead_of < limit and measure[ahead_of + 1] < trust:
                ahead_of += 1
            if times[ahead_of + 1] > self.release and trust > 0:
                best = max(best, ahead_of)
            if self.release <= times[look]:
                self.lead = trust - measure[look]
            if self.release >= times[limit + 1] or best == limit or not self.step():
                return best


def grind(rng, first, generations, width, tries, interval=rules.MODIFIER_INTERVAL):
    """Best waits a stake grinder finds, per number of modifier changes.

    The modifier changes with the kernel of every `interval`th PoS block, so the grinder may take any later hit as
    that block and gets another future for each. A beam search keeps the `width` quickest chains at each change; each
    tries `tries` hits. `first`: PoS blocks to the first change. Returns a list, one entry per number of changes, of
    [(blocks, sum of waits, wait given up at the change)].
    """
    nodes = [(0.0, None, None)]             # total wait, parent, step
    best = []
    blocks = first
    for _ in range(generations):
        children = []
        for node in nodes:
            common = rng.gammavariate(blocks, 1.0)
            delay = 0.0
            for _ in range(tries):
                children.append((node[0] + common + delay, node, (blocks, common, delay)))
                delay += rng.expovariate(1.0)
        children.sort(key=lambda child: child[0])
        nodes = children[:width]
        path, node = [], nodes[0]
        while node[2] is not None:
            path.append(node[2])
            node = node[1]
        best.append(path[::-1])
        blocks = interval
    return best


def waits_of(path, rng, count=LONGEST):
    """Single waits that sum up to a path of `grind`, ordinary luck after its end."""
    waits = []
    for blocks, total, delay in path:
        parts = [rng.expovariate(1.0) for _ in range(blocks)]
        scale = total / sum(parts)
        waits += [part * scale for part in parts]
        waits[-1] += delay
    while len(waits) < count:
        waits.append(rng.expovariate(1.0))
    return waits
