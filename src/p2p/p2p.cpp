#include "p2p/p2p.h"

#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "consensus/params.h"
#include "p2p/peers/address_manager.h"
#include "p2p/peers/ban_list.h"
#include "p2p/protocol/peer_info.h"
#include "p2p/protocol/protocol.h"
#include "p2p/reach/local_addresses.h"
#include "p2p/socket/interfaces.h"
#include "p2p/socket/port_mapper.h"
#include "p2p/socket/tor_service.h"
#include "storage/file_system.h"

#include <algorithm>

namespace emc::p2p {

using interfaces::Failure;

namespace {

// JSON-RPC error codes of Bitcoin Core's list.
constexpr int RPC_MISC = -1;
constexpr int RPC_PARAMETER = -8;
constexpr int RPC_ALREADY = -23;
constexpr int RPC_NOT_ADDED = -24;
constexpr int RPC_NOT_CONNECTED = -29;
constexpr int RPC_NO_RANGE = -30;
constexpr size_t OUTBOUND_FULL = 8;
constexpr size_t OUTBOUND_BLOCKS = 2;
/// Sockets beyond -maxconnections: attempts, and newcomers while one goes.
constexpr size_t SPARE_LINKS = 16;

base::Unexpected<Failure> Fault(int code, std::string message)
{
    return base::Unexpected(Failure{code, std::move(message)});
}

/// 0.0.0.0 or ::, which stand for all addresses of this computer.
bool IsAny(const NetAddress& address)
{
    const auto bytes = address.Bytes();
    return std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; });
}

Services OfferedBy(const P2pOptions& options)
{
    auto out = static_cast<Services>(Service::Witness) | static_cast<Services>(Service::NetworkLimited);
    if (!options.prunes) out |= static_cast<Services>(Service::Network);
    if (options.block_filters) out |= static_cast<Services>(Service::CompactFilters);
    if (options.bloom_filters) out |= static_cast<Services>(Service::Bloom);
    if (options.v2) out |= static_cast<Services>(Service::P2pV2);
    return out;
}

Protocol::Options ProtocolOptionsOf(const P2pOptions& options, const consensus::Params& params,
                                    const AsMap* map)
{
    Protocol::Options out;
    out.protocol.services = OfferedBy(options);
    out.protocol.user_agent = options.user_agent;
    out.protocol.relay_transactions = options.relay_transactions;
    out.protocol.upload_target_bytes = options.upload_target_bytes;
    out.network.magic_be = params.magic_be;
    out.network.v2 = options.v2;
    out.network.lookups = options.lookups;
    out.network.limits = options.limits;
    out.network.limits.max_links = options.max_connections + SPARE_LINKS;
    out.network.proxies = options.proxies;
    out.doors = options.doors;
    out.whitelist = options.whitelist;
    out.nodes = options.nodes;
    out.calls.default_port = params.p2p_port;
    out.calls.automatic = options.automatic;
    out.calls.only = options.only;
    out.calls.seeds = options.seeds;
    out.calls.dns_seeds = options.dns_seeds;
    out.calls.fixed_seeds = options.fixed_seeds;
    out.calls.first.seed_nodes = options.seeds.size();
    out.calls.first.named_nodes = options.nodes.size();
    out.calls.first.dns = options.ask_dns_seeds;
    out.calls.first.force_dns = options.force_dns_seeds;
    out.calls.first.dns_hosts = options.dns_seeds.size();
    out.calls.first.fixed = options.use_fixed_seeds;
    out.calls.try_v2 = options.v2;
    out.calls.map = map;
    out.calls.outbound_full = std::min(OUTBOUND_FULL, options.max_connections);
    out.calls.outbound_blocks = std::min(OUTBOUND_BLOCKS, options.max_connections - out.calls.outbound_full);
    const size_t taken = out.calls.outbound_full + out.calls.outbound_blocks + 1; // and one feeler
    out.inbound_places = options.max_connections - std::min(taken, options.max_connections);
    return out;
}

/// Hands mail to the message thread and back.
class PostOffice final : public interfaces::CallPost
{
public:
    explicit PostOffice(Protocol& protocol) : m_protocol(protocol) {}

    void SetReceiver(Receiver receiver) override { m_protocol.SetMailReceiver(std::move(receiver)); }

    size_t Post(const reward::CallMail& mail) override { return m_protocol.PostMail(mail); }

private:
    Protocol& m_protocol;
};

} // namespace

struct P2p::Impl {
    Impl(const P2pOptions& o, const P2pDeps& d)
        : options(o), deps(d), map(options.as_map.get()), bans(d.random), addresses(map, d.random),
          protocol(ProtocolOptionsOf(options, d.chain.Params(), map), ProtocolDepsOf(), addresses, own)
    {
        for (const auto& one : options.own_addresses)
            own.Add(one, OwnSource::Manual);
    }

