/// Arguments that name blocks.
#pragma once

#include "interfaces/chain.h"
#include "rpc/call.h"

namespace emc::rpc {

/// The block of a hash; throws −5 when it is unknown.
[[nodiscard]] interfaces::BlockInfo NeedBlock(const Request& request, const base::Hash256& hash);
/// The block of the best chain at a height; throws −8 when there is none.
[[nodiscard]] interfaces::BlockInfo NeedHeight(const Request& request, int64_t height);
/// Argument `i`: a hash, or a height in the best chain.
[[nodiscard]] interfaces::BlockInfo BlockOf(const Request& request, size_t i);

} // namespace emc::rpc
