#include "chain/script_pool.h"

#include <iterator>

namespace emc::chain {
namespace {

// Enough work to make a lock worth its while, little enough that the last batch ends soon.
constexpr size_t BATCH_CHECKS = 16;

} // namespace

ScriptPool::ScriptPool(int threads)
{
    for (int i = 0; i < threads; ++i) {
        m_threads.emplace_back("script-" + std::to_string(i), [this] { Work(); });
    }
}

ScriptPool::~ScriptPool()
{
    {
        const base::LockGuard lock(m_mutex);
        m_stop = true;
    }
    m_work.notify_all();
}

void ScriptPool::Add(std::vector<consensus::ScriptCheck> checks)
{
    m_pending.insert(m_pending.end(), std::make_move_iterator(checks.begin()),
                     std::make_move_iterator(checks.end()));
    if (m_pending.size() >= BATCH_CHECKS) Push();
}

void ScriptPool::Push()
{
    if (m_pending.empty()) return;
    {
        const base::LockGuard lock(m_mutex);
        while (m_pending.size() > BATCH_CHECKS) {
            const auto from = m_pending.end() - static_cast<std::ptrdiff_t>(BATCH_CHECKS);
            m_queue.emplace_back(std::make_move_iterator(from), std::make_move_iterator(m_pending.end()));
            m_pending.erase(from, m_pending.end());
        }
        m_queue.push_back(std::exchange(m_pending, {}));
    }
    m_work.notify_one();
}

void ScriptPool::RunBatch(const Batch& batch)
{
    for (const auto& check : batch) {
        if (m_failed.load(std::memory_order_relaxed)) return;
        const auto result = check.Run();
        if (result) continue;
        m_failed.store(true, std::memory_order_relaxed);
        const base::LockGuard lock(m_mutex);
        if (!m_failure)
            m_failure = consensus::ScriptFailure{check.owner->Txid(), check.input, result.Error()};
        return;
    }
}

void ScriptPool::Work()
{
    while (true) {
        Batch batch;
        {
            const base::LockGuard lock(m_mutex);
            while (m_queue.empty() && !m_stop)
                m_work.wait(m_mutex);
            if (m_stop) return;
            batch = std::move(m_queue.front());
            m_queue.pop_front();
            ++m_running;
        }
        RunBatch(batch);
        batch.clear();
        bool idle = false;
        {
            const base::LockGuard lock(m_mutex);
            idle = --m_running == 0 && m_queue.empty();
        }
        if (idle) m_done.notify_one();
    }
}

std::optional<consensus::ScriptFailure> ScriptPool::Wait()
{
    Push();
    while (true) {
        Batch batch;
        {
            const base::LockGuard lock(m_mutex);
            if (m_queue.empty()) break;
            batch = std::move(m_queue.front());
            m_queue.pop_front();
        }
        RunBatch(batch);
    }
    const base::LockGuard lock(m_mutex);
    while (m_running != 0 || !m_queue.empty())
        m_done.wait(m_mutex);
    m_failed.store(false, std::memory_order_relaxed);
    return std::exchange(m_failure, std::nullopt);
}

} // namespace emc::chain
