/// A map from addresses to the autonomous systems that route them, compiled into a small program.
#pragma once

#include "p2p/net/address.h"

namespace emc::p2p {

/// Largest map file, bytes. The whole Internet takes less than 2 MiB.
inline constexpr size_t MAX_ASMAP_BYTES = 8 * 1024 * 1024;

/// Reads the bit programs Bitcoin's nodes use: a trie over the 128 bits of an address, as instructions
/// return, jump, match, default. Immutable after Load; any thread.
class AsMap
{
public:
    /// nullopt unless every path through the program ends in a return, no jump leaves it or crosses another,
    /// and only zero bits, less than a byte, follow the end.
    [[nodiscard]] static std::optional<AsMap> Load(base::Bytes program);

    /// The number of the autonomous system; 0 when the map does not know, and for networks without routes.
    [[nodiscard]] uint32_t Find(const NetAddress& address) const;
    /// SHA-256 of the program, so that tables placed by one map are not read with another.
    [[nodiscard]] base::Hash256 Version() const;

private:
    explicit AsMap(base::Bytes program) : m_program(std::move(program)) {}

    [[nodiscard]] bool IsSane() const;

    base::Bytes m_program;
};

/// What counts as one network when connections and table places are spread: the autonomous system when a map
/// knows it, else /16 of IPv4 (also when embedded in IPv6), /32 of IPv6, and four bits of Tor, I2P and CJDNS.
/// Addresses that are not routable share one group per network. `map` may be nullptr.
[[nodiscard]] base::Bytes NetGroup(const NetAddress& address, const AsMap* map);

} // namespace emc::p2p
