#include "app/node.h"
#include "app/rooms.h"
#include "base/log.h"
#include "chain/chain.h"
#include "dns/limit/rate_limit.h"
#include "dns/server.h"

#include <algorithm>
#include <sys/resource.h>

namespace emc::app {

namespace {

constexpr int64_t OLD_THRESHOLD = 1024; ///< of daptreshold, which stands for the default rate

void ReadLimits(const Options& options, dns::DnsOptions& dns)
{
    dns.tcp = options.Bool("emcdnstcp", dns.tcp);
    dns.tcp_clients = static_cast<size_t>(options.Int("emcdnstcpclients", 1024));
    dns.tcp_per_address = static_cast<size_t>(options.Int("emcdnstcpperip", 128));
    dns.tcp_idle_sec = static_cast<int>(options.Int("emcdnstcptimeout", dns.tcp_idle_sec));
    dns.tls = options.Bool("emcdnstls", false);
    dns.tls_bind = options.List("emcdnstlsbindip");
    dns.cookies = options.Bool("emcdnscookies", dns.cookies);
    dns.cookie_secrets = options.Text("emcdnscookiesecret");
    dns.cookie_load = static_cast<unsigned>(options.Int("emcdnscookieload", 0));
    const int64_t threshold = options.Int("daptreshold", OLD_THRESHOLD);
    const int64_t rate =
        std::clamp<int64_t>(threshold * dns.rate_per_second / OLD_THRESHOLD, 1, dns::MAX_RATE);
    dns.rate_per_second = static_cast<unsigned>(options.Int("emcdnsratelimit", rate));
    dns.rate_window_sec = static_cast<unsigned>(options.Int("emcdnsratewindow", dns.rate_window_sec));
    dns.rate_slip = static_cast<unsigned>(options.Int("emcdnsrateslip", dns.rate_slip));
    if (const int64_t places = options.Int("dapsize", 0); places > 0) {
        dns.rate_places = static_cast<size_t>(places);
    }
    dns.allow_ip = options.List("emcdnsallowip");
    dns.query_log = options.Text("emcdnsquerylog");
    dns.nsid = options.Text("emcdnsnsid");
    dns.version = options.Text("emcdnsversion");
}

/// Sources of toll-free rules one by one; a file without a folder of its own lies in the network's.
std::vector<std::string> TollFreeSources(const Options& options, const std::string& folder)
{
    std::vector<std::string> out;
    for (const std::string& list : options.List("enumtollfree")) {
        for (size_t at = 0; at < list.size();) {
            at = std::min(list.find_first_not_of("| ", at), list.size());
            const size_t end = std::min(list.find('|', at), list.size());
            const std::string source = list.substr(at, end - at);
            if (!source.empty()) out.push_back(source[0] == '@' ? source : PathBelow(folder, source));
            at = end;
        }
    }
    return out;
}

/// Keys, copies and signatures; files lie in the network's folder.
void ReadTransfers(const Options& options, const std::string& folder, dns::DnsOptions& dns)
{
    for (const std::string& key : options.List("emcdnstsig")) {
        const bool is_file = key.find(':') == std::string::npos;
        (is_file ? dns.tsig_files : dns.tsig_keys).push_back(is_file ? PathBelow(folder, key) : key);
    }
    dns.transfer_allowed = options.List("emcdnsxfr");
    dns.notified = options.List("emcdnsnotify");
    dns.serial_file = PathBelow(folder, "dns-serials");
    dns.key_folder = PathBelow(folder, "dnssec");
    for (const std::string& list : options.List("emcdnssec")) {
        for (size_t at = 0; at < list.size();) {
            const size_t end = std::min(list.find_first_of(",| ", at), list.size());
            if (end > at) dns.signed_zones.push_back(list.substr(at, end - at));
            at = end + 1;
        }
    }
}

/// Descriptors that everything else needs: peers, stores, RPC, log.
constexpr size_t OTHER_DESCRIPTORS = 600;

/// Connections of DNS clients must leave descriptors to the rest of the node: the system's soft limit is
/// raised as far as it allows, and where that is not enough there are fewer connections. Returns how many.
size_t ClientsThatFit(size_t wanted, size_t servers)
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
    const rlim_t needed = OTHER_DESCRIPTORS + wanted * servers;
    if (limit.rlim_cur < needed) {
        limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, needed);
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) getrlimit(RLIMIT_NOFILE, &limit);
    }
    const auto room = static_cast<size_t>(limit.rlim_cur);
    const size_t left = room > OTHER_DESCRIPTORS ? (room - OTHER_DESCRIPTORS) / servers : 0;
    return std::clamp<size_t>(left, 16, std::max<size_t>(wanted, 16));
}

} // namespace

