/// How an output can be spent, as far as an input's fields and a provider tell. For this room only.
#pragma once

#include "psbt/fields.h"
#include "script/sign.h"

namespace emc::psbt {

enum class Kind : uint8_t { Legacy, WitnessV0, Taproot };

struct Path {
    Kind kind = Kind::Legacy;
    Bytes script_code;         ///< what signatures commit to (not for Taproot)
    script::Solution solution; ///< of the innermost script
    std::optional<base::Hash160> missing_redeem_script;
    std::optional<Hash256> missing_witness_script;
    std::optional<Bytes> redeem_script;
    std::optional<Bytes> witness_script;

    [[nodiscard]] bool Known() const { return !missing_redeem_script && !missing_witness_script; }
};

/// From an owner script inwards. Scripts come from the provider and must hash to what asks for them.
[[nodiscard]] Path FindPath(ByteSpan owner_script, const script::SigningProvider& provider);
/// Scripts, trees and public keys from an input's fields (they must outlive it), else from `other`.
[[nodiscard]] script::SigningProvider ProviderOf(const FieldMap& input, const script::SigningProvider& other);
/// The outputs all inputs spend; unknown ones have the value −1.
[[nodiscard]] std::vector<primitives::TxOut> SpentOutputs(const struct Psbt& psbt);

/// A public key that may have signed, by its hash: from partial signatures and derivations.
[[nodiscard]] std::optional<crypto::PublicKey> KeyIn(const FieldMap& input, const base::Hash160& id);
/// The id of an x-only key as a compressed key with even or odd Y.
[[nodiscard]] std::array<base::Hash160, 2> IdsOf(const crypto::XOnlyKey& key);

} // namespace emc::psbt
