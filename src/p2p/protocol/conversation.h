/// All peers and what is said to them: each message to its handler, and what is due by time. Neither threads
/// nor sockets: bytes of messages come in, and go out through Network, which need not run.
#pragma once

#include "p2p/protocol/address_relay.h"
#include "p2p/protocol/block_server.h"
#include "p2p/protocol/bloom_server.h"
#include "p2p/protocol/call_relay.h"
#include "p2p/protocol/compact_receiver.h"
#include "p2p/protocol/filter_server.h"
#include "p2p/protocol/handshake.h"
#include "p2p/protocol/keep_alive.h"
#include "p2p/protocol/tx_relay.h"

namespace emc::p2p {

class AsMap;

/// The message thread only.
class Conversation
{
public:
    struct Options {
        ProtocolOptions protocol;
        size_t inbound_places = 114;
        const AsMap* map = nullptr;
    };

    struct Around {
        Network& network;
        AddressManager& addresses;
        const LocalAddresses& own;
    };

    /// `report` is called by the chain's writer; what it is given must come back to OnVerdict.
    Conversation(const Options& options, const ProtocolDeps& deps, const Around& around,
                 ChainSync::Report report);

    /// A connection has opened; its permissions are final.
    void Open(LinkInfo info);
    void Receive(LinkId id, RawMessage message);
    void Close(LinkId id);
    void OnVerdict(PeerId id, const base::Hash256& block, const chain::BlockVerdict& verdict);
    /// Time of Desk::NowMs.
    void Tick(int64_t now_ms);

    Desk desk;
    Handshake handshake;
    KeepAlive keep_alive;
    ChainSync sync;
    BlockServer blocks;
    CompactReceiver compact;
    FilterServer filters;
    TxRelay transactions;
    BloomServer bloom;
    CallRelay call_mail;
    AddressRelay address_relay;

private:
    void MakeRoom();
    void ReceiveHeld();
    void Handle(Peer& peer, const RawMessage& raw);
    void Dispatch(Peer& peer, const Message& message);
    void DispatchHandshake(Peer& peer, const Message& message);
    void Ready(Peer& peer);

    const Options m_options;
    Network& m_network;
};

} // namespace emc::p2p
