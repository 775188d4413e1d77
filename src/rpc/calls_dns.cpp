// The DNS server: figures, trust, keys.
#include "interfaces/node.h"
#include "rpc/calls.h"

namespace emc::rpc {

namespace {

Json ZoneKeyJson(const interfaces::DnsControl::SignedZone& zone)
{
    Json out = codec::JsonObject();
    out.pushKV("zone", zone.zone);
    out.pushKV("ds", zone.ds);
    out.pushKV("dnskey", zone.dnskey);
    return out;
}

Json DnsKeyGen(const Request& request)
{
    const auto made = request.Dns().MakeZoneKey(request.Str(0));
    if (!made) throw RpcError(Code::Misc, made.Error());
    return ZoneKeyJson(made.Value());
}

Json GetDnsInfo(const Request& request)
{
    const auto stats = request.Dns().GetStats();
    Json listen = codec::JsonArray();
    for (const auto& address : stats.listen)
        listen.push_back(address);
    Json out = codec::JsonObject();
    out.pushKV("running", request.Dns().Running());
    out.pushKV("listen", listen);
    const std::pair<const char*, uint64_t> counters[] = {{"queries", stats.queries},
                                                         {"answers", stats.answers},
                                                         {"nxdomain", stats.nxdomain},
                                                         {"nodata", stats.nodata},
                                                         {"refused", stats.refused},
                                                         {"servfail", stats.servfail},
                                                         {"formerr", stats.formerr},
                                                         {"notimp", stats.notimp},
                                                         {"truncated", stats.truncated},
                                                         {"dropped", stats.dropped},
                                                         {"limited", stats.limited},
                                                         {"slow", stats.slow},
                                                         {"cookies", stats.verified},
                                                         {"connections", stats.connections},
                                                         {"connections_accepted", stats.accepted},
                                                         {"connections_evicted", stats.evicted},
                                                         {"connections_timed_out", stats.timed_out},
                                                         {"zone_names", stats.zone_names},
                                                         {"zone_bytes", stats.zone_bytes},
                                                         {"zone_generation", stats.zone_generation},
                                                         {"transfers_whole", stats.transfers_whole},
                                                         {"transfers_changes", stats.transfers_changes},
                                                         {"transfers_refused", stats.transfers_refused},
                                                         {"notified", stats.notified}};
    for (const auto& [name, value] : counters)
        out.pushKV(name, value);
    for (const auto& table : stats.tables) {
        Json rows = codec::JsonObject();
        for (const auto& row : table.rows)
            rows.pushKV(row.name, row.count);
        out.pushKV("by_" + table.name, rows);
    }
    Json latency = codec::JsonObject();
    for (const auto& bucket : stats.latency)
        latency.pushKV(bucket.up_to_us == 0 ? "longer" : std::to_string(bucket.up_to_us), bucket.count);
    out.pushKV("latency_us", latency);
    Json trusted = codec::JsonArray();
    for (const auto& verifier : request.Dns().TrustedVerifiers())
        trusted.push_back(verifier);
    out.pushKV("enumtrust", trusted);
    Json zones = codec::JsonArray();
    for (const auto& zone : stats.signed_zones)
        zones.push_back(ZoneKeyJson(zone));
    out.pushKV("signed_zones", zones);
    return out;
}

Json SetEnumTrust(const Request& request)
{
    std::vector<std::string> verifiers;
    for (const Json& one : request.Raw(0).getValues()) {
        if (!one.isStr()) throw RpcError(Code::Type, "verifiers: texts like \"ver:enum\" are expected");
        verifiers.push_back(one.get_str());
    }
    const auto complaints = request.Dns().SetTrustedVerifiers(verifiers);
    if (!complaints.empty()) throw RpcError(Code::Parameter, complaints.front());
    Json out = codec::JsonArray();
    for (const auto& verifier : request.Dns().TrustedVerifiers())
        out.push_back(verifier);
    return out;
}

} // namespace

const CallTable& DnsCalls()
{
    static const CallTable table = {
        {"getdnsinfo",
         "Control",
         CallKind::Quick,
         "The DNS server: addresses, counters, trusted verifiers.",
         {},
         "{ running, listen, queries, answers, nxdomain, …, by_transport, by_type, by_rcode, by_zone,\n"
         "  latency_us: { \"50\": answers within 50 µs, … }, enumtrust, signed_zones: [ { zone, ds, dnskey } "
         "] }\n"
         "limited: withheld by the rate limit; slow: not in memory; cookies: questions with a good one.",
         "",
         GetDnsInfo},
        {"setenumtrust",
         "Control",
         CallKind::Quick,
         "Trusts these verifiers instead of those of -enumtrust, after a restart too unless -enumtrust was "
         "changed meanwhile.",
         {{"verifiers", ArgType::Array, "", "names of verifiers; [] for none"}},
         "[ \"ver:…\" ] as they hold now. Numbers and signed names are judged anew at once.",
         "'[\"ver:enum\"]'",
         SetEnumTrust},
        {"dnskeygen",
         "Control",
         CallKind::Quick,
         "Makes the DNSSEC key of a zone, for -emcdnssec at the next start. Gives the records for the parent "
         "zone or a trust anchor.",
         {{"zone", ArgType::String, "", "a zone of -emcdnsallowed, without its kind: coin"}},
         "{ zone, ds, dnskey }",
         "coin",
         DnsKeyGen},
    };
    return table;
}

} // namespace emc::rpc
