/// What emercoin-cli shows of several calls together: -getinfo, -netinfo, -names …
#pragma once

#include "base/expected.h"
#include "base/function.h"
#include "codec/json.h"

#include <string>
#include <vector>

namespace emc::app {

/// What became of a call.
struct CliOutcome {
    int exit_status = 0; ///< 0: a result
    codec::Json result;
    codec::Json error;
};

/// Makes a call with words as on the command line. The error says why there was no answer.
using CliAsk = std::function<base::Expected<CliOutcome, std::string>(const std::string& method,
                                                                     const std::vector<std::string>& words)>;

void PrintResult(const codec::Json& result);
/// Gives the exit status.
int PrintError(const CliOutcome& outcome);

/// A switch that shows something, and what it shows. `words` stand behind it; gives the exit status.
struct CliView {
    std::string_view option;
    int (*print)(const CliAsk& ask, const std::vector<std::string>& words);
};

[[nodiscard]] const std::vector<CliView>& CliViews();

} // namespace emc::app
