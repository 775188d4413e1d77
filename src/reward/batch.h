/// Call batches: the 207 bytes a reward transaction carries, countersigned by the owners of both numbers.
#pragma once

#include "crypto/keys.h"
#include "reward/call_pair.h"

namespace emc::reward {

using base::ByteSpan;
using base::Hash256;

inline constexpr uint8_t BATCH_VERSION = 1;
inline constexpr size_t BATCH_BYTES = 207;

/// Totals of the calls of one direction and one period. Integers stand little-endian in the payload.
struct CallBatch {
    CallPair pair;
    uint32_t period_start = 0; ///< unix seconds, included
    uint32_t period_end = 0;   ///< unix seconds, not included
    uint32_t calls = 0;
    uint32_t minutes = 0;
    Hash256 root; ///< of the records' tree
    crypto::CompactSignature caller_signature{};
    crypto::CompactSignature callee_signature{};
    uint64_t claim = 0; ///< units; no part of what is signed

    bool operator==(const CallBatch&) const = default;
};

/// Exactly 207 bytes of version 1 whose numbers and slots follow the grammar; nullopt for all else. Totals,
/// period and signatures are not judged.
[[nodiscard]] std::optional<CallBatch> ParseBatch(ByteSpan payload);
[[nodiscard]] Bytes WriteBatch(const CallBatch& batch);
/// What both owners sign: tagged hash "EMC/callbatch" of the genesis hash (raw) and the payload up to the
/// root.
[[nodiscard]] Hash256 BatchDigest(const Hash256& genesis, const CallBatch& batch);

/// `vout[0]` of a reward transaction: OP_4 OP_DROP <payload> OP_DROP, then the owner script.
struct RewardOutput {
    CallBatch batch;
    ByteSpan owner_script; ///< part of the script that was read
};

/// nullopt unless the script begins with the only way of writing a canonical payload.
[[nodiscard]] std::optional<RewardOutput> ParseRewardOutput(ByteSpan script);
[[nodiscard]] Bytes WriteRewardScript(const CallBatch& batch, ByteSpan owner_script);

} // namespace emc::reward
