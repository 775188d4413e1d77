/// The coinstake against its coins (rules P-08 … P-14). Used by ConnectBlock.
#pragma once

#include "consensus/connect.h"

namespace emc::consensus {

/// Kernel, depth, live names, keys, block signature, in that order. `spent`: coins by input of `vtx[1]`.
[[nodiscard]] Verdict CheckCoinstake(const primitives::Block& block, std::span<const Coin> spent,
                                     const ConnectContext& context);
/// Most the coins may earn in a block at context.height.
[[nodiscard]] Amount CoinstakeReward(std::span<const Coin> spent, const ConnectContext& context);

} // namespace emc::consensus
