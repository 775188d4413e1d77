#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "rpc/http_connection.h"

#include <event2/event.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <ctime>
#include <map>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <unordered_map>

namespace emc::rpc {

namespace {

using Lock = base::Mutex<base::LockRank::Rpc>;

constexpr int64_t TICK_US = 1'000'000;
constexpr int64_t STOP_PATIENCE_US = 300'000;
constexpr std::string_view BUSY_REPLY =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 1\r\n"
    "Connection: close\r\n\r\n";

struct Peer {
    std::string text; ///< "127.0.0.1:40000"
    std::optional<base::IpBytes> ip;
};

Peer PeerOf(const sockaddr_storage& address)
{
    char host[INET6_ADDRSTRLEN] = "";
    uint16_t port = 0;
    if (address.ss_family == AF_INET) {
        const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address);
        inet_ntop(AF_INET, &v4->sin_addr, host, sizeof(host));
        port = ntohs(v4->sin_port);
    } else if (address.ss_family == AF_INET6) {
        const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address);
        inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof(host));
        port = ntohs(v6->sin6_port);
    }
    return {std::string(host) + ":" + std::to_string(port), base::ParseIp(host)};
}

/// What other threads leave at a loop.
struct Mail {
    struct Letter {
        uint64_t connection = 0;
        HttpReply reply;
    };

    int fd = -1;
    Lock mutex;
    std::vector<Letter> letters EMC_GUARDED_BY(mutex);
    bool stop EMC_GUARDED_BY(mutex) = false;

    Mail() : fd(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

    ~Mail()
    {
        if (fd >= 0) close(fd);
    }

    Mail(const Mail&) = delete;
    Mail& operator=(const Mail&) = delete;

    void Ring() const
    {
        const uint64_t one = 1;
        static_cast<void>(!write(fd, &one, sizeof(one)));
    }
};

struct BaseDeleter {
    void operator()(event_base* p) const { event_base_free(p); }
};

} // namespace

struct HttpLoop::Impl {
    Impl(HttpLoop& l, HttpShared& s) : loop(l), shared(s) {}

    ~Impl()
    {
        connections.clear();
        listeners.clear();
    }

    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    static void OnAccept(int fd, short what, void* arg);
    static void OnMail(int fd, short what, void* arg);
    static void OnTick(int fd, short what, void* arg);
    bool Open(const std::vector<int>& sockets);
    void Accept(int fd);
    void Adopt(int fd, std::string peer, bool allowed);
    void ReadMail();
    void End();
    void Tick();
    void SendDelayed(int64_t now);
    void SetDate();

    HttpLoop& loop;
    HttpShared& shared;
    std::unique_ptr<event_base, BaseDeleter> base;
    std::vector<EventPtr> listeners;
    Mail mail;
    EventPtr mail_event;
    EventPtr tick_event;
    std::unordered_map<uint64_t, std::unique_ptr<HttpConnection>> connections;
    std::multimap<int64_t, std::pair<uint64_t, HttpReply>> delayed; ///< by the time they are due
    std::vector<uint64_t> buried;
    uint64_t next_id = 0;
    std::string date;
    bool accepting = true;
    bool ending = false;
};

HttpLoop::HttpLoop(HttpShared& shared) : m_impl(std::make_unique<Impl>(*this, shared)) {}

HttpLoop::~HttpLoop() = default;

bool HttpLoop::Open(const std::vector<int>& sockets)
{
    return m_impl->Open(sockets);
}

void HttpLoop::Run()
{
    event_base_dispatch(m_impl->base.get());
    m_impl->connections.clear();
}

void HttpLoop::Post(uint64_t connection, HttpReply reply)
{
    const base::LockGuard lock(m_impl->mail.mutex);
    m_impl->mail.letters.push_back({connection, std::move(reply)});
    m_impl->mail.Ring();
}

void HttpLoop::RequestStop()
{
    const base::LockGuard lock(m_impl->mail.mutex);
    m_impl->mail.stop = true;
    m_impl->mail.Ring();
}

HttpShared& HttpLoop::Shared()
{
    return m_impl->shared;
}

event_base* HttpLoop::Base()
{
    return m_impl->base.get();
}

bool HttpLoop::Stopping() const
{
    return m_impl->ending;
}

const std::string& HttpLoop::Date() const
{
    return m_impl->date;
}

void HttpLoop::Bury(uint64_t connection)
{
    m_impl->buried.push_back(connection);
    event_active(m_impl->tick_event.get(), EV_TIMEOUT, 0);
}

void HttpLoop::FinishLater(uint64_t connection, HttpReply reply, int delay_ms)
{
    const int64_t due = base::SteadyMicros() + int64_t{delay_ms} * 1000;
    m_impl->delayed.emplace(due, std::pair(connection, std::move(reply)));
    event_active(m_impl->tick_event.get(), EV_TIMEOUT, 0);
}

