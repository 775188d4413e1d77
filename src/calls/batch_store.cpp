#include "calls/batch_store.h"

#include "base/mutex.h"
#include "calls/batch_parts.h"
#include "storage/kv_store.h"
#include "storage/schema.h"

#include <algorithm>

namespace emc::calls {

using base::Bytes;
using base::ByteSpan;
using reward::CallBatch;
using reward::CallPair;
using storage::Durability;
using storage::KvBatch;
using storage::StorageError;

namespace {

constexpr uint8_t ROW_VERSION = 1;
constexpr uint8_t MADE_HERE = 1;
constexpr uint8_t HANDED_OVER = 2;
constexpr uint8_t SIGNED_HERE = 4;
constexpr uint8_t HAS_TXID = 8;
constexpr uint8_t HAS_BLOCK = 16;
constexpr uint8_t ASKED = 32;
constexpr uint8_t TOLD = 64;
constexpr uint8_t ALL_FLAGS = 127;
constexpr size_t PERIOD_KEY_BYTES = 1 + reward::PAIR_BYTES + 4 + Hash256::SIZE;

Bytes RowKey(const Hash256& id)
{
    Bytes out{storage::PREFIX_CALL_BATCH};
    codec::Writer(out).Raw(id.Span());
    return out;
}

Bytes PeriodPrefix(const CallPair& pair)
{
    Bytes out{storage::PREFIX_CALL_PERIOD};
    codec::Writer writer(out);
    reward::WritePair(writer, pair);
    return out;
}

Bytes PeriodKey(const CallPair& pair, uint32_t end, const Hash256& id)
{
    Bytes out = PeriodPrefix(pair);
    codec::Writer writer(out);
    writer.U32Big(end);
    writer.Raw(id.Span());
    return out;
}

Bytes StartBytes(uint32_t start)
{
    Bytes out;
    codec::Writer(out).U32Big(start);
    return out;
}

base::Unexpected<storage::StorageFailure> Odd(const storage::KvStore& store, const char* what)
{
    return storage::Broken(StorageError::Corrupt,
                           store.Directory() + ": " + what + "; restore the directory from a backup");
}

} // namespace

Bytes Encode(const BatchRow& row)
{
    Bytes out;
    codec::Writer writer(out);
    writer.U8(ROW_VERSION);
    const unsigned flags = (row.made_here ? MADE_HERE : 0u) | (row.handed_over ? HANDED_OVER : 0u) |
                           (row.signed_here ? SIGNED_HERE : 0u) | (row.txid ? HAS_TXID : 0u) |
                           (row.block ? HAS_BLOCK : 0u) | (row.asked != 0 ? ASKED : 0u) |
                           (row.told ? TOLD : 0u);
    writer.U8(static_cast<uint8_t>(flags));
    writer.Raw(reward::WriteBatch(row.batch));
    if (row.txid) writer.Raw(row.txid->Span());
    if (row.block) writer.Raw(row.block->Span());
    writer.I32(row.height);
    writer.I64(row.created);
    writer.I64(row.changed);
    writer.Sized(base::AsBytes(row.refusal));
    reward::WriteLeftOut(writer, row.left_out);
    if (row.asked == 0) return out;
    writer.I64(row.asked);
    writer.U8(row.asked_caller ? 1 : 0);
    return out;
}

std::optional<BatchRow> DecodeBatchRow(ByteSpan in)
{
    codec::Reader reader(in);
    BatchRow row;
    if (reader.U8() != ROW_VERSION) return std::nullopt;
    const uint8_t flags = reader.U8();
    if ((flags & ~ALL_FLAGS) != 0) return std::nullopt;
    row.made_here = (flags & MADE_HERE) != 0;
    row.handed_over = (flags & HANDED_OVER) != 0;
    row.signed_here = (flags & SIGNED_HERE) != 0;
    const auto batch = reward::ParseBatch(reader.Take(reward::BATCH_BYTES));
    if (!batch) return std::nullopt;
    row.batch = *batch;
    if ((flags & HAS_TXID) != 0) row.txid = reader.Hash();
    if ((flags & HAS_BLOCK) != 0) row.block = reader.Hash();
    row.height = reader.I32();
    row.created = reader.I64();
    row.changed = reader.I64();
    row.refusal = base::ToText(reader.TakeSized());
    auto left_out = reward::ReadLeftOut(reader);
    if (!left_out) return std::nullopt;
    row.left_out = std::move(*left_out);
    row.told = (flags & TOLD) != 0;
    if ((flags & ASKED) != 0) {
        row.asked = reader.I64();
        const uint8_t caller = reader.U8();
        if (row.asked == 0 || caller > 1) return std::nullopt;
        row.asked_caller = caller == 1;
    }
    if (!reader.Done()) return std::nullopt;
    return row;
}

struct BatchStore::Impl {
    storage::KvStore& store;
    base::Mutex<base::LockRank::Leaf> mutex; ///< one change at a time, with its write

    explicit Impl(storage::KvStore& of) : store(of) {}

