/// Taproot's hashes and script trees (BIP 341).
#pragma once

#include "crypto/keys.h"
#include "script/script.h"

namespace emc::script {

inline constexpr uint8_t TAPSCRIPT_LEAF_VERSION = 0xc0;
inline constexpr uint8_t ANNEX_TAG = 0x50;
inline constexpr size_t CONTROL_BASE_BYTES = 33;
inline constexpr size_t CONTROL_NODE_BYTES = 32;
inline constexpr size_t MAX_TREE_DEPTH = 128;

[[nodiscard]] base::Hash256 TapLeafHash(uint8_t leaf_version, ByteSpan script);
/// Hash of two children in either order.
[[nodiscard]] base::Hash256 TapBranchHash(const base::Hash256& a, const base::Hash256& b);
/// Tweak of an internal key; without a root for keys that commit to no script.
[[nodiscard]] base::Hash256 TapTweakHash(const crypto::XOnlyKey& internal, const base::Hash256* root);
/// The private key of the output key: the internal key with even Y plus the tweak; nullopt when that is no
/// key.
[[nodiscard]] std::optional<crypto::PrivateKey> TapTweakSecret(const crypto::PrivateKey& internal,
                                                               const base::Hash256* root);

/// Control blocks have 33 + 32·n bytes, n ≤ 128.
[[nodiscard]] bool IsControlSize(size_t bytes);
/// Root of the tree that holds a leaf, climbed along the control block; its size must be IsControlSize.
[[nodiscard]] base::Hash256 RootFromControl(ByteSpan control, const base::Hash256& leaf_hash);
/// True when the output key commits to the leaf by this control block.
[[nodiscard]] bool CommitsTo(const crypto::XOnlyKey& output_key, ByteSpan control,
                             const base::Hash256& leaf_hash);

/// A leaf of a script tree, with its depth: the leaves of a tree from left to right.
struct TapLeaf {
    size_t depth = 0;
    uint8_t version = TAPSCRIPT_LEAF_VERSION;
    Bytes script;
};

/// A leaf that asks for signatures of some of its keys: pk, multi_a, sortedmulti_a.
struct LeafKeys {
    size_t threshold = 1;
    std::vector<crypto::XOnlyKey> keys; ///< in the order of the script
};

/// nullopt when the script has another form.
[[nodiscard]] std::optional<LeafKeys> SolveLeaf(ByteSpan script);

/// Everything needed to spend a Taproot output.
struct TapTree {
    crypto::XOnlyKey output_key;
    bool odd = false;
    std::optional<base::Hash256> root; ///< nullopt without leaves
    std::vector<base::Hash256> leaf_hashes;
    std::vector<Bytes> control_blocks; ///< one a leaf, in their order
};

/// Builds the tree; nullopt when the depths form no binary tree, a depth is above 128, or the key cannot be
/// tweaked.
[[nodiscard]] std::optional<TapTree> BuildTapTree(const crypto::XOnlyKey& internal,
                                                  const std::vector<TapLeaf>& leaves);

/// What a Taproot output commits to.
struct TaprootSpend {
    struct Leaf {
        uint8_t version = TAPSCRIPT_LEAF_VERSION;
        Bytes script;
        Bytes control;
    };

    crypto::XOnlyKey internal_key;
    std::optional<base::Hash256> root; ///< nullopt without leaves
    std::vector<Leaf> leaves;          ///< from left to right
};

/// The same with the output key it leads to; nullopt as BuildTapTree.
struct TapOutput {
    crypto::XOnlyKey key;
    TaprootSpend spend;
};

[[nodiscard]] std::optional<TapOutput> MakeTapOutput(const crypto::XOnlyKey& internal,
                                                     const std::vector<TapLeaf>& leaves);

} // namespace emc::script
