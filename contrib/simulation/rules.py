"""Difficulty and fork choice of the chain, exact and in floating point.

Source: doc/consensus-rules.md section 3, src/consensus/asert.h and fork_choice.h. The exact half computes with
Python's unbounded integers and reproduces published vectors; the simulations use floats, and `float_error` measures
how far the two drift apart. Times are seconds, work is hashes (exact) or blocks of the steady state (float).
"""

import json
import pathlib

HALF_LIFE = 43_200          # seconds in which ASERT doubles or halves a target
POW_SPACING = 3_600         # seconds between PoW blocks
POS_SPACING = 600           # seconds between PoS blocks
DECAY = 1 << 22             # N: time constant of the work rates, seconds
CREDIT_SHIFT = 8            # credit is at most Ep >> 8
POW_START = 1_165           # work rates at genesis, in blocks
POS_START = 6_990
BASE = 2_000                # B: PoS blocks before the bonus is limited by credit
MODIFIER_INTERVAL = 64      # PoS blocks between changes of the stake modifier
REORG_LIMIT = 500           # blocks a node gives up at most
SLOT = 16                   # PoS times are multiples of this many seconds
POS_AHEAD, POW_AHEAD = 15, 120
MAIN = {"pow": (0x1D00FFFF, 0x1D00FFFF), "pos": (0x1A133721, 0x1B00FFFF)}  # anchor and limit
SPACING = {"pow": POW_SPACING, "pos": POS_SPACING}


def target_of(bits):
    """Target of a compact number (unsigned, mantissa of 23 bits)."""
    size, mantissa = bits >> 24, bits & 0x7FFFFF
    return mantissa << 8 * (size - 3) if size > 3 else mantissa >> 8 * (3 - size)


def compact_of(target):
    """Compact number of a target; what does not fit its mantissa is cut off."""
    size = (target.bit_length() + 7) // 8
    mantissa = target << 8 * (3 - size) if size <= 3 else target >> 8 * (size - 3)
    if mantissa & 0x800000:
        mantissa, size = mantissa >> 8, size + 1
    return size << 24 | mantissa


def work_of(target):
    """Expected hashes for a target."""
    return (1 << 256) // (target + 1)


def asert_bits(anchor_limit, spacing, seconds, blocks):
    """Compact target after `blocks` blocks of a kind, `seconds` after genesis."""
    anchor, limit = (target_of(bits) for bits in anchor_limit)
    lead = (seconds - spacing * blocks) * 65_536
    exponent = lead // HALF_LIFE if lead >= 0 else -(-lead // HALF_LIFE)
    whole, part = exponent >> 16, exponent & 0xFFFF
    power = 65_536 + (195_766_423_245_049 * part + 971_821_376 * part**2 + 5_127 * part**3 + (1 << 47) >> 48)
    scaled = anchor * power
    scaled = scaled << whole - 16 if whole >= 16 else scaled >> 16 - whole
    return compact_of(min(max(scaled, 1), limit))


