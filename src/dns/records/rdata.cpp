#include "dns/records/rdata_fields.h"
#include "dns/records/service_rdata.h"
#include "dns/records/text_records.h"

#include <arpa/inet.h>

namespace emc::dns {

namespace {

template <size_t N>
std::optional<Bytes> Address(int family, std::string_view text)
{
    std::array<uint8_t, N> raw{};
    if (inet_pton(family, std::string(text).c_str(), raw.data()) != 1) return std::nullopt;
    return Bytes(raw.begin(), raw.end());
}

/// host[:priority], priority 1 when absent; the host . takes no mail (RFC 7505).
std::optional<Bytes> MailExchange(std::string_view text)
{
    const size_t colon = text.rfind(':');
    const auto priority =
        colon == std::string_view::npos ? Decimal("1", 1) : Decimal(text.substr(colon + 1), UINT16_MAX);
    const auto host = NameOrRoot(text.substr(0, colon));
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
        const std::string_view piece = text.substr(0, MAX_STRING_BYTES);
        out.push_back(static_cast<uint8_t>(piece.size()));
        out.insert(out.end(), piece.begin(), piece.end());
        text.remove_prefix(piece.size());
    }
    return out.empty() ? std::nullopt : std::optional(out);
}

/// priority:weight:host[:port], port 1 when absent; the host . says that there is no such service (RFC 2782).
std::optional<Bytes> Service(std::string_view text)
{
    const auto priority_text = TakeField(text, ':');
    if (!priority_text) return std::nullopt;
    const auto weight_text = TakeField(text, ':');
    if (!weight_text) return std::nullopt;
    const size_t colon = text.find(':');
    const auto host = NameOrRoot(text.substr(0, colon));
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

/// Numbers of one byte and data in hex between colons: usage:selector:matching:hex (RFC 6698).
std::optional<Bytes> NumbersAndHex(std::string_view text, int numbers)
{
    Bytes out;
    for (; numbers > 0; --numbers) {
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

/// algorithm:type:hex (RFC 4255, 6594). A digest of the wrong length would cost resolvers the whole answer.
std::optional<Bytes> Fingerprint(std::string_view text)
{
    constexpr size_t HEAD = 2, SHA1_BYTES = 20, SHA256_BYTES = 32;
    auto out = NumbersAndHex(text, HEAD);
    if (!out || (out->at(1) == 1 && out->size() != HEAD + SHA1_BYTES) ||
        (out->at(1) == 2 && out->size() != HEAD + SHA256_BYTES)) {
        return std::nullopt;
    }
    return out;
}

/// "flags tag value" between blanks (RFC 8659). Quotes around the value are those of a zone file: left in,
/// they would be part of a name no authority bears.
std::optional<Bytes> Caa(std::string_view text)
{
    text = WithoutBlanks(text);
    const auto flags_text = TakeField(text, ' ');
    const auto flags = flags_text ? Decimal(*flags_text, UINT8_MAX) : std::nullopt;
    if (!flags) return std::nullopt;
    text = WithoutBlanks(text);
    const auto tag = TakeField(text, ' ');
    if (!tag || tag->empty() || tag->size() > MAX_STRING_BYTES || !AllOf(*tag, IsAlnum)) return std::nullopt;
    std::string_view value = WithoutBlanks(text);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
    Bytes out{static_cast<uint8_t>(*flags), static_cast<uint8_t>(tag->size())};
    out.insert(out.end(), tag->begin(), tag->end());
    out.insert(out.end(), value.begin(), value.end());
    return out;
}

std::optional<Bytes> Read(RrType type, std::string_view element)
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
        return NumbersAndHex(element, 3);
    case RrType::Sshfp:
        return Fingerprint(element);
    case RrType::Caa:
        return Caa(element);
    case RrType::Naptr:
        return NaptrFromText(element);
    case RrType::Svcb:
    case RrType::Https:
        return ServiceBindingFromText(element);
    case RrType::Uri:
        return UriFromText(element);
    default:
        return std::nullopt;
    }
}

} // namespace

std::optional<Bytes> RdataFromText(RrType type, std::string_view element)
{
    auto rdata = Read(type, element);
    if (rdata && rdata->size() > UINT16_MAX) return std::nullopt;
    return rdata;
}

} // namespace emc::dns
