#include "p2p/socket/network.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/thread.h"
#include "p2p/socket/asio.inc"
#include "p2p/socket/link_codec.h"
#include "p2p/socket/lookups.h"

#include <deque>
#include <unordered_map>

namespace emc::p2p {

namespace {

constexpr size_t READ_BYTES = 64 * 1024;
/// Written at a time, unless one piece is longer.
constexpr size_t WRITE_BYTES = 256 * 1024;

Endpoint ToEndpoint(const tcp::endpoint& from)
{
    return FromSockaddr(from.data());
}

struct Outgoing {
    std::string command;
    base::Bytes payload;
};

/// What other threads may look at, and what they want sent.
struct Counters {
    std::atomic<uint64_t> sent{0};
    std::atomic<uint64_t> received{0};
    std::atomic<int64_t> last_send_sec{0};
    std::atomic<int64_t> last_receive_sec{0};
    std::atomic<size_t> send_queue{0};
    std::atomic<size_t> receive_queue{0};
    std::atomic<LinkTransport> transport{LinkTransport::Detecting};
    mutable base::Mutex<base::LockRank::PeerQueue> mutex;
    std::optional<base::Hash256> session_id EMC_GUARDED_BY(mutex);
    std::vector<Outgoing> outbox EMC_GUARDED_BY(mutex);

    /// Counted from now on, so that SendPaused is not late. True when the network thread must be told.
    [[nodiscard]] bool Push(std::string_view command, base::Bytes payload)
    {
        send_queue += payload.size() + V1_HEADER_BYTES;
        const base::LockGuard lock(mutex);
        outbox.push_back({std::string(command), std::move(payload)});
        return outbox.size() == 1;
    }

    [[nodiscard]] std::vector<Outgoing> TakeAll()
    {
        const base::LockGuard lock(mutex);
        return std::exchange(outbox, {});
    }
};

using CountersRef = std::shared_ptr<Counters>;

} // namespace

struct Network::Impl {
    Impl(const Options& o, const Deps& d)
        : options(o), deps(d), work(asio::make_work_guard(io)),
          dialer(io, lookups, {o.proxies, o.lookups, o.limits.connect_timeout_ms}, d.random),
          proxies(o.proxies)
    {}

    struct DoorState {
        Door door;
        tcp::acceptor acceptor;
    };

    // Network thread:
    void Accept(DoorState& door);
    void Accepted(const DoorState& door, tcp::socket socket);
    void Open(const OpenRequest& request);
    void Resolve(const std::string& host, uint16_t port);
    void Opened(const OpenRequest& request, const Dialer::Dialed& dialed);
    void Keep(LinkInfo info, tcp::socket socket, const OpenRequest& request);
    void Closed(LinkId id, const std::string& reason);
    void CloseAll(const std::string& reason);
    [[nodiscard]] CountersRef Find(LinkId id) const;

    const Options options;
    const Deps deps;
    asio::io_context io;
    asio::executor_work_guard<asio::io_context::executor_type> work;
    std::vector<std::unique_ptr<DoorState>> doors;
    std::unordered_map<LinkId, std::shared_ptr<Wire>> wires;
    Lookups lookups{io};
    Dialer dialer;
    std::array<uint8_t, READ_BYTES> read_buffer{};
    LinkId next_id = 1;
    bool stopping = false;

    std::atomic<bool> active{true};
    std::atomic<uint64_t> total_sent{0};
    std::atomic<uint64_t> total_received{0};
    mutable base::Mutex<base::LockRank::PeerQueue> mutex;
    std::unordered_map<LinkId, CountersRef> counters EMC_GUARDED_BY(mutex);
    Proxies proxies EMC_GUARDED_BY(mutex);
    base::Thread thread;
};

/// One open socket. The network thread only; lives as long as something waits for it.
class Network::Wire : public std::enable_shared_from_this<Network::Wire>
{
public:
    Wire(Network::Impl& network, LinkId id, tcp::socket socket, const OpenRequest& request, bool inbound)
        : m_network(network), m_id(id), m_socket(std::move(socket)), m_request(request), m_inbound(inbound),
          m_counters(std::make_shared<Counters>()),
          m_codec({inbound, network.options.v2 && (inbound || request.try_v2), network.options.magic_be},
                  network.deps.random)
    {}

    void Start()
    {
        Flush();
        Read();
    }

    /// Sends what other threads have put into the outbox.
    void SendAll()
    {
        size_t counted = 0;
        for (auto& message : m_counters->TakeAll()) {
            counted += message.payload.size() + V1_HEADER_BYTES;
            m_codec.Send(message.command, std::move(message.payload));
        }
        Flush(counted);
    }

