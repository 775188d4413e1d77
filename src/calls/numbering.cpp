#include "calls/numbering.h"

#include <algorithm>
#include <charconv>

namespace emc::calls {
namespace {

constexpr size_t MIN_DIGITS = 4;
constexpr size_t MAX_DIGITS = 15; // ITU-T E.164
constexpr size_t MAX_COUNTRY_DIGITS = 3;
constexpr size_t MAX_PREFIX_DIGITS = 6;
constexpr size_t MAX_QUOTED = 64;

bool AllDigits(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool TakeWord(std::string_view& text, std::string_view word)
{
    if (text.size() < word.size()) return false;
    const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; };
    if (!std::equal(word.begin(), word.end(), text.begin(), [&](char w, char t) { return same(t, w); }))
        return false;
    text.remove_prefix(word.size());
    return true;
}

/// What stands for the number in an address: no name, scheme, host, parameters.
std::string_view NumberPart(std::string_view text)
{
    if (const size_t open = text.rfind('<'); open != std::string_view::npos) {
        text.remove_prefix(open + 1);
        text = text.substr(0, text.find('>'));
    }
    while (!text.empty() && (text.front() == ' ' || text.front() == '"'))
        text.remove_prefix(1);
    if (TakeWord(text, "sips:") || TakeWord(text, "sip:")) {
        text = text.substr(0, text.find('@'));
    } else {
        (void)TakeWord(text, "tel:");
    }
    text = text.substr(0, text.find(';'));
    while (!text.empty() && (text.back() == ' ' || text.back() == '"'))
        text.remove_suffix(1);
    return text;
}

base::Unexpected<std::string> NotANumber(std::string_view written, std::string_view why)
{
    std::string text = "\"";
    for (const char c : written.substr(0, MAX_QUOTED))
        text += c >= 0x20 && c < 0x7f ? c : '?';
    return base::Unexpected(text + (written.size() > MAX_QUOTED ? "…\" " : "\" ") + std::string(why));
}

/// The digits and whether a plus stood before them; nothing when anything else stands there.
std::optional<std::pair<std::string, bool>> Digits(std::string_view text)
{
    const bool plus = !text.empty() && text.front() == '+';
    if (plus) text.remove_prefix(1);
    std::string digits;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            digits += c;
        } else if (std::string_view(" -./()").find(c) == std::string_view::npos) {
            return std::nullopt;
        }
    }
    return std::pair(std::move(digits), plus);
}

} // namespace

base::Expected<NumberingPlan, std::string> ParseNumberingPlan(std::string_view text)
{
    NumberingPlan plan;
    while (!text.empty()) {
        const auto part = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), part.size() + 1));
        const size_t equal = part.find('=');
        const auto key = equal == std::string_view::npos ? std::string_view{} : part.substr(0, equal);
        const auto value = part.substr(key.empty() ? part.size() : equal + 1);
        if (key == "country" && AllDigits(value) && value.size() <= MAX_COUNTRY_DIGITS &&
            !value.starts_with('0')) {
            plan.country = value;
        } else if (key == "international" && AllDigits(value) && value.size() <= MAX_PREFIX_DIGITS) {
            plan.international = value;
        } else if (key == "national" && AllDigits(value) && value.size() <= MAX_PREFIX_DIGITS) {
            plan.national = value;
        } else if (key == "bare" && (value == "e164" || value == "national")) {
            plan.bare_is_national = value == "national";
        } else {
            return base::Unexpected("numbering plan: \"" + std::string(part) +
                                    "\" is not country=<1 to 3 digits>, international=<up to 6 digits>, "
                                    "national=<up to 6 digits> or bare=<e164 or national>");
        }
    }
    if (plan.bare_is_national && plan.country.empty())
        return base::Unexpected(std::string("numbering plan: bare=national needs country=<country code>"));
    return plan;
}

base::Expected<uint64_t, std::string> ToE164(std::string_view written, const NumberingPlan& plan)
{
    auto found = Digits(NumberPart(written));
    if (!found || found->first.empty()) return NotANumber(written, "is no telephone number");
    std::string& digits = found->first;
    const bool plus = found->second;
    if (!plus) {
        const auto begins = [&](const std::string& prefix) {
            return !prefix.empty() && digits.starts_with(prefix);
        };
        if (begins(plan.international)) {
            digits.erase(0, plan.international.size());
        } else if (!plan.country.empty() && begins(plan.national)) {
            digits.replace(0, plan.national.size(), plan.country);
        } else if (plan.bare_is_national) {
            digits.insert(0, plan.country);
        }
    }
    if (digits.starts_with('0'))
        return NotANumber(written, "begins with a prefix the numbering plan does not know");
    if (digits.size() < MIN_DIGITS || digits.size() > MAX_DIGITS)
        return NotANumber(written, "has not the 4 to 15 digits of an E.164 number");
    uint64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

} // namespace emc::calls
