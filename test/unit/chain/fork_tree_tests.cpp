// Random trees of good and bad blocks: whatever is offered in whatever order, the node stands on the best
// good block, and its state is that of a node which was given the blocks up to there and nothing else.
#include "unit/chain/node.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace emc::test {
namespace {

using chain::Outcome;
using consensus::Rule;

constexpr int32_t MOST_DEPTH = 40;

struct Counts {
    size_t blocks = 0;
    size_t bad = 0;
    size_t reorgs = 0;
    int32_t deepest = 0; ///< blocks taken back by one reorganisation
};

/// One node and the tree it is fed.
class Forest
{
public:
    Forest(uint64_t seed, Counts& counts) : m_counts(counts), m_tree(m_params, seed)
    {
        m_node.options.cache_bytes = seed % 2 == 0 ? size_t{1} << 20 : size_t{64} << 20;
        BOOST_REQUIRE_EQUAL(m_node.Open(), "");
        m_best = &m_tree.Genesis();
        for (int i = 0; i < 3; ++i)
            Offer(m_tree.Grow(*m_best, 2));
        m_tips.push_back(m_best);
    }

    void GrowAll()
    {
        const size_t branches = 2 + Draw(4);
        const auto most = 20 + static_cast<int32_t>(Draw(static_cast<uint64_t>(MOST_DEPTH - 20) + 1));
        for (int step = 0; step < 14 && m_best->height < most; ++step) {
            const Made*& tip = m_tips[Draw(m_tips.size())];
            if (m_tips.size() < branches && Draw(2) == 0) {
                m_tips.push_back(Below(*tip, Draw(12)));
                continue;
            }
            // Now and then far enough to overtake the others.
            const uint64_t missing = static_cast<uint64_t>(std::max(0, m_best->height - tip->height));
            for (uint64_t i = Draw(3) == 0 ? missing + 1 : 1 + Draw(3); i > 0 && tip->height < most; --i) {
                if (Draw(8) == 0) OfferBad(*tip);
                tip = &m_tree.Grow(*tip, Draw(5));
                Offer(*tip);
            }
        }
        CheckState();
    }

    /// Takes a part of the best chain back and puts it on again.
    void CheckIdentity()
    {
        const auto before = m_node.StateHashes();
        const Made& low = *Below(*m_best, Draw(static_cast<uint64_t>(m_best->height)));
        BOOST_REQUIRE(m_node.chain->Control().InvalidateBlock(low.hash));
        const auto tip = m_node.chain->GetTip();
        BOOST_REQUIRE((tip.hash != m_best->hash));
        BOOST_REQUIRE(m_node.StateHashes() == m_replays.At(tip.hash));
        BOOST_REQUIRE(m_node.chain->Control().ReconsiderBlock(low.hash));
        BOOST_REQUIRE((m_node.chain->GetTip().hash == m_best->hash));
        BOOST_REQUIRE(m_node.StateHashes() == before);
    }

private:
    size_t Draw(uint64_t below) { return static_cast<size_t>(m_tree.random.Below(below)); }

    const Made* Below(const Made& from, uint64_t steps) const
    {
        const Made* out = &from;
        for (; steps > 0 && out->height > 1; --steps)
            out = &m_tree.Find(out->block->header.prev_hash);
        return out;
    }

    void CheckState()
    {
        BOOST_REQUIRE((m_node.chain->GetTip().hash == m_best->hash));
        BOOST_REQUIRE(m_node.StateHashes() == m_replays.At(m_best->hash));
        BOOST_REQUIRE(m_node.chain->Supply() == m_best->state->supply);
    }

    void Offer(const Made& made)
    {
        const auto verdict = m_node.chain->AcceptBlock(made.block);
        BOOST_REQUIRE_MESSAGE(verdict.outcome == Outcome::Accepted, consensus::Describe(verdict.rule));
        ++m_counts.blocks;
        if (made.height <= m_best->height) return; // the first seen stays
        const Made* before = m_best;
        m_best = &made;
        if (made.block->header.prev_hash == before->hash) return;
        const Made* fork = m_best;
        const auto old = m_tree.PathTo(*before);
        while (fork->height > before->height || (fork->height > 0 && old[Index(*fork)] != fork))
            fork = &m_tree.Find(fork->block->header.prev_hash);
        m_counts.deepest = std::max(m_counts.deepest, before->height - fork->height);
        ++m_counts.reorgs;
        CheckState();
    }

