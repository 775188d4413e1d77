// The peer-to-peer network as it is: peers, traffic, reach.
#include "base/clock.h"
#include "base/log.h"
#include "interfaces/net.h"
#include "interfaces/node.h"
#include "interfaces/pool.h"
#include "rpc/calls.h"
#include "rpc/take.h"

#include <algorithm>

namespace emc::rpc {

namespace {

using interfaces::NetworkInfo;
using interfaces::PeerInfo;

constexpr int64_t UPLOAD_DAY_SEC = 86'400;

/// Services as 16 hex digits.
Json ServiceBits(uint64_t services)
{
    return base::Format("%016llx", static_cast<unsigned long long>(services));
}

template <typename T>
Json ListOf(const std::vector<T>& values)
{
    Json out = codec::JsonArray();
    for (const auto& value : values)
        out.push_back(value);
    return out;
}

/// What a peer says of itself, without bytes a terminal would act on.
std::string Printable(std::string text)
{
    std::erase_if(text, [](char c) { return c < 0x20 || c > 0x7e; });
    return text;
}

Json ByMessage(const std::vector<std::pair<std::string, uint64_t>>& counts)
{
    Json out = codec::JsonObject();
    for (const auto& [command, bytes] : counts)
        out.pushKV(Printable(command), bytes);
    return out;
}

void PushWhenKnown(Json& out, const char* key, const std::optional<double>& seconds)
{
    if (seconds) out.pushKV(key, *seconds);
}

void PushAddresses(Json& out, const PeerInfo& peer)
{
    out.pushKV("id", peer.id);
    out.pushKV("addr", peer.address);
    if (!peer.bind.empty()) out.pushKV("addrbind", peer.bind);
    if (!peer.local.empty()) out.pushKV("addrlocal", peer.local);
    out.pushKV("network", peer.network);
    if (peer.as_number != 0) out.pushKV("mapped_as", static_cast<int64_t>(peer.as_number));
    out.pushKV("services", ServiceBits(peer.services));
    out.pushKV("servicesnames", ListOf(peer.service_names));
    out.pushKV("relaytxes", peer.relays_transactions);
}

void PushTraffic(Json& out, const PeerInfo& peer)
{
    out.pushKV("lastsend", peer.last_send);
    out.pushKV("lastrecv", peer.last_receive);
    out.pushKV("last_transaction", peer.last_transaction);
    out.pushKV("last_block", peer.last_block);
    out.pushKV("bytessent", peer.bytes_sent);
    out.pushKV("bytesrecv", peer.bytes_received);
    out.pushKV("conntime", peer.connected);
    out.pushKV("timeoffset", peer.time_offset);
    PushWhenKnown(out, "pingtime", peer.ping_sec);
    PushWhenKnown(out, "minping", peer.min_ping_sec);
    PushWhenKnown(out, "pingwait", peer.ping_wait_sec);
}

Json PeerJson(const PeerInfo& peer)
{
    Json out = codec::JsonObject();
    PushAddresses(out, peer);
    PushTraffic(out, peer);
    out.pushKV("version", peer.version);
    out.pushKV("subver", Printable(peer.user_agent));
    out.pushKV("inbound", peer.inbound);
    out.pushKV("bip152_hb_to", peer.compact_to);
    out.pushKV("bip152_hb_from", peer.compact_from);
    out.pushKV("startingheight", peer.starting_height);
    out.pushKV("presynced_headers", peer.presynced_headers);
    out.pushKV("synced_headers", peer.synced_headers);
    out.pushKV("synced_blocks", peer.synced_blocks);
    out.pushKV("inflight", ListOf(peer.in_flight));
    out.pushKV("addr_relay_enabled", peer.address_relay);
    out.pushKV("addr_processed", peer.addresses_processed);
    out.pushKV("addr_rate_limited", peer.addresses_rate_limited);
    out.pushKV("permissions", ListOf(peer.permissions));
    out.pushKV("minfeefilter", codec::JsonAmount(peer.min_fee_per_kvb));
    out.pushKV("bytessent_per_msg", ByMessage(peer.sent_by_message));
    out.pushKV("bytesrecv_per_msg", ByMessage(peer.received_by_message));
    out.pushKV("connection_type", peer.kind);
    out.pushKV("transport_protocol_type", peer.transport);
    out.pushKV("session_id", peer.session_id);
    return out;
}

Json GetPeerInfo(const Request& request)
{
    Json out = codec::JsonArray();
    for (const auto& peer : request.Net().Peers())
        out.push_back(PeerJson(peer));
    return out;
}

Json ReachJson(const std::vector<NetworkInfo::Reach>& networks)
{
    Json out = codec::JsonArray();
    for (const auto& network : networks) {
        Json row = codec::JsonObject();
        row.pushKV("name", network.name);
        row.pushKV("limited", network.limited);
        row.pushKV("reachable", network.reachable);
        row.pushKV("proxy", network.proxy);
        row.pushKV("proxy_randomize_credentials", network.random_credentials);
        out.push_back(row);
    }
    return out;
}

Json OwnJson(const std::vector<NetworkInfo::Own>& addresses)
{
    Json out = codec::JsonArray();
    for (const auto& own : addresses) {
        Json row = codec::JsonObject();
        row.pushKV("address", own.address);
        row.pushKV("port", static_cast<int>(own.port));
        row.pushKV("score", own.score);
        out.push_back(row);
    }
    return out;
}

Json GetNetworkInfo(const Request& request)
{
    const auto info = request.Net().Info();
    Json out = codec::JsonObject();
    out.pushKV("version", info.client_version);
    out.pushKV("subversion", info.user_agent);
    out.pushKV("protocolversion", info.protocol_version);
    out.pushKV("localservices", ServiceBits(info.services));
    out.pushKV("localservicesnames", ListOf(info.service_names));
    out.pushKV("localrelay", info.relays_transactions);
    out.pushKV("timeoffset", info.time_offset);
    out.pushKV("networkactive", info.active);
    out.pushKV("connections", info.connections_in + info.connections_out);
    out.pushKV("connections_in", info.connections_in);
    out.pushKV("connections_out", info.connections_out);
    out.pushKV("networks", ReachJson(info.networks));
    const auto fees = request.Pool().Info();
    out.pushKV("relayfee", codec::JsonAmount(fees.relay_fee_per_kvb));
    out.pushKV("incrementalfee", codec::JsonAmount(fees.incremental_fee_per_kvb));
    out.pushKV("localaddresses", OwnJson(info.own_addresses));
    out.pushKV("warnings", request.Node().Warnings());
    return out;
}

Json GetNetTotals(const Request& request)
{
    const auto info = request.Net().Info();
    const bool limited = info.upload_target != 0;
    Json target = codec::JsonObject();
    target.pushKV("timeframe", UPLOAD_DAY_SEC);
    target.pushKV("target", info.upload_target);
    target.pushKV("target_reached", limited && info.upload_left == 0);
    target.pushKV("serve_historical_blocks", info.serves_history);
    target.pushKV("bytes_left_in_cycle", info.upload_left);
    target.pushKV("time_left_in_cycle", info.upload_day_left_sec);
    Json out = codec::JsonObject();
    out.pushKV("totalbytesrecv", info.bytes_received);
    out.pushKV("totalbytessent", info.bytes_sent);
    out.pushKV("timemillis", base::Clock().NowMs());
    out.pushKV("uploadtarget", target);
    return out;
}

Json GetConnectionCount(const Request& request)
{
    const auto info = request.Net().Info();
    return info.connections_in + info.connections_out;
}

Json AddressCounts(uint64_t fresh, uint64_t tried)
{
    Json out = codec::JsonObject();
    out.pushKV("new", fresh);
    out.pushKV("tried", tried);
    out.pushKV("total", fresh + tried);
    return out;
}

Json GetAddrManInfo(const Request& request)
{
    uint64_t fresh = 0, tried = 0;
    Json out = codec::JsonObject();
    for (const auto& count : request.Net().AddressCounts()) {
        out.pushKV(count.network, AddressCounts(count.fresh, count.tried));
        fresh += count.fresh;
        tried += count.tried;
    }
    out.pushKV("all_networks", AddressCounts(fresh, tried));
    return out;
}

Json GetNodeAddresses(const Request& request)
{
    const auto count = static_cast<size_t>(request.IntIn(0, 0, INT32_MAX, 1));
    Json out = codec::JsonArray();
    for (const auto& known : Take(request.Net().Addresses(count, request.Str(1)))) {
        Json row = codec::JsonObject();
        row.pushKV("time", known.time);
        row.pushKV("services", known.services);
        row.pushKV("address", known.address);
        row.pushKV("port", static_cast<int>(known.port));
        row.pushKV("network", known.network);
        out.push_back(row);
    }
    return out;
}

Json Ping(const Request& request)
{
    request.Net().PingAll();
    return Json();
}

} // namespace

const CallTable& NetCalls()
{
    static const CallTable table{
        {"getpeerinfo",
         "Network",
         CallKind::Quick,
         "Every connection to another node.",
         {},
         "[ { id, addr, addrbind, addrlocal, network, mapped_as, services, servicesnames, relaytxes,\n"
         "    lastsend, lastrecv, last_transaction, last_block, bytessent, bytesrecv, conntime, timeoffset,\n"
         "    pingtime, minping, pingwait, version, subver, inbound, bip152_hb_to, bip152_hb_from,\n"
         "    startingheight, presynced_headers, synced_headers, synced_blocks, inflight,\n"
         "    addr_relay_enabled, addr_processed, addr_rate_limited, permissions, minfeefilter,\n"
         "    bytessent_per_msg, bytesrecv_per_msg, connection_type, transport_protocol_type, session_id } "
         "]\n"
         "  Times are unix seconds, 0: never; pings are seconds; heights −1: unknown; addrbind, addrlocal,\n"
         "  mapped_as and the pings are left out when unknown.",
         "",
         GetPeerInfo},
        {"getnetworkinfo",
         "Network",
         CallKind::Quick,
         "What this node is to the network, and which networks it reaches.",
         {},
         "{ version, subversion, protocolversion, localservices, localservicesnames, localrelay, "
         "timeoffset,\n"
         "  networkactive, connections, connections_in, connections_out,\n"
         "  networks: [ { name, limited, reachable, proxy, proxy_randomize_credentials } ],\n"
         "  relayfee, incrementalfee, localaddresses: [ { address, port, score } ], warnings }",
         "",
         GetNetworkInfo},
        {"getnettotals",
         "Network",
         CallKind::Quick,
         "Bytes sent and received since the start, and how much of -maxuploadtarget is left.",
         {},
         "{ totalbytesrecv, totalbytessent, timemillis,\n"
         "  uploadtarget: { timeframe, target, target_reached, serve_historical_blocks,\n"
         "                  bytes_left_in_cycle, time_left_in_cycle } }",
         "",
         GetNetTotals},
        {"getconnectioncount",
         "Network",
         CallKind::Quick,
         "How many nodes are connected.",
         {},
         "n    (numeric)",
         "",
         GetConnectionCount},
        {"getaddrmaninfo",
         "Network",
         CallKind::Quick,
         "How many addresses of nodes are known: new ones from hearsay, tried ones from own connections.",
         {},
         "{ network: { new, tried, total }, all_networks: { new, tried, total } }",
         "",
         GetAddrManInfo},
        {"getnodeaddresses",
         "Network",
         CallKind::Quick,
         "Addresses of other nodes, chosen at random from those known.",
         {{"count", ArgType::Number, "1", "at most so many; 0: all"},
          {"network", ArgType::String, "-", "ipv4, ipv6, onion, i2p or cjdns alone"}},
         "[ { time, services, address, port, network } ]",
         "8 \"ipv6\"",
         GetNodeAddresses},
        {"ping",
         "Network",
         CallKind::Quick,
         "Asks all peers to answer; getpeerinfo then shows in pingtime how long each took.",
         {},
         "null",
         "",
         Ping},
    };
    return table;
}

} // namespace emc::rpc
