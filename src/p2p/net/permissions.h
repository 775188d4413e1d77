/// What the operator allows chosen peers beyond what every peer may do (-whitelist, -whitebind).
#pragma once

#include "base/expected.h"
#include "p2p/net/range.h"

namespace emc::p2p {

enum class Permission : uint8_t {
    BloomFilter = 1 << 0, ///< may set a bloom filter although the node offers none; "bloom" for short
    Relay = 1 << 1,       ///< its transactions are relayed also by a node that relays blocks only
    ForceRelay = 1 << 2,  ///< its transactions are relayed even when they are known already; includes Relay
    Download = 1 << 3,    ///< gets old blocks beyond the upload target
    NoBan = 1 << 4,       ///< never disconnected for misbehaving nor evicted; includes Download
    Mempool = 1 << 5,     ///< may ask for the whole mempool
    Addr = 1 << 6,        ///< its addresses and its questions for addresses are not limited
};

/// A set of permissions. Value type.
class Permissions
{
public:
    constexpr Permissions() = default;

    constexpr Permissions(Permission one) : m_bits(static_cast<uint8_t>(one)) {}

    [[nodiscard]] constexpr bool Has(Permission one) const
    {
        return (m_bits & static_cast<uint8_t>(one)) != 0;
    }

    [[nodiscard]] constexpr bool IsEmpty() const { return m_bits == 0; }

    constexpr Permissions& operator|=(Permissions other)
    {
        m_bits = static_cast<uint8_t>(m_bits | other.m_bits);
        return *this;
    }

    bool operator==(const Permissions&) const = default;

    /// The names in a fixed order, as `getpeerinfo` lists them.
    [[nodiscard]] std::vector<std::string> Names() const;

private:
    uint8_t m_bits = 0;
};

[[nodiscard]] constexpr Permissions operator|(Permissions a, Permissions b)
{
    return a |= b;
}

/// What an entry without names gives.
inline constexpr Permissions DEFAULT_PERMISSIONS =
    Permissions(Permission::NoBan) | Permission::Relay | Permission::Mempool | Permission::Download;

/// One -whitelist entry: "[names@]range", names from the list above in lower case, "all", and "in", "out" for
/// the direction of the connection (neither: incoming alone).
struct RangePermissions {
    Permissions permissions;
    bool incoming = true;
    bool outgoing = false;
    NetRange range = NetRange::Of({});
};

/// One -whitebind entry: "[names@]address:port". Connections that arrive there have the permissions.
struct BindPermissions {
    Permissions permissions;
    Endpoint where;
};

enum class Direction : uint8_t { Incoming, Outgoing };

/// What the entries together allow a connection from or to an address.
[[nodiscard]] Permissions Granted(const std::vector<RangePermissions>& whitelist, Direction direction,
                                  const NetAddress& address);

/// The error says which part is wrong and what would be right.
[[nodiscard]] base::Expected<RangePermissions, std::string> ParseWhitelist(std::string_view text);
[[nodiscard]] base::Expected<BindPermissions, std::string> ParseWhitebind(std::string_view text,
                                                                          uint16_t default_port);

} // namespace emc::p2p
