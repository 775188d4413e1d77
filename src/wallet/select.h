/// Coin selection. Pure: candidates and a target in, a choice out.
#pragma once

#include "base/random.h"
#include "primitives/transaction.h"

namespace emc::wallet {

using primitives::Amount;

/// A coin that may be spent.
struct Candidate {
    primitives::OutPoint outpoint;
    Amount value = 0;
    size_t input_vsize = 0; ///< virtual bytes its input adds, signature included
};

/// What is asked for.
struct SelectionTarget {
    Amount amount = 0;               ///< outputs and fixed fees together
    Amount rate_per_kvb = 0;         ///< fee rate of the inputs
    Amount change_cost = 0;          ///< fee of a change output now and of spending it later
    Amount min_change = 0;           ///< smaller change is left to the miner
    size_t max_input_vsize = 90'000; ///< of all inputs together: larger transactions are not relayed
};

/// The chosen coins.
struct Selected {
    std::vector<size_t> chosen; ///< indices into the candidates
    Amount total = 0;           ///< sum of values
    Amount input_fees = 0;      ///< fees of the inputs at the target's rate
    size_t input_vsize = 0;
    bool with_change = false; ///< what is left over pays for a change output of min_change at least
    Amount waste = 0;         ///< cost of change, or the excess given away
};

/// Fee for one input, units, rounded up.
[[nodiscard]] constexpr Amount InputFee(const Candidate& coin, Amount rate_per_kvb)
{
    return (rate_per_kvb * static_cast<Amount>(coin.input_vsize) + 999) / 1000;
}

/// An exact match without change, found by branch and bound in a bounded number of steps; nullopt when there
/// is none.
[[nodiscard]] std::optional<Selected> BranchAndBound(const std::vector<Candidate>& coins,
                                                     const SelectionTarget& target);
/// Coins in random order until the target with change is reached.
[[nodiscard]] std::optional<Selected> SingleRandomDraw(const std::vector<Candidate>& coins,
                                                       const SelectionTarget& target,
                                                       base::RandomSource& random);
/// Largest coins first: reaches any target that can be reached, with the fewest inputs.
[[nodiscard]] std::optional<Selected> LargestFirst(const std::vector<Candidate>& coins,
                                                   const SelectionTarget& target);
/// The smallest inputs that reach the target with change, searched for in a bounded number of steps; nullopt
/// when there are none, or none was found.
[[nodiscard]] std::optional<Selected> SmallestInputs(const std::vector<Candidate>& coins,
                                                     const SelectionTarget& target);
/// The least wasteful of the four that keeps max_input_vsize; nullopt when all coins together do not pay for
/// target and inputs, or only with more inputs than that.
[[nodiscard]] std::optional<Selected> SelectCoins(const std::vector<Candidate>& coins,
                                                  const SelectionTarget& target, base::RandomSource& random);

} // namespace emc::wallet
