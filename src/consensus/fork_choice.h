/// Which of two chains is better: "capped PoW bonus" (doc/consensus-rules.md, design 3).
#pragma once

#include "consensus/asert.h"
#include "consensus/target.h"

namespace emc::consensus {

/// What fork choice and ASERT know after a block. A pure function of the chain up to it; value type.
struct ForkState {
    int64_t time = 0; ///< T: greatest block time so far, seconds since genesis
    U256 pow_rate;    ///< Ew: decayed PoW work
    U256 pos_rate;    ///< Ep: decayed PoS work
    U256 credit;      ///< how much bonus PoW may still add
    U256 trust;
    U256 pow_work;          ///< W, RPC's chainwork
    int64_t pos_blocks = 0; ///< npos

    /// The state at genesis.
    [[nodiscard]] static ForkState Genesis(const Params& params);
    /// After a block on top. `header_time` in unix seconds; bits must be usable (checked).
    [[nodiscard]] ForkState Next(const Params& params, Kind kind, uint32_t bits, int64_t header_time) const;
    /// After a block with this header on top.
    [[nodiscard]] ForkState Next(const Params& params, const primitives::BlockHeader& header) const;
    /// Strictly better by (trust, W). Equal chains: keep the one seen first.
    [[nodiscard]] bool BetterThan(const ForkState& other) const;
    /// Bits a block of this kind must carry on top of the block at `height` that has this state.
    [[nodiscard]] uint32_t RequiredBits(const Params& params, Kind kind, int32_t height) const;

    bool operator==(const ForkState&) const = default;
};

} // namespace emc::consensus
