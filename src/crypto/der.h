/// The DER form of ECDSA signatures, as liberally as old networks read it.
#pragma once

#include "base/bytes.h"

namespace emc::crypto {

/// Reads r and s of a DER signature into 64 big-endian bytes. Liberal: the length of the sequence is ignored,
/// lengths may be over-long, numbers may be negative (read as positive) or padded, bytes may follow. nullopt
/// when two numbers cannot be found; when one of them is longer than 32 bytes, both come out as zero.
[[nodiscard]] std::optional<std::array<uint8_t, 64>> ParseDerLax(base::ByteSpan der);

} // namespace emc::crypto
