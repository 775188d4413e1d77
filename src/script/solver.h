/// Recognises the usual output scripts and makes them.
#pragma once

#include "crypto/keys.h"
#include "script/script.h"

namespace emc::script {

enum class ScriptType : uint8_t {
    NonStandard,
    PubKey,
    PubKeyHash,
    ScriptHash,
    MultiSig,
    NullData,
    WitnessV0KeyHash,
    WitnessV0ScriptHash,
    WitnessV1Taproot,
    WitnessUnknown,
};

/// The name RPC gives a type: "pubkeyhash", "witness_v0_keyhash", …
[[nodiscard]] std::string_view TypeName(ScriptType type);

struct Solution {
    ScriptType type = ScriptType::NonStandard;
    /// Key(s), hash or program. MultiSig: [m] [key]… [n], the numbers as one byte.
    std::vector<Bytes> parts;
    int witness_version = -1; ///< for the Witness types
};

[[nodiscard]] Solution Solve(ByteSpan script);

/// Witness version and program when the script is one (BIP 141).
struct WitnessProgram {
    int version = 0;
    ByteSpan program;
};

[[nodiscard]] std::optional<WitnessProgram> AsWitnessProgram(ByteSpan script);
[[nodiscard]] bool IsPayToScriptHash(ByteSpan script);

[[nodiscard]] Bytes PayToPubKeyHash(const base::Hash160& id);
[[nodiscard]] Bytes PayToScriptHash(const base::Hash160& id);
[[nodiscard]] Bytes PayToPubKey(const crypto::PublicKey& key);
[[nodiscard]] Bytes PayToWitnessKeyHash(const base::Hash160& id);
[[nodiscard]] Bytes PayToWitnessScriptHash(const base::Hash256& id);
[[nodiscard]] Bytes PayToTaproot(const crypto::XOnlyKey& output_key);
[[nodiscard]] Bytes PayToWitness(int version, ByteSpan program);
[[nodiscard]] Bytes MultiSigScript(int required, const std::vector<crypto::PublicKey>& keys);

} // namespace emc::script
