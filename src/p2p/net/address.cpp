#include "p2p/net/address.h"

#include "codec/base58.h"
#include "codec/writer.h"
#include "crypto/hash.h"

#include <algorithm>
#include <charconv>

namespace emc::p2p {
namespace {

constexpr size_t V4_OFFSET = 12;
constexpr size_t IPV4_BYTES = 4;
constexpr size_t IPV6_BYTES = 16;
constexpr size_t KEY_BYTES = 32;
constexpr uint8_t CJDNS_FIRST_BYTE = 0xfc;
constexpr uint8_t ONION_VERSION = 3;
constexpr std::string_view ONION_SUFFIX = ".onion";
constexpr std::string_view I2P_SUFFIX = ".b32.i2p";
/// How Tor's second version used to travel as IPv6.
constexpr std::array<uint8_t, 6> ONIONCAT = {0xfd, 0x87, 0xd8, 0x7e, 0xeb, 0x43};

/// The first `bits` bits of an address.
struct Range {
    std::array<uint8_t, IPV6_BYTES> base;
    unsigned bits;
};

bool InRange(base::ByteSpan in, const Range& range)
{
    for (unsigned i = 0; i < range.bits; ++i) {
        const unsigned mask = 0x80u >> (i % 8);
        if ((in[i / 8] & mask) != (range.base[i / 8] & mask)) return false;
    }
    return true;
}

template <size_t N>
bool InAny(base::ByteSpan in, const std::array<Range, N>& ranges)
{
    return std::any_of(ranges.begin(), ranges.end(), [in](const Range& range) { return InRange(in, range); });
}

/// "This network", private use (RFC 1918), shared (6598), link local (3927), documentation (5737),
/// benchmarks (2544), loopback, multicast, reserved and broadcast.
constexpr std::array<Range, 13> IPV4_NOT_ROUTED = {{{{0}, 8},
                                                    {{10}, 8},
                                                    {{100, 64}, 10},
                                                    {{127}, 8},
                                                    {{169, 254}, 16},
                                                    {{172, 16}, 12},
                                                    {{192, 0, 2}, 24},
                                                    {{192, 168}, 16},
                                                    {{198, 18}, 15},
                                                    {{198, 51, 100}, 24},
                                                    {{203, 0, 113}, 24},
                                                    {{224}, 4},
                                                    {{240}, 4}}};
/// Unspecified, loopback, documentation (RFC 3849), ORCHID (4843, 7343), link local (4862), unique local
/// (4193), multicast.
constexpr std::array<Range, 8> IPV6_NOT_ROUTED = {{{{0}, 128},
                                                   {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128},
                                                   {{0x20, 0x01, 0x0d, 0xb8}, 32},
                                                   {{0x20, 0x01, 0x00, 0x10}, 28},
                                                   {{0x20, 0x01, 0x00, 0x20}, 28},
                                                   {{0xfe, 0x80}, 64},
                                                   {{0xfc}, 7},
                                                   {{0xff}, 8}}};
constexpr Range SIX_TO_FOUR = {{0x20, 0x02}, 16};                                 // RFC 3056
constexpr Range TEREDO = {{0x20, 0x01, 0, 0}, 32};                                // RFC 4380
constexpr Range NAT64 = {{0x00, 0x64, 0xff, 0x9b}, 96};                           // RFC 6052
constexpr Range TRANSLATED = {{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0x00, 0}, 96}; // RFC 6145

std::array<uint8_t, IPV4_BYTES> FourFrom(base::ByteSpan in, uint8_t flip = 0)
{
    std::array<uint8_t, IPV4_BYTES> out{};
    for (size_t i = 0; i < IPV4_BYTES; ++i)
        out[i] = in[i] ^ flip;
    return out;
}

/// Source: Tor's rend-spec-v3, section 6.
std::array<uint8_t, 2> OnionChecksum(base::ByteSpan key)
{
    base::Bytes text = base::ToBytes(".onion checksum");
    text.insert(text.end(), key.begin(), key.end());
    text.push_back(ONION_VERSION);
    const auto digest = crypto::Sha3_256(text);
    return {digest[0], digest[1]};
}

std::optional<NetAddress> ParseOnion(std::string_view name)
{
    const auto raw = codec::Base32Decode(name);
    if (!raw || raw->size() != KEY_BYTES + 3 || raw->back() != ONION_VERSION) return std::nullopt;
    const base::ByteSpan key = base::ByteSpan(*raw).first(KEY_BYTES);
    const auto checksum = OnionChecksum(key);
    if ((*raw)[KEY_BYTES] != checksum[0] || (*raw)[KEY_BYTES + 1] != checksum[1]) return std::nullopt;
    return NetAddress::From(NetKind::TorV3, key);
}

std::string OnionText(base::ByteSpan key)
{
    base::Bytes raw(key.begin(), key.end());
    const auto checksum = OnionChecksum(key);
    raw.insert(raw.end(), checksum.begin(), checksum.end());
    raw.push_back(ONION_VERSION);
    return codec::Base32Encode(raw).append(ONION_SUFFIX);
}

} // namespace

std::string_view Text(NetKind kind)
{
    switch (kind) {
    case NetKind::Ipv4:
        return "ipv4";
    case NetKind::Ipv6:
        return "ipv6";
    case NetKind::TorV3:
        return "onion";
    case NetKind::I2p:
        return "i2p";
    case NetKind::Cjdns:
        return "cjdns";
    }
    return "";
}

size_t AddressBytes(NetKind kind)
{
    switch (kind) {
    case NetKind::Ipv4:
        return IPV4_BYTES;
    case NetKind::Ipv6:
    case NetKind::Cjdns:
        return IPV6_BYTES;
    case NetKind::TorV3:
    case NetKind::I2p:
        return KEY_BYTES;
    }
    return 0;
}

std::optional<NetKind> NetKindOf(uint8_t id)
{
    for (const NetKind kind : ALL_NET_KINDS) {
        if (static_cast<uint8_t>(kind) == id) return kind;
    }
    return std::nullopt;
}

std::optional<NetAddress> NetAddress::From(NetKind kind, base::ByteSpan bytes)
{
    if (bytes.size() != AddressBytes(kind)) return std::nullopt;
    NetAddress out;
    out.m_kind = kind;
    std::copy(bytes.begin(), bytes.end(), out.m_bytes.begin());
    if (kind == NetKind::Cjdns && bytes[0] != CJDNS_FIRST_BYTE) return std::nullopt;
    if (kind == NetKind::Ipv6) {
        base::IpBytes ip{};
        std::copy(bytes.begin(), bytes.end(), ip.begin());
        if (base::IsMappedV4(ip)) return std::nullopt;
        if (std::equal(ONIONCAT.begin(), ONIONCAT.end(), bytes.begin())) return std::nullopt;
    }
    return out;
}

NetAddress NetAddress::FromIp(const base::IpBytes& ip)
{
    NetAddress out;
    if (base::IsMappedV4(ip)) {
        out.m_kind = NetKind::Ipv4;
        std::copy(ip.begin() + V4_OFFSET, ip.end(), out.m_bytes.begin());
    } else {
        std::copy(ip.begin(), ip.end(), out.m_bytes.begin());
    }
    return out;
}

std::optional<NetAddress> NetAddress::Parse(std::string_view text)
{
    if (text.ends_with(ONION_SUFFIX)) return ParseOnion(text.substr(0, text.size() - ONION_SUFFIX.size()));
    if (text.ends_with(I2P_SUFFIX)) {
        const auto raw = codec::Base32Decode(text.substr(0, text.size() - I2P_SUFFIX.size()));
        return raw ? From(NetKind::I2p, *raw) : std::nullopt;
    }
    const auto ip = base::ParseIp(std::string(text));
    if (!ip) return std::nullopt;
    if ((*ip)[0] == CJDNS_FIRST_BYTE) return From(NetKind::Cjdns, *ip);
    return FromIp(*ip);
}

base::ByteSpan NetAddress::Bytes() const
{
    return base::ByteSpan(m_bytes).first(AddressBytes(m_kind));
}

std::string NetAddress::ToText() const
{
    if (m_kind == NetKind::TorV3) return OnionText(Bytes());
    if (m_kind == NetKind::I2p) return codec::Base32Encode(Bytes()).append(I2P_SUFFIX);
    base::IpBytes ip{};
    if (m_kind == NetKind::Ipv4) {
        ip = *Ip();
    } else {
        std::copy_n(m_bytes.begin(), ip.size(), ip.begin());
    }
    return base::IpText(ip);
}

std::optional<base::IpBytes> NetAddress::Ip() const
{
    base::IpBytes ip{};
    if (m_kind == NetKind::Ipv4) {
        ip[10] = ip[11] = 0xff;
        std::copy_n(m_bytes.begin(), IPV4_BYTES, ip.begin() + V4_OFFSET);
        return ip;
    }
    if (m_kind != NetKind::Ipv6) return std::nullopt;
    std::copy_n(m_bytes.begin(), ip.size(), ip.begin());
    return ip;
}

std::optional<std::array<uint8_t, 4>> NetAddress::LinkedIpv4() const
{
    const base::ByteSpan in = Bytes();
    if (m_kind == NetKind::Ipv4) return FourFrom(in);
    if (m_kind != NetKind::Ipv6) return std::nullopt;
    if (InRange(in, NAT64) || InRange(in, TRANSLATED)) return FourFrom(in.subspan(V4_OFFSET));
    if (InRange(in, SIX_TO_FOUR)) return FourFrom(in.subspan(2));
    if (InRange(in, TEREDO)) return FourFrom(in.subspan(V4_OFFSET), 0xff);
    return std::nullopt;
}

bool NetAddress::IsRoutable() const
{
    if (m_kind == NetKind::Ipv4) return !InAny(Bytes(), IPV4_NOT_ROUTED);
    if (m_kind == NetKind::Ipv6) return !InAny(Bytes(), IPV6_NOT_ROUTED);
    return true;
}

bool NetAddress::IsLocal() const
{
    if (m_kind == NetKind::Ipv4) return m_bytes[0] == 127 || m_bytes[0] == 0;
    return m_kind == NetKind::Ipv6 && InRange(Bytes(), IPV6_NOT_ROUTED[1]);
}

std::string Endpoint::ToText() const
{
    const bool colons = address.Kind() == NetKind::Ipv6 || address.Kind() == NetKind::Cjdns;
    const std::string host = colons ? "[" + address.ToText() + "]" : address.ToText();
    return host + ":" + std::to_string(port);
}

base::Bytes Endpoint::Key() const
{
    base::Bytes out;
    codec::Writer writer(out);
    writer.U8(static_cast<uint8_t>(address.Kind()));
    writer.Raw(address.Bytes());
    writer.U16Big(port);
    return out;
}

std::optional<Endpoint> ParseEndpoint(std::string_view text, uint16_t default_port)
{
    std::string_view host = text;
    std::string_view port_text;
    bool has_port = false;
    if (text.starts_with('[')) {
        const size_t end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        host = text.substr(1, end - 1);
        if (host.find(':') == std::string_view::npos) return std::nullopt;
        port_text = text.substr(end + 1);
        has_port = !port_text.empty();
        if (has_port && port_text[0] != ':') return std::nullopt;
        if (has_port) port_text.remove_prefix(1);
    } else if (const size_t colon = text.find(':');
               colon != std::string_view::npos && text.rfind(':') == colon) {
        host = text.substr(0, colon);
        port_text = text.substr(colon + 1);
        has_port = true;
    }
    Endpoint out{.address = {}, .port = default_port};
    if (has_port) {
        const auto [end, error] =
            std::from_chars(port_text.data(), port_text.data() + port_text.size(), out.port);
        if (error != std::errc{} || end != port_text.data() + port_text.size()) return std::nullopt;
    }
    const auto address = NetAddress::Parse(host);
    if (!address) return std::nullopt;
    out.address = *address;
    return out;
}

} // namespace emc::p2p
