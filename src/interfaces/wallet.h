/// Wallets as RPC and GUI see them, by role. Implemented in the wallet room; any thread.
#pragma once

#include "base/expected.h"
#include "base/function.h"
#include "base/memory.h"
#include "interfaces/fee_mode.h"
#include "interfaces/types.h"

namespace emc::psbt {
struct Psbt;
}

namespace emc::crypto {
class PublicKey;
}

namespace emc::reward {
struct CallBatch;
struct CallMail;
} // namespace emc::reward

namespace emc::interfaces {

struct LabelLine;    // wallet_parts.h
struct SignerDevice; // wallet_parts.h

template <typename T>
using Result = base::Expected<T, Failure>;

enum class AddressType : uint8_t { Legacy, P2shSegwit, Bech32, Bech32m };

struct Balances {
    Amount trusted = 0;      ///< confirmed, or own change unconfirmed
    Amount pending = 0;      ///< unconfirmed from others
    Amount immature = 0;     ///< generated coins below maturity
    Amount in_names = 0;     ///< in live name outputs, never spent as money
    Amount used_trusted = 0; ///< of `trusted`, but kept apart: on scripts that were spent from
    Amount used_pending = 0; ///< the same of `pending`; neither is in those sums
};

struct WalletCoin {
    primitives::OutPoint outpoint;
    primitives::TxOut out;
    int32_t confirmations = 0;
    bool spendable = true;
    bool safe = true;
    bool reused = false; ///< the wallet keeps it apart: its script was spent from
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
    std::string comment;
    std::string comment_to;
    std::vector<Hash256> conflicts; ///< others that spend the same

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

/// An output the caller tells of.
struct GivenOutput {
    primitives::OutPoint outpoint;
    primitives::TxOut out; ///< with the owner script
    size_t weight = 0; ///< of an input that spends it when signed, with outpoint and sequence; 0: not told
};

struct Recipient {
    Bytes script; ///< whole output script, name prefix included
    Amount amount = 0;
    bool subtract_fee = false;
};

struct OwnName {
    NameInfo info; ///< committed state; record is empty for a pending NEW
    std::string address;
    bool mine = true;                           ///< false: was ours, now transferred
    std::shared_ptr<const PendingName> pending; ///< null: none
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

    struct LabelledSecret {
        std::string wif;
        std::string label;
    };

    /// All of them or none; then one look through the blocks.
    [[nodiscard]] virtual Result<void> ImportSecrets(const std::vector<LabelledSecret>& secrets,
                                                     bool rescan) = 0;

    [[nodiscard]] Result<void> ImportSecret(const std::string& wif, const std::string& label, bool rescan)
    {
        return ImportSecrets({{wif, label}}, rescan);
    }

    struct AddressInfo {
        bool mine = false;
        bool change = false;
        bool solvable = false;
        std::string label;
        std::string hd_path;
        std::string master_fingerprint; ///< hex; empty for keys without a known tree
        std::string descriptor;         ///< of this address alone, public
        std::string parent_descriptor;  ///< the ranged one it comes from
        Bytes script;
        Bytes pubkey;
        Bytes redeem_script;  ///< behind a script hash, if known
        Bytes witness_script; ///< behind a witness script hash, if known
        int64_t created = 0;  ///< unix seconds: no payment is older; 0: not told
    };

    [[nodiscard]] virtual Result<AddressInfo> GetAddressInfo(const std::string& address) const = 0;
    /// The same for an output script.
    [[nodiscard]] virtual AddressInfo DescribeScript(ByteSpan script) const = 0;
    /// Shows an address of this wallet on its external signer; the address as the signer writes it.
    [[nodiscard]] virtual Result<std::string> DisplayAddress(const std::string& address) = 0;

    /// Signs what this wallet can; true when every input is complete.
    struct Signed {
        primitives::MutableTransaction tx;
        bool complete = false;
        std::vector<std::string> errors;
    };

    /// `given`: outputs of transactions the node may not know.
    [[nodiscard]] virtual Result<Signed> SignTransaction(const primitives::MutableTransaction& tx,
                                                         int hash_type,
                                                         const std::vector<GivenOutput>& given) = 0;

