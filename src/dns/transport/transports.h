/// Everything that carries questions and answers: sockets, workers, connections.
#pragma once

#include "dns/transport/certificate.h"
#include "dns/transport/inherited.h"
#include "dns/transport/stream_server.h"

namespace emc::dns {

class QueryLog;

struct TransportOptions {
    uint16_t port = 0;
    std::vector<std::string> bind; ///< as ParseBind reads it
    unsigned udp_threads = 0;      ///< per address; 0: as many as cores
    bool tcp = true;
    StreamOptions streams;         ///< limits of connections; name and transport are not looked at
    bool log_queries = false;      ///< in the node's log
    QueryLog* query_log = nullptr; ///< null: none
    bool tls = false;
    uint16_t tls_port = 0;
    std::vector<std::string> tls_bind; ///< empty: as `bind`
    CertificateFiles certificate;
    ListenEnvironment inherited; ///< sockets of a kind that come from there are not opened here
};

struct TransportFailure {
    bool bad_address = false; ///< `detail` is a text that is no address
    std::string detail;       ///< a sentence
};

/// Runs from Open to destruction.
class Transports
{
public:
    /// Opens all sockets and begins to answer. On failure nothing is left running.
    [[nodiscard]] static base::Expected<std::unique_ptr<Transports>, TransportFailure>
    Open(const TransportOptions& options, const AnswerParts& parts, base::Logger& log);

    struct Impl;
    explicit Transports(std::unique_ptr<Impl> impl);
    ~Transports();
    Transports(const Transports&) = delete;
    Transports& operator=(const Transports&) = delete;

    /// "127.0.0.1:5335/udp", …
    [[nodiscard]] const std::vector<std::string>& Listening() const;

    /// The counters of every thread that answers.
    [[nodiscard]] std::vector<const Counters*> Counts() const;
    [[nodiscard]] StreamServer::Clients GetClients(Transport transport) const;

private:
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::dns
