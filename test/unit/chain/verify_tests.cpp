// What each level of verification finds, and what it does not look at.
#include "storage/kv_store.h"
#include "storage/schema.h"
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace emc::test {
namespace {

struct Chain {
    Chain()
    {
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        for (int i = 0; i < 20; ++i)
            Add(tree.Grow(*tip, i < 4 ? 0 : 3));
    }

    void Add(const Made& made)
    {
        tip = &made;
        BOOST_REQUIRE(node.chain->AcceptBlock(tip->block).in_best_chain);
    }

    /// Passes at the levels below `level`, and fails from there on with these parts in the text.
    void FailsFrom(int level, const std::vector<std::string>& parts)
    {
        for (int at = 0; at <= 4; ++at) {
            const auto good = node.chain->Control().Verify(at, 6);
            BOOST_TEST(good.HasValue() == (at < level), "level " << at);
            if (good) continue;
            for (const auto& part : parts)
                BOOST_TEST(good.Error().message.find(part) != std::string::npos, good.Error().message);
        }
        BOOST_TEST(node.fatal.empty());
        BOOST_TEST((node.chain->GetTip().hash == tip->hash));
    }

    /// Flips a bit of the newest file of a kind, `back` bytes before its end.
    void DamageEnd(const std::string& kind, size_t back)
    {
        node.Close(); // cuts the files to their length
        const auto names = *node.files.List(node.options.blocks_dir);
        std::string last;
        for (const auto& name : names)
            if (name.starts_with(kind)) last = std::max(last, name);
        const std::string path = node.options.blocks_dir + "/" + last;
        BOOST_REQUIRE(node.files.Damage(path, storage::ReadWholeFile(node.files, path)->size() - back, 1));
        BOOST_REQUIRE_EQUAL(node.Open(), "");
    }

    const std::string Height() const { return "at height " + std::to_string(tip->height); }

    consensus::Params params = QuickRegtest();
    Node node{params};
    Tree tree{params, 12};
    const Made* tip = &tree.Genesis();
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(verify, Chain)

BOOST_AUTO_TEST_CASE(all_is_well)
{
    FailsFrom(5, {});
    BOOST_TEST(node.chain->Control().Verify(4, 0).HasValue());
    BOOST_TEST(node.chain->Control().Verify(4, 1'000).HasValue());
}

BOOST_AUTO_TEST_CASE(level_0_reads_blocks)
{
    const auto bytes = primitives::Serialize(*tip->block);
    DamageEnd("blk", bytes.size() - 40); // in the header
    FailsFrom(0, {Height(), "blk0000", "does not hold block", base::ReversedHex(tip->hash)});
}

/// What neither the hash nor the Merkle root covers, but a rule does.
BOOST_AUTO_TEST_CASE(level_1_checks_blocks)
{
    // The last transaction's witness stands before its lock time; a signature and a key make it 107 bytes.
    BOOST_REQUIRE(tip->block->transactions.back()->HasWitness());
    DamageEnd("blk", 4 + 20);
    FailsFrom(1, {Height(), "blk0000", base::ReversedHex(tip->hash), "witness"});
}

BOOST_AUTO_TEST_CASE(level_2_reads_undo_records)
{
    DamageEnd("rev", 40);
    FailsFrom(2, {Height(), "rev0000", "checksum", base::ReversedHex(tip->hash)});
}

BOOST_AUTO_TEST_CASE(level_3_takes_blocks_back)
{
    node.Close();
    {
        storage::KvStore::Options options;
        options.files = &node.files;
        const auto store = storage::KvStore::Open(node.options.state_dir, options);
        BOOST_REQUIRE(store);
        const auto key = storage::CoinKey(tip->block->transactions[0]->Txid(), 0);
        BOOST_REQUIRE((*store)->Get(key));
        storage::KvBatch batch;
        batch.Delete(key);
        BOOST_REQUIRE((*store)->Write(batch, storage::Durability::Synced));
    }
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    FailsFrom(3, {Height(), "an output is not in the state as the block made it"});
}

/// A script nobody ran when the block was connected.
BOOST_AUTO_TEST_CASE(level_4_connects_again)
{
    auto fields = tree.builder.Pay({tree.Spendable(*tip)[0]}, 1, 0)->Fields();
    fields.inputs[0].witness[0][10] ^= 1;
    const auto bad = tree.builder.MakeBlock({tip->hash, tip->height + 1, tip->time + 60, 9},
                                            {primitives::MakeTx(fields)}, 50 * primitives::COIN);
    node.Close();
    params.assumed_valid = bad->header.Hash();
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    Add(tree.Adopt(*tip, bad));
    FailsFrom(4, {Height(), "script"});
}

/// With too little memory the rest is checked to level 2; what was taken back is connected again.
BOOST_AUTO_TEST_CASE(memory_is_bounded)
{
    node.Close();
    node.options.cache_bytes = 3'000;
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_TEST(node.chain->Control().Verify(4, 0).HasValue());
    node.options.cache_bytes = size_t{1} << 20;
    DamageEnd("rev", 40);
    BOOST_TEST(!node.chain->Control().Verify(4, 0).HasValue());
}

/// Between two of its blocks others are connected, and a reorganisation takes back blocks it has looked at.
BOOST_AUTO_TEST_CASE(the_chain_goes_on_meanwhile)
{
    const Made& next = tree.Grow(*tip, 3);
    std::vector<const Made*> branch{&tree.Grow(*tree.PathTo(*tip)[14], 3)};
    while (branch.back()->height < next.height + 2)
        branch.push_back(&tree.Grow(*branch.back(), 3));
    size_t asked = 0;
    bool counts = false;
    const auto meanwhile = [&] {
        if (!counts) return false;
        counts = false;
        if (++asked == 2) Add(next);
        if (asked == 4) {
            for (const Made* made : branch)
                BOOST_REQUIRE(node.chain->AcceptBlock(made->block).Good());
            tip = branch.back();
        }
        counts = true;
        return false;
    };
    for (const int level : {3, 4}) {
        node.Close();
        node.interrupted = meanwhile;
        BOOST_REQUIRE_EQUAL(node.Open(), "");
        counts = true;
        const auto verified = node.chain->Control().Verify(level, 0);
        counts = false;
        BOOST_TEST(verified.HasValue(), (verified ? "" : verified.Error().message));
        BOOST_TEST((node.chain->GetTip().hash == tip->hash));
    }
    BOOST_TEST(tip == branch.back());
    BOOST_TEST(asked > 40U); // every block is asked before, on the way down and up
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
