/// What the miner is made of; for this room only.
#pragma once

#include "base/snapshot.h"
#include "base/thread.h"
#include "mining/miner.h"
#include "mining/template.h"
#include "mining/tip_watch.h"

#include <vector>

namespace emc::mining {

class Miner::Impl
{
public:
    Impl(size_t max_weight, const MiningDeps& deps);
    ~Impl();

    void Mine(int threads, const base::Bytes& script);
    [[nodiscard]] Info GetInfo() const;

private:
    /// What the searchers work on.
    struct Job {
        uint64_t number = 0;
        int32_t height = 0;
        std::shared_ptr<const primitives::Block> block;
        uint64_t pool_sequence = 0;
    };

    void MakeJobs(const base::Bytes& script);
    [[nodiscard]] std::string WhyNot() const;
    void SearchNonces(uint32_t first, uint64_t count);
    void Found(const Job& job, const primitives::BlockHeader& header);
    void CountHashes();
    void StopThreads() EMC_REQUIRES(m_control);

    const size_t m_max_weight;
    const MiningDeps m_deps;
    const TemplateBuilder m_builder;
    base::Snapshot<Job> m_job; ///< empty: nothing to search
    std::atomic<bool> m_stop{true};
    std::atomic<uint64_t> m_hashes{0};
    mutable base::Mutex<base::LockRank::Wallet>
        m_control; ///< of starting and stopping; threads are joined with it held
    std::vector<base::Thread> m_threads EMC_GUARDED_BY(m_control);
    mutable base::Mutex<base::LockRank::Leaf> m_mutex;
    Info m_info EMC_GUARDED_BY(m_mutex);
    uint64_t m_counted EMC_GUARDED_BY(m_mutex) = 0; ///< hashes when the rate was last taken
    int64_t m_counted_us EMC_GUARDED_BY(m_mutex) = 0;
};

} // namespace emc::mining
