/// The wallet's inside. For the files of this room only.
#pragma once

#include "base/mutex.h"
#include "base/thread.h"
#include "interfaces/events.h"
#include "wallet/ledger.h"
#include "wallet/signer.h"
#include "wallet/store.h"
#include "wallet/vault.h"
#include "wallet/wallet.h"

#include <atomic>
#include <map>
#include <set>

namespace emc::consensus {
struct Params;
}

namespace emc::wallet {

using base::Hash256;
using interfaces::AddressType;

struct Book;
struct ScriptList;
struct TransactionRow;

/// Of AddAndScan.
inline constexpr int64_t NO_SCAN = INT64_MAX;
/// As old as the chain.
inline constexpr int64_t FROM_THE_START = 1;
inline constexpr size_t MAX_LABEL_BYTES = 1000;
/// Blocks made this long before the wallet cannot pay it.
inline constexpr int64_t BIRTH_SLACK_SEC = 7'200;

/// Any thread. No call into the pool or the chain that could wait for events is made with the mutex held.
class Wallet final : public WalletApi, private interfaces::EventSink
{
public:
    Wallet(std::string name, const WalletOptions& options, const WalletDeps& deps);
    ~Wallet() override;
    [[nodiscard]] Result<void> Start(const std::string& folder, Store::Mode mode);

    Result<std::string> NewAddress(AddressType type, const std::string& label, bool change) override;
    bool IsMine(ByteSpan script) const override;
    std::optional<std::string> LabelOf(ByteSpan script) const override;
    Result<void> SetLabel(const std::string& address, const std::string& label) override;
    Result<std::string> SignMessage(const std::string& address, const std::string& message) override;
    Result<std::string> DumpSecret(const std::string& address) override;
    Result<void> ImportSecrets(const std::vector<LabelledSecret>& secrets, bool rescan) override;
    Result<AddressInfo> GetAddressInfo(const std::string& address) const override;
    AddressInfo DescribeScript(ByteSpan script) const override;
    Result<std::string> DisplayAddress(const std::string& address) override;
    Result<void> Encrypt(std::string_view passphrase) override;
    Result<void> Unlock(std::string_view passphrase, int64_t seconds, UnlockFor purpose) override;
    Result<void> Lock() override;
    Result<void> ChangePassphrase(std::string_view old_one, std::string_view new_one) override;
    Result<std::string> Phrase() const override;
    Result<void> SetPhrase(std::string_view words, std::string_view passphrase) override;

    std::vector<Result<void>> ImportDescriptors(const std::vector<ImportItem>& items) override;
    Result<std::vector<DescriptorInfo>> ListDescriptors(KeysShown shown) const override;
    Result<void> RefillKeys(uint32_t count) override;
    Result<std::vector<KeyLine>> DumpKeys() const override;
    std::vector<std::pair<std::string, std::string>> Labels() const override;
    std::vector<interfaces::LabelLine> ExportLabels() const override;
    Result<std::vector<std::string>> ImportLabels(const std::vector<interfaces::LabelLine>& lines) override;
    Result<void> SetAvoidReuse(bool on) override;
    Result<Signed> SignTransaction(const primitives::MutableTransaction& tx, int hash_type,
                                   const std::vector<interfaces::GivenOutput>& given) override;

