/// emercoin-wallet: looks at wallet files, makes, dumps and rescues them, without a node.
#pragma once

#include <string>
#include <vector>

namespace emc::app {

/// Runs the program. Returns the exit status: 0; 1 when the command failed or `check` found damage.
[[nodiscard]] int RunWalletTool(const std::vector<std::string>& arguments);

} // namespace emc::app