    [[nodiscard]] Result<Signed> SignTransaction(const primitives::MutableTransaction& tx, int hash_type)
    {
        return SignTransaction(tx, hash_type, {});
    }
};

/// Encryption and the recovery phrase. A passphrase is never stored nor logged.
class WalletLockApi
{
public:
    virtual ~WalletLockApi() = default;
    /// Seals all secrets under a passphrase and locks the wallet. −15 when that was done before, −16 without
    /// private keys.
    [[nodiscard]] virtual Result<void> Encrypt(std::string_view passphrase) = 0;

    enum class UnlockFor : uint8_t { Everything, Minting };

    /// Opens the secrets for so many seconds; a later call counts instead of an earlier one. −14 for a wrong
    /// passphrase, which changes nothing; −15 when the wallet is not encrypted.
    [[nodiscard]] virtual Result<void> Unlock(std::string_view passphrase, int64_t seconds,
                                              UnlockFor purpose) = 0;
    [[nodiscard]] virtual Result<void> Lock() = 0;
    [[nodiscard]] virtual Result<void> ChangePassphrase(std::string_view old_one,
                                                        std::string_view new_one) = 0;
    /// The words of BIP 39 all addresses follow from. −4 when the seed did not come from words.
    [[nodiscard]] virtual Result<std::string> Phrase() const = 0;
    /// Gives a blank wallet the seed of these words, and looks for their money in all blocks.
    [[nodiscard]] virtual Result<void> SetPhrase(std::string_view words, std::string_view passphrase) = 0;
};

/// Descriptors, keys by the dozen, labels.
class WalletDescriptorsApi
{
public:
    virtual ~WalletDescriptorsApi() = default;

    struct ImportItem {
        std::string descriptor;
        uint32_t begin = 0;           ///< range of indices, both ends included
        uint32_t end = 0;             ///< ignored when the descriptor has no wildcard
        std::optional<uint32_t> next; ///< first index to hand out
        int64_t created = 1;          ///< unix seconds: no payment is older
        bool active = false;
        bool internal = false;
        std::string label;
    };

    /// Each item by itself; then one look through the blocks since the oldest that came in.
    [[nodiscard]] virtual std::vector<Result<void>>
    ImportDescriptors(const std::vector<ImportItem>& items) = 0;

    struct DescriptorInfo {
        std::string text; ///< with checksum
        int64_t created = 0;
        bool active = false;
        bool internal = false;
        bool range = false;
        uint32_t begin = 0; ///< range known, both ends included
        uint32_t end = 0;
        uint32_t next = 0;
    };

    enum class KeysShown : uint8_t { Public, Private };
    [[nodiscard]] virtual Result<std::vector<DescriptorInfo>> ListDescriptors(KeysShown shown) const = 0;
    /// Knows so many addresses ahead from now on.
    [[nodiscard]] virtual Result<void> RefillKeys(uint32_t count) = 0;

    struct KeyLine {
        std::string secret; ///< WIF
        std::string address;
        std::string label;
        std::string hd_path; ///< empty for imported keys
        bool change = false;
    };

    /// Every private key of seed and imports up to the last one known.
    [[nodiscard]] virtual Result<std::vector<KeyLine>> DumpKeys() const = 0;
    /// All labels, with the addresses that have them.
    [[nodiscard]] virtual std::vector<std::pair<std::string, std::string>> Labels() const = 0;
    /// Labels of everything, and which outputs are kept back; in order of kind and what it is about.
    [[nodiscard]] virtual std::vector<LabelLine> ExportLabels() const = 0;
    /// Takes over labels, in one write: the label of a transaction becomes its comment. For each line "" or
    /// why it was passed over. −8 for a label that is too long.
    [[nodiscard]] virtual Result<std::vector<std::string>>
    ImportLabels(const std::vector<LabelLine>& lines) = 0;
    /// Keeps coins on scripts that were spent from before apart, or no longer.
    [[nodiscard]] virtual Result<void> SetAvoidReuse(bool on) = 0;
};

/// Money.
class WalletMoneyApi
{
public:
    virtual ~WalletMoneyApi() = default;
    [[nodiscard]] virtual Balances GetBalances(int min_confirmations) const = 0;
    [[nodiscard]] virtual std::vector<WalletCoin> ListCoins(int min_confirmations,
                                                            int max_confirmations) const = 0;

    /// Counted in lines, of which a transaction has one for each of its parts.
    struct HistoryPage {
        size_t count = 0;                                ///< at most so many
        size_t skip = 0;                                 ///< without so many of the newest
        std::optional<std::string> label = std::nullopt; ///< only lines with that one
    };

