#include "p2p/protocol/keep_alive.h"

#include <algorithm>

namespace emc::p2p {

void KeepAlive::On(Peer& peer, const Ping& message)
{
    m_desk.Send(peer, Pong{message.nonce});
}

void KeepAlive::On(Peer& peer, const Pong& message)
{
    if (peer.ping_nonce == 0 || message.nonce != peer.ping_nonce) return; // late, or never asked for
    peer.ping_nonce = 0;
    peer.ping_us = std::max<int64_t>(0, m_desk.NowUs() - peer.ping_sent_us);
    peer.best_ping_us = std::min(peer.best_ping_us.value_or(*peer.ping_us), *peer.ping_us);
}

void KeepAlive::OnTick(int64_t now_ms)
{
    m_desk.ForEachReady([&](Peer& peer) {
        if (peer.ping_nonce != 0) {
            const int64_t waiting_ms = now_ms - peer.ping_sent_us / 1'000;
            if (waiting_ms > m_desk.options.idle_timeout_sec * 1'000)
                m_desk.Drop(peer, "does not answer pings");
            return;
        }
        if (now_ms < peer.next_ping_ms && !peer.ping_asked) return;
        peer.ping_asked = false;
        peer.next_ping_ms = now_ms + PING_INTERVAL_MS;
        peer.ping_nonce = std::max<uint64_t>(1, m_desk.deps.random.Next64());
        peer.ping_sent_us = m_desk.NowUs();
        m_desk.Send(peer, Ping{peer.ping_nonce});
    });
}

} // namespace emc::p2p