    interfaces::Balances GetBalances(int min_confirmations) const override;
    std::vector<interfaces::WalletCoin> ListCoins(int min_confirmations,
                                                  int max_confirmations) const override;
    std::vector<interfaces::WalletTx> ListTransactions(const HistoryPage& page) const override;
    std::optional<interfaces::WalletTx> GetTransaction(const Hash256& txid) const override;
    Result<Hash256> Send(const std::vector<interfaces::Recipient>& recipients,
                         const SendOptions& options) override;
    Result<void> Abandon(const Hash256& txid) override;
    Result<void> AddProven(const primitives::TxRef& tx, const BlockPlace& place) override;
    Result<void> Remove(const Hash256& txid) override;
    std::vector<interfaces::WalletTx> TransactionsSince(int32_t height) const override;
    std::vector<Received> ReceivedByScript(int32_t min_confirmations,
                                           interfaces::Generated generated) const override;
    std::vector<std::vector<GroupMember>> AddressGroups() const override;
    Result<Scanned> RescanBlocks(int32_t from, std::optional<int32_t> to) override;
    bool AbortRescan() override;
    Result<Funded> FundTransaction(const primitives::MutableTransaction& tx,
                                   const std::vector<size_t>& subtract_fee_from,
                                   const SendOptions& options) override;
    Result<Funded> FundAll(const primitives::MutableTransaction& tx, const std::vector<Bytes>& takers,
                           const SendOptions& options) override;
    Result<Hash256> Commit(const primitives::TxRef& tx, const SendOptions& options) override;
    Result<Bumped> Bump(const Hash256& txid, const SendOptions& options) override;
    Result<bool> ProcessPsbt(psbt::Psbt& psbt, const PsbtPlan& plan) override;
    Result<void> LockCoins(const std::vector<OutPoint>& coins, CoinLock lock) override;
    std::vector<OutPoint> LockedCoins() const override;

    Result<void> SetFeeRate(Amount per_kvb) override;

    Result<Hash256> ChangeNames(const std::vector<NameChange>& changes) override;
    Result<NamePreview> PreviewNames(const std::vector<NameChange>& changes) override;
    void ForEachName(const NameQuery& query,
                     const std::function<void(const interfaces::OwnName&)>& visit) const override;
    std::vector<interfaces::OwnName> ListNames(const NameQuery& query) const override;
    Result<std::string> SignEnum(const std::string& verifier, const std::string& number,
                                 const std::string& owner_address, uint32_t expiry) override;
    Result<Bytes> SignCallBatch(const reward::CallBatch& batch, ByteSpan owner_script) override;
    Result<Bytes> SignCallMail(const reward::CallMail& mail, ByteSpan owner_script) override;
    Result<Hash256> CallSecret(const crypto::PublicKey& key, ByteSpan owner_script) override;

    Result<void> CanStake() const override;
    std::vector<StakeCoin> StakeCoins() const override;
    Result<primitives::MutableTransaction> SignCoinstake(const primitives::MutableTransaction& tx) override;
    Result<Bytes> SignStakeBlock(ByteSpan script, const Hash256& block_hash) override;

    std::string Name() const override { return m_name; }

    int32_t SavedHeight() const override { return m_rescanning.load() ? -1 : m_saved_height.load(); }

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
        size_t dropped_signatures = 0;         ///< SIG lines of old owners
        Amount fee_rate_per_kvb = 0;
        std::string purpose;  ///< for messages: "this payment", "3 name operations"
        bool preview = false; ///< never sent: no address is used up
        CoinControl coins;
        std::map<OutPoint, size_t> weights;    ///< of inputs whose weight was told
        std::optional<Hash256> replaces;       ///< whose outputs must not be spent
        std::optional<size_t> change_position; ///< where change was put
    };

    /// Coins to choose from; each candidate stands for one coin or for all of an address.
    struct Offer;

    struct Built {
        primitives::TxRef tx;
        Amount fee = 0;
    };

    struct Funds;

    // loading (wallet_load.cpp)
    [[nodiscard]] Result<void> Load(Store::Mode mode) EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> CreateRows() EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> CheckHeader() EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> LoadKeys() EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> LoadRows() EMC_REQUIRES(m_mutex);
    void CompareWithChain() EMC_REQUIRES(m_mutex);

    // secrets (wallet_lock.cpp)
    /// −13 unless private keys can be used for everything, −4 when there are none.
    [[nodiscard]] Result<void> NeedKeys() const EMC_REQUIRES(m_mutex);
    /// The same for staking, for which unlocking for minting only will do.
    [[nodiscard]] Result<void> NeedStakeKeys() const EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<MasterRow> NewMaster(const SecureBytes& master, std::string_view passphrase) const;
    void WatchTheClock();

