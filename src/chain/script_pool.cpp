#include "chain/script_pool.h"

#include "base/mutex.h"
#include "base/thread.h"

#include <deque>
#include <iterator>

namespace emc::chain {
namespace {

// Enough work to make a lock worth its while, little enough that the last batch ends soon.
constexpr size_t BATCH_CHECKS = 16;

} // namespace

struct ScriptPool::Impl {
    using Batch = std::vector<consensus::ScriptCheck>;

    void Work();
    void Push();
    void RunBatch(const Batch& batch);

    Batch pending; ///< caller's thread only: checks that do not make a batch yet
    base::Mutex<base::LockRank::Leaf> mutex;
    base::CondVar work;
    base::CondVar done;
    std::deque<Batch> queue EMC_GUARDED_BY(mutex);
    size_t running EMC_GUARDED_BY(mutex) = 0;
    bool stop EMC_GUARDED_BY(mutex) = false;
    std::optional<consensus::ScriptFailure> failure EMC_GUARDED_BY(mutex);
    std::atomic<bool> failed{false};
    std::vector<base::Thread> threads; // last: they run on the members above
};

ScriptPool::ScriptPool(int threads) : m_impl(std::make_unique<Impl>())
{
    for (int i = 0; i < threads; ++i) {
        m_impl->threads.emplace_back("script-" + std::to_string(i), [impl = m_impl.get()] { impl->Work(); });
    }
}

ScriptPool::~ScriptPool()
{
    {
        const base::LockGuard lock(m_impl->mutex);
        m_impl->stop = true;
    }
    m_impl->work.NotifyAll();
}

void ScriptPool::Add(std::vector<consensus::ScriptCheck> checks)
{
    m_impl->pending.insert(m_impl->pending.end(), std::make_move_iterator(checks.begin()),
                           std::make_move_iterator(checks.end()));
    if (m_impl->pending.size() >= BATCH_CHECKS) m_impl->Push();
}

void ScriptPool::Impl::Push()
{
    if (pending.empty()) return;
    {
        const base::LockGuard lock(mutex);
        while (pending.size() > BATCH_CHECKS) {
            const auto from = pending.end() - static_cast<std::ptrdiff_t>(BATCH_CHECKS);
            queue.emplace_back(std::make_move_iterator(from), std::make_move_iterator(pending.end()));
            pending.erase(from, pending.end());
        }
        queue.push_back(std::exchange(pending, {}));
    }
    work.NotifyOne();
}

void ScriptPool::Impl::RunBatch(const Batch& batch)
{
    for (const auto& check : batch) {
        if (failed.load(std::memory_order_relaxed)) return;
        auto result = check.Judge();
        if (!result) continue;
        failed.store(true, std::memory_order_relaxed);
        const base::LockGuard lock(mutex);
        if (!failure) failure = std::move(result);
        return;
    }
}

void ScriptPool::Impl::Work()
{
    while (true) {
        Batch batch;
        {
            const base::LockGuard lock(mutex);
            while (queue.empty() && !stop)
                work.Wait(mutex);
            if (stop) return;
            batch = std::move(queue.front());
            queue.pop_front();
            ++running;
        }
        RunBatch(batch);
        batch.clear();
        bool idle = false;
        {
            const base::LockGuard lock(mutex);
            idle = --running == 0 && queue.empty();
        }
        if (idle) done.NotifyOne();
    }
}

std::optional<consensus::ScriptFailure> ScriptPool::Wait()
{
    // What makes no batch runs here: waking another thread for it would cost more than it saves.
    m_impl->RunBatch(std::exchange(m_impl->pending, {}));
    while (true) {
        Impl::Batch batch;
        {
            const base::LockGuard lock(m_impl->mutex);
            if (m_impl->queue.empty()) break;
            batch = std::move(m_impl->queue.front());
            m_impl->queue.pop_front();
        }
        m_impl->RunBatch(batch);
    }
    const base::LockGuard lock(m_impl->mutex);
    while (m_impl->running != 0 || !m_impl->queue.empty())
        m_impl->done.Wait(m_impl->mutex);
    m_impl->failed.store(false, std::memory_order_relaxed);
    return std::exchange(m_impl->failure, std::nullopt);
}

} // namespace emc::chain
