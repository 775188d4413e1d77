#include "p2p/protocol/connector.h"

#include "base/clock.h"
#include "base/log.h"
#include "p2p/net/asmap.h"
#include "p2p/peers/address_manager.h"
#include "p2p/peers/ban_list.h"
#include "p2p/socket/caller.h"

#include <algorithm>
#include <set>

namespace emc::p2p {

/// Outgoing connections, with those that are on their way.
struct Connector::Lines {
    size_t full = 0;
    size_t block_relays = 0;
    size_t connected = 0;         ///< of the full ones, those that have shaken hands
    std::set<base::Bytes> groups; ///< one connection for each network
    std::vector<Endpoint> called;

    [[nodiscard]] bool Has(const Endpoint& endpoint) const
    {
        return std::find(called.begin(), called.end(), endpoint) != called.end();
    }
};

Connector::Connector(Desk& desk, Caller& network, AddressManager& addresses, Options options)
    : m_desk(desk), m_network(network), m_addresses(addresses), m_options(std::move(options)),
      m_first(m_options.first)
{}

std::vector<Endpoint> Connector::Anchors() const
{
    std::vector<Endpoint> out;
    for (const auto& [_, peer] : m_desk.Peers()) {
        if (peer.ready && peer.link.kind == LinkKind::OutboundBlocks && out.size() < MAX_ANCHORS)
            out.push_back(peer.link.remote);
    }
    return out;
}

void Connector::OnOpening(const OpenRequest& request)
{
    const bool own = request.kind == LinkKind::OutboundFull || request.kind == LinkKind::OutboundBlocks ||
                     request.kind == LinkKind::Feeler;
    if (own && request.endpoint) m_calling.push_back({request.kind, *request.endpoint});
}

void Connector::OnEnded(LinkKind kind, const std::optional<Endpoint>& where)
{
    const auto it = std::find_if(m_calling.begin(), m_calling.end(), [&](const Attempt& attempt) {
        return attempt.kind == kind && attempt.where == where;
    });
    if (it != m_calling.end()) m_calling.erase(it);
}

Connector::Lines Connector::Count() const
{
    Lines out;
    const auto note = [&](LinkKind kind, const Endpoint& where) {
        out.full += kind == LinkKind::OutboundFull ? 1 : 0;
        out.block_relays += kind == LinkKind::OutboundBlocks ? 1 : 0;
        out.groups.insert(NetGroup(where.address, m_options.map));
        out.called.push_back(where);
    };
    for (const Attempt& attempt : m_calling)
        note(attempt.kind, attempt.where);
    for (const auto& [_, peer] : m_desk.Peers()) {
        if (peer.closing || peer.Inbound()) continue;
        note(peer.link.kind, peer.link.remote);
        out.connected += peer.ready && peer.link.kind == LinkKind::OutboundFull ? 1 : 0;
    }
    return out;
}

bool Connector::MayCall(const Endpoint& endpoint, Services services) const
{
    const auto& address = endpoint.address;
    if (!m_options.only.empty() &&
        std::find(m_options.only.begin(), m_options.only.end(), address.Kind()) == m_options.only.end())
        return false;
    if (!m_network.Reaches(address.Kind())) return false;
    if (services != 0 && !Offers(services, Service::Witness)) return false;
    const int64_t now = m_desk.deps.clock.NowSec();
    return !m_desk.deps.bans.IsBanned(address, now) && !m_desk.deps.bans.IsDiscouraged(address);
}

void Connector::Call(LinkKind kind, const Endpoint& endpoint, Services services)
{
    OpenRequest request;
    request.kind = kind;
    request.endpoint = endpoint;
    request.try_v2 = m_options.try_v2 && (services == 0 || Offers(services, Service::P2pV2));
    OnOpening(request);
    m_addresses.Attempt(endpoint, AddressManager::Counts::Yes, m_desk.deps.clock.NowSec());
    m_network.Open(request);
}

bool Connector::CallAnyone(LinkKind kind, const Lines& lines)
{
    const int64_t now = m_desk.deps.clock.NowSec();
    const size_t draws = std::min(MAX_DRAWS, DRAWS_PER_ADDRESS * m_addresses.Size());
    for (size_t draw = 0; draw < draws; ++draw) {
        const auto choice = m_addresses.Select(AddressManager::Table::Any, std::nullopt, now);
        if (!choice) return false;
        if (now - choice->last_try_sec < RECALL_SEC && draw < draws / 2) continue;
        if (lines.groups.contains(NetGroup(choice->endpoint.address, m_options.map))) continue;
        if (!MayCall(choice->endpoint, choice->services)) continue;
        Call(kind, choice->endpoint, choice->services);
        return true;
    }
    return false;
}

/// Tests whether an address of the table answers: one that is to give way first, else a new one.
void Connector::Feel(const Lines& lines)
{
    const int64_t now = m_desk.deps.clock.NowSec();
    m_addresses.ResolveCollisions(now);
    auto choice = m_addresses.NextTest();
    if (!choice) choice = m_addresses.Select(AddressManager::Table::New, std::nullopt, now);
    if (choice && !lines.Has(choice->endpoint) && MayCall(choice->endpoint, choice->services))
        Call(LinkKind::Feeler, choice->endpoint, choice->services);
}

void Connector::AskFirst(FirstPeers::Ask source)
{
    switch (source) {
    case FirstPeers::Ask::Nobody:
        return;
    case FirstPeers::Ask::SeedNode:
        return AskSeedNode(m_options.seeds[m_seeds_asked++]);
    case FirstPeers::Ask::DnsSeeds:
        return AskDnsSeeds();
    case FirstPeers::Ask::FixedSeeds:
        if (m_options.fixed_seeds.empty())
            EMC_LOG(m_desk.deps.log, Info, Net, "no addresses are known, and the network has no fixed seeds");
        else
            EMC_LOG(m_desk.deps.log, Info, Net, "%zu fixed seeds are new", Learn(m_options.fixed_seeds));
        return;
    }
}

/// A connection that ends when the node has told its addresses.
void Connector::AskSeedNode(const std::string& node)
{
    auto request = RequestFor(node, m_options.default_port);
    if (!request) return;
    request->kind = LinkKind::AddressFetch;
    request->try_v2 = m_options.try_v2;
    m_network.Open(*request);
}

/// A proxy is to see what the name server would: behind one, the host's node is asked instead of its name.
void Connector::AskDnsSeeds()
{
    if (m_options.dns_seeds.empty()) EMC_LOG(m_desk.deps.log, Info, Net, "the network has no DNS seeds");
    const bool by_proxy = m_network.BehindProxy();
    for (const auto& host : m_options.dns_seeds) {
        EMC_LOG(m_desk.deps.log, Info, Net, "asking the DNS seed %s", host.c_str());
        if (by_proxy)
            AskSeedNode(host);
        else
            m_network.Resolve(host, m_options.default_port);
    }
}

void Connector::OnResolved(const std::string& host, const std::vector<Endpoint>& found)
{
    const std::vector<Endpoint> taken(
        found.begin(), found.begin() + static_cast<ptrdiff_t>(std::min(found.size(), MAX_SEED_ANSWERS)));
    EMC_LOG(m_desk.deps.log, Info, Net, "%zu addresses of the DNS seed %s are new", Learn(taken),
            host.c_str());
}

size_t Connector::Learn(const std::vector<Endpoint>& nodes)
{
    constexpr int64_t DAY_SEC = 86'400;
    const int64_t now = m_desk.deps.clock.NowSec();
    std::vector<AddressEntry> entries;
    for (const auto& node : nodes) {
        const auto age = 3 * DAY_SEC + static_cast<int64_t>(m_desk.deps.random.Below(4 * DAY_SEC));
        AddressEntry entry;
        entry.time_sec = static_cast<uint32_t>(now - age);
        entry.services = static_cast<Services>(Service::Network) | static_cast<Services>(Service::Witness);
        entry.endpoint = node;
        entries.push_back(entry);
    }
    return m_addresses.Add(entries, NetAddress(), now);
}

void Connector::OnTick(int64_t now_ms)
{
    if (!m_options.automatic || !m_network.Active() || now_ms < m_next_call_ms) return;
    m_next_call_ms = now_ms + CALL_INTERVAL_MS;
    const Lines lines = Count();
    const bool needs_blocks = lines.block_relays < m_options.outbound_blocks;
    if (needs_blocks && !m_anchors.empty()) {
        const Endpoint anchor = m_anchors.back();
        m_anchors.pop_back();
        return Call(LinkKind::OutboundBlocks, anchor, 0);
    }
    AskFirst(m_first.Next(now_ms, m_addresses.Size(), lines.connected));
    // Whoever can be called can be either: one search is enough.
    const bool needs_full = lines.full < m_options.outbound_full;
    const auto wanted = needs_full ? LinkKind::OutboundFull : LinkKind::OutboundBlocks;
    if ((needs_full || needs_blocks) && CallAnyone(wanted, lines)) return;
    if (now_ms < m_next_feeler_ms) return;
    m_next_feeler_ms = now_ms + RandomWaitMs(FEELER_INTERVAL_MS, m_desk.deps.random);
    Feel(lines);
}

} // namespace emc::p2p
