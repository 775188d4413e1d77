/// Help texts, made from the call table.
#pragma once

#include "rpc/call.h"

namespace emc::rpc {

/// "getblock \"blockhash\" ( verbosity )"
[[nodiscard]] std::string UsageLine(const CallSpec& spec);
/// The whole help page of one call.
[[nodiscard]] std::string HelpPage(const CallSpec& spec);
/// All calls by category, one usage line each.
[[nodiscard]] std::string HelpList();
/// The name of an argument that help shows; others are accepted, too.
[[nodiscard]] std::string FirstName(const ArgSpec& arg);

} // namespace emc::rpc
