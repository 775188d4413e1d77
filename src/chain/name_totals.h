/// What the whole name state, watermarks of rewards included, comes down to: its hash and its size. Internal
/// to this room.
#pragma once

#include "base/function.h"
#include "crypto/muhash.h"
#include "names/state.h"
#include "reward/watermark.h"
#include "storage/failure.h"
#include "storage/schema.h"

namespace emc::storage {
class KvSnapshot;
class KvStore;
} // namespace emc::storage

namespace emc::chain {

/// Sums over all names and watermarks of a state store, at the height the store stands at. Value type.
struct NameTotals {
    crypto::MuHash3072 hash; ///< of the HashElement of every name and watermark
    uint64_t count = 0;
    uint64_t live = 0;
    uint64_t bytes = 0; ///< of the names' rows, keys included
    uint64_t watermarks = 0;

    /// A name that came; `height` is the one `live` is meant for.
    void Add(std::string_view name, const names::NameRecord& record, int32_t height);
    /// One that went, or the same name before it changed.
    void Remove(std::string_view name, const names::NameRecord& record, int32_t height);

    void Add(const reward::Watermark& watermark);
    void Remove(const reward::Watermark& watermark);

    /// Same set and same sums?
    [[nodiscard]] bool Equals(const NameTotals& other) const;

    [[nodiscard]] storage::NameTotalsRow ToRow(const base::Hash256& block) const;
    /// nullopt when the product cannot be any set's.
    [[nodiscard]] static std::optional<NameTotals> FromRow(const storage::NameTotalsRow& row);
};

/// Adds up all names and watermarks of a store; slow: some microseconds each. `stop` is asked now and then;
/// when it says yes, or with StorageError::Corrupt for a row that cannot be read, there is no result. A null
/// snapshot: the store as it is. Any thread.
[[nodiscard]] storage::StorageResult<NameTotals> AddUpNames(const storage::KvStore& store,
                                                            const storage::KvSnapshot* snapshot,
                                                            int32_t height,
                                                            const std::function<bool()>& stop);

struct LoadedNameTotals {
    NameTotals totals;
    bool walked = false; ///< the store did not have them
};

/// The sums a store keeps, for the block it stands at. Where they are missing or of another block, since an
/// older program wrote last, AddUpNames works them out, and they are written. One thread at a time.
[[nodiscard]] storage::StorageResult<LoadedNameTotals> LoadNameTotals(storage::KvStore& store,
                                                                      const base::Hash256& block,
                                                                      int32_t height,
                                                                      const std::function<bool()>& stop);

/// How many names of a store have an expiry in [from, to): they stop being live on the way from height `from`
/// to height `to`, and become live again on the way back.
[[nodiscard]] storage::StorageResult<uint64_t> CountExpiring(const storage::KvStore& store, int32_t from,
                                                             int32_t to);

} // namespace emc::chain
