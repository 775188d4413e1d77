/// Help texts and the machine-readable schema, both made from the call table.
#pragma once

#include "rpc/call.h"

namespace emc::rpc {

/// "getblock \"blockhash\" ( verbosity )"
[[nodiscard]] std::string UsageLine(const CallSpec& spec);
/// The whole help page of one call.
[[nodiscard]] std::string HelpPage(const CallSpec& spec);
/// All calls by category, one usage line each.
[[nodiscard]] std::string HelpList();
/// OpenRPC 1.2 document of all calls.
[[nodiscard]] Json OpenRpcSchema();

} // namespace emc::rpc
