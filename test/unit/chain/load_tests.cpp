// Blocks from a file of elsewhere: any order, both kinds of blocks, and every way it can go wrong.
#include "chain/load_blocks.h"
#include "storage/flat_files.h"
#include "unit/chain/node.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace emc::test {
namespace {

constexpr const char* FILE_NAME = "/elsewhere/bootstrap.dat";

struct Blocks {
    Blocks()
    {
        BOOST_REQUIRE(node.files.MakeDirectories("/elsewhere"));
        const Made* tip = &tree.Genesis();
        for (int i = 0; i < params.kernel_depth + 3; ++i)
            Add(tip = &tree.Grow(*tip, 0));
        // A proof-of-stake block on a coin that is old enough.
        const auto& first = blocks[0]->transactions[0];
        const uint32_t time = (tip->time / 16 + 1) * 16;
        const auto staked = tree.builder.MakeStakeBlock({tip->hash, tip->height + 1, time, 0},
                                                        Own{{first->Txid(), 0}, first->Outputs()[0]}, {});
        blocks.push_back(staked);
        const Builder::Place next{staked->header.Hash(), tip->height + 2, time + 60, 1};
        blocks.push_back(tree.builder.MakeBlock(next, {}, 0));
        BOOST_REQUIRE_EQUAL(node.Open(), "");
    }

    void Add(const Made* made) { blocks.push_back(made->block); }

    void Write(const std::vector<BlockRef>& order, uint32_t magic, size_t cut = 0)
    {
        base::Bytes bytes;
        for (const auto& block : order) {
            const auto payload = primitives::Serialize(*block);
            const auto head = storage::BigEndian(magic);
            bytes.insert(bytes.end(), head.begin(), head.end());
            for (int shift = 0; shift < 32; shift += 8)
                bytes.push_back(static_cast<uint8_t>(payload.size() >> shift));
            bytes.insert(bytes.end(), payload.begin(), payload.end());
        }
        bytes.resize(bytes.size() - cut);
        Put(bytes);
    }

    void Put(const base::Bytes& bytes)
    {
        const auto file = node.files.Open(FILE_NAME, storage::OpenMode::Create);
        BOOST_REQUIRE((*file)->Write(0, bytes));
    }

    base::Expected<chain::LoadedBlocks, std::string> Load()
    {
        const chain::ChainDeps deps{params, node.clock,  node.log,        node.random,
                                    {},     &node.files, node.interrupted};
        return chain::LoadBlocks(*node.chain, deps, FILE_NAME);
    }

    Hash256 Tip() const { return node.chain->GetTip().hash; }

    const consensus::Params params = QuickRegtest();
    Node node{params};
    Tree tree{params, 31};
    std::vector<BlockRef> blocks; ///< the last but one is of proof of stake
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(load, Blocks)

BOOST_AUTO_TEST_CASE(in_any_order)
{
    BOOST_TEST(blocks[blocks.size() - 2]->header.IsProofOfStake());
    for (int round = 0; round < 4; ++round) {
        Node fresh(params);
        BOOST_REQUIRE_EQUAL(fresh.Open(), "");
        auto order = blocks;
        if (round == 1) std::reverse(order.begin(), order.end());
        for (size_t i = order.size(); round > 1 && i > 1; --i)
            std::swap(order[i - 1], order[tree.random.Below(i)]);
        if (round == 3) order.insert(order.end(), blocks.begin(), blocks.end()); // all of them twice
        Write(order, params.magic_be);
        const chain::ChainDeps deps{params, node.clock, node.log, node.random, {}, &node.files};
        const auto loaded = chain::LoadBlocks(*fresh.chain, deps, FILE_NAME);
        BOOST_REQUIRE(loaded);
        BOOST_TEST(loaded->blocks == order.size());
        BOOST_TEST(loaded->accepted == blocks.size());
        BOOST_TEST(loaded->refused + loaded->loose == 0U);
        BOOST_TEST(!loaded->cut_off);
        BOOST_TEST((fresh.chain->GetTip().hash == blocks.back()->header.Hash()));
    }
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_wrong_is_counted)
{
    auto order = blocks;
    order.erase(order.begin() + 5);
    Write(order, params.magic_be, 3);
    auto loaded = Load();
    BOOST_REQUIRE(loaded);
    BOOST_TEST(loaded->accepted == 5U);
    BOOST_TEST(loaded->loose == blocks.size() - 7); // without the first five, the gap and the one cut off
    BOOST_TEST(loaded->cut_off);
    auto bad = *blocks[5];
    bad.transactions.pop_back();
    order = blocks;
    order[5] = std::make_shared<const primitives::Block>(bad);
    Write(order, params.magic_be);
    loaded = Load();
    BOOST_REQUIRE(loaded);
    BOOST_TEST(loaded->refused == 1U);
    BOOST_TEST(node.chain->GetTip().height == 5);
    // The stake of the last but one cannot be proven while the coins before it are not known.
    BOOST_TEST(loaded->loose == 2U);
    Write({blocks[5], blocks[blocks.size() - 2], blocks.back()}, params.magic_be);
    BOOST_TEST(Load()->accepted == 3U);
    BOOST_TEST((Tip() == blocks.back()->header.Hash()));
}

BOOST_AUTO_TEST_CASE(files_that_hold_no_blocks)
{
    const auto says = [this](const std::string& part) {
        const auto loaded = Load();
        BOOST_REQUIRE(!loaded);
        BOOST_TEST(loaded.Error().find(part) != std::string::npos, loaded.Error());
        BOOST_TEST(loaded.Error().find(FILE_NAME) != std::string::npos, loaded.Error());
    };
    says("not found");
    Put({});
    says("holds no block of the network regtest");
    Put(base::Bytes(100'000, 0x5a));
    says("holds no block of the network regtest");
    Write(blocks, consensus::TestParams().magic_be);
    says("holds blocks of the network test, and this node runs regtest");
    BOOST_TEST(node.chain->GetTip().height == 0);
}

BOOST_AUTO_TEST_CASE(interrupted_and_gone_on_with)
{
    Write(blocks, params.magic_be);
    int asked = 0;
    node.interrupted = [&asked] { return ++asked > 8; };
    const auto some = Load();
    BOOST_REQUIRE(some);
    BOOST_TEST(some->interrupted);
    BOOST_TEST(node.chain->GetTip().height > 0);
    BOOST_TEST(node.chain->GetTip().height < 9);
    node.interrupted = {};
    BOOST_REQUIRE(Load());
    BOOST_TEST((Tip() == blocks.back()->header.Hash()));
}

BOOST_AUTO_TEST_CASE(full_disk_ends_it_with_the_reason)
{
    Write(blocks, params.magic_be);
    node.files.SetQuota(node.files.UsedBytes() + 1'000);
    const auto loaded = Load();
    BOOST_REQUIRE(!loaded);
    BOOST_TEST(loaded.Error().find("no space left") != std::string::npos, loaded.Error());
    node.Close();
    node.files.SetQuota(0);
    node.fatal.clear();
    BOOST_REQUIRE_EQUAL(node.Open(), "");
    BOOST_REQUIRE(Load());
    BOOST_TEST((Tip() == blocks.back()->header.Hash()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::test
