#include "enum/number.h"

#include <algorithm>

namespace emc::enumrec {

namespace {

constexpr uint64_t SMALLEST = 1'000;
constexpr uint64_t LIMIT = 1'000'000'000'000'000;
constexpr size_t MAX_SLOT_DIGITS = 3;
constexpr size_t MAX_COUNTRY_DIGITS = 3;
constexpr size_t MAX_VERIFIER_CHARS = 32;
constexpr std::string_view ENUM_PREFIX = "enum:";
constexpr std::string_view VERIFIER_PREFIX = "ver:";
constexpr std::string_view TOLL_FREE = "tollfree";

bool IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool AllDigits(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), IsDigit);
}

bool IsVerifierId(std::string_view id)
{
    if (id.empty() || id.size() > MAX_VERIFIER_CHARS) return false;
    const auto word = [](char c) { return (c >= 'a' && c <= 'z') || IsDigit(c); };
    return word(id[0]) && std::all_of(id.begin(), id.end(),
                                      [&](char c) { return word(c) || c == '.' || c == '_' || c == '-'; });
}

/// What follows "enum:".
std::optional<RecordName> ParseEnumName(std::string_view rest)
{
    RecordName out;
    const size_t colon = rest.find(':');
    const std::string_view head = rest.substr(0, colon);
    if (head == TOLL_FREE) {
        out.kind = NameKind::TollFree;
        if (colon == std::string_view::npos) return out;
        const std::string_view country = rest.substr(colon + 1);
        if (country.empty() || country.size() > MAX_COUNTRY_DIGITS || !AllDigits(country))
            return std::nullopt;
        if (country[0] == '0') return std::nullopt;
        out.country = country;
        return out;
    }
    if (colon == std::string_view::npos) return std::nullopt;
    out.kind = NameKind::Number;
    out.number = Number::FromDigits(head);
    const std::string_view slot = rest.substr(colon + 1);
    if (!out.number || slot.empty() || slot.size() > MAX_SLOT_DIGITS || !AllDigits(slot)) return std::nullopt;
    if (slot.size() > 1 && slot[0] == '0') return std::nullopt;
    for (const char c : slot)
        out.slot = out.slot * 10 + (c - '0');
    return out;
}

} // namespace

std::optional<Number> Number::FromDigits(std::string_view digits)
{
    if (digits.size() < static_cast<size_t>(MIN_DIGITS) || digits.size() > static_cast<size_t>(MAX_DIGITS)) {
        return std::nullopt;
    }
    if (digits[0] == '0' || !AllDigits(digits)) return std::nullopt;
    uint64_t value = 0;
    for (const char c : digits)
        value = value * 10 + static_cast<uint64_t>(c - '0');
    return Number(value);
}

std::optional<Number> Number::FromValue(uint64_t value)
{
    if (value < SMALLEST || value >= LIMIT) return std::nullopt;
    return Number(value);
}

std::optional<Number> Number::FromHuman(std::string_view text)
{
    constexpr std::string_view MARKS = " ()-./";
    const size_t start = text.find_first_not_of(MARKS);
    if (start == std::string_view::npos) return std::nullopt;
    text.remove_prefix(text[start] == '+' ? start + 1 : start);
    std::string digits;
    for (const char c : text) {
        if (MARKS.find(c) == std::string_view::npos) digits.push_back(c);
    }
    return FromDigits(digits);
}

std::string Number::Digits() const
{
    return std::to_string(m_value);
}

std::string Number::WithPlus() const
{
    return "+" + std::to_string(m_value);
}

std::optional<RecordName> ParseRecordName(std::string_view name)
{
    if (name.starts_with(ENUM_PREFIX)) return ParseEnumName(name.substr(ENUM_PREFIX.size()));
    RecordName out;
    if (!name.starts_with(VERIFIER_PREFIX)) return out;
    if (!IsVerifierName(name)) return std::nullopt;
    out.kind = NameKind::Verifier;
    out.verifier = name.substr(VERIFIER_PREFIX.size());
    return out;
}

std::string RecordNameOf(const Number& number, int slot)
{
    return std::string(ENUM_PREFIX) + number.Digits() + ":" + std::to_string(slot);
}

bool IsVerifierName(std::string_view name)
{
    return name.starts_with(VERIFIER_PREFIX) && IsVerifierId(name.substr(VERIFIER_PREFIX.size()));
}

} // namespace emc::enumrec
