/// The library context for operations on secrets. Only the key files of this room use it.
#pragma once

#include <secp256k1.h>

namespace emc::crypto {

/// A context for signing, made and blinded with fresh randomness at first use. Any thread. Verification needs
/// none and takes secp256k1_context_static.
[[nodiscard]] const secp256k1_context* SigningContext();

} // namespace emc::crypto
