/// The proof-of-stake kernel and the stake modifier (doc/consensus-rules.md, design 3).
#pragma once

#include "base/u256.h"
#include "primitives/transaction.h"

namespace emc::consensus {

using base::Hash256;
using base::U256;
using primitives::Amount;

/// Blocks of proof of stake after which the modifier changes.
inline constexpr int64_t MODIFIER_INTERVAL = 64;

struct Kernel {
    Hash256 modifier;
    uint32_t coin_block_time = 0; ///< time of the block that holds the kernel output
    primitives::OutPoint outpoint;
    uint32_t block_time = 0;
};

/// The 76 bytes that are hashed.
[[nodiscard]] std::array<uint8_t, 76> KernelPreimage(const Kernel& kernel);
[[nodiscard]] Hash256 KernelHash(const Kernel& kernel);
/// hash ≤ target × value, in 512 bits. Rule P-12. value ≥ 0.
[[nodiscard]] bool KernelMeets(const Hash256& kernel_hash, const U256& target, Amount value);

/// SHA256d of the genesis hash.
[[nodiscard]] Hash256 GenesisModifier(const Hash256& genesis_hash);
/// The modifier after PoS block number `pos_blocks` (counted with it): changes with every 64th, else stays.
[[nodiscard]] Hash256 NextModifier(const Hash256& modifier, int64_t pos_blocks, const Hash256& kernel_txid);

} // namespace emc::consensus
