/// The mempool: admits transactions by consensus and policy, follows the chain, serves miners, RPC and
/// wallet.
#pragma once

#include "base/mutex.h"
#include "interfaces/events.h"
#include "interfaces/fees.h"
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

class FeeEstimator;
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
    bool full_replacement = false; ///< BIP 125 rule 1 is not asked
    std::string folder;            ///< mempool.dat and fee_estimates.dat lie here; "": nothing is kept
    bool keep_transactions = true; ///< mempool.dat is read at the start and written at the end
};

/// Any thread. Follows the chain on its own event thread; SyncToTip waits for it.
class Mempool final : public interfaces::PoolReader,
                      public interfaces::Broadcaster,
                      public interfaces::PoolControl,
                      public interfaces::FeeReader,
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

    [[nodiscard]] const interfaces::FeeReader* Fees() const override { return this; }

    [[nodiscard]] base::Expected<void, Failure> Prioritise(const Hash256& txid, Amount delta) override;
    [[nodiscard]] std::vector<Priority> Priorities() const override;
    [[nodiscard]] base::Expected<std::string, Failure> Save() override;
    [[nodiscard]] base::Expected<Imported, Failure> Import(const std::string& path,
                                                           const ImportOptions& options) override;
    [[nodiscard]] PackageResult SubmitPackage(std::span<const TxRef> package,
                                              const Options& options) override;
    [[nodiscard]] interfaces::FeeEstimate EstimateFee(int32_t blocks,
                                                      interfaces::FeeMode mode) const override;
    [[nodiscard]] std::vector<interfaces::FeeHorizon> FeeHistory(int32_t blocks,
                                                                 double threshold) const override;

    /// Reads fee_estimates.dat now and mempool.dat on a thread of its own (`pool-load`). Once, before others
    /// may ask.
    void StartLoading();
    /// Ends a reading that goes on and writes both files. To be called once nobody submits any longer.
    void SaveAtEnd();

    /// All transactions, in no order. Cheap beside Entries, which looks at the relatives of each.
    [[nodiscard]] std::vector<TxRef> Transactions() const;

    /// Waits until the pool has handled all the chain published before the call.
    void SyncToTip();

    /// Transactions for the next block, parents before children, best paying packages first, within the
    /// limits.
    struct Chosen {
        std::vector<TxRef> transactions;
        std::vector<Amount> tx_fees;      ///< of each
        std::vector<int64_t> sigop_costs; ///< of each
        Amount fees = 0;
        Hash256 tip;           ///< the pool fits the state after this block
        uint64_t sequence = 0; ///< Sequence() then
    };

    /// Grows with every transaction that comes in, or is put in front.
    [[nodiscard]] uint64_t Sequence() const;

    [[nodiscard]] Chosen Select(size_t max_weight, int64_t max_sigop_cost) const;

