/// The block files: blocks and what undoes them.
#pragma once

#include "chain/options.h"
#include "chain/undo.h"
#include "primitives/block.h"
#include "storage/flat_files.h"
#include "storage/schema.h"

namespace emc::chain {

/// The writer appends; any thread reads at the same time.
class BlockStore
{
public:
    BlockStore(storage::FileSystem& files, const ChainOptions& options, uint32_t magic_be);

    [[nodiscard]] storage::StorageResult<storage::FilePos> AppendBlock(base::ByteSpan serialized);
    /// The record carries a checksum over the block's hash and itself.
    [[nodiscard]] storage::StorageResult<storage::FilePos> AppendUndo(const base::Hash256& block,
                                                                      const BlockUndo& undo);
    /// Corrupt when the bytes are no block or another one.
    [[nodiscard]] storage::StorageResult<primitives::BlockRef> ReadBlock(storage::FilePos pos,
                                                                         const base::Hash256& hash) const;
    /// The same unparsed: corrupt when the bytes do not begin with the header of that hash; what follows is
    /// not looked at.
    [[nodiscard]] storage::StorageResult<base::Bytes> ReadBytes(storage::FilePos pos,
                                                                const base::Hash256& hash) const;
    /// Corrupt when the checksum or the form is wrong.
    [[nodiscard]] storage::StorageResult<BlockUndo> ReadUndo(storage::FilePos pos,
                                                             const base::Hash256& block) const;
    /// Everything appended becomes durable.
    [[nodiscard]] storage::StorageResult<void> Sync();

    /// Cuts off what the files hold behind their last records.
    [[nodiscard]] storage::StorageResult<void> Trim();

    [[nodiscard]] storage::FileEndsRow Ends() const;
    void SetEnds(const storage::FileEndsRow& ends);

    /// Blocks up to `end` were found in the files; the next Sync makes them durable.
    [[nodiscard]] storage::StorageResult<void> AdoptBlocks(storage::FilePos end)
    {
        return m_blocks.Adopt(end);
    }

    [[nodiscard]] uint64_t DiskBytes() const;

    /// Deletes files nobody writes to any more.
    [[nodiscard]] storage::StorageResult<void> Remove(std::span<const int32_t> blocks,
                                                      std::span<const int32_t> undo);

    [[nodiscard]] const storage::FlatFiles& UndoFiles() const { return m_undo; }

    [[nodiscard]] const storage::FlatFiles& BlockFiles() const { return m_blocks; }

private:
    [[nodiscard]] base::Unexpected<storage::StorageFailure> OtherBlock(storage::FilePos pos,
                                                                       const base::Hash256& hash) const;

    storage::FlatFiles m_blocks;
    storage::FlatFiles m_undo;
};

} // namespace emc::chain