bool HttpLoop::Impl::Open(const std::vector<int>& sockets)
{
    base.reset(event_base_new());
    if (!base || mail.fd < 0) return false;
    for (const int fd : sockets) {
        listeners.emplace_back(event_new(base.get(), fd, EV_READ | EV_PERSIST, &OnAccept, this));
        if (!listeners.back() || event_add(listeners.back().get(), nullptr) != 0) return false;
    }
    mail_event.reset(event_new(base.get(), mail.fd, EV_READ | EV_PERSIST, &OnMail, this));
    tick_event.reset(event_new(base.get(), -1, 0, &OnTick, this));
    if (!mail_event || !tick_event || event_add(mail_event.get(), nullptr) != 0) return false;
    Tick();
    return true;
}

void HttpLoop::Impl::OnAccept(int fd, short, void* arg)
{
    static_cast<Impl*>(arg)->Accept(fd);
}

void HttpLoop::Impl::Accept(int fd)
{
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    const int peer_fd =
        accept4(fd, reinterpret_cast<sockaddr*>(&address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (peer_fd < 0) {
        if (errno != EMFILE && errno != ENFILE && errno != ENOMEM && errno != ENOBUFS) return;
        EMC_LOG(shared.log, Warning, None, "RPC server cannot take a connection: out of descriptors");
        for (const auto& listener : listeners)
            event_del(listener.get()); // the next tick tries again
        accepting = false;
        return;
    }
    const int one = 1;
    setsockopt(peer_fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    Peer peer = PeerOf(address);
    if (shared.connections.fetch_add(1, std::memory_order_relaxed) >= shared.options.max_connections) {
        shared.connections.fetch_sub(1, std::memory_order_relaxed);
        static_cast<void>(!send(peer_fd, BUSY_REPLY.data(), BUSY_REPLY.size(), MSG_NOSIGNAL));
        close(peer_fd);
        return;
    }
    const auto& allow = shared.options.allow;
    const bool allowed = peer.ip && std::any_of(allow.begin(), allow.end(), [&peer](const base::Subnet& net) {
                             return net.Contains(*peer.ip);
                         });
    if (!allowed) {
        EMC_LOG(shared.log, Warning, None, "HTTP connection from %s refused: not in -rpcallowip",
                peer.text.c_str());
    }
    Adopt(peer_fd, std::move(peer.text), allowed);
}

void HttpLoop::Impl::Adopt(int fd, std::string peer, bool allowed)
{
    const uint64_t id = ++next_id;
    auto connection = std::make_unique<HttpConnection>(loop, id, fd, std::move(peer));
    if (!connection->Watch()) return;
    auto& kept = *connections.emplace(id, std::move(connection)).first->second;
    if (!allowed) kept.Refuse(HttpReply{403, "", "text/plain", {}});
}

void HttpLoop::Impl::OnMail(int, short, void* arg)
{
    static_cast<Impl*>(arg)->ReadMail();
}

void HttpLoop::Impl::ReadMail()
{
    uint64_t count = 0;
    static_cast<void>(!read(mail.fd, &count, sizeof(count)));
    std::vector<Mail::Letter> letters;
    bool stop = false;
    {
        const base::LockGuard lock(mail.mutex);
        letters.swap(mail.letters);
        stop = mail.stop;
    }
    for (auto& letter : letters) {
        const auto it = connections.find(letter.connection);
        if (it != connections.end()) it->second->Finish(letter.reply);
    }
    if (stop && !ending) End();
}

void HttpLoop::Impl::End()
{
    ending = true;
    for (const auto& listener : listeners)
        event_del(listener.get());
    for (const auto& [id, connection] : connections)
        connection->Stop();
    const timeval patience{0, STOP_PATIENCE_US};
    event_base_loopexit(base.get(), &patience);
    event_active(tick_event.get(), EV_TIMEOUT, 0);
}

void HttpLoop::Impl::OnTick(int, short, void* arg)
{
    static_cast<Impl*>(arg)->Tick();
}

void HttpLoop::Impl::SendDelayed(int64_t now)
{
    while (!delayed.empty() && delayed.begin()->first <= now) {
        const auto [id, reply] = std::move(delayed.begin()->second);
        delayed.erase(delayed.begin());
        const auto it = connections.find(id);
        if (it != connections.end()) it->second->Finish(reply);
    }
}

/// Sends what was held back, closes what took too long, and says when to come again.
void HttpLoop::Impl::Tick()
{
    const int64_t now = base::SteadyMicros();
    SetDate();
    SendDelayed(now);
    for (const auto& [id, connection] : connections) {
        if (connection->DeadlineUs() <= now) connection->TimeOut();
    }
    for (const uint64_t id : std::exchange(buried, {}))
        connections.erase(id);
    if (!accepting && !ending) {
        accepting = true;
        for (const auto& listener : listeners)
            event_add(listener.get(), nullptr);
    }
    if (ending && connections.empty()) event_base_loopbreak(base.get());
    const int64_t next =
        delayed.empty() ? TICK_US : std::clamp<int64_t>(delayed.begin()->first - now, 0, TICK_US);
    const timeval pause{next / 1'000'000, next % 1'000'000};
    event_add(tick_event.get(), &pause);
}

void HttpLoop::Impl::SetDate()
{
    static constexpr const char* DAYS[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    date =
        base::Format("%s, %02d %s %d %02d:%02d:%02d GMT", DAYS[parts.tm_wday], parts.tm_mday,
                     MONTHS[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

} // namespace emc::rpc
