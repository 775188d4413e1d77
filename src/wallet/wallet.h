/// One wallet: file, keys and ledger behind one mutex, kept up to date by chain events.
#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/random.h"
#include "consensus/params.h"
#include "interfaces/chain.h"
#include "interfaces/events.h"
#include "interfaces/pool.h"
#include "wallet/keys.h"
#include "wallet/ledger.h"
#include "wallet/select.h"

#include <atomic>

namespace emc::wallet {

using interfaces::Failure;
using interfaces::Result;
using interfaces::WalletApi;

struct WalletOptions {
    uint32_t look_ahead = 100;
    Amount fee_rate_per_kvb = 10'000;
    Amount max_fee = primitives::COIN / 10;
    Amount name_amount = 10'000;
    bool spend_unconfirmed_change = true;
    bool rescan = false;
};

/// The rooms a wallet uses, all through interfaces. References outlive it.
struct WalletDeps {
    const interfaces::ChainReader& chain;
    const interfaces::NameReader& names;
    interfaces::ChainEvents& events;
    const interfaces::PoolReader& pool;
    interfaces::Broadcaster& broadcaster;
    const base::Clock& clock;
    base::RandomSource& random;
    base::Logger& log;
};

/// Any thread.
class Wallet final : public WalletApi, private interfaces::EventSink
{
public:
    /// Opens (or makes) the wallet in `folder` and follows the chain up to its tip.
    [[nodiscard]] static Result<std::shared_ptr<Wallet>> Open(const std::string& name,
                                                              const std::string& folder, Store::Mode mode,
                                                              const WalletOptions& options,
                                                              const WalletDeps& deps);
    ~Wallet() override;

    Result<std::string> NewAddress(AddressType type, const std::string& label, bool change) override;
    bool IsMine(ByteSpan script) const override;
    std::optional<std::string> LabelOf(ByteSpan script) const override;
    Result<void> SetLabel(const std::string& address, const std::string& label) override;
    Result<std::string> SignMessage(const std::string& address, const std::string& message) override;
    Result<std::string> DumpSecret(const std::string& address) override;
    Result<void> ImportSecret(const std::string& wif, const std::string& label, bool rescan) override;
    Result<AddressInfo> GetAddressInfo(const std::string& address) const override;
    Result<Signed> SignTransaction(const primitives::MutableTransaction& tx, int hash_type) override;

    interfaces::Balances GetBalances(int min_confirmations) const override;
    std::vector<interfaces::WalletCoin> ListCoins(int min_confirmations,
                                                  int max_confirmations) const override;
    std::vector<interfaces::WalletTx> ListTransactions(size_t count, size_t skip) const override;
    std::optional<interfaces::WalletTx> GetTransaction(const Hash256& txid) const override;
    Result<Hash256> Send(const std::vector<interfaces::Recipient>& recipients,
                         const SendOptions& options) override;
    Result<void> Abandon(const Hash256& txid) override;

    Result<Hash256> ChangeNames(const std::vector<NameChange>& changes) override;
    Result<NamePreview> PreviewNames(const std::vector<NameChange>& changes) override;
    std::vector<interfaces::OwnName> ListNames(std::string_view exact) const override;
    Result<std::string> SignEnum(const std::string& verifier, const std::string& number,
                                 const std::string& owner_address, uint32_t expiry) override;

    std::string Name() const override { return m_name; }

    Info GetInfo() const override;
    Result<void> Backup(const std::string& path) override;
    void Sync() override;

private:
    using WalletMutex = base::Mutex<base::LockRank::Wallet>;

    /// A transaction being built.
    struct Draft {
        primitives::MutableTransaction tx;     ///< outputs set; inputs so far are the forced ones
        std::vector<primitives::TxOut> spent;  ///< outputs the inputs spend, owner scripts
        std::vector<size_t> subtract_fee_from; ///< outputs that bear the network fee
        Amount burned = 0;                     ///< name fees
        Amount fee_rate_per_kvb = 0;
        std::string purpose;  ///< for messages: "this payment", "3 name operations"
        bool preview = false; ///< never sent: no address is used up
    };

    struct Built {
        primitives::TxRef tx;
        Amount fee = 0;
        Amount burned = 0;
    };
    struct NamePlan;

    Wallet(std::string name, const WalletOptions& options, const WalletDeps& deps);

