#include "app/node.h"
#include "app/rooms.h"
#include "chain/chain.h"
#include "index/index_set.h"
#include "mempool/pool.h"
#include "p2p/net/asmap.h"
#include "p2p/p2p.h"
#include "p2p/peers/fixed_seeds.h"
#include "p2p/socket/gateway.h"
#include "storage/file_system.h"

#include <algorithm>
#include <charconv>
#include <sys/resource.h>

namespace emc::app {

namespace {

using base::Unexpected;

constexpr uint16_t DEFAULT_PROXY_PORT = 9050;
constexpr uint16_t DEFAULT_TOR_CONTROL_PORT = 9051;
constexpr size_t KILO = 1'000;
/// Descriptors that everything else needs: stores, RPC, DNS, log.
constexpr size_t OTHER_DESCRIPTORS = 400;
constexpr std::string_view ONION_SUFFIX = "=onion";

base::Expected<p2p::Network::Door, std::string> DoorAt(const std::string& text, uint16_t port)
{
    p2p::Network::Door door;
    door.onion = text.ends_with(ONION_SUFFIX);
    const auto where =
        p2p::ParseEndpoint(door.onion ? text.substr(0, text.size() - ONION_SUFFIX.size()) : text, port);
    if (!where) return Unexpected("-bind=" + text + ": an IP address, perhaps with a port, is expected");
    door.where = *where;
    return door;
}

/// Of an entry that names none.
p2p::Permissions UnnamedPermissions(const Options& options)
{
    using p2p::Permission;
    auto out = p2p::Permissions(Permission::NoBan) | Permission::Mempool | Permission::Download;
    if (options.Bool("whitelistrelay", true)) out |= Permission::Relay;
    if (options.Bool("whitelistforcerelay", false))
        out |= p2p::Permissions(Permission::ForceRelay) | Permission::Relay;
    return out;
}

bool NamesPermissions(const std::string& text)
{
    return text.find('@') != std::string::npos;
}

base::Expected<std::vector<p2p::Network::Door>, std::string> DoorsOf(const Options& options, uint16_t port)
{
    std::vector<p2p::Network::Door> doors;
    for (const auto& text : options.List("bind")) {
        auto door = DoorAt(text, port);
        if (!door) return Unexpected(door.Error());
        doors.push_back(*door);
    }
    for (const auto& text : options.List("whitebind")) {
        const auto bind = p2p::ParseWhitebind(text, port);
        if (!bind) return Unexpected("-whitebind=" + text + ": " + bind.Error());
        const auto may = NamesPermissions(text) ? bind->permissions : UnnamedPermissions(options);
        doors.push_back({bind->where, may, false, false});
    }
    const bool aside = options.Has("connect") || options.Has("proxy");
    if (!options.Bool("listen", !aside || !doors.empty())) return std::vector<p2p::Network::Door>{};
    if (!doors.empty()) return doors;
    doors.push_back({p2p::ParseEndpoint("0.0.0.0", port).value(), {}, false, false});
    doors.push_back({p2p::ParseEndpoint("::", port).value(), {}, false, true});
    return doors;
}

base::Expected<std::optional<p2p::Endpoint>, std::string> ProxyOf(const Options& options, const char* name)
{
    const std::string text = options.Text(name);
    if (text.empty() || text == "0") return std::optional<p2p::Endpoint>{};
    const auto where = p2p::ParseEndpoint(text, DEFAULT_PROXY_PORT);
    if (!where)
        return Unexpected("-" + std::string(name) + "=" + text + ": an IP address and port is expected");
    return where;
}

/// A whole number of bytes with a unit, MiB without one; nullopt when it is none or does not fit.
std::optional<uint64_t> BytesOf(std::string_view text)
{
    constexpr std::string_view UNITS = "kmgt";
    uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    std::string_view unit = text.substr(static_cast<size_t>(end - text.data()));
    if (unit.empty()) unit = "M";
    const size_t power = UNITS.find(static_cast<char>(unit[0] | 0x20));
    if (error != std::errc{} || unit.size() != 1 || power == std::string_view::npos) return std::nullopt;
    const uint64_t step = UNITS.find(unit[0]) == power ? 1'000 : 1'024;
    for (size_t i = 0; i <= power; ++i) {
        if (out > UINT64_MAX / step) return std::nullopt;
        out *= step;
    }
    return out;
}

/// 10000 × major + 100 × minor + patch.
int32_t VersionNumber(std::string_view text)
{
    int32_t out = 0;
    int32_t part = 0;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            part = part * 10 + (c - '0');
        } else {
            out = out * 100 + std::exchange(part, 0);
        }
    }
    return out * 100 + part;
}

