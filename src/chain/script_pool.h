/// Runs script checks on several threads.
#pragma once

#include "base/mutex.h"
#include "base/thread.h"
#include "consensus/script_runner.h"

#include <deque>

namespace emc::chain {

/// Used by one thread at a time, which works along while it waits. Threads are joined by the destructor.
class ScriptPool final : public consensus::ScriptRunner
{
public:
    /// `threads` beside the caller; 0: everything runs in Wait.
    explicit ScriptPool(int threads);
    ~ScriptPool() override;
    ScriptPool(const ScriptPool&) = delete;
    ScriptPool& operator=(const ScriptPool&) = delete;

    void Add(std::vector<consensus::ScriptCheck> checks) override;
    [[nodiscard]] std::optional<consensus::ScriptFailure> Wait() override;

private:
    using Batch = std::vector<consensus::ScriptCheck>;
    using Mutex = base::Mutex<base::LockRank::Leaf>;

    void Work();
    void Push();
    void RunBatch(const Batch& batch);

    Batch m_pending; ///< caller's thread only: checks that do not make a batch yet
    Mutex m_mutex;
    base::CondVar m_work;
    base::CondVar m_done;
    std::deque<Batch> m_queue EMC_GUARDED_BY(m_mutex);
    size_t m_running EMC_GUARDED_BY(m_mutex) = 0;
    bool m_stop EMC_GUARDED_BY(m_mutex) = false;
    std::optional<consensus::ScriptFailure> m_failure EMC_GUARDED_BY(m_mutex);
    std::atomic<bool> m_failed{false};
    std::vector<base::Thread> m_threads;
};

} // namespace emc::chain
