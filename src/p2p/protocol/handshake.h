/// The first words: version, verack, and what must be said between them.
#pragma once

#include "p2p/protocol/desk.h"

namespace emc::p2p {

/// The message thread only.
class Handshake
{
public:
    explicit Handshake(Desk& desk) : m_desk(desk) {}

    /// A connection opened: the side that dialled speaks first.
    void OnOpened(Peer& peer);
    void On(Peer& peer, const Version& message);
    /// True when the peer has just become ready.
    [[nodiscard]] bool On(Peer& peer, const Verack& message);
    void On(Peer& peer, const SendAddrV2& message);
    void On(Peer& peer, const WtxidRelay& message);
    /// Drops those who do not finish in time.
    void OnTick(int64_t now_ms);

private:
    void SendVersion(Peer& peer);
    /// Whether this is our own connection, met from the other side.
    [[nodiscard]] bool IsOurself(const Version& message) const;

    Desk& m_desk;
};

} // namespace emc::p2p
