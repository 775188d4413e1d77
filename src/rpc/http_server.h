/// HTTP/1.1 on libevent: some event loops share the listening sockets, quick requests are answered where they
/// arrive, slow ones by a bounded pool of workers.
#pragma once

#include "base/expected.h"
#include "base/function.h"
#include "base/log.h"
#include "rpc/subnet.h"

#include <memory>
#include <vector>

namespace emc::rpc {

struct HttpRequest {
    std::string method; ///< "GET", "POST", … ; "" for others
    std::string path;   ///< percent-decoded, without query
    std::string query;
    std::string peer; ///< "127.0.0.1:40000"
    std::string authorization;
    std::string body;
};

struct HttpReply {
    int status = 200;
    std::string body;
    std::string content_type = "application/json";
    std::vector<std::pair<std::string, std::string>> headers;
};

/// What to do with a request: answer now (perhaps after a pause), or run `later` on a worker.
struct HttpAction {
    std::optional<HttpReply> now;
    std::function<HttpReply()> later;
    int delay_ms = 0;
};

/// Called on an event loop thread: must be quick. Never throws.
using HttpHandler = std::function<HttpAction(HttpRequest&&)>;

class HttpServer
{
public:
    struct Endpoint {
        std::string host; ///< address literal
        uint16_t port = 0;
    };

    struct Options {
        std::vector<Endpoint> listen;
        bool optional_loopback = false; ///< one of several loopback addresses may be missing on this computer
        std::vector<Subnet> allow;      ///< peers outside get 403
        unsigned loops = 2;
        unsigned workers = 4;
        size_t queue = 64; ///< slow requests waiting; more get 503 with Retry-After
        int idle_timeout_sec = 30;
        size_t max_body_bytes = 32u << 20;
        size_t max_header_bytes = 8192;
        unsigned max_connections = 10'000;
    };

    HttpServer(Options options, HttpHandler handler, base::Logger& log);
    /// Stops if still running.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Binds and starts the threads. The error says which address failed and why.
    [[nodiscard]] base::Expected<void, std::string> Start();
    /// Takes no new requests, lets running ones finish, joins all threads. Idempotent.
    void Stop();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::rpc
