#include "p2p/protocol/desk.h"

#include "base/clock.h"
#include "base/log.h"
#include "p2p/peers/ban_list.h"
#include "p2p/socket/network.h"

namespace emc::p2p {

Desk::Desk(const ProtocolOptions& chosen, const ProtocolDeps& rooms, Network& network)
    : options(chosen), deps(rooms), m_network(network), m_salt(rooms.random.Next64()),
      m_mock_sec(rooms.clock.MockTime())
{}

int64_t Desk::NowUs()
{
    const int64_t mock = deps.clock.MockTime();
    if (mock != 0 && m_mock_sec != 0 && mock > m_mock_sec) m_jumped_us += (mock - m_mock_sec) * 1'000'000;
    m_mock_sec = mock;
    return base::SteadyMicros() + m_jumped_us;
}

void Desk::Send(Peer& peer, const Message& message)
{
    if (!peer.closing) Send(peer, CommandOf(message), SerializePayload(message));
}

void Desk::Send(Peer& peer, std::string_view command, base::Bytes payload)
{
    if (peer.closing) return;
    peer.sent[std::string(command)] += payload.size() + V1_HEADER_BYTES;
    m_network.Send(peer.Id(), command, std::move(payload));
}

void Desk::Drop(Peer& peer, std::string_view reason)
{
    if (peer.closing) return;
    peer.closing = true;
    m_network.Close(peer.Id(), reason);
}

void Desk::Punish(Peer& peer, std::string_view what)
{
    if (peer.closing) return;
    const bool spared = peer.May(Permission::NoBan) || peer.link.kind == LinkKind::Manual;
    EMC_LOG(deps.log, Info, Net, "peer %llu (%s) misbehaves: %.*s%s",
            static_cast<unsigned long long>(peer.Id()), peer.link.name.c_str(), static_cast<int>(what.size()),
            what.data(), spared ? "; the operator protects it" : "");
    if (spared) return;
    if (!peer.link.remote.address.IsLocal()) deps.bans.Discourage(peer.link.remote.address);
    Drop(peer, what);
}

Services Desk::OfferedTo(const Peer& peer) const
{
    const bool bloom = peer.May(Permission::BloomFilter);
    return options.services | (bloom ? static_cast<Services>(Service::Bloom) : 0);
}

bool Desk::RelaysWith(const Peer& peer) const
{
    if (peer.link.kind == LinkKind::OutboundBlocks || peer.link.kind == LinkKind::Feeler) return false;
    return options.relay_transactions || peer.May(Permission::Relay);
}

bool Desk::Busy(const Peer& peer) const
{
    return m_network.SendPaused(peer.Id());
}

Peer* Desk::Find(PeerId id)
{
    const auto it = m_peers.find(id);
    return it == m_peers.end() || it->second.closing ? nullptr : &it->second;
}

} // namespace emc::p2p
