#include "primitives/partial_merkle.h"

#include "crypto/random.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::primitives;

namespace {

std::vector<Hash256> Leaves(crypto::TestRandom& random, size_t count)
{
    std::vector<Hash256> out(count);
    for (auto& leaf : out)
        random.Fill(leaf.bytes);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(partial_merkle)

BOOST_AUTO_TEST_CASE(proves_what_was_asked_for)
{
    crypto::TestRandom random(1);
    for (const size_t count : {1, 2, 3, 4, 5, 7, 8, 9, 31, 100, 257}) {
        const auto leaves = Leaves(random, count);
        const auto root = MerkleRoot(leaves).root;
        for (const uint64_t one_in : {1, 2, 10, 1'000}) {
            std::vector<bool> wanted(count);
            std::vector<Hash256> expected;
            for (size_t i = 0; i < count; ++i) {
                wanted[i] = random.Below(one_in) == 0;
                if (wanted[i]) expected.push_back(leaves[i]);
            }
            const auto tree = MakePartialMerkle(leaves, wanted);
            const auto read = ReadPartialMerkle(tree);
            BOOST_REQUIRE(read.has_value());
            BOOST_TEST((read->root == root));
            BOOST_TEST((read->leaves == expected));
            for (size_t i = 0; i < read->leaves.size(); ++i)
                BOOST_TEST((leaves[read->positions[i]] == read->leaves[i]));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_changed_tree_proves_nothing_that_is_not_there)
{
    crypto::TestRandom random(2);
    const auto leaves = Leaves(random, 11);
    std::vector<bool> wanted(11);
    wanted[3] = wanted[10] = true;
    const auto tree = MakePartialMerkle(leaves, wanted);
    const auto root = MerkleRoot(leaves).root;
    // A leaf that was sent for its hash alone may be called a match: it stands there.
    const auto lies = [&](const PartialMerkle& changed) {
        const auto read = ReadPartialMerkle(changed);
        if (!read || read->root != root) return false;
        for (size_t i = 0; i < read->leaves.size(); ++i) {
            if (read->positions[i] >= leaves.size() || leaves[read->positions[i]] != read->leaves[i])
                return true;
        }
        return false;
    };
    for (size_t hash = 0; hash < tree.hashes.size(); ++hash) {
        auto changed = tree;
        changed.hashes[hash].bytes[5] ^= 1;
        BOOST_TEST(!lies(changed));
    }
    for (size_t bit = 0; bit < tree.flags.size() * 8; ++bit) {
        auto changed = tree;
        changed.flags[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
        BOOST_TEST(!lies(changed));
    }
    for (const uint32_t count : {0u, 10u, 12u, MAX_TREE_LEAVES + 1, UINT32_MAX}) {
        auto changed = tree;
        changed.leaves = count;
        BOOST_TEST(!lies(changed));
    }
    auto longer = tree;
    longer.hashes.push_back(Hash256{});
    BOOST_TEST(!ReadPartialMerkle(longer).has_value());
    longer = tree;
    longer.flags.push_back(0);
    BOOST_TEST(!ReadPartialMerkle(longer).has_value());
}

BOOST_AUTO_TEST_CASE(equal_neighbours_are_refused)
{
    crypto::TestRandom random(3);
    auto leaves = Leaves(random, 5);
    leaves.push_back(leaves.back()); // the same root as without it
    BOOST_TEST(!ReadPartialMerkle(MakePartialMerkle(leaves, std::vector<bool>(6, true))).has_value());
}

BOOST_AUTO_TEST_CASE(bytes_and_back)
{
    crypto::TestRandom random(4);
    const auto leaves = Leaves(random, 6);
    MerkleProof proof;
    proof.header.version = 4;
    proof.tree = MakePartialMerkle(leaves, {true, false, false, true, false, false});
    const auto bytes = Serialize(proof);
    const auto parsed = ParseMerkleProof(bytes);
    BOOST_REQUIRE(parsed.has_value());
    BOOST_TEST((parsed->tree == proof.tree));
    for (size_t size = 0; size < bytes.size(); ++size)
        BOOST_TEST(!ParseMerkleProof(base::ByteSpan(bytes).first(size)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
