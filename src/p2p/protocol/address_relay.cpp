#include "p2p/protocol/address_relay.h"

#include "base/clock.h"
#include "chain/chain.h"
#include "crypto/hash.h"
#include "p2p/peers/address_manager.h"
#include "p2p/peers/ban_list.h"
#include "p2p/reach/local_addresses.h"

#include <algorithm>

namespace emc::p2p {

bool AddressRelay::Exchanges(const Peer& peer)
{
    return peer.link.kind != LinkKind::OutboundBlocks && peer.link.kind != LinkKind::Feeler;
}

void AddressRelay::OnReady(Peer& peer)
{
    if (!Exchanges(peer)) return;
    peer.addresses = std::make_unique<AddressLine>(m_desk.deps.random);
    peer.addresses->refilled_ms = m_desk.NowMs();
    if (peer.Inbound()) return;
    const int64_t now = m_desk.deps.clock.NowSec();
    m_addresses.SetServices(peer.link.remote, peer.Offered());
    (void)m_addresses.Good(peer.link.remote, now);
    if (peer.link.kind == LinkKind::Manual && !peer.link.remote.address.IsRoutable()) return;
    m_desk.Send(peer, GetAddr{});
    peer.addresses->tokens += MAX_ADDRESS_TOKENS; // for the answer
}

void AddressRelay::OnClosed(const Peer& peer)
{
    if (peer.ready && !peer.Inbound()) m_addresses.Connected(peer.link.remote, m_desk.deps.clock.NowSec());
}

void AddressRelay::On(Peer& peer, const GetAddr&)
{
    // Only who connects to us is told, and once: a table must not be read out piece by piece.
    if (!peer.Inbound() || !peer.addresses || peer.addresses->told) return;
    peer.addresses->told = true;
    const bool all = peer.May(Permission::Addr);
    Send(peer,
         m_addresses.Tell(MAX_TOLD, all ? 100 : TELL_PERCENT, std::nullopt, m_desk.deps.clock.NowSec()));
}

void AddressRelay::Send(Peer& peer, const std::vector<AddressEntry>& entries)
{
    if (entries.empty()) return;
    for (const auto& entry : entries)
        peer.addresses->known.Add(entry.endpoint.Key());
    if (peer.wants_addrv2) {
        m_desk.Send(peer, AddrV2{entries});
    } else {
        m_desk.Send(peer, Addr{entries});
    }
}

void AddressRelay::Take(Peer& peer, const std::vector<AddressEntry>& entries)
{
    if (!peer.addresses) return;
    auto& line = *peer.addresses;
    const int64_t now_ms = m_desk.NowMs();
    const double earned = static_cast<double>(now_ms - line.refilled_ms) / 1'000 * ADDRESSES_PER_SEC;
    line.refilled_ms = now_ms;
    if (line.tokens < MAX_ADDRESS_TOKENS) line.tokens = std::min(MAX_ADDRESS_TOKENS, line.tokens + earned);
    const int64_t now = m_desk.deps.clock.NowSec();
    std::vector<AddressEntry> taken;
    for (AddressEntry entry : entries) {
        if (line.tokens < 1 && !peer.May(Permission::Addr)) {
            ++line.rate_limited;
            continue;
        }
        line.tokens -= 1;
        ++line.processed;
        line.known.Add(entry.endpoint.Key());
        const bool odd_time = entry.time_sec < 100'000'000 || entry.time_sec > now + NEWS_AGE_SEC;
        if (odd_time) entry.time_sec = static_cast<uint32_t>(now - 5 * 86'400);
        if (m_desk.deps.bans.IsBanned(entry.endpoint.address, now)) continue;
        if (entries.size() <= MAX_NEWS && entry.time_sec > now - NEWS_AGE_SEC &&
            entry.endpoint.address.IsRoutable())
            PassOn(peer, entry);
        taken.push_back(entry);
    }
    (void)m_addresses.Add(taken, peer.link.remote.address, now, HEARSAY_SEC);
    if (peer.link.kind == LinkKind::AddressFetch && entries.size() > 1)
        m_desk.Drop(peer, "told its addresses");
}

/// To the same few peers for a day, so that repeating a piece of news does not spread it further.
void AddressRelay::PassOn(const Peer& from, const AddressEntry& entry)
{
    const auto day = static_cast<uint64_t>(m_desk.deps.clock.NowSec() / 86'400);
    std::vector<std::pair<uint64_t, Peer*>> order;
    m_desk.ForEachReady([&](Peer& peer) {
        if (!peer.addresses || peer.Id() == from.Id()) return;
        order.emplace_back(crypto::SipHash24(m_desk.Salt() ^ peer.Id(), day, entry.endpoint.Key()), &peer);
    });
    const size_t chosen = std::min(NEWS_PEERS, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(chosen), order.end());
    for (size_t i = 0; i < chosen; ++i) {
        auto& line = *order[i].second->addresses;
        if (!line.known.Contains(entry.endpoint.Key()) && line.waiting.size() < MAX_ADDRESSES)
            line.waiting.push_back(entry);
    }
}

void AddressRelay::TellOwn(Peer& peer, int64_t now_ms)
{
    auto& line = *peer.addresses;
    if (now_ms < line.own_ms || m_desk.deps.chain.GetTip().initial_download) return;
    line.own_ms = now_ms + RandomWaitMs(OWN_ADDRESS_MS, m_desk.deps.random);
    AddressEntry entry;
    entry.time_sec = static_cast<uint32_t>(m_desk.deps.clock.NowSec());
    entry.services = m_desk.options.services;
    for (const auto& own : m_own.ToldTo(peer.Network())) {
        entry.endpoint = own;
        line.waiting.push_back(entry);
    }
}

void AddressRelay::OnTick(int64_t now_ms)
{
    m_desk.ForEachReady([&](Peer& peer) {
        if (peer.addresses) TellOwn(peer, now_ms);
        if (!peer.addresses || now_ms < peer.addresses->next_ms) return;
        peer.addresses->next_ms = now_ms + RandomWaitMs(ADDRESS_TRICKLE_MS, m_desk.deps.random);
        Send(peer, std::exchange(peer.addresses->waiting, {}));
    });
}

} // namespace emc::p2p
