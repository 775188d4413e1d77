// Removing old block files: which go, by hand and by themselves, and who can keep them.
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace emc::test {
namespace {

constexpr int32_t KEPT = 12; ///< with the ten that are always added

struct Small {
    Small()
    {
        node.options.prune = true;
        node.options.prune_keep_blocks = KEPT - 10;
        node.options.block_file_bytes = 3'000;
        node.options.block_chunk_bytes = 500;
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        Grow(40);
    }

    void Grow(int blocks)
    {
        for (int i = 0; i < blocks; ++i) {
            tip = &tree.Grow(*tip, 4);
            BOOST_REQUIRE(node.chain->AcceptBlock(tip->block).in_best_chain);
        }
    }

    int32_t FirstKept() const { return node.chain->Control().GetPruning().first_kept; }

    bool Here(int32_t height) const
    {
        return node.chain->Reader().ReadBlock(node.chain->Reader().BlockByHeight(height)->hash).HasValue();
    }

    /// Block files on disk.
    size_t Files()
    {
        const auto names = node.files.List(node.options.blocks_dir);
        return static_cast<size_t>(std::count_if(names->begin(), names->end(),
                                                 [](const auto& name) { return name.starts_with("blk"); }));
    }

    const consensus::Params params = QuickRegtest();
    Node node{params};
    Tree tree{params, 77};
    const Made* tip = &tree.Genesis();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(prune, Small)

BOOST_AUTO_TEST_CASE(by_hand_up_to_a_height)
{
    const auto state = node.StateHashes();
    const size_t before = Files();
    auto& control = node.chain->Control();
    BOOST_TEST(FirstKept() == 0);
    const auto some = control.Prune(10);
    BOOST_REQUIRE(some);
    BOOST_TEST(*some > 0);
    BOOST_TEST(*some <= 10);
    BOOST_TEST(FirstKept() == *some + 1);
    BOOST_TEST(!Here(*some));
    BOOST_TEST(Here(*some + 1));
    BOOST_TEST(Files() < before);
    const auto most = control.Prune(tip->height);
    BOOST_REQUIRE(most);
    BOOST_TEST(*most > *some);
    BOOST_TEST(*most <= tip->height - KEPT);
    BOOST_TEST((node.StateHashes() == state));
    BOOST_TEST(control.Verify(4, 0).HasValue());
    const auto gone = node.chain->Reader().BlockByHeight(3);
    BOOST_TEST(gone->chain_tx_count > 3U); // what is known of the chain stays known
    BOOST_TEST(node.chain->Reader().ReadBlock(gone->hash).Error().message.find("pruned") !=
               std::string::npos);
    BOOST_TEST(node.chain->Reader().ReadSpentCoins(gone->hash).Error().message.find("pruned") !=
               std::string::npos);
    Grow(5);
    node.Close();
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST((node.chain->GetTip().hash == tip->hash));
    BOOST_TEST(FirstKept() == *most + 1);
    BOOST_TEST(node.chain->Reader().BlockByHeight(tip->height)->chain_tx_count > gone->chain_tx_count);
    BOOST_TEST((node.chain->AcceptBlock(tree.PathTo(*tip)[2]->block).outcome == chain::Outcome::Known));
}

BOOST_AUTO_TEST_CASE(others_keep_what_they_need)
{
    int32_t needless = -1;
    node.chain->StartPruning([&needless] { return needless; });
    BOOST_TEST(*node.chain->Control().Prune(tip->height) == -1);
    needless = 7;
    const auto pruned = node.chain->Control().Prune(tip->height);
    BOOST_TEST(*pruned > 0);
    BOOST_TEST(*pruned <= 7);
    node.chain->StartPruning({});
    BOOST_TEST(*node.chain->Control().Prune(tip->height) > 7);
}

BOOST_AUTO_TEST_CASE(by_itself_when_files_grow)
{
    node.Close();
    node.options.prune_target_bytes = 30'000;
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    Grow(10);
    BOOST_TEST(FirstKept() == 0); // nobody has said that it may begin
    node.chain->StartPruning([] { return -1; });
    Grow(10);
    BOOST_TEST(FirstKept() == 0); // somebody needs all of them
    node.chain->StartPruning({});
    Grow(10);
    node.chain->Control().FlushToDisk(); // what waits on the writer is done
    BOOST_TEST(FirstKept() > 0);
    BOOST_TEST(FirstKept() <= tip->height - KEPT + 1);
    BOOST_TEST(node.chain->Reader().DiskBytes() < 60'000U);
    BOOST_TEST(node.chain->Control().Verify(4, 0).HasValue());
}

BOOST_AUTO_TEST_CASE(what_a_pruned_folder_can_not_do)
{
    BOOST_REQUIRE(*node.chain->Control().Prune(tip->height) > 0);
    const auto first = node.chain->Reader().BlockByHeight(FirstKept() - 1)->hash;
    const auto refused = node.chain->Control().InvalidateBlock(first);
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.Error().message.find("pruned") != std::string::npos, refused.Error().message);
    BOOST_TEST((node.chain->GetTip().hash == tip->hash));
    node.Close();
    node.options.reindex_state = true;
    BOOST_TEST(node.Open().find("-reindex-chainstate cannot build the state") != std::string::npos);
    node.options.reindex_state = false;
    node.options.prune = false;
    BOOST_TEST(node.Open().find("go on with -prune, or start with -reindex") != std::string::npos);
    node.options.prune = true;
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST((node.chain->GetTip().hash == tip->hash));
    BOOST_TEST(node.chain->Control().Prune(5).HasValue());
    node.Close();
    node.options.reindex = true;
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST(node.chain->GetTip().height == 0);
    BOOST_TEST(node.chain->Control().Prune(0).Error().message.find("too short") != std::string::npos);
    for (const Made* made : tree.PathTo(*tip))
        BOOST_REQUIRE(node.chain->AcceptBlock(made->block).in_best_chain);
    BOOST_TEST((node.Read() == *tip->state));
}

/// A branch from below the pruned height is not followed, also after a restart; one from above is.
BOOST_AUTO_TEST_CASE(branches)
{
    const Made* low = tree.PathTo(*tip)[4];
    const Made* high = tree.PathTo(*tip)[static_cast<size_t>(tip->height) - KEPT];
    BOOST_REQUIRE(*node.chain->Control().Prune(tip->height) > low->height);
    const Made* walk = low;
    while (walk->height <= tip->height + 2) {
        walk = &tree.Grow(*walk, 0);
        BOOST_REQUIRE(node.chain->AcceptBlock(walk->block).Good());
    }
    BOOST_TEST((node.chain->GetTip().hash == tip->hash));
    node.Close();
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST((node.chain->GetTip().hash == tip->hash));
    walk = high;
    while (walk->height <= tip->height) {
        walk = &tree.Grow(*walk, 2);
        BOOST_REQUIRE(node.chain->AcceptBlock(walk->block).Good());
    }
    BOOST_TEST((node.chain->GetTip().hash == walk->hash));
    BOOST_TEST((node.StateHashes() == Replays(tree, params).At(walk->hash)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
