#include "codec/json.h"

#include "codec/json_scan.h"

#include <algorithm>
#include <charconv>

namespace emc::codec {
namespace {

constexpr int AMOUNT_DECIMALS = 8;
constexpr int MAX_EXPONENT = 1000; // beyond it no digit of any amount is left

/// A number as RFC 8259 writes it, taken apart.
struct Decimal {
    bool negative = false;
    std::string digits; ///< without the point
    int scale = 0;      ///< value = digits × 10^scale
};

constexpr bool IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Takes the digits at the front of `text`.
std::string_view TakeDigits(std::string_view& text)
{
    size_t count = 0;
    while (count < text.size() && IsDigit(text[count]))
        ++count;
    const auto digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
}

bool TakeOne(std::string_view& text, std::string_view any_of)
{
    if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

/// Value of the digits after 'e', held below MAX_EXPONENT; nullopt without a digit.
std::optional<int> TakeExponent(std::string_view& text)
{
    const bool negative = text.starts_with('-');
    TakeOne(text, "+-");
    const auto digits = TakeDigits(text);
    if (digits.empty()) return std::nullopt;
    int value = 0;
    for (const char c : digits)
        value = std::min(value * 10 + (c - '0'), MAX_EXPONENT);
    return negative ? -value : value;
}

std::optional<Decimal> ParseDecimal(std::string_view text)
{
    Decimal out;
    out.negative = TakeOne(text, "-");
    const auto whole = TakeDigits(text);
    if (whole.empty() || (whole.size() > 1 && whole[0] == '0')) return std::nullopt;
    out.digits = whole;
    if (TakeOne(text, ".")) {
        const auto fraction = TakeDigits(text);
        if (fraction.empty()) return std::nullopt;
        out.digits += fraction;
        out.scale = -static_cast<int>(fraction.size());
    }
    if (TakeOne(text, "eE")) {
        const auto exponent = TakeExponent(text);
        if (!exponent) return std::nullopt;
        out.scale += *exponent;
    }
    if (!text.empty()) return std::nullopt;
    return out;
}

} // namespace

base::Expected<Json, JsonError> ParseJson(std::string_view text)
{
    if (auto error = FindJsonError(text)) return base::Unexpected(std::move(*error));
    Json value;
    // The library looks at the character behind a number, so there has to be one.
    const std::string owned(text);
    if (!value.read(owned)) return base::Unexpected(JsonError{0, "value not understood"});
    return value;
}

std::string WriteJson(const Json& value, unsigned indent)
{
    return value.write(indent);
}

std::optional<int64_t> JsonInteger(const Json& value)
{
    if (!value.isNum()) return std::nullopt;
    const std::string& text = value.getValStr();
    int64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

std::string AmountDigits(int64_t units)
{
    const uint64_t size =
        units < 0 ? uint64_t{0} - static_cast<uint64_t>(units) : static_cast<uint64_t>(units);
    std::string digits = std::to_string(size);
    if (digits.size() <= AMOUNT_DECIMALS) digits.insert(0, AMOUNT_DECIMALS + 1 - digits.size(), '0');
    digits.insert(digits.size() - AMOUNT_DECIMALS, 1, '.');
    return units < 0 ? "-" + digits : digits;
}

Json JsonAmount(int64_t units)
{
    return Json(UniValue::VNUM, AmountDigits(units));
}

std::optional<int64_t> ParseAmount(std::string_view text)
{
    constexpr size_t LONGEST_TEXT = 1000;
    if (text.size() > LONGEST_TEXT) return std::nullopt;
    auto decimal = ParseDecimal(text);
    if (!decimal) return std::nullopt;
    if (decimal->digits.find_first_not_of('0') == std::string::npos) return 0;

    int scale = decimal->scale + AMOUNT_DECIMALS; // now value in units = digits × 10^scale
    for (; scale < 0; ++scale) {
        if (decimal->digits.empty() || decimal->digits.back() != '0') return std::nullopt;
        decimal->digits.pop_back();
    }
    decimal->digits.append(static_cast<size_t>(scale), '0');
    int64_t units = 0;
    for (const char c : decimal->digits) {
        const int64_t digit = decimal->negative ? '0' - c : c - '0';
        if (__builtin_mul_overflow(units, int64_t{10}, &units)) return std::nullopt;
        if (__builtin_add_overflow(units, digit, &units)) return std::nullopt;
    }
    return units;
}

void AddField(Json& object, const std::string& name, const Json& value)
{
    object.__pushKV(name, value);
}

Json JsonObject()
{
    return Json(UniValue::VOBJ);
}

Json JsonArray()
{
    return Json(UniValue::VARR);
}

bool IsUtf8(std::string_view text)
{
    while (!text.empty()) {
        const size_t length = Utf8Length(text);
        if (length == 0 || text[0] == '\0') return false;
        text.remove_prefix(length);
    }
    return true;
}

} // namespace emc::codec