    static size_t Index(const Made& made) { return static_cast<size_t>(made.height) - 1; }

    struct Bad {
        primitives::Block block;
        Rule rule = Rule::Ok;
    };

    /// A block on `parent` that fails only when it is connected.
    Bad MakeBad(const Made& parent)
    {
        const auto coins = m_tree.Spendable(parent);
        const auto& builder = m_tree.builder;
        const auto block = [&](const std::vector<TxRef>& txs, primitives::Amount subsidy) {
            const Builder::Place place{parent.hash, parent.height + 1, parent.time + 30,
                                       0x8000'0000 + m_tag++};
            return *builder.MakeBlock(place, txs, subsidy);
        };
        constexpr auto SUBSIDY = 50 * primitives::COIN;
        if (coins.empty()) return {block({}, SUBSIDY + 1), Rule::CoinbaseAmount};
        const auto& coin = coins[Draw(coins.size())];
        const auto good = builder.Pay({coin}, 1, 0);
        switch (Draw(5)) {
        case 0:
            return {block({good}, SUBSIDY + 1), Rule::CoinbaseAmount};
        case 1:
            return {block({good, builder.Pay({coin}, 2, 0)}, SUBSIDY), Rule::InputsMissing};
        case 2: {
            auto fields = good->Fields();
            fields.inputs[0].witness[0][9] ^= 1;
            return {block({primitives::MakeTx(fields)}, SUBSIDY), Rule::ScriptFailed};
        }
        case 3: {
            auto fields = good->Fields();
            fields.outputs[0].value += 1;
            return {block({builder.Sign(fields, {coin})}, SUBSIDY), Rule::InputsBelowOutputs};
        }
        default:
            break;
        }
        if (coin.out.value < primitives::COIN) return {block({}, SUBSIDY + 1), Rule::CoinbaseAmount};
        const auto op = builder.Op(names::OpKind::Update, "test:nobody's", 1, "v");
        return {block({builder.Names({coin}, {op}, 0)}, SUBSIDY), Rule::NameNotLive};
    }

    /// A bad block and, when it does not stand on the tip, children that make it look better than the tip.
    void OfferBad(const Made& parent)
    {
        const Bad bad = MakeBad(parent);
        const auto block = std::make_shared<const primitives::Block>(bad.block);
        const auto hash = block->header.Hash();
        (void)m_node.chain->AcceptBlock(block);
        Builder::Place place{hash, parent.height + 2, parent.time + 60, m_tag++};
        while (place.height <= m_best->height + 1) {
            const auto child = m_tree.builder.MakeBlock(place, {}, 50 * primitives::COIN);
            (void)m_node.chain->AcceptBlock(child);
            place = {child->header.Hash(), place.height + 1, place.time + 30, m_tag++};
        }
        const auto again = m_node.chain->AcceptBlock(block);
        BOOST_REQUIRE((again.outcome == Outcome::Invalid));
        BOOST_REQUIRE_MESSAGE(again.rule.rule == bad.rule, consensus::Describe(again.rule));
        BOOST_REQUIRE((m_node.chain->GetTip().hash == m_best->hash));
        ++m_counts.bad;
    }

    const consensus::Params m_params = QuickRegtest();
    Counts& m_counts;
    Node m_node{m_params};
    Tree m_tree;
    Replays m_replays{m_tree, m_params};
    const Made* m_best = nullptr;
    std::vector<const Made*> m_tips;
    uint32_t m_tag = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(fork_trees)

BOOST_AUTO_TEST_CASE(state_equals_a_fresh_replay_after_every_reorganisation)
{
    const uint64_t trees = NumberFromEnvironment("EMC_MODEL_TREES", 500);
    Counts counts;
    for (uint64_t seed = 1; seed <= trees; ++seed) {
        Forest forest(seed, counts);
        forest.GrowAll();
        forest.CheckIdentity();
    }
    BOOST_TEST(counts.reorgs > trees);
    BOOST_TEST(counts.bad > trees);
    BOOST_TEST(counts.deepest > 8);
    BOOST_TEST_MESSAGE(trees << " trees, " << counts.blocks << " good and " << counts.bad << " bad blocks, "
                             << counts.reorgs << " reorganisations, the deepest " << counts.deepest);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
