#include "p2p/protocol/peer_info.h"

#include "chain/chain.h"

namespace emc::p2p {
namespace {

constexpr double MICROS = 1e6;

std::string NetworkName(const Peer& peer)
{
    if (peer.link.onion) return "onion";
    const auto& address = peer.link.remote.address;
    if (!address.IsRoutable()) return "not_publicly_routable";
    return std::string(Text(address.Kind()));
}

void DescribeTiming(const Peer& peer, int64_t now_us, interfaces::PeerInfo& out)
{
    if (peer.ping_us) out.ping_sec = static_cast<double>(*peer.ping_us) / MICROS;
    if (peer.best_ping_us) out.min_ping_sec = static_cast<double>(*peer.best_ping_us) / MICROS;
    if (peer.ping_nonce != 0) out.ping_wait_sec = static_cast<double>(now_us - peer.ping_sent_us) / MICROS;
    out.last_block = peer.last_block_sec;
    out.last_transaction = peer.last_transaction_sec;
}

void DescribeTraffic(const Peer& peer, const LinkStats& stats, interfaces::PeerInfo& out)
{
    out.bytes_sent = stats.bytes_sent;
    out.bytes_received = stats.bytes_received;
    out.last_send = stats.last_send_sec;
    out.last_receive = stats.last_receive_sec;
    out.transport = Text(stats.transport);
    if (stats.session_id) out.session_id = base::Hex(stats.session_id->Span());
    out.sent_by_message.assign(peer.sent.begin(), peer.sent.end());
    out.received_by_message.assign(peer.received.begin(), peer.received.end());
}

void DescribeChain(const Desk& desk, const ChainSync& sync, const Peer& peer, interfaces::PeerInfo& out)
{
    out.presynced_headers = sync.UnprovenHeight(peer.Id());
    out.in_flight = sync.InFlightHeights(peer.Id());
    if (!peer.best_block) return;
    const auto known = desk.deps.chain.Find(*peer.best_block);
    if (!known) return;
    out.synced_headers = known->height;
    if (known->in_best_chain) out.synced_blocks = known->height;
}

interfaces::PeerInfo Describe(const Peer& peer)
{
    interfaces::PeerInfo out;
    out.id = peer.Id();
    out.address = peer.link.name;
    out.bind = peer.link.local.ToText();
    out.network = NetworkName(peer);
    out.kind = Text(peer.link.kind);
    out.inbound = peer.Inbound();
    out.services = peer.Offered();
    out.service_names = ServiceNames(out.services);
    out.relays_transactions = peer.relays_transactions;
    out.connected = peer.link.opened_sec;
    out.time_offset = peer.time_offset_sec;
    if (peer.version) {
        out.local = peer.version->receiver.endpoint.ToText(); // as the peer sees us
        out.version = peer.version->version;
        out.user_agent = peer.version->user_agent;
        out.starting_height = peer.version->height;
    }
    out.compact_to = peer.compact_to;
    out.compact_from = peer.compact_from;
    out.address_relay = peer.addresses != nullptr;
    if (peer.addresses) {
        out.addresses_processed = peer.addresses->processed;
        out.addresses_rate_limited = peer.addresses->rate_limited;
    }
    out.permissions = peer.link.permissions.Names();
    out.min_fee_per_kvb = peer.fee_filter;
    return out;
}

} // namespace

std::vector<std::string> ServiceNames(Services services)
{
    constexpr std::pair<Service, std::string_view> NAMES[] = {
        {Service::Network, "NETWORK"},
        {Service::Bloom, "BLOOM"},
        {Service::Witness, "WITNESS"},
        {Service::CompactFilters, "COMPACT_FILTERS"},
        {Service::NetworkLimited, "NETWORK_LIMITED"},
        {Service::P2pV2, "P2P_V2"},
    };
    std::vector<std::string> out;
    for (int bit = 0; bit < 64; ++bit) {
        const Services one = Services{1} << bit;
        if ((services & one) == 0) continue;
        std::string name = "UNKNOWN[2^" + std::to_string(bit) + "]";
        for (const auto& [service, text] : NAMES) {
            if (static_cast<Services>(service) == one) name = text;
        }
        out.push_back(std::move(name));
    }
    return out;
}

std::vector<interfaces::PeerInfo> DescribePeers(Desk& desk, const Network& network, const ChainSync& sync)
{
    std::map<LinkId, LinkStats> stats;
    for (const auto& row : network.Stats())
        stats.emplace(row.id, row);
    const int64_t now_us = desk.NowUs();
    std::vector<interfaces::PeerInfo> out;
    for (const auto& [id, peer] : desk.Peers()) {
        if (peer.closing) continue;
        auto info = Describe(peer);
        DescribeTiming(peer, now_us, info);
        DescribeTraffic(peer, stats[id], info);
        DescribeChain(desk, sync, peer, info);
        out.push_back(std::move(info));
    }
    return out;
}

} // namespace emc::p2p
