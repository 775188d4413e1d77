#include "index/block_filter.h"
#include "index/index_set.h"
#include "storage/kv_store.h"
#include "storage/schema.h"
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <thread>

namespace emc::test {
namespace {

using chain::Outcome;
using index::IndexOptions;
using index::IndexSet;

IndexOptions OptionsOf(Node& node)
{
    IndexOptions options;
    options.directory = "/node/indexes";
    options.files = &node.files;
    options.filters = true;
    return options;
}

/// Every transaction and name operation of the branch that ends at `tip`, and nothing of `strangers`.
void CheckIndex(const IndexSet& set, Tree& tree, const Made& tip, const std::vector<const Made*>& all)
{
    std::map<Hash256, Hash256> places;
    std::map<std::string, std::vector<Hash256>> history;
    std::vector<const Made*> path;
    for (const Made* walk = &tip; walk->height > 0; walk = &tree.Find(walk->block->header.prev_hash))
        path.push_back(walk);
    for (auto it = path.rbegin(); it != path.rend(); ++it) {
        for (const auto& tx : (*it)->block->transactions) {
            places[tx->Txid()] = (*it)->hash;
            for (const auto& output : tx->Outputs()) {
                if (tx->Version() != primitives::NAME_TX_VERSION) continue;
                const auto parsed = names::ParseNameOutput(output.script_pubkey);
                if (parsed && parsed->op) history[parsed->op->name].push_back(tx->Txid());
            }
        }
    }
    for (const Made* made : all) {
        for (const auto& tx : made->block->transactions) {
            const auto found = set.FindTx(tx->Txid());
            const auto expected = places.find(tx->Txid());
            BOOST_REQUIRE(found.has_value() == (expected != places.end()));
            if (!found) continue;
            BOOST_REQUIRE((found->block == expected->second));
            BOOST_REQUIRE((found->tx->Wtxid() == tx->Wtxid()));
        }
    }
    for (int i = 0; i < 40; ++i) {
        const std::string name = "test:" + std::to_string(i);
        std::vector<interfaces::NameHistoryEntry> entries;
        BOOST_REQUIRE(set.History(name, entries));
        std::vector<Hash256> txids;
        for (const auto& entry : entries)
            txids.push_back(entry.txid);
        BOOST_REQUIRE((txids == history[name]));
        if (!entries.empty() && entries.back().kind != names::OpKind::Delete) {
            BOOST_REQUIRE((entries.back().value == tip.state->names.at(name).value));
        }
    }
}

/// The filters of the branch that ends at `tip`: each holds its block's scripts, and their headers are
/// linked.
void CheckFilters(const IndexSet& set, Node& node, Tree& tree, const Made& tip)
{
    for (const Made* walk = &tip; walk->height > 0; walk = &tree.Find(walk->block->header.prev_hash)) {
        const auto filter = set.FilterOf(walk->hash);
        const auto before = set.FilterOf(walk->block->header.prev_hash);
        BOOST_REQUIRE(filter.has_value());
        BOOST_REQUIRE(before.has_value());
        BOOST_REQUIRE((filter->header == index::FilterHeader(filter->filter, before->header)));
        const auto spent = node.chain->Reader().ReadSpentCoins(walk->hash);
        BOOST_REQUIRE(spent.HasValue());
        const auto set_of_block = codec::GcsSet::Parse(index::BasicFilterParams(walk->hash), filter->filter);
        BOOST_REQUIRE(set_of_block.has_value());
        for (const auto& script : index::ScriptsOf(*walk->block, *spent))
            BOOST_REQUIRE(set_of_block->Match(script));
    }
}

/// A node with all indexes and a tree of blocks to feed it with.
struct IndexRig {
    explicit IndexRig(uint64_t seed, int64_t flush_interval_sec = 0)
        : node(params), tree(params, seed), tip(&tree.Genesis())
    {
        if (flush_interval_sec > 0) node.options.flush_interval_sec = flush_interval_sec;
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        CatchUp();
    }

    void OpenSet()
    {
        set = std::make_unique<IndexSet>(OptionsOf(node), node.chain->Reader(), node.log);
        BOOST_REQUIRE(set->Open(node.chain->Events()));
    }

