/// The peer-to-peer network, for RPC and GUI. Implemented in the p2p room; all calls from any thread.
#pragma once

#include "base/expected.h"
#include "interfaces/types.h"

namespace emc::interfaces {

/// One connection. Times are unix seconds, 0: never.
struct PeerInfo {
    uint64_t id = 0;
    std::string address;    ///< "1.2.3.4:6661", or as -addnode wrote it
    std::string local;      ///< this node's address as the peer sees it
    std::string bind;       ///< the address of ours the peer reached
    std::string network;    ///< "ipv4", "ipv6", "onion", "i2p", "cjdns", "not_publicly_routable"
    uint32_t as_number = 0; ///< of -asmap; 0: unknown
    std::string kind;       ///< "inbound", "outbound-full-relay" …
    bool inbound = false;
    uint64_t services = 0;
    std::vector<std::string> service_names;
    bool relays_transactions = false;
    int64_t last_send = 0, last_receive = 0, last_transaction = 0, last_block = 0;
    uint64_t bytes_sent = 0, bytes_received = 0;
    int64_t connected = 0;
    int64_t time_offset = 0; ///< seconds the peer's clock is ahead of ours
    std::optional<double> ping_sec, min_ping_sec, ping_wait_sec;
    int32_t version = 0;
    std::string user_agent;
    int32_t starting_height = -1;
    int32_t presynced_headers = -1; ///< headers of it that are not proven yet, −1: none
    int32_t synced_headers = -1;    ///< last header in common, −1: unknown
    int32_t synced_blocks = -1;     ///< last block in common
    std::vector<int32_t> in_flight; ///< heights of the blocks asked of it
    bool compact_to = false;        ///< we asked it for high-bandwidth compact blocks
    bool compact_from = false;      ///< it asked us
    bool address_relay = false;
    uint64_t addresses_processed = 0, addresses_rate_limited = 0;
    std::vector<std::string> permissions;
    Amount min_fee_per_kvb = 0; ///< it wants no transactions that pay less
    std::vector<std::pair<std::string, uint64_t>> sent_by_message, received_by_message;
    std::string transport; ///< "detecting", "v1", "v2"
    std::string session_id;
};

/// A ban of the operator. Unix seconds.
struct BanInfo {
    std::string range;
    int64_t created = 0, until = 0;
};

/// -addnode and addnode.
struct AddedNode {
    std::string name;
    bool connected = false;
    std::string address; ///< when connected
    bool inbound = false;
};

struct KnownAddress {
    int64_t time = 0; ///< last heard of
    uint64_t services = 0;
    std::string address; ///< without the port
    uint16_t port = 0;
    std::string network;
};

/// How many addresses are known, by network.
struct AddressCount {
    std::string network;
    uint64_t fresh = 0, tried = 0;
};

struct NetworkInfo {
    uint64_t services = 0;
    std::vector<std::string> service_names;
    bool relays_transactions = true;
    bool active = true;
    uint64_t connections_in = 0, connections_out = 0;
    uint64_t bytes_sent = 0, bytes_received = 0;
    std::string user_agent;
    int32_t client_version = 0; ///< 10000 × major + 100 × minor + patch
    int32_t protocol_version = 0;
    int64_t time_offset = 0; ///< seconds, median of what the peers' clocks are ahead of ours

    struct Reach {
        std::string name; ///< "ipv4" …
        bool limited = false, reachable = true;
        std::string proxy;
        bool random_credentials = false;
    };

    std::vector<Reach> networks;

    struct Own {
        std::string address;
        uint16_t port = 0;
        int32_t score = 0;
    };

    std::vector<Own> own_addresses;
    uint64_t upload_target = 0; ///< bytes a day, 0: none
    uint64_t upload_left = 0;   ///< bytes of the present day
    int64_t upload_day_left_sec = 0;
    bool serves_history = true; ///< old blocks are still given out
};

class NetControl
{
public:
    virtual ~NetControl() = default;
    [[nodiscard]] virtual NetworkInfo Info() const = 0;
    [[nodiscard]] virtual std::vector<PeerInfo> Peers() const = 0;
    /// "add", "remove" keep or forget a node to be connected to; "onetry" connects once. Failures: −23
    /// already added, −24 not added, −8 no such address form.
    [[nodiscard]] virtual base::Expected<void, Failure> AddNode(const std::string& node,
                                                                const std::string& command, bool v2) = 0;
    [[nodiscard]] virtual std::vector<AddedNode> AddedNodes() const = 0;
    /// By address, or by id when the address is empty. −29: no such connection.
    [[nodiscard]] virtual base::Expected<void, Failure> Disconnect(const std::string& address,
                                                                   uint64_t id) = 0;
    /// −30 no range, or none that is banned; −23 already banned. `seconds` 0: -bantime; `absolute`: it is a
    /// time, in the future.
    [[nodiscard]] virtual base::Expected<void, Failure> SetBan(const std::string& range, bool add,
                                                               int64_t seconds, bool absolute) = 0;
    [[nodiscard]] virtual std::vector<BanInfo> Bans() const = 0;
    virtual void ClearBans() = 0;
    /// Asks every peer for a pong.
    virtual void PingAll() = 0;
    virtual void SetActive(bool active) = 0;
    /// `count` 0: all. `network` empty: any. −8: unknown network.
    [[nodiscard]] virtual base::Expected<std::vector<KnownAddress>, Failure>
    Addresses(size_t count, const std::string& network) = 0;
    /// For tests. False when the table has no place for it; −30: no address.
    [[nodiscard]] virtual base::Expected<bool, Failure> AddAddress(const std::string& address, uint16_t port,
                                                                   bool tried) = 0;
    [[nodiscard]] virtual std::vector<AddressCount> AddressCounts() const = 0;
    /// Ids of own transactions that are told to whoever connects, since no peer has asked for them or
    /// announced them yet, and few were told.
    [[nodiscard]] virtual std::vector<base::Hash256> Unsent() const = 0;
    /// Asks a peer for a block that was pruned; the block comes, or does not, later. −1: no such peer, no
    /// such block, or it is here.
    [[nodiscard]] virtual base::Expected<void, Failure> FetchBlock(const base::Hash256& block,
                                                                   uint64_t peer) = 0;
    /// For tests: a message of any name. −1: no such peer, −8 the name is too long.
    [[nodiscard]] virtual base::Expected<void, Failure> SendMessage(uint64_t peer, const std::string& command,
                                                                    base::Bytes payload) = 0;
};

} // namespace emc::interfaces
