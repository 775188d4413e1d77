/// The process itself, for RPC and GUI.
#pragma once

#include "base/expected.h"
#include "interfaces/types.h"

namespace emc::base {
class Logger;
}

namespace emc::enumrec {
class Number;
}

namespace emc::names {
struct Judgement;
struct RecordToJudge;
struct Resolution;
} // namespace emc::names

namespace emc::interfaces {

class NodeControl
{
public:
    virtual ~NodeControl() = default;
    /// Begins an orderly stop; returns at once.
    virtual void RequestShutdown() = 0;
    [[nodiscard]] virtual bool ShutdownRequested() const = 0;
    [[nodiscard]] virtual int64_t UptimeSec() const = 0;
    [[nodiscard]] virtual std::string DataDir() const = 0;
    /// 0 lets the clock run.
    virtual void SetMockTime(int64_t unix_sec) = 0;
    [[nodiscard]] virtual int64_t NowSec() const = 0;
    [[nodiscard]] virtual base::Logger& Log() = 0;
    /// Warnings for people: empty when all is well.
    [[nodiscard]] virtual std::string Warnings() const = 0;
};

/// The DNS server, for RPC and GUI.
class DnsControl
{
public:
    virtual ~DnsControl() = default;
    [[nodiscard]] virtual bool Running() const = 0;

    /// A zone with DNSSEC, as its parent or a trust anchor wants it.
    struct SignedZone {
        std::string zone;
        std::string ds;     ///< "coin. 3600 IN DS …"
        std::string dnskey; ///< "coin. 3600 IN DNSKEY …"
    };

    struct Stats {
        std::vector<std::string> listen; ///< "127.0.0.1:25335/udp"
        uint64_t queries = 0, answers = 0, nxdomain = 0, nodata = 0, refused = 0, servfail = 0, formerr = 0,
                 notimp = 0, truncated = 0, dropped = 0;
        uint64_t limited = 0;  ///< withheld, or cut to TC, by the rate limit
        uint64_t slow = 0;     ///< not in memory
        uint64_t verified = 0; ///< questions with a good cookie
        uint64_t connections = 0, accepted = 0, evicted = 0, timed_out = 0;
        uint64_t zone_names = 0, zone_bytes = 0, zone_generation = 0;
        uint64_t transfers_whole = 0, transfers_changes = 0, transfers_refused = 0, notified = 0;
        std::vector<SignedZone> signed_zones;

        struct Row {
            std::string name;
            uint64_t count = 0;
        };

        struct Table {
            std::string name;
            std::vector<Row> rows; ///< those that are not 0
        };

        std::vector<Table> tables; ///< transport, type, rcode, zone

        struct Bucket {
            uint32_t up_to_us = 0; ///< 0: longer than all others
            uint64_t count = 0;
        };

        std::vector<Bucket> latency; ///< answers by time from receiving to sending
        uint64_t latency_us = 0;     ///< sum of those times
    };

    [[nodiscard]] virtual Stats GetStats() const = 0;
    /// Verifiers trusted for ENUM: as -enumtrust gives them, or as set since.
    [[nodiscard]] virtual std::vector<std::string> TrustedVerifiers() const = 0;
    /// Makes the key of a zone, for -emcdnssec at a later start. Errors are sentences.
    [[nodiscard]] virtual base::Expected<SignedZone, std::string> MakeZoneKey(const std::string& zone) = 0;
    /// Trusts these from now on, after a restart too unless -enumtrust has changed by then. Says what is no
    /// verifier's name, or why the list cannot be kept; then nothing changes.
    [[nodiscard]] virtual std::vector<std::string>
    SetTrustedVerifiers(const std::vector<std::string>& verifiers) = 0;
    /// What a question for this number gives now, with reasons; works while the server is not running, too.
    /// Reads names and toll-free lists as the server does (ENUM zone with checked signatures).
    [[nodiscard]] virtual names::Resolution Resolve(const enumrec::Number& number) const = 0;
    /// What the signatures of a record of this number are worth now, each by itself.
    [[nodiscard]] virtual names::Judgement Judge(const enumrec::Number& number,
                                                 const names::RecordToJudge& record) const = 0;
};

} // namespace emc::interfaces
