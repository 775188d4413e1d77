/// What takes all networks to tell.
#pragma once

#include <string>
#include <string_view>

namespace emc::consensus {

struct Params;

/// For a text that is no private key here: the end of a sentence that says which network it is a key of;
/// empty when of none.
[[nodiscard]] std::string NetworkOfSecret(const Params& here, std::string_view text);

} // namespace emc::consensus
