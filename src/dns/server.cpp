#include "dns/server.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/random.h"
#include "dns/answer/answer.h"
#include "dns/limit/guard.h"
#include "dns/records/local_file.h"
#include "dns/records/record_memo.h"
#include "dns/records/revocation.h"
#include "dns/records/toll_free.h"
#include "dns/records/trust_list.h"
#include "dns/secure/zone_signer.h"
#include "dns/statistics.h"
#include "dns/transfer/service.h"
#include "dns/transport/query_log.h"
#include "dns/transport/transports.h"
#include "dns/zone/feed.h"
#include "interfaces/chain.h"
#include "interfaces/events.h"
#include "names/resolve.h"

#include <algorithm>
#include <thread>

namespace emc::dns {

namespace {

constexpr size_t MIB = size_t{1024} * 1024;
constexpr size_t EVENT_CAPACITY = 4096;
constexpr int VERBOSE_QUERIES = 3;
const std::vector<std::string> LOOPBACK = {"127.0.0.0/8", "::1"};

base::Unexpected<DnsFailure> Failed(DnsError error, std::string detail)
{
    return base::Unexpected(DnsFailure{error, std::move(detail)});
}

ZoneStore::Options StoreOptions(const DnsOptions& options, size_t zones, base::RandomSource& random)
{
    ZoneStore::Options out;
    out.max_bytes = options.cache_mib * MIB;
    out.zones = zones;
    out.key0 = random.Next64();
    out.key1 = random.Next64();
    return out;
}

base::Expected<ZoneConfig, DnsFailure> MakeConfig(const DnsOptions& options, base::Logger& log)
{
    ZoneConfig out;
    ZoneList zones = ParseZones(options.allowed);
    std::vector<std::string> warnings = std::move(zones.warnings);
    out.zones = std::move(zones.zones);
    if (out.zones.empty() && options.local_file.empty()) return Failed(DnsError::NoZones, options.allowed);
    auto suffix = ParseSuffix(options.suffix);
    if (!suffix) return Failed(DnsError::BadSuffix, options.suffix);
    out.suffix = std::move(*suffix);
    out.self_names = ParseSelfNames(options.self_names, warnings);
    out.trusted = ParseTrust(options.trust, warnings);
    out.natural_order = options.natural_order;
    const bool needs_trust = std::any_of(out.zones.begin(), out.zones.end(), [](const Zone& zone) {
        return zone.kind == ZoneKind::Enum || zone.kind == ZoneKind::Signed;
    });
    if (needs_trust && out.trusted.empty()) {
        warnings.emplace_back("-enumtrust names no verifier: no record of a signed zone will be answered");
    }
    for (const std::string& warning : warnings)
        EMC_LOG(log, Warning, Dns, "%s", warning.c_str());
    return out;
}

Verifiers TrustOfOption(const DnsOptions& options)
{
    std::vector<std::string> warnings; // they come up when the server starts
    return ParseTrust(options.trust, warnings);
}

/// What a certificate of our own says of us.
std::string OwnHost(const ZoneConfig& config)
{
    return config.self_names.empty() ? "dns.invalid" : NameToText(config.self_names.front());
}

base::Expected<std::unique_ptr<Guard>, DnsFailure> MakeGuard(const DnsOptions& options,
                                                             base::RandomSource& random)
{
    auto secrets = ParseCookieSecrets(options.cookie_secrets);
    if (!secrets) return Failed(DnsError::BadSecret, "a value of another form"); // never shown: it is secret
    RateLimits limits;
    limits.per_second = options.rate_per_second;
    limits.window_sec = options.rate_window_sec;
    limits.slip = options.rate_slip;
    limits.places = options.rate_places;
    auto out = std::make_unique<Guard>(std::move(*secrets), limits, random);
    for (const std::string& text : options.allow_ip.empty() ? LOOPBACK : options.allow_ip) {
        const auto subnet = base::Subnet::Parse(text);
        if (!subnet) return Failed(DnsError::BadAllowed, text);
        out->allowed.push_back(*subnet);
    }
    const unsigned workers =
        options.threads > 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
    out->use_cookies = options.cookies;
    out->cookie_load = (options.cookie_load + workers - 1) / workers;
    out->nsid = options.nsid;
    out->version = options.version;
    return out;
}

base::Expected<std::unique_ptr<const ZoneSigners>, DnsFailure> LoadSigners(const ZoneConfig& config,
                                                                           const DnsOptions& options)
{
    if (options.signed_zones.empty()) return std::unique_ptr<const ZoneSigners>();
    auto loaded = ZoneSigners::Load(config, options.signed_zones, options.key_folder);
    if (!loaded) return Failed(DnsError::BadSigning, loaded.Error());
    return std::unique_ptr<const ZoneSigners>(std::move(*loaded));
}

interfaces::DnsControl::SignedZone Described(std::string_view zone, const ZoneKey& key)
{
    return {std::string(zone), key.DsText(), key.DnskeyText()};
}

} // namespace

std::string_view Text(DnsError error)
{
    switch (error) {
    case DnsError::BadSuffix:
        return "-emcdnssuffix must be .suffix or .suffix|.zone";
    case DnsError::BadAddress:
        return "-emcdnsbindip must be IPv4 or IPv6 addresses";
    case DnsError::CannotListen:
        return "cannot listen for DNS questions";
    case DnsError::NoZones:
        return "-emcdnsallowed names no zone";
    case DnsError::BadTransfer:
        return "zone transfers cannot begin";
    case DnsError::BadSigning:
        return "zones cannot be signed";
    case DnsError::BadSecret:
        return "-emcdnscookiesecret must be 32 hex digits, or several such between commas";
    case DnsError::BadQueryLog:
        return "-emcdnsquerylog must be a file that can be written, or file,1/n";
    case DnsError::BadAllowed:
        return "-emcdnsallowip must be addresses or networks like 192.0.2.0/24";
    }
    return "";
}

namespace {

/// What the options come to.
struct Made {
    ZoneConfig config;
    std::unique_ptr<const Guard> guard;
    std::unique_ptr<const ZoneSigners> signers;
};

} // namespace

/// Everything that lives from Start to Stop, in the order in which it may be taken down from the end.
struct DnsServer::Impl {
    Impl(Made made, const TrustList& trust, const DnsOptions& options, const DnsParts& parts)
        : config(std::move(made.config)), guard(std::move(made.guard)), signers(std::move(made.signers)),
          store(StoreOptions(options, config.zones.size(), *parts.random)),
          revocation(*parts.clock, *parts.log), toll_free(options.toll_free, *parts.names, *parts.log),
          local(options.local_file, config.self_names, *parts.log),
          compiler({&config, parts.names, parts.addresses, &revocation, &trust.Now()}),
          transfers({&config, &store, &compiler, parts.clock, parts.log, parts.random}),
          feed({&compiler, &store, &chain, &toll_free, &local, &revocation, parts.clock, parts.log,
                &transfers, signers.get()})
    {}

