#include "unit/mempool/rig.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace emc::test {

using mempool::PoolOptions;
using names::OpKind;

BOOST_AUTO_TEST_SUITE(follow)

BOOST_AUTO_TEST_CASE(a_block_takes_out_what_it_holds_and_excludes)
{
    PoolRig rig;
    const auto& c = rig.coins;
    const auto mined = rig.Spend({c[0]}, 1'000);
    const auto after = rig.Spend({rig.OutputOf(mined, 0)}, 1'000);
    const auto loser = rig.Spend({c[1]}, 1'000);
    const auto rests = rig.Spend({rig.OutputOf(loser, 0)}, 1'000);
    for (const auto& tx : {mined, after, loser, rests})
        CHECK_ANSWER(rig.Submit(tx), "ok");
    const auto op = rig.builder.Op(OpKind::New, "test:race", 30, "value");
    CHECK_ANSWER(rig.Submit(rig.builder.Names({c[2]}, {op}, 1'000)), "ok");
    (void)rig.Mine({mined, rig.Spend({c[1]}, 2'000), rig.builder.Names({c[3]}, {op}, 1'000)});
    BOOST_TEST(rig.pool->Info().count == 1U);
    const auto entry = rig.pool->Entry(after->Txid());
    BOOST_REQUIRE(entry.has_value());
    BOOST_TEST(entry->ancestor_count == 1U);
    BOOST_TEST(entry->depends.empty());
}

BOOST_AUTO_TEST_CASE(a_reorganisation_brings_back_and_keeps)
{
    PoolRig rig;
    const auto& c = rig.coins;
    const auto fork = rig.node.chain->GetTip();
    const auto both = rig.Spend({c[0]}, 1'000);
    const auto lost = rig.Spend({c[1]}, 1'000);
    const auto waits = rig.Spend({c[2]}, 1'000);
    CHECK_ANSWER(rig.Submit(waits), "ok");
    const auto came = rig.pool->Entry(waits->Txid())->time;
    const auto height = rig.pool->Entry(waits->Txid())->height;
    (void)rig.Mine({both, lost});
    const auto child = rig.Spend({rig.OutputOf(lost, 0)}, 1'000);
    CHECK_ANSWER(rig.Submit(child), "ok");
    rig.node.clock.SetMockTime(2'000'000'100);
    const auto first = rig.MineOn(fork.hash, fork.height + 1, {both});
    (void)rig.MineOn(first->header.Hash(), fork.height + 2, {});
    BOOST_TEST(rig.pool->Info().count == 3U);
    BOOST_TEST(!rig.pool->Get(both->Txid()));
    BOOST_TEST((rig.pool->Entry(child->Txid())->depends == std::vector<Hash256>{lost->Txid()}));
    BOOST_TEST(rig.pool->Entry(waits->Txid())->time == came);
    BOOST_TEST(rig.pool->Entry(waits->Txid())->height == height);
    BOOST_TEST(rig.pool->Entry(lost->Txid())->time == 2'000'000'100);
    const auto order = rig.pool->Entries();
    BOOST_TEST((order[0].tx->Txid() == lost->Txid()));
}

BOOST_AUTO_TEST_CASE(readers_never_see_half_a_pool)
{
    PoolRig rig;
    for (size_t i = 0; i < 15; ++i)
        CHECK_ANSWER(rig.Submit(rig.Spend({rig.coins[i]}, 1'000)), "ok");
    std::atomic<bool> stop{false};
    std::atomic<size_t> fewest{1'000};
    std::thread reader([&] {
        while (!stop)
            fewest = std::min<size_t>(fewest, rig.pool->Info().count);
    });
    for (int round = 0; round < 20; ++round) { // each leaves a block with one more payment
        const auto fork = rig.node.chain->GetTip();
        (void)rig.Mine({rig.Spend({rig.coins[19]}, 1'000 + round)});
        const auto first = rig.MineOn(fork.hash, fork.height + 1, {});
        (void)rig.MineOn(first->header.Hash(), fork.height + 2, {});
    }
    stop = true;
    reader.join();
    BOOST_TEST(fewest >= 15U);
}

BOOST_AUTO_TEST_CASE(old_ones_expire_with_what_rests_on_them)
{
    PoolOptions options;
    options.expiry_sec = 1'000;
    PoolRig rig(options);
    const auto old = rig.Spend({rig.coins[0]}, 1'000);
    CHECK_ANSWER(rig.Submit(old), "ok");
    rig.node.clock.SetMockTime(2'000'000'900);
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.OutputOf(old, 0)}, 1'000)), "ok");
    const auto young = rig.Spend({rig.coins[1]}, 1'000);
    CHECK_ANSWER(rig.Submit(young), "ok");
    (void)rig.Mine({});
    BOOST_TEST(rig.pool->Info().count == 3U);
    rig.node.clock.SetMockTime(2'000'001'001);
    (void)rig.Mine({});
    BOOST_TEST(rig.pool->Info().count == 1U);
    BOOST_TEST(!!rig.pool->Get(young->Txid()));
}

BOOST_AUTO_TEST_CASE(full_memory_evicts_the_cheapest_and_raises_the_minimum)
{
    PoolOptions options;
    options.max_usage_bytes = 2'900; // three payments
    PoolRig rig(options);
    const auto cheap = rig.Spend({rig.coins[0]}, 500);
    for (const auto& tx : {rig.Spend({rig.coins[1]}, 2'000), cheap, rig.Spend({rig.coins[2]}, 3'000)})
        CHECK_ANSWER(rig.Submit(tx), "ok");
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.coins[3]}, 400)), "-26 mempool full");
    BOOST_TEST(rig.pool->MinFeeRate() > 1'000);
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.coins[3]}, 401)), "-26 mempool min fee not met");
    CHECK_ANSWER(rig.Submit(rig.Spend({rig.coins[4]}, 4'000)), "ok");
    BOOST_TEST(!rig.pool->Get(cheap->Txid()));
    rig.node.clock.SetMockTime(2'000'000'000 + 10 * 12 * 3'600);
    BOOST_TEST(rig.pool->MinFeeRate() == 1'000); // halved until it no longer counts
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