    [[nodiscard]] ProtocolDeps ProtocolDepsOf()
    {
        return {deps.chain, deps.pool, deps.index, bans, deps.clock, deps.log, deps.random};
    }

    /// Own addresses that follow from where the node listens.
    void Discover()
    {
        for (const auto& door : protocol.Doors()) {
            const auto& [address, port] = door.where;
            if (door.onion) continue;
            if (own.Add(door.where, OwnSource::Bound) || !IsAny(address)) continue;
            for (const auto& one : InterfaceAddresses()) {
                if (one.Kind() == address.Kind()) own.Add({one, port}, OwnSource::Interface);
            }
        }
        for (const auto& entry : own.List())
            EMC_LOG(deps.log, Info, Net, "own address %s", entry.endpoint.ToText().c_str());
    }

    [[nodiscard]] std::vector<interfaces::NetworkInfo::Reach> Networks()
    {
        const auto& network = protocol.Sockets();
        const auto proxies = network.GetProxies();
        const auto& only = options.only;
        std::vector<interfaces::NetworkInfo::Reach> out;
        for (const NetKind kind : ALL_NET_KINDS) {
            const auto& proxy = kind == NetKind::TorV3 ? proxies.onion : proxies.clear;
            const bool chosen = only.empty() || std::find(only.begin(), only.end(), kind) != only.end();
            interfaces::NetworkInfo::Reach reach;
            reach.name = Text(kind);
            reach.reachable = chosen && network.Reaches(kind);
            reach.limited = !reach.reachable;
            if (proxy && kind != NetKind::I2p) reach.proxy = proxy->ToText();
            reach.random_credentials = !reach.proxy.empty() && proxies.random_credentials;
            out.push_back(std::move(reach));
        }
        return out;
    }

    void StartTor()
    {
        const auto& doors = protocol.Doors();
        const auto door = std::find_if(doors.begin(), doors.end(), [](const auto& one) { return one.onion; });
        if (!options.tor_control || door == doors.end()) return;
        TorService::Options wish;
        wish.control = *options.tor_control;
        wish.password = options.tor_password;
        wish.key_file = options.folder + "/onion_v3_private_key";
        wish.port = deps.chain.Params().p2p_port;
        wish.target = door->where;
        wish.gives_proxy = options.tor_gives_proxy;
        tor = std::make_unique<TorService>(
            wish, TorService::Deps{deps.log, deps.random, deps.files, own, protocol.Sockets()});
    }

    /// The router is asked for the port of the first door that is open beyond this computer.
    void StartMapping()
    {
        const auto& doors = protocol.Doors();
        const auto door = std::find_if(doors.begin(), doors.end(), [](const auto& one) {
            const auto& address = one.where.address;
            return !one.onion && address.Kind() == NetKind::Ipv4 && (IsAny(address) || !address.IsLocal());
        });
        std::vector<std::unique_ptr<Gateway>> gateways;
        if (options.nat_pmp) gateways.push_back(MakeNatPmpGateway());
        if (options.upnp) gateways.push_back(MakeUpnpGateway());
        std::erase(gateways, nullptr);
        if (gateways.empty()) return;
        if (door == doors.end())
            EMC_LOG(deps.log, Info, Net,
                    "no router is asked for a port: the node listens on no IPv4 address");
        else
            mapper = std::make_unique<PortMapper>(door->where.port, std::move(gateways), deps.log, own);
    }

    [[nodiscard]] std::string BanFile() const { return options.folder + "/banlist.json"; }

    [[nodiscard]] std::string AddressFile() const { return options.folder + "/peers.dat"; }

    [[nodiscard]] std::string AnchorFile() const { return options.folder + "/anchors.dat"; }

    [[nodiscard]] uint32_t Magic() const { return deps.chain.Params().magic_be; }

    /// A file of peers is never worth stopping for: what is wrong with it is said, and the node goes on
    /// without.
    void Warn(const storage::StorageFailure& failure) const
    {
        EMC_LOG(deps.log, Warning, Net, "%s", storage::Describe(failure).c_str());
    }

    void SaveBans()
    {
        if (const auto saved = bans.Save(deps.files, BanFile(), deps.clock.NowSec()); !saved)
            Warn(saved.Error());
    }

    void Load()
    {
        if (const auto loaded = bans.Load(deps.files, BanFile()); !loaded) Warn(loaded.Error());
        const auto known = LoadAddresses(addresses, Magic(), deps.files, AddressFile(), deps.clock.NowSec());
        if (!known) Warn(known.Error());
        auto anchors = LoadAnchors(Magic(), deps.files, AnchorFile());
        if (!anchors) return Warn(anchors.Error());
        protocol.SetAnchors(std::move(*anchors));
    }

