/// Addresses: the text form of the usual output scripts, and private keys as text (WIF).
#pragma once

#include "base/expected.h"
#include "crypto/keys.h"
#include "script/solver.h"

namespace emc::script {

/// Prefixes of one network (doc/consensus-rules.md, design 1).
struct AddressParams {
    uint8_t pubkey_prefix = 33;
    uint8_t script_prefix = 92;
    uint8_t secret_prefix = 128;
    uint32_t ext_public = 0x0488B21E;
    uint32_t ext_secret = 0x0488ADE4;
    std::string bech32_prefix = "em";
};

/// The output script an address stands for, or a sentence why the text is no address of this network.
[[nodiscard]] base::Expected<Bytes, std::string> DecodeAddress(const AddressParams& params,
                                                               std::string_view text);
/// The address of an output script; nullopt for scripts without one (bare keys, multisig, data).
[[nodiscard]] std::optional<std::string> EncodeAddress(const AddressParams& params, ByteSpan script);

/// Wallet import format.
[[nodiscard]] std::optional<crypto::PrivateKey> DecodeSecret(const AddressParams& params,
                                                             std::string_view text);
[[nodiscard]] std::string EncodeSecret(const AddressParams& params, const crypto::PrivateKey& key);

} // namespace emc::script
