/// The other hash functions, through OpenSSL where it is fast enough, and SipHash.
#pragma once

#include "base/bytes.h"

namespace emc::crypto {

using Digest64 = std::array<uint8_t, 64>;

[[nodiscard]] base::Hash160 Ripemd160(base::ByteSpan in);
/// RIPEMD160(SHA256(in)), the hash of addresses.
[[nodiscard]] base::Hash160 Hash160Of(base::ByteSpan in);
[[nodiscard]] std::array<uint8_t, 20> Sha1(base::ByteSpan in);
[[nodiscard]] Digest64 Sha512(base::ByteSpan in);
[[nodiscard]] std::array<uint8_t, 32> Sha3_256(base::ByteSpan in);
/// RFC 2104.
[[nodiscard]] base::Hash256 HmacSha256(base::ByteSpan key, base::ByteSpan in);
[[nodiscard]] std::array<uint8_t, 48> HmacSha384(base::ByteSpan key, base::ByteSpan in);
[[nodiscard]] Digest64 HmacSha512(base::ByteSpan key, base::ByteSpan in);
[[nodiscard]] std::array<uint8_t, 20> HmacSha1(base::ByteSpan key, base::ByteSpan in);
/// RFC 8018; fills `out` (any length). rounds ≥ 1.
void Pbkdf2Sha256(base::ByteSpan password, base::ByteSpan salt, uint32_t rounds, std::span<uint8_t> out);
void Pbkdf2Sha512(base::ByteSpan password, base::ByteSpan salt, uint32_t rounds, std::span<uint8_t> out);

/// What one run of scrypt costs: 128·r·2^log2_n bytes of memory, time in proportion to that and to p.
struct ScryptCost {
    uint8_t log2_n = 15; ///< 1 … 24
    uint32_t r = 8;      ///< 1 … 64
    uint32_t p = 1;      ///< 1 … 1024
    bool operator==(const ScryptCost&) const = default;
};

/// RFC 7914; fills `out`. False when the cost is out of range or the memory is not there.
[[nodiscard]] bool Scrypt(base::ByteSpan password, base::ByteSpan salt, const ScryptCost& cost,
                          std::span<uint8_t> out);
/// RFC 5869; fills `out` (≤ 8160 bytes).
void HkdfSha256(base::ByteSpan secret, base::ByteSpan salt, base::ByteSpan info, std::span<uint8_t> out);

/// SipHash-2-4 under a 128-bit key; for hash tables that strangers can feed.
[[nodiscard]] uint64_t SipHash24(uint64_t k0, uint64_t k1, base::ByteSpan in);

} // namespace emc::crypto