    void SaveAddresses()
    {
        if (const auto saved = p2p::SaveAddresses(addresses, Magic(), deps.files, AddressFile()); !saved)
            Warn(saved.Error());
    }

    const P2pOptions options;
    const P2pDeps deps;
    const AsMap* const map;
    BanList bans;
    AddressManager addresses;
    LocalAddresses own;
    Protocol protocol;
    PostOffice post{protocol};
    std::unique_ptr<TorService> tor;
    std::unique_ptr<PortMapper> mapper;
    bool started = false;
};

P2p::P2p(const P2pOptions& options, const P2pDeps& deps) : m_impl(std::make_unique<Impl>(options, deps)) {}

P2p::~P2p()
{
    Stop();
}

base::Expected<void, std::string> P2p::Start()
{
    m_impl->Load();
    if (!m_impl->options.network_active) m_impl->protocol.Sockets().SetActive(false);
    auto done = m_impl->protocol.Start();
    m_impl->started = done.HasValue();
    if (!done) return done;
    if (m_impl->options.discover) m_impl->Discover();
    m_impl->StartTor();
    m_impl->StartMapping();
    return done;
}

void P2p::Stop()
{
    if (!m_impl->started) return;
    m_impl->started = false;
    m_impl->mapper.reset();
    m_impl->tor.reset();
    const auto anchors = m_impl->protocol.Anchors();
    m_impl->protocol.Stop();
    if (const auto saved = SaveAnchors(anchors, m_impl->Magic(), m_impl->deps.files, m_impl->AnchorFile());
        !saved)
        m_impl->Warn(saved.Error());
    m_impl->SaveAddresses();
    m_impl->SaveBans();
}

interfaces::NetworkInfo P2p::Info() const
{
    auto& protocol = m_impl->protocol;
    const auto& options = m_impl->options;
    interfaces::NetworkInfo out;
    out.services = OfferedBy(options);
    out.service_names = ServiceNames(out.services);
    out.relays_transactions = options.relay_transactions;
    out.active = protocol.Sockets().Active();
    std::vector<int64_t> offsets;
    for (const auto& peer : protocol.Peers()) {
        ++(peer.inbound ? out.connections_in : out.connections_out);
        if (peer.version != 0) offsets.push_back(peer.time_offset);
    }
    if (!offsets.empty()) {
        const auto middle = offsets.begin() + static_cast<ptrdiff_t>(offsets.size() / 2);
        std::nth_element(offsets.begin(), middle, offsets.end());
        out.time_offset = *middle;
    }
    out.client_version = options.client_version;
    const auto totals = protocol.Sockets().GetTotals();
    out.bytes_sent = totals.bytes_sent;
    out.bytes_received = totals.bytes_received;
    out.user_agent = options.user_agent;
    out.protocol_version = PROTOCOL_VERSION;
    out.networks = m_impl->Networks();
    for (const auto& [endpoint, source] : m_impl->own.List())
        out.own_addresses.push_back({endpoint.address.ToText(), endpoint.port, static_cast<int32_t>(source)});
    const auto upload = protocol.UploadLeft();
    out.upload_target = options.upload_target_bytes;
    out.upload_left = upload.left_bytes;
    out.upload_day_left_sec = upload.left_sec;
    out.serves_history = upload.serves_old;
    return out;
}

std::vector<interfaces::PeerInfo> P2p::Peers() const
{
    return m_impl->protocol.Peers();
}

base::Expected<void, Failure> P2p::AddNode(const std::string& node, const std::string& command, bool v2)
{
    auto& protocol = m_impl->protocol;
    if (command == "remove") {
        if (protocol.RemoveNode(node)) return {};
        return Fault(RPC_NOT_ADDED, "Node " + node + " was not added before");
    }
    if (!RequestFor(node, m_impl->deps.chain.Params().p2p_port))
        return Fault(RPC_PARAMETER, "Invalid node " + node + ": address[:port] or host[:port] expected");
    if (command == "onetry") {
        (void)protocol.TryNode(node, v2);
        return {};
    }
    if (protocol.AddNode(node, v2)) return {};
    return Fault(RPC_ALREADY, "Node " + node + " is added already");
}

std::vector<interfaces::AddedNode> P2p::AddedNodes() const
{
    return m_impl->protocol.Nodes();
}

base::Expected<void, Failure> P2p::Disconnect(const std::string& address, uint64_t id)
{
    if (m_impl->protocol.Disconnect(address, id)) return {};
    return Fault(RPC_NOT_CONNECTED, "No such connection");
}

