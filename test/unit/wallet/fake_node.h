#pragma once
// A chain and a mempool made of nothing but containers, for tests of the wallet: blocks without work, coins,
// names and events, reorganisations on command.

#include "base/clock.h"
#include "base/log.h"
#include "consensus/params.h"
#include "crypto/random.h"
#include "interfaces/chain.h"
#include "interfaces/events.h"
#include "interfaces/pool.h"
#include "wallet/store.h"
#include "wallet/wallet.h"

#include <deque>
#include <map>

namespace emc::test {

using primitives::Amount;
using primitives::TxRef;

/// One thread, but for the wallet's own reads. Events reach the wallet in the call that causes them unless
/// they are held back.
class FakeNode final : public interfaces::ChainReader,
                       public interfaces::NameReader,
                       public interfaces::ChainEvents,
                       public interfaces::PoolReader,
                       public interfaces::IndexReader,
                       public interfaces::Broadcaster
{
public:
    FakeNode();
    ~FakeNode() override;

    [[nodiscard]] wallet::WalletDeps Deps()
    {
        return {*this, *this, *this, *this, *this, *this, clock, random, log};
    }

    /// A block on the tip with these and the pool's transactions; pays `coinbase_script`.
    base::Hash256 Mine(const base::Bytes& coinbase_script = {}, const std::vector<TxRef>& more = {},
                       bool with_pool = true);
    void MineMany(int count, const base::Bytes& coinbase_script = {});
    /// Takes the tip off; its transactions go back to the pool.
    void Pop(bool back_to_pool = true);
    /// A payment out of thin air into the pool or, with Mine's `more`, into a block.
    [[nodiscard]] TxRef Gift(const base::Bytes& script, Amount value);
    void AddToPool(const TxRef& tx);
    void DropFromPool(const base::Hash256& txid, interfaces::RemovalReason reason);

    /// Events wait until Deliver.
    void Hold() { m_held = true; }

    void Deliver();
    /// Events waiting are lost and the wallet is told so.
    void LoseEvents();
    /// Called when a block is read.
    std::function<void()> on_read;
    /// Are there filters of blocks? They hold exactly what is in the block.
    bool filters = false;
    /// Next submissions fail with this text; empty: they pass.
    std::string refusal;
    /// The output a coin is, with its owner script, when it is in a block and unspent.
    [[nodiscard]] std::optional<primitives::Coin>
    GetCoin(const primitives::OutPoint& outpoint) const override;

    [[nodiscard]] const consensus::Params& Params() const override { return consensus::RegtestParams(); }

    [[nodiscard]] interfaces::Tip GetTip() const override;
    [[nodiscard]] std::optional<interfaces::BlockInfo> BlockByHash(const base::Hash256& hash) const override;
    [[nodiscard]] std::optional<interfaces::BlockInfo> BlockByHeight(int32_t height) const override;
    [[nodiscard]] base::Expected<primitives::BlockRef, interfaces::Failure>
    ReadBlock(const base::Hash256& hash) const override;
    [[nodiscard]] base::Expected<std::vector<std::vector<primitives::Coin>>, interfaces::Failure>
    ReadSpentCoins(const base::Hash256& hash) const override;

    [[nodiscard]] std::vector<ChainTip> Tips() const override { return {}; }

    [[nodiscard]] base::Expected<interfaces::CoinStats, interfaces::Failure>
    ComputeCoinStats(interfaces::CoinHash) const override
    {
        return interfaces::CoinStats{};
    }

    [[nodiscard]] base::Expected<interfaces::Tip, interfaces::Failure>
    ScanCoins(const CoinVisit&) const override
    {
        return GetTip();
    }

    [[nodiscard]] double VerificationProgress() const override { return 1; }

    [[nodiscard]] uint64_t DiskBytes() const override { return 0; }

    [[nodiscard]] std::optional<interfaces::NameInfo> Find(std::string_view name) const override;

    void Scan(std::string_view, const std::function<bool(const interfaces::NameInfo&)>&) const override {}

    void ByOwner(base::ByteSpan, const std::function<bool(const interfaces::NameInfo&)>&) const override {}

    [[nodiscard]] interfaces::Tip NamesTip() const override { return GetTip(); }

    [[nodiscard]] Stats NameStats() const override { return {}; }

    [[nodiscard]] std::unique_ptr<interfaces::Subscription>
    Subscribe(std::string_view name, interfaces::EventSink& sink, size_t capacity) override;

    void DrainAll() override {}

    [[nodiscard]] base::Expected<Accepted, interfaces::Failure> Submit(const TxRef& tx,
                                                                       const Options& options) override;

    [[nodiscard]] std::vector<Status> Indexes() const override { return {}; }

    [[nodiscard]] std::optional<interfaces::FoundTx> FindTx(const base::Hash256&) const override
    {
        return std::nullopt;
    }

    [[nodiscard]] bool History(std::string_view, std::vector<interfaces::NameHistoryEntry>&) const override
    {
        return false;
    }

    [[nodiscard]] std::optional<interfaces::BlockFilter> FilterOf(const base::Hash256&) const override
    {
        return std::nullopt;
    }

    [[nodiscard]] std::optional<bool> FilterMatches(const base::Hash256& block,
                                                    std::span<const base::Bytes> scripts) const override;

    [[nodiscard]] interfaces::PoolInfo Info() const override { return {}; }

    [[nodiscard]] TxRef Get(const base::Hash256& txid) const override;
    [[nodiscard]] std::optional<interfaces::PoolEntry> Entry(const base::Hash256& txid) const override;
    [[nodiscard]] std::vector<interfaces::PoolEntry> Entries() const override;
    [[nodiscard]] std::optional<base::Hash256> SpenderOf(const primitives::OutPoint& outpoint) const override;
    [[nodiscard]] std::vector<interfaces::PendingName> PendingNames() const override;
    [[nodiscard]] std::optional<interfaces::PendingName> PendingNameOf(std::string_view name) const override;

    [[nodiscard]] Amount MinFeeRate() const override { return 1'000; }

    base::Clock clock;
    crypto::TestRandom random;
    base::Logger log;

private:
    using Event = std::function<void(interfaces::EventSink&)>;

    struct Stored {
        primitives::BlockRef block;
        int32_t height = 0;
        std::shared_ptr<std::vector<names::NameDelta>> deltas;
    };

    class Handle;

    void Emit(Event event);
    void ConnectCoins(const primitives::Transaction& tx, int32_t height, bool generated);
    void ConnectNames(const primitives::Transaction& tx, int32_t height,
                      std::vector<names::NameDelta>& deltas);
    [[nodiscard]] interfaces::BlockInfo InfoOf(const base::Hash256& hash, const Stored& stored) const;

    std::map<base::Hash256, Stored> m_blocks;
    std::vector<base::Hash256> m_chain;
    std::map<primitives::OutPoint, primitives::Coin> m_coins;
    std::map<primitives::OutPoint, primitives::Coin> m_spent;
    std::map<std::string, names::NameRecord, std::less<>> m_names;
    std::vector<TxRef> m_pool; ///< parents first
    std::vector<interfaces::EventSink*> m_sinks;
    std::deque<Event> m_waiting;
    bool m_held = false;
    uint32_t m_salt = 0;
};

/// The bytes of an address of the test network.
[[nodiscard]] base::Bytes ScriptOf(const std::string& address);

} // namespace emc::test
