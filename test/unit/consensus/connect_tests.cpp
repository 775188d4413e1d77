// What connecting a block gives: coins, names, sums; and the views it asks.
#include "consensus/connect.h"
#include "unit/consensus/world.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace emc::test {

namespace {

using consensus::BlockDelta;
using consensus::Rule;
using names::OpKind;
using primitives::COIN;

bool Creates(const BlockDelta& delta, const OutPoint& outpoint)
{
    return std::any_of(delta.created.begin(), delta.created.end(),
                       [&](const auto& coin) { return coin.outpoint == outpoint; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(consensus_connect)

BOOST_AUTO_TEST_CASE(a_delta_says_all)
{
    World world;
    const OutPoint money = world.AddCoin(2 * COIN, ANYONE);
    const OutPoint old = world.AddName("d/old", 2000);
    MutableTransaction name = Spend({money, old}, {NameOutput(OpKind::New, "d/new", 30, "text"),
                                                   NameOutput(OpKind::Delete, "d/old", 0, ""),
                                                   {COIN, ANYONE},
                                                   {5, {0x6a}}});
    name.version = primitives::NAME_TX_VERSION;
    Sign(world, name);
    const Hash256 name_txid = primitives::MakeTx(name)->Txid();
    MutableTransaction child = Spend({{name_txid, 2}}, {{COIN - 100, ANYONE}});
    Draft d(world);
    d.transactions = {name, child};
    d.coinbase.outputs[0].value = 1000;
    const primitives::Block block = d.Finish();

    BlockDelta delta;
    const auto broken = world.Judge(block, &delta);
    BOOST_REQUIRE_MESSAGE(!broken, (broken ? consensus::Describe(*broken) : ""));
    BOOST_REQUIRE_EQUAL(delta.spent.size(), 3U);
    BOOST_CHECK(delta.spent[0].empty());
    BOOST_CHECK_EQUAL(delta.spent[1].size(), 2U);
    BOOST_CHECK_EQUAL(delta.spent[2][0].height, world.height); // made in this block
    BOOST_CHECK((delta.removed == std::vector<OutPoint>{money, old}));

    // The commitment and OP_RETURN are no coins; the coin spent again is not there after the block.
    BOOST_CHECK_EQUAL(delta.created.size(), 4U);
    BOOST_CHECK(Creates(delta, {block.transactions[0]->Txid(), 0}));
    BOOST_CHECK(Creates(delta, {name_txid, 0}));
    BOOST_CHECK(Creates(delta, {name_txid, 1}));
    BOOST_CHECK(!Creates(delta, {name_txid, 2}));
    BOOST_CHECK(!Creates(delta, {name_txid, 3}));
    for (const auto& made : delta.created) {
        const bool of_name = made.outpoint.txid == name_txid;
        BOOST_CHECK_EQUAL(made.coin.had_prefix, of_name);
        if (of_name) BOOST_CHECK(made.coin.out.script_pubkey == WitnessKeyHashScript(1));
        BOOST_CHECK_EQUAL(made.coin.generated, made.outpoint.txid == block.transactions[0]->Txid());
    }
    BOOST_REQUIRE_EQUAL(delta.names.size(), 2U);
    BOOST_CHECK(delta.names[0].after.has_value());
    BOOST_CHECK(!delta.names[1].after.has_value());

    const Amount burned = 1'200'000;
    BOOST_CHECK_EQUAL(delta.burned, burned);
    const Amount name_fee = 2 * COIN + 1'000'000 - (2 * 1'000'000 + COIN + 5) - burned;
    BOOST_CHECK_EQUAL(delta.fees, name_fee + 100);
    BOOST_CHECK_EQUAL(delta.minted, 1000 - delta.fees);
    Amount change = 0;
    for (const auto& made : delta.created)
        change += made.coin.out.value;
    BOOST_CHECK_EQUAL(delta.supply_change, change - (2 * COIN + 1'000'000));
    // New money less what is burned and what OP_RETURN destroys.
    BOOST_CHECK_EQUAL(delta.supply_change, delta.minted - burned - 5);
}

BOOST_AUTO_TEST_CASE(assumed_valid_runs_no_scripts)
{
    World world;
    const OutPoint coin = world.AddCoin(COIN, {0x00});
    Draft d(world);
    d.transactions = {Spend({coin}, {{COIN, ANYONE}})};
    const primitives::Block block = d.Finish();
    consensus::ConnectContext context;
    context.params = &world.params;
    context.height = world.height;
    context.parent_mtp = world.MedianTimePast(world.height - 1);
    context.coins = &world;
    context.names = &world;
    context.watermarks = &world;
    context.ended = &world;
    context.times = &world;
    consensus::InlineScriptRunner runner;
    context.runner = &runner;
    context.assumed_valid = true;
    BOOST_CHECK(consensus::ConnectBlock(block, context).HasValue());
    context.assumed_valid = false;
    const auto failed = consensus::ConnectBlock(block, context);
    BOOST_REQUIRE(!failed.HasValue());
    BOOST_CHECK(failed.Error().rule == Rule::ScriptFailed);
    BOOST_CHECK(failed.Error().detail.find("input 0 of ") != std::string::npos);
    BOOST_CHECK(!runner.Wait()); // the failure was taken out
}

BOOST_AUTO_TEST_CASE(the_runner_stops_at_the_first_failure)
{
    World world;
    const OutPoint bad = world.AddCoin(COIN, {0x00});
    const OutPoint good = world.AddCoin(COIN, ANYONE);
    const auto tx = primitives::MakeTx(Spend({good, bad, bad}, {{COIN, ANYONE}}));
    const std::vector<Coin> spent = {*world.Get(good), *world.Get(bad), *world.Get(bad)};
    consensus::InlineScriptRunner runner;
    runner.Add(consensus::ScriptChecksOf(tx, spent, script::CONSENSUS_FLAGS, nullptr));
    runner.Add(consensus::ScriptChecksOf(tx, spent, script::CONSENSUS_FLAGS, nullptr));
    const auto failure = runner.Wait();
    BOOST_REQUIRE(failure);
    BOOST_CHECK_EQUAL(failure->input, 1U);
    BOOST_CHECK(failure->txid == tx->Txid());
    BOOST_CHECK(failure->error == script::Error::EvalFalse);
}

BOOST_AUTO_TEST_CASE(coins_are_asked_for_together)
{
    struct Noting final : consensus::CoinView {
        explicit Noting(const World& state) : world(state) {}

        std::optional<Coin> Get(const OutPoint& outpoint) const override { return world.Get(outpoint); }

        void Prefetch(std::span<const OutPoint> outpoints) const override { asked = outpoints.size(); }

        const World& world;
        mutable size_t asked = 0;
    };

    World world;
    const OutPoint a = world.AddCoin(COIN, ANYONE);
    const OutPoint b = world.AddCoin(COIN, ANYONE);
    Draft d(world);
    d.transactions = {Spend({a, b}, {{COIN, ANYONE}})};
    const Noting view(world);
    consensus::InlineScriptRunner runner;
    consensus::ConnectContext context;
    context.params = &world.params;
    context.height = world.height;
    context.parent_mtp = world.MedianTimePast(world.height - 1);
    context.coins = &view;
    context.names = &world;
    context.watermarks = &world;
    context.ended = &world;
    context.times = &world;
    context.runner = &runner;
    BOOST_CHECK(consensus::ConnectBlock(d.Finish(), context).HasValue());
    BOOST_CHECK_EQUAL(view.asked, 2U);
}

BOOST_AUTO_TEST_CASE(flags_follow_the_heights)
{
    consensus::Params params = consensus::RegtestParams();
    BOOST_CHECK_EQUAL(consensus::BlockScriptFlags(params, 1), script::CONSENSUS_FLAGS);
    params.activation = {.bip34 = 1, .bip65 = 10, .bip66 = 20, .csv = 30, .segwit = 40, .taproot = 50};
    BOOST_CHECK_EQUAL(consensus::BlockScriptFlags(params, 9), script::VERIFY_P2SH);
    BOOST_CHECK_EQUAL(consensus::BlockScriptFlags(params, 50), script::CONSENSUS_FLAGS);
    BOOST_CHECK_EQUAL(consensus::BlockScriptFlags(params, 49),
                      script::CONSENSUS_FLAGS & ~script::VERIFY_TAPROOT);
}

BOOST_AUTO_TEST_CASE(versions_follow_the_heights)
{
    consensus::Params params = consensus::RegtestParams();
    params.activation = {.bip34 = 10, .bip65 = 30, .bip66 = 20, .csv = 1, .segwit = 1, .taproot = 1};
    const auto accepted = [&params](int32_t version, int32_t height) {
        primitives::BlockHeader header;
        header.version = version;
        header.time = 100;
        header.bits = 0x207fffff;
        consensus::HeaderContext context;
        context.params = &params;
        context.height = height;
        context.required_bits = header.bits;
        context.clock_sec = 100;
        return consensus::CheckHeaderContext(header, context).HasValue();
    };
    BOOST_CHECK(accepted(0, 9));
    BOOST_CHECK(!accepted(1, 10));
    BOOST_CHECK(accepted(2, 19));
    BOOST_CHECK(!accepted(2, 20));
    BOOST_CHECK(accepted(3, 29));
    BOOST_CHECK(!accepted(3, 30));
    BOOST_CHECK(accepted(4, 30));
}

BOOST_AUTO_TEST_CASE(finality_before_bip113_uses_the_blocks_time)
{
    World world;
    world.params.activation.csv = 2000;
    const OutPoint coin = world.AddCoin(COIN, ANYONE);
    Draft d(world);
    d.transactions = {Spend({coin}, {{COIN, ANYONE}})};
    d.transactions[0].inputs[0].sequence = 0;
    d.transactions[0].lock_time = d.header.time - 1;
    BOOST_CHECK(!world.Judge(d.Finish()));
    d.transactions[0].lock_time = d.header.time;
    const auto broken = world.Judge(d.Finish());
    BOOST_REQUIRE(broken);
    BOOST_CHECK(broken->rule == Rule::BlockNotFinal);
}

BOOST_AUTO_TEST_CASE(net_fees)
{
    using consensus::NetFee;
    BOOST_CHECK_EQUAL(*NetFee({.inputs = 10, .claim = 5, .outputs = 12, .burned = 1}), 2);
    BOOST_CHECK(
        NetFee({.inputs = primitives::MAX_MONEY, .claim = 1, .outputs = 0, .burned = 0}).Error().rule ==
        Rule::FeeRange);
    BOOST_CHECK(NetFee({.inputs = 1, .claim = 0, .outputs = 2, .burned = 0}).Error().rule ==
                Rule::InputsBelowOutputs);
    BOOST_CHECK(NetFee({.inputs = 3, .claim = 0, .outputs = 2, .burned = 2}).Error().rule ==
                Rule::NameFeeUnpaid);
}

BOOST_AUTO_TEST_CASE(a_signed_line_costs_four)
{
    // 20 signature operations fewer fit beside five signed lines than without them.
    World world;
    BOOST_CHECK_EQUAL(consensus::LegacySigOps(primitives::Transaction(Spend({}, {{0, KeyHashScript(1)}}))),
                      1);
    MutableTransaction named =
        Spend({}, {NameOutput(OpKind::New, "d/x", 1, std::string(20, '\xac'), KeyHashScript(1))});
    named.version = primitives::NAME_TX_VERSION;
    // The value's bytes are data; only the owner script counts.
    BOOST_CHECK_EQUAL(consensus::LegacySigOps(primitives::Transaction(named)), 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
