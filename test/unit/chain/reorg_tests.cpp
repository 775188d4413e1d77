#include "base/mutex.h"
#include "chain/view.h"
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

#include <atomic>

namespace emc::test {
namespace {

using chain::Outcome;

/// Writes down what it is told.
class Recorder final : public interfaces::EventSink
{
public:
    void OnBlockConnected(const interfaces::BlockConnected& event) override
    {
        Expect(event.tip.hash == event.hash);
        Expect(event.spent->size() == event.block->transactions.size());
        for (const auto& delta : *event.names)
            Set(delta.name, delta.before, delta.after);
        chain.push_back(event.hash);
    }

    void OnBlockDisconnected(const interfaces::BlockDisconnected& event) override
    {
        Expect(!chain.empty() && chain.back() == event.hash);
        chain.pop_back();
        Expect(event.spent->size() == event.block->transactions.size());
        for (auto it = event.names->rbegin(); it != event.names->rend(); ++it) {
            Set(it->name, it->after, it->before);
            Expect((it->kind == names::OpKind::Delete) == !it->after.has_value());
        }
    }

    void OnTip(const interfaces::Tip& tip) override { last_tip = tip; }

    std::vector<Hash256> chain;
    std::map<std::string, names::NameRecord> names;
    interfaces::Tip last_tip;
    std::atomic<int> faults{0}; ///< the checks of Boost are for one thread only

private:
    void Expect(bool holds)
    {
        if (!holds) ++faults;
    }

