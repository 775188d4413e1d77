/// The coinstake against its coins (rules P-08 … P-14). Used by ConnectBlock.
#pragma once

#include "consensus/connect.h"

namespace emc::consensus {

/// Of the first coins (at least one) of `coinstake`, in the order of its inputs: one script, depth, live
/// names. Rules P-08, P-11, P-10. Without `context.names` the last is not asked.
[[nodiscard]] Verdict CheckStakeInputs(const Transaction& coinstake, std::span<const Coin> spent,
                                       const ConnectContext& context);
/// Kernel hash, signing key and block signature of a proof-of-stake block whose kernel is this coin. Rules
/// P-12, P-08, P-09, P-13. Of the context it needs the times and the stake modifier.
[[nodiscard]] Verdict CheckKernel(const primitives::Block& block, const Coin& kernel_coin,
                                  const ConnectContext& context);
/// Kernel, depth, live names, keys, block signature, in that order. `spent`: coins by input of `vtx[1]`.
[[nodiscard]] Verdict CheckCoinstake(const primitives::Block& block, std::span<const Coin> spent,
                                     const ConnectContext& context);
/// Most the coins may earn in a block at context.height.
[[nodiscard]] Amount CoinstakeReward(std::span<const Coin> spent, const ConnectContext& context);

} // namespace emc::consensus
