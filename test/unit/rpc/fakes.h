// Stand-ins for the rooms a call may ask, small enough to know every answer.
#pragma once

#include "base/clock.h"
#include "interfaces/chain.h"
#include "interfaces/net.h"
#include "interfaces/node.h"
#include "interfaces/pool.h"
#include "rpc/call.h"
#include "rpc/render.h"

#include <map>

namespace emc::test {

/// The genesis block and nothing else.
class FakeChain final : public interfaces::ChainReader
{
public:
    const consensus::Params& Params() const override { return consensus::RegtestParams(); }

    interfaces::Tip GetTip() const override
    {
        interfaces::Tip tip;
        tip.hash = Params().genesis_hash;
        tip.height = 0;
        tip.header_height = 0;
        tip.time = Params().genesis.header.time;
        tip.bits = Params().genesis.header.bits;
        return tip;
    }

    std::optional<interfaces::BlockInfo> BlockByHash(const base::Hash256& hash) const override
    {
        if (hash != Params().genesis_hash) return std::nullopt;
        interfaces::BlockInfo info;
        info.hash = hash;
        info.header = Params().genesis.header;
        info.tx_count = info.chain_tx_count = 1;
        info.confirmations = 1;
        info.in_best_chain = info.has_data = true;
        return info;
    }

    std::optional<interfaces::BlockInfo> BlockByHeight(int32_t height) const override
    {
        return height == 0 ? BlockByHash(Params().genesis_hash) : std::nullopt;
    }

    base::Expected<primitives::BlockRef, interfaces::Failure>
    ReadBlock(const base::Hash256& hash) const override
    {
        if (hash != Params().genesis_hash)
            return base::Unexpected(interfaces::Failure{-5, "Block not found"});
        return std::make_shared<const primitives::Block>(Params().genesis);
    }

    base::Expected<std::vector<std::vector<primitives::Coin>>, interfaces::Failure>
    ReadSpentCoins(const base::Hash256&) const override
    {
        return std::vector<std::vector<primitives::Coin>>{};
    }

    std::optional<primitives::Coin> GetCoin(const primitives::OutPoint& outpoint) const override
    {
        const auto it = coins.find(outpoint);
        return it == coins.end() ? std::nullopt : std::optional(it->second);
    }

    std::vector<ChainTip> Tips() const override { return {{Params().genesis_hash, 0, 0, "active"}}; }

    base::Expected<interfaces::CoinStats, interfaces::Failure>
    ComputeCoinStats(interfaces::CoinHash) const override
    {
        return interfaces::CoinStats{};
    }

    base::Expected<interfaces::Tip, interfaces::Failure> ScanCoins(const CoinVisit&) const override
    {
        return GetTip();
    }

    double VerificationProgress() const override { return 1; }

    uint64_t DiskBytes() const override { return 293; }

    std::map<primitives::OutPoint, primitives::Coin> coins;
};

/// Names from a map.
class FakeNames final : public interfaces::NameReader
{
public:
    std::optional<interfaces::NameInfo> Find(std::string_view name) const override
    {
        const auto it = records.find(std::string(name));
        if (it == records.end()) return std::nullopt;
        return interfaces::NameInfo{it->first, it->second, it->second.LiveAt(height)};
    }

    void Scan(std::string_view from,
              const std::function<bool(const interfaces::NameInfo&)>& visit) const override
    {
        for (auto it = records.lower_bound(std::string(from)); it != records.end(); ++it) {
            if (!visit({it->first, it->second, it->second.LiveAt(height)})) return;
        }
    }

    void ByOwner(base::ByteSpan owner,
                 const std::function<bool(const interfaces::NameInfo&)>& visit) const override
    {
        for (const auto& [name, record] : records) {
            const bool same = std::equal(owner.begin(), owner.end(), record.owner_script.begin(),
                                         record.owner_script.end());
            if (same && !visit({name, record, record.LiveAt(height)})) return;
        }
    }

    interfaces::Tip NamesTip() const override
    {
        interfaces::Tip tip;
        tip.height = height;
        return tip;
    }

    Stats NameStats() const override { return {records.size(), records.size(), 0, 0, {}}; }

    int32_t height = 100;
    std::map<std::string, names::NameRecord> records;
};

/// An empty pool that takes nothing.
class FakePool final : public interfaces::PoolReader, public interfaces::Broadcaster
{
public:
    base::Expected<Accepted, interfaces::Failure> Submit(const primitives::TxRef&, const Options&) override
    {
        return base::Unexpected(interfaces::Failure{-25, "bad-txns-inputs-missingorspent"});
    }

    interfaces::PoolInfo Info() const override { return {}; }

    primitives::TxRef Get(const base::Hash256&) const override { return nullptr; }

    std::optional<interfaces::PoolEntry> Entry(const base::Hash256&) const override { return std::nullopt; }

    std::vector<interfaces::PoolEntry> Entries() const override { return entries; }

    std::optional<base::Hash256> SpenderOf(const primitives::OutPoint&) const override
    {
        return std::nullopt;
    }

