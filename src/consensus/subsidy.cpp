#include "consensus/subsidy.h"

#include "consensus/target.h"

#include <algorithm>

namespace emc::consensus {

namespace {

/// 5020 EMC at difficulty 1, in steps of 0.01 EMC.
constexpr uint64_t MAX_REWARD_STEPS = 502'000;
constexpr Amount STEP = 1'000'000;
constexpr int64_t SLOW_START_BLOCKS = 10'000;
constexpr Amount REGTEST_SUBSIDY = 50 * primitives::COIN;
constexpr int32_t MAX_HALVINGS = 64;

U256 FourthPower(uint64_t root)
{
    return U256(root) * root * root * root;
}

} // namespace

uint64_t FourthRootReward(const U256& limit, const U256& target)
{
    // R⁴ is whole, so R⁴ × limit ≤ 502000⁴ × target says the same as R⁴ ≤ floor(502000⁴ × target ÷ limit).
    const U256 bound = MulDiv(FourthPower(MAX_REWARD_STEPS), target, limit);
    uint64_t fits = 0;
    uint64_t above = MAX_REWARD_STEPS + 1;
    while (above - fits > 1) {
        const uint64_t middle = (fits + above) / 2;
        if (FourthPower(middle) <= bound) {
            fits = middle;
        } else {
            above = middle;
        }
    }
    return fits;
}

Amount PowSubsidy(const Params& params, int32_t height, uint32_t bits)
{
    if (params.subsidy_halving > 0) {
        const int32_t halvings = height / params.subsidy_halving;
        return halvings >= MAX_HALVINGS ? 0 : REGTEST_SUBSIDY >> halvings;
    }
    const auto limit = TargetOf(params.pow_limit_bits);
    const auto target = TargetOf(bits);
    EMC_CHECK(limit && target);
    const auto reward = static_cast<Amount>(FourthRootReward(*limit, *target)) * STEP;
    return reward * std::min<int64_t>(height, SLOW_START_BLOCKS) / SLOW_START_BLOCKS;
}

} // namespace emc::consensus