base::Expected<void, Failure> P2p::SetBan(const std::string& range, bool add, int64_t seconds, bool absolute)
{
    const auto parsed = NetRange::Parse(range);
    if (!parsed) return Fault(RPC_NO_RANGE, "Invalid IP address or subnet " + range);
    const int64_t now = m_impl->deps.clock.NowSec();
    if (!add) {
        if (!m_impl->bans.Remove(*parsed)) return Fault(RPC_NO_RANGE, range + " is not banned");
        m_impl->SaveBans();
        return {};
    }
    for (const auto& ban : m_impl->bans.List(now)) {
        if (ban.range == *parsed) return Fault(RPC_ALREADY, range + " is banned already");
    }
    const int64_t until = absolute ? seconds : now + (seconds > 0 ? seconds : m_impl->options.ban_sec);
    if (absolute && until <= now) return Fault(RPC_PARAMETER, "The time given is past");
    if (!m_impl->bans.Add(*parsed, now, until))
        return Fault(RPC_MISC,
                     "No room for more than " + std::to_string(MAX_BANS) + " bans; lift some first");
    m_impl->protocol.DisconnectRange(*parsed);
    m_impl->SaveBans();
    return {};
}

std::vector<interfaces::BanInfo> P2p::Bans() const
{
    std::vector<interfaces::BanInfo> out;
    for (const auto& ban : m_impl->bans.List(m_impl->deps.clock.NowSec()))
        out.push_back({ban.range.ToText(), ban.created_sec, ban.until_sec});
    return out;
}

void P2p::ClearBans()
{
    m_impl->bans.Clear();
    m_impl->SaveBans();
}

void P2p::PingAll()
{
    m_impl->protocol.PingAll();
}

void P2p::SetActive(bool active)
{
    m_impl->protocol.Sockets().SetActive(active);
}

std::vector<base::Hash256> P2p::Unsent() const
{
    return m_impl->protocol.Unsent();
}

base::Expected<void, Failure> P2p::FetchBlock(const base::Hash256& block, uint64_t peer)
{
    if (const auto why = m_impl->protocol.FetchBlock(peer, block); !why.empty()) return Fault(RPC_MISC, why);
    return {};
}

interfaces::CallPost& P2p::CallMail()
{
    return m_impl->post;
}

base::Expected<void, Failure> P2p::SendMessage(uint64_t peer, const std::string& command, base::Bytes payload)
{
    if (command.empty() || command.size() > MAX_COMMAND_BYTES)
        return Fault(RPC_PARAMETER,
                     "A message's name has 1 to 12 characters, not " + std::to_string(command.size()));
    if (m_impl->protocol.SendRaw(peer, command, payload)) return {};
    return Fault(RPC_MISC, "No such peer");
}

base::Expected<std::vector<interfaces::KnownAddress>, Failure> P2p::Addresses(size_t count,
                                                                              const std::string& network)
{
    std::optional<NetKind> kind;
    for (const NetKind one : ALL_NET_KINDS) {
        if (Text(one) == network) kind = one;
    }
    if (!network.empty() && !kind)
        return Fault(RPC_PARAMETER,
                     "Network not recognized: " + network + "; ipv4, ipv6, onion, i2p or cjdns");
    const size_t most = count == 0 ? SIZE_MAX : count;
    std::vector<interfaces::KnownAddress> out;
    for (const auto& entry : m_impl->addresses.Tell(most, 100, kind, m_impl->deps.clock.NowSec())) {
        const auto& address = entry.endpoint.address;
        out.push_back({entry.time_sec, entry.services, address.ToText(), entry.endpoint.port,
                       std::string(Text(address.Kind()))});
    }
    return out;
}

base::Expected<bool, Failure> P2p::AddAddress(const std::string& address, uint16_t port, bool tried)
{
    const auto parsed = NetAddress::Parse(address);
    if (!parsed) return Fault(RPC_NO_RANGE, "Invalid address " + address);
    const int64_t now = m_impl->deps.clock.NowSec();
    AddressEntry entry;
    entry.time_sec = static_cast<uint32_t>(now);
    entry.services = static_cast<Services>(Service::Network) | static_cast<Services>(Service::Witness);
    entry.endpoint = {*parsed, port};
    const bool added = m_impl->addresses.Add({entry}, *parsed, now) == 1;
    if (!added || !tried) return added;
    return m_impl->addresses.Good(entry.endpoint, now);
}

std::vector<interfaces::AddressCount> P2p::AddressCounts() const
{
    std::vector<interfaces::AddressCount> out;
    for (const NetKind kind : ALL_NET_KINDS) {
        const auto count = m_impl->addresses.CountOf(kind);
        out.push_back({std::string(Text(kind)), count.fresh, count.tried});
    }
    return out;
}

} // namespace emc::p2p