    std::vector<interfaces::PendingName> PendingNames() const override { return {}; }

    std::optional<interfaces::PendingName> PendingNameOf(std::string_view) const override
    {
        return std::nullopt;
    }

    primitives::Amount MinFeeRate() const override { return 1'000; }

    std::vector<interfaces::PoolEntry> entries; ///< what getrawmempool lists
};

class FakeNode final : public interfaces::NodeControl
{
public:
    void RequestShutdown() override { stopped = true; }

    bool ShutdownRequested() const override { return stopped; }

    int64_t UptimeSec() const override { return 42; }

    std::string DataDir() const override { return "/nowhere"; }

    void SetMockTime(int64_t unix_sec) override { clock.SetMockTime(unix_sec); }

    int64_t NowSec() const override { return clock.NowSec(); }

    base::Logger& Log() override { return log; }

    std::string Warnings() const override { return {}; }

    base::Clock clock;
    base::Logger log;
    std::atomic<bool> stopped{false};
};

/// A network that notes what it is told.
class FakeNet final : public interfaces::NetControl
{
public:
    interfaces::NetworkInfo Info() const override { return info; }

    std::vector<interfaces::PeerInfo> Peers() const override { return peers; }

    base::Expected<void, interfaces::Failure> AddNode(const std::string& node, const std::string& command,
                                                      bool v2) override
    {
        told = command + " " + node + (v2 ? " v2" : " v1");
        if (command != "add") return {};
        for (const auto& other : added) {
            if (other.name == node) return base::Unexpected(interfaces::Failure{-23, "already added"});
        }
        added.push_back({node, false, {}, false});
        return {};
    }

    std::vector<interfaces::AddedNode> AddedNodes() const override { return added; }

    base::Expected<void, interfaces::Failure> Disconnect(const std::string& address, uint64_t id) override
    {
        told = "disconnect " + address + " " + std::to_string(id);
        if (address.empty() && id == 99) return base::Unexpected(interfaces::Failure{-29, "no such"});
        return {};
    }

    base::Expected<void, interfaces::Failure> SetBan(const std::string& range, bool add, int64_t seconds,
                                                     bool absolute) override
    {
        told = std::string(add ? "ban " : "unban ") + range + " " + std::to_string(seconds) +
               (absolute ? " absolute" : "");
        if (range == "nonsense") return base::Unexpected(interfaces::Failure{-30, "no range"});
        return {};
    }

    std::vector<interfaces::BanInfo> Bans() const override { return bans; }

    void ClearBans() override { bans.clear(); }

    void PingAll() override { told = "ping"; }

    void SetActive(bool active) override { info.active = active; }

    base::Expected<std::vector<interfaces::KnownAddress>, interfaces::Failure>
    Addresses(size_t count, const std::string& network) override
    {
        told = "addresses " + std::to_string(count) + " " + network;
        if (network == "fax") return base::Unexpected(interfaces::Failure{-8, "unknown network"});
        return std::vector<interfaces::KnownAddress>{{1'700'000'000, 1033, "192.0.2.6", 6661, "ipv4"}};
    }

    base::Expected<bool, interfaces::Failure> AddAddress(const std::string& address, uint16_t port,
                                                         bool tried) override
    {
        told = "address " + address + ":" + std::to_string(port) + (tried ? " tried" : "");
        if (address == "nonsense") return base::Unexpected(interfaces::Failure{-30, "no address"});
        return port != 9;
    }

    std::vector<interfaces::AddressCount> AddressCounts() const override
    {
        return {{"ipv4", 30, 4}, {"onion", 5, 0}};
    }

    std::vector<base::Hash256> Unsent() const override { return unsent; }

    base::Expected<void, interfaces::Failure> FetchBlock(const base::Hash256& block, uint64_t peer) override
    {
        told = "fetch " + base::ReversedHex(block) + " " + std::to_string(peer);
        if (peer == 99) return base::Unexpected(interfaces::Failure{-1, "no such peer"});
        return {};
    }

    base::Expected<void, interfaces::Failure> SendMessage(uint64_t peer, const std::string& command,
                                                          base::Bytes payload) override
    {
        told = "send " + std::to_string(peer) + " " + command + " " + base::Hex(payload);
        if (peer == 99) return base::Unexpected(interfaces::Failure{-1, "no such peer"});
        return {};
    }

    interfaces::NetworkInfo info;
    std::vector<interfaces::PeerInfo> peers;
    std::vector<interfaces::AddedNode> added;
    std::vector<interfaces::BanInfo> bans;
    std::string told; ///< the last order
    std::vector<base::Hash256> unsent;
};

/// All of them together.
struct FakeRooms {
    FakeChain chain;
    FakeNames names;
    FakePool pool;
    FakeNode node;
    FakeNet net;

    rpc::Services Services()
    {
        rpc::Services out;
        out.chain = &chain;
        out.names = &names;
        out.pool = &pool;
        out.broadcaster = &pool;
        out.node = &node;
        out.net = &net;
        return out;
    }
};

} // namespace emc::test
