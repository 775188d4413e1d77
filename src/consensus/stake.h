/// Age of coins and the reward of proof of stake (doc/consensus-rules.md, design 4).
#pragma once

#include "primitives/amount.h"

#include <span>

namespace emc::consensus {

using primitives::Amount;

inline constexpr int64_t MAX_AGE_SEC = 31'536'000;

/// Age in seconds of a coin made at height c and spent at h: min(MTP(h−1) − MTP(c−1), one year), never
/// negative.
[[nodiscard]] int64_t CoinAge(int64_t mtp_made, int64_t mtp_spend);

struct AgedValue {
    Amount value = 0;
    int64_t age_sec = 0;
};

/// ⌊6 × Σ(value × age) ÷ 3,153,600,000⌋. Values and ages must not be negative. Saturates at 2^63 − 1.
[[nodiscard]] Amount MaxStakeReward(std::span<const AgedValue> inputs);
/// Median of up to 11 block times, the rule behind every MTP. Not empty (checked).
[[nodiscard]] int64_t MedianTime(std::span<const int64_t> last_times);

} // namespace emc::consensus
