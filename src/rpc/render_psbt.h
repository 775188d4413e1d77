/// Partially signed transactions as JSON, in the shape of Bitcoin Core.
#pragma once

#include "psbt/roles.h"
#include "rpc/render.h"

namespace emc::rpc {

/// What decodepsbt shows.
[[nodiscard]] Json PsbtJson(const psbt::Psbt& psbt, const consensus::Params& params);
/// What analyzepsbt shows.
[[nodiscard]] Json PsbtStateJson(const psbt::State& state);
/// A PSBT argument in base64; throws −22 with what is wrong.
[[nodiscard]] psbt::Psbt PsbtOf(const std::string& text);

} // namespace emc::rpc
