// A flush of the state: from memory into one batch.
#include "chain/state_maps.h"
#include "storage/kv_store.h"

#include <algorithm>

namespace emc::chain {
namespace {

using storage::StorageResult;

Bytes EncodeCoin(const Coin& coin)
{
    storage::CoinRow row;
    row.value = coin.out.value;
    row.height = coin.height;
    row.generated = coin.generated;
    row.had_prefix = coin.had_prefix;
    row.script = coin.out.script_pubkey;
    return storage::Encode(row);
}

Bytes EncodeRecord(const NameRecord& record)
{
    Bytes out;
    codec::Writer writer(out);
    names::Write(writer, record);
    return out;
}

} // namespace

void StateCache::BatchCoins(storage::KvBatch& batch) const
{
    const ReadLock lock(m_maps->mutex);
    for (const auto& [outpoint, entry] : m_maps->coins) {
        if (!entry.dirty) continue;
        if (entry.present) {
            batch.Put(CoinKeyOf(outpoint), EncodeCoin(entry.coin));
        } else {
            batch.Delete(CoinKeyOf(outpoint));
        }
    }
}

void StateCache::BatchNames(storage::KvBatch& batch) const
{
    const ReadLock lock(m_maps->mutex);
    // All deletions first: a row may be taken from one name and given to another.
    for (const auto& [name, entry] : m_maps->names) {
        if (!entry.dirty || !entry.stored) continue;
        const auto& old = *entry.stored;
        batch.Delete(storage::NameByOutpointKey(old.outpoint.txid, old.outpoint.index));
        batch.Delete(storage::NameByOwnerKey(old.owner_script, name));
        batch.Delete(storage::NameByExpiryKey(old.expiry, name));
        if (!entry.current) batch.Delete(storage::NameKey(name));
    }
    for (const auto& [name, entry] : m_maps->names) {
        if (!entry.dirty || !entry.current) continue;
        const auto& now = *entry.current;
        batch.Put(storage::NameKey(name), EncodeRecord(now));
        batch.Put(storage::NameByOutpointKey(now.outpoint.txid, now.outpoint.index), base::AsBytes(name));
        batch.Put(storage::NameByOwnerKey(now.owner_script, name), {});
        batch.Put(storage::NameByExpiryKey(now.expiry, name), {});
    }
}

void StateCache::MarkClean(Keep keep)
{
    Maps::CoinMap old_coins; // destroyed outside the lock
    Maps::NameMap old_names(0, Maps::TextHasher{});
    const WriteLock lock(m_maps->mutex);
    m_maps->asked_next_end = m_maps->next_stored_end =
        std::min(m_maps->next_stored_end, m_maps->watermarks.EarliestEnd());
    m_maps->watermarks.Clear();
    m_maps->outpoint_names.clear();
    m_maps->dirty_bytes = 0;
    m_maps->name_bytes = 0;
    m_maps->dirty = false;
    old_names = std::exchange(m_maps->names, Maps::NameMap(0, m_maps->names.hash_function()));
    if (keep == Keep::Nothing) {
        old_coins = std::exchange(m_maps->coins, Maps::CoinMap(0, m_maps->coins.hash_function()));
        m_maps->coin_bytes = 0;
        return;
    }
    for (auto it = m_maps->coins.begin(); it != m_maps->coins.end();) {
        if (!it->second.present) {
            m_maps->coin_bytes -= CoinBytes(it->second.coin);
            it = m_maps->coins.erase(it);
            continue;
        }
        it->second.dirty = false;
        it->second.in_store = true;
        ++it;
    }
}

StorageResult<NameTotals> StateCache::NextNameTotals(int32_t height) const
{
    const auto before = m_maps->committed.Load();
    NameTotals totals = before->names;
    // First the names of the store at the new height, then what changed. Each name enters once, however often
    // it changed: multiplying at every block would cost the writer microseconds for every change.
    const int32_t from = before->tip.height;
    const auto crossing = CountExpiring(*m_maps->Store(), std::min(from, height), std::max(from, height));
    if (!crossing) return base::Unexpected(crossing.Error());
    totals.live += height >= from ? 0 - *crossing : *crossing;

    struct Change {
        std::string_view name;
        std::shared_ptr<const NameRecord> from;
        std::shared_ptr<const NameRecord> to;
    };

    std::vector<Change> changes; // only the writer takes entries away: the names stay while it is here
    {
        const ReadLock lock(m_maps->mutex);
        for (const auto& [name, entry] : m_maps->names) {
            if (entry.dirty) changes.push_back({name, entry.stored, entry.current});
        }
    }
    {
        const ReadLock lock(m_maps->mutex);
        m_maps->watermarks.AddTo(totals);
    }
    for (const auto& change : changes) {
        if (change.from) totals.Remove(change.name, *change.from, height);
        if (change.to) totals.Add(change.name, *change.to, height);
    }
    return totals;
}

StorageResult<void> StateCache::Flush(Keep keep)
{
    const auto tip = m_maps->tip.Load();
    auto totals = NextNameTotals(tip->height);
    if (!totals) return base::Unexpected(totals.Error());
    storage::KvBatch batch;
    BatchCoins(batch);
    BatchNames(batch);
    {
        const ReadLock lock(m_maps->mutex);
        m_maps->watermarks.AddTo(batch);
    }
    batch.Put(storage::BestKey(), storage::Encode(storage::BestRow{tip->hash, tip->height, Supply()}));
    batch.Put(storage::NameTotalsKey(), storage::Encode(totals->ToRow(tip->hash)));
    const auto store = m_maps->Store();
    if (auto done = store->Write(batch, storage::Durability::Synced); !done) return done;
    MarkClean(keep);
    m_maps->Commit(store, std::move(*totals));
    return {};
}

} // namespace emc::chain
