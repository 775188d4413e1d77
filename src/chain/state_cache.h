/// Coins and names as of the tip: what changed since the last flush, in front of the state store.
#pragma once

#include "base/function.h"
#include "base/mutex.h"
#include "base/random.h"
#include "base/snapshot.h"
#include "chain/undo.h"
#include "consensus/connect.h"
#include "interfaces/types.h"
#include "storage/kv_store.h"
#include "storage/schema.h"

#include <atomic>
#include <unordered_map>

namespace emc::chain {

/// The committed state paired with the tip it belongs to.
struct CommittedState {
    interfaces::Tip tip;
    std::shared_ptr<const storage::KvSnapshot> snapshot;
};

/// The writer thread changes it, one whole block at a time; any thread reads. The lock is of rank Leaf, held
/// for memory work only, never while the store is asked (doc/storage.md).
class StateCache final : public consensus::CoinView,
                         public consensus::NameStateView,
                         public consensus::ChainTimes
{
public:
    using ReportFailure = std::function<void(const storage::StorageFailure&)>;

    /// `store` must outlive the cache. `report` is told of read errors, from any thread.
    StateCache(storage::KvStore& store, base::RandomSource& random, ReportFailure report);
    ~StateCache() override;

    // Any thread. A read error counts as absent and sets ReadFailed.
    [[nodiscard]] std::optional<primitives::Coin> Get(const primitives::OutPoint& outpoint) const override;
    [[nodiscard]] std::optional<names::NameRecord> Get(std::string_view name) const override;
    [[nodiscard]] std::optional<std::string>
    NameByOutpoint(const primitives::OutPoint& outpoint) const override;
    [[nodiscard]] int64_t MedianTimePast(int32_t height) const override;
    [[nodiscard]] int64_t BlockTime(int32_t height) const override;

    [[nodiscard]] std::shared_ptr<const interfaces::Tip> Tip() const { return m_tip.Load(); }

    [[nodiscard]] std::shared_ptr<const CommittedState> Committed() const { return m_committed.Load(); }

    [[nodiscard]] int64_t Supply() const { return m_supply.load(std::memory_order_relaxed); }

    [[nodiscard]] bool ReadFailed() const { return m_read_failed.load(std::memory_order_relaxed); }

    [[nodiscard]] storage::KvStore& Store() const { return m_store; }

    // Writer only from here on.

    /// Loads the coins that are not in memory, together.
    void Prefetch(std::span<const primitives::OutPoint> outpoints) const override;

    /// The block that a change makes the tip.
    struct NewTip {
        interfaces::Tip tip; ///< generation is set here
        int64_t time = 0;
        int64_t median_time = 0;
    };

    /// Starts at a block without changing anything: after opening, with the times of all its ancestors in
    /// order.
    void Start(const NewTip& at, std::span<const NewTip> ancestors, int64_t supply);
    /// One block forward.
    void Apply(const consensus::BlockDelta& delta, const NewTip& tip);
    /// One block back; `undo.names` complete with `after`. `block` is the one taken away, `tip` its parent.
    void Revert(const primitives::Block& block, int32_t height, const BlockUndo& undo, const NewTip& tip);
    /// Same block, other tip facts (initial download ended).
    void Announce(const interfaces::Tip& tip);

    [[nodiscard]] size_t MemoryBytes() const { return m_coin_bytes + m_name_bytes; }

    /// Memory of what a flush would write.
    [[nodiscard]] size_t DirtyBytes() const { return m_dirty_bytes; }

    [[nodiscard]] bool Dirty() const { return m_dirty; }

    /// Writes all changes, the best block and the supply in one synced batch. With `drop` the cache is empty
    /// afterwards, else clean entries stay. On an error everything stays as it was.
    enum class Keep : uint8_t { Clean, Nothing };
    [[nodiscard]] storage::StorageResult<void> Flush(Keep keep);

private:
    struct CoinEntry {
        primitives::Coin coin;
        bool present = false;
        bool dirty = false;
        bool in_store = false; ///< the store may have a row for it
    };

    struct NameEntry {
        std::shared_ptr<const names::NameRecord> current;
        std::shared_ptr<const names::NameRecord> stored;
        bool dirty = false;
    };

    struct TextHasher {
        uint64_t k0 = 0, k1 = 0;
        size_t operator()(const std::string& text) const;
    };

    struct BlockTimes {
        int64_t time = 0;
        int64_t median = 0;
    };

    using Mutex = base::SharedMutex<base::LockRank::Leaf>;
    using CoinMap = std::unordered_map<primitives::OutPoint, CoinEntry, primitives::OutPointHasher>;
    using NameMap = std::unordered_map<std::string, NameEntry, TextHasher>;
    using OutpointNames =
        std::unordered_map<primitives::OutPoint, std::optional<std::string>, primitives::OutPointHasher>;

    [[nodiscard]] std::optional<primitives::Coin> ReadCoin(const primitives::OutPoint& outpoint) const;
    [[nodiscard]] std::optional<names::NameRecord> ReadName(std::string_view name) const;
    void Failed(const storage::StorageFailure& failure) const;
    void LoadNames(const std::vector<names::NameDelta>& deltas);
    void PutCoin(const primitives::OutPoint& outpoint, const primitives::Coin& coin) EMC_REQUIRES(m_mutex);
    void RemoveCoin(const primitives::OutPoint& outpoint) EMC_REQUIRES(m_mutex);
    void SetName(const std::string& name, const std::optional<names::NameRecord>& from,
                 const std::optional<names::NameRecord>& to) EMC_REQUIRES(m_mutex);
    void SetTip(const NewTip& tip) EMC_REQUIRES(m_mutex);
    void BatchCoins(storage::KvBatch& batch) const;
    void BatchNames(storage::KvBatch& batch) const;
    void MarkClean(Keep keep);

    storage::KvStore& m_store;
    const ReportFailure m_report;
    mutable std::atomic<bool> m_read_failed{false};
    std::atomic<int64_t> m_supply{0};
    base::Snapshot<interfaces::Tip> m_tip;
    base::Snapshot<CommittedState> m_committed;
    mutable Mutex m_mutex;
    mutable CoinMap m_coins EMC_GUARDED_BY(m_mutex);
    NameMap m_names EMC_GUARDED_BY(m_mutex);
    OutpointNames m_outpoint_names EMC_GUARDED_BY(m_mutex);  ///< differences to the store only
    std::vector<BlockTimes> m_times EMC_GUARDED_BY(m_mutex); ///< of the best chain by height
    // Writer only:
    mutable size_t m_coin_bytes = 0;
    size_t m_name_bytes = 0;
    size_t m_dirty_bytes = 0;
    bool m_dirty = false;
};

} // namespace emc::chain
