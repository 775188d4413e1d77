/// Another program, run to its end for what it prints.
#pragma once

#include "base/function.h"

#include <optional>
#include <string>
#include <vector>

namespace emc::base {

struct ChildPlan {
    std::string program;            ///< a path, or a name that is looked for in $PATH
    std::vector<std::string> words; ///< its arguments; the first is the name it sees itself under
    std::string input;              ///< for its standard input
    int patience_ms = 0;            ///< it is killed after that
    size_t max_output_bytes = 0;    ///< and when it prints more than that
};

struct ChildResult {
    std::string output;           ///< what came up to the end, or until it was killed
    std::string complaint;        ///< the beginning of what it wrote to standard error
    std::optional<int> exit_code; ///< nullopt: not started, killed, or ended by a signal
    bool started = false;
    bool in_time = true; ///< false: it was killed for `patience_ms` or because of `stop`
};

/// Waits for the end, or until `stop` says true; it is asked several times a second. The program gets no
/// other file of this process. Any thread.
[[nodiscard]] ChildResult RunChild(const ChildPlan& plan, const std::function<bool()>& stop);

} // namespace emc::base