private:
    using PoolMutex = base::Mutex<base::LockRank::Pool>;
    using Reject = base::Unexpected<Failure>;

    struct Candidate; ///< a transaction on its way in (admit.cpp)
    struct Loading;   ///< the reading of mempool.dat (persist.cpp)
    struct Waiting;   ///< a transaction to be taken in again after a reorganisation (follow.cpp)

    [[nodiscard]] bool WantsTransactions() const override { return false; }

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
    [[nodiscard]] base::Expected<void, Failure> CheckPendingRewards(const Candidate& candidate) const
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] base::Expected<void, Failure> CheckReplacement(const Candidate& candidate) const
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] base::Expected<void, Failure> CheckRelayFee(Amount fee, size_t vsize) const;
    /// The caller's own limit; 0: none.
    [[nodiscard]] base::Expected<void, Failure> CheckMaxFee(const Candidate& candidate,
                                                            Amount max_rate) const;
    [[nodiscard]] base::Expected<void, Failure> CheckRollingFee(Amount fee, size_t vsize) const
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] base::Expected<void, Failure> CheckRelatives(const Candidate& candidate) const
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] base::Expected<void, Failure> CheckScripts(Candidate& candidate) const;
    [[nodiscard]] base::Expected<Accepted, Failure> TryAdmit(const TxRef& tx, const Options& options);
    /// Puts a candidate that passed every check into the graph.
    void Enter(Candidate candidate, const Options& options) EMC_REQUIRES(m_mutex);
    [[nodiscard]] base::Expected<Accepted, Failure> EnterFromPackage(const chain::TipView& view,
                                                                     const TxRef& tx, const Options& options)
        EMC_REQUIRES(m_mutex);
    /// Do members that entered pay enough, those of version 3 with what rests on them?
    [[nodiscard]] base::Expected<void, Failure> CheckPackageFees(std::span<const Hash256> entered) const
        EMC_REQUIRES(m_mutex);
    void TryPackage(const chain::TipView& view, std::span<const TxRef> package, const Options& options,
                    PackageResult& out) EMC_REQUIRES(m_mutex);
    /// Takes a transaction in again that was here or in a block before: rules and limits hold for it, the
    /// rolling minimum does not. `view` is of the present tip.
    [[nodiscard]] base::Expected<void, Failure> Readmit(const chain::TipView& view, const Waiting& waiting)
        EMC_REQUIRES(m_mutex);
    /// Verifies signatures of transactions from lost blocks, so that Readmit finds them in the cache.
    void CheckSignaturesAhead(const std::vector<Waiting>& ahead) const;

    /// Removes entries. Gives back parents of version 3 they may have paid for: DropUnpaid has to look at
    /// those.
    [[nodiscard]] TxidSet TakeOut(const TxidSet& txids, RemovalReason reason) EMC_REQUIRES(m_mutex);
    void RemoveAll(const TxidSet& txids, RemovalReason reason) EMC_REQUIRES(m_mutex);
    /// Tells the fee estimator what became of a transaction it follows.
    void TellEstimator(const mempool::Entry& entry, RemovalReason reason) EMC_REQUIRES(m_mutex);
    void SaveFees() const;
    void TrimToSize() EMC_REQUIRES(m_mutex);
    /// Drops name operations and rewards that the tip made impossible, with what rests on them.
    void DropImpossible() EMC_REQUIRES(m_mutex);
    void DropExpired() EMC_REQUIRES(m_mutex);
    /// Drops those of these that pay too little once nobody pays for them any longer.
    void DropUnpaid(const TxidSet& txids, RemovalReason reason) EMC_REQUIRES(m_mutex);
    /// Takes everything out and in again, the transactions of lost blocks first, under one lock.
    void Rebuild(const Hash256& tip);
    [[nodiscard]] Amount RollingMinimum() const EMC_REQUIRES(m_mutex);
    [[nodiscard]] interfaces::PoolEntry Describe(const mempool::Entry& entry) const EMC_REQUIRES(m_mutex);

    chain::Chain& m_chain;
    const base::Clock& m_clock;
    base::Logger& m_log;
    const PoolOptions m_options;
    mutable PoolMutex m_mutex;
    const std::unique_ptr<Graph> m_graph_owner;
    Graph& m_graph EMC_GUARDED_BY(m_mutex);
    const std::unique_ptr<FeeEstimator> m_estimator_owner;
    FeeEstimator& m_estimator EMC_GUARDED_BY(m_mutex);
    int32_t m_height EMC_GUARDED_BY(m_mutex);       ///< of the block handled last
    uint64_t m_changes EMC_GUARDED_BY(m_mutex) = 0; ///< PoolInfo::changes
    uint64_t m_sequence EMC_GUARDED_BY(m_mutex) = 0;
    double m_rolling_rate EMC_GUARDED_BY(m_mutex) = 0; ///< units per kvB after evictions, halves every 12 h
    int64_t m_rolling_time EMC_GUARDED_BY(m_mutex) = 0;
    Hash256 m_tip EMC_GUARDED_BY(m_mutex); ///< the tip the pool fits; zero between two
    std::vector<Waiting> m_waiting;        ///< event thread only: to be taken in again, parents first
    int64_t m_fees_saved;                  ///< event thread only: when fee_estimates.dat was written
    std::unique_ptr<interfaces::Subscription> m_subscription;
    std::unique_ptr<Loading> m_loading; ///< last: its thread uses the rest
};

} // namespace emc::mempool
