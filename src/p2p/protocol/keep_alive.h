/// Pings: is the other side alive, and how far away?
#pragma once

#include "p2p/protocol/desk.h"

namespace emc::p2p {

/// Between two pings of one connection.
inline constexpr int64_t PING_INTERVAL_MS = 120'000;

/// The message thread only.
class KeepAlive
{
public:
    explicit KeepAlive(Desk& desk) : m_desk(desk) {}

    void On(Peer& peer, const Ping& message);
    void On(Peer& peer, const Pong& message);
    /// Asks whose turn it is, and drops who does not answer for ProtocolOptions::idle_timeout_sec.
    void OnTick(int64_t now_ms);

private:
    Desk& m_desk;
};

} // namespace emc::p2p
