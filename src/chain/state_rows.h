/// Single rows of the state store, of now or of a snapshot. Internal to this room.
#pragma once

#include "names/state.h"
#include "primitives/coin.h"
#include "storage/failure.h"

namespace emc::storage {
class KvSnapshot;
class KvStore;
} // namespace emc::storage

namespace emc::chain {

/// Where rows are read.
struct RowSource {
    const storage::KvStore& store;
    const storage::KvSnapshot* snapshot = nullptr; ///< of the store; null: as it is now
};

/// nullopt when the row cannot be read.
[[nodiscard]] std::optional<primitives::Coin> ParseCoin(base::ByteSpan row);
[[nodiscard]] std::optional<names::NameRecord> ParseRecord(base::ByteSpan row);

/// nullopt when there is none. Errors: Corrupt, Io; the detail names the store.
[[nodiscard]] storage::StorageResult<std::optional<primitives::Coin>>
ReadCoin(const RowSource& from, const primitives::OutPoint& outpoint);
[[nodiscard]] storage::StorageResult<std::optional<names::NameRecord>> ReadName(const RowSource& from,
                                                                                std::string_view name);
/// The name whose current output this is.
[[nodiscard]] storage::StorageResult<std::optional<std::string>>
ReadNameAt(const RowSource& from, const primitives::OutPoint& outpoint);

} // namespace emc::chain
