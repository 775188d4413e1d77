#include "dns/transport/transports.h"

#include "base/clock.h"
#include "crypto/tls.h"
#include "dns/answer/answer.h"
#include "dns/transport/query_log.h"
#include "dns/transport/slow_lane.h"
#include "dns/transport/worker.h"

#include <algorithm>
#include <memory>
#include <thread>
#include <unistd.h>

namespace emc::dns {

namespace {

using Result = base::Expected<void, TransportFailure>;

/// Sockets that are open, before anything runs.
struct Opened {
    struct Udp {
        UdpSocket socket;
        bool any = false;
    };

    std::vector<Udp> udp;
    std::vector<StreamListener> tcp;
    std::vector<StreamListener> tls;
    std::vector<std::string> listening;
    unsigned udp_threads = 1; ///< per address

    void Note(const ListenAddress& where, const char* kind)
    {
        listening.push_back(where.ToText() + "/" + kind);
    }
};

base::Unexpected<TransportFailure> Failed(const BindFailure& failure)
{
    if (failure.error == BindError::BadAddress)
        return base::Unexpected(TransportFailure{true, failure.detail});
    return base::Unexpected(
        TransportFailure{false, failure.detail + " (" + std::string(Text(failure.error)) + ")"});
}

bool MayBeMissing(const ListenAddress& where, const BindFailure& failure)
{
    return where.optional &&
           (failure.error == BindError::SocketFailed || failure.error == BindError::AddressMissing);
}

/// Takes sockets from whoever started the program.
Result TakeInherited(const std::vector<InheritedSocket>& sockets, Opened& out)
{
    for (const InheritedSocket& inherited : sockets) {
        if (inherited.kind == InheritedSocket::Kind::Udp) {
            for (unsigned i = 0; i < out.udp_threads; ++i) {
                auto socket = UdpSocket::Inherit(inherited.where, inherited.handle);
                if (!socket) return Failed(socket.Error());
                out.udp.push_back({std::move(*socket), inherited.where.any});
            }
            out.Note(inherited.where, "udp");
            continue;
        }
        auto listener = StreamListener::Inherit(inherited.where, inherited.handle);
        if (!listener) return Failed(listener.Error());
        const bool tls = inherited.kind == InheritedSocket::Kind::Tls;
        (tls ? out.tls : out.tcp).push_back(std::move(*listener));
        out.Note(inherited.where, tls ? "tls" : "tcp");
    }
    return {};
}

/// One address; false when the machine has no such family and that is no fault.
base::Expected<bool, TransportFailure> OpenUdp(ListenAddress& where, Opened& out)
{
    for (unsigned i = 0; i < out.udp_threads; ++i) {
        auto socket = UdpSocket::Open(where, i == 0);
        if (!socket && MayBeMissing(where, socket.Error())) return false;
        if (!socket) return Failed(socket.Error());
        out.udp.push_back({std::move(*socket), where.any});
    }
    out.Note(where, "udp");
    return true;
}

Result OpenStream(ListenAddress& where, std::vector<StreamListener>& to, Opened& out, const char* kind)
{
    auto listener = StreamListener::Open(where);
    if (!listener && MayBeMissing(where, listener.Error())) return {};
    if (!listener) return Failed(listener.Error());
    to.push_back(std::move(*listener));
    out.Note(where, kind);
    return {};
}

/// What is to be opened on an address.
struct Kinds {
    bool udp = false;
    bool tcp = false;
};

/// How often the system may choose a port that is free for one kind only.
constexpr int PORT_CHOICES = 20;

/// Both kinds on one port. Port 0: the system chooses one for datagrams; while that is taken for connections
/// it chooses again.
Result OpenPlain(const ListenAddress& wanted, Kinds kinds, int choices, Opened& out)
{
    ListenAddress where = wanted;
    const auto datagrams = static_cast<std::ptrdiff_t>(out.udp.size());
    const auto notes = out.listening.size();
    if (kinds.udp) {
        const auto opened = OpenUdp(where, out);
        if (!opened) return base::Unexpected(opened.Error());
        if (!*opened) return {};
    }
    if (!kinds.tcp) return {};
    auto opened = OpenStream(where, out.tcp, out, "tcp");
    if (opened || choices <= 1) return opened;
    out.udp.erase(out.udp.begin() + datagrams, out.udp.end());
    out.listening.resize(notes);
    return OpenPlain(wanted, kinds, choices - 1, out);
}

Result OpenAll(const TransportOptions& options, Opened& out)
{
    auto inherited = InheritedSockets(options.inherited, getpid());
    if (!inherited) return base::Unexpected(TransportFailure{false, inherited.Error()});
    if (auto taken = TakeInherited(*inherited, out); !taken) return taken;
    const Kinds own{.udp = out.udp.empty(), .tcp = out.tcp.empty() && options.tcp};
    const bool own_tls = out.tls.empty() && options.tls;
    auto addresses = ParseBind(options.bind, options.port);
    if (!addresses) return Failed(addresses.Error());
    const int choices = options.port == 0 && own.udp ? PORT_CHOICES : 1;
    for (const ListenAddress& where : *addresses) {
        if (auto opened = OpenPlain(where, own, choices, out); !opened) return opened;
    }
    if (!own_tls) return {};
    auto places = ParseBind(options.tls_bind.empty() ? options.bind : options.tls_bind, options.tls_port);
    if (!places) return Failed(places.Error());
    for (ListenAddress& where : *places) {
        if (auto opened = OpenStream(where, out.tls, out, "tls"); !opened) return opened;
    }
    return {};
}

QueryLog::Sink* SinkFor(const TransportOptions& options)
{
    return options.query_log == nullptr ? nullptr : options.query_log->MakeSink();
}

StreamOptions OptionsFor(const TransportOptions& options, Transport transport)
{
    StreamOptions out = options.streams;
    out.name = transport == Transport::Tls ? "dns-tls" : "dns-tcp";
    out.transport = transport;
    out.log_queries = options.log_queries;
    out.sink = SinkFor(options);
    return out;
}

} // namespace

/// In the order in which it may be taken down from the end.
struct Transports::Impl {
    std::vector<std::string> listening;
    std::unique_ptr<SlowLane> slow;
    std::unique_ptr<StreamServer> tcp;
    std::unique_ptr<StreamServer> tls;
    std::vector<std::unique_ptr<Worker>> workers;
};

Transports::Transports(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

Transports::~Transports() = default;

base::Expected<std::unique_ptr<Transports>, TransportFailure>
Transports::Open(const TransportOptions& options, const AnswerParts& parts, base::Logger& log)
{
    Opened opened;
    opened.udp_threads =
        options.udp_threads > 0 ? options.udp_threads : std::max(1u, std::thread::hardware_concurrency());
    if (auto result = OpenAll(options, opened); !result) return base::Unexpected(result.Error());
    std::unique_ptr<Certificate> certificate;
    if (!opened.tls.empty()) {
        auto made = Certificate::Open(options.certificate, *parts.clock, log);
        if (!made) return base::Unexpected(TransportFailure{false, "DNS over TLS: " + made.Error()});
        certificate = std::move(*made);
    }
    auto impl = std::make_unique<Impl>();
    impl->listening = std::move(opened.listening);
    if (!opened.tcp.empty() || !opened.tls.empty())
        impl->slow = std::make_unique<SlowLane>(parts, SinkFor(options));
    if (!opened.tcp.empty()) {
        impl->tcp =
            std::make_unique<StreamServer>(OptionsFor(options, Transport::Tcp), std::move(opened.tcp),
                                           StreamServer::Parts{&parts, impl->slow.get(), &log, nullptr});
    }
    if (!opened.tls.empty()) {
        impl->tls = std::make_unique<StreamServer>(
            OptionsFor(options, Transport::Tls), std::move(opened.tls),
            StreamServer::Parts{&parts, impl->slow.get(), &log, std::move(certificate)});
    }
    for (Opened::Udp& udp : opened.udp) {
        const WorkerOptions worker{
            .name = "dns-" + std::to_string(impl->workers.size()),
            .reply_from = udp.any,
            .log_queries = options.log_queries,
            .sink = SinkFor(options),
        };
        impl->workers.push_back(std::make_unique<Worker>(worker, std::move(udp.socket), parts, log));
    }
    return std::make_unique<Transports>(std::move(impl));
}

const std::vector<std::string>& Transports::Listening() const
{
    return m_impl->listening;
}

std::vector<const Counters*> Transports::Counts() const
{
    std::vector<const Counters*> out;
    for (const auto& worker : m_impl->workers)
        out.push_back(&worker->Counts());
    for (const StreamServer* server : {m_impl->tcp.get(), m_impl->tls.get()}) {
        if (server != nullptr) out.push_back(&server->Counts());
    }
    if (m_impl->slow) out.push_back(&m_impl->slow->Counts());
    return out;
}

StreamServer::Clients Transports::GetClients(Transport transport) const
{
    const StreamServer* server = transport == Transport::Tls ? m_impl->tls.get() : m_impl->tcp.get();
    return server == nullptr || transport == Transport::Udp ? StreamServer::Clients{} : server->GetClients();
}

} // namespace emc::dns
