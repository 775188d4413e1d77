/// Every key and row of every store, in one place. A change here raises the store's version.
///
/// State store (chainstate/): coins, names and what belongs to them, always as of one block; written in one
/// batch.
///   'V'                          version and network
///   'B'                          best block: hash, height, supply
///   'H'                          sums over all names; older stores lack it: worked out when they are opened
///   'C' txid index(be32)         coin
///   'N' name                     name record (names/state.h)
///   'O' txid index(be32)         name whose current output this is
///   'W' owner(20) name           names by owner script (first 20 bytes of its SHA-256)
///   'E' expiry(be32) name        names by expiry height
///   'R' pair(20)                 end of the pair's last rewarded period (reward/watermark.h)
///   'X' end(be32) pair(20)       pairs by that end
///   'S'                          in a state that came out of a snapshot: what was promised of it
/// Index store (blocks/index/): what is known of every block.
///   'V'                          version and network
///   'b' hash                     block row
///   'p' hash                     merged-mining proof, as serialised
///   'e'                          ends of the block and undo files
/// Follower stores (indexes/…/):
///   'V'                          version and network
///   'B'                          block the follower stands at
///   't' txid                     place of a transaction
///   'h' len(be16) name height(be32)  operation on a name
///   'f' height(be32) block       filter of a block
///   'u' height(be32)             keys a block added, to take them back; the newest FOLLOWER_UNDO_BLOCKS only
/// Call store (calls/): records of own calls; keys are made in calls/call_store.cpp. Numbers and times are
/// be64, `id` is the first 8 bytes of the Call-ID's SHA-256.
///   'V'                          version and network
///   'c' caller end callee id     call record (reward/call_record.h)
///   'a' callee end caller id     nothing: calls a number took
///   'm' end caller callee id     nothing: calls by time
///   'i' id caller callee answer  end
///   's' source                   how far a source was read
///   'q' id(32)                   batch and what became of it (calls/batch_store.h)
///   'k' id(32)                   its records, as handed over (reward/batch_file.h)
///   'y' pair(20) end(be32) id(32)  start(be32): a period this side has signed
///   'B'                          block up to which rewards of batches were looked for
///   'o'                          what was set in place of -callreward (calls/automatic.h)
#pragma once

#include "base/bytes.h"
#include "storage/failure.h"
#include "storage/file_pos.h"

namespace emc::storage {

/// Versions this program writes. Older ones it can read are named in doc/storage.md; newer ones it refuses.
inline constexpr uint32_t STATE_VERSION = 1;
inline constexpr uint32_t INDEX_VERSION = 1;
inline constexpr uint32_t FOLLOWER_VERSION = 1;
inline constexpr uint32_t CALLS_VERSION = 2;

inline constexpr uint8_t PREFIX_VERSION = 'V';
inline constexpr uint8_t PREFIX_BEST = 'B';
inline constexpr uint8_t PREFIX_NAME_TOTALS = 'H';
inline constexpr uint8_t PREFIX_COIN = 'C';
inline constexpr uint8_t PREFIX_NAME = 'N';
inline constexpr uint8_t PREFIX_NAME_BY_OUTPOINT = 'O';
inline constexpr uint8_t PREFIX_NAME_BY_OWNER = 'W';
inline constexpr uint8_t PREFIX_NAME_BY_EXPIRY = 'E';
inline constexpr uint8_t PREFIX_WATERMARK = 'R';
inline constexpr uint8_t PREFIX_WATERMARK_BY_END = 'X';
inline constexpr uint8_t PREFIX_SNAPSHOT = 'S';
inline constexpr uint8_t PREFIX_BLOCK = 'b';
inline constexpr uint8_t PREFIX_PROOF = 'p';
inline constexpr uint8_t PREFIX_FILE_ENDS = 'e';
inline constexpr uint8_t PREFIX_TX = 't';
inline constexpr uint8_t PREFIX_NAME_HISTORY = 'h';
inline constexpr uint8_t PREFIX_FILTER = 'f';
inline constexpr uint8_t PREFIX_FOLLOWER_UNDO = 'u';
inline constexpr uint8_t PREFIX_CALL = 'c';
inline constexpr uint8_t PREFIX_CALL_TAKEN = 'a';
inline constexpr uint8_t PREFIX_CALL_BY_TIME = 'm';
inline constexpr uint8_t PREFIX_CALL_BY_ID = 'i';
inline constexpr uint8_t PREFIX_CALL_SOURCE = 's';
inline constexpr uint8_t PREFIX_CALL_BATCH = 'q';
inline constexpr uint8_t PREFIX_CALL_BATCH_FILE = 'k';
inline constexpr uint8_t PREFIX_CALL_PERIOD = 'y';
inline constexpr uint8_t PREFIX_CALL_AUTOMATIC = 'o';

/// So many blocks a follower can go back without being built anew.
inline constexpr int32_t FOLLOWER_UNDO_BLOCKS = 1'000;

/// 'V' of every store.
struct VersionRow {
    uint32_t version = 0;
    uint32_t magic_be = 0;