    [[nodiscard]] AnswerParts PartsFor(const DnsParts& parts)
    {
        return {&config,
                &store,
                &chain,
                &compiler,
                &toll_free.Lists(),
                local.Configured() ? &local.Zone() : nullptr,
                parts.clock,
                &transfers,
                transfers.Serials(),
                guard.get(),
                &transfers.Keys(),
                signers.get()};
    }

    base::Expected<void, DnsFailure> Listen(const DnsOptions& options, const DnsParts& parts);

    const ZoneConfig config;
    const std::unique_ptr<const Guard> guard;
    const std::unique_ptr<const ZoneSigners> signers; ///< null: no zone is signed
    ZoneStore store;
    ChainState chain;
    PatientRevocation revocation;
    TollFreeSources toll_free;
    LocalFile local;
    Compiler compiler;
    TransferService transfers;
    Feed feed;
    std::unique_ptr<interfaces::Subscription> subscription;
    std::unique_ptr<QueryLog> query_log;
    std::unique_ptr<Transports> transports;
};

base::Expected<void, DnsFailure> DnsServer::Impl::Listen(const DnsOptions& options, const DnsParts& parts)
{
    TransportOptions wanted;
    wanted.port = options.port;
    wanted.bind = options.bind;
    wanted.udp_threads = options.threads;
    wanted.tcp = options.tcp;
    wanted.streams.max_clients = options.tcp_clients;
    wanted.streams.max_per_address = options.tcp_per_address;
    wanted.streams.idle_sec = options.tcp_idle_sec;
    wanted.tls = options.tls;
    wanted.tls_port = options.tls_port;
    wanted.tls_bind = options.tls_bind;
    wanted.certificate = {options.tls_certificate, options.tls_key, options.tls_own, OwnHost(config)};
    wanted.inherited = {options.inherited_pid, options.inherited_count, options.inherited_names};
    wanted.log_queries = options.verbose >= VERBOSE_QUERIES;
    const auto log_options = ParseQueryLog(options.query_log);
    if (!log_options) return Failed(DnsError::BadQueryLog, options.query_log);
    if (!log_options->path.empty()) {
        auto log = QueryLog::Open(*log_options, *parts.clock, *parts.log);
        if (!log) return Failed(DnsError::BadQueryLog, log.Error());
        query_log = std::move(*log);
        wanted.query_log = query_log.get();
    }
    auto opened = Transports::Open(wanted, PartsFor(parts), *parts.log);
    if (!opened) {
        const TransportFailure& failure = opened.Error();
        return Failed(failure.bad_address ? DnsError::BadAddress : DnsError::CannotListen, failure.detail);
    }
    transports = std::move(*opened);
    return {};
}

/// The pointer's lock is held for the pointer's sake alone.
struct DnsServer::Holder {
    Holder(const DnsOptions& options, base::Logger& log)
        : trust(TrustOfOption(options), options.trust_file, log)
    {}

