#include "p2p/peers/first_peers.h"

namespace emc::p2p {

FirstPeers::Ask FirstPeers::Next(int64_t now_ms, size_t known, size_t connected)
{
    if (m_begin_ms < 0) m_begin_ms = now_ms;
    const int64_t waited_ms = now_ms - m_begin_ms;
    if (known == 0 && m_nodes_asked < m_options.seed_nodes) {
        ++m_nodes_asked;
        return Ask::SeedNode;
    }
    if (DnsIsDue(waited_ms, known, connected)) {
        m_dns_settled = true;
        return Ask::DnsSeeds;
    }
    if (!FixedIsDue(waited_ms, known)) return Ask::Nobody;
    m_fixed_taken = true;
    return Ask::FixedSeeds;
}

bool FirstPeers::DnsIsDue(int64_t waited_ms, size_t known, size_t connected)
{
    if (!m_options.dns || m_dns_settled) return false;
    if (m_options.force_dns || known == 0) return true;
    if (waited_ms < SEED_PATIENCE_MS) return false;
    m_dns_settled = connected >= ENOUGH_CONNECTIONS; // then they are never asked in this run
    return !m_dns_settled;
}

bool FirstPeers::FixedIsDue(int64_t waited_ms, size_t known) const
{
    if (!m_options.fixed || m_fixed_taken || known != 0) return false;
    const bool others =
        m_options.seed_nodes + m_options.named_nodes > 0 || (m_options.dns && m_options.dns_hosts > 0);
    return !others || waited_ms >= FIXED_SEED_PATIENCE_MS;
}

} // namespace emc::p2p
