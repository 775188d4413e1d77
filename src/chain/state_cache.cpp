#include "chain/state_cache.h"

#include "chain/state_maps.h"
#include "chain/state_rows.h"
#include "storage/kv_store.h"

#include <algorithm>

namespace emc::chain {
namespace {

using storage::StorageError;
using storage::StorageResult;

size_t RecordBytes(const NameRecord& record)
{
    return record.value.size() + record.owner_script.size();
}

} // namespace

StateCache::StateCache(std::shared_ptr<storage::KvStore> store, base::RandomSource& random,
                       ReportFailure report)
    : m_report(std::move(report)), m_maps(std::make_unique<Maps>(std::move(store), random))
{}

StateCache::~StateCache() = default;

std::shared_ptr<const interfaces::Tip> StateCache::Tip() const
{
    return m_maps->tip.Load();
}

std::shared_ptr<const CommittedState> StateCache::Committed() const
{
    return m_maps->committed.Load();
}

int64_t StateCache::Supply() const
{
    return m_maps->supply.load(std::memory_order_relaxed);
}

bool StateCache::ReadFailed() const
{
    return m_maps->read_failed.load(std::memory_order_relaxed);
}

size_t StateCache::MemoryBytes() const
{
    return m_maps->coin_bytes + m_maps->name_bytes;
}

size_t StateCache::DirtyBytes() const
{
    return m_maps->dirty_bytes;
}

bool StateCache::Dirty() const
{
    return m_maps->dirty;
}

void StateCache::Failed(const storage::StorageFailure& failure) const
{
    m_maps->read_failed.store(true, std::memory_order_relaxed);
    m_report(failure);
}

template <typename T>
T StateCache::Value(StorageResult<T> read) const
{
    if (read) return std::move(*read);
    Failed(read.Error());
    return {};
}

std::optional<Coin> StateCache::Get(const OutPoint& outpoint) const
{
    std::shared_ptr<const storage::KvStore> store;
    {
        const ReadLock lock(m_maps->mutex);
        if (const auto it = m_maps->coins.find(outpoint); it != m_maps->coins.end()) {
            if (!it->second.present) return std::nullopt;
            return it->second.coin;
        }
        store = m_maps->store;
    }
    return Value(ReadCoin({*store}, outpoint));
}

std::optional<NameRecord> StateCache::Get(std::string_view name) const
{
    std::shared_ptr<const storage::KvStore> store;
    {
        const ReadLock lock(m_maps->mutex);
        if (const auto it = m_maps->names.find(std::string(name)); it != m_maps->names.end()) {
            if (!it->second.current) return std::nullopt;
            return *it->second.current;
        }
        store = m_maps->store;
    }
    return Value(ReadName({*store}, name));
}

std::optional<std::string> StateCache::NameByOutpoint(const OutPoint& outpoint) const
{
    std::shared_ptr<const storage::KvStore> store;
    {
        const ReadLock lock(m_maps->mutex);
        if (const auto it = m_maps->outpoint_names.find(outpoint); it != m_maps->outpoint_names.end())
            return it->second;
        store = m_maps->store;
    }
    return Value(ReadNameAt({*store}, outpoint));
}

std::optional<uint32_t> StateCache::EndOf(const reward::CallPair& pair) const
{
    std::shared_ptr<const storage::KvStore> store;
    {
        const ReadLock lock(m_maps->mutex);
        if (const auto* entry = m_maps->watermarks.Find(pair)) return entry->current;
        store = m_maps->store;
    }
    return Value(ReadWatermark({*store}, pair));
}

std::vector<reward::Watermark> StateCache::EndedBefore(int64_t sec) const
{
    std::vector<reward::Watermark> out;
    m_maps->asked_next_end = m_maps->next_stored_end;
    if (sec > m_maps->next_stored_end) { // else the store need not be asked: so at nearly every block
        auto rows = ReadEnded({*m_maps->Store()}, sec);
        if (!rows) {
            Failed(rows.Error());
            return out;
        }
        m_maps->asked_next_end = rows->next_end;
        out = std::move(rows->ended);
    }
    const ReadLock lock(m_maps->mutex);
    std::erase_if(out, [&](const auto& row) EMC_REQUIRES_SHARED(m_maps->mutex) {
        return m_maps->watermarks.Find(row.pair) != nullptr; // changed since: memory knows better
    });
    const auto changed = m_maps->watermarks.EndedBefore(sec);
    out.insert(out.end(), changed.begin(), changed.end());
    return out;
}

int64_t StateCache::MedianTimePast(int32_t height) const
{
    const ReadLock lock(m_maps->mutex);
    if (m_maps->times.empty()) return 0;
    return m_maps->times[std::min(static_cast<size_t>(std::max(height, 0)), m_maps->times.size() - 1)].median;
}

int64_t StateCache::BlockTime(int32_t height) const
{
    const ReadLock lock(m_maps->mutex);
    if (m_maps->times.empty()) return 0;
    return m_maps->times[std::min(static_cast<size_t>(std::max(height, 0)), m_maps->times.size() - 1)].time;
}

void StateCache::Prefetch(std::span<const OutPoint> outpoints) const
{
    std::vector<OutPoint> missing;
    std::shared_ptr<const storage::KvStore> store;
    {
        const ReadLock lock(m_maps->mutex);
        store = m_maps->store;
        for (const auto& outpoint : outpoints) {
            if (!m_maps->coins.contains(outpoint)) missing.push_back(outpoint);
        }
    }
    if (missing.empty()) return;
    std::sort(missing.begin(), missing.end()); // in key order the store reads each of its blocks once
    std::vector<std::pair<OutPoint, Coin>> found;
    found.reserve(missing.size());
    for (const auto& outpoint : missing) {
        if (auto coin = Value(ReadCoin({*store}, outpoint))) found.emplace_back(outpoint, std::move(*coin));
    }
    const WriteLock lock(m_maps->mutex);
    for (auto& [outpoint, coin] : found) {
        const size_t bytes = CoinBytes(coin);
        const bool added =
            m_maps->coins.try_emplace(outpoint, Maps::CoinEntry{std::move(coin), true, false, true}).second;
        if (added) m_maps->coin_bytes += bytes;
    }
}

void StateCache::Maps::SetTip(const NewTip& next_tip)
{
    auto next = std::make_shared<interfaces::Tip>(next_tip.tip);
    next->time = next_tip.time;
    next->median_time = next_tip.median_time;
    next->generation = tip.Load()->generation + 1;
    times.resize(static_cast<size_t>(next_tip.tip.height) + 1);
    times.back() = {next_tip.time, next_tip.median_time};
    tip.Store(std::move(next));
}

void StateCache::Maps::Commit(const std::shared_ptr<storage::KvStore>& of, NameTotals totals)
{
    auto next = std::make_shared<CommittedState>();
    next->tip = *tip.Load();
    next->store = of;
    next->snapshot = of->Snapshot();
    next->names = std::move(totals);
    committed.Store(std::move(next));
}

void StateCache::Maps::StartAt(const NewTip& at, std::span<const NewTip> ancestors, const Totals& totals)
{
    times.clear();
    for (const auto& ancestor : ancestors)
        times.push_back({ancestor.time, ancestor.median_time});
    SetTip(at);
    supply.store(totals.supply, std::memory_order_relaxed);
    Commit(store, totals.names);
}

void StateCache::Start(const NewTip& at, std::span<const NewTip> ancestors, const Totals& totals)
{
    const WriteLock lock(m_maps->mutex);
    m_maps->StartAt(at, ancestors, totals);
}

void StateCache::Replace(std::shared_ptr<storage::KvStore> store, const NewTip& at,
                         std::span<const NewTip> ancestors, const Totals& totals)
{
    EMC_CHECK(!Dirty());
    Maps::CoinMap old_coins; // destroyed outside the lock, as is the old store
    Maps::NameMap old_names(0, Maps::TextHasher{});
    const WriteLock lock(m_maps->mutex);
    m_maps->store.swap(store);
    old_coins = std::exchange(m_maps->coins, Maps::CoinMap(0, m_maps->coins.hash_function()));
    old_names = std::exchange(m_maps->names, Maps::NameMap(0, m_maps->names.hash_function()));
    m_maps->outpoint_names.clear();
    m_maps->watermarks.Clear();
    m_maps->next_stored_end = m_maps->asked_next_end = 0;
    m_maps->coin_bytes = 0;
    m_maps->name_bytes = 0;
    m_maps->StartAt(at, ancestors, totals);
}

void StateCache::Announce(const interfaces::Tip& tip)
{
    const WriteLock lock(m_maps->mutex);
    m_maps->tip.Store(std::make_shared<const interfaces::Tip>(tip));
}

void StateCache::Maps::PutCoin(const OutPoint& outpoint, const Coin& coin)
{
    const auto [it, added] = coins.try_emplace(outpoint);
    if (!added) {
        coin_bytes -= CoinBytes(it->second.coin);
        if (it->second.dirty) dirty_bytes -= CoinBytes(it->second.coin);
    }
    it->second.coin = coin;
    it->second.present = true;
    it->second.dirty = true;
    coin_bytes += CoinBytes(it->second.coin);
    dirty_bytes += CoinBytes(it->second.coin);
}

void StateCache::Maps::RemoveCoin(const OutPoint& outpoint)
{
    auto it = coins.find(outpoint);
    if (it == coins.end()) {
        it = coins.try_emplace(outpoint, CoinEntry{{}, false, false, true}).first;
    } else {
        coin_bytes -= CoinBytes(it->second.coin);
        if (it->second.dirty) dirty_bytes -= CoinBytes(it->second.coin);
        if (!it->second.in_store) { // made and spent between two flushes: the store never hears of it
            coins.erase(it);
            return;
        }
    }
    it->second.coin = Coin{};
    it->second.present = false;
    it->second.dirty = true;
    coin_bytes += CoinBytes(it->second.coin);
    dirty_bytes += CoinBytes(it->second.coin);
}

void StateCache::LoadNames(const std::vector<names::NameDelta>& deltas, Side now)
{
    // A name without an entry is as the store has it, and a block changes a name once: the store need not be
    // asked for what the change itself says.
    const WriteLock lock(m_maps->mutex);
    for (const auto& delta : deltas) {
        const auto [it, added] = m_maps->names.try_emplace(delta.name);
        if (!added) continue;
        const auto& record = delta.*now;
        if (record) it->second.current = it->second.stored = std::make_shared<const NameRecord>(*record);
        m_maps->name_bytes += NAME_ENTRY_BYTES + delta.name.size() + (record ? RecordBytes(*record) : 0);
    }
}

void StateCache::Maps::SetName(const std::string& name, const std::optional<NameRecord>& from,
                               const std::optional<NameRecord>& to)
{
    auto& entry = names[name];
    entry.current = to ? std::make_shared<const NameRecord>(*to) : nullptr;
    if (!entry.dirty) dirty_bytes += NAME_ENTRY_BYTES + name.size();
    entry.dirty = true;
    const size_t bytes = to ? RecordBytes(*to) : 0;
    name_bytes += bytes;
    dirty_bytes += bytes;
    if (from) outpoint_names[from->outpoint] = std::nullopt;
    if (to) outpoint_names[to->outpoint] = name;
}

void StateCache::Maps::SetWatermark(const reward::CallPair& pair, std::optional<uint32_t> from,
                                    std::optional<uint32_t> to)
{
    const size_t before = watermarks.Count();
    watermarks.Set(pair, from, to);
    const size_t bytes = (watermarks.Count() - before) * WATERMARK_ENTRY_BYTES;
    name_bytes += bytes;
    dirty_bytes += bytes;
}

void StateCache::Apply(const consensus::BlockDelta& delta, const NewTip& tip)
{
    LoadNames(delta.names, &names::NameDelta::before);
    m_maps->dirty = true;
    const WriteLock lock(m_maps->mutex);
    for (const auto& outpoint : delta.removed)
        m_maps->RemoveCoin(outpoint);
    for (const auto& made : delta.created)
        m_maps->PutCoin(made.outpoint, made.coin);
    for (const auto& change : delta.names)
        m_maps->SetName(change.name, change.before, change.after);
    for (const auto& change : delta.watermarks)
        m_maps->SetWatermark(change.pair, change.before, change.after);
    m_maps->next_stored_end = m_maps->asked_next_end; // those before it have just got a change
    m_maps->supply.fetch_add(delta.supply_change, std::memory_order_relaxed);
    m_maps->SetTip(tip);
}

void StateCache::Revert(const primitives::Block& block, int32_t height, const BlockUndo& undo,
                        const NewTip& tip)
{
    LoadNames(undo.names, &names::NameDelta::after);
    m_maps->dirty = true;
    const WriteLock lock(m_maps->mutex);
    // Newest first, so that a coin made and spent within the block ends up absent.
    for (size_t t = block.transactions.size(); t-- > 0;) {
        const auto& tx = *block.transactions[t];
        const auto role = consensus::RoleOf(block, t);
        for (size_t i = 0; i < tx.Outputs().size(); ++i) {
            if (!consensus::CoinOf(tx, i, height, role)) continue;
            m_maps->RemoveCoin({tx.Txid(), static_cast<uint32_t>(i)});
        }
        if (t >= undo.spent.size()) continue;
        const auto& spent = undo.spent[t];
        for (size_t i = 0; i < spent.size() && i < tx.Inputs().size(); ++i)
            m_maps->PutCoin(tx.Inputs()[i].prevout, spent[i]);
    }
    for (auto it = undo.names.rbegin(); it != undo.names.rend(); ++it)
        m_maps->SetName(it->name, it->after, it->before);
    for (const auto& change : undo.watermarks)
        m_maps->SetWatermark(change.pair, change.after, change.before);
    m_maps->supply.fetch_sub(undo.supply_change, std::memory_order_relaxed);
    m_maps->SetTip(tip);
}

} // namespace emc::chain
