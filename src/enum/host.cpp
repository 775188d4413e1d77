// Host names and addresses of PVP lines.
#include "enum/lines.h"

#include <algorithm>

namespace emc::enumrec {

namespace {

constexpr size_t MAX_DNS_NAME = 253;
constexpr size_t MAX_LABEL = 63;
constexpr uint64_t MAX_IPV4_PART = 255;
constexpr size_t IPV6_GROUPS = 8;
constexpr size_t MAX_GROUP_DIGITS = 4;

bool IsDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool IsAlphaNum(char c)
{
    return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool IsHexDigit(char c)
{
    return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool IsIpv4(std::string_view text)
{
    const auto parts = Split(text, '.');
    return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
               return ReadDecimal(part, MAX_IPV4_PART).has_value();
           });
}

bool IsLabel(std::string_view label)
{
    if (label.empty() || label.size() > MAX_LABEL || label.front() == '-' || label.back() == '-')
        return false;
    return std::all_of(label.begin(), label.end(), [](char c) { return IsAlphaNum(c) || c == '-'; });
}

bool IsDnsName(std::string_view text)
{
    if (text.size() > MAX_DNS_NAME) return false;
    const auto labels = Split(text, '.');
    if (!std::all_of(labels.begin(), labels.end(), IsLabel)) return false;
    return !std::all_of(labels.back().begin(), labels.back().end(), IsDigit);
}

/// Groups of 16 bits in one side of an IPv6 address; nullopt when malformed. An IPv4 tail counts as two.
std::optional<size_t> CountGroups(std::string_view side, bool may_end_in_ipv4)
{
    if (side.empty()) return 0;
    const auto groups = Split(side, ':');
    size_t count = 0;
    for (size_t i = 0; i < groups.size(); ++i) {
        const std::string_view group = groups[i];
        if (may_end_in_ipv4 && i + 1 == groups.size() && IsIpv4(group)) {
            count += 2;
            continue;
        }
        if (group.empty() || group.size() > MAX_GROUP_DIGITS) return std::nullopt;
        if (!std::all_of(group.begin(), group.end(), IsHexDigit)) return std::nullopt;
        ++count;
    }
    return count;
}

/// RFC 4291 section 2.2: "::" stands for one or more groups of zeros.
bool IsIpv6(std::string_view text)
{
    const size_t gap = text.find("::");
    if (gap == std::string_view::npos) return CountGroups(text, true) == IPV6_GROUPS;
    const auto before = CountGroups(text.substr(0, gap), false);
    const auto after = CountGroups(text.substr(gap + 2), true);
    return before && after && *before + *after < IPV6_GROUPS;
}

} // namespace

bool IsHost(std::string_view host)
{
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        return IsIpv6(host.substr(1, host.size() - 2));
    }
    return IsIpv4(host) || IsDnsName(host);
}

} // namespace emc::enumrec