    // load and sync (wallet_sync.cpp)
    [[nodiscard]] Result<void> Load(Store::Mode mode) EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> CreateRows() EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> LoadRow(RowKind kind, ByteSpan key, ByteSpan value) EMC_REQUIRES(m_mutex);
    void ResolveStates() EMC_REQUIRES(m_mutex);
    void CatchUp(int32_t from_height);
    [[nodiscard]] int32_t ForkHeight() const EMC_REQUIRES(m_mutex);
    void Rebroadcast();
    void ApplyBlock(const primitives::Block& block, const Hash256& hash, int32_t height, int64_t time);
    void ApplyTx(const primitives::TxRef& tx, const TransactionRow& place, TxState state, RowBatch& batch)
        EMC_REQUIRES(m_mutex);
    void SaveSynced() EMC_REQUIRES(m_mutex);
    void Persist(const RowBatch& batch) EMC_REQUIRES(m_mutex);
    void OnBlockConnected(const interfaces::BlockConnected& event) override;
    void OnBlockDisconnected(const interfaces::BlockDisconnected& event) override;
    void OnTxAdded(const primitives::TxRef& tx) override;
    void OnTxRemoved(const primitives::TxRef& tx, interfaces::RemovalReason reason) override;
    void OnTip(const interfaces::Tip& tip) override;
    void OnMissed() override;

    // spending (wallet_spend.cpp)
    /// Adds inputs and change, signs, and records the transaction so that its inputs are taken.
    [[nodiscard]] Result<Built> Build(Draft draft, const SendOptions& options) EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<Amount> Fund(Draft& draft) EMC_REQUIRES(m_mutex);
    [[nodiscard]] std::vector<Candidate> Spendable() const EMC_REQUIRES(m_mutex);
    [[nodiscard]] size_t InputVsize(ByteSpan script) const EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<primitives::TxRef> Sign(Draft& draft) EMC_REQUIRES(m_mutex);
    /// Hands a recorded transaction to the node; forgets it when the node refuses.
    [[nodiscard]] Result<Hash256> Broadcast(const Built& built);
    [[nodiscard]] Result<Bytes> FreshScript(AddressType type, bool change, bool preview = false)
        EMC_REQUIRES(m_mutex);

    // names (wallet_names.cpp)
    [[nodiscard]] Result<Draft> DraftNames(const std::vector<NameChange>& changes, bool preview)
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> DraftOne(const NameChange& change,
                                        const std::optional<interfaces::NameInfo>& current, Draft& draft)
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<Bytes> OwnerFor(const NameChange& change,
                                         const std::optional<interfaces::NameInfo>& current, bool preview)
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> CheckNames(const primitives::MutableTransaction& fields) const;

    // reading (wallet_read.cpp)
    [[nodiscard]] interfaces::WalletTx Describe(const LedgerTx& tx) const EMC_REQUIRES(m_mutex);
    void DescribeParts(const LedgerTx& tx, interfaces::WalletTx& out) const EMC_REQUIRES(m_mutex);
    [[nodiscard]] std::string AddressOf(ByteSpan script) const;
    [[nodiscard]] Result<Bytes> OwnScript(const std::string& address) const EMC_REQUIRES(m_mutex);

    const std::string m_name;
    const WalletOptions m_options;
    const WalletDeps m_deps;
    const consensus::Params& m_params;
    std::string m_folder;

    mutable WalletMutex m_mutex;
    std::unique_ptr<Store> m_store EMC_GUARDED_BY(m_mutex);
    KeyRing m_keys EMC_GUARDED_BY(m_mutex);
    Ledger m_ledger EMC_GUARDED_BY(m_mutex);
    std::map<Bytes, std::string, BytesLess> m_labels EMC_GUARDED_BY(m_mutex);
    SyncedRow m_synced EMC_GUARDED_BY(m_mutex);
    int64_t m_birth_time EMC_GUARDED_BY(m_mutex) = 0;
    int32_t m_rebroadcast_height = 0; ///< event thread only
    std::atomic<bool> m_scanning{false};
    std::atomic<double> m_scan_progress{1.0};
    std::unique_ptr<interfaces::Subscription> m_subscription;
};

/// A failure of the wallet file as an RPC failure.
[[nodiscard]] base::Unexpected<Failure> FailWith(const StoreFailure& failure);
/// With Bitcoin Core's RPC codes.
[[nodiscard]] base::Unexpected<Failure> FailWith(int code, std::string message);

inline constexpr int CODE_MISC = -1;
inline constexpr int CODE_WALLET = -4;
inline constexpr int CODE_ADDRESS = -5;
inline constexpr int CODE_FUNDS = -6;
inline constexpr int CODE_PARAMETER = -8;
inline constexpr int CODE_INTERNAL = -32603;

} // namespace emc::wallet
