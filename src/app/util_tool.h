/// emercoin-util: work on headers and scripts, without a node.
#pragma once

#include <string>
#include <vector>

namespace emc::app {

/// Runs the program. Returns the exit status: 0, or 1 with a sentence on stderr.
[[nodiscard]] int RunUtilTool(const std::vector<std::string>& arguments);

} // namespace emc::app
