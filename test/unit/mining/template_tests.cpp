#include "consensus/block_rules.h"
#include "mining/block_maker.h"
#include "unit/mempool/rig.h"

namespace emc::test {

using names::OpKind;
using primitives::COIN;

namespace {

mining::TemplateOptions OptionsFor(const PoolRig& rig, size_t max_weight)
{
    mining::TemplateOptions options;
    options.coinbase_script = rig.builder.Script();
    options.max_weight = max_weight;
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(templates)

BOOST_AUTO_TEST_CASE(takes_the_pool_in_order_and_pays_the_fees)
{
    PoolRig rig;
    const auto& c = rig.coins;
    const auto low = rig.Spend({c[0]}, 1'000);
    const auto high = rig.Spend({c[1]}, 3'000);
    const auto name = rig.builder.Names({c[2]}, {rig.builder.Op(OpKind::New, "test:t", 30, "v")}, 9'000);
    for (const auto& tx : {low, high, name})
        CHECK_ANSWER(rig.Submit(tx), "ok");
    const mining::TemplateBuilder builder(*rig.node.chain, *rig.pool, rig.node.clock);
    const auto made = builder.Build(OptionsFor(rig, 3'996'000));
    BOOST_REQUIRE(made.HasValue());
    const auto& txs = made->block.transactions;
    BOOST_REQUIRE(txs.size() == 4U);
    BOOST_TEST((txs[1] == name && txs[2] == high && txs[3] == low));
    BOOST_TEST(made->fees == 13'000);
    BOOST_TEST(made->height == rig.node.chain->GetTip().height + 1);
    BOOST_TEST((made->block.header.prev_hash == rig.node.chain->GetTip().hash));
    const auto block = std::make_shared<const primitives::Block>(made->block);
    const auto verdict = rig.node.chain->TestBlock(block); // commitment, root, amounts
    BOOST_TEST(verdict.Good(), consensus::Describe(verdict.rule));
    const auto& coinbase = *txs[0];
    const auto commitment =
        consensus::MakeWitnessCommitment(primitives::WitnessMerkleRoot(made->block), Hash256{});
    BOOST_TEST((coinbase.Outputs().back() == commitment));
    BOOST_TEST((coinbase.Inputs()[0].witness == primitives::Witness{base::Bytes(32, 0)}));
}

BOOST_AUTO_TEST_CASE(keeps_the_weight)
{
    PoolRig rig;
    for (int i = 0; i < 10; ++i)
        CHECK_ANSWER(rig.Submit(rig.Spend({rig.coins[static_cast<size_t>(i)]}, 1'000 + i)), "ok");
    const mining::TemplateBuilder builder(*rig.node.chain, *rig.pool, rig.node.clock);
    for (size_t max_weight : {0, 400, 2'000, 4'000, 100'000}) {
        const auto made = builder.Build(OptionsFor(rig, max_weight));
        BOOST_REQUIRE(made.HasValue());
        const auto& txs = made->block.transactions;
        size_t weight = 4 * 83;
        for (const auto& tx : txs)
            weight += tx->Weight();
        BOOST_TEST((txs.size() == 1U || weight <= max_weight));
        const size_t expected = max_weight < 1'000 ? 0 : max_weight >= 100'000 ? 10 : txs.size() - 1;
        BOOST_TEST(txs.size() - 1 == expected);
        if (max_weight == 4'000) BOOST_TEST(weight + txs[1]->Weight() > max_weight); // no room for one more
    }
}

BOOST_AUTO_TEST_CASE(given_transactions_exactly)
{
    PoolRig rig;
    const auto& c = rig.coins;
    const auto parent = rig.Spend({c[0]}, 500);
    const auto child = rig.Spend({rig.OutputOf(parent, 0)}, 700);
    CHECK_ANSWER(rig.Submit(rig.Spend({c[1]}, 1'000)), "ok");
    mining::BlockMaker maker(*rig.node.chain, *rig.pool, rig.node.clock, 4'000'000);
    interfaces::BlockMaker::Options options;
    options.coinbase_script = rig.builder.Script();
    options.transactions = {parent, child};
    const auto made = maker.MakeBlock(options);
    BOOST_REQUIRE(made.HasValue());
    BOOST_TEST((rig.node.chain->GetTip().hash == made->hash));
    BOOST_TEST(made->block->transactions.size() == 3U);
    BOOST_TEST(made->block->transactions[0]->Outputs()[0].value >= 1'200);
    options.transactions = {parent}; // spent by now
    const auto again = maker.MakeBlock(options);
    BOOST_REQUIRE(!again.HasValue());
    BOOST_TEST(again.Error().code == -25);
    BOOST_TEST(again.Error().message == "TestBlockValidity failed: bad-txns-inputs-missingorspent");
}

BOOST_AUTO_TEST_CASE(follows_the_tip_at_once)
{
    PoolRig rig;
    mining::BlockMaker maker(*rig.node.chain, *rig.pool, rig.node.clock, 4'000'000);
    interfaces::BlockMaker::Options options;
    options.coinbase_script = rig.builder.Script();
    for (size_t i = 0; i < 20; ++i) {
        CHECK_ANSWER(rig.Submit(rig.Spend({rig.coins[i]}, 1'000)), "ok");
        const auto made = maker.MakeBlock(options);
        BOOST_REQUIRE(made.HasValue());
        BOOST_TEST(made->block->transactions.size() == 2U); // what an earlier block holds is not taken again
    }
    BOOST_TEST(rig.node.chain->Supply() <= rig.node.chain->GetTip().height * 51 * COIN);
}

BOOST_AUTO_TEST_CASE(work_is_searched_within_the_tries)
{
    consensus::Params params = QuickRegtest();
    primitives::BlockHeader header = params.genesis.header;
    header.bits = 0x03000001; // beyond reach
    header.nonce = 5;
    BOOST_TEST(!mining::FindNonce(header, params, 10));
    BOOST_TEST(header.nonce == 15U);
    header.nonce = 0xfffffffe;
    BOOST_TEST(!mining::FindNonce(header, params, 100)); // used up
    header.bits = params.pow_limit_bits;
    BOOST_TEST(mining::FindNonce(header, params, 1'000));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
