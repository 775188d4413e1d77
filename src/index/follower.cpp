#include "index/follower.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/thread.h"
#include "consensus/params.h"
#include "interfaces/events.h"
#include "storage/kv_store.h"
#include "storage/schema.h"

#include <algorithm>

namespace emc::index {

using storage::StorageError;
using storage::StorageResult;

namespace {

using Guard = base::LockGuard<base::Mutex<base::LockRank::Leaf>>;

constexpr size_t BATCH_BYTES = size_t{4} << 20;
constexpr int64_t WAIT_STEP_MS = 100;
constexpr std::string_view REMEDY = "remove that directory to build the index anew";

/// Says what to do about a damaged store, where the failure does not.
storage::StorageFailure WithRemedy(storage::StorageFailure failure)
{
    const bool damaged = failure.code == StorageError::Corrupt || failure.code == StorageError::NotFound;
    if (damaged && failure.detail.find(REMEDY) == std::string::npos)
        failure.detail += "; " + std::string(REMEDY);
    return failure;
}

} // namespace

struct Follower::Impl final : public interfaces::EventSink {
    Impl(FollowerOptions o, const interfaces::ChainReader& c, std::unique_ptr<Rows> r, base::Logger& l)
        : m_options(std::move(o)), m_chain(c), m_rows(std::move(r)), m_log(l)
    {}

    [[nodiscard]] bool WantsTransactions() const override { return false; }

    void OnTip(const interfaces::Tip& tip) override;
    void OnMissed() override;
    void Stop();
    void Loop();
    void Wake();
    /// Is the block it has to read next there?
    [[nodiscard]] storage::StorageResult<void> CheckBlocks() const;
    /// One round; false on an error.
    [[nodiscard]] bool CatchUp();
    [[nodiscard]] storage::StorageResult<void> GoBack();
    [[nodiscard]] storage::StorageResult<void> Forward(const base::Hash256& target, int32_t target_height);
    [[nodiscard]] storage::StorageResult<void> StartOver();
    [[nodiscard]] storage::StorageResult<void> Commit(storage::KvBatch& batch, const storage::BestRow& best);
    [[nodiscard]] storage::BestRow Best() const;
    [[nodiscard]] bool Waits() const;
    void SetWaits(bool waits);

