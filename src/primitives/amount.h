/// Money.
#pragma once

#include <cstdint>
#include <string>

namespace emc::primitives {

/// Units of 10^-8 EMC.
using Amount = int64_t;

inline constexpr Amount COIN = 100'000'000;
/// Bounds one amount and one transaction's sum, not the supply (doc/consensus-rules.md, design 1).
inline constexpr Amount MAX_MONEY = 21'000'000 * COIN;

/// 0 … MAX_MONEY.
[[nodiscard]] constexpr bool MoneyRange(Amount value)
{
    return value >= 0 && value <= MAX_MONEY;
}

/// "1.00000000"
[[nodiscard]] std::string AmountText(Amount value);

} // namespace emc::primitives