    /// Opens and waits until both are at the tip.
    void CatchUp()
    {
        OpenSet();
        const auto behind = [](const auto& status) { return !status.synced; };
        for (auto rows = set->Indexes(); std::any_of(rows.begin(), rows.end(), behind); rows = set->Indexes())
            std::this_thread::yield();
    }

    void Feed(const Made& made)
    {
        all.push_back(&made);
        BOOST_REQUIRE(node.chain->AcceptBlock(made.block).outcome == Outcome::Accepted);
    }

    const consensus::Params params = QuickRegtest();
    Node node;
    Tree tree;
    std::vector<const Made*> all;
    const Made* tip;
    std::unique_ptr<IndexSet> set;
};

} // namespace

BOOST_AUTO_TEST_SUITE(indexes)

BOOST_AUTO_TEST_CASE(follows_through_reorganisations_and_restarts)
{
    IndexRig rig(8);
    for (int round = 0; round < 6; ++round) {
        const Made* left = rig.tip;
        const Made* right = rig.tip;
        for (int i = 0; i < 3; ++i)
            rig.Feed(*(left = &rig.tree.Grow(*left, 4)));
        CheckIndex(*rig.set, rig.tree, *left, rig.all);
        if (round % 2 == 1) rig.set.reset(); // closed while the chain reorganises
        for (int i = 0; i < 4; ++i)
            rig.Feed(*(right = &rig.tree.Grow(*right, 4)));
        rig.tip = right;
        if (!rig.set) rig.CatchUp();
        CheckIndex(*rig.set, rig.tree, *rig.tip, rig.all);
        CheckFilters(*rig.set, rig.node, rig.tree, *rig.tip);
    }
    const auto status = rig.set->Indexes();
    BOOST_REQUIRE_EQUAL(status.size(), 3U);
    BOOST_TEST(status[0].name == "txindex");
    BOOST_TEST(status[0].height == rig.tip->height);
}

BOOST_AUTO_TEST_CASE(goes_back_below_blocks_the_chain_has_lost)
{
    IndexRig rig(9, 1'000'000);
    for (int i = 0; i < 5; ++i)
        rig.Feed(*(rig.tip = &rig.tree.Grow(*rig.tip, 4)));
    rig.node.chain->Control().FlushToDisk();
    const Made* kept = rig.tip;
    for (int i = 0; i < 4; ++i)
        rig.Feed(*(rig.tip = &rig.tree.Grow(*rig.tip, 4)));
    CheckIndex(*rig.set, rig.tree, *rig.tip,
               rig.all); // the index is on disk, the chain's last blocks are not
    rig.set.reset();
    rig.node.files.CutPowerAtSync(1);
    rig.node.Close();
    rig.node.files.Restart();
    rig.node.fatal.clear();
    BOOST_REQUIRE_EQUAL(rig.node.Open(), "");
    BOOST_REQUIRE((rig.node.chain->GetTip().hash == kept->hash));
    const Made& other = rig.tree.Grow(*kept, 4);
    rig.Feed(other);
    rig.CatchUp();
    CheckIndex(*rig.set, rig.tree, other, rig.all);
}

BOOST_AUTO_TEST_CASE(off_means_off_and_versions_are_checked)
{
    const auto params = QuickRegtest();
    Node node(params);
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    auto options = OptionsOf(node);
    options.transactions = false;
    options.name_history = false;
    options.filters = false;
    IndexSet off(options, node.chain->Reader(), node.log);
    BOOST_REQUIRE(off.Open(node.chain->Events()));
    BOOST_TEST(off.Indexes().empty());
    BOOST_TEST(!off.FindTx(base::Hash256{}));
    std::vector<interfaces::NameHistoryEntry> entries;
    BOOST_TEST(!off.History("a", entries));
    {
        storage::KvStore::Options store_options;
        store_options.files = &node.files;
        auto store = storage::KvStore::Open("/node/indexes/txindex", store_options);
        BOOST_REQUIRE(store);
        const storage::VersionRow row{storage::FOLLOWER_VERSION + 1, params.magic_be};
        BOOST_REQUIRE(
            (*store)->Put(storage::VersionKey(), storage::Encode(row), storage::Durability::Synced));
    }
    IndexSet newer(OptionsOf(node), node.chain->Reader(), node.log);
    const auto refused = newer.Open(node.chain->Events());
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.Error().code == storage::StorageError::NewerVersion));
    BOOST_TEST(refused.Error().detail.find("remove that directory") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