    mutable base::Mutex<base::LockRank::Leaf> mutex;
    std::shared_ptr<Impl> impl EMC_GUARDED_BY(mutex);
    TrustList trust; ///< outlives every Impl
};

DnsServer::DnsServer(DnsOptions options, const DnsParts& parts)
    : m_options(std::move(options)), m_parts(parts),
      m_holder(std::make_unique<Holder>(m_options, *m_parts.log))
{}

DnsServer::~DnsServer()
{
    Stop();
}

std::shared_ptr<DnsServer::Impl> DnsServer::Current() const
{
    const base::LockGuard lock(m_holder->mutex);
    return m_holder->impl;
}

base::Expected<void, DnsFailure> DnsServer::Start()
{
    if (Current()) return {};
    auto config = MakeConfig(m_options, *m_parts.log);
    if (!config) return base::Unexpected(config.Error());
    auto guard = MakeGuard(m_options, *m_parts.random);
    if (!guard) return base::Unexpected(guard.Error());
    auto signers = LoadSigners(*config, m_options);
    if (!signers) return base::Unexpected(signers.Error());
    auto impl = std::make_shared<Impl>(Made{std::move(*config), std::move(*guard), std::move(*signers)},
                                       m_holder->trust, m_options, m_parts);
    if (auto begun =
            impl->transfers.Start({m_options.tsig_keys, m_options.tsig_files, m_options.transfer_allowed,
                                   m_options.notified, m_options.serial_file});
        !begun) {
        return Failed(DnsError::BadTransfer, begun.Error());
    }
    // First the subscription, then the tip: nothing that happens in between is lost.
    if (m_parts.events != nullptr) {
        impl->subscription = m_parts.events->Subscribe("dns-events", impl->feed, EVENT_CAPACITY);
    }
    impl->feed.Start();
    if (auto listening = impl->Listen(m_options, m_parts); !listening) {
        impl->feed.Stop();
        return base::Unexpected(listening.Error());
    }
    std::string where;
    for (const std::string& address : impl->transports->Listening())
        where += (where.empty() ? "" : ", ") + address;
    EMC_LOG(*m_parts.log, Info, Dns, "answering DNS questions on %s", where.c_str());
    const base::LockGuard lock(m_holder->mutex);
    m_holder->impl = std::move(impl);
    return {};
}

void DnsServer::Stop()
{
    std::shared_ptr<Impl> impl;
    {
        const base::LockGuard lock(m_holder->mutex);
        impl.swap(m_holder->impl);
    }
    if (!impl) return;
    impl->feed.Stop(); // lets a waiting callback go
    impl->subscription.reset();
    // Whoever reads the counters at this moment must not be the one to take the server down.
    while (impl.use_count() > 1)
        std::this_thread::yield();
}

void DnsServer::WaitIdle()
{
    if (const auto impl = Current()) impl->feed.WaitIdle();
}

bool DnsServer::Running() const
{
    return Current() != nullptr;
}

interfaces::DnsControl::Stats DnsServer::GetStats() const
{
    Stats out;
    const auto impl = Current();
    if (!impl) return out;
    out.listen = impl->transports->Listening();
    for (const Counters* of_thread : impl->transports->Counts())
        AddCounters(*of_thread, impl->config, out);
    for (const Transport transport : {Transport::Tcp, Transport::Tls}) {
        const StreamServer::Clients clients = impl->transports->GetClients(transport);
        out.connections += clients.open;
        out.accepted += clients.accepted;
        out.evicted += clients.evicted;
        out.timed_out += clients.timed_out;
    }
    out.zone_names = impl->store.Names();
    out.zone_bytes = impl->store.Bytes();
    out.zone_generation = impl->store.Generation();
    const TransferService::Counts transfers = impl->transfers.GetCounts();
    out.transfers_whole = transfers.whole;
    out.transfers_changes = transfers.changes;
    out.transfers_refused = transfers.refused;
    out.notified = transfers.notified;
    for (const Zone& zone : impl->config.zones) {
        const ZoneKey* key = impl->signers ? impl->signers->KeyOf(zone) : nullptr;
        if (key != nullptr) out.signed_zones.push_back(Described(zone.label, *key));
    }
    return out;
}

base::Expected<interfaces::DnsControl::SignedZone, std::string>
DnsServer::MakeZoneKey(const std::string& zone)
{
    const ZoneList zones = ParseZones("." + zone);
    if (zones.zones.size() != 1 || zones.zones[0].label != zone)
        return base::Unexpected("'" + zone + "' is no zone: one label in lower case, like coin");
    const std::string path = ZoneSigners::KeyPath(m_options.key_folder, zone);
    const auto key = ZoneKey::Create(path, zone, *m_parts.random);
    if (!key) return base::Unexpected(std::string(Text(key.Error())) + ": " + path);
    return Described(zone, key.Value());
}

Moment DnsServer::Now() const
{
    const interfaces::Tip tip = m_parts.names->NamesTip();
    return {tip.height, std::max(m_parts.clock->NowSec(), tip.median_time)};
}

names::Judgement DnsServer::Judge(const enumrec::Number& number, const names::RecordToJudge& record) const
{
    if (const auto impl = Current()) return impl->compiler.Judge(number, record, Now());
    ZoneConfig config;
    config.trusted = TrustedVerifiers();
    return Compiler({&config, m_parts.names, m_parts.addresses, nullptr}).Judge(number, record, Now());
}

names::Resolution DnsServer::Resolve(const enumrec::Number& number) const
{
    const Zone zone{ZoneKind::Enum, "enum", DEFAULT_DIGIT_LIMIT, 0};
    const Moment moment = Now();
    RecordMemo memo;
    const auto resolve = [&](const Compiler& compiler, const TollFreeLists& lists) {
        const auto group = compiler.ReadGroup(zone, number);
        return compiler.Resolve({.zone = &zone, .number = number, .group = &group, .toll_free = &lists},
                                moment, memo);
    };
    if (const auto impl = Current()) return resolve(impl->compiler, *impl->toll_free.Lists().Load());
    ZoneConfig config;
    config.trusted = TrustedVerifiers();
    base::Logger silent;
    TollFreeSources toll_free(m_options.toll_free, *m_parts.names, silent);
    toll_free.Refresh(moment.height);
    return resolve(Compiler({&config, m_parts.names, m_parts.addresses, nullptr}), *toll_free.Lists().Load());
}

void DnsServer::WriteMetrics(interfaces::MetricSink& sink) const
{
    WriteDnsMetrics(GetStats(), sink);
}

std::vector<std::string> DnsServer::TrustedVerifiers() const
{
    return *m_holder->trust.Now().Load();
}

std::vector<std::string> DnsServer::SetTrustedVerifiers(const std::vector<std::string>& verifiers)
{
    std::vector<std::string> complaints;
    auto parsed = ParseTrust(verifiers, complaints);
    if (!complaints.empty()) return complaints;
    if (auto set = m_holder->trust.Set(std::move(parsed)); !set) return {set.Error()};
    // Everything signed is judged anew; until that is done, questions are answered from disk.
    if (const auto impl = Current()) impl->feed.ReadAnew();
    return {};
}

} // namespace emc::dns
