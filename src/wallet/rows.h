/// Keys and values of the rows in a wallet file: the one place that knows them.
#pragma once

#include "crypto/keys.h"
#include "primitives/transaction.h"
#include "wallet/store.h"

namespace emc::wallet {

using base::Hash256;

/// Files of another version are refused.
inline constexpr uint32_t FILE_VERSION = 1;

enum class RowKind : uint8_t {
    Header = 'V',
    Seed = 'S',
    NextIndex = 'C',
    Imported = 'K',
    Label = 'L',
    KeyIds = 'I',
    Transaction = 'T',
    Synced = 'B',
};

/// The kind of a row; nullopt for a key this version does not know.
[[nodiscard]] std::optional<RowKind> KindOf(ByteSpan key);

struct HeaderRow {
    uint32_t version = FILE_VERSION;
    std::string network; ///< "main", "test", "regtest"
    int64_t birth_time = 0;
};

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

[[nodiscard]] RowChange MakeSeedRow(ByteSpan seed);
[[nodiscard]] Bytes SeedKey();

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

[[nodiscard]] RowChange MakeImportedRow(const crypto::PrivateKey& key);
[[nodiscard]] std::optional<crypto::PrivateKey> ReadImportedRow(ByteSpan value);

[[nodiscard]] RowChange MakeLabelRow(ByteSpan script, std::string_view label);
/// The script a label row is about; `key` is one of kind Label.
[[nodiscard]] ByteSpan LabelScript(ByteSpan key);

[[nodiscard]] RowChange MakeRow(const TransactionRow& row);
/// Takes a transaction's row away.
[[nodiscard]] RowChange RemoveRow(const Hash256& txid);
[[nodiscard]] std::optional<TransactionRow> ReadTransactionRow(ByteSpan value);

[[nodiscard]] RowChange MakeRow(const SyncedRow& row);
[[nodiscard]] std::optional<SyncedRow> ReadSyncedRow(ByteSpan value);

} // namespace emc::wallet