/// As many connections as the process may have descriptors for.
size_t Affordable(size_t wanted)
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
    const auto descriptors = static_cast<size_t>(limit.rlim_cur);
    return std::min(wanted, descriptors > OTHER_DESCRIPTORS ? descriptors - OTHER_DESCRIPTORS : 8);
}

base::Expected<void, std::string> FillLists(const Options& options, uint16_t port, p2p::P2pOptions& net)
{
    auto doors = DoorsOf(options, port);
    if (!doors) return Unexpected(doors.Error());
    net.doors = std::move(*doors);
    for (const auto& text : options.List("whitelist")) {
        auto entry = p2p::ParseWhitelist(text);
        if (!entry) return Unexpected("-whitelist=" + text + ": " + entry.Error());
        if (!NamesPermissions(text)) entry->permissions = UnnamedPermissions(options);
        net.whitelist.push_back(*entry);
    }
    for (const char* name : {"addnode", "connect"}) {
        for (const auto& node : options.List(name)) {
            if (node == "0" && std::string_view(name) == "connect") continue;
            if (!p2p::RequestFor(node, port))
                return Unexpected("-" + std::string(name) + "=" + node + " names no node");
            net.nodes.push_back(node);
        }
    }
    for (const auto& node : options.List("seednode")) {
        if (!p2p::RequestFor(node, port)) return Unexpected("-seednode=" + node + " names no node");
        net.seeds.push_back(node);
    }
    for (const auto& text : options.List("externalip")) {
        const auto own = p2p::ParseEndpoint(text, port);
        if (!own || !own->address.IsRoutable())
            return Unexpected("-externalip=" + text +
                              ": an address all of the Internet can reach is expected");
        net.own_addresses.push_back(*own);
    }
    net.automatic = !options.Has("connect");
    auto clear = ProxyOf(options, "proxy");
    if (!clear) return Unexpected(clear.Error());
    auto onion = options.Has("onion") ? ProxyOf(options, "onion") : clear;
    if (!onion) return Unexpected(onion.Error());
    net.proxies = {*clear, *onion, options.Bool("proxyrandomize", true)};
    return {};
}

/// What peers are told of this node, and how they get to it.
base::Expected<void, std::string> FillReach(const Options& options, p2p::P2pOptions& net)
{
    const bool listens = !net.doors.empty();
    const bool aside = options.Has("externalip") || net.proxies.clear;
    net.discover = options.Bool("discover", listens && !aside);
    net.nat_pmp = options.Bool("natpmp", false);
    net.upnp = options.Bool("upnp", false);
    if (net.nat_pmp && !p2p::MakeNatPmpGateway())
        return Unexpected(
            std::string("-natpmp: this program was built without it (configure --with-natpmp)"));
    if (net.upnp && !p2p::MakeUpnpGateway())
        return Unexpected(
            std::string("-upnp: this program was built without it (configure --with-miniupnpc)"));
    if (!options.Bool("listenonion", listens)) return {};
    if (!listens) return Unexpected(std::string("-listenonion needs -listen"));
    const std::string control = options.Text("torcontrol", "127.0.0.1");
    net.tor_control = p2p::ParseEndpoint(control, DEFAULT_TOR_CONTROL_PORT);
    if (!net.tor_control)
        return Unexpected("-torcontrol=" + control + ": an IP address, perhaps with a port, is expected");
    net.tor_password = options.Text("torpassword");
    net.tor_gives_proxy = !options.Has("onion");
    const auto onion = [](const auto& door) { return door.onion; };
    if (std::none_of(net.doors.begin(), net.doors.end(), onion))
        net.doors.push_back({p2p::ParseEndpoint("127.0.0.1", 0).value(), {}, true, true});
    return {};
}

/// Whether DNS seeds can be of use.
bool WantsDnsSeeds(const Options& options, const p2p::P2pOptions& net)
{
    const auto clear = [](p2p::NetKind one) {
        return one == p2p::NetKind::Ipv4 || one == p2p::NetKind::Ipv6;
    };
    const bool reachable = net.only.empty() || std::any_of(net.only.begin(), net.only.end(), clear);
    return net.automatic && net.lookups && reachable && options.Int("maxconnections", 1) != 0;
}