    /// Newest first; each with those of its parts that are on the page.
    [[nodiscard]] virtual std::vector<WalletTx> ListTransactions(const HistoryPage& page) const = 0;
    [[nodiscard]] virtual std::optional<WalletTx> GetTransaction(const Hash256& txid) const = 0;

    /// Which coins a transaction may spend, and what becomes of what is left over.
    struct CoinControl {
        std::vector<primitives::OutPoint> inputs; ///< have to be spent
        std::vector<GivenOutput> weighed;         ///< what inputs that are named spend, perhaps of others
        bool add_inputs = true;                   ///< others may be, too
        bool include_unsafe = false;              ///< coins others sent that are in no block
        int32_t min_confirmations = 0;
        int32_t max_confirmations = 9'999'999;
        bool whole_addresses = false; ///< of an address all coins or none
        bool spend_reused = false;    ///< also what the wallet keeps apart on scripts that were spent from
        bool lock_inputs = false;     ///< keeps other payments from choosing them
        std::optional<Bytes> change_script;
        AddressType change_type = AddressType::Bech32;
        std::optional<size_t> change_position; ///< among the outputs; else by chance
    };

    struct SendOptions {
        std::optional<Amount> fee_per_kvb;
        std::optional<int32_t> conf_target; ///< blocks; the rate is estimated when none is given
        FeeMode fee_mode = FeeMode::Conservative;
        std::string comment;
        std::string comment_to;
        bool replaceable = true;
        bool preview = false; ///< of FundTransaction: it will not be sent, so no address is used up
        CoinControl coins;
    };

    /// A transaction that pays for itself, not signed yet.
    struct Funded {
        primitives::MutableTransaction tx;
        Amount fee = 0;
        std::optional<size_t> change_position;
    };

    /// Adds inputs and change to a transaction that has outputs and perhaps inputs; name outputs are paid
    /// for. The outputs named share the fee. −6 tells what is missing and what is tied.
    [[nodiscard]] virtual Result<Funded> FundTransaction(const primitives::MutableTransaction& tx,
                                                         const std::vector<size_t>& subtract_fee_from,
                                                         const SendOptions& options) = 0;
    /// Spends every coin the options allow: what the outputs of `tx` leave is shared by `takers`.
    [[nodiscard]] virtual Result<Funded> FundAll(const primitives::MutableTransaction& tx,
                                                 const std::vector<Bytes>& takers,
                                                 const SendOptions& options) = 0;
    /// Stores a signed transaction and hands it to the node; the txid.
    [[nodiscard]] virtual Result<Hash256> Commit(const primitives::TxRef& tx, const SendOptions& options) = 0;

    struct Bumped {
        primitives::MutableTransaction tx; ///< not signed
        Amount old_fee = 0;
        Amount fee = 0;
    };

    /// The same payments with a higher fee, to replace a transaction of this wallet that waits (BIP 125).
    /// −5 unknown; −8 it has descendants; −4 it cannot be replaced.
    [[nodiscard]] virtual Result<Bumped> Bump(const Hash256& txid, const SendOptions& options) = 0;

    struct PsbtPlan {
        bool sign = true;
        std::optional<int> hash_type;
        bool derivations = true;
        bool finalize = true;
    };

    /// Adds what the wallet knows to a PSBT, and signs it if asked; true when all inputs are complete.
    [[nodiscard]] virtual Result<bool> ProcessPsbt(psbt::Psbt& psbt, const PsbtPlan& plan) = 0;

    enum class CoinLock : uint8_t { Free, Memory, File };

    /// Keeps coins from being chosen, in memory or also in the file; or frees them. All or none; −8 says
    /// which and why. Free without coins frees all.
    [[nodiscard]] virtual Result<void> LockCoins(const std::vector<primitives::OutPoint>& coins,
                                                 CoinLock lock) = 0;
    [[nodiscard]] virtual std::vector<primitives::OutPoint> LockedCoins() const = 0;
    /// Units per 1000 virtual bytes for what names no fee rate itself, until the program ends; 0: as
    /// -paytxfee says.
    [[nodiscard]] virtual Result<void> SetFeeRate(Amount per_kvb) = 0;

    /// Builds, signs, stores, broadcasts; the txid.
    [[nodiscard]] virtual Result<Hash256> Send(const std::vector<Recipient>& recipients,
                                               const SendOptions& options) = 0;
    [[nodiscard]] virtual Result<void> Abandon(const Hash256& txid) = 0;

