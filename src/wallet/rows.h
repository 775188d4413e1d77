/// Keys and values of the rows in a wallet file: the one place that knows them (doc/wallet-file.md).
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

/// A transaction of the wallet with what the wallet adds to it.
struct TransactionRow {
    primitives::TxRef tx;
    int64_t received = 0; ///< unix seconds
    int32_t height = -1;  ///< of its block when the row was written; −1: none
    Hash256 block;
    std::string comment;
    std::string comment_to;
    bool from_me = false;
    bool abandoned = false;
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

/// Chain: address type and receive (0) or change (1).
struct ChainId {
    uint8_t type = 0;
    uint8_t change = 0;
    auto operator<=>(const ChainId&) const = default;
};

[[nodiscard]] RowChange MakeNextIndexRow(const ChainId& chain, uint32_t next);
[[nodiscard]] std::optional<ChainId> ReadChainKey(ByteSpan key);
[[nodiscard]] std::optional<uint32_t> ReadNextIndex(ByteSpan value);

[[nodiscard]] RowChange MakeImportedRow(const crypto::PrivateKey& key);
[[nodiscard]] std::optional<crypto::PrivateKey> ReadImportedRow(ByteSpan value);

[[nodiscard]] RowChange MakeLabelRow(ByteSpan script, std::string_view label);
/// The script a label row is about.
[[nodiscard]] ByteSpan LabelScript(ByteSpan key);

[[nodiscard]] RowChange MakeRow(const TransactionRow& row);
[[nodiscard]] std::optional<TransactionRow> ReadTransactionRow(ByteSpan value);

[[nodiscard]] RowChange MakeRow(const SyncedRow& row);
[[nodiscard]] std::optional<SyncedRow> ReadSyncedRow(ByteSpan value);

} // namespace emc::wallet