    /// Goes on after messages were handled.
    void Resume()
    {
        if (!m_reading) Read();
    }

    void Close(const std::string& reason)
    {
        if (m_closed) return;
        m_closed = true;
        error_code ignored;
        m_socket.shutdown(tcp::socket::shutdown_both, ignored);
        m_socket.close(ignored);
        const bool old_peer =
            !m_inbound && m_request.try_v2 && m_network.options.v2 && !m_codec.HasReceived();
        const bool once_more = old_peer && !m_network.stopping && m_network.active.load();
        if (once_more) m_network.deps.sink.OnOpening(m_request); // before its place seems to be free
        m_network.Closed(m_id, reason);
        if (!once_more) return;
        OpenRequest again = m_request;
        again.try_v2 = false;
        EMC_LOG(m_network.deps.log, Debug, Net,
                "link %llu: hung up on the encrypted transport, trying without",
                static_cast<unsigned long long>(m_id));
        m_network.Open(again);
    }

    [[nodiscard]] const CountersRef& GetCounters() const { return m_counters; }

private:
    void Read()
    {
        const bool full = m_counters->receive_queue.load() > m_network.options.limits.receive_queue_bytes;
        m_reading = !m_closed && !full;
        if (!m_reading) return;
        // All links read into one buffer, when there is something to read: most are silent most of the time.
        m_socket.async_wait(tcp::socket::wait_read,
                            [self = shared_from_this()](error_code error) { self->OnReadable(error); });
    }

    void OnReadable(error_code error)
    {
        size_t bytes = 0;
        if (!error && !m_closed) bytes = m_socket.read_some(asio::buffer(m_network.read_buffer), error);
        if (error == asio::error::would_block || error == asio::error::try_again) return Read();
        OnRead(error, bytes);
    }

    void OnRead(error_code error, size_t bytes)
    {
        m_reading = false;
        if (m_closed) return;
        if (error) {
            Close(error == asio::error::eof ? "the peer hung up" : error.message());
            return;
        }
        m_counters->received += bytes;
        m_network.total_received += bytes;
        m_counters->last_receive_sec = m_network.deps.clock.NowSec();
        base::ByteSpan in(m_network.read_buffer.data(), bytes);
        while (!in.empty() && !m_closed) {
            auto fed = m_codec.Feed(in);
            if (!fed) {
                Close(fed.Error());
                return;
            }
            if (*fed) {
                m_counters->receive_queue += (*fed)->wire_bytes;
                m_network.deps.sink.OnMessage(m_id, std::move(**fed));
            }
        }
        NoteTransport();
        Flush();
        Read();
    }

    void NoteTransport()
    {
        const auto transport = m_codec.Transport();
        if (m_counters->transport.exchange(transport) == transport) return;
        const base::LockGuard lock(m_counters->mutex);
        m_counters->session_id = m_codec.SessionId();
    }

    /// `counted`: bytes of what is sent that the queue counts already.
    void Flush(size_t counted = 0)
    {
        auto bytes = m_codec.TakeOutgoing();
        if (!bytes.empty() && !m_closed) {
            m_counters->send_queue += bytes.size();
            m_queue.push_back(std::move(bytes));
        }
        m_counters->send_queue -= counted; // never too little in between
        if (m_counters->send_queue.load() > m_network.options.limits.hard_send_bytes) {
            Close("the peer does not read what it is sent");
            return;
        }
        if (m_writing > 0 || m_queue.empty() || m_closed) return;
        std::vector<asio::const_buffer> pieces;
        size_t total = 0;
        for (const auto& piece : m_queue) {
            if (!pieces.empty() && total + piece.size() > WRITE_BYTES) break;
            pieces.push_back(asio::buffer(piece));
            total += piece.size();
        }
        m_writing = pieces.size();
        asio::async_write(m_socket, pieces, [self = shared_from_this()](error_code error, size_t written) {
            self->OnWritten(error, written);
        });
    }

    void OnWritten(error_code error, size_t written)
    {
        const size_t pieces = std::exchange(m_writing, 0);
        m_counters->sent += written;
        m_network.total_sent += written;
        if (m_closed) return;
        if (error) {
            Close(error.message());
            return;
        }
        m_counters->last_send_sec = m_network.deps.clock.NowSec();
        m_counters->send_queue -= written;
        m_queue.erase(m_queue.begin(), m_queue.begin() + static_cast<ptrdiff_t>(pieces));
        Flush();
    }

