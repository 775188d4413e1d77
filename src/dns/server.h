/// The DNS server as the program sees it: options in, answers out.
#pragma once

#include "base/expected.h"
#include "base/memory.h"
#include "interfaces/metrics.h"
#include "interfaces/node.h"

namespace emc::base {
class Clock;
class RandomSource;
} // namespace emc::base

namespace emc::interfaces {
class ChainEvents;
class NameReader;
} // namespace emc::interfaces

namespace emc::script {
struct AddressParams;
}

namespace emc::dns {

struct Moment;

/// As the options of the same names give them.
struct DnsOptions {
    uint16_t port = 5335;                                 ///< emcdnsport; 0 takes a free one
    std::vector<std::string> bind;                        ///< emcdnsbindip; empty: 127.0.0.1 and ::1
    std::string allowed = "$enum|.coin|.emc|.lib|.bazar"; ///< emcdnsallowed
    std::string suffix;                                   ///< emcdnssuffix
    std::string local_file;                               ///< emcdnslocalcf
    int verbose = 1;                                      ///< emcdnsverbose; from 3 on one line per question
    std::vector<std::string> trust;                       ///< enumtrust
    std::string trust_file;             ///< where a list set at run time outlives the process; empty: nowhere
    std::vector<std::string> toll_free; ///< enumtollfree
    bool natural_order = false;         ///< enumnatural
    std::string self_names;             ///< selfns
    size_t cache_mib = 64;              ///< dnscache
    unsigned threads = 0;               ///< dnsthreads, workers per address; 0: as many as cores
    std::vector<std::string> tsig_keys; ///< emcdnstsig, those given as text
    std::vector<std::string> tsig_files;       ///< emcdnstsig, those given as files
    std::vector<std::string> transfer_allowed; ///< emcdnsxfr
    std::vector<std::string> notified;         ///< emcdnsnotify
    std::string serial_file;                   ///< where serials outlive the process; empty: nowhere
    std::vector<std::string> signed_zones;     ///< emcdnssec
    std::string key_folder;                    ///< where the keys of signed zones lie

    bool tcp = true;              ///< emcdnstcp
    size_t tcp_clients = 1024;    ///< emcdnstcpclients, connections
    size_t tcp_per_address = 128; ///< emcdnstcpperip, of them from one address
    int tcp_idle_sec = 10;        ///< emcdnstcptimeout

    bool tls = false;                  ///< emcdnstls
    uint16_t tls_port = 853;           ///< emcdnstlsport; 0 takes a free one
    std::vector<std::string> tls_bind; ///< emcdnstlsbindip; empty: as bind
    std::string tls_certificate;       ///< emcdnstlscert, path
    std::string tls_key;               ///< emcdnstlskey, path
    bool tls_own = false;              ///< both are made when they do not exist

    std::string inherited_pid;   ///< LISTEN_PID
    std::string inherited_count; ///< LISTEN_FDS
    std::string inherited_names; ///< LISTEN_FDNAMES

    bool cookies = true;               ///< emcdnscookies
    std::string cookie_secrets;        ///< emcdnscookiesecret, 32 hex digits each; empty: own ones
    unsigned cookie_load = 0;          ///< emcdnscookieload, questions per second; 0: never enforced
    unsigned rate_per_second = 200;    ///< emcdnsratelimit; 0: none
    unsigned rate_window_sec = 15;     ///< emcdnsratewindow
    unsigned rate_slip = 2;            ///< emcdnsrateslip
    size_t rate_places = 131'072;      ///< dapsize
    std::vector<std::string> allow_ip; ///< emcdnsallowip; empty: 127.0.0.0/8 and ::1
    std::string query_log;             ///< emcdnsquerylog, "path" or "path,1/n"; empty: none
    std::string nsid;                  ///< emcdnsnsid
    std::string version;               ///< emcdnsversion
};

enum class DnsError : uint8_t {
    BadSuffix,
    BadAddress,
    CannotListen,
    NoZones,
    BadTransfer,
    BadSigning,
    BadSecret,
    BadAllowed,
    BadQueryLog,
};
[[nodiscard]] std::string_view Text(DnsError error);

struct DnsFailure {
    DnsError error{};
    std::string detail; ///< the option's text, or the address and the reason
};

/// What the server needs of the node; everything must outlive it.
struct DnsParts {
    const interfaces::NameReader* names = nullptr;
    interfaces::ChainEvents* events = nullptr; ///< null: the names never change
    const script::AddressParams* addresses = nullptr;
    const base::Clock* clock = nullptr;
    base::Logger* log = nullptr;
    base::RandomSource* random = nullptr;
};

/// Answers from Start to Stop. Reading names into memory goes on behind; until it is done answers come from
/// disk. All methods: any thread, Start and Stop one at a time.
class DnsServer final : public interfaces::DnsControl, public interfaces::MetricSource
{
public:
    DnsServer(DnsOptions options, const DnsParts& parts);
    ~DnsServer() override;
    DnsServer(const DnsServer&) = delete;
    DnsServer& operator=(const DnsServer&) = delete;

    /// Listens and begins to read the names. On failure nothing is left running. Errors: all of DnsError.
    [[nodiscard]] base::Expected<void, DnsFailure> Start();
    /// Ends within a moment; a no-op when not running.
    void Stop();
    /// Waits until all names are in memory and everything the chain has announced is carried out.
    void WaitIdle();

    [[nodiscard]] bool Running() const override;
    [[nodiscard]] Stats GetStats() const override;
    [[nodiscard]] std::vector<std::string> TrustedVerifiers() const override;
    [[nodiscard]] base::Expected<SignedZone, std::string> MakeZoneKey(const std::string& zone) override;
    [[nodiscard]] std::vector<std::string>
    SetTrustedVerifiers(const std::vector<std::string>& verifiers) override;
    void WriteMetrics(interfaces::MetricSink& sink) const override;
    [[nodiscard]] names::Resolution Resolve(const enumrec::Number& number) const override;
    [[nodiscard]] names::Judgement Judge(const enumrec::Number& number,
                                         const names::RecordToJudge& record) const override;

private:
    struct Impl;
    struct Holder;
    [[nodiscard]] Moment Now() const;
    [[nodiscard]] std::shared_ptr<Impl> Current() const;

    const DnsOptions m_options;
    const DnsParts m_parts;
    std::unique_ptr<Holder> m_holder; ///< of the Impl, while running
};

} // namespace emc::dns
