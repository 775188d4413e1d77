/// The first blocks of the networks (doc/consensus-rules.md, design 1).
#pragma once

#include "primitives/block.h"

namespace emc::consensus {

/// What a genesis coinbase says: the SHA-256 of a file that Debian published on the day it names (kept by
/// snapshot.debian.org), so that the chain cannot have been started earlier.
inline constexpr std::string_view GENESIS_TEXT =
    "Debian bookworm-updates InRelease, 19 Nov 2026: SHA-256 e14a9f12aeaae6eb3344ac3d9985f795";

/// What tells one network's genesis from another's.
struct GenesisSeed {
    uint32_t time = 0;
    uint32_t bits = 0;
    uint32_t nonce = 0;
};

/// The block: version 4, one coinbase that pushes height 0 and the text, one output of nothing that nobody
/// can spend.
[[nodiscard]] primitives::Block MakeGenesis(const GenesisSeed& seed);

} // namespace emc::consensus
