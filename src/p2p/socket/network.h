/// The sockets: listens, connects (directly or through SOCKS5 proxies), carries messages over both
/// transports. Knows nothing of what they mean.
#pragma once

#include "p2p/socket/caller.h"
#include "p2p/socket/dialer.h"

namespace emc::base {
class Clock;
class Logger;
} // namespace emc::base

namespace emc::p2p {

/// Bounds, each per connection unless it says otherwise.
struct NetworkLimits {
    size_t max_links = 125 + 16; ///< sockets at the same time, outgoing attempts included
    size_t receive_queue_bytes =
        5'000'000; ///< unhandled messages; beyond it nothing is read (-maxreceivebuffer)
    size_t send_queue_bytes = 1'000'000; ///< beyond it SendPaused says so (-maxsendbuffer)
    size_t hard_send_bytes = 32'000'000; ///< beyond it the connection ends: its peer does not read
    int64_t connect_timeout_ms = 5'000;  ///< -timeout; with a proxy four times as long
};

class Network final : public Caller
{
public:
    struct Options {
        uint32_t magic_be = 0; ///< as in consensus::Params
        bool v2 = true;        ///< the encrypted transport, offered and tried
        bool lookups = true;   ///< host names may be looked up (-dns)
        NetworkLimits limits;
        Proxies proxies;
    };

    struct Deps {
        const base::Clock& clock;
        base::Logger& log;
        base::RandomSource& random;
        LinkSink& sink;
    };

    Network(const Options& options, const Deps& deps);
    /// Stops.
    ~Network() override;
    Network(const Network&) = delete;
    Network& operator=(const Network&) = delete;

    /// Before Start. Binds and listens; port 0 takes a free one. The result is where it listens. The error
    /// names the address and the reason.
    struct Door {
        Endpoint where;
        Permissions permissions;
        bool onion = false;    ///< only the onion service's daemon knows this port
        bool optional = false; ///< no reason to stop when it does not open: IPv6 may be missing
    };

    [[nodiscard]] base::Expected<Endpoint, std::string> Listen(const Door& door);
    /// Starts the thread "p2p-net".
    void Start();
    /// Closes everything and joins; no calls to the sink afterwards.
    void Stop();

    // Any thread from here on.

    void Open(const OpenRequest& request) override;
    void Resolve(const std::string& host, uint16_t port) override;
    /// Queues a message; nothing happens when the link has gone.
    void Send(LinkId id, std::string_view command, base::Bytes payload);
    void Close(LinkId id, std::string_view reason);
    /// A message of OnMessage has been dealt with: its `wire_bytes` are free again.
    void Handled(LinkId id, size_t wire_bytes);
    /// More is queued than NetworkLimits::send_queue_bytes: ask again before sending much.
    [[nodiscard]] bool SendPaused(LinkId id) const;
    /// Connections to onion addresses go through it from now on.
    void SetOnionProxy(const Endpoint& proxy);
    /// As they are now.
    [[nodiscard]] Proxies GetProxies() const;
    [[nodiscard]] bool Reaches(NetKind network) const override;
    [[nodiscard]] bool BehindProxy() const override;
    /// false: closes all and refuses new ones (setnetworkactive).
    void SetActive(bool active);
    [[nodiscard]] bool Active() const override;

    [[nodiscard]] std::vector<LinkStats> Stats() const;

    struct Totals {
        uint64_t bytes_sent = 0;
        uint64_t bytes_received = 0;
    };

    /// Of all connections since the start.
    [[nodiscard]] Totals GetTotals() const;

private:
    class Wire;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::p2p
