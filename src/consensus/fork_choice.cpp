#include "consensus/fork_choice.h"

#include <algorithm>

namespace emc::consensus {

namespace {

/// N: time constant of the decaying rates, seconds.
constexpr uint64_t DECAY_SEC = uint64_t{1} << 22;
/// Work per rate at genesis: N ÷ spacing of each kind, rounded down.
constexpr uint64_t POW_START_BLOCKS = 1'165;
constexpr uint64_t POS_START_BLOCKS = 6'990;
/// The credit is at most Ep ÷ 256.
constexpr unsigned CREDIT_SHIFT = 8;

U256 AddSaturating(const U256& a, const U256& b)
{
    const U256 sum = a + b;
    return sum < a ? U256::Max() : sum;
}

/// rate × N ÷ (N + elapsed), at least 1.
U256 Decayed(const U256& rate, uint64_t elapsed)
{
    if (elapsed == 0) return std::max(rate, U256(1));
    return std::max(MulDiv(rate, U256(DECAY_SEC), U256(DECAY_SEC + elapsed)), U256(1));
}

U256 StartPosRate(const Params& params)
{
    return WorkOfBits(params.pos_anchor_bits) * POS_START_BLOCKS;
}

} // namespace

ForkState ForkState::Genesis(const Params& params)
{
    ForkState state;
    state.pow_rate = WorkOfBits(params.pow_anchor_bits) * POW_START_BLOCKS;
    state.pos_rate = StartPosRate(params);
    return state;
}

ForkState ForkState::Next(const Params& params, Kind kind, uint32_t bits, int64_t header_time) const
{
    const auto target = TargetOf(bits);
    EMC_CHECK(target);
    const U256 work = WorkOf(*target);

    ForkState next = *this;
    next.time = std::max(time, header_time - static_cast<int64_t>(params.genesis.header.time));
    const auto elapsed = static_cast<uint64_t>(next.time - time);
    next.pow_rate = Decayed(pow_rate, elapsed);
    next.pos_rate = Decayed(pos_rate, elapsed);
    if (pos_blocks < params.fork_choice_base) next.pos_rate = std::max(next.pos_rate, StartPosRate(params));

    if (kind == Kind::Pos) {
        next.trust = AddSaturating(trust, work);
        next.credit = std::min(AddSaturating(credit, work), next.pos_rate >> CREDIT_SHIFT);
        next.pos_rate = AddSaturating(next.pos_rate, work);
        ++next.pos_blocks;
        return next;
    }
    U256 bonus = MulDiv(work, next.pos_rate, next.pow_rate);
    if (pos_blocks >= params.fork_choice_base) {
        bonus = std::min(bonus, credit);
        next.credit = credit - bonus;
    }
    next.trust = AddSaturating(trust, bonus);
    next.pow_rate = AddSaturating(next.pow_rate, work);
    next.pow_work = AddSaturating(pow_work, work);
    return next;
}

ForkState ForkState::Next(const Params& params, const primitives::BlockHeader& header) const
{
    return Next(params, KindOf(header), header.bits, header.time);
}

bool ForkState::BetterThan(const ForkState& other) const
{
    if (trust != other.trust) return trust > other.trust;
    return pow_work > other.pow_work;
}

uint32_t ForkState::RequiredBits(const Params& params, Kind kind, int32_t height) const
{
    const int64_t blocks = kind == Kind::Pos ? pos_blocks : height - pos_blocks;
    return NextBits(params, kind, time, blocks);
}

} // namespace emc::consensus