    Network::Impl& m_network;
    const LinkId m_id;
    tcp::socket m_socket;
    const OpenRequest m_request;
    const bool m_inbound;
    const CountersRef m_counters;
    LinkCodec m_codec;
    std::deque<base::Bytes> m_queue;
    bool m_reading = false;
    size_t m_writing = 0; ///< of m_queue, at its front
    bool m_closed = false;
};

void Network::Impl::Accept(DoorState& door)
{
    door.acceptor.async_accept([this, &door](error_code error, tcp::socket socket) {
        if (error == asio::error::operation_aborted) return;
        if (!error) Accepted(door, std::move(socket));
        Accept(door);
    });
}

void Network::Impl::Accepted(const DoorState& door, tcp::socket socket)
{
    error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error || stopping || !active.load()) return;
    LinkInfo info;
    info.kind = LinkKind::Inbound;
    info.remote = ToEndpoint(remote);
    info.name = info.remote.ToText();
    info.onion = door.door.onion;
    info.permissions = door.door.permissions;
    if (wires.size() >= options.limits.max_links) {
        EMC_LOG(deps.log, Debug, Net, "no room for %s", info.name.c_str());
        return;
    }
    if (!deps.sink.Admits(info.remote, info.permissions)) return;
    Keep(std::move(info), std::move(socket), {});
}

void Network::Impl::Open(const OpenRequest& request)
{
    if (stopping) return;
    const auto failed = [&](const char* reason) { deps.sink.OnOpenFailed(request, reason); };
    if (!active.load()) return failed("the network is switched off");
    if (wires.size() + dialer.Busy() >= options.limits.max_links) return failed("too many connections");
    dialer.Dial(request, [this, request](const base::Expected<Dialer::Dialed, std::string>& dialed) {
        if (dialed)
            Opened(request, *dialed);
        else
            deps.sink.OnOpenFailed(request, dialed.Error());
    });
}

void Network::Impl::Resolve(const std::string& host, uint16_t port)
{
    if (stopping) return;
    if (!options.lookups) return deps.sink.OnResolved(host, {});
    lookups.Find(host, port,
                 [this, host](const std::vector<Endpoint>& found) { deps.sink.OnResolved(host, found); });
}

void Network::Impl::Opened(const OpenRequest& request, const Dialer::Dialed& dialed)
{
    tcp::socket socket(io, dialed.v6 ? tcp::v6() : tcp::v4(), dialed.socket);
    if (stopping || !active.load()) return;
    LinkInfo info;
    info.kind = request.kind;
    info.remote = dialed.remote;
    info.name = request.name.empty() ? dialed.remote.ToText() : request.name;
    Keep(std::move(info), std::move(socket), request);
}

void Network::Impl::Keep(LinkInfo info, tcp::socket socket, const OpenRequest& request)
{
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.non_blocking(true, ignored);
    info.id = next_id++;
    info.opened_sec = deps.clock.NowSec();
    info.local = ToEndpoint(socket.local_endpoint(ignored));
    const bool inbound = info.kind == LinkKind::Inbound;
    const auto wire = std::make_shared<Wire>(*this, info.id, std::move(socket), request, inbound);
    wires.emplace(info.id, wire);
    {
        const base::LockGuard lock(mutex);
        counters.emplace(info.id, wire->GetCounters());
    }
    deps.sink.OnOpened(info);
    wire->Start();
}

void Network::Impl::Closed(LinkId id, const std::string& reason)
{
    wires.erase(id);
    {
        const base::LockGuard lock(mutex);
        counters.erase(id);
    }
    deps.sink.OnClosed(id, reason);
}

void Network::Impl::CloseAll(const std::string& reason)
{
    while (!wires.empty())
        wires.begin()->second->Close(reason);
}

CountersRef Network::Impl::Find(LinkId id) const
{
    const base::LockGuard lock(mutex);
    const auto it = counters.find(id);
    return it == counters.end() ? nullptr : it->second;
}

Network::Network(const Options& options, const Deps& deps) : m_impl(std::make_unique<Impl>(options, deps)) {}

Network::~Network()
{
    Stop();
}

