/// Base58 and Base58Check (BIP 13 family), base32/base64 (RFC 4648).
#pragma once

#include "base/bytes.h"

namespace emc::codec {

[[nodiscard]] std::string Base58Encode(base::ByteSpan in);
/// nullopt on a foreign character (blanks at either end are skipped) or when the result would pass
/// `max_bytes`.
[[nodiscard]] std::optional<base::Bytes> Base58Decode(std::string_view text, size_t max_bytes = 256);
/// With the first four bytes of SHA256d appended.
[[nodiscard]] std::string Base58CheckEncode(base::ByteSpan in);
/// nullopt also when the checksum does not fit.
[[nodiscard]] std::optional<base::Bytes> Base58CheckDecode(std::string_view text, size_t max_bytes = 256);

/// Base32 without padding, lower case.
[[nodiscard]] std::string Base32Encode(base::ByteSpan in);
/// Either case; nullopt on a foreign character or when the bits left over are not zero.
[[nodiscard]] std::optional<base::Bytes> Base32Decode(std::string_view text);

/// Padded base64.
[[nodiscard]] std::string Base64Encode(base::ByteSpan in);
/// Strict: alphabet, full padding, unused bits 0; nullopt otherwise.
[[nodiscard]] std::optional<base::Bytes> Base64Decode(std::string_view text);

} // namespace emc::codec
