/// The Merkle tree over call records: RFC 6962's shape, inclusion proofs of RFC 9162 §2.1.3.
#pragma once

#include "reward/call_record.h"

namespace emc::reward {

/// SHA256(00 ‖ map)
[[nodiscard]] Hash256 CallLeaf(ByteSpan encoded_record);
/// SHA256(01 ‖ left ‖ right)
[[nodiscard]] Hash256 CallNode(const Hash256& left, const Hash256& right);
/// Root over leaves in the order given; SHA256 of nothing for none. A batch's leaves ascend (see
/// CallBatchTree).
[[nodiscard]] Hash256 TreeRoot(std::span<const Hash256> leaves);
/// Siblings of leaf `index` from the leaf upwards. `index` must be below the number of leaves (checked).
[[nodiscard]] std::vector<Hash256> TreePath(std::span<const Hash256> leaves, size_t index);

/// That a leaf stands at an index of a tree of `count` leaves.
struct CallProof {
    uint64_t index = 0;
    uint64_t count = 0;
    std::vector<Hash256> path; ///< from the leaf upwards
};

/// True when the proof leads from the leaf to the root. Takes any input.
[[nodiscard]] bool VerifyCallProof(const Hash256& leaf, const CallProof& proof, const Hash256& root);

/// What goes on the chain of a set of records: leaves ascend bytewise, none twice.
struct CallBatchTree {
    std::vector<Hash256> leaves;
    Hash256 root;
    uint64_t minutes = 0; ///< sum of CallMinutes
};

/// The tree of records in any order; nullopt when one stands twice. At least one record (checked).
[[nodiscard]] std::optional<CallBatchTree> MakeCallTree(const std::vector<CallRecord>& records);

} // namespace emc::reward
