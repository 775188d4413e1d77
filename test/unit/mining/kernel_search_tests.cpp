#include "mining/kernel_search.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {

using base::U256;

namespace {

/// Coins that differ in everything.
std::vector<mining::StakeCoin> SomeCoins(size_t count)
{
    std::vector<mining::StakeCoin> out;
    for (size_t i = 0; i < count; ++i) {
        mining::StakeCoin coin;
        coin.outpoint.txid.bytes[0] = static_cast<uint8_t>(i);
        coin.outpoint.txid.bytes[31] = static_cast<uint8_t>(i / 256);
        coin.outpoint.index = static_cast<uint32_t>(i % 5);
        coin.block_time = static_cast<uint32_t>(1'800'000'000 + 7 * i);
        coin.value = static_cast<primitives::Amount>(1 + i * i * 1'000);
        out.push_back(coin);
    }
    return out;
}

base::Hash256 Modifier()
{
    base::Hash256 out;
    out.bytes[5] = 77;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_search)

/// Against the rule itself, at a target of which about one kernel in ten meets it.
BOOST_AUTO_TEST_CASE(finds_what_the_rule_accepts)
{
    const auto coins = SomeCoins(400);
    const U256 target = U256::Max() / uint64_t{600'000'000};
    const mining::KernelSearch search(Modifier(), target, coins);
    BOOST_TEST(search.Size() == coins.size());
    size_t met = 0;
    for (uint32_t time = 1'800'100'000; time < 1'800'100'000 + 20 * 16; time += 16) {
        auto found = search.Find(time);
        for (size_t i = 0; i < coins.size(); ++i) {
            const consensus::Kernel kernel{Modifier(), coins[i].block_time, coins[i].outpoint, time};
            const bool meets = consensus::KernelMeets(consensus::KernelHash(kernel), target, coins[i].value);
            BOOST_REQUIRE_MESSAGE(meets == (found && *found == i), "coin " << i << " at " << time);
            if (!meets) continue;
            ++met;
            found = search.Find(time, i + 1);
        }
        BOOST_TEST(!found.has_value());
    }
    BOOST_TEST(met > 100U);
    BOOST_TEST(met < 7'900U);
}

BOOST_AUTO_TEST_CASE(chances_are_shares_of_the_target)
{
    const U256 half = U256::Max() >> 1;
    BOOST_TEST(mining::KernelChance(half, 1) == 0.5, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(mining::KernelChance(half, 1'000) == 1.0);
    BOOST_TEST(mining::KernelChance(half >> 20, 1'024) == 0.5 / 1'024, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(mining::KernelChance(U256{}, 1'000) == 0.0);
}

BOOST_AUTO_TEST_CASE(no_coins_find_nothing)
{
    const mining::KernelSearch search(Modifier(), U256::Max(), {});
    BOOST_TEST(!search.Find(1'800'000'000).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
