/// Keys and values of the rows in a wallet file: the one place that knows them.
#pragma once

#include "crypto/keys.h"
#include "primitives/transaction.h"
#include "script/hd_key.h"
#include "wallet/store.h"

namespace emc::wallet {

using base::Hash256;

/// Files of newer versions are refused, older ones brought up to it.
inline constexpr uint32_t FILE_VERSION = 2;

enum class RowKind : uint8_t {
    Header = 'V',
    Master = 'M',
    Seed = 'S',
    Phrase = 'W',
    Account = 'P',
    NextIndex = 'C',
    KeyIds = 'I',
    Imported = 'K',
    ImportedPublic = 'k',
    Descriptor = 'D',
    DescriptorSecret = 'X',
    Label = 'L',
    Transaction = 'T',
    Synced = 'B',
    LockedCoin = 'U',
    Note = 'N',
};

/// Orders byte strings; lets maps be asked with spans.
struct BytesLess {
    using is_transparent = void;

    bool operator()(ByteSpan a, ByteSpan b) const
    {
        return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
    }
};

/// The kind of a row; nullopt for a key this version does not know.
[[nodiscard]] std::optional<RowKind> KindOf(ByteSpan key);

struct HeaderRow {
    uint32_t version = FILE_VERSION;
    std::string network; ///< "main", "test", "regtest"
    int64_t birth_time = 0;
    uint32_t flags = 0; ///< FLAG_…; none in files of version 1
};

/// Only what needs no private key: this wallet never holds one.
inline constexpr uint32_t FLAG_NO_PRIVATE_KEYS = 1;
/// Made without a seed.
inline constexpr uint32_t FLAG_BLANK = 2;
/// Coins on scripts that were spent from before are kept apart.
inline constexpr uint32_t FLAG_AVOID_REUSE = 4;
/// Its keys are in a device that signs.
inline constexpr uint32_t FLAG_EXTERNAL_SIGNER = 8;
inline constexpr uint32_t KNOWN_WALLET_FLAGS =
    FLAG_NO_PRIVATE_KEYS | FLAG_BLANK | FLAG_AVOID_REUSE | FLAG_EXTERNAL_SIGNER;

/// What became of a transaction. Numbers stand in files.
enum class TxState : uint8_t {
    Inactive = 0,  ///< in no block and not in the mempool; may be sent again
    Confirmed = 1, ///< in a block of the best chain
    Conflicted =
        2, ///< another transaction that spends the same is in a block, or took its place in the mempool
    Abandoned = 3, ///< given up by the user
    InPool = 4,    ///< in the node's mempool; stored as Inactive
};

/// A transaction of the wallet with what the wallet adds to it.
struct TransactionRow {
    primitives::TxRef tx;
    TxState state = TxState::Inactive;
    int64_t received = 0; ///< unix seconds
    uint64_t order = 0;   ///< of arrival, from 1; 0: not given yet
    int32_t height = -1;  ///< of `block`; −1: none
    Hash256 block;        ///< Confirmed: the block it is in; Conflicted: the block that decided; else zero
    std::string comment;
    std::string comment_to;
    bool from_me = false;   ///< made by this wallet
    bool generated = false; ///< coinbase or coinstake
};

/// How far the wallet has followed the chain.
struct SyncedRow {
    int32_t height = -1;
    std::vector<Hash256> locator; ///< newest first
};

[[nodiscard]] RowChange MakeRow(const HeaderRow& row);
[[nodiscard]] std::optional<HeaderRow> ReadHeaderRow(ByteSpan value);
[[nodiscard]] Bytes HeaderKey();

// Values of the kinds Seed, Phrase, Imported and DescriptorSecret are secrets: see vault.h.
[[nodiscard]] Bytes SeedKey();
[[nodiscard]] Bytes PhraseKey();
[[nodiscard]] Bytes ImportedKey(const base::Hash160& key_id);
[[nodiscard]] Bytes DescriptorSecretKey(const Hash256& descriptor_id);

/// The public half of m / purpose' / coin' / 0', so that addresses are known while the seed is sealed.
struct AccountRow {
    uint8_t type = 0; ///< of addresses
    script::Fingerprint root{};
    script::ExtPublicKey key;
};

[[nodiscard]] Bytes AccountKey(uint8_t type);
[[nodiscard]] RowChange MakeRow(const AccountRow& row);
[[nodiscard]] std::optional<AccountRow> ReadAccountRow(ByteSpan key, ByteSpan value);

/// Chain: address type and receive (0) or change (1).
struct ChainId {
    uint8_t type = 0;
    uint8_t change = 0;
    auto operator<=>(const ChainId&) const = default;
};

[[nodiscard]] RowChange MakeNextIndexRow(const ChainId& chain, uint32_t next);
[[nodiscard]] std::optional<ChainId> ReadChainKey(ByteSpan key);
[[nodiscard]] std::optional<uint32_t> ReadNextIndex(ByteSpan value);

/// Ids of derived keys in runs of this many, so that a large wallet need not derive them at each start.
inline constexpr uint32_t KEY_IDS_PER_ROW = 256;

/// `number`: of the run; ids of the keys from number × 256. A zero id: no key at this index.
struct KeyIdsRow {
    ChainId chain;
    uint32_t number = 0;
    std::vector<base::Hash160> ids;
};

[[nodiscard]] RowChange MakeRow(const KeyIdsRow& row);
[[nodiscard]] std::optional<KeyIdsRow> ReadKeyIdsRow(ByteSpan key, ByteSpan value);

/// The secret of an imported key: 32 bytes, and 1 for a key used in compressed form.
[[nodiscard]] Bytes ImportedSecret(const crypto::PrivateKey& key);
[[nodiscard]] std::optional<crypto::PrivateKey> ReadImportedSecret(ByteSpan secret);
[[nodiscard]] RowChange MakeImportedPublicRow(const crypto::PublicKey& key);
[[nodiscard]] std::optional<crypto::PublicKey> ReadImportedPublicRow(ByteSpan key, ByteSpan value);

/// A descriptor that was imported. Indices and `created` stand in files.
struct DescriptorRow {
    std::string text;    ///< public normal form without checksum
    uint32_t begin = 0;  ///< first index known
    uint32_t end = 1;    ///< one behind the last
    uint32_t next = 0;   ///< first index neither shown nor seen
    int64_t created = 1; ///< unix seconds: no payment to it is older
    bool active = false; ///< gives the wallet's new addresses of its type
    bool internal = false;
};

[[nodiscard]] Hash256 DescriptorId(std::string_view text);
[[nodiscard]] RowChange MakeRow(const DescriptorRow& row);
[[nodiscard]] std::optional<DescriptorRow> ReadDescriptorRow(ByteSpan value);

[[nodiscard]] RowChange MakeLabelRow(ByteSpan script, std::string_view label);
/// The script a label row is about; `key` is one of kind Label.
[[nodiscard]] ByteSpan LabelScript(ByteSpan key);

/// The label of something by the number of its kind and its name; an empty one takes the row away.
struct NoteRow {
    uint8_t kind = 0;
    std::string ref;
    std::string label;
};

[[nodiscard]] RowChange MakeRow(const NoteRow& row);
[[nodiscard]] std::optional<NoteRow> ReadNoteRow(ByteSpan key, ByteSpan value);

[[nodiscard]] RowChange MakeRow(const TransactionRow& row);
/// Takes a transaction's row away.
[[nodiscard]] RowChange RemoveRow(const Hash256& txid);
[[nodiscard]] std::optional<TransactionRow> ReadTransactionRow(ByteSpan value);

[[nodiscard]] RowChange MakeRow(const SyncedRow& row);
[[nodiscard]] std::optional<SyncedRow> ReadSyncedRow(ByteSpan value);

/// A coin that is not to be chosen for payments.
[[nodiscard]] RowChange MakeLockedRow(const primitives::OutPoint& coin);
[[nodiscard]] RowChange RemoveLockedRow(const primitives::OutPoint& coin);
/// The coin a row of kind LockedCoin is about.
[[nodiscard]] std::optional<primitives::OutPoint> ReadLockedKey(ByteSpan key);

} // namespace emc::wallet