    /// Where a transaction stands in the best chain.
    struct BlockPlace {
        Hash256 block;
        int32_t height = 0;
        int64_t time = 0; ///< unix seconds of the block
    };

    /// Takes over a transaction that somebody proved to stand in a block. −5 when it concerns no script of
    /// this wallet.
    [[nodiscard]] virtual Result<void> AddProven(const primitives::TxRef& tx, const BlockPlace& place) = 0;
    /// Forgets a transaction; a rescan finds it again. −8 when there is none.
    [[nodiscard]] virtual Result<void> Remove(const Hash256& txid) = 0;
};

/// Which generated coins count.
enum class Generated : uint8_t { None, Mature, All };

/// What happened, summed up.
class WalletHistoryApi
{
public:
    virtual ~WalletHistoryApi() = default;
    /// In blocks above this height, and those in no block; oldest first.
    [[nodiscard]] virtual std::vector<WalletTx> TransactionsSince(int32_t height) const = 0;

    /// What came in on one output script, spent since or not.
    struct Received {
        std::string address;
        std::string label;
        Amount amount = 0;
        int32_t confirmations = 0; ///< of the newest
        std::vector<Hash256> txids;
        bool mine = false;
    };

    /// All scripts with a label or with money that came in; change and names are left out.
    [[nodiscard]] virtual std::vector<Received> ReceivedByScript(int32_t min_confirmations,
                                                                 Generated generated) const = 0;

    struct GroupMember {
        std::string address;
        Amount amount = 0;
        std::string label;
    };

    /// Addresses that were spent from together or got the change.
    [[nodiscard]] virtual std::vector<std::vector<GroupMember>> AddressGroups() const = 0;

    struct Scanned {
        int32_t first = 0;
        int32_t last = -1;
        int32_t read = 0; ///< blocks that were fetched; filters ruled out the others
    };

    /// Looks through blocks again, up to the tip unless `to` is given. −8 for heights out of range, −4 while
    /// another one runs, −1 when blocks are pruned or it was aborted.
    [[nodiscard]] virtual Result<Scanned> RescanBlocks(int32_t from, std::optional<int32_t> to) = 0;
    /// False when no rescan runs.
    virtual bool AbortRescan() = 0;
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
        int32_t expiry = 0;            ///< height when mined in the next block
        size_t dropped_signatures = 0; ///< SIG lines left out, since the name gets another owner
    };

    /// All changes in one transaction; refused with the rule's number before anything is sent.
    [[nodiscard]] virtual Result<Hash256> ChangeNames(const std::vector<NameChange>& changes) = 0;
    [[nodiscard]] virtual Result<NamePreview> PreviewNames(const std::vector<NameChange>& changes) = 0;

    /// Which of the wallet's names to list.
    struct NameQuery {
        std::string exact = {};  ///< only this one; empty: all
        std::string from = {};   ///< the first in byte order
        size_t count = SIZE_MAX; ///< at most so many
        std::string prefix = {}; ///< only names that begin so
        /// Only live names whose last block is at this height or below.
        std::optional<int32_t> expires_by = std::nullopt;
        bool mine_only = false; ///< without names that were handed over or are over
    };

    /// In byte order; no lock is held while `visit` runs, and what it is given is used again afterwards.
    /// Names that lie in a coin of this wallet are told from the wallet alone (their record has no
    /// born_height then); others cost one look-up in the chain's state each.
    virtual void ForEachName(const NameQuery& query,
                             const std::function<void(const OwnName&)>& visit) const = 0;
    /// The same as a list.
    [[nodiscard]] virtual std::vector<OwnName> ListNames(const NameQuery& query) const = 0;
    /// The SIG line by which the owner of `verifier` (a ver: name of this wallet) confirms number and owner
    /// address.
    [[nodiscard]] virtual Result<std::string> SignEnum(const std::string& verifier, const std::string& number,
                                                       const std::string& owner_address, uint32_t expiry) = 0;
    /// The signature of a call batch by the owner of one of its numbers, in the form of
    /// reward::CallBatch::caller_signature. Whether the batch deserves it is the caller's to judge
    /// (CallBatches::Sign). −4 when the key is not in this wallet.
    [[nodiscard]] virtual Result<Bytes> SignCallBatch(const reward::CallBatch& batch,
                                                      ByteSpan owner_script) = 0;
    /// The signature of mail by the owner of the number it is from. −4 when the key is not in this wallet.
    [[nodiscard]] virtual Result<Bytes> SignCallMail(const reward::CallMail& mail, ByteSpan owner_script) = 0;
    /// What the owner of a number shares with the fresh key of a letter sealed for it (ECDH,
    /// reward::OpenLetter). −4 when the owner's key is not in this wallet.
    [[nodiscard]] virtual Result<Hash256> CallSecret(const crypto::PublicKey& key, ByteSpan owner_script) = 0;
};

/// What staking needs of a wallet. Works while it is unlocked for minting only, too.
class WalletStakeApi
{
public:
    virtual ~WalletStakeApi() = default;
    /// −13 while locked, −4 without private keys.
    [[nodiscard]] virtual Result<void> CanStake() const = 0;

