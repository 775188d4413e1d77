/// Block headers, merged-mining proofs and blocks.
#pragma once

#include "primitives/transaction.h"

namespace emc::primitives {

/// Version bits with a meaning (doc/consensus-rules.md, design 2).
inline constexpr int32_t VERSION_AUXPOW = 0x100;
inline constexpr int32_t VERSION_POS = 0x200;

/// The 80 bytes of a Bitcoin header.
struct PlainHeader {
    int32_t version = 0;
    Hash256 prev_hash;
    Hash256 merkle_root;
    uint32_t time = 0;
    uint32_t bits = 0;
    uint32_t nonce = 0;

    bool operator==(const PlainHeader&) const = default;
    /// SHA256d of the 80 bytes.
    [[nodiscard]] Hash256 Hash() const;
};

/// Merged-mining proof in Namecoin's layout: parent coinbase, its branch, chain branch, parent header.
struct AuxPow {
    TxRef coinbase;      ///< without witness
    Hash256 parent_hash; ///< in the layout, without meaning
    std::vector<Hash256> coinbase_branch;
    uint32_t coinbase_index = 0;
    std::vector<Hash256> chain_branch;
    uint32_t chain_index = 0;
    PlainHeader parent;
};

/// A header of this chain: the 80 bytes and, with VERSION_AUXPOW, the proof behind them.
struct BlockHeader : PlainHeader {
    std::shared_ptr<const AuxPow> auxpow;

    [[nodiscard]] bool IsProofOfStake() const { return (version & VERSION_POS) != 0; }

    [[nodiscard]] bool IsAuxPow() const { return (version & VERSION_AUXPOW) != 0; }
};

struct Block {
    BlockHeader header;
    std::vector<TxRef> transactions;
};

using BlockRef = std::shared_ptr<const Block>;

/// Largest serialised merged-mining proof, bytes.
inline constexpr size_t MAX_AUXPOW_BYTES = 100'000;

void Write(codec::Writer& out, const PlainHeader& header);
void Write(codec::Writer& out, const AuxPow& proof);
/// Header with its proof when the version bit says so.
void Write(codec::Writer& out, const BlockHeader& header);
void Write(codec::Writer& out, const Block& block, WitnessMode mode = WitnessMode::With);
[[nodiscard]] PlainHeader ReadPlainHeader(codec::Reader& in);
/// On failure the coinbase may be missing. The reader fails on branches above 30 hashes, a parent coinbase
/// with witness or without inputs, or more than MAX_AUXPOW_BYTES.
[[nodiscard]] AuxPow ReadAuxPow(codec::Reader& in);
[[nodiscard]] BlockHeader ReadBlockHeader(codec::Reader& in);
[[nodiscard]] Block ReadBlock(codec::Reader& in);
[[nodiscard]] Bytes Serialize(const Block& block, WitnessMode mode = WitnessMode::With);
[[nodiscard]] Bytes Serialize(const BlockHeader& header);
/// One whole block and nothing after it; nullptr otherwise.
[[nodiscard]] BlockRef ParseBlock(ByteSpan in);
/// Bytes of the merged-mining proof, 0 without one.
[[nodiscard]] size_t AuxPowSize(const BlockHeader& header);
/// BIP 141 weight: 3 × size without witness + whole size, a merged-mining proof at 4 units a byte.
[[nodiscard]] size_t BlockWeight(const Block& block);

/// Merkle root of the leaves (Bitcoin's rule: the last of an odd level counts twice). `mutated` tells that
/// two equal neighbours made the tree ambiguous (CVE-2012-2459).
struct MerkleResult {
    Hash256 root;
    bool mutated = false;
};

[[nodiscard]] MerkleResult MerkleRoot(std::vector<Hash256> leaves);
[[nodiscard]] MerkleResult BlockMerkleRoot(const Block& block);
/// Over wtxids with the coinbase's taken as zero (BIP 141).
[[nodiscard]] Hash256 WitnessMerkleRoot(const Block& block);
/// The hashes beside the path from leaf `index` to the root; none when there is no such leaf.
[[nodiscard]] std::vector<Hash256> MerkleBranch(std::vector<Hash256> leaves, size_t index);
/// Climbs from `leaf` along the branch.
[[nodiscard]] Hash256 MerkleRootFromBranch(const Hash256& leaf, const std::vector<Hash256>& branch,
                                           uint32_t index);

} // namespace emc::primitives
