/// The blocks below a loaded snapshot: checked one by one while the node already works on the snapshot's
/// state. Internal to this room.
#pragma once

#include "chain/progress.h"
#include "chain/snapshot_file.h"
#include "chain/state_cache.h"
#include "storage/kv_store.h"

namespace emc::chain {

struct BlockEntry;

/// How far the history is, for readers. Immutable.
struct HistoryView {
    const BlockEntry* base = nullptr; ///< of the snapshot
    const BlockEntry* tip = nullptr;  ///< checked up to here
    int64_t seconds_left = 0;         ///< at the present pace; 0: not known
};

/// The state the history has reached, beside the active one. Writer only.
class History
{
public:
    /// `state` stands at `tip`, an ancestor of `base` or `base` itself.
    History(const BlockEntry& base, const storage::SnapshotRow& promised, const BlockEntry& tip,
            std::unique_ptr<StateCache> state, base::Logger& log);

    [[nodiscard]] const BlockEntry& Base() const { return m_base; }

    [[nodiscard]] const storage::SnapshotRow& Promised() const { return m_promised; }

    [[nodiscard]] const BlockEntry& Tip() const { return *m_tip; }

    [[nodiscard]] StateCache& State() { return *m_state; }

    /// Is this the base or a block below it?
    [[nodiscard]] bool Covers(const BlockEntry& entry) const;
    /// The block to check next; null when the base is reached.
    [[nodiscard]] const BlockEntry* Next() const;
    /// The state was brought one block on.
    void Reached(const BlockEntry& entry);
    [[nodiscard]] HistoryView View() const;

    /// Hashes some more rows of the state at the base, which must be flushed. Everything, once the walk is
    /// through; `head`: its counts are set.
    [[nodiscard]] storage::StorageResult<std::optional<StateHashes>> HashSome(SnapshotHead& head);

private:
    const BlockEntry& m_base;
    const storage::SnapshotRow m_promised;
    const BlockEntry* m_tip;
    std::unique_ptr<StateCache> m_state;
    Progress m_progress;

    /// The walk over the finished state.
    struct Walk {
        std::shared_ptr<const CommittedState> state;
        StateHasher hasher;
        uint8_t prefix = storage::PREFIX_COIN;
        uint64_t coins = 0;
        uint64_t names = 0;
        uint64_t watermarks = 0;
        std::optional<storage::KvIterator> at; ///< dies before the state it walks
    };

    std::unique_ptr<Walk> m_walk;
};

} // namespace emc::chain
