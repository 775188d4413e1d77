/// An index that follows the best chain at its own pace, in its own store and thread.
#pragma once

#include "interfaces/chain.h"
#include "storage/failure.h"

namespace emc::base {
class Logger;
}

namespace emc::interfaces {
class ChainEvents;
}

namespace emc::storage {
class FileSystem;
class KvBatch;
class KvStore;
} // namespace emc::storage

namespace emc::index {

/// A block on its way into an index.
struct NewBlock {
    const primitives::Block& block;
    const interfaces::BlockInfo& info;
    const interfaces::ChainReader& chain;
    const storage::KvStore&
        store; ///< of the index; rows of the blocks right before may still be on their way
};

/// What one kind of index makes of blocks. The follower's thread only.
class Rows
{
public:
    virtual ~Rows() = default;
    /// Adds the block's rows to the batch and their keys to `keys`. A key belongs to one block only. Blocks
    /// come in the order of heights, except after a reorganisation or a start. Errors stop the index.
    [[nodiscard]] virtual storage::StorageResult<void> Add(const NewBlock& added, storage::KvBatch& batch,
                                                           std::vector<base::Bytes>& keys) = 0;
};

struct FollowerOptions {
    std::string name;      ///< thread, log and status
    std::string directory; ///< of the store
    size_t cache_bytes = size_t{2} << 20;
    storage::FileSystem* files = nullptr; ///< null: the operating system's
    int64_t wait_ms = 10'000;             ///< how long WaitForTip waits at most
};

/// Chain events only wake it; it reads blocks by itself, goes back on reorganisations (also below blocks the
/// chain has forgotten after a power cut) and can be stopped at any point: rows, their undo and its place are
/// one synced batch.
class Follower final
{
public:
    /// An error that stops the index is logged; the node goes on without it.
    Follower(FollowerOptions options, const interfaces::ChainReader& chain, std::unique_ptr<Rows> rows,
             base::Logger& log);
    ~Follower();
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;

    /// Opens the store and starts following. Errors name the directory and what to do.
    [[nodiscard]] storage::StorageResult<void> Start(interfaces::ChainEvents& events);
    /// Ends the subscription and the thread.
    void Stop();

    /// Waits until it has reached the present tip. False when still building or stopped by an error.
    [[nodiscard]] bool WaitForTip();
    [[nodiscard]] interfaces::IndexReader::Status Status() const;

    [[nodiscard]] const storage::KvStore& Store() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::index
