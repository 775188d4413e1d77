#include "base/subnet.h"

#include <arpa/inet.h>
#include <charconv>

namespace emc::base {

namespace {

constexpr size_t V4_OFFSET = 12;

std::optional<IpBytes> MaskOfBits(unsigned bits)
{
    if (bits > 128) return std::nullopt;
    IpBytes out{};
    for (unsigned i = 0; i < bits; ++i)
        out[i / 8] = static_cast<uint8_t>(out[i / 8] | (0x80u >> (i % 8)));
    return out;
}

bool IsContiguous(const IpBytes& mask)
{
    bool ended = false;
    for (unsigned i = 0; i < 128; ++i) {
        const bool set = (mask[i / 8] & (0x80u >> (i % 8))) != 0;
        if (set && ended) return false;
        ended = ended || !set;
    }
    return true;
}

} // namespace

bool IsMappedV4(const IpBytes& ip)
{
    for (size_t i = 0; i < 10; ++i) {
        if (ip[i] != 0) return false;
    }
    return ip[10] == 0xff && ip[11] == 0xff;
}

std::optional<IpBytes> ParseIp(const std::string& text)
{
    IpBytes out{};
    in_addr v4{};
    if (inet_pton(AF_INET, text.c_str(), &v4) == 1) {
        out[10] = 0xff;
        out[11] = 0xff;
        const auto* raw = reinterpret_cast<const uint8_t*>(&v4);
        std::copy(raw, raw + 4, out.begin() + V4_OFFSET);
        return out;
    }
    if (inet_pton(AF_INET6, text.c_str(), out.data()) == 1) return out;
    return std::nullopt;
}

std::string IpText(const IpBytes& ip)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool v4 = IsMappedV4(ip);
    inet_ntop(v4 ? AF_INET : AF_INET6, ip.data() + (v4 ? V4_OFFSET : 0), text.data(), text.size());
    return text.data();
}

std::optional<Subnet> Subnet::Parse(std::string_view text)
{
    const auto slash = text.find('/');
    const auto ip = ParseIp(std::string(text.substr(0, slash)));
    if (!ip) return std::nullopt;
    Subnet out;
    out.m_base = *ip;
    const bool v4 = IsMappedV4(*ip);
    std::optional<IpBytes> mask = MaskOfBits(128);
    if (slash != std::string_view::npos) {
        const std::string suffix(text.substr(slash + 1));
        unsigned bits = 0;
        const auto [end, error] = std::from_chars(suffix.data(), suffix.data() + suffix.size(), bits);
        if (error == std::errc{} && end == suffix.data() + suffix.size()) {
            mask = bits <= (v4 ? 32u : 128u) ? MaskOfBits(bits + (v4 ? 96u : 0u)) : std::nullopt;
        } else {
            mask = ParseIp(suffix);
            if (mask && v4) std::fill(mask->begin(), mask->begin() + V4_OFFSET, static_cast<uint8_t>(0xff));
            if (mask && !IsContiguous(*mask)) mask.reset();
        }
    }
    if (!mask) return std::nullopt;
    out.m_mask = *mask;
    for (size_t i = 0; i < out.m_base.size(); ++i)
        out.m_base[i] = static_cast<uint8_t>(out.m_base[i] & out.m_mask[i]);
    return out;
}

std::string Subnet::Text() const
{
    unsigned bits = 0;
    for (const uint8_t byte : m_mask)
        bits += static_cast<unsigned>(__builtin_popcount(byte));
    const bool v4 = IsMappedV4(m_base) && bits >= V4_OFFSET * 8;
    return IpText(m_base) + "/" + std::to_string(v4 ? bits - V4_OFFSET * 8 : bits);
}

bool Subnet::Contains(const IpBytes& ip) const
{
    for (size_t i = 0; i < ip.size(); ++i) {
        if ((ip[i] & m_mask[i]) != m_base[i]) return false;
    }
    return true;
}

} // namespace emc::base
