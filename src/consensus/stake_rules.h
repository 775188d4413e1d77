/// Rules of proof-of-stake blocks beyond the header (doc/consensus-rules.md, design 2; rules P-*).
#pragma once

#include "consensus/tx_rules.h"
#include "crypto/keys.h"

namespace emc::consensus {

/// Coinbase of a PoS block: height and OP_0, one commitment output of value 0, witness of 32 and 64 bytes.
/// Rules P-04, P-05, P-06 (the last of this copy only).
[[nodiscard]] Verdict CheckStakeCoinbase(const Transaction& coinbase, int32_t height);
/// Shape of `vtx[1]`: no null input, empty first output of value 0, at least one more. Rule P-07.
[[nodiscard]] Verdict CheckCoinstakeShape(const Transaction& coinstake);
/// The key that must sign the block: shown by the kernel's spend (P2PKH, P2WPKH) or the output key (P2TR key
/// path). Rules P-08, P-09.
[[nodiscard]] base::Expected<crypto::XOnlyKey, RuleResult> SigningKey(base::ByteSpan kernel_script,
                                                                      const primitives::TxIn& kernel_input);
/// Tagged hash "EMC/block" of the block hash.
[[nodiscard]] Hash256 BlockSignatureMessage(const Hash256& block_hash);
/// Does the signature in the coinbase's witness fit the key? `cache` (may be null) spares the second time: a
/// block is looked at when it comes and again when it is connected. Rule P-13.
[[nodiscard]] bool CheckBlockSignature(const Hash256& block_hash, const crypto::XOnlyKey& key,
                                       base::ByteSpan signature64, script::SignatureCache* cache = nullptr);

} // namespace emc::consensus
