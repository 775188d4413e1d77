/// What the chain room needs from outside: everything is passed in, nothing is read from the command line.
#pragma once

#include "base/function.h"

#include <cstdint>
#include <optional>
#include <string>

namespace emc::base {
class Clock;
class Logger;
class RandomSource;
} // namespace emc::base

namespace emc::consensus {
struct Params;
}

namespace emc::storage {
class FileSystem;
}

namespace emc::chain {

/// Settings of one chain. Sizes in bytes, times in seconds.
struct ChainOptions {
    std::string blocks_dir;                 ///< blk*.dat, rev*.dat and index/
    std::string state_dir;                  ///< coins and names (LevelDB)
    size_t cache_bytes = size_t{300} << 20; ///< coins and names kept in memory (-dbcache), at least 1 MiB
    size_t store_cache_bytes = size_t{16} << 20; ///< LevelDB's own read cache
    size_t signature_cache_bytes = size_t{32} << 20;
    int script_threads = -1;                         ///< beside the writer; −1: cores − 1, 0: none
    int64_t flush_interval_sec = 3'000;              ///< longest time changes stay in memory only
    uint64_t block_file_bytes = uint64_t{128} << 20; ///< a new blk file is begun beyond this
    uint64_t block_chunk_bytes = uint64_t{16}
                                 << 20;    ///< preallocation step of blk files; undo files use a sixteenth
    int64_t tip_age_for_sync_sec = 86'400; ///< a tip older than this counts as initial download
    std::optional<int32_t> reorg_limit;    ///< overrides the network's; 0: off
    bool prune = false;                    ///< old block files may be removed
    uint64_t prune_target_bytes = 0;       ///< remove them when all take more than this; 0: only when asked
    int32_t prune_keep_blocks =
        288;                    ///< of the newest; at least as many as a reorganisation may undo, and 10 more
    bool check_scripts = true;  ///< false only in benchmarks
    bool reindex = false;       ///< rebuild index and state from the block files
    bool reindex_state = false; ///< rebuild the state from index and block files
};

/// Environment failures the node cannot go on with. Reported once; afterwards blocks are refused, reading
/// goes on.
enum class FatalKind : uint8_t { DiskFull, Io, Corrupt };

struct FatalError {
    FatalKind kind = FatalKind::Io;
    std::string message; ///< what failed, which path, what to do
};

/// What the chain uses of the process. References outlive the chain.
struct ChainDeps {
    const consensus::Params& params;
    const base::Clock& clock;
    base::Logger& log;
    base::RandomSource& random;
    /// Called from the writer thread (or from Open); must return soon and must not call the chain.
    std::function<void(const FatalError&)> fatal;
    storage::FileSystem* files = nullptr; ///< null: the operating system's
    /// Does the process want to stop? Asked in long work: Open then ends with OpenErrorKind::Interrupted,
    /// verification and coin statistics with a failure. Any thread; may be empty.
    std::function<bool()> interrupted = {};
};

/// Why a chain could not be opened, in words for the user.
enum class OpenErrorKind : uint8_t {
    Io,
    DiskFull,
    Corrupt,
    NewerVersion,
    WrongNetwork,
    InUse,
    Interrupted,
    Pruned,
};

struct OpenError {
    OpenErrorKind kind = OpenErrorKind::Io;
    std::string message;
};

} // namespace emc::chain
