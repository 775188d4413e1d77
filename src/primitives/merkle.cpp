#include "crypto/sha256.h"
#include "primitives/block.h"
#include "primitives/merkle_tree.h"

namespace emc::primitives {
namespace {

static_assert(sizeof(Hash256) == Hash256::SIZE, "a vector of hashes is one run of bytes");

/// One hash for each pair of a level of even size, all in one run.
void HashPairs(std::vector<Hash256>& level)
{
    const size_t pairs = level.size() / 2;
    uint8_t* bytes = level.front().data();
    crypto::Sha256dPairs(bytes, bytes, pairs);
    level.resize(pairs);
}

bool HasEqualPair(const std::vector<Hash256>& level)
{
    for (size_t i = 0; i + 1 < level.size(); i += 2) {
        if (level[i] == level[i + 1]) return true;
    }
    return false;
}

Hash256 Parent(const Hash256& left, const Hash256& right)
{
    std::array<uint8_t, 2 * Hash256::SIZE> both{};
    std::copy(left.begin(), left.end(), both.begin());
    std::copy(right.begin(), right.end(), both.begin() + Hash256::SIZE);
    return crypto::Sha256d(both);
}

} // namespace

MerkleResult MerkleRoot(std::vector<Hash256> leaves)
{
    MerkleResult result;
    if (leaves.empty()) return result;
    while (leaves.size() > 1) {
        result.mutated = result.mutated || HasEqualPair(leaves);
        ClimbMerkleLevel(leaves, HashPairs);
    }
    result.root = leaves.front();
    return result;
}

MerkleResult BlockMerkleRoot(const Block& block)
{
    std::vector<Hash256> leaves;
    leaves.reserve(block.transactions.size() + 1);
    for (const TxRef& tx : block.transactions)
        leaves.push_back(tx->Txid());
    return MerkleRoot(std::move(leaves));
}

Hash256 WitnessMerkleRoot(const Block& block)
{
    std::vector<Hash256> leaves;
    leaves.reserve(block.transactions.size() + 1);
    for (const TxRef& tx : block.transactions)
        leaves.push_back(leaves.empty() ? Hash256{} : tx->Wtxid());
    return MerkleRoot(std::move(leaves)).root;
}

std::vector<Hash256> MerkleBranch(std::vector<Hash256> leaves, size_t index)
{
    return MerkleSiblings(std::move(leaves), index, HashPairs);
}

Hash256 MerkleRootFromBranch(const Hash256& leaf, const std::vector<Hash256>& branch, uint32_t index)
{
    Hash256 hash = leaf;
    for (const Hash256& beside : branch) {
        hash = (index & 1) != 0 ? Parent(beside, hash) : Parent(hash, beside);
        index >>= 1;
    }
    return hash;
}

} // namespace emc::primitives