    // labels (wallet_labels.cpp)
    struct LabelChanges;
    /// Notes what a line changes; "" or why it is passed over.
    [[nodiscard]] std::string TakeLabel(const interfaces::LabelLine& line, LabelChanges& changes) const
        EMC_REQUIRES(m_mutex);

    // descriptors (wallet_descriptors.cpp)
    [[nodiscard]] Result<void> AddDescriptor(const ImportItem& item) EMC_REQUIRES(m_mutex);
    /// The header with an earlier birth when a key may be that old.
    void NoteBirth(int64_t since, RowBatch& batch) EMC_REQUIRES(m_mutex);
    [[nodiscard]] RowChange HeaderNow() const EMC_REQUIRES(m_mutex);

    // following the chain (wallet_sync.cpp)
    void Follow();
    /// What to do next on the way to the chain's tip; nullopt: there.
    struct Step;
    [[nodiscard]] std::optional<Step> NextStep() EMC_REQUIRES(m_mutex);
    void UndoTip() EMC_REQUIRES(m_mutex);
    void NoteProgress(int32_t done, int32_t all);

    // looking through old blocks (wallet_rescan.cpp)
    /// The first height from `from` on whose block was not made before `since` (unix seconds).
    [[nodiscard]] int32_t FirstSince(int32_t from, int64_t since) const;
    /// By abortrescan, or because the node stops.
    [[nodiscard]] bool ScanAborted() const;
    /// Blocks of these heights; what block filters exclude is not read.
    [[nodiscard]] Scanned Rescan(int32_t from, std::optional<int32_t> to);
    /// False when a filter says that nothing in it is of this wallet.
    [[nodiscard]] bool MayConcern(const Hash256& block, const ScriptList& scripts) const;
    /// Are all blocks here that a key as old as the chain may have been paid in?
    [[nodiscard]] Result<void> CheckOldBlocks(int64_t since) const;
    /// Runs `add`, and looks for payments since then to what it added; NO_SCAN: does not.
    [[nodiscard]] Result<void> AddAndScan(int64_t since, const std::function<Result<void>()>& add);
    [[nodiscard]] Result<void> AddSecrets(const std::vector<crypto::PrivateKey>& keys,
                                          const std::vector<LabelledSecret>& secrets, int64_t since);
    /// Are there blocks below a loaded snapshot that are not checked, perhaps not even here? Asks for many
    /// heights.
    [[nodiscard]] bool BlocksAwaited() const;
    /// First block from a height on that was pruned and is not older than `since` (unix seconds).
    [[nodiscard]] std::optional<int32_t> PrunedBlock(int32_t from, int64_t since) const;
    [[nodiscard]] Result<void> CheckBlocks() const EMC_REQUIRES(m_mutex);
    void ApplyBlock(const primitives::Block& block, const Hash256& hash, int32_t height)
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] bool ApplyBlockOnce(const primitives::Block& block, const Hash256& hash, int32_t height,
                                      RowBatch& batch) EMC_REQUIRES(m_mutex);
    /// True when scripts further ahead are known now.
    [[nodiscard]] bool TakeIn(TransactionRow row, RowBatch& batch) EMC_REQUIRES(m_mutex);
    void ApplyPoolTx(const primitives::TxRef& tx) EMC_REQUIRES(m_mutex);
    void ComparePool();
    void ResolveNames() EMC_REQUIRES(m_mutex);
    void SaveSynced() EMC_REQUIRES(m_mutex);
    /// False when the rows could not be written; that is logged.
    bool SaveChanges(RowBatch batch) EMC_REQUIRES(m_mutex);
    void Rebroadcast();
    void OnBlockConnected(const interfaces::BlockConnected& event) override;
    void OnBlockDisconnected(const interfaces::BlockDisconnected& event) override;
    void OnTxAdded(const primitives::TxRef& tx) override;
    void OnTxRemoved(const primitives::TxRef& tx, interfaces::RemovalReason reason) override;
    void OnTip(const interfaces::Tip& tip) override;
    void OnMissed() override;

    // spending (wallet_spend.cpp)
    /// Adds inputs and change, signs, and records the transaction so that its inputs are taken.
    [[nodiscard]] Result<Built> Build(Draft draft, const SendOptions& options) EMC_REQUIRES(m_mutex);
    /// Adds inputs and change to a draft; gives the network fee.
    [[nodiscard]] Result<Amount> Fund(Draft& draft) EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> ChooseInputs(Draft& draft, Funds& funds) EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> AddChange(Draft& draft, Funds& funds) EMC_REQUIRES(m_mutex);
    [[nodiscard]] base::Unexpected<Failure> Missing(const Draft& draft, const Offer& offer, Amount wanted,
                                                    Amount rate) const EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<primitives::TxRef> Sign(Draft& draft) EMC_REQUIRES(m_mutex);
    /// Signs every input of a transaction that spends these outputs.
    [[nodiscard]] Result<void> SignInputs(primitives::MutableTransaction& tx,
                                          const std::vector<primitives::TxOut>& spent) const
        EMC_REQUIRES(m_mutex);
    /// Hands a recorded transaction to the node; forgets it when the node refuses.
    [[nodiscard]] Result<Hash256> Broadcast(const Built& built);
    [[nodiscard]] Result<Bytes> FreshScript(AddressType type, bool change, bool preview = false)
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] Amount FeeRate(const SendOptions& options) const;
    /// The same; fails with `code` when the caller asked for less than the node relays.
    [[nodiscard]] Result<Amount> CheckedFeeRate(const SendOptions& options, int code) const;
    /// Stores a transaction so that its inputs are taken.
    [[nodiscard]] Result<void> Record(const primitives::TxRef& tx, const SendOptions& options)
        EMC_REQUIRES(m_mutex);

    // coins and fees (wallet_coins.cpp, wallet_fund.cpp)
    [[nodiscard]] Offer OfferFor(const Draft& draft) const EMC_REQUIRES(m_mutex);
    [[nodiscard]] std::string WhatIsTied() const EMC_REQUIRES(m_mutex);
    /// A coin that may be named as input of a draft, or why not.
    [[nodiscard]] Result<primitives::TxOut> CoinFor(const OutPoint& outpoint, const Draft& draft) const
        EMC_REQUIRES(m_mutex);
    void AddInput(Draft& draft, const OutPoint& outpoint) const EMC_REQUIRES(m_mutex);
    /// Scripts whose coins are kept apart; none unless the wallet avoids reuse.
    [[nodiscard]] std::set<Bytes, BytesLess> ReusedScripts() const EMC_REQUIRES(m_mutex);
    /// Virtual size of a draft when signed.
    [[nodiscard]] size_t SizeOf(const Draft& draft) const EMC_REQUIRES(m_mutex);
    /// What a draft would pay to miners; nullopt when there is not enough.
    [[nodiscard]] std::optional<Amount> FeeIf(bool whole_addresses, Draft draft, Funds funds)
        EMC_REQUIRES(m_mutex);
    /// Is spending whole addresses worth its fee? Then the draft does.
    void PreferWholeAddresses(Draft& draft, const Funds& funds) EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<Draft> DraftOf(const primitives::MutableTransaction& tx, const SendOptions& options)
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] Funded FinishFunding(Draft draft, Amount fee, const SendOptions& options)
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> CheckReplaceable(const Hash256& txid) const EMC_REQUIRES(m_mutex);
    /// Adds what the wallet knows to a PSBT, and its own signatures if asked. `foreign`: what each input
    /// spends as the chain knows it.
    [[nodiscard]] Result<void> UpdatePsbt(psbt::Psbt& psbt, const PsbtPlan& plan,
                                          const std::vector<std::optional<primitives::TxOut>>& foreign);
    /// Has the device sign, and adds its signatures (wallet_signer.cpp).
    [[nodiscard]] Result<void> SignByDevice(psbt::Psbt& psbt) const;

    // names (wallet_names.cpp)
    /// ChangeNames from any thread, the event thread too: coins of events still on the way do not count.
    [[nodiscard]] Result<Hash256> SendNames(const std::vector<NameChange>& changes);
    /// The key of a number's owner: −13, −4.
    [[nodiscard]] Result<crypto::PrivateKey> OwnerKey(ByteSpan owner_script) const EMC_REQUIRES(m_mutex);
    /// Renews what ends soon, if that is switched on (wallet_renew.cpp).
    void RenewNames(int32_t height);
    [[nodiscard]] Result<Draft> DraftNames(const std::vector<NameChange>& changes, bool preview)
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> DraftOne(const NameChange& change,
                                        const std::optional<interfaces::NameInfo>& current, Draft& draft)
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<Bytes> OwnerFor(const NameChange& change,
                                         const std::optional<interfaces::NameInfo>& current, bool preview)
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] Result<void> CheckNames(const primitives::MutableTransaction& fields) const;
    using PendingByName = std::map<std::string, const interfaces::PendingName*, std::less<>>;

    /// A walk through the own names in byte order.
    struct NameWalk;
    /// The next own names with their pending operation, on from where the walk stands.
    void OwnNames(NameWalk& walk) const;
    /// What only the chain's state can tell. False: it is not asked for, or no name any more.
    [[nodiscard]] bool AskChain(interfaces::OwnName& own, const NameQuery& query) const;

    // reading (wallet_read.cpp)
    [[nodiscard]] interfaces::WalletTx Describe(const TransactionRow& row) const EMC_REQUIRES(m_mutex);
    [[nodiscard]] interfaces::WalletTx Describe(const TransactionRow& row,
                                                const std::vector<HistoryLine>& lines) const
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] interfaces::WalletTx::Part DescribePart(const TransactionRow& row,
                                                          const HistoryLine& line) const
        EMC_REQUIRES(m_mutex);
    [[nodiscard]] std::string AddressOf(ByteSpan script) const;
    [[nodiscard]] Result<Bytes> OwnScript(const std::string& address) const EMC_REQUIRES(m_mutex);

    const std::string m_name;
    const WalletOptions m_options;
    const WalletDeps m_deps;
    const consensus::Params& m_params;
    const Signer m_signer;

    mutable WalletMutex m_mutex;
    const std::unique_ptr<Book> m_book EMC_PT_GUARDED_BY(m_mutex);
    bool
        m_following EMC_GUARDED_BY(m_mutex) = false; ///< a thread is in Follow: block events need no handling
    bool m_older_file EMC_GUARDED_BY(m_mutex) = false; ///< to be brought up to FILE_VERSION
    // What the vault's lock waits for.
    int64_t m_unlocked_until EMC_GUARDED_BY(m_mutex) = 0; ///< unix seconds; 0: locked
    int64_t m_lock_at_us EMC_GUARDED_BY(m_mutex) = 0;     ///< of the steady clock
    bool m_mint_only EMC_GUARDED_BY(m_mutex) = false;
    bool m_ending EMC_GUARDED_BY(m_mutex) = false;
    base::CondVar m_lock_changed;
    base::Thread m_lock_clock; ///< locks when the time is over; runs from the first unlocking on
    std::set<OutPoint> m_locked EMC_GUARDED_BY(m_mutex); ///< coins not to be chosen
    std::atomic<Amount> m_fee_rate{0};                   ///< of settxfee
    std::atomic<bool> m_abort_scan{false};
    std::atomic<bool> m_rescanning{false};
    std::atomic<double> m_scan_progress{1.0};
    std::atomic<int64_t> m_scan_began_us{0}; ///< of the steady clock
    std::atomic<int32_t> m_saved_height{-1}; ///< of the place in the file
    int32_t m_rebroadcast_height = 0;        ///< event thread only
    int32_t m_renew_height = -1;             ///< event thread only: of the last look at names that end
    std::unique_ptr<interfaces::Subscription> m_subscription;
};

} // namespace emc::wallet
