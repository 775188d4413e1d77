/// Second-level names of signed zones: which of `dns:<name>:0`, `:1`, … counts. For this room only.
#pragma once

#include "dns/zone/compile.h"

namespace emc::dns {

inline constexpr int MAX_CANDIDATES = 100;

/// What a search found out besides its result.
struct SignedFind {
    std::vector<std::string> depends;
    bool waits_for_revocation = false;
    int32_t valid_height = std::numeric_limits<int32_t>::max();
    int32_t expired_at = Compiled::NEVER; ///< the candidate at which it ended ran out then
};

} // namespace emc::dns
