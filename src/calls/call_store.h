/// The call records of this node's own numbers, on disk.
#pragma once

#include "base/memory.h"
#include "interfaces/calls.h"
#include "storage/failure.h"

namespace emc::base {
class RandomSource;
}

namespace emc::storage {
class FileSystem;
class KvStore;
} // namespace emc::storage

namespace emc::calls {

using interfaces::CallFilter;
using interfaces::CallTotals;

/// How far a source of calls was read, in its reader's own bytes.
struct SourceMark {
    std::string source;
    base::Bytes mark; ///< empty: the source is forgotten
};

/// What to report of a call whose end is not the one the store has.
[[nodiscard]] std::string DifferingCall(const reward::CallRecord& call);

/// Each call once, whatever files it came in. Any thread.
class CallStore
{
public:
    using Visit = interfaces::CallBook::Visit;

    struct Added {
        size_t added = 0;
        size_t known = 0; ///< here before, with the same times
        std::vector<size_t>
            differing; ///< places of calls that are here with another end; those stay as they were
    };

    struct Options {
        std::string directory;
        uint32_t magic_be = 0;                ///< of the network
        storage::FileSystem* files = nullptr; ///< null: the operating system's
    };

    /// Opens or creates the store. `random` makes salts and must outlive it. Errors: InUse, Corrupt,
    /// NewerVersion, WrongNetwork, DiskFull, Io; the detail names the directory.
    [[nodiscard]] static storage::StorageResult<std::unique_ptr<CallStore>> Open(const Options& options,
                                                                                 base::RandomSource& random);
    ~CallStore();
    CallStore(const CallStore&) = delete;
    CallStore& operator=(const CallStore&) = delete;

    /// Adds valid records, each with a new salt, and notes how far their sources were read, all together or
    /// nothing; on disk on return. A call is known by its numbers, Call-ID and answer.
    [[nodiscard]] storage::StorageResult<Added> Add(std::span<const reward::CallRecord> calls,
                                                    std::span<const SourceMark> marks = {});
    /// What Add noted for a source; nullopt when nothing.
    [[nodiscard]] storage::StorageResult<std::optional<base::Bytes>> Mark(std::string_view source) const;

    /// Visits calls by rising end, with both directions of a number first those it made; or newest first.
    [[nodiscard]] storage::StorageResult<void> Read(const CallFilter& filter, const Visit& visit) const;
    /// The calls with a Call-ID; a handful at most.
    [[nodiscard]] storage::StorageResult<std::vector<reward::CallRecord>>
    ByCallId(std::string_view call_id) const;
    /// Totals for each direction between two numbers, by caller and callee. Reads the calls.
    [[nodiscard]] storage::StorageResult<std::vector<CallTotals>> Totals(const CallFilter& filter) const;
    /// Removes calls that ended before; gives their number.
    [[nodiscard]] storage::StorageResult<size_t> Forget(uint64_t before_ms);

    /// For what else of the room is kept there.
    [[nodiscard]] storage::KvStore& Rows();

private:
    struct Impl;
    explicit CallStore(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::calls
