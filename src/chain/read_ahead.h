/// Reads the blocks of a path before the writer needs them.
#pragma once

#include "base/memory.h"
#include "primitives/block.h"
#include "storage/failure.h"

#include <vector>

namespace emc::chain {

class BlockIndex;
class BlockStore;
struct BlockEntry;

/// A thread of its own reads, parses and hashes while the writer connects. What waits is bounded: a few
/// megabytes of blocks. Used by one thread; the destructor joins.
class ReadAhead
{
public:
    /// Blocks of `path` in order, all with data. The references outlive the object.
    ReadAhead(const BlockStore& blocks, const BlockIndex& index, std::vector<const BlockEntry*> path);
    ~ReadAhead();
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;

    /// The next block of the path, at most once for each, none after a failure; waits for it.
    [[nodiscard]] storage::StorageResult<primitives::BlockRef> Next();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::chain
