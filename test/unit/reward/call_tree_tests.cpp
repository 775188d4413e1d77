#include "crypto/sha256.h"
#include "reward/call_tree.h"
#include "unit/reward/sample.h"

#include <boost/test/unit_test.hpp>

using namespace emc;
using namespace emc::reward;

namespace {

Hash256 LeafOf(uint32_t i)
{
    return CallLeaf({reinterpret_cast<const uint8_t*>(&i), sizeof(i)});
}

std::vector<Hash256> Leaves(size_t count)
{
    std::vector<Hash256> out;
    for (uint32_t i = 0; i < count; ++i)
        out.push_back(LeafOf(i));
    return out;
}

/// RFC 6962 §2.1 as it stands: split at the largest power of two below the count.
Hash256 DefinedRoot(std::span<const Hash256> leaves)
{
    if (leaves.empty()) return crypto::Sha256Of({});
    if (leaves.size() == 1) return leaves[0];
    size_t left = 1;
    while (left * 2 < leaves.size())
        left *= 2;
    return CallNode(DefinedRoot(leaves.first(left)), DefinedRoot(leaves.subspan(left)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(call_tree)

BOOST_AUTO_TEST_CASE(root_as_defined)
{
    for (size_t count = 0; count < 70; ++count)
        BOOST_CHECK(TreeRoot(Leaves(count)) == DefinedRoot(Leaves(count)));
}

BOOST_AUTO_TEST_CASE(every_leaf_has_a_proof_and_nothing_else_has)
{
    for (size_t count = 1; count < 34; ++count) {
        const auto leaves = Leaves(count);
        const Hash256 root = TreeRoot(leaves);
        for (size_t i = 0; i < count; ++i) {
            const CallProof good{i, count, TreePath(leaves, i)};
            BOOST_REQUIRE(VerifyCallProof(leaves[i], good, root));
            BOOST_CHECK(!VerifyCallProof(LeafOf(1000), good, root));
            for (size_t other = 0; other <= count; ++other) {
                if (other != i) BOOST_CHECK(!VerifyCallProof(leaves[i], {other, count, good.path}, root));
            }
            CallProof longer = good;
            longer.path.push_back(root);
            BOOST_CHECK(!VerifyCallProof(leaves[i], longer, root));
            if (good.path.empty()) continue;
            CallProof shorter = good;
            shorter.path.pop_back();
            BOOST_CHECK(!VerifyCallProof(leaves[i], shorter, root));
            CallProof changed = good;
            changed.path[0].bytes[31] ^= 1;
            BOOST_CHECK(!VerifyCallProof(leaves[i], changed, root));
        }
    }
    BOOST_CHECK(!VerifyCallProof(LeafOf(0), {0, 0, {}}, LeafOf(0)));
    BOOST_CHECK(!VerifyCallProof(LeafOf(0), {UINT64_MAX - 1, UINT64_MAX, {}}, LeafOf(0)));
}

BOOST_AUTO_TEST_CASE(batch_of_records)
{
    const std::vector<CallRecord> records = {test::CallOf(1, 0), test::CallOf(2, 60), test::CallOf(3, 61)};
    const auto tree = MakeCallTree(records);
    BOOST_REQUIRE(tree);
    BOOST_TEST(tree->minutes == 4U);
    BOOST_CHECK(std::is_sorted(tree->leaves.begin(), tree->leaves.end()));
    BOOST_CHECK(tree->root == DefinedRoot(tree->leaves));
    const auto turned = MakeCallTree({records[2], records[0], records[1]});
    BOOST_CHECK(turned && turned->root == tree->root);
    BOOST_CHECK(!MakeCallTree({records[0], records[1], records[0]}));
}

BOOST_AUTO_TEST_SUITE_END()