    const FollowerOptions m_options;
    const interfaces::ChainReader& m_chain;
    const std::unique_ptr<Rows> m_rows;
    base::Logger& m_log;
    std::unique_ptr<storage::KvStore> m_store;
    mutable base::Mutex<base::LockRank::Leaf> m_mutex;
    base::CondVar m_wake;
    base::CondVar m_moved;
    storage::BestRow m_best EMC_GUARDED_BY(m_mutex);
    bool m_synced EMC_GUARDED_BY(m_mutex) = false;
    bool m_waits EMC_GUARDED_BY(m_mutex) = false; ///< for a block below a loaded snapshot
    bool m_failed EMC_GUARDED_BY(m_mutex) = false;
    bool m_work EMC_GUARDED_BY(m_mutex) = true;
    bool m_gathers EMC_GUARDED_BY(m_mutex) = false; ///< many blocks are coming: a round now and then
    std::atomic<bool> m_stop{false};
    std::unique_ptr<interfaces::Subscription> m_subscription;
    base::Thread m_thread;
};

Follower::Follower(FollowerOptions options, const interfaces::ChainReader& chain, std::unique_ptr<Rows> rows,
                   base::Logger& log)
    : m_impl(std::make_unique<Impl>(std::move(options), chain, std::move(rows), log))
{}

Follower::~Follower()
{
    Stop();
}

void Follower::Stop()
{
    m_impl->Stop();
}

const storage::KvStore& Follower::Store() const
{
    return *m_impl->m_store;
}

StorageResult<void> Follower::Start(interfaces::ChainEvents& events)
{
    storage::KvStore::Options options;
    options.files = m_impl->m_options.files;
    options.cache_bytes = m_impl->m_options.cache_bytes;
    auto store = storage::KvStore::Open(m_impl->m_options.directory, options);
    if (!store) return base::Unexpected(WithRemedy(store.Error()));
    m_impl->m_store = std::move(*store);
    const storage::ExpectedVersion version{storage::FOLLOWER_VERSION, m_impl->m_chain.Params().magic_be,
                                           REMEDY};
    if (auto done = storage::CheckVersion(*m_impl->m_store, version); !done)
        return base::Unexpected(WithRemedy(done.Error()));
    const auto row = m_impl->m_store->Get(storage::BestKey());
    if (row) {
        const auto best = storage::DecodeBest(*row);
        if (!best) {
            return storage::Broken(StorageError::Corrupt, m_impl->m_options.directory +
                                                              ": unreadable best block row; " +
                                                              std::string(REMEDY));
        }
        const Guard lock(m_impl->m_mutex);
        m_impl->m_best = *best;
    } else if (row.Error().code != StorageError::NotFound) {
        return base::Unexpected(WithRemedy(row.Error()));
    }
    if (auto done = m_impl->CheckBlocks(); !done) return done;
    m_impl->m_subscription = events.Subscribe(m_impl->m_options.name, *m_impl, 16);
    m_impl->m_thread = base::Thread(m_impl->m_options.name, [impl = m_impl.get()] { impl->Loop(); });
    return {};
}

StorageResult<void> Follower::Impl::CheckBlocks() const
{
    const int32_t next = Best().height + 1;
    const auto info = m_chain.BlockByHeight(next);
    if (!info || info->has_data || info->awaited) return {};
    return storage::Broken(
        StorageError::Pruned,
        base::Format("index %s would have to read block %d, which was removed; switch the index "
                     "off, or start with -reindex to fetch all blocks from the network again",
                     m_options.name.c_str(), next));
}

void Follower::Impl::Stop()
{
    m_subscription.reset();
    m_stop.store(true);
    m_wake.NotifyAll();
    m_moved.NotifyAll();
    m_thread.Join();
}

void Follower::Impl::Wake()
{
    {
        const Guard lock(m_mutex);
        m_work = true;
        m_gathers = false;
    }
    m_wake.NotifyAll();
}

/// While the node catches up, each round ends with a wait for the disk: it is better to have many blocks in
/// one.
void Follower::Impl::OnTip(const interfaces::Tip& tip)
{
    if (!tip.initial_download) return Wake();
    const Guard lock(m_mutex);
    m_work = true;
    m_gathers = true;
}

void Follower::Impl::OnMissed()
{
    Wake();
}

void Follower::Impl::Loop()
{
    while (!m_stop.load()) {
        {
            const Guard lock(m_mutex);
            if (!m_work || m_gathers) m_wake.WaitFor(m_mutex, WAIT_STEP_MS);
            if (!m_work && !m_waits) continue; // no event tells of blocks below a snapshot
            m_work = false;
        }
        if (CatchUp()) continue;
        {
            const Guard lock(m_mutex);
            m_failed = true;
        }
        m_moved.NotifyAll();
        return;
    }
}

storage::BestRow Follower::Impl::Best() const
{
    const Guard lock(m_mutex);
    return m_best;
}

StorageResult<void> Follower::Impl::Commit(storage::KvBatch& batch, const storage::BestRow& best)
{
    batch.Put(storage::BestKey(), storage::Encode(best));
    if (auto done = m_store->Write(batch, storage::Durability::Synced); !done) return done;
    batch.Clear();
    {
        const Guard lock(m_mutex);
        m_best = best;
    }
    m_moved.NotifyAll();
    return {};
}

bool Follower::Impl::CatchUp()
{
    const bool waited = Waits();
    SetWaits(false);
    const auto failed = [this](const storage::StorageFailure& failure) {
        EMC_LOG(m_log, Error, Index, "index %s stops: %s", m_options.name.c_str(),
                storage::Describe(failure).c_str());
        return false;
    };
    while (!m_stop.load()) {
        const auto tip = m_chain.GetTip();
        const auto best = Best();
        if (best.hash == tip.hash) {
            const Guard lock(m_mutex);
            if (!m_synced) {
                EMC_LOG(m_log, Info, Index, "index %s is at the tip, height %d", m_options.name.c_str(),
                        best.height);
            }
            m_synced = true;
            break;
        }
        const auto info = best.height < 0 ? std::nullopt : m_chain.BlockByHash(best.hash);
        const bool on_chain = best.height < 0 || (info && info->in_best_chain);
        const auto done = on_chain ? Forward(tip.hash, tip.height) : GoBack();
        if (!done) return failed(done.Error());
        if (!Waits()) {
            const Guard lock(m_mutex);
            if (!m_gathers || !on_chain) continue;
            m_work = true;
            break;
        }
        if (!waited) {
            EMC_LOG(m_log, Info, Index,
                    "index %s waits at height %d for the blocks below the loaded snapshot to be checked",
                    m_options.name.c_str(), Best().height);
        }
        break;
    }
    m_moved.NotifyAll();
    return true;
}

bool Follower::Impl::Waits() const
{
    const Guard lock(m_mutex);
    return m_waits;
}

void Follower::Impl::SetWaits(bool waits)
{
    const Guard lock(m_mutex);
    m_waits = waits;
    if (waits) m_synced = false;
}

/// Takes back the rows of the block it stands at.
StorageResult<void> Follower::Impl::GoBack()
{
    const auto best = Best();
    const auto row = m_store->Get(storage::FollowerUndoKey(best.height));
    if (!row && row.Error().code != StorageError::NotFound) return base::Unexpected(row.Error());
    const auto undo = row ? storage::DecodeFollowerUndo(*row) : std::nullopt;
    if (!undo || undo->block != best.hash) return StartOver();
    storage::KvBatch batch;
    for (const auto& key : undo->keys)
        batch.Delete(key);
    batch.Delete(storage::FollowerUndoKey(best.height));
    return Commit(batch, {undo->parent, best.height - 1, 0});
}

StorageResult<void> Follower::Impl::StartOver()
{
    EMC_LOG(m_log, Warning, Index, "index %s has left the chain too long ago and is built anew",
            m_options.name.c_str());
    storage::KvBatch batch;
    for (auto it = m_store->Iterate({}); it.Valid(); it.Next()) {
        if (it.Key()[0] == storage::PREFIX_VERSION || it.Key()[0] == storage::PREFIX_BEST) continue;
        batch.Delete(it.Key());
        if (batch.Bytes() < BATCH_BYTES) continue;
        if (auto done = m_store->Write(batch, storage::Durability::Synced); !done) return done;
        batch.Clear();
    }
    return Commit(batch, {});
}

/// Adds blocks up to the target, or as long as the best chain stays the same.
StorageResult<void> Follower::Impl::Forward(const base::Hash256& target, int32_t target_height)
{
    storage::KvBatch batch;
    storage::BestRow at = Best();
    while (!m_stop.load() && at.hash != target) {
        const auto info = m_chain.BlockByHeight(at.height + 1);
        if (!info || (at.height >= 0 && info->header.prev_hash != at.hash)) break; // reorganised meanwhile
        if (info->awaited) { // comes, and is checked, later: rows of unchecked blocks would be worth nothing
            SetWaits(true);
            break;
        }
        const auto block = m_chain.ReadBlock(info->hash);
        if (!block && !info->has_data) return storage::Broken(StorageError::Pruned, block.Error().message);
        if (!block) return storage::Broken(StorageError::Corrupt, block.Error().message);
        storage::FollowerUndoRow undo;
        undo.block = info->hash;
        undo.parent = at.hash;
        if (auto done = m_rows->Add({**block, *info, m_chain, *m_store}, batch, undo.keys); !done)
            return done;
        if (target_height - info->height < storage::FOLLOWER_UNDO_BLOCKS) {
            batch.Put(storage::FollowerUndoKey(info->height), storage::Encode(undo));
        }
        if (info->height >= storage::FOLLOWER_UNDO_BLOCKS) {
            batch.Delete(storage::FollowerUndoKey(info->height - storage::FOLLOWER_UNDO_BLOCKS));
        }
        at = {info->hash, info->height, 0};
        if (batch.Bytes() < BATCH_BYTES) continue;
        if (auto done = Commit(batch, at); !done) return done;
    }
    if (batch.Count() == 0) return {};
    return Commit(batch, at);
}

bool Follower::WaitForTip()
{
    m_impl->Wake();
    const int64_t until = base::SteadyMicros() + m_impl->m_options.wait_ms * 1'000;
    const auto tip = m_impl->m_chain.GetTip().hash;
    const Guard lock(m_impl->m_mutex);
    while (m_impl->m_synced && !m_impl->m_failed && !m_impl->m_stop.load() && m_impl->m_best.hash != tip) {
        if (base::SteadyMicros() > until) break;
        m_impl->m_moved.WaitFor(m_impl->m_mutex, WAIT_STEP_MS);
    }
    return m_impl->m_synced && !m_impl->m_failed;
}

interfaces::IndexReader::Status Follower::Status() const
{
    const auto tip = m_impl->m_chain.GetTip();
    const Guard lock(m_impl->m_mutex);
    interfaces::IndexReader::Status status;
    status.name = m_impl->m_options.name;
    status.height = m_impl->m_best.height;
    status.waits = m_impl->m_waits;
    status.synced = m_impl->m_synced && !m_impl->m_failed && m_impl->m_best.hash == tip.hash;
    return status;
}

} // namespace emc::index
