// Loses power at every single sync and checks that the node comes back at a block it knew, with the state of
// exactly that block, and goes on to the best chain without help.
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

namespace emc::test {
namespace {

using chain::Outcome;

/// Blocks in the order they are given, reorganisations among them.
std::vector<const Made*> Script(Tree& tree)
{
    std::vector<const Made*> out;
    const Made* tip = &tree.Genesis();
    for (int round = 0; round < 4; ++round) {
        const Made* left = tip;
        for (int i = 0; i < 4; ++i)
            out.push_back(left = &tree.Grow(*left, 4));
        const Made* right = tip;
        for (int i = 0; i < 5; ++i)
            out.push_back(right = &tree.Grow(*right, 4));
        tip = right;
    }
    return out;
}

/// Feeds everything, flushing after every third block. Ends when the power is cut.
void Feed(Node& node, const std::vector<const Made*>& script)
{
    int count = 0;
    for (const Made* made : script) {
        if (node.files.PowerIsCut()) return;
        (void)node.chain->AcceptBlock(made->block);
        if (++count % 3 == 0) node.chain->Control().FlushToDisk();
    }
}

void CheckConsistent(Node& node, Tree& tree)
{
    const Made& at = tree.Find(node.chain->GetTip().hash);
    const Model now = node.Read();
    BOOST_REQUIRE((now.coins == at.state->coins));
    BOOST_REQUIRE((now.names == at.state->names));
    BOOST_REQUIRE(now.supply == at.state->supply);
    BOOST_REQUIRE(node.chain->Supply() == at.state->supply);
    BOOST_REQUIRE(node.chain->Control().Verify(4, 6).HasValue());
}

} // namespace

BOOST_AUTO_TEST_SUITE(crash)

BOOST_AUTO_TEST_CASE(power_cut_at_every_sync)
{
    const auto params = QuickRegtest();
    Tree tree(params, 4242);
    const auto script = Script(tree);
    uint64_t total = 0;
    {
        Node calm(params);
        BOOST_REQUIRE_EQUAL(calm.Open(), "");
        Feed(calm, script);
        calm.Close();
        total = calm.files.Syncs();
    }
    BOOST_TEST(total > 30U);
    crypto::TestRandom torn(1);
    for (uint64_t at = 1; at <= total; ++at) {
        Node node(params);
        node.files.CutPowerAtSync(at);
        if (node.Open().empty()) Feed(node, script);
        node.Close();
        // Every second time a part of what was not synced reached the disk all the same.
        node.files.Restart(at % 2 == 0 ? &torn : nullptr);
        node.fatal.clear();
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        CheckConsistent(node, tree);
        Feed(node, script);
        BOOST_REQUIRE((node.chain->GetTip().hash == script.back()->hash));
        CheckConsistent(node, tree);
    }
}

BOOST_AUTO_TEST_CASE(power_cut_again_while_recovering)
{
    const auto params = QuickRegtest();
    Tree tree(params, 777);
    const auto script = Script(tree);
    crypto::TestRandom torn(2);
    Node node(params);
    for (int round = 0; round < 60; ++round) {
        node.files.CutPowerAtSync(1 + torn.Below(12));
        const auto text = node.Open();
        if (text.empty()) Feed(node, script);
        node.Close();
        node.files.Restart(&torn);
        node.fatal.clear();
    }
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    CheckConsistent(node, tree);
    Feed(node, script);
    BOOST_TEST((node.chain->GetTip().hash == script.back()->hash));
    CheckConsistent(node, tree);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
