#include "chain/watermark_changes.h"

#include "chain/name_totals.h"
#include "chain/state_rows.h"
#include "storage/kv_store.h"

#include <limits>

namespace emc::chain {

using base::Bytes;
using base::ByteSpan;
using reward::CallPair;
using reward::Watermark;
using storage::StorageError;
using storage::StorageResult;

namespace {

constexpr int64_t NEVER = std::numeric_limits<int64_t>::max();

Bytes PairBytes(const CallPair& pair)
{
    Bytes out;
    codec::Writer writer(out);
    reward::WritePair(writer, pair);
    return out;
}

base::Unexpected<storage::StorageFailure> Unreadable(const storage::KvStore& store)
{
    return storage::Broken(StorageError::Corrupt,
                           store.Directory() + ": unreadable watermark row; start with -reindex-chainstate");
}

std::optional<uint32_t> ParseEnd(ByteSpan row)
{
    codec::Reader in(row);
    const uint32_t end = in.U32();
    if (!in.Done()) return std::nullopt;
    return end;
}

} // namespace

const WatermarkChanges::Entry* WatermarkChanges::Find(const CallPair& pair) const
{
    const auto found = m_entries.find(pair);
    return found == m_entries.end() ? nullptr : &found->second;
}

void WatermarkChanges::Set(const CallPair& pair, std::optional<uint32_t> from, std::optional<uint32_t> to)
{
    const auto [it, added] = m_entries.try_emplace(pair, Entry{from, from});
    Entry& entry = it->second;
    if (!added && entry.current) m_ends.erase({*entry.current, pair});
    entry.current = to;
    if (to) m_ends.emplace(*to, pair);
}

std::vector<Watermark> WatermarkChanges::EndedBefore(int64_t sec) const
{
    std::vector<Watermark> out;
    for (const auto& [end, pair] : m_ends) {
        if (int64_t{end} >= sec) break;
        out.push_back({pair, end});
    }
    return out;
}

int64_t WatermarkChanges::EarliestEnd() const
{
    return m_ends.empty() ? NEVER : int64_t{m_ends.begin()->first};
}

void WatermarkChanges::AddTo(storage::KvBatch& batch) const
{
    for (const auto& [pair, entry] : m_entries) {
        if (entry.stored == entry.current) continue;
        const Bytes bytes = PairBytes(pair);
        if (entry.stored) batch.Delete(storage::WatermarkByEndKey(*entry.stored, bytes));
        if (entry.current) {
            batch.Put(storage::WatermarkKey(bytes), WatermarkRowOf(*entry.current));
            batch.Put(storage::WatermarkByEndKey(*entry.current, bytes), {});
        } else {
            batch.Delete(storage::WatermarkKey(bytes));
        }
    }
}

void WatermarkChanges::AddTo(NameTotals& totals) const
{
    for (const auto& [pair, entry] : m_entries) {
        if (entry.stored == entry.current) continue;
        if (entry.stored) totals.Remove({pair, *entry.stored});
        if (entry.current) totals.Add({pair, *entry.current});
    }
}

void WatermarkChanges::Clear()
{
    m_entries.clear();
    m_ends.clear();
}

StorageResult<std::optional<uint32_t>> ReadWatermark(const RowSource& from, const CallPair& pair)
{
    const auto row = from.store.Get(WatermarkKeyOf(pair), from.snapshot);
    if (!row) {
        if (row.Error().code != StorageError::NotFound) return base::Unexpected(row.Error());
        return std::optional<uint32_t>();
    }
    const auto end = ParseEnd(*row);
    if (!end) return Unreadable(from.store);
    return std::optional(*end);
}

StorageResult<EndedRows> ReadEnded(const RowSource& from, int64_t before_sec)
{
    EndedRows out;
    out.next_end = NEVER;
    const uint8_t prefix = storage::PREFIX_WATERMARK_BY_END;
    auto it = from.store.Iterate(ByteSpan(&prefix, 1), from.snapshot);
    for (; it.Valid(); it.Next()) {
        const auto parts = storage::ParseWatermarkByEndKey(it.Key());
        if (!parts) return Unreadable(from.store);
        if (int64_t{parts->end} >= before_sec) {
            out.next_end = parts->end;
            break;
        }
        codec::Reader in(parts->pair);
        const CallPair pair = reward::ReadPair(in);
        if (!in.Done()) return Unreadable(from.store);
        out.ended.push_back({pair, parts->end});
    }
    if (const auto status = it.Status(); !status) return base::Unexpected(status.Error());
    return out;
}

std::optional<Watermark> ParseWatermark(ByteSpan key, ByteSpan row)
{
    const auto bytes = storage::ParseWatermarkKey(key);
    if (!bytes) return std::nullopt;
    codec::Reader in(*bytes);
    const CallPair pair = reward::ReadPair(in);
    const auto end = ParseEnd(row);
    if (!in.Done() || !end) return std::nullopt;
    return Watermark{pair, *end};
}

Bytes WatermarkKeyOf(const CallPair& pair)
{
    return storage::WatermarkKey(PairBytes(pair));
}

Bytes WatermarkRowOf(uint32_t end)
{
    Bytes out;
    codec::Writer(out).U32(end);
    return out;
}

} // namespace emc::chain