/// The DNS room exists in every node, so that numbers can be resolved by RPC; it answers on the network with
/// -emcdns.
Node::Step Node::StartDns()
{
    const auto& options = m_setup.options;
    dns::DnsOptions dns;
    const int64_t port = options.Int("emcdnsport", 0);
    dns.port = port > 0 ? static_cast<uint16_t>(port) : m_setup.params.dns_port;
    dns.bind = options.List("emcdnsbindip");
    dns.allowed = options.Text("emcdnsallowed", dns.allowed);
    dns.suffix = options.Text("emcdnssuffix");
    const std::string local = options.Text("emcdnslocalcf");
    if (!local.empty()) dns.local_file = PathBelow(m_setup.folders.network, local);
    dns.verbose = static_cast<int>(options.Int("emcdnsverbose", 1));
    dns.trust = options.List("enumtrust");
    dns.trust_file = PathBelow(m_setup.folders.network, "enumtrust");
    dns.toll_free = TollFreeSources(options, m_setup.folders.network);
    dns.natural_order = options.Bool("enumnatural", false);
    dns.self_names = options.Text("selfns");
    dns.cache_mib = static_cast<size_t>(options.Int("dnscache", 64));
    dns.threads = static_cast<unsigned>(options.Int("dnsthreads", 0));
    ReadTransfers(options, m_setup.folders.network, dns);
    ReadLimits(options, dns);
    // Test networks are as far from 853 as from the main network's other port.
    dns.tls_port = static_cast<uint16_t>(options.Int("emcdnstlsport", m_setup.params.dns_port - 5335 + 853));
    dns.tls_own = !options.Has("emcdnstlscert") && !options.Has("emcdnstlskey");
    dns.tls_certificate = PathBelow(m_setup.folders.network, options.Text("emcdnstlscert", "dns-tls.crt"));
    dns.tls_key = PathBelow(m_setup.folders.network, options.Text("emcdnstlskey", "dns-tls.key"));
    if (!dns.query_log.empty()) dns.query_log = PathBelow(m_setup.folders.network, dns.query_log);
    dns.inherited_pid = m_setup.listen.pid;
    dns.inherited_count = m_setup.listen.count;
    dns.inherited_names = m_setup.listen.names;
    if (options.Bool("emcdns", false) && (dns.tcp || dns.tls)) {
        const size_t fitting = ClientsThatFit(dns.tcp_clients, dns.tcp && dns.tls ? 2 : 1);
        if (fitting < dns.tcp_clients) {
            EMC_LOG(m_log, Warning, Dns,
                    "-emcdnstcpclients is lowered to %zu: the system allows no more files", fitting);
            dns.tcp_clients = fitting;
        }
    }
    dns::DnsParts parts;
    parts.names = &m_rooms->chain->Names();
    parts.events = &m_rooms->chain->Events();
    parts.addresses = &m_setup.params.addresses;
    parts.clock = &m_clock;
    parts.log = &m_log;
    parts.random = &m_random;
    m_rooms->dns = std::make_unique<dns::DnsServer>(std::move(dns), parts);
    if (!options.Bool("emcdns", false)) return {};
    if (auto started = m_rooms->dns->Start(); !started) {
        const auto& failure = started.Error();
        return base::Unexpected("DNS server: " + std::string(dns::Text(failure.error)) + ": " +
                                failure.detail);
    }
    return {};
}

} // namespace emc::app
