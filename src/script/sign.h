/// Signs the usual output scripts.
#pragma once

#include "base/function.h"
#include "script/hd_key.h"
#include "script/interpreter.h"
#include "script/solver.h"
#include "script/taproot.h"

namespace emc::script {

/// Where a signer finds keys and scripts. All functions may be empty.
struct SigningProvider {
    std::function<std::optional<crypto::PrivateKey>(const base::Hash160& key_id)> key_by_id;
    /// The public key behind an id, also when its private key is not at hand.
    std::function<std::optional<crypto::PublicKey>(const base::Hash160& key_id)> public_key;
    /// Where a key stands in its tree, for those who sign elsewhere.
    std::function<std::optional<KeyOrigin>(const base::Hash160& key_id)> key_origin;
    /// The private key whose BIP 341 *output* key this is, already tweaked; and the same for plain x-only
    /// keys.
    std::function<std::optional<crypto::PrivateKey>(const crypto::XOnlyKey& output_key)> taproot_key;
    /// Internal key and script tree of an output key.
    std::function<std::optional<TaprootSpend>(const crypto::XOnlyKey& output_key)> taproot_spend;
    std::function<std::optional<Bytes>(const base::Hash160& script_id)> redeem_script;
    std::function<std::optional<Bytes>(const base::Hash256& script_sha)> witness_script;
};

struct SignResult {
    bool complete = false;
    Bytes script_sig;
    primitives::Witness witness;
};

/// Signs input `input` (spending tx.Spent()[input]) with hash type `hash_type` (SIGHASH_ALL; Taproot uses
/// DEFAULT then). Taproot outputs are spent by their key, else by the first leaf of pk, multi_a or
/// sortedmulti_a that can be satisfied. Keeps signatures that are already there for multisig. Not complete
/// when a key or script is missing.
[[nodiscard]] SignResult SignInput(const SigningProvider& provider, const PrecomputedTx& tx, size_t input,
                                   int hash_type = SIGHASH_ALL);
/// Weight units an input of this script adds when signed (base ×4 + witness), for fee estimation; 0 when
/// unknown.
[[nodiscard]] size_t EstimateInputWeight(const SigningProvider& provider, ByteSpan script_pubkey);

/// Digest of signmessage: SHA256d(sized "EmerCoin Signed Message:\n" ‖ sized message).
[[nodiscard]] base::Hash256 MessageDigest(std::string_view message);
/// The same with another network's first line, for checking foreign signatures.
[[nodiscard]] base::Hash256 MessageDigest(std::string_view message, std::string_view magic);
/// Does the compact signature come from the owner of this P2PKH (header 27–34) or P2WPKH (31–34) script?
/// `strict` asks low S.
[[nodiscard]] bool VerifyMessage(ByteSpan owner_script, std::string_view message, ByteSpan signature65,
                                 bool strict);
/// VerifyMessage for a digest that is already there.
[[nodiscard]] bool VerifyDigest(ByteSpan owner_script, const base::Hash256& digest, ByteSpan signature65,
                                bool strict);

} // namespace emc::script
