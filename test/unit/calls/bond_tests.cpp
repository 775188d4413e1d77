// Coins that pay for a claim with their age, against all sets of few coins.
#include "calls/bond.h"
#include "crypto/random.h"
#include "reward/claim.h"

#include <boost/test/unit_test.hpp>

#include <optional>

namespace emc::calls {
namespace {

__extension__ using Uint128 = unsigned __int128;
constexpr int64_t DAY = 86'400;

Uint128 AgeOf(const std::vector<BondCoin>& coins, const std::vector<size_t>& chosen)
{
    Uint128 sum = 0;
    for (const size_t i : chosen)
        sum += static_cast<Uint128>(coins[i].value) * static_cast<Uint128>(coins[i].age_sec);
    return sum;
}

primitives::Amount Allowed(const std::vector<BondCoin>& coins, const std::vector<size_t>& chosen)
{
    const base::Bytes owner{1};
    std::vector<reward::SpentValue> spent;
    for (const size_t i : chosen)
        spent.push_back({coins[i].value, coins[i].age_sec, owner});
    return reward::AgeBound(spent, owner);
}

/// The best of all sets.
std::optional<Uint128> Least(const std::vector<BondCoin>& coins, primitives::Amount claim)
{
    std::optional<Uint128> best;
    for (size_t set = 1; set < (size_t{1} << coins.size()); ++set) {
        std::vector<size_t> chosen;
        for (size_t i = 0; i < coins.size(); ++i) {
            if ((set >> i & 1) != 0) chosen.push_back(i);
        }
        if (Allowed(coins, chosen) < claim) continue;
        const Uint128 sum = AgeOf(coins, chosen);
        if (!best || sum < *best) best = sum;
    }
    return best;
}

BOOST_AUTO_TEST_SUITE(bond)

BOOST_AUTO_TEST_CASE(the_least_of_all_sets)
{
    crypto::TestRandom random{7};
    size_t possible = 0;
    for (int round = 0; round < 300; ++round) {
        std::vector<BondCoin> coins;
        for (uint64_t left = random.Below(10); left > 0; --left)
            coins.push_back({static_cast<primitives::Amount>(random.Below(50) * primitives::COIN),
                             static_cast<int64_t>(random.Below(400)) * DAY});
        const auto claim = static_cast<primitives::Amount>(1 + random.Below(5 * primitives::COIN));
        const auto chosen = ChooseBond(coins, claim);
        const auto least = Least(coins, claim);
        BOOST_REQUIRE(chosen.empty() != least.has_value());
        if (!least) continue;
        ++possible;
        BOOST_REQUIRE(Allowed(coins, chosen) >= claim);
        BOOST_REQUIRE((AgeOf(coins, chosen) == *least));
    }
    BOOST_TEST(possible > 100U);
}

BOOST_AUTO_TEST_CASE(many_coins_and_the_bounds)
{
    std::vector<BondCoin> coins(1'000, {primitives::COIN, 365 * DAY}); // each allows 0.05 EMC
    BOOST_TEST(ChooseBond(coins, primitives::COIN).size() == 20U);
    BOOST_TEST(ChooseBond(coins, 10 * primitives::COIN).size() == 200U);
    BOOST_TEST(ChooseBond(coins, 10 * primitives::COIN + 1).empty());
    BOOST_TEST(ChooseBond({}, 1).empty());
    BOOST_TEST(ChooseBond({{primitives::COIN, 0}}, 1).empty());
    coins.push_back({primitives::MAX_MONEY, 365 * DAY});
    BOOST_TEST(ChooseBond(coins, 50 * primitives::COIN) == std::vector<size_t>{1'000});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::calls
