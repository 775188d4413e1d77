#include "chain/read_ahead.h"

#include "base/mutex.h"
#include "base/thread.h"
#include "chain/block_index.h"
#include "chain/block_store.h"

#include <deque>

namespace emc::chain {
namespace {

// Enough that the writer finds a block ready after one that took long, little beside the coins' cache.
constexpr size_t MAX_WAITING_BYTES = size_t{4} << 20;
constexpr size_t MAX_WAITING_BLOCKS = 256;

using Loaded = storage::StorageResult<primitives::BlockRef>;

} // namespace

struct ReadAhead::Impl {
    struct Item {
        Loaded block;
        size_t bytes = 0;
    };

    Impl(const BlockStore& block_store, const BlockIndex& block_index, std::vector<const BlockEntry*> steps)
        : blocks(block_store), index(block_index), path(std::move(steps)),
          thread("read-ahead", [this] { Work(); })
    {}

    void Work();
    /// False: stop.
    [[nodiscard]] bool Put(Item item);

    const BlockStore& blocks;
    const BlockIndex& index;
    const std::vector<const BlockEntry*> path;

    std::deque<Item> taken; ///< reader only

    base::Mutex<base::LockRank::Leaf> mutex;
    base::CondVar filled;
    base::CondVar emptied;
    std::deque<Item> ready EMC_GUARDED_BY(mutex);
    size_t waiting_bytes EMC_GUARDED_BY(mutex) = 0;
    bool stop EMC_GUARDED_BY(mutex) = false;
    base::Thread thread; // last: it runs on the members above
};

ReadAhead::ReadAhead(const BlockStore& blocks, const BlockIndex& index, std::vector<const BlockEntry*> path)
    : m_impl(std::make_unique<Impl>(blocks, index, std::move(path)))
{}

ReadAhead::~ReadAhead()
{
    {
        const base::LockGuard lock(m_impl->mutex);
        m_impl->stop = true;
    }
    m_impl->emptied.NotifyAll();
}

bool ReadAhead::Impl::Put(Item item)
{
    const bool last = !item.block;
    bool wake = false;
    {
        const base::LockGuard lock(mutex);
        waiting_bytes += item.bytes;
        wake = ready.empty();
        ready.push_back(std::move(item));
    }
    if (wake) filled.NotifyOne();
    if (last) return false;
    const base::LockGuard lock(mutex);
    while (!stop && (waiting_bytes >= MAX_WAITING_BYTES || ready.size() >= MAX_WAITING_BLOCKS))
        emptied.Wait(mutex);
    return !stop;
}

void ReadAhead::Impl::Work()
{
    for (const BlockEntry* step : path) {
        const BlockEntry entry = index.Copy(*step);
        if (!Put({blocks.ReadBlock(entry.data, entry.hash), entry.data_bytes})) return;
    }
}

Loaded ReadAhead::Next()
{
    auto& taken = m_impl->taken;
    if (taken.empty()) {
        {
            const base::LockGuard lock(m_impl->mutex);
            while (m_impl->ready.empty())
                m_impl->filled.Wait(m_impl->mutex);
            taken.swap(m_impl->ready);
            m_impl->waiting_bytes = 0;
        }
        m_impl->emptied.NotifyOne();
    }
    auto block = std::move(taken.front().block);
    taken.pop_front();
    return block;
}

} // namespace emc::chain
