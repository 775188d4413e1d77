/// HTTP/1.1 on libevent: some event loops share the listening sockets, quick requests are answered where they
/// arrive, slow ones by a bounded pool of workers.
#pragma once

#include "base/expected.h"
#include "base/function.h"
#include "base/memory.h"
#include "base/subnet.h"
#include "rpc/http_parse.h"

#include <vector>

namespace emc::base {
class Logger;
}

namespace emc::rpc {

struct HttpReply {
    int status = 200;
    std::string body;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
};

/// A reply that is a sentence. Any thread.
[[nodiscard]] HttpReply TextReply(int status, std::string text,
                                  std::string_view content_type = "text/plain; charset=utf-8");

/// Which workers a request waits for.
enum class Lane : uint8_t {
    Slow, ///< disk or much memory, over in a moment
    Long, ///< minutes, or until something happens
};

/// What to do with a request: answer now (perhaps after a pause), or run `later` on a worker.
struct HttpAction {
    std::optional<HttpReply> now;
    std::function<HttpReply()> later;
    int delay_ms = 0; ///< before `now` is sent
    /// Of a gate: a longer body is answered 413 unread; the limit of all requests when absent.
    std::optional<size_t> body_limit{};
    Lane lane = Lane::Slow; ///< of `later`
};

/// Both are called on an event loop thread, several at once: they must be quick. They never throw.
struct HttpHandlers {
    /// Sees a request before its body is read and may set its user; with `now` set the body passes by without
    /// being kept and the request is not handled.
    std::function<HttpAction(HttpRequest&)> gate;
    std::function<HttpAction(HttpRequest&&)> handle;
};

class HttpServer
{
public:
    struct Endpoint {
        std::string host; ///< address literal
        uint16_t port = 0;
    };

    struct Options {
        std::vector<Endpoint> listen;
        bool optional_loopback = false;  ///< ::1 may be missing on this computer
        std::vector<base::Subnet> allow; ///< peers outside get 403
        unsigned loops = 2;
        unsigned workers = 4;
        unsigned long_workers = 1; ///< for Lane::Long, so that the others keep moving
        size_t queue = 64;         ///< requests waiting in each lane; more get 503 with Retry-After
        int idle_timeout_sec = 30; ///< for the next request, for a whole head, and beside the minimum rate
        HttpLimits limits;
        uint64_t total_body_bytes = uint64_t{256} << 20; ///< of all requests being read; more get 503
        unsigned max_connections = 500;                  ///< more are answered 503 and closed
    };

    HttpServer(Options options, HttpHandlers handlers, base::Logger& log);
    /// Stops if still running.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Binds and starts the threads. The error says which address failed and why.
    [[nodiscard]] base::Expected<void, std::string> Start();
    /// Takes no new requests, lets running ones finish (those still queued get 503), joins all threads.
    /// Idempotent.
    void Stop();
    /// Port of the first endpoint, which the system chose when 0 was asked for.
    [[nodiscard]] uint16_t Port() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::rpc
