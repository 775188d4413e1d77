/// What the node does with own calls by itself (doc/call-reward.md, "Left to itself").
#pragma once

#include <cstdint>

namespace emc::interfaces {

/// -callreward and its relatives.
struct AutomaticMode {
    bool on = false;
    int64_t interval_sec = 600;  ///< between two looks at what is due
    int64_t period_sec = 86'400; ///< calls of so long go into one batch
    int64_t least_minutes = 1;   ///< of a batch
    int64_t least_claim = 0;     ///< units

    bool operator==(const AutomaticMode&) const = default;
};

/// What is allowed, both ends included. A claim may be anything that is money.
inline constexpr int64_t LEAST_REWARD_INTERVAL_SEC = 10;
inline constexpr int64_t MOST_REWARD_INTERVAL_SEC = 86'400;
inline constexpr int64_t LEAST_REWARD_PERIOD_SEC = 60;
inline constexpr int64_t MOST_REWARD_PERIOD_SEC = 2'678'400;
inline constexpr int64_t MOST_REWARD_MINUTES = 31'000'000; ///< at least one

} // namespace emc::interfaces
