/// The proof that one call is part of a batch on the chain, as it is handed to others: whoever has the block
/// can check it, without the other calls' records (doc/call-reward.md).
#pragma once

#include "reward/batch.h"
#include "reward/call_tree.h"

namespace emc::primitives {
struct Block;
}

namespace emc::reward {

inline constexpr size_t MAX_PROOF_BYTES = 4'096;

struct ProofFile {
    Hash256 genesis; ///< of the network
    Hash256 txid;    ///< of the reward transaction
    Hash256 block;   ///< it stands in
    CallRecord record;
    CallProof proof;
};

enum class ProofError : uint8_t {
    Encoding, ///< something else, cut off, or with bytes left over
    Version,  ///< of a newer program
    Record,   ///< the record is none
    NoReward, ///< the block holds no such reward transaction
    Numbers,  ///< the batch is of other numbers, another period or another number of calls
    Tree,     ///< the record is not part of the batch
};
[[nodiscard]] std::string_view Text(ProofError error);

[[nodiscard]] Bytes WriteProof(const ProofFile& file);
/// Reads exactly one; whether it proves anything is CheckProof's question.
[[nodiscard]] base::Expected<ProofFile, ProofError> ParseProof(ByteSpan in);
/// The batch the record is part of. `block`: the one the proof names. That it is of the best chain is the
/// caller's to check.
[[nodiscard]] base::Expected<CallBatch, ProofError> CheckProof(const ProofFile& file,
                                                               const primitives::Block& block);

} // namespace emc::reward