    void Set(const std::string& name, const std::optional<names::NameRecord>& from,
             const std::optional<names::NameRecord>& to)
    {
        const auto it = names.find(name);
        Expect(from.has_value() == (it != names.end()));
        if (from && it != names.end()) Expect(it->second == *from);
        names.erase(name);
        if (to) names[name] = *to;
    }
};

void CheckAgainst(Node& node, const Made& expected)
{
    BOOST_REQUIRE((node.chain->GetTip().hash == expected.hash));
    const Model now = node.Read();
    BOOST_TEST((now.names == expected.state->names));
    BOOST_TEST((now.coins == expected.state->coins));
    BOOST_TEST(now.supply == expected.state->supply);
    BOOST_TEST(node.chain->Supply() == expected.state->supply);
}

} // namespace

BOOST_AUTO_TEST_SUITE(reorg)

BOOST_AUTO_TEST_CASE(random_fork_trees_end_in_the_model_state)
{
    for (uint64_t seed = 1; seed <= 6; ++seed) {
        const auto params = QuickRegtest();
        Node node(params);
        node.options.cache_bytes = seed % 2 == 0 ? size_t{1} << 20 : size_t{64} << 20;
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        Recorder recorder;
        auto subscription = node.chain->Events().Subscribe("recorder", recorder, 10'000);
        Tree tree(params, seed);
        std::vector<const Made*> tips{&tree.Genesis()};
        const Made* best = &tree.Genesis();
        int reorgs = 0;
        for (int i = 0; i < 120; ++i) {
            // Mostly grow the newest branches, sometimes fork off a few blocks below.
            const Made* parent =
                tips[tips.size() - 1 -
                     static_cast<size_t>(tree.random.Below(std::min<size_t>(tips.size(), 3)))];
            for (uint64_t down = tree.random.Below(6) == 0 ? tree.random.Below(5) : 0;
                 down > 0 && parent->height > 0; --down) {
                parent = &tree.Find(parent->block->header.prev_hash);
            }
            const Made& made = tree.Grow(*parent, static_cast<size_t>(tree.random.Below(6)));
            tips.push_back(&made);
            const auto verdict = node.chain->AcceptBlock(made.block);
            BOOST_REQUIRE_MESSAGE(verdict.outcome == Outcome::Accepted, consensus::Describe(verdict.rule));
            if (made.height > best->height) {
                if (made.block->header.prev_hash != best->hash) ++reorgs;
                best = &made;
            }
            BOOST_REQUIRE((node.chain->GetTip().hash == best->hash));
            if (i % 20 == 19) CheckAgainst(node, *best);
        }
        BOOST_TEST(reorgs > 0);
        CheckAgainst(node, *best);
        const auto verified = node.chain->Control().Verify(4, 0);
        BOOST_TEST(verified.HasValue(), (verified ? "" : verified.Error().message));
        subscription->Drain();
        BOOST_TEST(recorder.chain.size() == static_cast<size_t>(best->height));
        BOOST_TEST(recorder.faults == 0);
        BOOST_TEST((recorder.names == best->state->names));
        BOOST_TEST((recorder.last_tip.hash == best->hash));
        subscription.reset();

        // The same after closing and opening, and after building the state, then everything, anew.
        const auto coins = node.chain->Reader().ComputeCoinStats(interfaces::CoinHash::Serialized);
        const auto name_hash = node.chain->Names().NameStats().hash;
        for (int round = 0; round < 3; ++round) {
            node.Close();
            node.options.reindex_state = round == 1;
            node.options.reindex = round == 2;
            BOOST_REQUIRE_EQUAL(node.Open(), "");
            CheckAgainst(node, *best);
            BOOST_TEST((node.chain->Reader().ComputeCoinStats(interfaces::CoinHash::Serialized)->hash ==
                        coins->hash));
            BOOST_TEST((node.chain->Names().NameStats().hash == name_hash));
        }
    }
}

BOOST_AUTO_TEST_CASE(undo_of_do_is_identity)
{
    const auto params = QuickRegtest();
    Node node(params);
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    Tree tree(params, 99);
    std::vector<const Made*> path{&tree.Genesis()};
    for (int i = 0; i < 60; ++i) {
        path.push_back(&tree.Grow(*path.back(), 5));
        BOOST_REQUIRE(node.chain->AcceptBlock(path.back()->block).outcome == Outcome::Accepted);
    }
    // Taken back one by one, down to genesis, and put on again.
    for (size_t i = path.size() - 1; i > 0; --i) {
        BOOST_REQUIRE(node.chain->Control().InvalidateBlock(path[i]->hash));
        if (i % 7 == 0 || i == 1) CheckAgainst(node, *path[i - 1]);
    }
    BOOST_TEST(node.chain->Supply() == 0);
    BOOST_REQUIRE(node.chain->Control().ReconsiderBlock(path[1]->hash));
    CheckAgainst(node, *path.back());
}

BOOST_AUTO_TEST_CASE(name_changes_hands_between_branches)
{
    const auto params = QuickRegtest();
    Node node(params);
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    Tree tree(params, 5);
    const Made* base = &tree.Genesis();
    for (int i = 0; i < 5; ++i) {
        base = &tree.Grow(*base, 0);
        BOOST_REQUIRE(node.chain->AcceptBlock(base->block).Good());
    }
    const auto with_name = [&](const Made& parent, const std::string& value, uint32_t tag) -> const Made& {
        const auto from = tree.Spendable(parent).front();
        const auto tx =
            tree.builder.Names({from}, {tree.builder.Op(names::OpKind::New, "dns:a", 3, value)}, 0);
        return tree.Adopt(parent,
                          tree.builder.MakeBlock({parent.hash, parent.height + 1, parent.time + 60, tag},
                                                 {tx}, 50 * primitives::COIN));
    };
    const Made& left = with_name(*base, "left", 1);
    const Made& right = with_name(*base, "right", 2);
    const Made& longer = tree.Grow(right, 0);
    BOOST_REQUIRE(node.chain->AcceptBlock(left.block).in_best_chain);
    BOOST_TEST(base::ToText(node.chain->Names().Find("dns:a")->record.value) == "left");
    const auto stale = node.chain->View();
    BOOST_TEST(stale.Fresh());
    BOOST_TEST(!node.chain->AcceptBlock(right.block).in_best_chain); // first seen stays
    BOOST_TEST(stale.Fresh());
    BOOST_TEST(node.chain->AcceptBlock(longer.block).in_best_chain);
    BOOST_TEST(!stale.Fresh());
    const auto found = node.chain->Names().Find("dns:a");
    BOOST_REQUIRE(found);
    BOOST_TEST(base::ToText(found->record.value) == "right");
    BOOST_TEST(found->live);
    size_t owned = 0;
    node.chain->Names().ByOwner(tree.builder.Script(), [&](const interfaces::NameInfo& info) {
        BOOST_TEST(info.name == "dns:a");
        ++owned;
        return true;
    });
    BOOST_TEST(owned == 1U);
    const auto view = node.chain->View();
    BOOST_TEST(view.NameByOutpoint(found->record.outpoint).value_or("") == "dns:a");
    BOOST_TEST(!view.NameByOutpoint(left.state->names.at("dns:a").outpoint));
}

BOOST_AUTO_TEST_CASE(deep_reorganisation_needs_the_operator)
{
    const auto params = QuickRegtest();
    Node node(params);
    node.options.reorg_limit = 5;
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    Tree tree(params, 11);
    const Made* tip = &tree.Genesis();
    std::vector<const Made*> main;
    for (int i = 0; i < 8; ++i) {
        tip = &tree.Grow(*tip, 0);
        main.push_back(tip);
        BOOST_REQUIRE(node.chain->AcceptBlock(tip->block).Good());
    }
    // A branch from six blocks below is not even taken; one from five below is, and wins when it is longer.
    const Made& too_deep = tree.Grow(*main[1], 0);
    const auto refused = node.chain->AcceptBlock(too_deep.block);
    BOOST_TEST((refused.outcome == Outcome::Waiting));
    BOOST_TEST((refused.rule.rule == consensus::Rule::HeaderForkDepth));
    const Made* fork = main[2];
    for (int i = 0; i < 6; ++i) {
        fork = &tree.Grow(*fork, 0);
        BOOST_REQUIRE(node.chain->AcceptBlock(fork->block).outcome == Outcome::Accepted);
    }
    BOOST_TEST((node.chain->GetTip().hash == fork->hash));

    // A branch known before, but now too deep, is not followed until the operator asks for it.
    const Made* old = main.back();
    for (int i = 0; i < 3; ++i)
        old = &tree.Grow(*old, 0);
    const Made* side = &tree.Find(old->block->header.prev_hash);
    const Made* lower = &tree.Find(side->block->header.prev_hash);
    BOOST_REQUIRE(node.chain->AcceptBlock(lower->block).outcome == Outcome::Waiting);
    node.Close();
    node.options.reorg_limit = 0;
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_REQUIRE(node.chain->AcceptBlock(lower->block).outcome == Outcome::Accepted);
    BOOST_REQUIRE(node.chain->AcceptBlock(side->block).outcome == Outcome::Accepted);
    BOOST_TEST((node.chain->GetTip().hash == side->hash));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
