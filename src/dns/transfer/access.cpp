#include "dns/transfer/access.h"

#include <algorithm>
#include <charconv>

namespace emc::dns {

namespace {

constexpr std::string_view KEY = "key:";

const TsigKey* KeyNamed(std::string_view name, const TsigKeys& keys)
{
    auto wire = NameFromText(name);
    if (!wire) return nullptr;
    LowerCase(*wire);
    return keys.Find(*wire);
}

std::optional<uint16_t> PortFrom(std::string_view text)
{
    uint16_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out == 0) return std::nullopt;
    return out;
}

} // namespace

bool TransferRule::Allows(const base::IpBytes& ip, const TsigKey* signed_by) const
{
    if (subnet && !subnet->Contains(ip)) return false;
    return !key || (signed_by != nullptr && signed_by->name == *key);
}

std::string NotifyTarget::Text() const
{
    const std::string address = base::IpText(ip);
    const bool v6 = address.find(':') != std::string::npos;
    return (v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

std::optional<TransferRule> ParseTransferRule(std::string_view text, const TsigKeys& keys)
{
    TransferRule out;
    const size_t comma = text.find(',');
    std::string_view key = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    std::string_view subnet = text.substr(0, comma);
    if (comma == std::string_view::npos && text.starts_with(KEY)) std::swap(key, subnet);
    if (!subnet.empty()) {
        out.subnet = base::Subnet::Parse(subnet);
        if (!out.subnet) return std::nullopt;
    }
    if (comma != std::string_view::npos || subnet.empty()) {
        if (!key.starts_with(KEY)) return std::nullopt;
        const TsigKey* known = KeyNamed(key.substr(KEY.size()), keys);
        if (known == nullptr) return std::nullopt;
        out.key = known->name;
    }
    return out;
}

std::optional<NotifyTarget> ParseNotifyTarget(std::string_view text, const TsigKeys& keys)
{
    NotifyTarget out;
    const size_t comma = text.find(',');
    if (comma != std::string_view::npos) {
        const std::string_view key = text.substr(comma + 1);
        if (key.starts_with(KEY)) out.key = KeyNamed(key.substr(KEY.size()), keys);
        if (out.key == nullptr) return std::nullopt;
        text = text.substr(0, comma);
    }
    std::string_view port;
    if (text.starts_with('[')) {
        const size_t end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        port = text.substr(end + 1);
        text = text.substr(1, end - 1);
    } else if (std::count(text.begin(), text.end(), ':') == 1) {
        port = text.substr(text.find(':'));
        text = text.substr(0, text.find(':'));
    }
    if (!port.empty()) {
        const auto number = port.starts_with(':') ? PortFrom(port.substr(1)) : std::nullopt;
        if (!number) return std::nullopt;
        out.port = *number;
    }
    const auto ip = base::ParseIp(std::string(text));
    if (!ip) return std::nullopt;
    out.ip = *ip;
    return out;
}

} // namespace emc::dns
