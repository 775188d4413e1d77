#include "dns/records/text_records.h"

#include <algorithm>
#include <arpa/inet.h>

namespace emc::dns {

namespace {

std::optional<uint16_t> Decimal(std::string_view text, uint32_t most)
{
    if (text.empty() || text.size() > 5) return std::nullopt;
    uint32_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<uint32_t>(c - '0');
    }
    if (value > most) return std::nullopt;
    return static_cast<uint16_t>(value);
}

template <size_t N>
std::optional<Bytes> Address(int family, std::string_view text)
{
    std::array<uint8_t, N> raw{};
    if (inet_pton(family, std::string(text).c_str(), raw.data()) != 1) return std::nullopt;
    return Bytes(raw.begin(), raw.end());
}

/// Text up to the next separator, which is taken off with it; nullopt when there is none.
std::optional<std::string_view> TakeField(std::string_view& text, char separator)
{
    const size_t end = text.find(separator);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(end + 1);
    return field;
}

void Append(Bytes& out, const Bytes& more)
{
    out.insert(out.end(), more.begin(), more.end());
}

/// host[:priority], priority 1 when absent.
std::optional<Bytes> MailExchange(std::string_view text)
{
    const size_t colon = text.rfind(':');
    const auto priority =
        colon == std::string_view::npos ? Decimal("1", 1) : Decimal(text.substr(colon + 1), UINT16_MAX);
    const auto host = NameFromText(text.substr(0, colon));
    if (!priority || !host) return std::nullopt;
    Bytes out;
    AppendU16(out, *priority);
    Append(out, *host);
    return out;
}

/// Character strings of at most 255 bytes each.
std::optional<Bytes> Text(std::string_view text)
{
    Bytes out;
    while (!text.empty()) {
        const std::string_view piece = text.substr(0, 255);
        out.push_back(static_cast<uint8_t>(piece.size()));
        out.insert(out.end(), piece.begin(), piece.end());
        text.remove_prefix(piece.size());
    }
    if (out.empty() || out.size() > UINT16_MAX) return std::nullopt;
    return out;
}

/// priority:weight:host[:port], port 1 when absent.
std::optional<Bytes> Service(std::string_view text)
{
    const auto priority_text = TakeField(text, ':');
    if (!priority_text) return std::nullopt;
    const auto weight_text = TakeField(text, ':');
    if (!weight_text) return std::nullopt;
    const size_t colon = text.find(':');
    const auto host = NameFromText(text.substr(0, colon));
    const auto port =
        colon == std::string_view::npos ? Decimal("1", 1) : Decimal(text.substr(colon + 1), UINT16_MAX);
    const auto priority = Decimal(*priority_text, UINT16_MAX);
    const auto weight = Decimal(*weight_text, UINT16_MAX);
    if (!host || !port || !priority || !weight) return std::nullopt;
    Bytes out;
    AppendU16(out, *priority);
    AppendU16(out, *weight);
    AppendU16(out, *port);
    Append(out, *host);
    return out;
}

/// usage:selector:matching:hex (RFC 6698).
std::optional<Bytes> Tlsa(std::string_view text)
{
    Bytes out;
    for (int i = 0; i < 3; ++i) {
        const auto field = TakeField(text, ':');
        const auto value = field ? Decimal(*field, UINT8_MAX) : std::nullopt;
        if (!value) return std::nullopt;
        out.push_back(static_cast<uint8_t>(*value));
    }
    const auto data = base::FromHex(text);
    if (!data || data->empty()) return std::nullopt;
    Append(out, *data);
    return out;
}

std::string_view WithoutBlanks(std::string_view text)
{
    while (text.starts_with(' '))
        text.remove_prefix(1);
    return text;
}

/// "flags tag value" between blanks (RFC 8659).
std::optional<Bytes> Caa(std::string_view text)
{
    text = WithoutBlanks(text);
    const auto flags_text = TakeField(text, ' ');
    const auto flags = flags_text ? Decimal(*flags_text, UINT8_MAX) : std::nullopt;
    if (!flags) return std::nullopt;
    text = WithoutBlanks(text);
    const auto tag = TakeField(text, ' ');
    const auto is_alnum = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    if (!tag || tag->empty() || tag->size() > 255 || !std::all_of(tag->begin(), tag->end(), is_alnum)) {
        return std::nullopt;
    }
    const std::string_view value = WithoutBlanks(text);
    Bytes out{static_cast<uint8_t>(*flags), static_cast<uint8_t>(tag->size())};
    out.insert(out.end(), tag->begin(), tag->end());
    out.insert(out.end(), value.begin(), value.end());
    return out;
}

} // namespace

std::optional<Bytes> RdataFromText(RrType type, std::string_view element)
{
    switch (type) {
    case RrType::A:
        return Address<4>(AF_INET, element);
    case RrType::Aaaa:
        return Address<16>(AF_INET6, element);
    case RrType::Ns:
    case RrType::Cname:
    case RrType::Ptr:
        return NameFromText(element);
    case RrType::Mx:
        return MailExchange(element);
    case RrType::Txt:
        return Text(element);
    case RrType::Srv:
        return Service(element);
    case RrType::Tlsa:
        return Tlsa(element);
    case RrType::Caa:
        return Caa(element);
    default:
        return std::nullopt;
    }
}

} // namespace emc::dns
