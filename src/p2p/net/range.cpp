#include "p2p/net/range.h"

#include <algorithm>

namespace emc::p2p {
namespace {

/// The address as 16 bytes, CJDNS included; nullopt for Tor and I2P.
std::optional<base::IpBytes> SixteenBytes(const NetAddress& address)
{
    if (address.Kind() != NetKind::Cjdns) return address.Ip();
    base::IpBytes ip{};
    std::copy(address.Bytes().begin(), address.Bytes().end(), ip.begin());
    return ip;
}

} // namespace

std::optional<NetRange> NetRange::Parse(std::string_view text)
{
    NetRange out;
    out.m_subnet = base::Subnet::Parse(text);
    if (out.m_subnet) return out;
    const auto address = NetAddress::Parse(text);
    if (!address) return std::nullopt;
    return Of(*address);
}

NetRange NetRange::Of(const NetAddress& address)
{
    NetRange out;
    if (const auto ip = SixteenBytes(address)) {
        out.m_subnet = base::Subnet::Parse(base::IpText(*ip));
    } else {
        out.m_single = address;
    }
    return out;
}

bool NetRange::Contains(const NetAddress& address) const
{
    const auto ip = SixteenBytes(address);
    if (m_subnet) return ip && m_subnet->Contains(*ip);
    return m_single == address;
}

std::string NetRange::ToText() const
{
    return m_subnet ? m_subnet->Text() : m_single.ToText();
}

} // namespace emc::p2p
