/// Connections the node opens by itself: whom to call, from the table of addresses.
#pragma once

#include "p2p/peers/first_peers.h"
#include "p2p/protocol/desk.h"

namespace emc::p2p {

class AddressManager;
class AsMap;
class Caller;

/// Between two tests of an address, by a short connection.
inline constexpr int64_t FEELER_INTERVAL_MS = 120'000;
/// Between two attempts while places are free.
inline constexpr int64_t CALL_INTERVAL_MS = 500;
/// Addresses drawn from the table for one attempt, fewer from a small table: to draw one of few takes long.
inline constexpr size_t MAX_DRAWS = 100;
inline constexpr size_t DRAWS_PER_ADDRESS = 4;
/// An address is not called again within this.
inline constexpr int64_t RECALL_SEC = 600;

/// The message thread only.
class Connector
{
public:
    struct Options {
        size_t outbound_full = 8;
        size_t outbound_blocks = 2;
        bool automatic = true;          ///< false with -connect
        std::vector<NetKind> only;      ///< -onlynet; empty: all
        std::vector<std::string> seeds; ///< -seednode
        FirstPeers::Options first;
        std::vector<std::string> dns_seeds;
        std::vector<Endpoint> fixed_seeds;
        uint16_t default_port = 0;
        bool try_v2 = true;
        const AsMap* map = nullptr;
    };

    Connector(Desk& desk, Caller& network, AddressManager& addresses, Options options);

    /// Block relays of the last run, called first.
    void SetAnchors(std::vector<Endpoint> anchors) { m_anchors = std::move(anchors); }

    /// Those of this run: the block relays that are connected.
    [[nodiscard]] std::vector<Endpoint> Anchors() const;

    void OnTick(int64_t now_ms);
    /// Another attempt has begun by itself.
    void OnOpening(const OpenRequest& request);
    /// An attempt came to something or nothing.
    void OnEnded(LinkKind kind, const std::optional<Endpoint>& where);
    /// What a DNS seed answered.
    void OnResolved(const std::string& host, const std::vector<Endpoint>& found);

private:
    struct Lines;

    [[nodiscard]] Lines Count() const;
    [[nodiscard]] bool MayCall(const Endpoint& endpoint, Services services) const;
    void Call(LinkKind kind, const Endpoint& endpoint, Services services);
    [[nodiscard]] bool CallAnyone(LinkKind kind, const Lines& lines);
    void Feel(const Lines& lines);
    void AskFirst(FirstPeers::Ask source);
    void AskSeedNode(const std::string& node);
    void AskDnsSeeds();
    /// Addresses of nodes nobody has vouched for; how many of them are new.
    size_t Learn(const std::vector<Endpoint>& nodes);

    Desk& m_desk;
    Caller& m_network;
    AddressManager& m_addresses;
    const Options m_options;
    std::vector<Endpoint> m_anchors;

    struct Attempt {
        LinkKind kind = LinkKind::OutboundFull;
        Endpoint where;
    };

    std::vector<Attempt> m_calling; ///< attempts under way
    int64_t m_next_call_ms = 0;
    int64_t m_next_feeler_ms = 0;
    size_t m_seeds_asked = 0;
    FirstPeers m_first;
};

} // namespace emc::p2p
