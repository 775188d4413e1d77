/// Which coins pay for a claim with their age. Pure; any thread.
#pragma once

#include "primitives/amount.h"

#include <cstdint>
#include <vector>

namespace emc::calls {

/// More inputs make a transaction nobody relays.
inline constexpr size_t MAX_BOND_COINS = 200;

struct BondCoin {
    primitives::Amount value = 0;
    int64_t age_sec = 0;
};

/// The coins (places in `coins`, rising) whose age allows the claim and sums up to the least: the best set
/// within a bounded search, which up to 15 coins is the best there is. Empty when all together, or the
/// MAX_BOND_COINS with the most age, do not allow it. `claim` ≥ 1.
[[nodiscard]] std::vector<size_t> ChooseBond(const std::vector<BondCoin>& coins, primitives::Amount claim);

} // namespace emc::calls
