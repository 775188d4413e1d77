/// Nodes that are built into the program, for who knows nobody and reaches no DNS seed.
#pragma once

#include "p2p/net/address.h"

#include <vector>

namespace emc::p2p {

/// Of a network by its name ("main", "test", "regtest"); empty when it has none.
[[nodiscard]] std::vector<Endpoint> FixedSeeds(std::string_view network);

} // namespace emc::p2p
