// Loses power at every single sync and write, and checks that the node comes back by itself at a block it
// knew, with the state an undisturbed node has there, and goes on to the best chain.
#include "chain/block_index.h"
#include "storage/kv_store.h"
#include "storage/schema.h"
#include "unit/chain/node.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

namespace emc::test {
namespace {

using chain::Outcome;
using Survivors = storage::MemoryFiles::Survivors;

/// Blocks in the order they are given, reorganisations among them.
std::vector<const Made*> Script(Tree& tree)
{
    std::vector<const Made*> out;
    const Made* tip = &tree.Genesis();
    const auto reorgs = NumberFromEnvironment("EMC_CRASH_REORGS", 6);
    for (uint64_t round = 0; round < reorgs; ++round) {
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

/// How far a node came, in blocks of the script.
struct Progress {
    size_t given = 0;
    size_t flushed = 0; ///< these are certainly on disk
    std::vector<Hash256> tips;
};

/// Feeds everything, flushing after every third block. Ends when the power is cut or the disk is full.
Progress Feed(Node& node, const std::vector<const Made*>& script)
{
    Progress out;
    out.tips.push_back(node.chain->GetTip().hash);
    for (const Made* made : script) {
        if (node.files.PowerIsCut() || node.chain->Stopped()) break;
        (void)node.chain->AcceptBlock(made->block);
        ++out.given;
        out.tips.push_back(node.chain->GetTip().hash);
        if (out.given % 3 != 0) continue;
        node.chain->Control().FlushToDisk();
        if (node.files.PowerIsCut() || node.chain->Stopped()) break;
        out.flushed = out.given;
        if (node.options.prune) (void)node.chain->Control().Prune(node.chain->GetTip().height);
    }
    return out;
}

enum class Files : uint8_t { Kept, Pruned };

/// A script, what an undisturbed node makes of it, and the checks of a disturbed one.
struct Ground {
    explicit Ground(uint64_t seed, Files kind = Files::Kept)
        : files(kind), tree(params, seed), script(Script(tree))
    {
        Node node(params);
        Configure(node);
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        calm = Feed(node, script);
        BOOST_REQUIRE((node.chain->GetTip().hash == script.back()->hash));
        BOOST_REQUIRE(node.StateHashes() == replays.At(script.back()->hash));
        pruned_to = node.chain->Control().GetPruning().first_kept;
        node.Close();
        syncs = node.files.Syncs();
        writes = node.files.Writes();
    }

    /// With pruning a file holds a few blocks only, and all but the newest 11 may go.
    void Configure(Node& node) const
    {
        node.options.cache_bytes = size_t{1} << 20;
        if (files == Files::Kept) return;
        node.options.prune = true;
        node.options.prune_keep_blocks = 1;
        node.options.block_file_bytes = 6'000;
        node.options.block_chunk_bytes = 2'000;
    }

    /// Blocks are here from the pruned height on and nowhere below.
    static void CheckPruned(Node& node)
    {
        const int32_t first = node.chain->Control().GetPruning().first_kept;
        BOOST_REQUIRE(first <= std::max(0, node.chain->GetTip().height - 10));
        for (int32_t height = 0; height <= node.chain->GetTip().height; ++height) {
            const auto info = node.chain->Reader().BlockByHeight(height);
            const bool here = node.chain->Reader().ReadBlock(info->hash).HasValue();
            if (height == first - 1) BOOST_REQUIRE(!here);
            if (height >= first) BOOST_REQUIRE(here);
            if (height >= std::max(first, 1)) BOOST_REQUIRE(node.chain->Reader().ReadSpentCoins(info->hash));
            BOOST_REQUIRE(here == info->has_data);
        }
    }

    /// Every file below the one being written holds a block the index knows.
    void CheckNoFileLeft(Node& node)
    {
        node.Close();
        storage::KvStore::Options options;
        options.files = &node.files;
        const auto store = storage::KvStore::Open(node.options.blocks_dir + "/index", options);
        BOOST_REQUIRE(store);
        chain::BlockIndex index(params);
        BOOST_REQUIRE(index.Load(**store, std::nullopt));
        std::set<std::string> wanted;
        index.ForEach([&](const chain::BlockEntry& entry) {
            if (entry.HasData()) wanted.insert(base::Format("blk%05d.dat", entry.data.file));
            if (!entry.undo.IsNull()) wanted.insert(base::Format("rev%05d.dat", entry.undo.file));
        });
        const auto ends = storage::DecodeFileEnds(*(*store)->Get(storage::FileEndsKey()));
        wanted.insert(base::Format("blk%05d.dat", ends->blocks.file));
        wanted.insert(base::Format("rev%05d.dat", ends->undo.file));
        const auto listed = node.files.List(node.options.blocks_dir);
        for (const auto& name : *listed)
            if (name.ends_with(".dat")) BOOST_REQUIRE_MESSAGE(wanted.contains(name), name);
    }

    /// The state is exactly that of the block the node stands at.
    void CheckConsistent(Node& node)
    {
        const Made& at = tree.Find(node.chain->GetTip().hash);
        BOOST_REQUIRE(node.StateHashes() == replays.At(at.hash));
        if (files == Files::Pruned) {
            BOOST_REQUIRE(node.chain->Control().Verify(4, 0).HasValue());
            return CheckPruned(node);
        }
        const Model now = node.Read();
        BOOST_REQUIRE((now.coins == at.state->coins));
        BOOST_REQUIRE((now.names == at.state->names));
        BOOST_REQUIRE(now.supply == at.state->supply);
        BOOST_REQUIRE(node.chain->Supply() == at.state->supply);
        BOOST_REQUIRE(node.chain->Control().Verify(4, 6).HasValue());
    }

    /// After trouble: opens unaided at a tip between the last flush and the last block given, goes on to the
    /// end.
    void CheckRecovery(Node& node, const Progress& before)
    {
        node.fatal.clear();
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        const auto first = calm.tips.begin() + static_cast<std::ptrdiff_t>(before.flushed);
        const auto last = calm.tips.begin() + static_cast<std::ptrdiff_t>(before.given);
        const auto tip = node.chain->GetTip();
        BOOST_REQUIRE_MESSAGE(std::find(first, last + 1, tip.hash) != last + 1,
                              "height " << tip.height << " is not between " << tree.Find(*first).height
                                        << " and " << tree.Find(*last).height);
        CheckConsistent(node);
        (void)Feed(node, script);
        BOOST_REQUIRE((node.chain->GetTip().hash == script.back()->hash));
        CheckConsistent(node);
    }

    /// Feeds the script with the power going at the n-th sync or write.
    void CutOnce(void (storage::MemoryFiles::*cut)(uint64_t), uint64_t n, std::optional<Survivors> survivors)
    {
        Node node(params);
        Configure(node);
        (node.files.*cut)(n);
        Progress before;
        if (node.Open().empty()) before = Feed(node, script);
        node.Close();
        node.files.Restart(survivors ? &torn : nullptr, survivors.value_or(Survivors::First));
        CheckRecovery(node, before);
        if (files == Files::Pruned) CheckNoFileLeft(node);
    }

    const Files files;
    const consensus::Params params = QuickRegtest();
    Tree tree;
    const std::vector<const Made*> script;
    Replays replays{tree, params};
    crypto::TestRandom torn{1};
    Progress calm;
    int32_t pruned_to = 0;
    uint64_t syncs = 0;
    uint64_t writes = 0;
};

void CutAgain(Files files)
{
    Ground ground(777, files);
    Node node(ground.params);
    ground.Configure(node);
    for (int round = 0; round < 60; ++round) {
        node.files.CutPowerAtSync(1 + ground.torn.Below(12));
        const auto text = node.Open();
        if (text.empty()) (void)Feed(node, ground.script);
        node.Close();
        node.files.Restart(&ground.torn, round % 2 == 0 ? Survivors::First : Survivors::Any);
        node.fatal.clear();
    }
    Progress whole;
    whole.given = ground.script.size();
    ground.CheckRecovery(node, whole);
}

} // namespace

BOOST_AUTO_TEST_SUITE(crash)

BOOST_AUTO_TEST_CASE(power_cut_at_every_sync)
{
    Ground ground(4242);
    BOOST_TEST(ground.syncs > 30U);
    for (uint64_t at = 1; at <= ground.syncs; ++at) {
        ground.CutOnce(&storage::MemoryFiles::CutPowerAtSync, at, std::nullopt);
        ground.CutOnce(&storage::MemoryFiles::CutPowerAtSync, at, Survivors::First);
        ground.CutOnce(&storage::MemoryFiles::CutPowerAtSync, at, Survivors::Any);
    }
    BOOST_TEST_MESSAGE("power cut at " << ground.syncs << " syncs, three times each");
}

BOOST_AUTO_TEST_CASE(power_cut_between_syncs)
{
    Ground ground(4243);
    BOOST_TEST(ground.writes > ground.syncs);
    for (uint64_t at = 1; at <= ground.writes; ++at) {
        const bool any = ground.torn.Below(2) == 0;
        ground.CutOnce(&storage::MemoryFiles::CutPowerAtWrite, at, any ? Survivors::Any : Survivors::First);
    }
    BOOST_TEST_MESSAGE("power cut at " << ground.writes << " writes");
}

/// Old block files are removed after every third block.
BOOST_AUTO_TEST_CASE(power_cut_while_pruning)
{
    Ground ground(4244, Files::Pruned);
    BOOST_TEST(ground.pruned_to > 10);
    for (uint64_t at = 1; at <= ground.syncs; ++at) {
        ground.CutOnce(&storage::MemoryFiles::CutPowerAtSync, at, std::nullopt);
        ground.CutOnce(&storage::MemoryFiles::CutPowerAtSync, at, Survivors::Any);
    }
    for (uint64_t at = 1; at <= ground.writes; ++at)
        ground.CutOnce(&storage::MemoryFiles::CutPowerAtWrite, at, Survivors::First);
    BOOST_TEST_MESSAGE("pruned to height " << ground.pruned_to << ", power cut at " << ground.syncs
                                           << " syncs and " << ground.writes << " writes");
}

BOOST_AUTO_TEST_CASE(power_cut_again_while_recovering)
{
    for (const Files files : {Files::Kept, Files::Pruned})
        CutAgain(files);
}

/// Quotas from "nothing fits" to "nearly everything fits". The node stops in order, says which path and what
/// to do, still answers, and needs nothing but space to go on.
BOOST_AUTO_TEST_CASE(disk_full_at_fifty_quotas)
{
    Ground ground(909);
    uint64_t most = 0;
    {
        Node node(ground.params);
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        (void)Feed(node, ground.script);
        node.Close();
        most = node.files.UsedBytes();
    }
    crypto::TestRandom random(50);
    int at_open = 0;
    int while_running = 0;
    for (uint64_t round = 0; round < 50; ++round) {
        Node node(ground.params);
        const uint64_t quota = 1 + most * round / 50 + random.Below(most / 50);
        node.files.SetQuota(quota);
        const auto text = node.Open();
        Progress before;
        std::string message = text;
        if (text.empty()) {
            before = Feed(node, ground.script);
            if (!node.chain->Stopped()) node.chain->Control().FlushToDisk();
            if (node.chain->Stopped()) {
                ++while_running;
                BOOST_REQUIRE(node.fatal.size() == 1U);
                BOOST_TEST((node.fatal[0].kind == chain::FatalKind::DiskFull));
                message = node.fatal[0].message;
                const auto height = node.chain->GetTip().height;
                BOOST_TEST(node.chain->Reader().BlockByHeight(height).has_value());
                const auto refused = node.chain->AcceptBlock(ground.script.back()->block);
                BOOST_TEST((refused.outcome == Outcome::Failed));
                BOOST_TEST(refused.text == message);
            }
        } else {
            ++at_open;
        }
        if (!message.empty()) {
            BOOST_TEST(message.find("no space left on the disk") != std::string::npos, message);
            BOOST_TEST(message.find("/node/") != std::string::npos, message);
            BOOST_TEST(message.find("free some space") != std::string::npos, message);
        }
        node.Close();
        node.files.SetQuota(0);
        if (round % 2 == 0) node.files.Restart(); // and the power goes before there is space
        ground.CheckRecovery(node, before);
    }
    BOOST_TEST(at_open > 0);
    BOOST_TEST(while_running > 20);
    BOOST_TEST_MESSAGE("disk full: " << at_open << " while opening, " << while_running << " while running");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
