/// Symmetric ciphers.
#pragma once

#include "base/bytes.h"

namespace emc::crypto {

using Key32 = std::array<uint8_t, 32>;

/// AES-256-CBC with PKCS#7 padding.
[[nodiscard]] base::Bytes Aes256CbcEncrypt(const Key32& key, const std::array<uint8_t, 16>& iv,
                                           base::ByteSpan plain);
/// nullopt when the length or the padding is wrong.
[[nodiscard]] std::optional<base::Bytes> Aes256CbcDecrypt(const Key32& key, const std::array<uint8_t, 16>& iv,
                                                          base::ByteSpan cipher);
/// AES-256-GCM (NIST SP 800-38D): cipher text followed by the 16-byte tag. Never twice with one key and
/// nonce.
[[nodiscard]] base::Bytes Aes256GcmSeal(const Key32& key, const std::array<uint8_t, 12>& nonce,
                                        base::ByteSpan aad, base::ByteSpan plain);
/// Writes the plain bytes, 16 fewer than `sealed` has, to `out`; false when the tag or that size does not
/// fit, and `out` is zero then.
[[nodiscard]] bool Aes256GcmOpen(const Key32& key, const std::array<uint8_t, 12>& nonce, base::ByteSpan aad,
                                 base::ByteSpan sealed, std::span<uint8_t> out);
/// RFC 8439 AEAD: cipher text followed by the 16-byte tag.
[[nodiscard]] base::Bytes ChaCha20Poly1305Seal(const Key32& key, const std::array<uint8_t, 12>& nonce,
                                               base::ByteSpan aad, base::ByteSpan plain);
/// nullopt when the tag does not fit.
[[nodiscard]] std::optional<base::Bytes> ChaCha20Poly1305Open(const Key32& key,
                                                              const std::array<uint8_t, 12>& nonce,
                                                              base::ByteSpan aad, base::ByteSpan sealed);
/// RFC 8439 ChaCha20 keystream from block `counter`, XORed over `data`.
void ChaCha20Xor(const Key32& key, const std::array<uint8_t, 12>& nonce, uint32_t counter,
                 std::span<uint8_t> data);
/// RFC 8439 Poly1305 tag.
[[nodiscard]] std::array<uint8_t, 16> Poly1305(const Key32& key, base::ByteSpan in);

} // namespace emc::crypto
