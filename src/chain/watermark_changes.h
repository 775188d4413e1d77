/// Watermarks of call rewards that changed since the last flush. Internal to this room.
#pragma once

#include "reward/watermark.h"
#include "storage/failure.h"

#include <map>
#include <set>

namespace emc::storage {
class KvBatch;
} // namespace emc::storage

namespace emc::chain {

struct NameTotals;
struct RowSource;

/// In front of the rows of a store. Not thread-safe.
class WatermarkChanges
{
public:
    struct Entry {
        std::optional<uint32_t> stored; ///< what the store has
        std::optional<uint32_t> current;
    };

    /// Null: as the store has it.
    [[nodiscard]] const Entry* Find(const reward::CallPair& pair) const;
    /// `from` is what held before.
    void Set(const reward::CallPair& pair, std::optional<uint32_t> from, std::optional<uint32_t> to);
    /// Present ones that ended before this second.
    [[nodiscard]] std::vector<reward::Watermark> EndedBefore(int64_t sec) const;
    void AddTo(storage::KvBatch& batch) const;
    void AddTo(NameTotals& totals) const;
    void Clear();

    [[nodiscard]] size_t Count() const { return m_entries.size(); }

    /// The earliest end among the present ones; the largest number when there is none.
    [[nodiscard]] int64_t EarliestEnd() const;

private:
    std::map<reward::CallPair, Entry> m_entries;
    std::set<std::pair<uint32_t, reward::CallPair>> m_ends; ///< of present ones
};

/// Rough memory of an entry.
inline constexpr size_t WATERMARK_ENTRY_BYTES = 224;

/// The row of a pair.
[[nodiscard]] storage::StorageResult<std::optional<uint32_t>> ReadWatermark(const RowSource& from,
                                                                            const reward::CallPair& pair);

struct EndedRows {
    std::vector<reward::Watermark> ended;
    int64_t next_end = 0; ///< of the rows that are left; the largest number when there are none
};

/// Rows that ended before this second.
[[nodiscard]] storage::StorageResult<EndedRows> ReadEnded(const RowSource& from, int64_t before_sec);

/// A row found by walking; nullopt when it cannot be read.
[[nodiscard]] std::optional<reward::Watermark> ParseWatermark(base::ByteSpan key, base::ByteSpan row);
[[nodiscard]] base::Bytes WatermarkKeyOf(const reward::CallPair& pair);
[[nodiscard]] base::Bytes WatermarkRowOf(uint32_t end);

} // namespace emc::chain
