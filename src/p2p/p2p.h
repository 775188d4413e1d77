/// The peer-to-peer room as the rest of the program sees it. Start reading here; doc/architecture.md has the
/// picture.
#pragma once

#include "interfaces/net.h"
#include "p2p/socket/network.h"

namespace emc::chain {
class Chain;
}

namespace emc::interfaces {
class CallPost;
class IndexReader;
} // namespace emc::interfaces

namespace emc::mempool {
class Mempool;
}

namespace emc::storage {
class FileSystem;
}

namespace emc::p2p {

class AsMap;

/// What the operator chose. Everything is passed in, nothing is read from the command line.
struct P2pOptions {
    std::string folder; ///< banlist.json, peers.dat and anchors.dat lie here
    std::vector<Network::Door> doors;
    std::vector<RangePermissions> whitelist;
    std::vector<std::string> nodes;      ///< -addnode or -connect
    bool automatic = true;               ///< open connections by itself; false with -connect
    std::vector<std::string> seeds;      ///< -seednode
    std::vector<std::string> dns_seeds;  ///< of the network
    bool ask_dns_seeds = true;           ///< -dnsseed
    bool force_dns_seeds = false;        ///< -forcednsseed
    std::vector<Endpoint> fixed_seeds;   ///< of the network
    bool use_fixed_seeds = true;         ///< -fixedseeds
    bool lookups = true;                 ///< -dns
    std::vector<Endpoint> own_addresses; ///< where others can reach this node, the operator says
    bool discover = false;               ///< and where the interfaces do
    std::vector<NetKind> only;           ///< -onlynet; empty: all
    std::shared_ptr<const AsMap> as_map; ///< -asmap; null: none
    size_t max_connections = 125;
    bool relay_transactions = true;
    bool network_active = true;
    bool v2 = true;
    bool block_filters = false; ///< offered; needs the index
    bool bloom_filters = false; ///< offered to everybody
    bool prunes = false;        ///< old blocks are missing
    uint64_t upload_target_bytes = 0;
    int64_t ban_sec = 86'400;
    NetworkLimits limits;
    Proxies proxies;
    std::optional<Endpoint> tor_control; ///< an onion service is made there
    std::string tor_password;
    bool nat_pmp = false; ///< have a router open the port
    bool upnp = false;
    bool tor_gives_proxy = false; ///< Tor's SOCKS port takes the place of proxies.onion
    std::string user_agent;       ///< "/Name:1.0/"
    int32_t client_version = 0;   ///< 10000 × major + 100 × minor + patch
};

struct P2pDeps {
    chain::Chain& chain;
    mempool::Mempool& pool;
    const interfaces::IndexReader* index = nullptr;
    const base::Clock& clock;
    base::Logger& log;
    base::RandomSource& random;
    storage::FileSystem& files;
};

/// Owns the network, the message thread and what is kept on disk of peers. Any thread after Start.
class P2p final : public interfaces::NetControl
{
public:
    P2p(const P2pOptions& options, const P2pDeps& deps);
    ~P2p() override;

    /// Reads the files, opens the doors, starts the threads. The error is a sentence.
    [[nodiscard]] base::Expected<void, std::string> Start();
    /// Ends all connections and writes the files.
    void Stop();

    [[nodiscard]] interfaces::NetworkInfo Info() const override;
    [[nodiscard]] std::vector<interfaces::PeerInfo> Peers() const override;
    [[nodiscard]] base::Expected<void, interfaces::Failure>
    AddNode(const std::string& node, const std::string& command, bool v2) override;
    [[nodiscard]] std::vector<interfaces::AddedNode> AddedNodes() const override;
    [[nodiscard]] base::Expected<void, interfaces::Failure> Disconnect(const std::string& address,
                                                                       uint64_t id) override;
    [[nodiscard]] base::Expected<void, interfaces::Failure> SetBan(const std::string& range, bool add,
                                                                   int64_t seconds, bool absolute) override;
    [[nodiscard]] std::vector<interfaces::BanInfo> Bans() const override;
    void ClearBans() override;
    void PingAll() override;
    void SetActive(bool active) override;
    [[nodiscard]] base::Expected<std::vector<interfaces::KnownAddress>, interfaces::Failure>
    Addresses(size_t count, const std::string& network) override;
    [[nodiscard]] base::Expected<bool, interfaces::Failure> AddAddress(const std::string& address,
                                                                       uint16_t port, bool tried) override;
    [[nodiscard]] std::vector<interfaces::AddressCount> AddressCounts() const override;
    [[nodiscard]] base::Expected<void, interfaces::Failure>
    SendMessage(uint64_t peer, const std::string& command, base::Bytes payload) override;
    [[nodiscard]] std::vector<base::Hash256> Unsent() const override;
    [[nodiscard]] base::Expected<void, interfaces::Failure> FetchBlock(const base::Hash256& block,
                                                                       uint64_t peer) override;

    /// Mail between owners of numbers. Lives as long as this object.
    [[nodiscard]] interfaces::CallPost& CallMail();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace emc::p2p
