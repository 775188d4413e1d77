/// The records of own calls, for RPC and GUI.
#pragma once

#include "base/function.h"
#include "interfaces/types.h"
#include "reward/call_record.h"

namespace emc::interfaces {

/// Which calls: all conditions that are set must hold.
struct CallFilter {
    uint64_t number = 0;                           ///< caller or callee; 0: any
    uint64_t counterparty = 0;                     ///< the other one; needs `number`
    bool outgoing = true;                          ///< with `number`: calls it made
    bool incoming = true;                          ///< with `number`: calls it took
    uint64_t from_ms = 0;                          ///< end of the call, included
    uint64_t to_ms = reward::MAX_CALL_TIME_MS + 1; ///< not included
    bool newest_first = false;                     ///< by falling end, both directions of `number` in one
};

/// Calls and begun minutes of one direction between two numbers.
struct CallTotals {
    uint64_t caller = 0;
    uint64_t callee = 0;
    uint64_t calls = 0;
    uint64_t minutes = 0;
    uint64_t first_end_ms = 0;
    uint64_t last_end_ms = 0;
};

/// A file of a SIP server, and how it is to be read (doc/call-reward.md).
struct CallImport {
    std::string file;
    std::string format;
    std::string numbering; ///< empty: as -callnumbering says
    std::string zone;      ///< of clocks without one; empty: as -callzone says
    std::string columns;
    bool whole = true;  ///< nothing will be added to the file: a half record at its end is a problem
    bool again = false; ///< from its beginning, whatever was read before
};

/// What an import found.
struct CallsImported {
    struct Problem {
        uint64_t line = 0; ///< of the file, from 1
        std::string reason;
    };

    uint64_t added = 0;
    uint64_t known = 0;
    uint64_t unanswered = 0;
    uint64_t bytes = 0; ///< read now
    uint64_t problem_count = 0;
    std::vector<Problem> problems; ///< the first MAX_PROBLEMS

    static constexpr size_t MAX_PROBLEMS = 1'000;
};

/// Where calls come from by themselves, since the start of the node.
struct CallSource {
    struct Problem {
        std::string file;
        uint64_t line = 0; ///< from 1; 0: the whole file
        std::string reason;
    };

    std::string name; ///< the folder, or "http"
    std::string format;
    std::string error;  ///< why nothing can be read now; empty while all is well
    uint64_t files = 0; ///< in the folder; requests over HTTP
    uint64_t added = 0;
    uint64_t known = 0;
    uint64_t unanswered = 0;
    uint64_t bytes = 0;
    int64_t last_added_sec = 0; ///< unix; 0: never
    uint64_t problem_count = 0;
    std::vector<Problem> problems; ///< the newest MAX_PROBLEMS

    static constexpr size_t MAX_PROBLEMS = 100;
};

/// The store of call records. Any thread. Failures: −1 the store, −8 what was asked.
class CallBook
{
public:
    virtual ~CallBook() = default;

    /// Gets a call; false: no more.
    using Visit = std::function<bool(const reward::CallRecord&)>;

    template <typename T>
    using Result = base::Expected<T, Failure>;

    /// Adds one valid record and gives it a salt; false when it is there already.
    [[nodiscard]] virtual Result<bool> Add(const reward::CallRecord& record) = 0;
    /// Reads a file from where it was left the last time; what was read is on disk even when a later part
    /// fails. Long.
    [[nodiscard]] virtual Result<CallsImported> Import(const CallImport& request) = 0;
    /// An E.164 number in whatever way it is written, by -callnumbering.
    [[nodiscard]] virtual Result<uint64_t> Number(const std::string& written) const = 0;
    /// Visits calls by rising end, with both directions of a number first those it made; or newest first.
    [[nodiscard]] virtual Result<void> Read(const CallFilter& filter, const Visit& visit) const = 0;
    [[nodiscard]] virtual Result<std::vector<reward::CallRecord>>
    ByCallId(const std::string& call_id) const = 0;
    /// For each direction between two numbers. Reads the calls: long.
    [[nodiscard]] virtual Result<std::vector<CallTotals>> Totals(const CallFilter& filter) const = 0;
    /// Removes calls that ended before; gives their number.
    [[nodiscard]] virtual Result<uint64_t> Forget(uint64_t before_ms) = 0;
    /// Writes calls as a table that Import takes as "csv", into a file that is not there yet; gives their
    /// number. Failure −8 also when the file cannot be written. Long.
    [[nodiscard]] virtual Result<uint64_t> Export(const CallFilter& filter,
                                                  const std::string& file) const = 0;
    /// Takes what a SIP server posted: whole records. `format` as in CallImport; empty: FreeSWITCH's JSON or
    /// XML, plain or as the field "cdr" of a form. On disk on return. Failure −8 when one of them cannot be
    /// taken; those beside it are kept.
    [[nodiscard]] virtual Result<CallsImported> Post(const std::string& body, const std::string& format) = 0;
    /// Watched folders, and what was posted once something was.
    [[nodiscard]] virtual std::vector<CallSource> Sources() const = 0;
};

} // namespace emc::interfaces
