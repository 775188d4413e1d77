#include "dns/transport/transports.h"

#include "dns/answer/answer.h"
#include "dns/transport/slow_lane.h"
#include "dns/transport/worker.h"

#include <algorithm>
#include <memory>
#include <thread>

namespace emc::dns {

namespace {

/// Sockets that are open, before anything runs.
struct Opened {
    struct Udp {
        UdpSocket socket;
        bool any = false;
    };

    std::vector<Udp> udp;
    std::vector<StreamListener> tcp;
    std::vector<std::string> listening;
};

bool MayBeMissing(const ListenAddress& where, const BindFailure& failure)
{
    return where.optional &&
           (failure.error == BindError::SocketFailed || failure.error == BindError::AddressMissing);
}

base::Expected<void, BindFailure> OpenAt(ListenAddress& where, const TransportOptions& options, Opened& out)
{
    const unsigned threads =
        options.udp_threads > 0 ? options.udp_threads : std::max(1u, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < threads; ++i) {
        auto socket = UdpSocket::Open(where, i == 0);
        if (!socket && MayBeMissing(where, socket.Error())) return {};
        if (!socket) return base::Unexpected(socket.Error());
        out.udp.push_back({std::move(*socket), where.any});
    }
    out.listening.push_back(where.ToText() + "/udp");
    if (!options.tcp) return {};
    auto listener = StreamListener::Open(where);
    if (!listener) return base::Unexpected(listener.Error());
    out.tcp.push_back(std::move(*listener));
    out.listening.push_back(where.ToText() + "/tcp");
    return {};
}

} // namespace

/// In the order in which it may be taken down from the end.
struct Transports::Impl {
    std::vector<std::string> listening;
    std::unique_ptr<SlowLane> slow;
    std::unique_ptr<StreamServer> tcp;
    std::vector<std::unique_ptr<Worker>> workers;
};

Transports::Transports(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Transports::~Transports() = default;

base::Expected<std::unique_ptr<Transports>, BindFailure>
Transports::Open(const TransportOptions& options, const AnswerParts& parts, base::Logger& log)
{
    auto addresses = ParseBind(options.bind, options.port);
    if (!addresses) return base::Unexpected(addresses.Error());
    Opened opened;
    for (ListenAddress& where : *addresses) {
        if (auto result = OpenAt(where, options, opened); !result) return base::Unexpected(result.Error());
    }
    auto impl = std::make_unique<Impl>();
    impl->listening = std::move(opened.listening);
    if (!opened.tcp.empty()) {
        impl->slow = std::make_unique<SlowLane>(parts);
        StreamOptions streams = options.streams;
        streams.name = "dns-tcp";
        streams.transport = Transport::Tcp;
        streams.log_queries = options.log_queries;
        impl->tcp = std::make_unique<StreamServer>(
            std::move(streams), std::move(opened.tcp),
            StreamServer::Parts{.answers = &parts, .slow = impl->slow.get(), .log = &log, .tls = nullptr});
    }
    for (Opened::Udp& udp : opened.udp) {
        const WorkerOptions worker{
            .name = "dns-" + std::to_string(impl->workers.size()),
            .reply_from = udp.any,
            .log_queries = options.log_queries,
        };
        impl->workers.push_back(std::make_unique<Worker>(worker, std::move(udp.socket), parts, log));
    }
    return std::make_unique<Transports>(std::move(impl));
}

const std::vector<std::string>& Transports::Listening() const
{
    return m_impl->listening;
}

std::vector<Transports::Counted> Transports::Counts() const
{
    std::vector<Counted> out;
    for (const auto& worker : m_impl->workers)
        out.push_back({Transport::Udp, &worker->Counts()});
    if (m_impl->tcp) out.push_back({Transport::Tcp, &m_impl->tcp->Counts()});
    if (m_impl->slow) out.push_back({Transport::Tcp, &m_impl->slow->Counts()});
    return out;
}

StreamServer::Clients Transports::GetClients(Transport transport) const
{
    const bool tcp = transport == Transport::Tcp && m_impl->tcp != nullptr;
    return tcp ? m_impl->tcp->GetClients() : StreamServer::Clients{};
}

} // namespace emc::dns
