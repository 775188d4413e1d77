/// Targets in compact form and the work they stand for (doc/consensus-rules.md, design 3).
#pragma once

#include "base/u256.h"

namespace emc::consensus {

using base::U256;

/// The compact form taken apart: 8 bits of byte length, a sign bit, 23 bits of mantissa.
struct CompactTarget {
    U256 target; ///< mantissa shifted, wrapped when `overflow`
    bool negative = false;
    bool overflow = false;

    /// Positive and within 256 bits.
    [[nodiscard]] bool Usable() const { return !negative && !overflow && !target.IsZero(); }
};

[[nodiscard]] CompactTarget DecodeCompact(uint32_t bits);
/// The target of usable bits; nullopt otherwise.
[[nodiscard]] std::optional<U256> TargetOf(uint32_t bits);
/// Compact form; digits below the mantissa are cut off.
[[nodiscard]] uint32_t EncodeCompact(const U256& target);
/// floor(2^256 ÷ (target + 1)): expected number of hashes. Any target; 2^256 − 1 for zero.
[[nodiscard]] U256 WorkOf(const U256& target);
/// Work of usable bits, zero otherwise.
[[nodiscard]] U256 WorkOfBits(uint32_t bits);

} // namespace emc::consensus