base::Expected<Endpoint, std::string> Network::Listen(const Door& door)
{
    const auto where = ToSocket(door.where);
    auto state = std::make_unique<Impl::DoorState>(Impl::DoorState{door, tcp::acceptor(m_impl->io)});
    auto& acceptor = state->acceptor;
    error_code error;
    acceptor.open(where.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && where.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
    if (!error) acceptor.bind(where, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
        return base::Unexpected("Cannot listen for peers on " + door.where.ToText() + ": " + error.message() +
                                (error == asio::error::address_in_use ? "; is another node running?" : ""));
    }
    const auto bound = ToEndpoint(acceptor.local_endpoint(error));
    m_impl->doors.push_back(std::move(state));
    return bound;
}

void Network::Start()
{
    for (const auto& door : m_impl->doors)
        m_impl->Accept(*door);
    m_impl->thread = base::Thread("p2p-net", [impl = m_impl.get()] { impl->io.run(); });
}

void Network::Stop()
{
    if (!m_impl->thread.Running()) return;
    asio::post(m_impl->io, [impl = m_impl.get()] {
        impl->stopping = true;
        error_code ignored;
        for (const auto& door : impl->doors)
            door->acceptor.close(ignored);
        impl->dialer.Stop();
        impl->lookups.Stop();
        impl->CloseAll("the node stops");
        impl->work.reset();
    });
    m_impl->thread.Join();
}

void Network::Open(const OpenRequest& request)
{
    asio::post(m_impl->io, [impl = m_impl.get(), request] { impl->Open(request); });
}

void Network::Resolve(const std::string& host, uint16_t port)
{
    asio::post(m_impl->io, [impl = m_impl.get(), host, port] { impl->Resolve(host, port); });
}

void Network::Send(LinkId id, std::string_view command, base::Bytes payload)
{
    const auto counters = m_impl->Find(id);
    if (counters == nullptr) return;
    if (!counters->Push(command, std::move(payload))) return;
    asio::post(m_impl->io, [impl = m_impl.get(), id] {
        const auto it = impl->wires.find(id);
        if (it == impl->wires.end()) return;
        const auto wire = it->second;
        wire->SendAll();
    });
}

void Network::Close(LinkId id, std::string_view reason)
{
    asio::post(m_impl->io, [impl = m_impl.get(), id, text = std::string(reason)] {
        const auto it = impl->wires.find(id);
        if (it == impl->wires.end()) return;
        const auto wire = it->second;
        wire->Close(text);
    });
}

void Network::Handled(LinkId id, size_t wire_bytes)
{
    const auto counters = m_impl->Find(id);
    if (counters == nullptr) return;
    const size_t limit = m_impl->options.limits.receive_queue_bytes;
    const size_t before = counters->receive_queue.fetch_sub(wire_bytes);
    if (before <= limit || before - wire_bytes > limit) return;
    asio::post(m_impl->io, [impl = m_impl.get(), id] {
        const auto it = impl->wires.find(id);
        if (it != impl->wires.end()) it->second->Resume();
    });
}

bool Network::SendPaused(LinkId id) const
{
    const auto counters = m_impl->Find(id);
    return counters != nullptr && counters->send_queue.load() > m_impl->options.limits.send_queue_bytes;
}

void Network::SetOnionProxy(const Endpoint& proxy)
{
    {
        const base::LockGuard lock(m_impl->mutex);
        m_impl->proxies.onion = proxy;
    }
    asio::post(m_impl->io, [impl = m_impl.get(), proxy] { impl->dialer.SetOnionProxy(proxy); });
}

Proxies Network::GetProxies() const
{
    const base::LockGuard lock(m_impl->mutex);
    return m_impl->proxies;
}

bool Network::Reaches(NetKind network) const
{
    return network != NetKind::I2p && (network != NetKind::TorV3 || GetProxies().onion);
}

bool Network::BehindProxy() const
{
    return GetProxies().clear.has_value();
}

void Network::SetActive(bool active)
{
    m_impl->active = active;
    if (active) return;
    asio::post(m_impl->io, [impl = m_impl.get()] {
        if (!impl->active.load()) impl->CloseAll("the network is switched off");
    });
}

bool Network::Active() const
{
    return m_impl->active.load();
}

std::vector<LinkStats> Network::Stats() const
{
    std::vector<std::pair<LinkId, CountersRef>> all;
    {
        const base::LockGuard lock(m_impl->mutex);
        all.assign(m_impl->counters.begin(), m_impl->counters.end());
    }
    std::vector<LinkStats> out;
    for (const auto& [id, counters] : all) {
        LinkStats stats;
        stats.id = id;
        stats.transport = counters->transport.load();
        stats.bytes_sent = counters->sent.load();
        stats.bytes_received = counters->received.load();
        stats.last_send_sec = counters->last_send_sec.load();
        stats.last_receive_sec = counters->last_receive_sec.load();
        stats.send_queue_bytes = counters->send_queue.load();
        stats.receive_queue_bytes = counters->receive_queue.load();
        const base::LockGuard lock(counters->mutex);
        stats.session_id = counters->session_id;
        out.push_back(stats);
    }
    return out;
}

Network::Totals Network::GetTotals() const
{
    return {m_impl->total_sent.load(), m_impl->total_received.load()};
}

} // namespace emc::p2p
