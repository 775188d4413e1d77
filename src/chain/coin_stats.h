/// Coins as the set's hashes take them. Internal to this room.
#pragma once

#include "base/bytes.h"

namespace emc::storage {
struct CoinRow;
struct OutpointParts;
} // namespace emc::storage

namespace emc::chain {

/// One coin in the form Bitcoin Core hashes: txid, output index (u32), height × 2 + 1 for a generated coin
/// (u32), value (i64), script with its size; all little-endian. The script of a name's coin is its owner
/// script.
[[nodiscard]] base::Bytes CoinElement(const storage::OutpointParts& outpoint, const storage::CoinRow& coin);

} // namespace emc::chain
