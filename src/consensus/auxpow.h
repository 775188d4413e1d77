/// Merged mining (doc/consensus-rules.md, design 2; rules A-*).
#pragma once

#include "consensus/params.h"
#include "consensus/rule.h"

namespace emc::consensus {

/// Bits 16–31 of the version of a merged-mined block.
inline constexpr uint32_t AUXPOW_CHAIN_ID = 0x0E4D;
inline constexpr size_t MAX_AUXPOW_BRANCH = 30;

/// Slot of a chain in the tree of merged-mined chains (32-bit arithmetic). branch_length ≤ 30.
[[nodiscard]] uint32_t ExpectedAuxIndex(uint32_t nonce, uint32_t chain_id, unsigned branch_length);
/// Every rule of the proof of a header with VERSION_AUXPOW, the parent's work included. All failures but A-02
/// are of this copy only: the proof is not covered by the block's hash.
[[nodiscard]] Verdict CheckAuxPow(const primitives::BlockHeader& header, const Params& params);

} // namespace emc::consensus
