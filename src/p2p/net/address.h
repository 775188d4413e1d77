/// Addresses of nodes in every network of BIP 155.
#pragma once

#include "base/bytes.h"
#include "base/subnet.h"

namespace emc::p2p {

/// The networks, with the numbers `addrv2` gives them.
enum class NetKind : uint8_t {
    Ipv4 = 1,
    Ipv6 = 2,
    TorV3 = 4,
    I2p = 5,
    Cjdns = 6,
};

inline constexpr std::array<NetKind, 5> ALL_NET_KINDS = {NetKind::Ipv4, NetKind::Ipv6, NetKind::TorV3,
                                                         NetKind::I2p, NetKind::Cjdns};

/// "ipv4", "ipv6", "onion", "i2p", "cjdns".
[[nodiscard]] std::string_view Text(NetKind kind);
/// Bytes of an address: 4, 16, 32, 32, 16. Source: BIP 155.
[[nodiscard]] size_t AddressBytes(NetKind kind);
/// The network with this number in `addrv2`; nullopt for one nobody here knows (Tor's second version
/// included).
[[nodiscard]] std::optional<NetKind> NetKindOf(uint8_t id);

/// One node's address, without the port. Value type.
class NetAddress
{
public:
    /// The unspecified address "::".
    NetAddress() = default;
    /// nullopt for a wrong length, a CJDNS address outside fc00::/8, and for IPv4 or Tor's second version
    /// dressed up as IPv6. Source: BIP 155.
    [[nodiscard]] static std::optional<NetAddress> From(NetKind kind, base::ByteSpan bytes);
    /// IPv4 when it is ::ffff:a.b.c.d, else IPv6.
    [[nodiscard]] static NetAddress FromIp(const base::IpBytes& ip);
    /// "1.2.3.4", "2001:db8::1", "<56 characters>.onion", "<52 characters>.b32.i2p"; fc00::/8 is CJDNS.
    [[nodiscard]] static std::optional<NetAddress> Parse(std::string_view text);

    [[nodiscard]] NetKind Kind() const { return m_kind; }

    [[nodiscard]] base::ByteSpan Bytes() const;
    /// As Parse takes it.
    [[nodiscard]] std::string ToText() const;
    /// The 16 bytes of the old `addr` message; nullopt for Tor, I2P and CJDNS, which do not fit there.
    [[nodiscard]] std::optional<base::IpBytes> Ip() const;
    /// The IPv4 address this one is or carries (6to4, Teredo, NAT64, RFC 6145).
    [[nodiscard]] std::optional<std::array<uint8_t, 4>> LinkedIpv4() const;
    /// Worth telling others: no private, local, documentation or otherwise reserved range.
    [[nodiscard]] bool IsRoutable() const;
    /// Loopback of this computer, 127.0.0.0/8, 0.0.0.0/8 or ::1.
    [[nodiscard]] bool IsLocal() const;

    auto operator<=>(const NetAddress&) const = default;
    bool operator==(const NetAddress&) const = default;

private:
    NetKind m_kind = NetKind::Ipv6;
    std::array<uint8_t, 32> m_bytes{}; ///< the rest is zero
};

/// An address and a port: where a node listens.
struct Endpoint {
    NetAddress address;
    uint16_t port = 0;

    auto operator<=>(const Endpoint&) const = default;
    bool operator==(const Endpoint&) const = default;

    /// "1.2.3.4:6661", "[2001:db8::1]:6661".
    [[nodiscard]] std::string ToText() const;
    /// Kind, address and port as bytes, for keyed hashes.
    [[nodiscard]] base::Bytes Key() const;
};

/// The forms of Endpoint::ToText and a bare address, which gets `default_port`; nullopt for anything else and
/// for host names.
[[nodiscard]] std::optional<Endpoint> ParseEndpoint(std::string_view text, uint16_t default_port);

} // namespace emc::p2p
