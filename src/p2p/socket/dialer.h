/// Outgoing connections up to the point where the other side can be spoken to: names resolved, proxies
/// persuaded.
#pragma once

#include "base/function.h"
#include "base/memory.h"
#include "p2p/socket/link.h"

namespace boost::asio {
class io_context;
}

namespace emc::base {
class RandomSource;
}

namespace emc::p2p {

class Lookups;

/// SOCKS5 proxies by what they reach; absent: directly (clear networks) or not at all (onion).
struct Proxies {
    std::optional<Endpoint> clear;
    std::optional<Endpoint> onion;
    bool random_credentials = true; ///< another circuit for each connection (-proxyrandomize)
};

/// All functions on the thread that runs the loop.
class Dialer
{
public:
    struct Options {
        Proxies proxies;
        bool lookups = true;        ///< host names may be looked up when no proxy does it
        int64_t timeout_ms = 5'000; ///< through a proxy four times as long
    };

    /// A connected socket, owned by whoever gets it.
    struct Dialed {
        int socket = -1;
        bool v6 = false; ///< family of the socket
        Endpoint remote; ///< as asked for; unspecified behind a proxy that was given a host name
    };

    using Done = std::function<void(base::Expected<Dialed, std::string>)>;

    /// Everything passed by reference outlives the dialer.
    Dialer(boost::asio::io_context& loop, Lookups& lookups, const Options& options,
           base::RandomSource& random);
    ~Dialer();
    Dialer(const Dialer&) = delete;
    Dialer& operator=(const Dialer&) = delete;

    /// Calls `done` once, perhaps before it returns. The error is a sentence.
    void Dial(const OpenRequest& request, Done done);
    /// For the attempts that begin from now on.
    void SetOnionProxy(const Endpoint& proxy);
    /// Attempts under way.
    [[nodiscard]] size_t Busy() const;
    /// Ends all attempts without a word to anybody.
    void Stop();

private:
    class Attempt;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::p2p
