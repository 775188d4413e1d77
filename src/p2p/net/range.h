/// Ranges of addresses, as ban lists and permissions name them.
#pragma once

#include "p2p/net/address.h"

namespace emc::p2p {

/// A network of IPv4, IPv6 or CJDNS, or a single address of any kind. Value type.
class NetRange
{
public:
    /// "10.0.0.0/8", "2001:db8::/32", "1.2.3.4", "….onion", "….b32.i2p". nullopt for anything else.
    [[nodiscard]] static std::optional<NetRange> Parse(std::string_view text);
    /// The range of one address.
    [[nodiscard]] static NetRange Of(const NetAddress& address);

    [[nodiscard]] bool Contains(const NetAddress& address) const;
    /// As Parse takes it; a single IP address with its full length ("1.2.3.4/32").
    [[nodiscard]] std::string ToText() const;

    bool operator==(const NetRange&) const = default;

private:
    NetRange() = default;

    std::optional<base::Subnet> m_subnet; ///< of IP addresses and CJDNS
    NetAddress m_single;                  ///< otherwise
};

} // namespace emc::p2p
