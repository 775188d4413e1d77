/// Wallets as RPC and GUI see them, by role. Implemented in the wallet room; any thread.
#pragma once

#include "base/expected.h"
#include "base/memory.h"
#include "interfaces/types.h"

namespace emc::interfaces {

template <typename T>
using Result = base::Expected<T, Failure>;

enum class AddressType : uint8_t { Legacy, P2shSegwit, Bech32 };

struct Balances {
    Amount trusted = 0;  ///< confirmed, or own change unconfirmed
    Amount pending = 0;  ///< unconfirmed from others
    Amount immature = 0; ///< generated coins below maturity
    Amount in_names = 0; ///< in live name outputs, never spent as money
};

struct WalletCoin {
    primitives::OutPoint outpoint;
    primitives::TxOut out;
    int32_t confirmations = 0;
    bool spendable = true;
    bool safe = true;
    std::string address;
    std::string label;
};

struct WalletTx {
    Hash256 txid;
    primitives::TxRef tx;
    std::optional<Hash256> block;
    int32_t height = -1;
    int32_t confirmations = 0; ///< −1: conflicted
    int64_t time = 0;          ///< received
    int64_t block_time = 0;
    Amount fee = 0; ///< net fee when all inputs are ours
    Amount burned = 0;
    bool from_me = false;
    bool generated = false;
    bool abandoned = false;

    /// One line of listtransactions.
    struct Part {
        std::string category; ///< "send", "receive", "generate", "immature", "orphan"
        std::string address;
        std::string label;
        Amount amount = 0; ///< negative for send
        uint32_t vout = 0;
        std::string name_op; ///< "name_new: enum:…" for name outputs
    };

    std::vector<Part> parts;
};

struct Recipient {
    Bytes script; ///< whole output script, name prefix included
    Amount amount = 0;
    bool subtract_fee = false;
};

struct OwnName {
    NameInfo info; ///< committed state; record is empty for a pending NEW
    std::string address;
    bool mine = true; ///< false: was ours, now transferred
    std::optional<PendingName> pending;
};

/// Keys and addresses.
class WalletKeysApi
{
public:
    virtual ~WalletKeysApi() = default;
    /// A fresh receiving address; its key is on disk before this returns.
    [[nodiscard]] virtual Result<std::string> NewAddress(AddressType type, const std::string& label,
                                                         bool change) = 0;
    [[nodiscard]] virtual bool IsMine(ByteSpan script) const = 0;
    [[nodiscard]] virtual std::optional<std::string> LabelOf(ByteSpan script) const = 0;
    [[nodiscard]] virtual Result<void> SetLabel(const std::string& address, const std::string& label) = 0;
    [[nodiscard]] virtual Result<std::string> SignMessage(const std::string& address,
                                                          const std::string& message) = 0;
    [[nodiscard]] virtual Result<std::string> DumpSecret(const std::string& address) = 0;
    [[nodiscard]] virtual Result<void> ImportSecret(const std::string& wif, const std::string& label,
                                                    bool rescan) = 0;

    struct AddressInfo {
        bool mine = false;
        bool change = false;
        std::string label;
        std::string hd_path;
        Bytes script;
        Bytes pubkey;
    };

    [[nodiscard]] virtual Result<AddressInfo> GetAddressInfo(const std::string& address) const = 0;

    /// Signs what this wallet can; true when every input is complete.
    struct Signed {
        primitives::MutableTransaction tx;
        bool complete = false;
        std::vector<std::string> errors;
    };

    [[nodiscard]] virtual Result<Signed> SignTransaction(const primitives::MutableTransaction& tx,
                                                         int hash_type) = 0;
};

/// Money.
class WalletMoneyApi
{
public:
    virtual ~WalletMoneyApi() = default;
    [[nodiscard]] virtual Balances GetBalances(int min_confirmations) const = 0;
    [[nodiscard]] virtual std::vector<WalletCoin> ListCoins(int min_confirmations,
                                                            int max_confirmations) const = 0;
    /// Newest first, `skip` then at most `count`.
    [[nodiscard]] virtual std::vector<WalletTx> ListTransactions(size_t count, size_t skip) const = 0;
    [[nodiscard]] virtual std::optional<WalletTx> GetTransaction(const Hash256& txid) const = 0;

