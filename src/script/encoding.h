/// The form of signatures and keys inside scripts, checked before any curve arithmetic.
#pragma once

#include "script/flags.h"
#include "script/script.h"

namespace emc::script {

/// Which rules a script runs under.
enum class SigVersion { Base, WitnessV0, Tapscript };

/// DER with the hash-type byte behind it, exactly one way to write it (BIP 66).
[[nodiscard]] bool IsStrictDer(ByteSpan signature);
/// The last byte is ALL, NONE or SINGLE, with or without ANYONECANPAY.
[[nodiscard]] bool IsDefinedHashType(ByteSpan signature);
/// Error::Ok, SigDer, SigHighS or SigHashType. An empty signature has a right form: it is just false.
[[nodiscard]] Error CheckSignatureForm(ByteSpan signature, Flags flags);
/// Error::Ok, PubkeyType or WitnessPubkeyType.
[[nodiscard]] Error CheckKeyForm(ByteSpan key, Flags flags, SigVersion version);
/// The push uses the shortest op code for its data (BIP 62 rule 3).
[[nodiscard]] bool IsMinimalPush(const Instruction& push);

} // namespace emc::script
