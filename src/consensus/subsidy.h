/// New money of a proof-of-work block (doc/consensus-rules.md, design 4).
#pragma once

#include "base/u256.h"
#include "consensus/params.h"

namespace emc::consensus {

/// Largest R ≤ 502,000 with R⁴ × limit ≤ 502,000⁴ × target, in hundredths of EMC. limit > 0.
[[nodiscard]] uint64_t FourthRootReward(const base::U256& limit, const base::U256& target);
/// Most a PoW block at this height with these (usable) bits may create, fees not counted.
[[nodiscard]] Amount PowSubsidy(const Params& params, int32_t height, uint32_t bits);

} // namespace emc::consensus
