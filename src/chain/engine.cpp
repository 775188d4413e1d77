#include "chain/engine.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/snapshot.h"
#include "base/thread.h"
#include "chain/block_index.h"
#include "chain/block_store.h"
#include "chain/branch_coins.h"
#include "chain/check_ahead.h"
#include "chain/held_blocks.h"
#include "chain/history.h"
#include "chain/script_pool.h"
#include "storage/kv_store.h"
#include "storage/schema.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <thread>
#include <unordered_map>

namespace emc::chain {
namespace {

// A batch this large is written even if the cache could hold more, so that a flush stays a matter of seconds.
constexpr size_t MAX_DIRTY_BYTES = size_t{192} << 20;
// At the tip, where a scan of coins or names may ask for a flush at any time and the next block must not
// wait.
constexpr size_t MAX_DIRTY_BYTES_AT_TIP = size_t{16} << 20;
constexpr size_t MIN_CACHE_BYTES = size_t{1} << 20;

base::Hash256 RandomHash(base::RandomSource& random)
{
    base::Hash256 out;
    random.Fill(out.bytes);
    return out;
}

} // namespace

struct Engine::Shared {
    std::atomic<bool> stopped{false};
    base::Snapshot<HistoryView> history;

    mutable base::Mutex<base::LockRank::Leaf> proof_mutex;
    /// Merged-mining proofs that are not in the index store yet.
    std::unordered_map<base::Hash256, std::shared_ptr<const primitives::AuxPow>, base::HashOfHash>
        proofs EMC_GUARDED_BY(proof_mutex);

