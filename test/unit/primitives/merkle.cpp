#include "crypto/sha256.h"
#include "primitives/block.h"
#include "unit/primitives/sample.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::primitives;

namespace {

std::vector<base::Hash256> Leaves(size_t count)
{
    std::vector<base::Hash256> leaves;
    for (size_t i = 0; i < count; ++i) {
        base::Hash256 leaf;
        leaf.bytes[0] = static_cast<uint8_t>(i);
        leaf.bytes[1] = static_cast<uint8_t>(i >> 8);
        leaf.bytes[2] = 1;
        leaves.push_back(leaf);
    }
    return leaves;
}

/// The definition, one pair after the other.
base::Hash256 SlowRoot(std::vector<base::Hash256> level)
{
    while (level.size() > 1) {
        std::vector<base::Hash256> next;
        for (size_t i = 0; i < level.size(); i += 2) {
            const auto& right = i + 1 < level.size() ? level[i + 1] : level[i];
            base::Bytes both(level[i].begin(), level[i].end());
            both.insert(both.end(), right.begin(), right.end());
            next.push_back(crypto::Sha256d(both));
        }
        level = std::move(next);
    }
    return level.front();
}

} // namespace

BOOST_AUTO_TEST_SUITE(merkle)

BOOST_AUTO_TEST_CASE(small_trees)
{
    BOOST_TEST(MerkleRoot({}).root.IsNull());
    BOOST_TEST(!MerkleRoot({}).mutated);
    const auto one = Leaves(1);
    BOOST_TEST((MerkleRoot(one).root == one[0]));
}

BOOST_AUTO_TEST_CASE(roots_and_branches)
{
    for (size_t count = 1; count <= 40; ++count) {
        const auto leaves = Leaves(count);
        const auto result = MerkleRoot(leaves);
        BOOST_TEST((result.root == SlowRoot(leaves)), count);
        BOOST_TEST(!result.mutated);
        for (size_t index = 0; index < count; ++index) {
            const auto branch = MerkleBranch(leaves, index);
            BOOST_TEST(
                (MerkleRootFromBranch(leaves[index], branch, static_cast<uint32_t>(index)) == result.root));
            if (branch.empty()) continue;
            BOOST_TEST((MerkleRootFromBranch(leaves[index], branch, static_cast<uint32_t>(index ^ 1)) !=
                            result.root ||
                        branch[0] == leaves[index]));
        }
        BOOST_TEST(MerkleBranch(leaves, count).empty());
    }
    const auto many = Leaves(3001);
    BOOST_TEST((MerkleRoot(many).root == SlowRoot(many)));
}

BOOST_AUTO_TEST_CASE(ambiguous_trees_are_told)
{
    // 1 2 3 and 1 2 3 3 have the same root.
    auto leaves = Leaves(3);
    const auto plain = MerkleRoot(leaves);
    leaves.push_back(leaves.back());
    const auto doubled = MerkleRoot(leaves);
    BOOST_TEST((plain.root == doubled.root));
    BOOST_TEST(!plain.mutated);
    BOOST_TEST(doubled.mutated);
    // The same one level higher: 1 … 6 and 1 … 6 5 6.
    leaves = Leaves(6);
    const auto six = MerkleRoot(leaves);
    leaves.push_back(leaves[4]);
    leaves.push_back(leaves[5]);
    const auto eight = MerkleRoot(leaves);
    BOOST_TEST((six.root == eight.root));
    BOOST_TEST(!six.mutated);
    BOOST_TEST(eight.mutated);
    // Equal leaves that are no pair are no harm.
    leaves = Leaves(4);
    leaves[2] = leaves[1];
    BOOST_TEST(!MerkleRoot(leaves).mutated);
}

BOOST_AUTO_TEST_CASE(roots_of_blocks)
{
    const Block block = test::SampleBlock(5);
    std::vector<base::Hash256> txids;
    std::vector<base::Hash256> wtxids;
    for (const auto& tx : block.transactions) {
        txids.push_back(tx->Txid());
        wtxids.push_back(tx->Wtxid());
    }
    wtxids[0] = base::Hash256{};
    BOOST_TEST((BlockMerkleRoot(block).root == SlowRoot(txids)));
    BOOST_TEST((WitnessMerkleRoot(block) == SlowRoot(wtxids)));
    BOOST_TEST(WitnessMerkleRoot(test::SampleBlock(1)).IsNull());
    BOOST_TEST(BlockMerkleRoot(test::SampleBlock(0)).root.IsNull());
    BOOST_TEST(WitnessMerkleRoot(test::SampleBlock(0)).IsNull());
}

BOOST_AUTO_TEST_SUITE_END()
