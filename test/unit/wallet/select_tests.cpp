// Coin selection against every possible choice.

#include "crypto/random.h"
#include "wallet/select.h"

#include <boost/test/unit_test.hpp>

#include <numeric>
#include <set>

using namespace emc;
using primitives::Amount;
using wallet::Candidate;
using wallet::Selected;
using wallet::SelectionTarget;

namespace {

Amount EffectiveSum(const std::vector<Candidate>& coins, const std::vector<size_t>& chosen, Amount rate)
{
    Amount sum = 0;
    for (const size_t i : chosen)
        sum += coins[i].value - wallet::InputFee(coins[i], rate);
    return sum;
}

void CheckSound(const std::vector<Candidate>& coins, const SelectionTarget& target, const Selected& selected)
{
    const std::set<size_t> distinct(selected.chosen.begin(), selected.chosen.end());
    BOOST_REQUIRE_EQUAL(distinct.size(), selected.chosen.size());
    Amount total = 0;
    size_t vsize = 0;
    for (const size_t i : selected.chosen) {
        BOOST_REQUIRE_LT(i, coins.size());
        total += coins[i].value;
        vsize += coins[i].input_vsize;
    }
    BOOST_REQUIRE_EQUAL(total, selected.total);
    BOOST_REQUIRE_EQUAL(vsize, selected.input_vsize);
    const Amount effective = EffectiveSum(coins, selected.chosen, target.rate_per_kvb);
    BOOST_REQUIRE_EQUAL(effective, total - selected.input_fees);
    BOOST_REQUIRE_GE(effective, target.amount);
    if (selected.with_change) {
        BOOST_REQUIRE_GE(effective, target.amount + target.change_cost + target.min_change);
        BOOST_REQUIRE_EQUAL(selected.waste, target.change_cost);
    } else {
        BOOST_REQUIRE_LE(effective - target.amount, target.change_cost + target.min_change);
        BOOST_REQUIRE_EQUAL(selected.waste, effective - target.amount);
    }
}

std::vector<Candidate> RandomCoins(crypto::TestRandom& random, size_t count)
{
    std::vector<Candidate> coins(count);
    for (auto& coin : coins) {
        coin.value = static_cast<Amount>(1 + random.Below(random.Below(2) == 0 ? 60 : 3'000));
        coin.input_vsize = 60 + random.Below(90);
    }
    return coins;
}

} // namespace

BOOST_AUTO_TEST_SUITE(wallet_select)

BOOST_AUTO_TEST_CASE(every_choice_is_weighed)
{
    crypto::TestRandom random(5);
    size_t exact = 0;
    for (int round = 0; round < 4'000; ++round) {
        const auto coins = RandomCoins(random, 1 + random.Below(10));
        SelectionTarget target;
        target.amount = static_cast<Amount>(1 + random.Below(4'000));
        target.rate_per_kvb = static_cast<Amount>(random.Below(400));
        target.change_cost = static_cast<Amount>(random.Below(40));
        target.min_change = static_cast<Amount>(random.Below(40));
        // All subsets: the best exact match, and whether the target can be reached at all.
        Amount best = target.change_cost + 1;
        bool reachable = false;
        const Amount with_change = target.amount + target.change_cost + target.min_change;
        size_t smallest = SIZE_MAX;
        for (size_t mask = 1; mask < size_t{1} << coins.size(); ++mask) {
            Amount sum = 0;
            size_t vsize = 0;
            bool sensible = true;
            for (size_t i = 0; i < coins.size(); ++i) {
                if ((mask >> i & 1) == 0) continue;
                const Amount effective = coins[i].value - wallet::InputFee(coins[i], target.rate_per_kvb);
                if (effective <= 0) sensible = false;
                sum += effective;
                vsize += coins[i].input_vsize;
            }
            if (sensible && sum >= with_change) smallest = std::min(smallest, vsize);
            if (sum < target.amount) continue;
            reachable = true;
            if (sensible) best = std::min(best, sum - target.amount);
        }
        const auto bnb = wallet::BranchAndBound(coins, target);
        BOOST_REQUIRE_EQUAL(bnb.has_value(), best <= target.change_cost);
        if (bnb) {
            ++exact;
            CheckSound(coins, target, *bnb);
            BOOST_REQUIRE_EQUAL(bnb->waste, best);
        }
        const auto small = wallet::SmallestInputs(coins, target);
        BOOST_REQUIRE_EQUAL(small.has_value(), smallest != SIZE_MAX);
        if (small) {
            CheckSound(coins, target, *small);
            BOOST_REQUIRE_EQUAL(small->input_vsize, smallest);
        }
        const auto largest = wallet::LargestFirst(coins, target);
        const auto drawn = wallet::SingleRandomDraw(coins, target, random);
        const auto chosen = wallet::SelectCoins(coins, target, random);
        BOOST_REQUIRE_EQUAL(largest.has_value(), reachable);
        BOOST_REQUIRE_EQUAL(drawn.has_value(), reachable);
        BOOST_REQUIRE_EQUAL(chosen.has_value(), reachable);
        for (const auto* one : {&largest, &drawn, &chosen}) {
            if (*one) CheckSound(coins, target, **one);
        }
        if (chosen)
            BOOST_REQUIRE_LE(chosen->waste + chosen->input_fees, largest->waste + largest->input_fees);
    }
    BOOST_CHECK_GT(exact, 200u);
}

BOOST_AUTO_TEST_CASE(many_coins_end_in_bounded_time)
{
    crypto::TestRandom random(6);
    std::vector<Candidate> coins(20'000);
    for (auto& coin : coins) {
        coin.value = static_cast<Amount>(1'000'000 + random.Below(1'000'000));
        coin.input_vsize = 68;
    }
    SelectionTarget target;
    target.amount = 700'000'001;
    target.rate_per_kvb = 10'000;
    target.change_cost = 0;
    const auto chosen = wallet::SelectCoins(coins, target, random);
    BOOST_REQUIRE(chosen);
    CheckSound(coins, target, *chosen);
    target.max_input_vsize = 1'000;
    BOOST_CHECK(!wallet::SelectCoins(coins, target, random));
}

BOOST_AUTO_TEST_CASE(nothing_to_choose_from)
{
    crypto::TestRandom random(7);
    SelectionTarget target;
    target.amount = 1;
    BOOST_CHECK(!wallet::SelectCoins({}, target, random));
    // A coin that costs more than it holds is never taken.
    BOOST_CHECK(!wallet::SelectCoins({{{}, 5, 100}}, {1, 100, 0, 0, 1000}, random));
}

BOOST_AUTO_TEST_SUITE_END()
