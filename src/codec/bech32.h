/// Bech32 (BIP 173) and Bech32m (BIP 350).
#pragma once

#include "base/bytes.h"

namespace emc::codec {

enum class Bech32Kind { Bech32, Bech32m };

struct Bech32Text {
    Bech32Kind kind = Bech32Kind::Bech32;
    std::string prefix; ///< lower case
    base::Bytes words;  ///< values 0–31, without the checksum
};

/// Empty when the prefix is empty or not printable ASCII, a word is above 31, or the text would pass 90
/// characters.
[[nodiscard]] std::string Bech32Encode(Bech32Kind kind, std::string_view prefix, base::ByteSpan words);
/// nullopt when the text is not 8–90 characters of one case with a right checksum of either kind.
[[nodiscard]] std::optional<Bech32Text> Bech32Decode(std::string_view text);
/// Places of characters in a text with a wrong checksum, rising: those that are none of the alphabet, else
/// one or two whose correction makes the checksum right. Empty when the text is good, or more of it is wrong.
/// A guess to show, not to correct by.
[[nodiscard]] std::vector<size_t> Bech32Mistakes(std::string_view text);
/// 8-bit to 5-bit groups, padded with zero bits.
[[nodiscard]] base::Bytes ToWords(base::ByteSpan bytes);
/// 5-bit to 8-bit groups; nullopt when padding is not zero or longer than 4 bits.
[[nodiscard]] std::optional<base::Bytes> FromWords(base::ByteSpan words);

/// A witness program: version 0–16 and 2–40 bytes (20 or 32 for version 0).
struct SegwitProgram {
    int version = 0;
    base::Bytes program;
};

/// Empty when version, program size or prefix is out of range.
[[nodiscard]] std::string SegwitEncode(std::string_view prefix, const SegwitProgram& program);
/// nullopt on another prefix, wrong kind for the version, or bad program size.
[[nodiscard]] std::optional<SegwitProgram> SegwitDecode(std::string_view prefix, std::string_view text);

} // namespace emc::codec
