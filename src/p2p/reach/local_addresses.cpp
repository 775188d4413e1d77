#include "p2p/reach/local_addresses.h"

#include <algorithm>

namespace emc::p2p {

using Guard = base::LockGuard<base::Mutex<base::LockRank::Peers>>;

bool LocalAddresses::Add(const Endpoint& endpoint, OwnSource source)
{
    if (!endpoint.address.IsRoutable() || endpoint.port == 0) return false;
    const Guard lock(m_mutex);
    const auto known = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&](const Entry& entry) { return entry.endpoint == endpoint; });
    if (known != m_entries.end()) {
        known->source = std::max(known->source, source);
        return true;
    }
    if (m_entries.size() == MAX_OWN_ADDRESSES) return false;
    m_entries.push_back({endpoint, source});
    return true;
}

void LocalAddresses::Remove(const Endpoint& endpoint)
{
    const Guard lock(m_mutex);
    std::erase_if(m_entries, [&](const Entry& entry) { return entry.endpoint == endpoint; });
}

std::vector<LocalAddresses::Entry> LocalAddresses::List() const
{
    const Guard lock(m_mutex);
    return m_entries;
}

std::vector<Endpoint> LocalAddresses::ToldTo(NetKind network) const
{
    const bool to_onion = network == NetKind::TorV3;
    std::vector<Endpoint> onion, clear;
    for (const auto& entry : List())
        (entry.endpoint.address.Kind() == NetKind::TorV3 ? onion : clear).push_back(entry.endpoint);
    return to_onion || clear.empty() ? onion : clear;
}

} // namespace emc::p2p
