/// Everything that carries questions and answers: sockets, workers, connections.
#pragma once

#include "dns/transport/stream_server.h"

namespace emc::dns {

struct TransportOptions {
    uint16_t port = 0;
    std::vector<std::string> bind; ///< as ParseBind reads it
    unsigned udp_threads = 0;      ///< per address; 0: as many as cores
    bool tcp = true;
    StreamOptions streams; ///< limits of connections; name and transport are not looked at
    bool log_queries = false;
};

/// Runs from Open to destruction.
class Transports
{
public:
    /// Opens all sockets and begins to answer. On failure nothing is left running.
    [[nodiscard]] static base::Expected<std::unique_ptr<Transports>, BindFailure>
    Open(const TransportOptions& options, const AnswerParts& parts, base::Logger& log);

    struct Impl;
    explicit Transports(std::unique_ptr<Impl> impl);
    ~Transports();
    Transports(const Transports&) = delete;
    Transports& operator=(const Transports&) = delete;

    /// "127.0.0.1:5335/udp", …
    [[nodiscard]] const std::vector<std::string>& Listening() const;

    struct Counted {
        Transport transport{};
        const Counters* counters = nullptr;
    };

    /// The counters of every thread that answers.
    [[nodiscard]] std::vector<Counted> Counts() const;
    [[nodiscard]] StreamServer::Clients GetClients(Transport transport) const;

private:
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::dns
