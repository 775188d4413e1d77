#include "calls/cdr_time.h"

#include <charconv>
#include <ctime>

namespace emc::calls {
namespace {

constexpr int64_t MS = 1'000;
constexpr int MINUTES_PER_HOUR = 60;
constexpr int MAX_ZONE_MINUTES = 14 * MINUTES_PER_HOUR;

/// A number of exactly `digits` digits; moves behind it.
std::optional<int> TakeNumber(std::string_view& text, size_t digits)
{
    if (text.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, digits)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool TakeOneOf(std::string_view& text, std::string_view chars)
{
    if (text.empty() || chars.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

/// The milliseconds of ".25"; 0 when there is no fraction.
std::optional<int64_t> TakeFraction(std::string_view& text)
{
    if (!TakeOneOf(text, ".")) return 0;
    int64_t value = 0;
    int64_t unit = MS / 10;
    size_t digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        value += unit * (text.front() - '0');
        unit /= 10;
        ++digits;
        text.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    return value;
}

std::optional<int32_t> TakeZone(std::string_view& text)
{
    if (TakeOneOf(text, "Zz")) return 0;
    const bool west = text.starts_with('-');
    if (!TakeOneOf(text, "+-")) return std::nullopt;
    const auto hours = TakeNumber(text, 2);
    (void)TakeOneOf(text, ":");
    const auto minutes = TakeNumber(text, 2);
    if (!hours || !minutes || *minutes >= MINUTES_PER_HOUR) return std::nullopt;
    const int total = *hours * MINUTES_PER_HOUR + *minutes;
    if (total > MAX_ZONE_MINUTES) return std::nullopt;
    return west ? -total : total;
}

std::optional<uint64_t> FromCalendar(std::string_view text, const CdrZone& zone)
{
    std::tm day{};
    const auto take = [&](int& into, size_t digits, int low, int high, int shift, std::string_view behind) {
        const auto value = TakeNumber(text, digits);
        if (!value || *value < low || *value > high) return false;
        into = *value - shift;
        return behind.empty() || TakeOneOf(text, behind);
    };
    if (!take(day.tm_year, 4, 1970, 9999, 1900, "-") || !take(day.tm_mon, 2, 1, 12, 1, "-") ||
        !take(day.tm_mday, 2, 1, 31, 0, "Tt ") || !take(day.tm_hour, 2, 0, 23, 0, ":") ||
        !take(day.tm_min, 2, 0, 59, 0, ":") || !take(day.tm_sec, 2, 0, 59, 0, ""))
        return std::nullopt;
    const auto fraction = TakeFraction(text);
    if (!fraction) return std::nullopt;
    const std::tm asked = day;
    std::optional<int32_t> offset;
    if (!text.empty()) {
        offset = TakeZone(text);
        if (!offset || !text.empty()) return std::nullopt;
    }
    day.tm_isdst = -1;
    const bool local = !offset && zone.local;
    const std::time_t seconds = local ? std::mktime(&day) : timegm(&day);
    if (day.tm_mday != asked.tm_mday || day.tm_mon != asked.tm_mon) return std::nullopt; // 31 February
    const int64_t shift = local ? 0 : int64_t{offset.value_or(zone.offset_minutes)} * 60;
    const int64_t ms = (seconds - shift) * MS + *fraction;
    if (ms < 0) return std::nullopt;
    return static_cast<uint64_t>(ms);
}

} // namespace

std::optional<int64_t> ParseCdrSeconds(std::string_view text)
{
    int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || seconds > INT64_MAX / MS || seconds < INT64_MIN / MS + 1) return std::nullopt;
    const bool negative = text.starts_with('-');
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    const auto fraction = TakeFraction(text);
    if (!fraction || !text.empty()) return std::nullopt;
    return seconds * MS + (negative ? -*fraction : *fraction);
}

std::optional<uint64_t> ParseCdrTime(std::string_view text, const CdrZone& zone)
{
    const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == text.size() || text[digits] == '.') {
        auto value = ParseCdrSeconds(text);
        if (!value || *value < 0 || digits == 0) return std::nullopt;
        if (digits >= 15) return static_cast<uint64_t>(*value) / (MS * MS);
        if (digits >= 12) return static_cast<uint64_t>(*value) / MS;
        return static_cast<uint64_t>(*value);
    }
    return FromCalendar(text, zone);
}

} // namespace emc::calls