class ExactState:
    """State of fork choice after a block, in integers. `curves`: anchor and limit of each kind; `base`: B."""

    def __init__(self, curves=None, base=BASE):
        self.curves, self.base = curves or MAIN, base
        self.anchor_work = {kind: work_of(target_of(bits[0])) for kind, bits in self.curves.items()}
        self.time = self.credit = self.trust = self.pow_work = self.npos = self.npow = 0
        self.ew = self.anchor_work["pow"] * POW_START
        self.ep = self.anchor_work["pos"] * POS_START

    def bits(self, kind):
        """Bits the next block of a kind must carry."""
        return asert_bits(self.curves[kind], SPACING[kind], self.time, self.npos if kind == "pos" else self.npow)

    def add(self, kind, bits, time):
        """Appends a block; `time` in seconds since genesis."""
        work = work_of(target_of(bits))
        elapsed = max(0, time - self.time)
        self.time += elapsed
        self.ew = max(1, self.ew * DECAY // (DECAY + elapsed))
        self.ep = max(1, self.ep * DECAY // (DECAY + elapsed))
        if self.npos < self.base:
            self.ep = max(self.ep, self.anchor_work["pos"] * POS_START)
        if kind == "pos":
            self.trust += work
            self.credit = min(self.credit + work, self.ep >> CREDIT_SHIFT)
            self.ep += work
            self.npos += 1
            return
        bonus = work * self.ep // self.ew
        if self.npos >= self.base:
            bonus = min(bonus, self.credit)
            self.credit -= bonus
        self.trust += bonus
        self.ew += work
        self.pow_work += work
        self.npow += 1


class FloatState:
    """The same with B = 0 in floats; work counts in blocks of the steady state of its kind.

    A chain is in the steady state when 24 PoW and 144 PoS blocks come a day; one PoW block is then worth six PoS
    blocks. Targets have no limit here: limits matter to a network without miners only.
    """

    __slots__ = ("time", "stamp", "npos", "npow", "ew", "ep", "credit", "trust", "pos_work", "pow_work",
                 "bonus")

    def __init__(self):
        self.time = self.stamp = 0      # T; time of the last PoS block
        self.npos = self.npow = 0
        self.ew, self.ep = float(POW_START), float(POS_START)
        self.credit = self.trust = self.pos_work = self.pow_work = 0.0
        self.bonus = 0.0                # what PoW would have added without the limit of credit

    def copy(self):
        other = FloatState.__new__(FloatState)
        for name in FloatState.__slots__:
            setattr(other, name, getattr(self, name))
        return other

    def next_pos(self):
        """Work of the next PoS block."""
        return 2.0 ** ((POS_SPACING * self.npos - self.time) / HALF_LIFE)

    def next_pow(self):
        """Work of the next PoW block."""
        return 2.0 ** ((POW_SPACING * self.npow - self.time) / HALF_LIFE)

    def pass_time(self, time):
        if time > self.time:
            decay = DECAY / (DECAY + time - self.time)
            self.ew *= decay
            self.ep *= decay
            self.time = time

    def add_pos(self, work, time):
        """Appends a PoS block. `work` as `next_pos` gave it, `time` in seconds."""
        self.pass_time(time)
        self.trust += work
        self.pos_work += work
        self.credit = min(self.credit + work, self.ep / (1 << CREDIT_SHIFT))
        self.ep += work
        self.npos += 1
        self.stamp = time

    def add_pow(self, work, time):
        """Appends a PoW block."""
        self.pass_time(time)
        bonus = work * self.ep / self.ew
        self.bonus += bonus
        bonus = min(bonus, self.credit)
        self.credit -= bonus
        self.trust += bonus
        self.ew += work
        self.pow_work += work
        self.npow += 1


def replay(blocks):
    """Exact trust of [(kind, time)] with required bits, in PoS blocks of the anchor's work."""
    state = ExactState({"pow": (0x1B00FFFF, 0x1D00FFFF), "pos": (0x1A133721, 0x1D00FFFF)}, base=0)
    for kind, time in blocks:
        state.add(kind, state.bits(kind), time)
    return state.trust / state.anchor_work["pos"]


def float_error(blocks):
    """Relative difference of trust between float and exact state after [(kind, time)]."""
    state = FloatState()
    for kind, time in blocks:
        if kind == "pos":
            state.add_pos(state.next_pos(), time)
        else:
            state.add_pow(state.next_pow(), time)
    exact = replay(blocks)
    return abs(state.trust - exact) / exact


def check_vectors(folder):
    """Runs chain/difficulty_and_fork_choice.json of a folder of published vectors; (cases passed, failures)."""
    data = json.loads((pathlib.Path(folder) / "chain" / "difficulty_and_fork_choice.json").read_text())
    passed, failures = 0, []
    for number, case in enumerate(data["asert"]):
        curve = (int(case["anchor_bits"], 16), MAIN[case["kind"]][1])
        bits = asert_bits(curve, SPACING[case["kind"]], case["seconds_since_genesis"], case["blocks_of_kind"])
        if f"{bits:08x}" == case["bits"]:
            passed += 1
        else:
            failures.append(f"asert case {number}: {bits:08x}, should be {case['bits']}")
    for number, case in enumerate(data["fork_choice"]):
        state, wrong = ExactState(base=case["bootstrap"]), None
        for place, block in enumerate(case["blocks"]):
            state.add(block["kind"], int(block["bits"], 16), block["time"])
            ours = [state.time, state.npos] + [f"{value:x}" for value in
                                               (state.ew, state.ep, state.credit, state.trust, state.pow_work)]
            theirs = [block[key] for key in ("T", "npos", "Ew", "Ep", "credit", "trust", "W")]
            if ours != theirs and wrong is None:
                wrong = f"fork choice case {number}, block {place}: {ours}, should be {theirs}"
        if wrong:
            failures.append(wrong)
        else:
            passed += 1
    return passed, failures
