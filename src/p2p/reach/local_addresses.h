/// Where others can reach this node, as far as it knows, and which of it a peer is told.
#pragma once

#include "base/mutex.h"
#include "p2p/net/address.h"

namespace emc::p2p {

/// How an own address is known; the number is the score getnetworkinfo shows.
enum class OwnSource : uint8_t {
    Interface = 1, ///< an interface of this computer has it (-discover)
    Bound = 2,     ///< the operator listens there (-bind)
    Mapped = 3,    ///< a router's (-upnp, -natpmp)
    Manual = 4,    ///< the operator says so (-externalip), or Tor made it
};

/// Most that are kept; a computer with more addresses tells of the first.
inline constexpr size_t MAX_OWN_ADDRESSES = 32;

/// Any thread.
class LocalAddresses
{
public:
    struct Entry {
        Endpoint endpoint;
        OwnSource source = OwnSource::Interface;
    };

    /// False when strangers could not reach it there, or there is no room. Known ones keep their best source.
    bool Add(const Endpoint& endpoint, OwnSource source);
    void Remove(const Endpoint& endpoint);
    /// In the order in which they came.
    [[nodiscard]] std::vector<Entry> List() const;
    /// What a peer reached over `network` is told. Nobody is told an onion address and an address outside
    /// Tor: together they would say who runs the service.
    [[nodiscard]] std::vector<Endpoint> ToldTo(NetKind network) const;

private:
    mutable base::Mutex<base::LockRank::Peers> m_mutex;
    std::vector<Entry> m_entries EMC_GUARDED_BY(m_mutex);
};

} // namespace emc::p2p
