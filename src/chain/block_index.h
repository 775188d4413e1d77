/// All known blocks as a tree, and the best chain through it.
#pragma once

#include "base/function.h"
#include "chain/block_entry.h"
#include "storage/failure.h"

namespace emc::storage {
class KvBatch;
class KvStore;
} // namespace emc::storage

namespace emc::chain {

/// The writer thread alone changes it; anybody reads. Pointers stay good.
class BlockIndex
{
public:
    explicit BlockIndex(const consensus::Params& params);
    ~BlockIndex();
    BlockIndex(const BlockIndex&) = delete;
    BlockIndex& operator=(const BlockIndex&) = delete;

    /// Null when unknown. Any thread.
    [[nodiscard]] const BlockEntry* Find(const base::Hash256& hash) const;
    /// A copy of an entry with its changing part. Any thread.
    [[nodiscard]] BlockEntry Copy(const BlockEntry& entry) const;
    /// Entry of the best chain at a height; null above the tip. Any thread.
    [[nodiscard]] const BlockEntry* AtHeight(int32_t height) const;
    [[nodiscard]] const BlockEntry* Tip() const;
    [[nodiscard]] bool InBestChain(const BlockEntry& entry) const;
    /// Calls `visit` for every entry, unordered, under the shared lock: it must not call the index.
    void ForEach(const std::function<void(const BlockEntry&)>& visit) const;
    [[nodiscard]] size_t Size() const;
    /// Greatest height of an entry that is not invalid; −1 while there is none. Lock-free, any thread.
    [[nodiscard]] int32_t HeaderHeight() const;
    /// Best by fork choice of all entries that are not invalid, whether or not their blocks are here; null
    /// while there is none. Lock-free, any thread.
    [[nodiscard]] const BlockEntry* BestHeader() const;

    // Writer only from here on.

    /// Adds a header whose parent is known (genesis: none); the existing entry when it is there already.
    const BlockEntry* Insert(const base::Hash256& hash, const primitives::PlainHeader& header);
    /// Changes the second part of an entry and marks it for writing.
    void Change(const BlockEntry& entry, const std::function<void(BlockEntry&)>& change);
    /// Notes that the block's data is stored; completes it and its waiting descendants as far as their
    /// ancestors have data. Returns those that became complete, parents first.
    std::vector<const BlockEntry*> SetData(const BlockEntry& entry, storage::FilePos pos, uint32_t bytes,
                                           uint32_t tx_count);
    /// Marks an entry with `bits` and all its descendants as children of an invalid block. Returns all of
    /// them.
    std::vector<const BlockEntry*> MarkInvalid(const BlockEntry& entry, uint8_t bits, consensus::Rule rule);
    /// Takes the marks off an entry, its ancestors and its descendants.
    void ClearInvalid(const BlockEntry& entry);
    /// Makes `entry` the tip of the best chain (null: none).
    void SetTip(const BlockEntry* entry);
    /// Best of the entries that are complete and not invalid and for which `usable` holds; null when there is
    /// none.
    [[nodiscard]] const BlockEntry* Best(const std::function<bool(const BlockEntry&)>& usable) const;
    /// Forgets candidates that are worse than the tip.
    void PruneCandidates(const BlockEntry& tip);
    /// Finds all candidates anew; needed after the tip went back without something better being known.
    void RebuildCandidates();
    /// Lets a complete block that is as good as the tip count as seen before it; otherwise nothing changes.
    void Prefer(const BlockEntry& entry);
    /// The block's data turned out to be a bad copy: forgets it, so that it can be stored anew.
    void DropData(const BlockEntry& entry);

    /// The state after `base` is known without the blocks below it: the entry and what stands on it count as
    /// complete. `chain_tx_count` is what the state's maker says.
    void Assume(const BlockEntry& base, uint64_t chain_tx_count);
    /// The blocks below the assumed base are all there and connected.
    void Settle();
    /// What was found out about the blocks above `base` stood on a state that is not trusted any more: they
    /// count as never connected, and invalid ones get another chance.
    void Distrust(const BlockEntry& base);

    /// Puts the rows of the entries changed since the last ChangesWritten into the batch.
    void WriteChanges(storage::KvBatch& batch) const;

    /// After the batch reached the disk.
    void ChangesWritten();

    /// A block whose state came out of a snapshot, while the blocks below it are missing.
    struct AssumedBase {
        base::Hash256 hash;
        uint64_t chain_tx_count = 0;
    };

    /// Fills the empty index from the store. Errors name the store; nothing is changed on disk.
    [[nodiscard]] storage::StorageResult<void> Load(const storage::KvStore& store,
                                                    const std::optional<AssumedBase>& assumed);

private:
    struct Tree;
    std::unique_ptr<Tree> m_tree;
};

} // namespace emc::chain
