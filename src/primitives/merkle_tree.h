/// The shape of Bitcoin's hash trees, for any kind of node: the last of an odd level counts twice.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace emc::primitives {

/// Replaces a level by the one above it. `hash_pairs` gets a level of even size and leaves one node for each
/// pair in it.
template <typename Node, typename HashPairs>
void ClimbMerkleLevel(std::vector<Node>& level, HashPairs hash_pairs)
{
    if (level.size() % 2 == 1) level.push_back(Node(level.back()));
    hash_pairs(level);
}

/// The nodes beside the path from leaf `index` to the root, lowest first; none when there is no such leaf.
template <typename Node, typename HashPairs>
[[nodiscard]] std::vector<Node> MerkleSiblings(std::vector<Node> leaves, size_t index, HashPairs hash_pairs)
{
    std::vector<Node> siblings;
    if (index >= leaves.size()) return siblings;
    for (; leaves.size() > 1; index /= 2) {
        siblings.push_back(leaves[std::min(index ^ 1, leaves.size() - 1)]);
        ClimbMerkleLevel(leaves, hash_pairs);
    }
    return siblings;
}

} // namespace emc::primitives
