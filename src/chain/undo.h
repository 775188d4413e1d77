/// What takes a block back: the coins it spent and the names as they were.
#pragma once

#include "names/state.h"
#include "primitives/coin.h"
#include "reward/watermark.h"

namespace emc::chain {

struct BlockUndo {
    std::vector<std::vector<primitives::Coin>> spent; ///< by transaction (coinbase: none) and input
    std::vector<names::NameDelta> names;              ///< in block order; only name and `before` are stored
    std::vector<reward::WatermarkDelta> watermarks;   ///< only pair and `before` are stored
    int64_t supply_change = 0;
};

/// Begins with a version byte.
[[nodiscard]] base::Bytes EncodeUndo(const BlockUndo& undo);
/// nullopt unless the bytes are exactly one record of a known version.
[[nodiscard]] std::optional<BlockUndo> DecodeUndo(base::ByteSpan in);

} // namespace emc::chain