    base::Mutex<base::LockRank::Leaf> mutex;
    base::CondVar wake;
    std::deque<std::function<void()>> jobs EMC_GUARDED_BY(mutex);
    bool stop EMC_GUARDED_BY(mutex) = false;
    std::atomic<std::thread::id> writer_id{};
    base::Thread thread;
};

Engine::Engine(const ChainOptions& options, const ChainDeps& deps)
    : m_options(options), m_deps(deps), m_files(deps.files != nullptr ? *deps.files : storage::SystemFiles()),
      m_signatures(options.signature_cache_bytes, RandomHash(deps.random)),
      m_events(std::make_unique<EventBus>(deps.log)), m_index(std::make_unique<BlockIndex>(deps.params)),
      m_blocks(std::make_unique<BlockStore>(m_files, options, deps.params.magic_be)),
      m_held(std::make_unique<HeldBlocks>()), m_shared(std::make_unique<Shared>())
{}

Engine::~Engine()
{
    Stop();
}

bool Engine::Stopped() const
{
    return m_shared->stopped.load();
}

void Engine::Start()
{
    m_shared->thread = base::Thread("chain", [this] { Loop(); });
}

void Engine::Stop()
{
    if (m_shared->thread.Running()) {
        {
            const base::LockGuard lock(m_shared->mutex);
            m_shared->stop = true;
        }
        m_shared->wake.NotifyAll();
        m_shared->thread.Join();
    }
    m_ahead.reset();
    m_pool.reset();
}

void Engine::Post(std::function<void()> job)
{
    {
        const base::LockGuard lock(m_shared->mutex);
        m_shared->jobs.push_back(std::move(job));
    }
    m_shared->wake.NotifyOne();
}

void Engine::Run(const std::function<void()>& job)
{
    if (m_shared->writer_id.load() == std::this_thread::get_id()) {
        job();
        return;
    }

    struct Done {
        base::Mutex<base::LockRank::Leaf> mutex;
        base::CondVar wake;
        bool done EMC_GUARDED_BY(mutex) = false;
    };

    const auto state = std::make_shared<Done>();
    Post([&job, state] {
        job();
        {
            const base::LockGuard lock(state->mutex);
            state->done = true;
        }
        state->wake.NotifyAll();
    });
    const base::LockGuard lock(state->mutex);
    while (!state->done)
        state->wake.Wait(state->mutex);
}

void Engine::Loop()
{
    m_shared->writer_id.store(std::this_thread::get_id());
    bool more = true; // history to check while nothing else is to be done
    while (true) {
        std::function<void()> job;
        {
            const base::LockGuard lock(m_shared->mutex);
            if (m_shared->jobs.empty() && !m_shared->stop && !more)
                m_shared->wake.WaitFor(m_shared->mutex, 1000);
            if (m_shared->jobs.empty() && m_shared->stop) break;
            if (!m_shared->jobs.empty()) {
                job = std::move(m_shared->jobs.front());
                m_shared->jobs.pop_front();
            }
        }
        if (job) job();
        more = job ? true : StepHistory();
        MaybeFlush();
        MaybePrune();
    }
    if (Stopped() || !Flush(StateCache::Keep::Clean)) return;
    if (m_history && !FlushState(m_history->State(), StateCache::Keep::Clean)) return;
    // The next start need not read the rest of the files to see that nothing is there.
    if (const auto done = m_blocks->Trim(); !done) {
        EMC_LOG(m_deps.log, Warning, Chain, "the block files keep unused space at their end: %s",
                storage::Describe(done.Error()).c_str());
    }
}

void Engine::Fail(const storage::StorageFailure& failure, std::string_view doing)
{
    if (m_shared->stopped.exchange(true)) return;
    FatalError error;
    if (failure.code == storage::StorageError::DiskFull) error.kind = FatalKind::DiskFull;
    if (failure.code == storage::StorageError::Corrupt) error.kind = FatalKind::Corrupt;
    error.message = std::string(doing) + ": " + storage::Describe(failure);
    if (error.kind == FatalKind::DiskFull) error.message += DISK_FULL_REMEDY;
    m_failure = error.message;
    EMC_LOG(m_deps.log, Error, Chain, "%s", error.message.c_str());
    if (m_deps.fatal) m_deps.fatal(error);
}

bool Engine::Interrupted()
{
    if (m_opening && !m_interrupted) m_interrupted = StopAsked();
    return m_interrupted;
}

bool Engine::StopAsked() const
{
    return m_deps.interrupted && m_deps.interrupted();
}

size_t Engine::CacheLimit() const
{
    const size_t all = std::max(m_options.cache_bytes, MIN_CACHE_BYTES);
    return m_history ? all / 2 : all;
}

void Engine::MaybeFlush()
{
    if (Stopped() || !m_state) return;
    MaybeFlush(*m_state, m_last_flush_us, CacheLimit());
    if (m_history && !Stopped()) MaybeFlush(m_history->State(), m_last_history_flush_us, CacheLimit());
}

void Engine::MaybeFlush(StateCache& state, int64_t& last_us, size_t limit)
{
    const bool old = base::SteadyMicros() - last_us > m_options.flush_interval_sec * 1'000'000;
    const bool full = state.MemoryBytes() > limit;
    const bool at_tip = !m_initial_download && &state == m_state.get();
    const bool much = state.DirtyBytes() > (at_tip ? MAX_DIRTY_BYTES_AT_TIP : MAX_DIRTY_BYTES);
    if (!full && !much && !(old && state.Dirty())) return;
    last_us = base::SteadyMicros();
    static_cast<void>(FlushState(state, full ? StateCache::Keep::Nothing : StateCache::Keep::Clean));
}

bool Engine::Flush(StateCache::Keep keep)
{
    m_last_flush_us = base::SteadyMicros();
    return FlushState(*m_state, keep);
}

bool Engine::WriteIndex()
{
    if (Stopped()) return false;
    // Files, then what points into them, then the state that stands on it: whatever is lost with the power,
    // what is left fits together.
    if (const auto done = m_blocks->Sync(); !done) {
        Fail(done.Error(), "writing the block files");
        return false;
    }
    storage::KvBatch batch;
    m_index->WriteChanges(batch);
    BatchProofs(batch);
    if (batch.Count() == 0) return true;
    batch.Put(storage::FileEndsKey(), storage::Encode(m_blocks->Ends()));
    if (const auto done = m_index_store->Write(batch, storage::Durability::Synced); !done) {
        Fail(done.Error(), "writing the block index");
        return false;
    }
    m_index->ChangesWritten();
    const base::LockGuard lock(m_shared->proof_mutex);
    m_shared->proofs.clear();
    return true;
}

bool Engine::FlushState(StateCache& state, StateCache::Keep keep)
{
    const int64_t began = base::SteadyMicros();
    if (!WriteIndex()) return false;
    if (!state.Dirty()) return true;
    const size_t bytes = state.DirtyBytes();
    if (const auto done = state.Flush(keep); !done) {
        Fail(done.Error(), "writing the chain state");
        return false;
    }
    EMC_LOG(m_deps.log, Debug, Chain, "flushed about %zu bytes of state in %lld ms", bytes,
            static_cast<long long>((base::SteadyMicros() - began) / 1000));
    return true;
}

std::shared_ptr<const HistoryView> Engine::HistoryNow() const
{
    return m_shared->history.Load();
}

void Engine::PublishHistory()
{
    m_shared->history.Store(m_history ? std::make_shared<const HistoryView>(m_history->View()) : nullptr);
}

void Engine::KeepProof(const base::Hash256& hash, const std::shared_ptr<const primitives::AuxPow>& proof)
{
    const base::LockGuard lock(m_shared->proof_mutex);
    m_shared->proofs.emplace(hash, proof);
}

void Engine::BatchProofs(storage::KvBatch& batch) const
{
    const base::LockGuard lock(m_shared->proof_mutex);
    for (const auto& [hash, proof] : m_shared->proofs) {
        base::Bytes bytes;
        codec::Writer writer(bytes);
        primitives::Write(writer, *proof);
        batch.Put(storage::ProofKey(hash), bytes);
    }
}

std::shared_ptr<const primitives::AuxPow> Engine::ProofOf(const base::Hash256& hash) const
{
    {
        const base::LockGuard lock(m_shared->proof_mutex);
        if (const auto it = m_shared->proofs.find(hash); it != m_shared->proofs.end()) return it->second;
    }
    const auto row = m_index_store->Get(storage::ProofKey(hash));
    if (!row) return nullptr;
    codec::Reader reader(*row);
    auto proof = std::make_shared<primitives::AuxPow>(primitives::ReadAuxPow(reader));
    if (!reader.Done()) return nullptr;
    return proof;
}

std::shared_ptr<const CommittedState> Engine::CommittedAtTip()
{
    const auto wanted = m_state->Tip()->generation;
    auto committed = m_state->Committed();
    if (committed->tip.generation >= wanted) return committed;
    Run([this] { Flush(StateCache::Keep::Clean); });
    return m_state->Committed();
}

int32_t Engine::ReorgLimit() const
{
    return m_options.reorg_limit.value_or(m_deps.params.reorg_limit);
}

} // namespace emc::chain
