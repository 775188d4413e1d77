#include "chain/view.h"
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {
namespace {

using chain::Outcome;
using consensus::Rule;

struct Ready {
    Ready()
    {
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        for (int i = 0; i < 5; ++i) {
            tip = &tree.Grow(*tip, 0);
            BOOST_REQUIRE(node.chain->AcceptBlock(tip->block).outcome == Outcome::Accepted);
        }
    }

    primitives::Block Next(const std::vector<TxRef>& txs) const
    {
        return *tree.builder.MakeBlock({tip->hash, tip->height + 1, tip->time + 60, 77}, txs,
                                       50 * primitives::COIN);
    }

    chain::BlockVerdict Submit(primitives::Block block) const
    {
        return node.chain->AcceptBlock(std::make_shared<const primitives::Block>(std::move(block)));
    }

    const consensus::Params params = QuickRegtest();
    Node node{params};
    Tree tree{params, 3};
    const Made* tip = &tree.Genesis();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(accept, Ready)

BOOST_AUTO_TEST_CASE(verdicts)
{
    BOOST_TEST((node.chain->AcceptBlock(tip->block).outcome == Outcome::Known));

    auto orphan = Next({});
    orphan.header.prev_hash.bytes[5] ^= 1;
    tree.builder.Mine(orphan);
    const auto waiting = Submit(orphan);
    BOOST_TEST((waiting.outcome == Outcome::Waiting));
    BOOST_TEST((waiting.rule.rule == Rule::HeaderParentUnknown));

    auto early = Next({});
    early.header.time = static_cast<uint32_t>(node.clock.NowSec() + 3 * 3600);
    tree.builder.Mine(early);
    BOOST_TEST((Submit(early).outcome == Outcome::Waiting));
    BOOST_TEST((Submit(early).rule.rule == Rule::HeaderTimeNew));

    auto changed = Next({});
    auto fields = changed.transactions[0]->Fields();
    fields.outputs[0].value -= 1;
    changed.transactions[0] = primitives::MakeTx(fields);
    const auto mutated = Submit(changed);
    BOOST_TEST((mutated.outcome == Outcome::Mutated));
    BOOST_TEST((mutated.rule.rule == Rule::BlockMerkleRoot));
    // The hash stays good: the right copy is taken.
    BOOST_TEST((Submit(Next({})).outcome == Outcome::Accepted));
}

BOOST_AUTO_TEST_CASE(invalid_block_and_its_children_are_remembered)
{
    auto greedy = Next({});
    auto fields = greedy.transactions[0]->Fields();
    fields.outputs[0].value += 1;
    greedy.transactions[0] = primitives::MakeTx(fields);
    tree.builder.Finish(greedy);
    const auto verdict = Submit(greedy);
    BOOST_TEST((verdict.outcome == Outcome::Invalid));
    BOOST_TEST((verdict.rule.rule == Rule::CoinbaseAmount));
    BOOST_TEST((node.chain->GetTip().hash == tip->hash));
    const auto again = Submit(greedy);
    BOOST_TEST((again.outcome == Outcome::Invalid));
    BOOST_TEST((again.rule.rule == Rule::CoinbaseAmount));
    const auto child =
        tree.builder.MakeBlock({greedy.header.Hash(), tip->height + 2, tip->time + 120, 1}, {}, 0);
    BOOST_TEST((node.chain->AcceptBlock(child).rule.rule == Rule::HeaderParentInvalid));
    const auto info = node.chain->Reader().BlockByHash(greedy.header.Hash());
    BOOST_REQUIRE(info);
    BOOST_TEST(info->invalid);

    // Still so after a restart.
    node.Close();
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST((Submit(greedy).rule.rule == Rule::CoinbaseAmount));
    BOOST_TEST((node.chain->GetTip().hash == tip->hash));
}

BOOST_AUTO_TEST_CASE(wrong_signature_and_double_spend)
{
    const auto coins = tree.Spendable(*tip);
    const auto good = tree.builder.Pay({coins[0]}, 2, 0);
    auto fields = good->Fields();
    fields.inputs[0].witness[0][10] ^= 1;
    BOOST_TEST((Submit(Next({primitives::MakeTx(fields)})).rule.rule == Rule::ScriptFailed));
    const auto rival = tree.builder.Pay({coins[0]}, 3, 0);
    BOOST_TEST((Submit(Next({good, rival})).rule.rule == Rule::InputsMissing));
    const auto verdict = node.chain->TestBlock(std::make_shared<const primitives::Block>(Next({good})));
    BOOST_TEST((verdict.outcome == Outcome::Accepted));
    BOOST_TEST((node.chain->GetTip().hash == tip->hash));
    BOOST_TEST((Submit(Next({good})).outcome == Outcome::Accepted));
}

/// When a block with a wrong signature passes because an ancestor-to-be of it is named as good, and when not.
BOOST_AUTO_TEST_CASE(conditions_of_assumed_scripts)
{
    auto fields = tree.builder.Pay({tree.Spendable(*tip)[0]}, 2, 0)->Fields();
    fields.inputs[0].witness[0][10] ^= 1;
    const auto bad = std::make_shared<const primitives::Block>(Next({primitives::MakeTx(fields)}));
    const auto on = [&](const Hash256& parent, int32_t height) {
        return tree.builder.MakeBlock({parent, height, tip->time + 60 * static_cast<uint32_t>(height), 5}, {},
                                      50 * primitives::COIN);
    };
    const auto second = on(bad->header.Hash(), tip->height + 2);
    const auto third = on(second->header.Hash(), tip->height + 3);
    const Made* rival = tip;
    for (int i = 0; i < 4; ++i)
        rival = &tree.Grow(*rival, 0);

    struct Trial {
        const char* what;
        std::optional<Hash256> named;
        std::vector<BlockRef> headers;
        int32_t reorg_limit;
        bool passes;
    };

    const std::vector<Trial> trials = {
        {"nothing named", {}, {second, third}, 0, false},
        {"the block itself", bad->header.Hash(), {}, 0, true},
        {"a descendant that is known", third->header.Hash(), {second, third}, 0, true},
        {"a descendant that is not known", third->header.Hash(), {second}, 0, false},
        {"a block below", tip->hash, {second, third}, 0, false},
        {"a block of another branch", rival->hash, {second, third}, 0, false},
        {"as deep as reorganisations go", second->header.Hash(), {second, third}, 2, true},
        {"less deep", second->header.Hash(), {second, third}, 3, false},
    };
    for (const auto& trial : trials) {
        consensus::Params named = params;
        named.assumed_valid = trial.named;
        named.reorg_limit = trial.reorg_limit;
        Node fresh(named);
        BOOST_REQUIRE_EQUAL(fresh.Open(), "");
        for (const Made* made : tree.PathTo(*tip))
            BOOST_REQUIRE(fresh.chain->AcceptBlock(made->block).Good());
        BOOST_REQUIRE(fresh.chain->AcceptHeader(bad->header).Good());
        for (const auto& header : trial.headers)
            BOOST_REQUIRE(fresh.chain->AcceptHeader(header->header).Good());
        const auto verdict = fresh.chain->AcceptBlock(bad);
        BOOST_TEST(verdict.in_best_chain == trial.passes, trial.what);
        if (!trial.passes) BOOST_TEST((verdict.rule.rule == Rule::ScriptFailed), trial.what);
    }

    // A better chain of headers without the named block: the scripts are checked.
    consensus::Params named = params;
    named.assumed_valid = third->header.Hash();
    Node fresh(named);
    BOOST_REQUIRE_EQUAL(fresh.Open(), "");
    for (const Made* made : tree.PathTo(*tip))
        BOOST_REQUIRE(fresh.chain->AcceptBlock(made->block).Good());
    for (const auto& header : {bad, second, third})
        BOOST_REQUIRE(fresh.chain->AcceptHeader(header->header).Good());
    for (const Made* made : tree.PathTo(*rival)) {
        if (made->height > tip->height) BOOST_REQUIRE(fresh.chain->AcceptHeader(made->block->header).Good());
    }
    BOOST_TEST((fresh.chain->AcceptBlock(bad).rule.rule == Rule::ScriptFailed));
}

BOOST_AUTO_TEST_CASE(headers_first_then_blocks_in_any_order)
{
    std::vector<const Made*> path{tip};
    for (int i = 0; i < 6; ++i)
        path.push_back(&tree.Grow(*path.back(), 2));
    for (size_t i = 1; i < path.size(); ++i) {
        BOOST_TEST((node.chain->AcceptHeader(path[i]->block->header).outcome == Outcome::Accepted));
    }
    auto& reader = node.chain->Reader();
    const int32_t best = path.back()->height;
    BOOST_TEST(reader.GetTip().header_height == best);
    BOOST_TEST(reader.GetTip().height == best - 6);
    const int64_t begin = params.genesis.header.time;
    const int64_t tip_time = reader.GetTip().time;
    BOOST_TEST(reader.GetTip().initial_download);
    node.clock.SetMockTime(tip_time); // all that is missing is the blocks of those headers
    BOOST_TEST(reader.VerificationProgress() == static_cast<double>(best - 6) / best);
    node.clock.SetMockTime(begin + 4 * (tip_time - begin)); // and three quarters of the time
    BOOST_TEST(reader.VerificationProgress() == 0.25);
    node.clock.SetMockTime(0);
    BOOST_TEST(node.chain->Control().InvalidateBlock(path[4]->hash).HasValue());
    BOOST_TEST(reader.GetTip().header_height == best - 3);
    BOOST_TEST(node.chain->Control().ReconsiderBlock(path[4]->hash).HasValue());
    BOOST_TEST(reader.GetTip().header_height == best);
    for (size_t i = path.size() - 1; i > 1; --i) {
        const auto verdict = node.chain->AcceptBlock(path[i]->block);
        BOOST_TEST((verdict.outcome == Outcome::Accepted));
        BOOST_TEST(!verdict.in_best_chain);
    }
    BOOST_TEST((node.chain->GetTip().hash == tip->hash));
    BOOST_TEST(node.chain->AcceptBlock(path[1]->block).in_best_chain);
    BOOST_TEST((node.chain->GetTip().hash == path.back()->hash));
    BOOST_TEST((node.Read().coins == path.back()->state->coins));
}

BOOST_AUTO_TEST_CASE(reader_and_next_block)
{
    auto& reader = node.chain->Reader();
    const auto info = reader.BlockByHeight(3);
    BOOST_REQUIRE(info);
    BOOST_TEST(info->confirmations == 3);
    BOOST_TEST(info->has_data);
    BOOST_TEST((reader.BlockByHeight(4)->hash == info->next_hash));
    BOOST_TEST(!reader.BlockByHeight(6));
    BOOST_TEST(!reader.BlockByHeight(-1));
    BOOST_TEST(reader.BlockByHeight(0)->chain_tx_count == 1U);
    BOOST_TEST(reader.BlockByHeight(5)->chain_tx_count == 6U);
    const auto missing = reader.ReadBlock(base::Hash256{});
    BOOST_REQUIRE(!missing);
    BOOST_TEST(missing.Error().code == -5);
    const auto next = node.chain->Next();
    BOOST_TEST(next.height == 6);
    BOOST_TEST(next.pow_bits == params.pow_limit_bits);
    BOOST_TEST(next.min_time == next.tip.median_time + 1);
    BOOST_TEST(node.chain->Locator().size() == 6U);
    const auto tips = reader.Tips();
    BOOST_REQUIRE_EQUAL(tips.size(), 1U);
    BOOST_TEST(tips[0].status == "active");
    BOOST_TEST(node.chain->Supply() == 5 * 50 * primitives::COIN);
    BOOST_TEST(reader.ComputeCoinStats(interfaces::CoinHash::Serialized)->total == node.chain->Supply());
    const auto view = node.chain->View();
    BOOST_TEST(view.MedianTimePast(5) == next.tip.median_time);
    BOOST_TEST(view.BlockTime(5) == next.tip.time);
}

BOOST_AUTO_TEST_CASE(invalidate_switches_to_the_other_branch)
{
    const Made& left = tree.Grow(*tip, 3);
    const Made& right = tree.Grow(*tip, 3);
    BOOST_REQUIRE(node.chain->AcceptBlock(left.block).in_best_chain);
    BOOST_REQUIRE(!node.chain->AcceptBlock(right.block).in_best_chain);
    BOOST_REQUIRE(node.chain->Control().InvalidateBlock(left.hash));
    BOOST_TEST((node.chain->GetTip().hash == right.hash));
    BOOST_TEST((node.Read().names == right.state->names));
    BOOST_REQUIRE(node.chain->Control().ReconsiderBlock(left.hash));
    BOOST_TEST((node.chain->GetTip().hash == left.hash)); // seen first
    BOOST_TEST((node.Read().coins == left.state->coins));
    const auto unknown = node.chain->Control().InvalidateBlock(base::Hash256{});
    BOOST_REQUIRE(!unknown);
    BOOST_TEST(unknown.Error().code == -5);
    const auto tips = node.chain->Reader().Tips();
    BOOST_REQUIRE_EQUAL(tips.size(), 2U);
    BOOST_TEST((tips[0].status == "active" || tips[0].status == "valid-fork"));
    BOOST_TEST(node.chain->Control().SubmitBlock(right.block).value_or("") == "duplicate");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
