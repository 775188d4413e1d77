/// JSON-RPC over HTTP: authentication, guess limiting, dispatch. Beside it REST and /health, without a
/// password.
#pragma once

#include "rpc/auth.h"
#include "rpc/http_server.h"

namespace emc::base {
class Logger;
}

namespace emc::interfaces {
class MetricSource;
}

namespace emc::rpc {

struct Services;

/// Names of calls, sorted.
using MethodSet = std::vector<std::string>;

/// Which calls a user may make; a user without an entry may make all of them or, with `deny_others`, none.
struct Whitelist {
    std::vector<std::pair<std::string, MethodSet>> users;
    bool deny_others = false;

    /// Takes in "user" or "user:call,call"; a second entry of a user leaves what both allow. The error is a
    /// sentence that names an unknown call.
    [[nodiscard]] base::Expected<void, std::string> Add(std::string_view text);
    /// nullptr: everything is allowed.
    [[nodiscard]] const MethodSet* Of(std::string_view user) const;
};

/// Owns the HTTP server. Start it early: calls answer −28 until EndWarmup.
class RpcServer
{
public:
    struct Options {
        HttpServer::Options http;
        Authenticator::Options auth;
        Whitelist whitelist;
        bool rest = false; ///< answer below /rest/ without a password
    };

    RpcServer(Options options, const Services& early, base::RandomSource& random, base::Logger& log);
    ~RpcServer();

    [[nodiscard]] base::Expected<void, std::string> Start();

    void EndWarmup(const Services& services);

    /// Finishes running calls, removes the cookie. Idempotent.
    void Stop();

    /// Figures of all calls; they live as long as the server.
    [[nodiscard]] const interfaces::MetricSource& Figures() const;

    /// Port of the first endpoint; 0 when not started.
    [[nodiscard]] uint16_t Port() const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::rpc
