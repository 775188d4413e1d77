#include "dns/statistics.h"

#include "dns/zone/zone_config.h"
#include "interfaces/metrics.h"

#include <algorithm>

namespace emc::dns {

namespace {

using interfaces::MetricSink;
using Stats = interfaces::DnsControl::Stats;

struct NamedType {
    uint16_t type;
    const char* name;
};

constexpr NamedType NAMED_TYPES[] = {
    {1, "A"},     {2, "NS"},     {5, "CNAME"},  {6, "SOA"},    {12, "PTR"},   {15, "MX"},     {16, "TXT"},
    {28, "AAAA"}, {33, "SRV"},   {35, "NAPTR"}, {43, "DS"},    {44, "SSHFP"}, {48, "DNSKEY"}, {52, "TLSA"},
    {64, "SVCB"}, {65, "HTTPS"}, {251, "IXFR"}, {252, "AXFR"}, {255, "ANY"},  {256, "URI"},   {257, "CAA"},
};
static_assert(std::size(NAMED_TYPES) < COUNTED_TYPES);
constexpr uint16_t MAX_NAMED_TYPE = 257;
constexpr double US_PER_SEC = 1e6;

/// Place of each type up to MAX_NAMED_TYPE.
constexpr auto TYPE_PLACES = [] {
    std::array<uint8_t, MAX_NAMED_TYPE + 1> out{};
    out.fill(COUNTED_TYPES - 1);
    for (size_t i = 0; i < std::size(NAMED_TYPES); ++i)
        out[NAMED_TYPES[i].type] = static_cast<uint8_t>(i);
    return out;
}();

/// Adds to the row of this name, which is made when there is none yet.
void AddTo(Stats::Table& table, const char* name, uint64_t count)
{
    const auto found =
        std::find_if(table.rows.begin(), table.rows.end(), [&](const auto& row) { return row.name == name; });
    if (found != table.rows.end()) {
        found->count += count;
    } else if (count > 0) {
        table.rows.push_back({name, count});
    }
}

const char* TransportName(size_t transport)
{
    constexpr const char* NAMES[] = {"udp", "tcp", "tls"};
    return NAMES[transport];
}

void WriteTable(const Stats::Table& table, const char* what, MetricSink& sink)
{
    sink.Family("emercoin_dns_" + table.name + "_total", MetricSink::Kind::Counter, what);
    for (const auto& row : table.rows)
        sink.Value(table.name + "=\"" + row.name + "\"", static_cast<double>(row.count));
}

void WriteLatency(const Stats& stats, MetricSink& sink)
{
    sink.Family("emercoin_dns_latency_seconds", MetricSink::Kind::Histogram,
                "Time from receiving to sending");
    uint64_t below = 0;
    for (const auto& bucket : stats.latency) {
        below += bucket.count;
        const std::string end = bucket.up_to_us == 0 ? "+Inf" : std::to_string(bucket.up_to_us / US_PER_SEC);
        sink.Part("_bucket", "le=\"" + end + "\"", static_cast<double>(below));
    }
    sink.Part("_sum", "", static_cast<double>(stats.latency_us) / US_PER_SEC);
    sink.Part("_count", "", static_cast<double>(below));
}

} // namespace

size_t CountedType(uint16_t type)
{
    return type <= MAX_NAMED_TYPE ? TYPE_PLACES[type] : COUNTED_TYPES - 1;
}

const char* CountedTypeName(size_t place)
{
    if (place < std::size(NAMED_TYPES)) return NAMED_TYPES[place].name;
    return place == COUNTED_TYPES - 1 ? "other" : "";
}

const char* RcodeName(size_t rcode)
{
    constexpr const char* NAMES[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"};
    if (rcode < std::size(NAMES)) return NAMES[rcode];
    if (rcode == static_cast<size_t>(Rcode::BadVers)) return "BADVERS";
    return rcode == static_cast<size_t>(Rcode::BadCookie) ? "BADCOOKIE" : "";
}

void AddCounters(const Counters& counters, const ZoneConfig& config, Stats& out)
{
    out.queries += counters.queries.Get();
    out.answers += counters.answers.Get();
    out.nxdomain += counters.nxdomain.Get();
    out.nodata += counters.nodata.Get();
    out.refused += counters.refused.Get();
    out.servfail += counters.servfail.Get();
    out.formerr += counters.formerr.Get();
    out.notimp += counters.notimp.Get();
    out.truncated += counters.truncated.Get();
    out.dropped += counters.dropped.Get();
    out.limited += counters.limited.Get();
    out.slow += counters.slow.Get();
    out.verified += counters.verified.Get();
    if (out.tables.empty()) {
        out.tables = {{"transport", {}}, {"type", {}}, {"rcode", {}}, {"zone", {}}};
        for (const uint32_t bound : LATENCY_BOUNDS_US)
            out.latency.push_back({bound, 0});
        out.latency.push_back({0, 0});
    }
    for (size_t i = 0; i < COUNTED_TRANSPORTS; ++i)
        AddTo(out.tables[0], TransportName(i), counters.transport[i].Get());
    for (size_t i = 0; i < COUNTED_TYPES; ++i)
        AddTo(out.tables[1], CountedTypeName(i), counters.type[i].Get());
    for (size_t i = 0; i < COUNTED_RCODES; ++i)
        AddTo(out.tables[2], RcodeName(i), counters.rcode[i].Get());
    for (size_t i = 0; i < COUNTED_ZONES; ++i) {
        const bool known = i < config.zones.size();
        AddTo(out.tables[3], known ? config.zones[i].label.c_str() : "other", counters.zone[i].Get());
    }
    for (size_t i = 0; i < counters.latency.size(); ++i)
        out.latency[i].count += counters.latency[i].Get();
    out.latency_us += counters.latency_us.Get();
}

void WriteDnsMetrics(const Stats& stats, MetricSink& sink)
{
    const auto counter = [&sink](const char* name, const char* help, uint64_t value) {
        sink.Family(name, MetricSink::Kind::Counter, help);
        sink.Value("", static_cast<double>(value));
    };
    const auto gauge = [&sink](const char* name, const char* help, uint64_t value) {
        sink.Family(name, MetricSink::Kind::Gauge, help);
        sink.Value("", static_cast<double>(value));
    };
    counter("emercoin_dns_queries_total", "Packets received", stats.queries);
    counter("emercoin_dns_limited_total", "Answers withheld or cut by the rate limit", stats.limited);
    counter("emercoin_dns_dropped_total", "Packets not answered", stats.dropped);
    counter("emercoin_dns_truncated_total", "Answers with TC", stats.truncated);
    counter("emercoin_dns_slow_total", "Answers that were not in memory", stats.slow);
    counter("emercoin_dns_cookies_total", "Questions with a good cookie", stats.verified);
    constexpr const char* WHAT[] = {"Packets by transport", "Questions by type", "Answers by rcode",
                                    "Questions by zone"};
    for (size_t i = 0; i < stats.tables.size() && i < std::size(WHAT); ++i)
        WriteTable(stats.tables[i], WHAT[i], sink);
    if (!stats.latency.empty()) WriteLatency(stats, sink);
    gauge("emercoin_dns_connections", "Open connections of DNS clients", stats.connections);
    counter("emercoin_dns_connections_total", "Connections accepted", stats.accepted);
    counter("emercoin_dns_connections_evicted_total", "Connections closed to make room", stats.evicted);
    counter("emercoin_dns_connections_timed_out_total", "Connections closed because of time",
            stats.timed_out);
    gauge("emercoin_dns_names", "Names in memory", stats.zone_names);
    gauge("emercoin_dns_names_bytes", "Memory for them", stats.zone_bytes);
}

} // namespace emc::dns
