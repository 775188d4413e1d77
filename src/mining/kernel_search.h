/// Which coin of many finds a block, and when. Pure.
#pragma once

#include "consensus/kernel.h"
#include "crypto/sha256.h"

#include <vector>

namespace emc::mining {

/// A coin that may find a block.
struct StakeCoin {
    primitives::OutPoint outpoint;
    uint32_t block_time = 0; ///< of the block that holds the coin
    primitives::Amount value = 0;
};

/// Coins under one modifier and one target. All of a kernel but its time is hashed beforehand: a try costs
/// two steps of SHA-256. Immutable once made.
class KernelSearch
{
public:
    KernelSearch(const base::Hash256& modifier, const base::U256& target, std::span<const StakeCoin> coins);

    /// The first coin from number `begin` on whose kernel meets the target at this time (rule P-12).
    [[nodiscard]] std::optional<size_t> Find(uint32_t time, size_t begin = 0) const;

    [[nodiscard]] size_t Size() const { return m_coins.size(); }

private:
    static constexpr size_t TAIL_BYTES = 12; ///< of the 76 bytes of a kernel, behind the first 64

    struct Prepared {
        crypto::Sha256dTail head;
        std::array<uint8_t, TAIL_BYTES> tail; ///< the time is its last four bytes
        base::U256 limit;                     ///< target × value
    };

    std::vector<Prepared> m_coins;
};

/// Probability that a coin of this value finds a block at one time; 0 … 1.
[[nodiscard]] double KernelChance(const base::U256& target, primitives::Amount value);

} // namespace emc::mining
