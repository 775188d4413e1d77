/// An index that follows the best chain at its own pace, in its own store and thread.
#pragma once

#include "base/log.h"
#include "base/mutex.h"
#include "base/thread.h"
#include "interfaces/chain.h"
#include "interfaces/events.h"
#include "storage/kv_store.h"
#include "storage/schema.h"

namespace emc::index {

/// What one kind of index makes of a block. Any thread.
class Rows
{
public:
    virtual ~Rows() = default;
    /// Adds the block's rows to the batch and their keys to `keys`. A key belongs to one block only.
    virtual void Add(const primitives::Block& block, const interfaces::BlockInfo& info,
                     storage::KvBatch& batch, std::vector<base::Bytes>& keys) const = 0;
};

struct FollowerOptions {
    std::string name;      ///< thread, log and status
    std::string directory; ///< of the store
    size_t cache_bytes = size_t{2} << 20;
    storage::FileSystem* files = nullptr; ///< null: the operating system's
    int64_t wait_ms = 10'000;             ///< how long WaitForTip waits at most
};

/// Chain events only wake it; it reads blocks by itself, goes back on reorganisations (also below blocks the
/// chain has forgotten after a power cut) and can be stopped at any point: rows, their undo and its place are
/// one synced batch.
class Follower final : public interfaces::EventSink
{
public:
    /// `report` gets errors that stop the index; the node goes on without it.
    Follower(FollowerOptions options, const interfaces::ChainReader& chain, std::unique_ptr<Rows> rows,
             base::Logger& log);
    ~Follower() override;

    /// Opens the store and starts following. Errors name the directory and what to do.
    [[nodiscard]] storage::StorageResult<void> Start(interfaces::ChainEvents& events);
    /// Ends the subscription and the thread.
    void Stop();

    /// Waits until it has reached the present tip. False when still building or stopped by an error.
    [[nodiscard]] bool WaitForTip();
    [[nodiscard]] interfaces::IndexReader::Status Status() const;

    [[nodiscard]] const storage::KvStore& Store() const { return *m_store; }

    void OnTip(const interfaces::Tip& tip) override;
    void OnMissed() override;

private:
    using Mutex = base::Mutex<base::LockRank::Leaf>;

    void Loop();
    void Wake();
    /// One round; false on an error.
    [[nodiscard]] bool CatchUp();
    [[nodiscard]] storage::StorageResult<void> GoBack();
    [[nodiscard]] storage::StorageResult<void> Forward(const base::Hash256& target, int32_t target_height);
    [[nodiscard]] storage::StorageResult<void> StartOver();
    [[nodiscard]] storage::StorageResult<void> Commit(storage::KvBatch& batch, const storage::BestRow& best);
    [[nodiscard]] storage::BestRow Best() const;

    const FollowerOptions m_options;
    const interfaces::ChainReader& m_chain;
    const std::unique_ptr<Rows> m_rows;
    base::Logger& m_log;
    std::unique_ptr<storage::KvStore> m_store;
    mutable Mutex m_mutex;
    base::CondVar m_wake;
    base::CondVar m_moved;
    storage::BestRow m_best EMC_GUARDED_BY(m_mutex);
    bool m_synced EMC_GUARDED_BY(m_mutex) = false;
    bool m_failed EMC_GUARDED_BY(m_mutex) = false;
    bool m_work EMC_GUARDED_BY(m_mutex) = true;
    std::atomic<bool> m_stop{false};
    std::unique_ptr<interfaces::Subscription> m_subscription;
    base::Thread m_thread;
};

} // namespace emc::index
