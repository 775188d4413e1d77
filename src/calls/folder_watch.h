/// What is watched of a SIP server's folders, and what was found there.
#pragma once

#include "calls/cdr.h"

namespace emc::calls {

/// What -callwatch names.
struct FolderWatch {
    std::string folder;
    CdrOptions options;
};

/// "<format>[,<field>=<column>…]:<folder>", columns as ParseCdrColumns takes them. The error says what would
/// be right.
[[nodiscard]] base::Expected<FolderWatch, std::string> ParseFolderWatch(std::string_view text);

/// What one look into the folder brought.
struct FolderNews {
    struct Problem {
        std::string file;
        uint64_t line = 0; ///< 0: the whole file
        std::string reason;
    };

    uint64_t files = 0; ///< in the folder
    uint64_t added = 0;
    uint64_t known = 0;
    uint64_t unanswered = 0;
    uint64_t bytes = 0;
    uint64_t problem_count = 0;
    std::vector<Problem> problems; ///< the first MAX_PROBLEMS

    static constexpr size_t MAX_PROBLEMS = 1'000;
};

} // namespace emc::calls
