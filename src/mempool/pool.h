/// The mempool: admits transactions by consensus and policy, follows the chain, serves miners, RPC and
/// wallet.
#pragma once

#include "base/mutex.h"
#include "interfaces/events.h"
#include "interfaces/pool.h"
#include "mempool/policy.h"

namespace emc::base {
class Clock;
class Logger;
} // namespace emc::base

namespace emc::chain {
class Chain;
class TipView;
} // namespace emc::chain

namespace emc::mempool {

class Graph;
struct Entry;
struct TxidSet;

using interfaces::Failure;
using interfaces::RemovalReason;
using primitives::TxRef;

struct PoolOptions {
    uint64_t max_usage_bytes = 300'000'000;
    int64_t expiry_sec = 336 * 3600;
    Amount relay_rate_per_kvb = 1'000;
    Limits limits;
    bool require_standard = true;
};

/// Any thread. Follows the chain on its own event thread; SyncToTip waits for it.
class Mempool final : public interfaces::PoolReader,
                      public interfaces::Broadcaster,
                      private interfaces::EventSink
{
public:
    Mempool(chain::Chain& chain, const base::Clock& clock, base::Logger& log, const PoolOptions& options);
    ~Mempool() override;

    [[nodiscard]] base::Expected<Accepted, Failure> Submit(const TxRef& tx, const Options& options) override;

    [[nodiscard]] interfaces::PoolInfo Info() const override;
    [[nodiscard]] TxRef Get(const Hash256& txid) const override;
    [[nodiscard]] std::optional<interfaces::PoolEntry> Entry(const Hash256& txid) const override;
    [[nodiscard]] std::vector<interfaces::PoolEntry> Entries() const override;
    [[nodiscard]] std::optional<Hash256> SpenderOf(const primitives::OutPoint& outpoint) const override;
    [[nodiscard]] std::vector<interfaces::PendingName> PendingNames() const override;
    [[nodiscard]] std::optional<interfaces::PendingName> PendingNameOf(std::string_view name) const override;
    [[nodiscard]] Amount MinFeeRate() const override;

    /// Waits until the pool has seen the chain's present tip.
    void SyncToTip();

    /// Transactions for the next block, parents before children, best paying packages first, within the
    /// limits.
    struct Selection {
        std::vector<TxRef> transactions;
        Amount fees = 0;
        int64_t sigop_cost = 0;
        size_t weight = 0;
    };

    [[nodiscard]] Selection Select(size_t max_weight, int64_t max_sigop_cost) const;

private:
    using PoolMutex = base::Mutex<base::LockRank::Pool>;
    using Reject = base::Unexpected<Failure>;

    struct Candidate; ///< a transaction on its way in (admit.cpp)

    void OnBlockConnected(const interfaces::BlockConnected& event) override;
    void OnBlockDisconnected(const interfaces::BlockDisconnected& event) override;
    void OnTip(const interfaces::Tip& tip) override;
    void OnMissed() override;

    [[nodiscard]] base::Expected<void, Failure> CheckAlone(const TxRef& tx, Candidate& candidate) const;
    [[nodiscard]] base::Expected<void, Failure> FetchCoins(const chain::TipView& view,
                                                           Candidate& candidate) const EMC_REQUIRES(m_mutex);
    [[nodiscard]] base::Expected<void, Failure> CheckState(const chain::TipView& view,
                                                           Candidate& candidate) const;
    [[nodiscard]] base::Expected<void, Failure> CheckConflicts(Candidate& candidate) const
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] base::Expected<void, Failure> CheckReplacement(const Candidate& candidate) const
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] base::Expected<void, Failure> CheckFees(const Candidate& candidate, Amount max_rate) const
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] base::Expected<void, Failure> CheckRelatives(const Candidate& candidate) const
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] base::Expected<void, Failure> CheckScripts(const Candidate& candidate) const;
    /// `came` is set for a transaction that was here before: it keeps its time and nobody is told.
    [[nodiscard]] base::Expected<Accepted, Failure> TryAdmit(const TxRef& tx, const Options& options,
                                                             std::optional<int64_t> came);

    void RemoveAll(const TxidSet& txids, RemovalReason reason) EMC_REQUIRES(m_mutex);
    void TrimToSize() EMC_REQUIRES(m_mutex);
    /// Rechecks name operations (or, with `all`, everything) against the tip and drops what became
    /// impossible.
    void Recheck(bool all);
    [[nodiscard]] Amount RollingMinimum() const EMC_REQUIRES(m_mutex);
    [[nodiscard]] interfaces::PoolEntry Describe(const mempool::Entry& entry) const EMC_REQUIRES(m_mutex);

    chain::Chain& m_chain;
    const base::Clock& m_clock;
    base::Logger& m_log;
    const PoolOptions m_options;
    mutable PoolMutex m_mutex;
    const std::unique_ptr<Graph> m_graph_owner;
    Graph& m_graph EMC_GUARDED_BY(m_mutex);
    uint64_t m_sequence EMC_GUARDED_BY(m_mutex) = 0;
    double m_rolling_rate EMC_GUARDED_BY(m_mutex) = 0; ///< units per kvB after evictions, halves every 12 h
    int64_t m_rolling_time EMC_GUARDED_BY(m_mutex) = 0;
    std::vector<TxRef> m_disconnected; ///< event thread only: to be taken back in after a reorganisation
    std::unique_ptr<interfaces::Subscription> m_subscription;
};

} // namespace emc::mempool