/// Where the first addresses come from.
base::Expected<void, std::string> FillSeeds(const Setup& setup, uint16_t port, p2p::P2pOptions& net)
{
    const auto& options = setup.options;
    net.lookups = options.Bool("dns", true);
    net.dns_seeds = setup.params.dns_seeds;
    net.ask_dns_seeds = options.Bool("dnsseed", WantsDnsSeeds(options, net));
    net.force_dns_seeds = options.Bool("forcednsseed", false);
    if (net.force_dns_seeds && !net.ask_dns_seeds)
        return Unexpected(std::string("-forcednsseed needs -dnsseed"));
    net.use_fixed_seeds = options.Bool("fixedseeds", true);
    net.fixed_seeds = p2p::FixedSeeds(setup.params.name);
    const bool regtest = setup.params.network == consensus::Network::Regtest;
    for (const char* name : {"testdnsseed", "testfixedseed"}) {
        if (options.Has(name) && !regtest)
            return Unexpected("-" + std::string(name) + " works on regtest only");
    }
    for (const auto& host : options.List("testdnsseed"))
        net.dns_seeds.push_back(host);
    for (const auto& text : options.List("testfixedseed")) {
        const auto node = p2p::ParseEndpoint(text, port);
        if (!node) return Unexpected("-testfixedseed=" + text + ": an address is expected");
        net.fixed_seeds.push_back(*node);
    }
    return {};
}

base::Expected<void, std::string> FillNetworks(const Setup& setup, p2p::P2pOptions& net)
{
    for (const auto& name : setup.options.List("onlynet")) {
        const auto kind = std::find_if(p2p::ALL_NET_KINDS.begin(), p2p::ALL_NET_KINDS.end(),
                                       [&](p2p::NetKind one) { return p2p::Text(one) == name; });
        if (kind == p2p::ALL_NET_KINDS.end() || *kind == p2p::NetKind::I2p)
            return Unexpected("-onlynet=" + name + ": ipv4, ipv6, onion or cjdns is expected");
        net.only.push_back(*kind);
    }
    const std::string map = setup.options.Text("asmap");
    if (map.empty() || map == "0") return {};
    const std::string path = PathBelow(setup.folders.network, map);
    const auto file = storage::SystemFiles().Open(path, storage::OpenMode::Read);
    if (!file) return Unexpected("-asmap: " + storage::Describe(file.Error()));
    const auto size = (*file)->Size();
    if (!size || *size > p2p::MAX_ASMAP_BYTES) return Unexpected("-asmap: " + path + " is no map: too large");
    base::Bytes program(static_cast<size_t>(*size));
    const auto read = (*file)->Read(0, program);
    auto loaded = read ? p2p::AsMap::Load(std::move(program)) : std::nullopt;
    if (!loaded) return Unexpected("-asmap: " + path + " is no map of autonomous systems");
    net.as_map = std::make_shared<const p2p::AsMap>(std::move(*loaded));
    return {};
}

} // namespace

Node::Step Node::StartNet()
{
    const auto& options = m_setup.options;
    p2p::P2pOptions net;
    net.folder = m_setup.folders.network;
    const auto port = static_cast<uint16_t>(options.Int("port", m_setup.params.p2p_port));
    if (auto filled = FillLists(options, port, net); !filled) return filled;
    if (auto filled = FillReach(options, net); !filled) return filled;
    if (auto filled = FillNetworks(m_setup, net); !filled) return filled;
    if (auto filled = FillSeeds(m_setup, port, net); !filled) return filled;
    net.max_connections = Affordable(static_cast<size_t>(options.Int("maxconnections", 125)));
    net.relay_transactions = !options.Bool("blocksonly", false);
    net.network_active = options.Bool("networkactive", true);
    net.v2 = options.Bool("v2transport", true);
    net.prunes = options.Int("prune", 0) != 0;
    net.bloom_filters = options.Bool("peerbloomfilters", false);
    net.block_filters = options.Bool("peerblockfilters", false);
    if (net.block_filters && !options.Bool("blockfilterindex", false))
        return Unexpected(std::string("-peerblockfilters needs -blockfilterindex"));
    const std::string upload = options.Text("maxuploadtarget", "0");
    const auto upload_bytes = BytesOf(upload);
    if (!upload_bytes)
        return Unexpected("-maxuploadtarget=" + upload +
                          ": a number is expected, perhaps with one of the units k, K, m, M, g, G, t, T");
    net.upload_target_bytes = *upload_bytes;
    net.ban_sec = options.Int("bantime", net.ban_sec);
    net.limits.receive_queue_bytes = static_cast<size_t>(options.Int("maxreceivebuffer", 5'000)) * KILO;
    net.limits.send_queue_bytes = static_cast<size_t>(options.Int("maxsendbuffer", 1'000)) * KILO;
    net.limits.connect_timeout_ms = options.Int("timeout", net.limits.connect_timeout_ms);
    net.user_agent = "/Emercoin:" EMC_VERSION "/";
    net.client_version = VersionNumber(EMC_VERSION);
    const p2p::P2pDeps deps{*m_rooms->chain, *m_rooms->pool, m_rooms->indexes.get(), m_clock,
                            m_log,           m_random,       storage::SystemFiles()};
    m_rooms->net = std::make_unique<p2p::P2p>(net, deps);
    return m_rooms->net->Start();
}

} // namespace emc::app
