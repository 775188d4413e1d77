/// Blocks whose stake others have used: how many of them are stored, and where the surplus ones wait.
#pragma once

#include "base/mutex.h"
#include "chain/block_entry.h"
#include "chain/chain.h"
#include "storage/failure.h"

#include <deque>

namespace emc::base {
class RandomSource;
}

namespace emc::chain {

class BlockIndex;

/// Blocks of one stake, that is of one kernel output at one time, that are stored as they come.
inline constexpr size_t MAX_BLOCKS_PER_STAKE = 2;
/// Further ones that wait in memory until something is built on them, and their bytes as on disk.
inline constexpr size_t MAX_HELD_BLOCKS = 64;
inline constexpr size_t MAX_HELD_BYTES = size_t{32} << 20;

/// Which stakes the stored blocks of all branches have used. Three words a block. Writer thread only.
class StakeBook
{
public:
    /// A stored block; null: not stored.
    using Source = std::function<storage::StorageResult<primitives::BlockRef>(const BlockEntry&)>;

    /// Notes the proof-of-stake blocks that are stored now. `source` reads those of before when their time
    /// comes up again.
    StakeBook(const BlockIndex& index, Source source, base::RandomSource& random);

    void Add(const BlockEntry& entry, const primitives::Block& block);
    /// So many stored blocks have this kernel and time. Blocks that were pruned are not counted.
    [[nodiscard]] storage::StorageResult<size_t> Count(const primitives::Block& block);

private:
    struct Use {
        uint32_t time = 0;
        uint64_t kernel = 0; ///< salted; 0: not looked at yet
        const BlockEntry* entry = nullptr;
    };

    [[nodiscard]] uint64_t IdOf(const primitives::Block& block) const;

    const Source m_source;
    const uint64_t m_salt0;
    const uint64_t m_salt1;
    std::vector<Use> m_uses; ///< by time
};

/// Surplus blocks that have proven their stake, oldest out. They stand on the index or on one another, and
/// are in no file. The writer thread alone changes it; entries stay good until it does.
class HeldBlocks
{
public:
    HeldBlocks();
    ~HeldBlocks();
    HeldBlocks(const HeldBlocks&) = delete;
    HeldBlocks& operator=(const HeldBlocks&) = delete;

    /// `entry` with its modifier; its parent is in the index or held. Forgets the oldest, with all that
    /// stands on them, when a limit is passed.
    void Keep(std::unique_ptr<BlockEntry> entry, const primitives::BlockRef& block);
    /// Takes out a held block and those it stands on, parents first. Others upon these are forgotten.
    [[nodiscard]] std::vector<primitives::BlockRef> Take(const BlockEntry& last);

    /// Null when it is not here. Writer thread only.
    [[nodiscard]] const BlockEntry* Find(const base::Hash256& hash) const;
    /// The same. Any thread.
    [[nodiscard]] primitives::BlockRef Block(const base::Hash256& hash) const;
    /// Any thread.
    [[nodiscard]] std::optional<KnownBlock> Known(const base::Hash256& hash) const;

private:
    struct Held {
        std::unique_ptr<BlockEntry> entry;
        primitives::BlockRef block;
        size_t bytes = 0;
    };

    [[nodiscard]] const Held* At(const base::Hash256& hash) const EMC_REQUIRES(m_mutex);
    void Forget(const BlockEntry* root) EMC_REQUIRES(m_mutex);

    mutable base::Mutex<base::LockRank::Leaf> m_mutex;
    std::deque<Held> m_held EMC_GUARDED_BY(m_mutex); ///< oldest first, so parents before children
    size_t m_bytes EMC_GUARDED_BY(m_mutex) = 0;
};

} // namespace emc::chain