    bool operator==(const VersionRow&) const = default;
};

/// 'B': the block a store stands at.
struct BestRow {
    base::Hash256 hash;
    int32_t height = -1;
    int64_t supply = 0; ///< sum of all coins, units; 0 in followers

    bool operator==(const BestRow&) const = default;
};

/// 'H': what all names and watermarks come down to.
struct NameTotalsRow {
    base::Hash256
        block; ///< the row counts only while it is the best block; the state at a block never differs
    uint64_t count = 0;
    uint64_t live = 0;
    uint64_t bytes = 0;
    uint64_t watermarks = 0;
    base::Bytes product; ///< crypto::MuHash3072::Product; nothing when there are neither names nor watermarks

    bool operator==(const NameTotalsRow&) const = default;
};

/// What is known of a state that came out of a snapshot.
enum class SnapshotPhase : uint8_t {
    Loaded = 1,    ///< in use, its history is not validated yet
    Validated = 2, ///< the history leads to it: takes the place of the other store
    Refused = 3,   ///< the history leads elsewhere: kept aside
    Dropped = 4,   ///< not wanted any more
};

/// 'S'
struct SnapshotRow {
    base::Hash256 base;
    int32_t height = 0;
    uint64_t chain_tx_count = 0; ///< up to and with the base
    base::Hash256 coin_hash;
    base::Hash256 name_hash;
    base::Hash256 state_hash;
    SnapshotPhase phase = SnapshotPhase::Loaded;

    bool operator==(const SnapshotRow&) const = default;
};

/// 'C'
struct CoinRow {
    int64_t value = 0;
    int32_t height = 0;
    bool generated = false;
    bool had_prefix = false;
    base::Bytes script;

    bool operator==(const CoinRow&) const = default;
};

/// 'b'
struct BlockRow {
    std::array<uint8_t, 80> header{};
    int32_t height = 0;
    uint8_t status = 0;    ///< bits of chain/block_entry.h
    uint64_t sequence = 0; ///< order in which blocks became complete; decides ties
    FilePos data;          ///< of the block; null: only the header is known
    FilePos undo;          ///< null: never connected
    uint32_t data_bytes = 0;
    uint32_t tx_count = 0;
    base::Hash256 modifier;  ///< stake modifier after the block, zero while unknown
    uint8_t broken_rule = 0; ///< why it is invalid

    bool operator==(const BlockRow&) const = default;
};

/// 'e'
struct FileEndsRow {
    FilePos blocks;
    FilePos undo;

    bool operator==(const FileEndsRow&) const = default;
};

/// 't'
struct TxRow {
    base::Hash256 block;
    uint32_t index = 0; ///< in the block

    bool operator==(const TxRow&) const = default;
};

/// 'h'
struct HistoryRow {
    base::Hash256 txid;
    uint32_t vout = 0;
    int64_t time = 0;
    uint8_t kind = 0; ///< 1 NEW, 2 UPDATE, 3 DELETE
    int64_t days = 0;
    base::Bytes value;
    base::Bytes owner_script;

    bool operator==(const HistoryRow&) const = default;
};

/// 'f'
struct FilterRow {
    base::Hash256 header;
    base::Bytes filter;

    bool operator==(const FilterRow&) const = default;
};

/// 'u'
struct FollowerUndoRow {
    base::Hash256 block;
    base::Hash256 parent;
    std::vector<base::Bytes> keys;