    struct StakeCoin {
        primitives::OutPoint outpoint;
        primitives::Coin coin;
        bool locked = false; ///< kept back by lockunspent
    };

    /// Confirmed coins that are of a form which may find blocks and whose key is the wallet's. Those in names
    /// are never among them, those too young to stake are.
    [[nodiscard]] virtual std::vector<StakeCoin> StakeCoins() const = 0;
    /// Signs every input of a coinstake. −4 unless all of them are StakeCoins that are not locked, and its
    /// outputs give no less than they hold back to the kernel's script: so that what is unlocked for minting
    /// only pays nobody else.
    [[nodiscard]] virtual Result<primitives::MutableTransaction>
    SignCoinstake(const primitives::MutableTransaction& tx) = 0;
    /// The 64 bytes that sign a block whose kernel has this script.
    [[nodiscard]] virtual Result<Bytes> SignStakeBlock(ByteSpan script, const Hash256& block_hash) = 0;
};

/// One wallet.
class WalletApi : public WalletKeysApi,
                  public WalletLockApi,
                  public WalletDescriptorsApi,
                  public WalletMoneyApi,
                  public WalletHistoryApi,
                  public WalletNamesApi,
                  public WalletStakeApi
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
        int64_t unlocked_until = 0; ///< of an encrypted wallet: unix seconds; 0: locked
        bool mint_only = false;     ///< unlocked for minting alone
        bool private_keys = true;
        bool blank = false; ///< neither seed nor keys nor descriptors
        bool avoid_reuse = false;
        bool external_signer = false; ///< keys are in a device that signs
        bool scanning = false;
        double scan_progress = 1.0;
        int64_t scan_seconds = 0;   ///< since it began
        int64_t scan_left_sec = -1; ///< as fast as so far; −1: too early to say
        int32_t synced_height = -1;
    };

    [[nodiscard]] virtual Info GetInfo() const = 0;
    /// Copies the wallet file while it is open and re-reads the copy.
    [[nodiscard]] virtual Result<void> Backup(const std::string& path) = 0;
    /// Waits until the wallet has seen every event published so far.
    virtual void Sync() = 0;
};

/// How a wallet is made.
struct NewWallet {
    bool private_keys = true;
    bool blank = false; ///< without a seed
    bool avoid_reuse = false;
    bool external_signer = false; ///< keys come from the device behind -signer; needs private_keys = false
    std::string passphrase;       ///< empty: not encrypted
};

/// The wallets of the process.
class WalletsApi
{
public:
    virtual ~WalletsApi() = default;
    [[nodiscard]] virtual std::vector<std::shared_ptr<WalletApi>> Loaded() const = 0;
    [[nodiscard]] virtual Result<std::shared_ptr<WalletApi>> Create(const std::string& name,
                                                                    const NewWallet& plan) = 0;
    [[nodiscard]] virtual Result<std::shared_ptr<WalletApi>> Load(const std::string& name) = 0;
    [[nodiscard]] virtual Result<void> Unload(const std::string& name) = 0;
    /// Makes a wallet of a backup file and loads it.
    [[nodiscard]] virtual Result<std::shared_ptr<WalletApi>> Restore(const std::string& name,
                                                                     const std::string& backup) = 0;
    /// Whether a wallet is loaded when the program starts, from now on.
    [[nodiscard]] virtual Result<void> SetLoadOnStart(const std::string& name, bool on) = 0;
    [[nodiscard]] virtual std::vector<std::string> OnDisk() const = 0;
    /// Devices the program of -signer finds. −1 without that option, or when the program fails.
    [[nodiscard]] virtual Result<std::vector<SignerDevice>> Signers() const = 0;
};

} // namespace emc::interfaces
