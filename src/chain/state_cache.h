/// Coins, names and watermarks of rewards as of the tip: what changed since the last flush, in front of the
/// state store.
#pragma once

#include "base/function.h"
#include "chain/name_totals.h"
#include "chain/undo.h"
#include "consensus/connect.h"
#include "interfaces/types.h"
#include "storage/failure.h"

namespace emc::storage {
class KvBatch;
class KvSnapshot;
class KvStore;
} // namespace emc::storage

namespace emc::chain {

/// The committed state paired with the tip it belongs to. Keeps its store open, also when the cache has gone
/// over to another one.
struct CommittedState {
    interfaces::Tip tip;
    std::shared_ptr<const storage::KvStore> store;
    std::shared_ptr<const storage::KvSnapshot> snapshot; ///< of `store`; dies first
    NameTotals names;
};

/// The writer thread changes it, one whole block at a time; any thread reads. The lock is of rank Leaf, held
/// for memory work only, never while the store is asked (doc/storage.md).
class StateCache final : public consensus::CoinView,
                         public consensus::NameStateView,
                         public reward::WatermarkView,
                         public reward::EndedWatermarks,
                         public consensus::ChainTimes
{
public:
    using ReportFailure = std::function<void(const storage::StorageFailure&)>;

    /// `report` is told of read errors, from any thread.
    StateCache(std::shared_ptr<storage::KvStore> store, base::RandomSource& random, ReportFailure report);
    ~StateCache() override;

    // Any thread. A read error counts as absent and sets ReadFailed.
    [[nodiscard]] std::optional<primitives::Coin> Get(const primitives::OutPoint& outpoint) const override;
    [[nodiscard]] std::optional<names::NameRecord> Get(std::string_view name) const override;
    [[nodiscard]] std::optional<std::string>
    NameByOutpoint(const primitives::OutPoint& outpoint) const override;
    [[nodiscard]] std::optional<uint32_t> EndOf(const reward::CallPair& pair) const override;
    [[nodiscard]] int64_t MedianTimePast(int32_t height) const override;
    [[nodiscard]] int64_t BlockTime(int32_t height) const override;

    [[nodiscard]] std::shared_ptr<const interfaces::Tip> Tip() const;

    [[nodiscard]] std::shared_ptr<const CommittedState> Committed() const;

    [[nodiscard]] int64_t Supply() const;

    [[nodiscard]] bool ReadFailed() const;

    // Writer only from here on.

    [[nodiscard]] std::vector<reward::Watermark> EndedBefore(int64_t sec) const override;
    /// Loads the coins that are not in memory, together.
    void Prefetch(std::span<const primitives::OutPoint> outpoints) const override;

    /// The block that a change makes the tip.
    struct NewTip {
        interfaces::Tip tip; ///< generation is set here
        int64_t time = 0;
        int64_t median_time = 0;
    };

    /// What a store says of itself as a whole.
    struct Totals {
        int64_t supply = 0;
        NameTotals names; ///< LoadNameTotals
    };

    /// Starts at a block without changing anything: after opening, with the times of all its ancestors in
    /// order.
    void Start(const NewTip& at, std::span<const NewTip> ancestors, const Totals& totals);
    /// Goes over to another store that stands at another block; readers see one state or the other. Nothing
    /// may be unwritten (Dirty).
    void Replace(std::shared_ptr<storage::KvStore> store, const NewTip& at, std::span<const NewTip> ancestors,
                 const Totals& totals);
    /// One block forward.
    void Apply(const consensus::BlockDelta& delta, const NewTip& tip);
    /// One block back; names and watermarks of `undo` complete with `after`. `block` is the one taken away,
    /// `tip` its parent.
    void Revert(const primitives::Block& block, int32_t height, const BlockUndo& undo, const NewTip& tip);
    /// Same block, other tip facts (initial download ended).
    void Announce(const interfaces::Tip& tip);

    [[nodiscard]] size_t MemoryBytes() const;

    /// Memory of what a flush would write.
    [[nodiscard]] size_t DirtyBytes() const;

    [[nodiscard]] bool Dirty() const;

    /// Writes all changes, the best block and the supply in one synced batch. With `drop` the cache is empty
    /// afterwards, else clean entries stay. On an error everything stays as it was.
    enum class Keep : uint8_t { Clean, Nothing };
    [[nodiscard]] storage::StorageResult<void> Flush(Keep keep);

private:
    struct Maps;

    /// What was read; an error is noted, and nothing was read.
    template <typename T>
    [[nodiscard]] T Value(storage::StorageResult<T> read) const;
    void Failed(const storage::StorageFailure& failure) const;
    using Side = std::optional<names::NameRecord> names::NameDelta::*;
    /// Makes an entry for every name; `now` is the side of the changes that holds at present.
    void LoadNames(const std::vector<names::NameDelta>& deltas, Side now);
    void BatchCoins(storage::KvBatch& batch) const;
    void BatchNames(storage::KvBatch& batch) const;
    /// The sums over all names as the flush will leave them.
    [[nodiscard]] storage::StorageResult<NameTotals> NextNameTotals(int32_t height) const;
    void MarkClean(Keep keep);

    const ReportFailure m_report;
    std::unique_ptr<Maps> m_maps;
};

} // namespace emc::chain