    bool operator==(const FollowerUndoRow&) const = default;
};

[[nodiscard]] base::Bytes VersionKey();
[[nodiscard]] base::Bytes BestKey();
[[nodiscard]] base::Bytes NameTotalsKey();
[[nodiscard]] base::Bytes SnapshotKey();
[[nodiscard]] base::Bytes CoinKey(const base::Hash256& txid, uint32_t index);
[[nodiscard]] base::Bytes NameKey(std::string_view name);
[[nodiscard]] base::Bytes NameByOutpointKey(const base::Hash256& txid, uint32_t index);
[[nodiscard]] base::Bytes NameByOwnerKey(base::ByteSpan owner_script, std::string_view name);
/// All names of one owner.
[[nodiscard]] base::Bytes NameByOwnerPrefix(base::ByteSpan owner_script);
[[nodiscard]] base::Bytes NameByExpiryKey(int32_t expiry, std::string_view name);
/// `pair`: its 20 bytes.
[[nodiscard]] base::Bytes WatermarkKey(base::ByteSpan pair);
[[nodiscard]] base::Bytes WatermarkByEndKey(uint32_t end, base::ByteSpan pair);
[[nodiscard]] base::Bytes BlockKey(const base::Hash256& hash);
[[nodiscard]] base::Bytes ProofKey(const base::Hash256& hash);
[[nodiscard]] base::Bytes FileEndsKey();
[[nodiscard]] base::Bytes TxKey(const base::Hash256& txid);
[[nodiscard]] base::Bytes HistoryKey(std::string_view name, int32_t height);
[[nodiscard]] base::Bytes HistoryPrefix(std::string_view name);
[[nodiscard]] base::Bytes FilterKey(int32_t height, const base::Hash256& block);
[[nodiscard]] base::Bytes FollowerUndoKey(int32_t height);

/// Parts of keys found by walking; nullopt when the key is not of that kind.
struct OutpointParts {
    base::Hash256 txid;
    uint32_t index = 0;
};

[[nodiscard]] std::optional<OutpointParts> ParseCoinKey(base::ByteSpan key);
[[nodiscard]] std::optional<std::string> ParseNameKey(base::ByteSpan key);
[[nodiscard]] std::optional<std::string> ParseNameByOwnerKey(base::ByteSpan key);

struct ExpiryParts {
    int32_t expiry = 0;
    std::string name;
};

[[nodiscard]] std::optional<ExpiryParts> ParseNameByExpiryKey(base::ByteSpan key);
/// The pair; part of the key.
[[nodiscard]] std::optional<base::ByteSpan> ParseWatermarkKey(base::ByteSpan key);

struct WatermarkEndParts {
    uint32_t end = 0;
    base::ByteSpan pair; ///< part of the key
};

[[nodiscard]] std::optional<WatermarkEndParts> ParseWatermarkByEndKey(base::ByteSpan key);
[[nodiscard]] std::optional<base::Hash256> ParseBlockKey(base::ByteSpan key);
/// Height of a 'h' key.
[[nodiscard]] std::optional<int32_t> ParseHistoryHeight(base::ByteSpan key);

/// Rows as bytes, and back: nullopt unless the bytes are exactly one row.
[[nodiscard]] base::Bytes Encode(const VersionRow& row);
[[nodiscard]] base::Bytes Encode(const BestRow& row);
[[nodiscard]] base::Bytes Encode(const NameTotalsRow& row);
[[nodiscard]] base::Bytes Encode(const SnapshotRow& row);
[[nodiscard]] base::Bytes Encode(const CoinRow& row);
[[nodiscard]] base::Bytes Encode(const BlockRow& row);
[[nodiscard]] base::Bytes Encode(const FileEndsRow& row);
[[nodiscard]] base::Bytes Encode(const TxRow& row);
[[nodiscard]] base::Bytes Encode(const HistoryRow& row);
[[nodiscard]] base::Bytes Encode(const FilterRow& row);
[[nodiscard]] base::Bytes Encode(const FollowerUndoRow& row);
[[nodiscard]] std::optional<VersionRow> DecodeVersion(base::ByteSpan in);
[[nodiscard]] std::optional<BestRow> DecodeBest(base::ByteSpan in);
[[nodiscard]] std::optional<NameTotalsRow> DecodeNameTotals(base::ByteSpan in);
[[nodiscard]] std::optional<SnapshotRow> DecodeSnapshot(base::ByteSpan in);
[[nodiscard]] std::optional<CoinRow> DecodeCoin(base::ByteSpan in);
[[nodiscard]] std::optional<BlockRow> DecodeBlock(base::ByteSpan in);
[[nodiscard]] std::optional<FileEndsRow> DecodeFileEnds(base::ByteSpan in);
[[nodiscard]] std::optional<TxRow> DecodeTx(base::ByteSpan in);
[[nodiscard]] std::optional<HistoryRow> DecodeHistory(base::ByteSpan in);
[[nodiscard]] std::optional<FilterRow> DecodeFilter(base::ByteSpan in);
[[nodiscard]] std::optional<FollowerUndoRow> DecodeFollowerUndo(base::ByteSpan in);

class KvStore;

/// What a store must be to be opened.
struct ExpectedVersion {
    uint32_t version = 0;
    uint32_t magic_be = 0;
    std::string_view remedy; ///< said in the error of damaged data: "start with -reindex"
};

/// Reads the version row; writes it into an empty store. Errors: NewerVersion, WrongNetwork, Corrupt (no or
/// odd row in a store that holds data), all naming the directory and what to do; the store is not changed
/// then.
[[nodiscard]] StorageResult<void> CheckVersion(KvStore& store, const ExpectedVersion& expected);

} // namespace emc::storage
