/// One connection to a peer as the threads that do not own its socket see it.
#pragma once

#include "p2p/net/permissions.h"
#include "p2p/transport/v1.h"

namespace emc::p2p {

/// Numbers connections; never used twice in the life of the process.
using LinkId = uint64_t;

/// Why a connection exists.
enum class LinkKind : uint8_t {
    Inbound,
    OutboundFull,   ///< blocks, transactions, addresses
    OutboundBlocks, ///< blocks only; tells nobody which transactions are ours
    Manual,         ///< -addnode, -connect, addnode
    Feeler,         ///< only to see whether somebody answers
    AddressFetch,   ///< -seednode: asks for addresses, then ends
};

/// "inbound", "outbound-full-relay", "block-relay-only", "manual", "feeler", "addr-fetch".
[[nodiscard]] std::string_view Text(LinkKind kind);

enum class LinkTransport : uint8_t { Detecting, V1, V2 };

/// "detecting", "v1", "v2".
[[nodiscard]] std::string_view Text(LinkTransport transport);

/// Where to connect to.
struct OpenRequest {
    LinkKind kind = LinkKind::Manual;
    std::string name;                 ///< as the operator wrote it; empty: found in the address table
    std::optional<Endpoint> endpoint; ///< absent: `name` is a host name, with `port`
    uint16_t port = 0;                ///< for a host name
    bool try_v2 = true;
};

/// The request for a node as operators write it: an endpoint, or a host name with or without a port. nullopt
/// for anything else.
[[nodiscard]] std::optional<OpenRequest> RequestFor(const std::string& node, uint16_t default_port);

/// What is known of a connection when it opens.
struct LinkInfo {
    LinkId id = 0;
    LinkKind kind = LinkKind::Inbound;
    std::string name;        ///< OpenRequest::name, else the endpoint
    Endpoint remote;         ///< unspecified behind a proxy that was given a host name
    Endpoint local;          ///< this side's end
    bool onion = false;      ///< came in through the onion service's own port
    Permissions permissions; ///< of the -whitebind port it came in by
    int64_t opened_sec = 0;  ///< unix
};

/// Counters of a connection.
struct LinkStats {
    LinkId id = 0;
    LinkTransport transport = LinkTransport::Detecting;
    std::optional<base::Hash256> session_id; ///< v2
    uint64_t bytes_sent = 0;
    uint64_t bytes_received = 0;
    int64_t last_send_sec = 0; ///< unix, 0: never
    int64_t last_receive_sec = 0;
    size_t send_queue_bytes = 0;
    size_t receive_queue_bytes = 0; ///< taken apart, but not handled yet
};

/// What happens on the network. Called on the network thread, one at a time; must return soon and may call
/// Network.
class LinkSink
{
public:
    virtual ~LinkSink() = default;
    /// Somebody wants in: false closes the door at once (banned, say).
    [[nodiscard]] virtual bool Admits(const Endpoint& remote, Permissions permissions) = 0;
    virtual void OnOpened(const LinkInfo& info) = 0;
    /// `message` counts against the link's receive limit until Network::Handled.
    virtual void OnMessage(LinkId id, RawMessage message) = 0;
    /// After OnOpened, exactly once.
    virtual void OnClosed(LinkId id, const std::string& reason) = 0;
    /// A connection is going to be closed, since its peer hung up on the encrypted transport, and is opened
    /// again without.
    virtual void OnOpening(const OpenRequest& request) = 0;
    /// A request that came to nothing.
    virtual void OnOpenFailed(const OpenRequest& request, const std::string& reason) = 0;
    /// Answer to Network::Resolve; nothing was found when `found` is empty.
    virtual void OnResolved(const std::string& host, const std::vector<Endpoint>& found) = 0;
};

} // namespace emc::p2p
