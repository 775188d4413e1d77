#include "rpc/http_server.h"

#include "base/mutex.h"
#include "base/thread.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace emc::rpc {

namespace {

using Lock = base::Mutex<base::LockRank::Rpc>;

constexpr int LISTEN_BACKLOG = 1024;

struct BaseFree {
    void operator()(event_base* p) const { event_base_free(p); }
};

struct HttpFree {
    void operator()(evhttp* p) const { evhttp_free(p); }
};

struct EventFree {
    void operator()(event* p) const { event_free(p); }
};

/// A reply on its way back to the loop that owns the connection.
struct Finished {
    evhttp_request* request = nullptr;
    HttpReply reply;
    int delay_ms = 0;
};

void SendReply(evhttp_request* request, const HttpReply& reply)
{
    auto* headers = evhttp_request_get_output_headers(request);
    if (!reply.body.empty()) evhttp_add_header(headers, "Content-Type", reply.content_type.c_str());
    for (const auto& [name, value] : reply.headers)
        evhttp_add_header(headers, name.c_str(), value.c_str());
    auto* out = evhttp_request_get_output_buffer(request);
    evbuffer_add(out, reply.body.data(), reply.body.size());
    evhttp_send_reply(request, reply.status, nullptr, nullptr);
}

std::string PeerText(evhttp_request* request)
{
    char* host = nullptr;
    uint16_t port = 0;
    evhttp_connection_get_peer(evhttp_request_get_connection(request), &host, &port);
    return host == nullptr ? "?" : std::string(host) + ":" + std::to_string(port);
}

std::optional<IpBytes> PeerIp(evhttp_request* request)
{
    char* host = nullptr;
    uint16_t port = 0;
    evhttp_connection_get_peer(evhttp_request_get_connection(request), &host, &port);
    return host == nullptr ? std::nullopt : ParseIp(host);
}

std::string MethodText(evhttp_cmd_type type)
{
    switch (type) {
    case EVHTTP_REQ_GET:
        return "GET";
    case EVHTTP_REQ_POST:
        return "POST";
    case EVHTTP_REQ_HEAD:
        return "HEAD";
    case EVHTTP_REQ_PUT:
        return "PUT";
    case EVHTTP_REQ_DELETE:
        return "DELETE";
    case EVHTTP_REQ_OPTIONS:
        return "OPTIONS";
    default:
        return "";
    }
}

HttpRequest ReadRequest(evhttp_request* request)
{
    HttpRequest out;
    out.method = MethodText(evhttp_request_get_command(request));
    const auto* uri = evhttp_request_get_evhttp_uri(request);
    if (const char* path = uri == nullptr ? nullptr : evhttp_uri_get_path(uri)) {
        size_t size = 0;
        if (char* decoded = evhttp_uridecode(path, 0, &size)) {
            out.path.assign(decoded, size);
            std::free(decoded);
        }
    }
    if (const char* query = uri == nullptr ? nullptr : evhttp_uri_get_query(uri)) out.query = query;
    out.peer = PeerText(request);
    const auto* headers = evhttp_request_get_input_headers(request);
    if (const char* value = evhttp_find_header(headers, "Authorization")) out.authorization = value;
    auto* body = evhttp_request_get_input_buffer(request);
    out.body.resize(evbuffer_get_length(body));
    evbuffer_remove(body, out.body.data(), out.body.size());
    return out;
}

/// An IPv4 or IPv6 socket that listens, or why not.
base::Expected<int, std::string> Listen(const HttpServer::Endpoint& endpoint)
{
    sockaddr_storage storage{};
    socklen_t size = 0;
    auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    if (inet_pton(AF_INET, endpoint.host.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(endpoint.port);
        size = sizeof(*v4);
    } else if (inet_pton(AF_INET6, endpoint.host.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(endpoint.port);
        size = sizeof(*v6);
    } else {
        return base::Unexpected("'" + endpoint.host + "' is no IPv4 or IPv6 address");
    }
    const std::string name = endpoint.host + " port " + std::to_string(endpoint.port);
    const int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return base::Unexpected("No socket for " + name + ": " + std::strerror(errno));
    const int one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (storage.ss_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
    if (bind(fd, reinterpret_cast<const sockaddr*>(&storage), size) != 0 || listen(fd, LISTEN_BACKLOG) != 0) {
        const std::string reason = std::strerror(errno);
        close(fd);
        return base::Unexpected("Cannot listen on " + name + ": " + reason);
    }
    return fd;
}

} // namespace

struct HttpServer::Impl {
    /// One event loop with its own connections.
    struct Loop {
        Impl* server = nullptr;
        std::unique_ptr<event_base, BaseFree> base;
        std::unique_ptr<evhttp, HttpFree> http;
        std::unique_ptr<event, EventFree> wake;
        int wake_fd = -1;
        Lock mutex;
        std::deque<Finished> finished EMC_GUARDED_BY(mutex);
        bool stopping EMC_GUARDED_BY(mutex) = false;
        size_t open_requests = 0; ///< loop thread only
        base::Thread thread;

        void Wake() const
        {
            const uint64_t one = 1;
            static_cast<void>(!write(wake_fd, &one, sizeof(one)));
        }

        ~Loop()
        {
            wake.reset();
            http.reset();
            base.reset();
            if (wake_fd >= 0) close(wake_fd);
        }
    };

    struct Work {
        Loop* loop = nullptr;
        evhttp_request* request = nullptr;
        std::function<HttpReply()> run;
    };

    /// A reply that waits for its pause to end.
    struct Delayed {
        Loop* loop = nullptr;
        evhttp_request* request = nullptr;
        HttpReply reply;
    };

    Impl(Options o, HttpHandler h, base::Logger& l) : options(std::move(o)), handler(std::move(h)), log(l) {}

    static void OnRequest(evhttp_request* request, void* arg);
    static void OnWake(int fd, short what, void* arg);
    static void OnDelayEnd(int fd, short what, void* arg);
    void Handle(Loop& loop, evhttp_request* request);
    void Answer(Loop& loop, evhttp_request* request, HttpReply reply, int delay_ms);
    void WorkerBody();
    base::Expected<void, std::string> MakeLoop();
    base::Expected<void, std::string> BindAll();

    Options options;
    HttpHandler handler;
    base::Logger& log;
    std::vector<int> sockets;
    std::vector<std::unique_ptr<Loop>> loops;
    std::vector<base::Thread> workers;
    Lock mutex;
    base::CondVar changed;
    std::deque<Work> queue EMC_GUARDED_BY(mutex);
    bool stopping EMC_GUARDED_BY(mutex) = false;
    bool started = false;
};

void HttpServer::Impl::Answer(Loop& loop, evhttp_request* request, HttpReply reply, int delay_ms)
{
    if (delay_ms <= 0) {
        --loop.open_requests;
        SendReply(request, reply);
        return;
    }
    auto delayed = std::make_unique<Delayed>();
    *delayed = {&loop, request, std::move(reply)};
    const timeval pause{delay_ms / 1000, (delay_ms % 1000) * 1000};
    auto* handed_over = delayed.release(); // OnDelayEnd owns it
    if (event_base_once(loop.base.get(), -1, EV_TIMEOUT, &OnDelayEnd, handed_over, &pause) != 0) {
        OnDelayEnd(-1, 0, handed_over);
    }
}

void HttpServer::Impl::OnDelayEnd(int, short, void* arg)
{
    const std::unique_ptr<Delayed> delayed(static_cast<Delayed*>(arg));
    --delayed->loop->open_requests;
    SendReply(delayed->request, delayed->reply);
}

void HttpServer::Impl::OnRequest(evhttp_request* request, void* arg)
{
    auto* loop = static_cast<Loop*>(arg);
    loop->server->Handle(*loop, request);
}

void HttpServer::Impl::Handle(Loop& loop, evhttp_request* request)
{
    ++loop.open_requests;
    const auto ip = PeerIp(request);
    const bool allowed = ip && std::any_of(options.allow.begin(), options.allow.end(),
                                           [&ip](const Subnet& net) { return net.Contains(*ip); });
    if (!allowed) {
        EMC_LOG(log, Warning, None, "HTTP request from %s refused: not in -rpcallowip",
                PeerText(request).c_str());
        Answer(loop, request, HttpReply{403, "", "text/plain", {}}, 0);
        return;
    }
    HttpAction action = handler(ReadRequest(request));
    if (action.now) {
        Answer(loop, request, std::move(*action.now), action.delay_ms);
        return;
    }
    {
        const base::LockGuard lock(mutex);
        if (!stopping && queue.size() < options.queue) {
            queue.push_back({&loop, request, std::move(action.later)});
            changed.notify_one();
            return;
        }
    }
    EMC_LOG(log, Warning, None, "HTTP work queue is full (%zu waiting): answered 503; see -rpcworkqueue",
            options.queue);
    Answer(loop, request, HttpReply{503, "Work queue depth exceeded\n", "text/plain", {{"Retry-After", "1"}}},
           0);
}

void HttpServer::Impl::OnWake(int fd, short, void* arg)
{
    auto* loop = static_cast<Loop*>(arg);
    uint64_t count = 0;
    static_cast<void>(!read(fd, &count, sizeof(count)));
    std::deque<Finished> ready;
    bool stop = false;
    {
        const base::LockGuard lock(loop->mutex);
        ready.swap(loop->finished);
        stop = loop->stopping;
    }
    for (auto& item : ready)
        loop->server->Answer(*loop, item.request, std::move(item.reply), item.delay_ms);
    if (stop) {
        const timeval flush_time{0, 50'000}; // lets the last replies leave
        event_base_loopexit(loop->base.get(), &flush_time);
    }
}

void HttpServer::Impl::WorkerBody()
{
    for (;;) {
        Work work;
        {
            const base::LockGuard lock(mutex);
            while (queue.empty() && !stopping)
                changed.wait(mutex);
            if (queue.empty()) return;
            work = std::move(queue.front());
            queue.pop_front();
        }
        HttpReply reply = work.run();
        const base::LockGuard lock(work.loop->mutex);
        work.loop->finished.push_back({work.request, std::move(reply), 0});
        work.loop->Wake();
    }
}

base::Expected<void, std::string> HttpServer::Impl::BindAll()
{
    for (const auto& endpoint : options.listen) {
        auto fd = Listen(endpoint);
        if (!fd && options.optional_loopback && endpoint.host == "::1" && !sockets.empty()) continue;
        if (!fd) return base::Unexpected(fd.Error());
        sockets.push_back(*fd);
        EMC_LOG(log, Info, None, "RPC server listens on %s port %u", endpoint.host.c_str(), endpoint.port);
    }
    return {};
}

base::Expected<void, std::string> HttpServer::Impl::MakeLoop()
{
    auto loop = std::make_unique<Loop>();
    loop->server = this;
    loop->base.reset(event_base_new());
    loop->http.reset(loop->base ? evhttp_new(loop->base.get()) : nullptr);
    loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!loop->http || loop->wake_fd < 0)
        return base::Unexpected(std::string("Cannot create an HTTP event loop"));
    evhttp_set_timeout(loop->http.get(), options.idle_timeout_sec);
    evhttp_set_max_headers_size(loop->http.get(), static_cast<ssize_t>(options.max_header_bytes));
    evhttp_set_max_body_size(loop->http.get(), static_cast<ssize_t>(options.max_body_bytes));
    evhttp_set_allowed_methods(loop->http.get(), EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD |
                                                     EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS);
    evhttp_set_gencb(loop->http.get(), &OnRequest, loop.get());
    for (const int fd : sockets) {
        const int shared = dup(fd);
        if (shared < 0 || evhttp_accept_socket(loop->http.get(), shared) != 0) {
            return base::Unexpected(std::string("Cannot accept HTTP connections: ") + std::strerror(errno));
        }
    }
    loop->wake.reset(event_new(loop->base.get(), loop->wake_fd, EV_READ | EV_PERSIST, &OnWake, loop.get()));
    event_add(loop->wake.get(), nullptr);
    loops.push_back(std::move(loop));
    return {};
}

HttpServer::HttpServer(Options options, HttpHandler handler, base::Logger& log)
    : m_impl(std::make_unique<Impl>(std::move(options), std::move(handler), log))
{}

HttpServer::~HttpServer()
{
    Stop();
}

base::Expected<void, std::string> HttpServer::Start()
{
    auto& impl = *m_impl;
    if (auto bound = impl.BindAll(); !bound) return bound;
    for (unsigned i = 0; i < impl.options.loops; ++i) {
        if (auto made = impl.MakeLoop(); !made) return made;
    }
    impl.started = true;
    for (unsigned i = 0; i < impl.options.workers; ++i) {
        impl.workers.emplace_back("rpc-work" + std::to_string(i), [&impl] { impl.WorkerBody(); });
    }
    for (size_t i = 0; i < impl.loops.size(); ++i) {
        auto* loop = impl.loops[i].get();
        loop->thread =
            base::Thread("rpc-http" + std::to_string(i), [loop] { event_base_dispatch(loop->base.get()); });
    }
    return {};
}

void HttpServer::Stop()
{
    auto& impl = *m_impl;
    {
        const base::LockGuard lock(impl.mutex);
        impl.stopping = true;
        impl.changed.notify_all();
    }
    for (auto& worker : impl.workers)
        worker.Join();
    impl.workers.clear();
    for (auto& loop : impl.loops) {
        {
            const base::LockGuard lock(loop->mutex);
            loop->stopping = true;
        }
        loop->Wake();
    }
    for (auto& loop : impl.loops)
        loop->thread.Join();
    impl.loops.clear();
    for (const int fd : impl.sockets)
        close(fd);
    impl.sockets.clear();
}

} // namespace emc::rpc
