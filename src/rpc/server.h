/// JSON-RPC over HTTP: authentication, guess limiting, dispatch.
#pragma once

#include "base/mutex.h"
#include "rpc/auth.h"
#include "rpc/dispatcher.h"
#include "rpc/http_server.h"

namespace emc::rpc {

/// Owns the HTTP server. Start it early: calls answer −28 until EndWarmup.
class RpcServer
{
public:
    struct Options {
        HttpServer::Options http;
        Authenticator::Options auth;
    };

    RpcServer(Options options, Services early, base::RandomSource& random, base::Logger& log);
    ~RpcServer();

    [[nodiscard]] base::Expected<void, std::string> Start();

    void EndWarmup(const Services& services) { m_dispatcher.EndWarmup(services); }

    /// Finishes running calls, removes the cookie. Idempotent.
    void Stop();

private:
    [[nodiscard]] HttpAction Handle(HttpRequest&& request);
    /// Pause before the next refusal leaves: at most four wrong passwords a second over all connections.
    [[nodiscard]] int RefusalDelayMs();

    Options m_options;
    base::RandomSource& m_random;
    base::Logger& m_log;
    Dispatcher m_dispatcher;
    std::optional<Authenticator> m_auth;
    std::unique_ptr<HttpServer> m_http;
    base::Mutex<base::LockRank::Leaf> m_mutex;
    int64_t m_next_refusal_us EMC_GUARDED_BY(m_mutex) = 0;
};

} // namespace emc::rpc
