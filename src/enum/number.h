/// E.164 numbers and the names of `enum:` and `ver:` records.
#pragma once

#include "base/bytes.h"

namespace emc::enumrec {

inline constexpr int MIN_DIGITS = 4;
inline constexpr int MAX_DIGITS = 15;
inline constexpr int MAX_SLOT = 999;

/// An E.164 number without plus: 4–15 digits, the first 1–9 (ABNF `number`, doc/enum.md).
class Number
{
public:
    /// nullopt unless `digits` follows the grammar exactly.
    [[nodiscard]] static std::optional<Number> FromDigits(std::string_view digits);
    [[nodiscard]] static std::optional<Number> FromValue(uint64_t value);
    /// As people write it: an optional +, blanks and the marks ()-./ are dropped; nullopt when the rest is no
    /// number.
    [[nodiscard]] static std::optional<Number> FromHuman(std::string_view text);

    [[nodiscard]] uint64_t Value() const { return m_value; }

    [[nodiscard]] std::string Digits() const;
    /// "+18009359935", the string expressions are applied to (RFC 6116 §3.1).
    [[nodiscard]] std::string WithPlus() const;
    auto operator<=>(const Number&) const = default;

private:
    explicit Number(uint64_t value) : m_value(value) {}

    uint64_t m_value;
};

enum class NameKind { Number, TollFree, Verifier, Free };

/// What a record name says. Names under `enum:` and `ver:` that do not follow the grammar have no RecordName.
struct RecordName {
    NameKind kind = NameKind::Free;
    std::optional<Number> number; ///< NameKind::Number
    int slot = 0;                 ///< NameKind::Number, 0–999
    std::string country;          ///< NameKind::TollFree: digits, empty for the general record
    std::string verifier;         ///< NameKind::Verifier: what follows "ver:"
};

/// Reads any name. nullopt only for a name under `enum:` or `ver:` that breaks the grammar.
[[nodiscard]] std::optional<RecordName> ParseRecordName(std::string_view name);
/// "enum:18009359935:0"
[[nodiscard]] std::string RecordNameOf(const Number& number, int slot);
/// True for "ver:" and a valid identifier (1–32 of a-z 0-9 . _ -, the first a letter or digit).
[[nodiscard]] bool IsVerifierName(std::string_view name);

} // namespace emc::enumrec
