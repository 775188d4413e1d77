/// Signature hashes: legacy, BIP 143 and BIP 341, with the parts that all inputs share computed once.
#pragma once

#include "primitives/transaction.h"
#include "script/script.h"

namespace emc::script {

inline constexpr int SIGHASH_DEFAULT = 0;
inline constexpr int SIGHASH_ALL = 1;
inline constexpr int SIGHASH_NONE = 2;
inline constexpr int SIGHASH_SINGLE = 3;
inline constexpr int SIGHASH_ANYONECANPAY = 0x80;

/// Hashes over all inputs and outputs of one transaction. Immutable after construction; any thread.
/// `spent` are the outputs being spent, in input order, with *owner scripts* (name prefixes removed); it may
/// be empty when no Taproot spend is checked. The transaction must outlive the object.
class PrecomputedTx
{
public:
    PrecomputedTx(const primitives::MutableTransaction& tx, std::vector<primitives::TxOut> spent);

    [[nodiscard]] const primitives::MutableTransaction& Tx() const { return m_tx; }

    [[nodiscard]] const std::vector<primitives::TxOut>& Spent() const { return m_spent; }

    base::Hash256 prevouts_sha, sequences_sha, outputs_sha; ///< single SHA-256
    base::Hash256 prevouts_d, sequences_d, outputs_d;       ///< double, for BIP 143
    base::Hash256 amounts_sha, scripts_sha;                 ///< BIP 341, only with `spent`

private:
    const primitives::MutableTransaction& m_tx;
    std::vector<primitives::TxOut> m_spent;
};

/// The original algorithm, its quirks included (SIGHASH_SINGLE out of range gives 1).
[[nodiscard]] base::Hash256 LegacySigHash(const primitives::MutableTransaction& tx, size_t input,
                                          ByteSpan script_code, int32_t hash_type);
/// BIP 143.
[[nodiscard]] base::Hash256 SegwitV0SigHash(const PrecomputedTx& tx, size_t input, ByteSpan script_code,
                                            primitives::Amount value, int32_t hash_type);

/// What a BIP 342 script adds to a BIP 341 hash.
struct TapscriptContext {
    base::Hash256 leaf_hash;
    uint32_t code_separator_pos = 0xffffffff;
};

/// BIP 341; `script` null for the key path. nullopt for hash types that are not defined or SINGLE without its
/// output.
[[nodiscard]] std::optional<base::Hash256> TaprootSigHash(const PrecomputedTx& tx, size_t input,
                                                          uint8_t hash_type,
                                                          const std::optional<Bytes>& annex,
                                                          const TapscriptContext* script);

} // namespace emc::script
