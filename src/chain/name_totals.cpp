#include "chain/name_totals.h"

#include "chain/watermark_changes.h"
#include "storage/kv_store.h"

namespace emc::chain {
namespace {

using storage::Broken;
using storage::StorageError;
using storage::StorageResult;

constexpr uint64_t NAMES_BETWEEN_QUESTIONS = 4096;

uint64_t RowBytes(std::string_view name, const names::NameRecord& record)
{
    base::Bytes row;
    codec::Writer writer(row);
    names::Write(writer, record);
    return storage::NameKey(name).size() + row.size();
}

StorageResult<void> AddUpWatermarks(const storage::KvStore& store, const storage::KvSnapshot* snapshot,
                                    NameTotals& totals)
{
    const uint8_t prefix = storage::PREFIX_WATERMARK;
    auto it = store.Iterate(base::ByteSpan(&prefix, 1), snapshot);
    for (; it.Valid(); it.Next()) {
        const auto watermark = ParseWatermark(it.Key(), it.Value());
        if (!watermark) {
            return Broken(StorageError::Corrupt,
                          store.Directory() + ": unreadable watermark row; start with -reindex-chainstate");
        }
        totals.Add(*watermark);
    }
    return it.Status();
}

} // namespace

void NameTotals::Add(std::string_view name, const names::NameRecord& record, int32_t height)
{
    hash.Insert(names::HashElement(name, record));
    ++count;
    if (record.LiveAt(height)) ++live;
    bytes += RowBytes(name, record);
}

void NameTotals::Remove(std::string_view name, const names::NameRecord& record, int32_t height)
{
    hash.Remove(names::HashElement(name, record));
    --count;
    if (record.LiveAt(height)) --live;
    bytes -= RowBytes(name, record);
}

void NameTotals::Add(const reward::Watermark& watermark)
{
    hash.Insert(reward::HashElement(watermark));
    ++watermarks;
}

void NameTotals::Remove(const reward::Watermark& watermark)
{
    hash.Remove(reward::HashElement(watermark));
    --watermarks;
}

bool NameTotals::Equals(const NameTotals& other) const
{
    return count == other.count && live == other.live && bytes == other.bytes &&
           watermarks == other.watermarks && hash.Finish() == other.hash.Finish();
}

storage::NameTotalsRow NameTotals::ToRow(const base::Hash256& block) const
{
    storage::NameTotalsRow row;
    row.block = block;
    row.count = count;
    row.live = live;
    row.bytes = bytes;
    row.watermarks = watermarks;
    // Without either the number is 1. A row of zeros would look like sectors that a power cut kept from the
    // disk.
    if (count == 0 && watermarks == 0) return row;
    const auto product = hash.Product();
    row.product.assign(product.begin(), product.end());
    return row;
}

std::optional<NameTotals> NameTotals::FromRow(const storage::NameTotalsRow& row)
{
    if (row.count == 0 && row.watermarks == 0 && row.product.empty()) return NameTotals{};
    const auto hash = crypto::MuHash3072::FromProduct(row.product);
    if (!hash) return std::nullopt;
    return NameTotals{*hash, row.count, row.live, row.bytes, row.watermarks};
}

StorageResult<NameTotals> AddUpNames(const storage::KvStore& store, const storage::KvSnapshot* snapshot,
                                     int32_t height, const std::function<bool()>& stop)
{
    const uint8_t prefix = storage::PREFIX_NAME;
    NameTotals totals;
    auto it = store.Iterate(base::ByteSpan(&prefix, 1), snapshot);
    for (; it.Valid(); it.Next()) {
        if (totals.count % NAMES_BETWEEN_QUESTIONS == 0 && stop && stop())
            return Broken(StorageError::Io, "Interrupted: the node stops");
        const auto name = storage::ParseNameKey(it.Key());
        codec::Reader reader(it.Value());
        const auto record = names::ReadNameRecord(reader);
        if (!name || !reader.Done()) {
            return Broken(StorageError::Corrupt,
                          store.Directory() + ": unreadable name row; start with -reindex-chainstate");
        }
        totals.Add(*name, record, height);
    }
    if (const auto status = it.Status(); !status) return base::Unexpected(status.Error());
    if (auto done = AddUpWatermarks(store, snapshot, totals); !done) return base::Unexpected(done.Error());
    return totals;
}

StorageResult<LoadedNameTotals> LoadNameTotals(storage::KvStore& store, const base::Hash256& block,
                                               int32_t height, const std::function<bool()>& stop)
{
    const auto row = store.Get(storage::NameTotalsKey());
    if (!row && row.Error().code != StorageError::NotFound) return base::Unexpected(row.Error());
    if (row) {
        const auto stored = storage::DecodeNameTotals(*row);
        const auto totals = stored && stored->block == block ? NameTotals::FromRow(*stored) : std::nullopt;
        if (totals) return LoadedNameTotals{*totals, false};
    }
    const auto walked = AddUpNames(store, nullptr, height, stop);
    if (!walked) return base::Unexpected(walked.Error());
    if (walked->count == 0 && walked->watermarks == 0) return LoadedNameTotals{*walked, false};
    const auto bytes = storage::Encode(walked->ToRow(block));
    if (auto done = store.Put(storage::NameTotalsKey(), bytes, storage::Durability::Synced); !done)
        return base::Unexpected(done.Error());
    return LoadedNameTotals{*walked, true};
}

StorageResult<uint64_t> CountExpiring(const storage::KvStore& store, int32_t from, int32_t to)
{
    const uint8_t prefix = storage::PREFIX_NAME_BY_EXPIRY;
    uint64_t count = 0;
    auto it = store.Iterate(base::ByteSpan(&prefix, 1));
    for (it.Seek(storage::NameByExpiryKey(from, {})); it.Valid(); it.Next()) {
        const auto parts = storage::ParseNameByExpiryKey(it.Key());
        if (!parts) {
            return Broken(StorageError::Corrupt,
                          store.Directory() + ": unreadable expiry row; start with -reindex-chainstate");
        }
        if (parts->expiry >= to) break;
        ++count;
    }
    if (const auto status = it.Status(); !status) return base::Unexpected(status.Error());
    return count;
}

} // namespace emc::chain
