/// The message thread: takes what the network brings, gives each message to its handler, asks the handlers in
/// turn whether something is due.
#pragma once

#include "base/memory.h"
#include "interfaces/call_post.h"
#include "interfaces/net.h"
#include "p2p/protocol/connector.h"
#include "p2p/socket/network.h"

namespace emc::p2p {

class LocalAddresses;

class Protocol
{
public:
    struct Options {
        ProtocolOptions protocol;
        Network::Options network;
        std::vector<Network::Door> doors;
        std::vector<RangePermissions> whitelist;
        std::vector<std::string> nodes; ///< -addnode or -connect: kept connected
        size_t inbound_places = 114;
        Connector::Options calls;
    };

    /// The rooms, bans and addresses must outlive it.
    Protocol(const Options& options, const ProtocolDeps& deps, AddressManager& addresses,
             const LocalAddresses& own);
    /// Stops.
    ~Protocol();
    Protocol(const Protocol&) = delete;
    Protocol& operator=(const Protocol&) = delete;

    /// Opens the doors and starts the threads "p2p-net" and "p2p-msg". The error is a sentence.
    [[nodiscard]] base::Expected<void, std::string> Start();
    void Stop();

    // Any thread from here on.

    /// Block relays of the last run, before Start; those of this run, before Stop.
    void SetAnchors(std::vector<Endpoint> anchors);
    [[nodiscard]] std::vector<Endpoint> Anchors();

    /// Where it listens, with the ports it got.
    [[nodiscard]] const std::vector<Network::Door>& Doors() const;
    [[nodiscard]] Network& Sockets();

    /// What getpeerinfo shows.
    [[nodiscard]] std::vector<interfaces::PeerInfo> Peers();
    /// Kept connected from now on; false: it was already.
    [[nodiscard]] bool AddNode(const std::string& node, bool v2);
    /// False: it was none of those.
    [[nodiscard]] bool RemoveNode(const std::string& node);
    [[nodiscard]] std::vector<interfaces::AddedNode> Nodes();
    /// Once. False: `node` names no address and no host.
    [[nodiscard]] bool TryNode(const std::string& node, bool v2);
    /// By name or by id; false: there is none.
    [[nodiscard]] bool Disconnect(const std::string& address, PeerId id);
    /// Closes connections from the range.
    void DisconnectRange(const NetRange& range);
    void PingAll();
    /// Asks for a block that was pruned. "" or why not.
    [[nodiscard]] std::string FetchBlock(PeerId peer, const base::Hash256& block);
    /// Transactions of our own that are still told to whoever comes (TxRelay::Unsent).
    [[nodiscard]] std::vector<base::Hash256> Unsent();
    /// A message without meaning to us. False: no such peer.
    [[nodiscard]] bool SendRaw(PeerId peer, const std::string& command, const base::Bytes& payload);

    /// See interfaces::CallPost.
    void SetMailReceiver(interfaces::CallPost::Receiver receiver);
    size_t PostMail(const reward::CallMail& mail);

    struct Upload {
        uint64_t left_bytes = 0;
        int64_t left_sec = 0;
        bool serves_old = true;
    };

    [[nodiscard]] Upload UploadLeft();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::p2p
