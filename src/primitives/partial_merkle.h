/// Parts of a block's hash tree that prove some of its transactions (BIP 37, "partial Merkle trees").
#pragma once

#include "primitives/block.h"

namespace emc::primitives {

/// Most transactions a tree may claim: no block has more.
inline constexpr uint32_t MAX_TREE_LEAVES = 4'000'000 / 60;

/// The nodes that lead to the leaves that were asked for.
struct PartialMerkle {
    uint32_t leaves = 0; ///< of the whole tree
    std::vector<Hash256> hashes;
    base::Bytes
        flags; ///< one bit for each node met depth first, lowest bit of each byte first; the rest is zero

    bool operator==(const PartialMerkle&) const = default;
};

/// `wanted` has one entry for each leaf, of which there is at least one. Pure.
[[nodiscard]] PartialMerkle MakePartialMerkle(const std::vector<Hash256>& leaves,
                                              const std::vector<bool>& wanted);

struct MerkleMatches {
    Hash256 root;
    std::vector<Hash256> leaves;     ///< those that were asked for, in order
    std::vector<uint32_t> positions; ///< where they stand
};

/// What the tree proves, once its root is that of a header; nullopt unless it is exactly one tree: no leaf
/// too many, no hash or bit left over, and no pair of equal nodes, which would let two trees have one root.
/// Pure.
[[nodiscard]] std::optional<MerkleMatches> ReadPartialMerkle(const PartialMerkle& tree);

/// A header with its merged-mining proof and a tree, as `merkleblock` and gettxoutproof have it.
struct MerkleProof {
    BlockHeader header;
    PartialMerkle tree;
};

void Write(codec::Writer& out, const MerkleProof& proof);
/// Fails the reader when the tree claims more leaves than a block can have; whether the proof holds is
/// ReadPartialMerkle's to say.
[[nodiscard]] MerkleProof ReadMerkleProof(codec::Reader& in);
[[nodiscard]] base::Bytes Serialize(const MerkleProof& proof);
/// nullopt unless the bytes are exactly one such proof.
[[nodiscard]] std::optional<MerkleProof> ParseMerkleProof(base::ByteSpan in);

} // namespace emc::primitives
