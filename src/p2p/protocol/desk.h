/// What the handlers of messages share: peers, ways to answer them, and the rooms they may ask.
#pragma once

#include "p2p/protocol/peer.h"
#include "p2p/wire/message.h"

namespace emc::base {
class Clock;
class Logger;
} // namespace emc::base

namespace emc::chain {
class Chain;
}

namespace emc::interfaces {
class IndexReader;
}

namespace emc::mempool {
class Mempool;
}

namespace emc::p2p {

class BanList;
class Network;

/// What the operator chose.
struct ProtocolOptions {
    Services services = 0; ///< offered to everybody
    std::string user_agent;
    bool relay_transactions = true;   ///< false: -blocksonly
    uint64_t upload_target_bytes = 0; ///< a day; 0: none
    int64_t handshake_timeout_sec = 60;
    int64_t idle_timeout_sec = 1'200;
};

struct ProtocolDeps {
    chain::Chain& chain;
    mempool::Mempool& pool;
    const interfaces::IndexReader* index = nullptr; ///< null: no block filters
    BanList& bans;
    const base::Clock& clock;
    base::Logger& log;
    base::RandomSource& random;
};

/// The message thread only.
class Desk
{
public:
    Desk(const ProtocolOptions& chosen, const ProtocolDeps& rooms, Network& network);

    /// For timeouts: runs on with the computer's clock and jumps forward with a mock time.
    [[nodiscard]] int64_t NowUs();

    [[nodiscard]] int64_t NowMs() { return NowUs() / 1'000; }

    void Send(Peer& peer, const Message& message);
    /// A message whose payload is written already.
    void Send(Peer& peer, std::string_view command, base::Bytes payload);
    /// Ends the connection.
    void Drop(Peer& peer, std::string_view reason);
    /// The peer broke the protocol: ends the connection and discourages its address, unless the operator
    /// protects it.
    void Punish(Peer& peer, std::string_view what);

    /// What this node offers to this peer.
    [[nodiscard]] Services OfferedTo(const Peer& peer) const;
    /// Whether transactions are exchanged with it, if it wants them.
    [[nodiscard]] bool RelaysWith(const Peer& peer) const;

    /// A secret of this run, for choices nobody else can foresee.
    [[nodiscard]] uint64_t Salt() const { return m_salt; }

    /// More is waiting to be sent than is good.
    [[nodiscard]] bool Busy(const Peer& peer) const;

    [[nodiscard]] Peer* Find(PeerId id);

    /// Peers that are ready and not on their way out.
    template <typename F>
    void ForEachReady(F visit)
    {
        for (auto& [_, peer] : m_peers) {
            if (peer.ready && !peer.closing) visit(peer);
        }
    }

    [[nodiscard]] std::map<PeerId, Peer>& Peers() { return m_peers; }

    [[nodiscard]] const std::map<PeerId, Peer>& Peers() const { return m_peers; }

    const ProtocolOptions options;
    const ProtocolDeps deps;

private:
    Network& m_network;
    const uint64_t m_salt;
    std::map<PeerId, Peer> m_peers;
    int64_t m_mock_sec = 0;  ///< last seen
    int64_t m_jumped_us = 0; ///< sum of the mock time's jumps
};

} // namespace emc::p2p
