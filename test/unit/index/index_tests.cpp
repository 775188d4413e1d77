#include "index/index_set.h"
#include "storage/kv_store.h"
#include "storage/schema.h"
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

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

} // namespace

BOOST_AUTO_TEST_SUITE(indexes)

BOOST_AUTO_TEST_CASE(follows_through_reorganisations_and_restarts)
{
    const auto params = QuickRegtest();
    Node node(params);
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    Tree tree(params, 8);
    std::vector<const Made*> all;
    const Made* tip = &tree.Genesis();
    auto set = std::make_unique<IndexSet>(OptionsOf(node), node.chain->Reader(), node.log);
    BOOST_REQUIRE(set->Open(node.chain->Events()));
    const auto feed = [&](const Made& made) {
        all.push_back(&made);
        BOOST_REQUIRE(node.chain->AcceptBlock(made.block).outcome == Outcome::Accepted);
    };
    for (int round = 0; round < 6; ++round) {
        const Made* left = tip;
        const Made* right = tip;
        for (int i = 0; i < 3; ++i)
            feed(*(left = &tree.Grow(*left, 4)));
        CheckIndex(*set, tree, *left, all);
        if (round % 2 == 1) set.reset(); // closed while the chain reorganises
        for (int i = 0; i < 4; ++i)
            feed(*(right = &tree.Grow(*right, 4)));
        tip = right;
        if (!set) {
            set = std::make_unique<IndexSet>(OptionsOf(node), node.chain->Reader(), node.log);
            BOOST_REQUIRE(set->Open(node.chain->Events()));
            while (!set->Indexes()[0].synced || !set->Indexes()[1].synced)
                std::this_thread::yield();
        }
        CheckIndex(*set, tree, *tip, all);
    }
    const auto status = set->Indexes();
    BOOST_REQUIRE_EQUAL(status.size(), 2U);
    BOOST_TEST(status[0].name == "txindex");
    BOOST_TEST(status[0].height == tip->height);
}

BOOST_AUTO_TEST_CASE(goes_back_below_blocks_the_chain_has_lost)
{
    const auto params = QuickRegtest();
    Node node(params);
    node.options.flush_interval_sec = 1'000'000;
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    Tree tree(params, 9);
    std::vector<const Made*> all;
    const Made* tip = &tree.Genesis();
    auto set = std::make_unique<IndexSet>(OptionsOf(node), node.chain->Reader(), node.log);
    BOOST_REQUIRE(set->Open(node.chain->Events()));
    const auto feed = [&](const Made& made) {
        all.push_back(&made);
        BOOST_REQUIRE(node.chain->AcceptBlock(made.block).outcome == Outcome::Accepted);
    };
    for (int i = 0; i < 5; ++i)
        feed(*(tip = &tree.Grow(*tip, 4)));
    node.chain->Control().FlushToDisk();
    const Made* kept = tip;
    for (int i = 0; i < 4; ++i)
        feed(*(tip = &tree.Grow(*tip, 4)));
    CheckIndex(*set, tree, *tip, all); // the index is on disk, the chain's last blocks are not
    set.reset();
    node.files.CutPowerAtSync(1);
    node.Close();
    node.files.Restart();
    node.fatal.clear();
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_REQUIRE((node.chain->GetTip().hash == kept->hash));
    const Made& other = tree.Grow(*kept, 4);
    feed(other);
    set = std::make_unique<IndexSet>(OptionsOf(node), node.chain->Reader(), node.log);
    BOOST_REQUIRE(set->Open(node.chain->Events()));
    while (!set->Indexes()[0].synced || !set->Indexes()[1].synced)
        std::this_thread::yield();
    CheckIndex(*set, tree, other, all);
}

BOOST_AUTO_TEST_CASE(off_means_off_and_versions_are_checked)
{
    const auto params = QuickRegtest();
    Node node(params);
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    auto options = OptionsOf(node);
    options.transactions = false;
    options.name_history = false;
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