    struct SendOptions {
        std::optional<Amount> fee_per_kvb;
        std::string comment;
        std::string comment_to;
        bool replaceable = true;
    };

    /// Builds, signs, stores, broadcasts; the txid.
    [[nodiscard]] virtual Result<Hash256> Send(const std::vector<Recipient>& recipients,
                                               const SendOptions& options) = 0;
    [[nodiscard]] virtual Result<void> Abandon(const Hash256& txid) = 0;
};

/// Names.
class WalletNamesApi
{
public:
    virtual ~WalletNamesApi() = default;

    struct NameChange {
        names::OpKind kind = names::OpKind::New;
        std::string name;
        Bytes value;
        int64_t days = 0;
        std::string
            to_address; ///< empty: keep the owner (NEW: a fresh address); "legacy": a fresh P2PKH address
    };

    struct NamePreview {
        Amount burned = 0; ///< name fee
        Amount network_fee = 0;
        int32_t expiry = 0; ///< height when mined in the next block
    };

    /// All changes in one transaction; refused with the rule's number before anything is sent.
    [[nodiscard]] virtual Result<Hash256> ChangeNames(const std::vector<NameChange>& changes) = 0;
    [[nodiscard]] virtual Result<NamePreview> PreviewNames(const std::vector<NameChange>& changes) = 0;

    /// Which of the wallet's names to list.
    struct NameQuery {
        std::string exact = {};  ///< only this one; empty: all
        std::string from = {};   ///< the first in byte order
        size_t count = SIZE_MAX; ///< at most so many
    };

    /// In byte order. Costs one look-up in the chain's state for each name that is listed.
    [[nodiscard]] virtual std::vector<OwnName> ListNames(const NameQuery& query) const = 0;
    /// The SIG line by which the owner of `verifier` (a ver: name of this wallet) confirms number and owner
    /// address.
    [[nodiscard]] virtual Result<std::string> SignEnum(const std::string& verifier, const std::string& number,
                                                       const std::string& owner_address, uint32_t expiry) = 0;
};

/// One wallet.
class WalletApi : public WalletKeysApi, public WalletMoneyApi, public WalletNamesApi
{
public:
    [[nodiscard]] virtual std::string Name() const = 0;
    /// Height up to which the wallet needs no block any more: those above its place in the file are read
    /// again after a crash. −1: it needs all of them, as while it looks for payments to an imported key.
    [[nodiscard]] virtual int32_t SavedHeight() const = 0;

    struct Info {
        std::string format = "bdb";
        int version = 1;
        uint64_t tx_count = 0;
        uint64_t keypool_size = 0;
        int64_t birth_time = 0;
        bool encrypted = false;
        bool scanning = false;
        double scan_progress = 1.0;
        int32_t synced_height = -1;
    };

    [[nodiscard]] virtual Info GetInfo() const = 0;
    /// Copies the wallet file while it is open and re-reads the copy.
    [[nodiscard]] virtual Result<void> Backup(const std::string& path) = 0;
    /// Waits until the wallet has seen every event published so far.
    virtual void Sync() = 0;
};

/// The wallets of the process.
class WalletsApi
{
public:
    virtual ~WalletsApi() = default;
    [[nodiscard]] virtual std::vector<std::shared_ptr<WalletApi>> Loaded() const = 0;
    [[nodiscard]] virtual Result<std::shared_ptr<WalletApi>> Create(const std::string& name) = 0;
    [[nodiscard]] virtual Result<std::shared_ptr<WalletApi>> Load(const std::string& name) = 0;
    [[nodiscard]] virtual Result<void> Unload(const std::string& name) = 0;
    [[nodiscard]] virtual std::vector<std::string> OnDisk() const = 0;
};

} // namespace emc::interfaces
