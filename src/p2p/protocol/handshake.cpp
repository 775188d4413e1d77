#include "p2p/protocol/handshake.h"

#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"

namespace emc::p2p {

void Handshake::OnOpened(Peer& peer)
{
    peer.nonce = m_desk.deps.random.Next64();
    if (!peer.Inbound()) SendVersion(peer);
}

void Handshake::SendVersion(Peer& peer)
{
    Version out;
    out.services = m_desk.OfferedTo(peer);
    // Behind a snapshot, old blocks are not there yet.
    if (!m_desk.deps.chain.MissingHistory(1).empty())
        out.services &= ~static_cast<Services>(Service::Network);
    out.time_sec = m_desk.deps.clock.NowSec();
    if (!peer.link.remote.address.Bytes().empty()) out.receiver.endpoint = peer.link.remote;
    out.sender.services = out.services;
    out.nonce = peer.nonce;
    out.user_agent = m_desk.options.user_agent;
    out.height = m_desk.deps.chain.GetTip().height;
    out.relay = m_desk.RelaysWith(peer);
    m_desk.Send(peer, out);
}

bool Handshake::IsOurself(const Version& message) const
{
    for (const auto& [_, other] : m_desk.Peers()) {
        if (!other.Inbound() && other.nonce == message.nonce) return true;
    }
    return false;
}

void Handshake::On(Peer& peer, const Version& message)
{
    if (peer.version) return m_desk.Punish(peer, "a second version message");
    if (message.version < MIN_PROTOCOL_VERSION) {
        return m_desk.Drop(peer, "speaks protocol version " + std::to_string(message.version) +
                                     ", too old; we need " + std::to_string(MIN_PROTOCOL_VERSION));
    }
    if (peer.Inbound() && IsOurself(message)) return m_desk.Drop(peer, "connected to ourselves");
    const auto needed = static_cast<Services>(Service::Witness);
    const bool chosen_by_us =
        peer.link.kind == LinkKind::OutboundFull || peer.link.kind == LinkKind::OutboundBlocks;
    if (chosen_by_us && (message.services & needed) != needed)
        return m_desk.Drop(peer, "does not offer blocks with witness");
    peer.version = message;
    peer.time_offset_sec = message.time_sec - m_desk.deps.clock.NowSec();
    peer.relays_transactions = message.relay && m_desk.RelaysWith(peer);
    if (peer.Inbound()) SendVersion(peer);
    m_desk.Send(peer, WtxidRelay{});
    m_desk.Send(peer, SendAddrV2{});
    m_desk.Send(peer, Verack{});
}

bool Handshake::On(Peer& peer, const Verack&)
{
    if (peer.ready) return false;
    if (!peer.version) {
        m_desk.Punish(peer, "verack before version");
        return false;
    }
    peer.ready = true;
    EMC_LOG(m_desk.deps.log, Info, Net, "peer %llu %s: %s, version %d, height %d, %s",
            static_cast<unsigned long long>(peer.Id()), peer.link.name.c_str(),
            std::string(Text(peer.link.kind)).c_str(), peer.version->version, peer.version->height,
            peer.version->user_agent.c_str());
    if (peer.link.kind == LinkKind::Feeler) {
        m_desk.Drop(peer, "it answers, that was the question");
        return false;
    }
    m_desk.Send(peer, SendHeaders{});
    m_desk.Send(peer, SendCompact{});
    return true;
}

void Handshake::On(Peer& peer, const SendAddrV2&)
{
    if (peer.ready) return m_desk.Punish(peer, "sendaddrv2 after verack");
    peer.wants_addrv2 = true;
}

void Handshake::On(Peer& peer, const WtxidRelay&)
{
    if (peer.ready) return m_desk.Punish(peer, "wtxidrelay after verack");
    peer.uses_wtxid = true;
}

void Handshake::OnTick(int64_t now_ms)
{
    for (auto& [_, peer] : m_desk.Peers()) {
        if (peer.ready || peer.closing) continue;
        if (now_ms - peer.opened_ms > m_desk.options.handshake_timeout_sec * 1'000)
            m_desk.Drop(peer, "did not finish the handshake in time");
    }
}

} // namespace emc::p2p