    [[nodiscard]] Result<std::optional<Bytes>> Get(ByteSpan key) const
    {
        auto row = store.Get(key);
        if (row) return std::optional(std::move(*row));
        if (row.Error().code == StorageError::NotFound) return std::optional<Bytes>();
        return base::Unexpected(row.Error());
    }
};

BatchStore::BatchStore(storage::KvStore& store) : m_impl(std::make_unique<Impl>(store)) {}

BatchStore::~BatchStore() = default;

BatchStore::Result<bool> BatchStore::Add(const Hash256& id, const BatchRow& row,
                                         const reward::BatchFile& file)
{
    const base::LockGuard lock(m_impl->mutex);
    const Bytes key = RowKey(id);
    const auto known = m_impl->Get(key);
    if (!known) return base::Unexpected(known.Error());
    if (*known) return false;
    KvBatch changes;
    changes.Put(key, Encode(row));
    PutBatchFile(changes, id, file);
    if (auto done = m_impl->store.Write(changes, Durability::Synced); !done)
        return base::Unexpected(done.Error());
    return true;
}

BatchStore::Result<std::optional<BatchRow>> BatchStore::Find(const Hash256& id) const
{
    const auto bytes = m_impl->Get(RowKey(id));
    if (!bytes) return base::Unexpected(bytes.Error());
    if (!*bytes) return std::optional<BatchRow>();
    auto row = DecodeBatchRow(**bytes);
    if (!row) return Odd(m_impl->store, "a damaged batch");
    return row;
}

BatchStore::Result<reward::BatchFile> BatchStore::File(const Hash256& id) const
{
    return ReadBatchFile(m_impl->store, id);
}

BatchStore::Result<std::vector<StoredCall>> BatchStore::Calls(const Hash256& id,
                                                              std::string_view call_id) const
{
    return FindBatchCalls(m_impl->store, id, call_id);
}

BatchStore::Result<BatchRow> BatchStore::Change(const Hash256& id,
                                                const std::function<void(BatchRow&)>& change)
{
    const base::LockGuard lock(m_impl->mutex);
    auto row = Find(id);
    if (!row) return base::Unexpected(row.Error());
    if (!*row) return storage::Broken(StorageError::NotFound, "no such batch");
    BatchRow changed = **row;
    change(changed);
    if (auto done = m_impl->store.Put(RowKey(id), Encode(changed), Durability::Synced); !done)
        return base::Unexpected(done.Error());
    return changed;
}

BatchStore::Result<std::vector<std::pair<Hash256, BatchRow>>> BatchStore::All() const
{
    std::vector<std::pair<Hash256, BatchRow>> out;
    auto it = m_impl->store.Iterate(Bytes{storage::PREFIX_CALL_BATCH});
    for (; it.Valid(); it.Next()) {
        const auto id = Hash256::From(it.Key().subspan(1));
        auto row = DecodeBatchRow(it.Value());
        if (!id || !row) return Odd(m_impl->store, "a damaged batch");
        out.emplace_back(*id, std::move(*row));
    }
    if (auto status = it.Status(); !status) return base::Unexpected(status.Error());
    return out;
}

BatchStore::Result<WaitingBatches> BatchStore::Waiting(const CallPair& pair, int64_t oldest) const
{
    const auto rows = All();
    if (!rows) return base::Unexpected(rows.Error());
    WaitingBatches out;
    for (const auto& [id, row] : *rows) {
        if (row.made_here || row.signed_here || !row.refusal.empty()) continue;
        if (int64_t{row.batch.period_start} < oldest) continue;
        ++out.all;
        if (row.batch.pair == pair) ++out.of_pair;
    }
    return out;
}

BatchStore::Result<std::vector<SignedPeriod>> BatchStore::Periods(const CallPair& pair, uint32_t from) const
{
    std::vector<SignedPeriod> out;
    const Bytes prefix = PeriodPrefix(pair);
    auto it = m_impl->store.Iterate(prefix);
    Bytes first = prefix;
    codec::Writer(first).U32Big(from == UINT32_MAX ? from : from + 1);
    for (it.Seek(first); it.Valid(); it.Next()) {
        if (it.Key().size() != PERIOD_KEY_BYTES || it.Value().size() != 4)
            return Odd(m_impl->store, "a damaged period of a batch");
        codec::Reader key(it.Key().subspan(prefix.size()));
        SignedPeriod period;
        period.end = key.U32Big();
        period.id = key.Hash();
        period.start = codec::Reader(it.Value()).U32Big();
        out.push_back(period);
    }
    if (auto status = it.Status(); !status) return base::Unexpected(status.Error());
    return out;
}

BatchStore::Result<std::optional<SignedPeriod>> BatchStore::Reserve(const Hash256& id, const CallBatch& batch)
{
    const base::LockGuard lock(m_impl->mutex);
    const auto periods = Periods(batch.pair, batch.period_start);
    if (!periods) return base::Unexpected(periods.Error());
    for (const auto& period : *periods) {
        if (period.start >= batch.period_end) continue;
        if (period.id == id) return std::optional<SignedPeriod>();
        return std::optional(period);
    }
    if (auto done = m_impl->store.Put(PeriodKey(batch.pair, batch.period_end, id),
                                      StartBytes(batch.period_start), Durability::Synced);
        !done)
        return base::Unexpected(done.Error());
    return std::optional<SignedPeriod>();
}

BatchStore::Result<void> BatchStore::Release(const Hash256& id, const CallBatch& batch)
{
    const base::LockGuard lock(m_impl->mutex);
    KvBatch changes;
    changes.Delete(PeriodKey(batch.pair, batch.period_end, id));
    return m_impl->store.Write(changes, Durability::Synced);
}

BatchStore::Result<std::optional<storage::BestRow>> BatchStore::Followed() const
{
    const auto bytes = m_impl->Get(storage::BestKey());
    if (!bytes) return base::Unexpected(bytes.Error());
    if (!*bytes) return std::optional<storage::BestRow>();
    auto row = storage::DecodeBest(**bytes);
    if (!row) return Odd(m_impl->store, "a damaged row");
    return row;
}

BatchStore::Result<void> BatchStore::SetFollowed(const storage::BestRow& block)
{
    return m_impl->store.Put(storage::BestKey(), storage::Encode(block), Durability::Synced);
}

} // namespace emc::calls
