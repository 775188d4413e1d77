// Fork choice: laws that hold for every chain.
#include "consensus/fork_choice.h"
#include "crypto/random.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace emc::test {

namespace {

using base::U256;
using consensus::ForkState;
using consensus::Kind;
using consensus::Params;

struct Node {
    size_t parent = 0;
    ForkState state;
};

/// Grows a random tree; every state is computed from its parent's alone.
std::vector<Node> RandomTree(const Params& params, crypto::TestRandom& random, size_t size)
{
    std::vector<Node> tree = {{0, ForkState::Genesis(params)}};
    while (tree.size() < size) {
        const size_t back = std::min<size_t>(tree.size(), 12);
        const size_t parent = tree.size() - 1 - random.Below(back);
        const Kind kind = random.Below(3) == 0 ? Kind::Pow : Kind::Pos;
        const auto curve = consensus::CurveOf(params, kind);
        U256 target = *consensus::TargetOf(curve.limit_bits) >> static_cast<unsigned>(random.Below(30));
        const int64_t time = params.genesis.header.time + tree[parent].state.time +
                             static_cast<int64_t>(random.Below(4000)) - 500;
        tree.push_back(
            {parent, tree[parent].state.Next(params, kind, consensus::EncodeCompact(target), time)});
    }
    return tree;
}

/// The best node when blocks arrive in this order and ties go to the first seen.
size_t BestOf(const std::vector<Node>& tree, const std::vector<size_t>& arrival)
{
    size_t best = 0; // genesis comes first everywhere
    for (const size_t node : arrival) {
        if (tree[node].state.BetterThan(tree[best].state)) best = node;
    }
    return best;
}

Params WithBase(const Params& params, int64_t base)
{
    Params out = params;
    out.fork_choice_base = base;
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(consensus_fork_choice)

BOOST_AUTO_TEST_CASE(a_child_is_better_than_its_parent)
{
    crypto::TestRandom random(11);
    for (const int64_t base : {0, 40, 2000}) {
        const Params params = WithBase(consensus::MainParams(), base);
        for (const Node& node : RandomTree(params, random, 600)) {
            const ForkState& parent = node.state;
            for (const Kind kind : {Kind::Pow, Kind::Pos}) {
                const uint32_t bits = consensus::CurveOf(params, kind).limit_bits;
                const ForkState child =
                    parent.Next(params, kind, bits, params.genesis.header.time + parent.time + 1);
                BOOST_CHECK(child.BetterThan(parent));
                BOOST_CHECK(!parent.BetterThan(child));
            }
            BOOST_CHECK(!parent.BetterThan(parent));
            BOOST_CHECK(parent.credit <= parent.pos_rate);
        }
    }
}

BOOST_AUTO_TEST_CASE(order_does_not_depend_on_arrival)
{
    crypto::TestRandom random(12);
    const Params params = WithBase(consensus::MainParams(), 30);
    const std::vector<Node> tree = RandomTree(params, random, 300);
    std::vector<size_t> arrival(tree.size());
    for (size_t i = 0; i < arrival.size(); ++i)
        arrival[i] = i;
    const ForkState best = tree[BestOf(tree, arrival)].state;
    for (int round = 0; round < 50; ++round) {
        for (size_t i = arrival.size(); i > 1; --i)
            std::swap(arrival[i - 1], arrival[random.Below(i)]);
        const ForkState& found = tree[BestOf(tree, arrival)].state;
        BOOST_CHECK(found.trust == best.trust);
        BOOST_CHECK(found.pow_work == best.pow_work);
    }
    // A strict order: of any two at most one is better, and better is transitive.
    for (int i = 0; i < 3000; ++i) {
        const ForkState& a = tree[random.Below(tree.size())].state;
        const ForkState& b = tree[random.Below(tree.size())].state;
        const ForkState& c = tree[random.Below(tree.size())].state;
        BOOST_CHECK(!(a.BetterThan(b) && b.BetterThan(a)));
        if (a.BetterThan(b) && b.BetterThan(c)) BOOST_CHECK(a.BetterThan(c));
    }
}

BOOST_AUTO_TEST_CASE(proof_of_work_alone_on_regtest_is_most_work)
{
    const Params& params = consensus::RegtestParams();
    ForkState state = ForkState::Genesis(params);
    for (int i = 1; i <= 50; ++i) {
        primitives::BlockHeader header;
        header.version = 4;
        header.bits = 0x207fffff;
        header.time = params.genesis.header.time + static_cast<uint32_t>(i);
        state = state.Next(params, header);
        BOOST_CHECK(state.trust.IsZero());
        BOOST_CHECK(state.pow_work == U256(2) * static_cast<uint64_t>(i));
    }
    BOOST_CHECK_EQUAL(state.time, 50);
    BOOST_CHECK_EQUAL(state.pos_blocks, 0);
}

BOOST_AUTO_TEST_CASE(the_bonus_is_capped_by_the_credit)
{
    const Params params = WithBase(consensus::MainParams(), 1);
    ForkState state = ForkState::Genesis(params);
    const int64_t time = params.genesis.header.time;
    state = state.Next(params, Kind::Pos, params.pos_anchor_bits, time);
    state = state.Next(params, Kind::Pos, params.pos_anchor_bits, time);
    const U256 credit = state.credit;
    const U256 trust = state.trust;
    // However hard the work, it adds no more than the credit, and takes it away.
    const ForkState work = state.Next(params, Kind::Pow, 0x03000001, time);
    BOOST_CHECK(work.trust == trust + credit);
    BOOST_CHECK(work.credit.IsZero());
    const ForkState more = work.Next(params, Kind::Pow, 0x03000001, time);
    BOOST_CHECK(more.trust == work.trust);
    BOOST_CHECK(more.BetterThan(work));
}

BOOST_AUTO_TEST_CASE(sums_saturate)
{
    const Params params = WithBase(consensus::MainParams(), 0);
    ForkState state = ForkState::Genesis(params);
    for (int i = 0; i < 5; ++i)
        state = state.Next(params, Kind::Pos, 0x01010000, params.genesis.header.time);
    BOOST_CHECK(state.trust == U256::Max());
    for (int i = 0; i < 5; ++i)
        state = state.Next(params, Kind::Pow, 0x01010000, params.genesis.header.time);
    BOOST_CHECK(state.pow_work == U256::Max());
}

BOOST_AUTO_TEST_CASE(required_bits_count_blocks_of_the_kind)
{
    const Params& params = consensus::MainParams();
    ForkState state = ForkState::Genesis(params);
    state.time = 86'400;
    state.pos_blocks = 100;
    BOOST_CHECK_EQUAL(state.RequiredBits(params, Kind::Pos, 120),
                      consensus::NextBits(params, Kind::Pos, 86'400, 100));
    BOOST_CHECK_EQUAL(state.RequiredBits(params, Kind::Pow, 120),
                      consensus::NextBits(params, Kind::Pow, 86'400, 20));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
