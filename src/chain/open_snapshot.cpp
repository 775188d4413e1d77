// Opening a chain that stands on a snapshot: which store is which, and tidying up what was interrupted.
#include "base/log.h"
#include "chain/block_index.h"
#include "chain/engine.h"
#include "chain/history.h"

namespace emc::chain {

using storage::Broken;
using storage::SnapshotPhase;
using storage::StorageError;
using storage::StorageFailure;
using storage::StorageResult;

StorageResult<std::shared_ptr<storage::KvStore>> Engine::OpenStateStore(const std::string& directory) const
{
    storage::KvStore::Options options;
    options.files = m_deps.files;
    options.cache_bytes = m_options.store_cache_bytes;
    options.write_buffer_bytes = std::max(size_t{4} << 20, m_options.store_cache_bytes / 2);
    auto store = storage::KvStore::Open(directory, options);
    if (!store) return base::Unexpected(store.Error());
    const storage::ExpectedVersion version{storage::STATE_VERSION, m_deps.params.magic_be, STATE_REMEDY};
    if (auto done = storage::CheckVersion(**store, version); !done) return base::Unexpected(done.Error());
    return std::shared_ptr<storage::KvStore>(std::move(*store));
}

std::unique_ptr<StateCache> Engine::CacheOn(std::shared_ptr<storage::KvStore> store)
{
    return std::make_unique<StateCache>(
        std::move(store), m_deps.random,
        [this](const StorageFailure& failure) { Fail(failure, "reading the chain state"); });
}

StorageResult<void> Engine::RemoveStore(const std::string& directory) const
{
    storage::KvStore::Options options;
    options.files = m_deps.files;
    return storage::KvStore::Destroy(directory, options);
}

StorageResult<void> Engine::OpenSnapshotStore()
{
    const std::string loading = m_options.state_dir + std::string(LOADING_SUFFIX);
    if (m_files.Exists(loading)) {
        EMC_LOG(m_deps.log, Info, Chain, "removing %s: the snapshot was not loaded to its end",
                loading.c_str());
        if (auto done = RemoveStore(loading); !done) return done;
    }
    const std::string directory = m_options.state_dir + std::string(SNAPSHOT_SUFFIX);
    if (!m_files.Exists(directory + "/CURRENT")) return {};
    auto store = OpenStateStore(directory);
    if (!store) return base::Unexpected(store.Error());
    const auto bytes = (*store)->Get(storage::SnapshotKey());
    const auto row = bytes ? storage::DecodeSnapshot(*bytes) : std::nullopt;
    if (!row) return Broken(StorageError::Corrupt, directory + ": unreadable snapshot row");
    if (row->phase != SnapshotPhase::Validated) {
        m_snapshot_row = row;
        m_snapshot_store = *store;
        return {};
    }
    // The state that was checked block by block leads to this one, which takes its place.
    store->reset();
    if (auto done = RemoveStore(m_options.state_dir); !done) return done;
    if (auto done = m_files.Rename(directory, m_options.state_dir); !done) return done;
    return m_files.SyncDirectory(ParentOf(directory));
}

StorageResult<void> Engine::DropSnapshot()
{
    if (!m_snapshot_row) return {};
    m_snapshot_row->phase = SnapshotPhase::Dropped;
    return m_snapshot_store->Put(storage::SnapshotKey(), storage::Encode(*m_snapshot_row),
                                 storage::Durability::Synced);
}

StorageResult<void> Engine::ChooseState(std::shared_ptr<storage::KvStore> state)
{
    if (m_snapshot_row && m_snapshot_row->phase == SnapshotPhase::Loaded) {
        m_state_store = std::move(m_snapshot_store);
        m_history_store = std::move(state);
        return {};
    }
    m_state_store = std::move(state);
    if (m_snapshot_row) return PutAsideSnapshot();
    if (!m_state_store->Get(storage::SnapshotKey())) return {};
    // Of a snapshot that was validated and took this place; it tells nothing any more.
    storage::KvBatch batch;
    batch.Delete(storage::SnapshotKey());
    return m_state_store->Write(batch, storage::Durability::Synced);
}

StorageResult<void> Engine::PutAsideSnapshot()
{
    const std::string directory = m_options.state_dir + std::string(SNAPSHOT_SUFFIX);
    if (const BlockEntry* base = m_index->Find(m_snapshot_row->base)) {
        m_index->Distrust(*base);
        storage::KvBatch batch;
        m_index->WriteChanges(batch);
        if (auto done = m_index_store->Write(batch, storage::Durability::Synced); !done) return done;
        m_index->ChangesWritten();
    }
    m_snapshot_store.reset();
    const bool dropped = m_snapshot_row->phase == SnapshotPhase::Dropped;
    m_snapshot_row.reset();
    if (dropped) {
        EMC_LOG(m_deps.log, Info, Chain, "removing %s: the state is built anew from blocks",
                directory.c_str());
        return RemoveStore(directory);
    }
    const std::string aside = m_options.state_dir + std::string(REFUSED_SUFFIX);
    EMC_LOG(
        m_deps.log, Warning, Chain,
        "the state loaded from a snapshot was wrong; it lies in %s now and may be deleted. The node goes on "
        "from the blocks it has checked",
        aside.c_str());
    if (auto done = RemoveStore(aside); !done) return done;
    if (auto done = m_files.Rename(directory, aside); !done) return done;
    return m_files.SyncDirectory(ParentOf(directory));
}

StorageResult<void> Engine::OpenHistory()
{
    const BlockEntry* base = m_index->Find(m_snapshot_row->base);
    const auto place = PlaceOf(*m_history_store);
    if (!place) return base::Unexpected(place.Error());
    const bool below = base != nullptr && base->Ancestor(place->at->height) == place->at;
    if (!below) {
        return Broken(StorageError::Corrupt, m_history_store->Directory() + " stands at block " +
                                                 base::ReversedHex(place->at->hash) +
                                                 ", which is not below the loaded snapshot");
    }
    auto state = CacheOn(m_history_store);
    StateCache::NewTip tip;
    tip.time = place->at->header.time;
    tip.median_time = place->at->MedianTime();
    tip.tip.hash = place->at->hash;
    tip.tip.height = place->at->height;
    const auto names = NamesOf(*m_history_store, *place->at);
    if (!names) return base::Unexpected(names.Error());
    state->Start(tip, TimesUpTo(*place->at), {place->supply, *names});
    m_history = std::make_unique<History>(*base, *m_snapshot_row, *place->at, std::move(state), m_deps.log);
    m_snapshot_row.reset();
    m_last_history_flush_us = m_last_flush_us;
    PublishHistory();
    EMC_LOG(m_deps.log, Info, Chain,
            "the state came from a snapshot at height %d; the blocks below it are checked up to height %d",
            base->height, place->at->height);
    return {};
}

} // namespace emc::chain
