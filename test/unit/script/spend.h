#pragma once
// A payment and the transaction that spends it, for tests of scripts.

#include "script/sign.h"
#include "vectors/script_text.h"

#include <string_view>

namespace emc::test {

/// Script of words as the published vectors write them; aborts the case when it is not understood.
base::Bytes Words(std::string_view text);

/// Private key number `n` (1 …), the same in every run.
crypto::PrivateKey KeyNumber(uint8_t n, bool compressed = true);

/// Two outputs of the same script are spent by one transaction with two inputs and two outputs.
struct Spend {
    explicit Spend(base::Bytes script, primitives::Amount value = 5000);

    /// With everything that the transaction holds now.
    [[nodiscard]] script::PrecomputedTx Precomputed() const { return {tx, spent}; }

    /// Verifies input 0.
    [[nodiscard]] script::Error Verify(script::Flags flags = script::STANDARD_FLAGS,
                                       script::SignatureCache* cache = nullptr) const;
    /// Signs input 0 and puts the result into the transaction.
    bool Sign(const script::SigningProvider& provider, int hash_type = script::SIGHASH_ALL);

    primitives::MutableTransaction tx;
    std::vector<primitives::TxOut> spent;
};

/// Runs one script on its own, without a checker that agrees to anything.
script::Error RunScript(std::string_view words, script::Flags flags = script::VERIFY_NONE);

/// A provider that knows these keys (also as Taproot output keys without scripts) and scripts.
script::SigningProvider ProviderOf(std::vector<crypto::PrivateKey> keys,
                                   std::vector<base::Bytes> scripts = {});

} // namespace emc::test
