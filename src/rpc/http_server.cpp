#include "rpc/http_server.h"

#include "base/log.h"
#include "base/mutex.h"
#include "base/thread.h"
#include "rpc/http_connection.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <deque>
#include <sys/socket.h>
#include <unistd.h>

namespace emc::rpc {

namespace {

using Lock = base::Mutex<base::LockRank::Rpc>;

constexpr int LISTEN_BACKLOG = 1024;
constexpr size_t LANES = 2;

struct ListenError {
    std::string text;
    bool no_such_address = false; ///< this machine has no such address, or not this kind
};

ListenError LastError(const std::string& doing)
{
    const int code = errno;
    return {doing + ": " + std::strerror(code), code == EADDRNOTAVAIL || code == EAFNOSUPPORT};
}

/// An IPv4 or IPv6 socket that listens, or why not.
base::Expected<int, ListenError> Listen(const HttpServer::Endpoint& endpoint)
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
        return base::Unexpected(ListenError{"'" + endpoint.host + "' is no IPv4 or IPv6 address"});
    }
    const std::string name = endpoint.host + " port " + std::to_string(endpoint.port);
    const int fd = socket(storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return base::Unexpected(LastError("No socket for " + name));
    const int one = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (storage.ss_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
    if (bind(fd, reinterpret_cast<const sockaddr*>(&storage), size) != 0 || listen(fd, LISTEN_BACKLOG) != 0) {
        auto error = LastError("Cannot listen on " + name);
        close(fd);
        return base::Unexpected(std::move(error));
    }
    return fd;
}

} // namespace

struct HttpServer::Impl {
    /// A slow request.
    struct Work {
        HttpLoop* loop = nullptr;
        uint64_t connection = 0;
        std::function<HttpReply()> run;
    };

    Impl(Options o, HttpHandlers h, base::Logger& l)
        : options(std::move(o)), handlers(std::move(h)),
          log(l), shared{
                      options, handlers, l,
                      [this](HttpLoop& loop, uint64_t connection, Lane lane, std::function<HttpReply()> run) {
                          return Enqueue(lane, {&loop, connection, std::move(run)});
                      }}
    {}

    bool Enqueue(Lane lane, Work work);
    void WorkerBody(Lane lane);
    void StopWorkers();
    base::Expected<void, std::string> BindAll();

    const Options options;
    const HttpHandlers handlers;
    base::Logger& log;
    HttpShared shared;
    std::vector<int> sockets;
    std::vector<std::unique_ptr<HttpLoop>> loops;
    std::vector<base::Thread> loop_threads;
    std::vector<base::Thread> workers;
    Lock mutex;
    base::CondVar changed[LANES];
    std::deque<Work> queues[LANES] EMC_GUARDED_BY(mutex);
    bool stopping EMC_GUARDED_BY(mutex) = false;
};

bool HttpServer::Impl::Enqueue(Lane lane, Work work)
{
    const auto i = static_cast<size_t>(lane);
    const base::LockGuard lock(mutex);
    if (stopping || queues[i].size() >= options.queue) return false;
    queues[i].push_back(std::move(work));
    changed[i].NotifyOne();
    return true;
}

void HttpServer::Impl::StopWorkers()
{
    {
        const base::LockGuard lock(mutex);
        stopping = true;
        for (auto& lane : changed)
            lane.NotifyAll();
    }
    workers.clear(); // joins: running requests end, their replies are posted
}

void HttpServer::Impl::WorkerBody(Lane lane)
{
    const auto i = static_cast<size_t>(lane);
    for (;;) {
        Work work;
        bool late = false;
        {
            const base::LockGuard lock(mutex);
            while (queues[i].empty() && !stopping)
                changed[i].Wait(mutex);
            if (queues[i].empty()) return;
            work = std::move(queues[i].front());
            queues[i].pop_front();
            late = stopping;
        }
        work.loop->Post(work.connection,
                        late ? HttpReply{503, "The node stops\n", "text/plain", {}} : work.run());
    }
}

base::Expected<void, std::string> HttpServer::Impl::BindAll()
{
    for (const auto& endpoint : options.listen) {
        auto fd = Listen(endpoint);
        const bool optional = options.optional_loopback && endpoint.host == "::1" && !sockets.empty();
        if (!fd && optional && fd.Error().no_such_address) continue;
        if (!fd) return base::Unexpected(fd.Error().text);
        sockets.push_back(*fd);
        EMC_LOG(log, Info, None, "RPC server listens on %s port %u", endpoint.host.c_str(), endpoint.port);
    }
    return {};
}

HttpReply TextReply(int status, std::string text, std::string_view content_type)
{
    return {status, std::move(text), std::string(content_type), {}};
}

HttpServer::HttpServer(Options options, HttpHandlers handlers, base::Logger& log)
    : m_impl(std::make_unique<Impl>(std::move(options), std::move(handlers), log))
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
        impl.loops.push_back(std::make_unique<HttpLoop>(impl.shared));
        if (!impl.loops.back()->Open(impl.sockets)) {
            return base::Unexpected(std::string("Cannot create an HTTP event loop: ") + std::strerror(errno));
        }
    }
    for (unsigned i = 0; i < impl.options.workers; ++i) {
        impl.workers.emplace_back("rpc-work" + std::to_string(i), [&impl] { impl.WorkerBody(Lane::Slow); });
    }
    for (unsigned i = 0; i < impl.options.long_workers; ++i) {
        impl.workers.emplace_back("rpc-long" + std::to_string(i), [&impl] { impl.WorkerBody(Lane::Long); });
    }
    for (size_t i = 0; i < impl.loops.size(); ++i) {
        auto* loop = impl.loops[i].get();
        impl.loop_threads.emplace_back("rpc-http" + std::to_string(i), [loop] { loop->Run(); });
    }
    return {};
}

void HttpServer::Stop()
{
    auto& impl = *m_impl;
    impl.StopWorkers();
    if (!impl.loop_threads.empty()) {
        for (const auto& loop : impl.loops)
            loop->RequestStop();
    }
    impl.loop_threads.clear();
    impl.loops.clear();
    for (const int fd : impl.sockets)
        close(fd);
    impl.sockets.clear();
}

uint16_t HttpServer::Port() const
{
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    if (m_impl->sockets.empty() ||
        getsockname(m_impl->sockets.front(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        return 0;
    }
    return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port
                                               : reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

} // namespace emc::rpc
