/// Questions over connections: TCP (RFC 7766) and, with a certificate, TLS (RFC 7858). One thread for all
/// connections of a server; what needs the disk or many messages is handed over.
#pragma once

#include "base/memory.h"
#include "dns/counters.h"
#include "dns/transport/bind.h"
#include "dns/transport/exchange.h"
#include "dns/transport/query_log.h"

namespace emc::base {
class Logger;
}

namespace emc::dns {

class Certificate;
class SlowLane;
struct AnswerParts;

struct StreamOptions {
    std::string name;                     ///< of the thread
    Transport transport = Transport::Tcp; ///< Tcp or Tls
    size_t max_clients = 1024;            ///< connections; beyond it the longest idle one is closed
    size_t max_per_address = 128;         ///< of them from one IPv4 address or IPv6 /64
    int idle_sec = 10;                    ///< a quarter of it when three quarters of the places are taken
    bool log_queries = false;
    QueryLog::Sink* sink = nullptr; ///< null: no query log
};

/// Runs from construction to destruction.
class StreamServer
{
public:
    struct Parts {
        const AnswerParts* answers = nullptr; ///< copied
        SlowLane* slow = nullptr;
        base::Logger* log = nullptr;
        std::unique_ptr<Certificate> certificate; ///< for Transport::Tls; looked at anew every few seconds
    };

    StreamServer(StreamOptions options, std::vector<StreamListener> listeners, Parts parts);
    ~StreamServer();
    StreamServer(const StreamServer&) = delete;
    StreamServer& operator=(const StreamServer&) = delete;

    [[nodiscard]] const Counters& Counts() const;

    struct Clients {
        uint64_t open = 0;
        uint64_t accepted = 0;
        uint64_t evicted = 0;   ///< closed to make room for others
        uint64_t timed_out = 0; ///< closed because nothing, or too little, came or was taken
    };

    [[nodiscard]] Clients GetClients() const;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::dns
