// Random operations on a pool upon a real chain, compared with the naive pool after each.
#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "chain/chain.h"
#include "crypto/random.h"
#include "storage/memory_files.h"
#include "unit/mempool/naive_pool.h"

#include <deque>

namespace emc::test {

/// Aborts with the place of the broken comparison when pool and naive pool differ. One thread.
class PoolSequence final : private interfaces::EventSink
{
public:
    explicit PoolSequence(const PoolOptions& options);
    ~PoolSequence() override;

    /// One operation chosen by `choices`.
    void Step(base::RandomSource& choices);
    /// Compares everything a reader can ask for.
    void Compare();

    /// How often each answer of Submit was seen ("" is acceptance) and how many blocks and reorganisations.
    std::map<std::string, size_t> answers;
    size_t blocks = 0;
    size_t reorganisations = 0;

private:
    /// A block of the best chain with the state after it.
    struct Level {
        BlockRef block;
        Hash256 hash;
        int32_t height = 0;
        uint32_t time = 0;
        NaiveState state;
    };

    void OnTxAdded(const TxRef& tx) override;
    void OnTxRemoved(const TxRef& tx, interfaces::RemovalReason reason) override;

    Level Make(const Level& parent, const std::vector<TxRef>& txs);
    void Extend(const std::vector<TxRef>& txs);
    void Reorganise(base::RandomSource& choices);
    void MineChosen(base::RandomSource& choices);
    void MineStranger(base::RandomSource& choices);
    void SubmitRandom(base::RandomSource& choices);
    [[nodiscard]] std::vector<Own> Choose(base::RandomSource& choices) const;
    [[nodiscard]] TxRef RandomTx(base::RandomSource& choices) const;

    [[nodiscard]] const NaiveState& State() const { return m_levels.back().state; }

    const PoolOptions m_options;
    consensus::Params m_params = QuickRegtest();
    Builder m_builder{m_params};
    storage::MemoryFiles m_files;
    base::Clock m_clock;
    base::Logger m_log;
    crypto::TestRandom m_random{11};
    std::unique_ptr<chain::Chain> m_chain;
    std::unique_ptr<mempool::Mempool> m_pool;
    NaivePool m_naive;
    std::deque<Level> m_levels;
    int64_t m_now = 2'000'000'000;
    uint32_t m_tag = 0;
    base::Mutex<base::LockRank::Leaf> m_mutex;
    std::set<Hash256> m_told EMC_GUARDED_BY(m_mutex); ///< the pool according to the events
    std::unique_ptr<interfaces::Subscription> m_subscription;
};

} // namespace emc::test
