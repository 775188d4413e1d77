#include "enum/verifier.h"

#include "enum/lines.h"

#include <algorithm>

namespace emc::enumrec {

namespace {

constexpr size_t MAX_VERIFIER_LINES = 16;
constexpr size_t MAX_KEY = 16;
constexpr size_t MAX_KEY_VALUE = 255;
constexpr uint64_t MAX_BITS = 30;
constexpr uint32_t HASH_START = 0x5555;
constexpr std::string_view SRL = "SRL";

struct ErrorInfo {
    std::string_view rule;
    std::string_view text;
};

/// In the order of the enumerators.
constexpr ErrorInfo ERRORS[] = {
    {"V-10", "value or line is empty (no line feed stands at the end)"},
    {"V-11", "byte outside the printable ASCII characters"},
    {"V-12", "more than 16 lines"},
    {"V-13", "line is not key=value with a key of 1 to 16 letters a to z, or SRL"},
    {"V-14", "key appears twice"},
    {"V-15", "value of a key has not 1 to 255 bytes"},
    {"V-16", "the key name is missing"},
    {"V-17",
     "revocation list is not SRL=bits|template with bits 0 to 30 and at most one of %d %i %o %u %X %x, "
     "optionally with 0 and a width"},
};
static_assert(std::size(ERRORS) == static_cast<size_t>(VerifierError::BadSrl) + 1);

bool IsKey(std::string_view key)
{
    if (key == SRL) return true;
    return !key.empty() && key.size() <= MAX_KEY &&
           std::all_of(key.begin(), key.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// A template's parts around its one conversion.
struct Conversion {
    size_t percent = std::string_view::npos; ///< npos: none
    size_t end = 0;                          ///< behind the conversion
    size_t width = 0;                        ///< padded with zeros
    char type = 'd';
};

/// nullopt unless the template has at most one conversion of the form allowed.
std::optional<Conversion> ReadTemplate(std::string_view text)
{
    Conversion out;
    out.percent = text.find('%');
    if (out.percent == std::string_view::npos) return out;
    size_t i = out.percent + 1;
    const auto is_digit = [&](size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
    if (i < text.size() && text[i] == '0') {
        ++i;
        const size_t digits = is_digit(i + 1) ? 2 : 1;
        if (!is_digit(i)) return std::nullopt;
        for (size_t k = 0; k < digits; ++k)
            out.width = out.width * 10 + static_cast<size_t>(text[i++] - '0');
    }
    if (i >= text.size() || std::string_view("diouXx").find(text[i]) == std::string_view::npos)
        return std::nullopt;
    out.type = text[i];
    out.end = i + 1;
    if (text.find('%', out.end) != std::string_view::npos) return std::nullopt;
    return out;
}

std::optional<RevocationList> ParseSrl(std::string_view text)
{
    const size_t bar = text.find('|');
    if (bar == std::string_view::npos || bar + 1 == text.size()) return std::nullopt;
    const auto bits = ReadDecimal(text.substr(0, bar), MAX_BITS);
    const std::string_view pattern = text.substr(bar + 1);
    if (!bits || !ReadTemplate(pattern)) return std::nullopt;
    return RevocationList{static_cast<unsigned>(*bits), std::string(pattern)};
}

/// A number in octal, decimal or hex, padded with zeros.
std::string Digits(uint32_t value, const Conversion& conversion)
{
    const bool hex = conversion.type == 'x' || conversion.type == 'X';
    const uint32_t radix = hex ? 16 : conversion.type == 'o' ? 8 : 10;
    const std::string_view alphabet = conversion.type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    std::string out;
    do {
        out.push_back(alphabet[value % radix]);
        value /= radix;
    } while (value != 0);
    if (out.size() < conversion.width) out.append(conversion.width - out.size(), '0');
    std::reverse(out.begin(), out.end());
    return out;
}

base::Unexpected<VerifierFailure> Refuse(VerifierError error, size_t line = 0)
{
    return base::Unexpected(VerifierFailure{error, line});
}

} // namespace

std::string_view Text(VerifierError error)
{
    return ERRORS[static_cast<size_t>(error)].text;
}

std::string_view RuleId(VerifierError error)
{
    return ERRORS[static_cast<size_t>(error)].rule;
}

std::string RevocationList::BucketName(std::string_view record_name) const
{
    const auto conversion = ReadTemplate(template_text);
    if (!conversion || conversion->percent == std::string_view::npos) return template_text;
    uint32_t hash = HASH_START;
    for (const char c : record_name)
        hash = hash * 33 + static_cast<uint8_t>(c);
    const uint32_t bucket = hash & ((uint32_t{1} << std::min(bits, 31u)) - 1);
    return template_text.substr(0, conversion->percent) + Digits(bucket, *conversion) +
           template_text.substr(conversion->end);
}

std::string_view VerifierRecord::Get(std::string_view key) const
{
    for (const auto& [entry_key, value] : entries) {
        if (entry_key == key) return value;
    }
    return {};
}

base::Expected<VerifierRecord, VerifierFailure> ParseVerifier(std::string_view value)
{
    if (value.empty()) return Refuse(VerifierError::Empty);
    const auto lines = Split(value, '\n');
    if (lines.size() > MAX_VERIFIER_LINES) return Refuse(VerifierError::TooManyLines);
    VerifierRecord record;
    for (size_t i = 0; i < lines.size(); ++i) {
        const std::string_view line = lines[i];
        if (line.empty()) return Refuse(VerifierError::Empty, i + 1);
        if (!IsPrintable(line)) return Refuse(VerifierError::BadByte, i + 1);
        const size_t equals = line.find('=');
        const std::string_view key = line.substr(0, equals);
        if (equals == std::string_view::npos || !IsKey(key)) return Refuse(VerifierError::BadKey, i + 1);
        const std::string_view text = line.substr(equals + 1);
        if (text.empty() || text.size() > MAX_KEY_VALUE) return Refuse(VerifierError::BadValue, i + 1);
        if (!record.Get(key).empty()) return Refuse(VerifierError::RepeatedKey, i + 1);
        if (key == SRL) {
            record.revocation = ParseSrl(text);
            if (!record.revocation) return Refuse(VerifierError::BadSrl, i + 1);
        }
        record.entries.emplace_back(key, text);
    }
    if (record.Get("name").empty()) return Refuse(VerifierError::NoName);
    return record;
}

std::string PrintVerifier(const VerifierRecord& record)
{
    std::string out;
    for (const auto& [key, value] : record.entries) {
        if (!out.empty()) out.push_back('\n');
        out += key;
        out += "=";
        out += value;
    }
    return out;
}

} // namespace emc::enumrec
