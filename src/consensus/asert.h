/// The target each kind of block must meet: ASERT for proof of work and proof of stake apart
/// (doc/consensus-rules.md, design 3).
#pragma once

#include "consensus/params.h"

namespace emc::consensus {

/// The two kinds of blocks. Merged-mined blocks are proof of work.
enum class Kind : uint8_t { Pow, Pos };

[[nodiscard]] inline Kind KindOf(const primitives::BlockHeader& header)
{
    return header.IsProofOfStake() ? Kind::Pos : Kind::Pow;
}

inline constexpr int64_t ASERT_HALF_LIFE_SEC = 43'200;
inline constexpr int64_t POW_SPACING_SEC = 3'600;
inline constexpr int64_t POS_SPACING_SEC = 600;

/// What ASERT starts from.
struct AsertCurve {
    uint32_t anchor_bits = 0;
    uint32_t limit_bits = 0;
    int64_t spacing_sec = 0;
};

[[nodiscard]] AsertCurve CurveOf(const Params& params, Kind kind);
/// Compact target of the next block of a kind: anchor × 2^((seconds − spacing × blocks) ÷ 43200), clamped to
/// 1 … limit. `seconds`: greatest block time up to the parent since genesis. `blocks`: of the kind since
/// genesis.
[[nodiscard]] uint32_t AsertBits(const AsertCurve& curve, int64_t seconds, int64_t blocks);
/// The same for a network; its fixed limit where targets are fixed (regtest).
[[nodiscard]] uint32_t NextBits(const Params& params, Kind kind, int64_t seconds, int64_t blocks);

} // namespace emc::consensus
