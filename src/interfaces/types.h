/// Values that cross the seam between the node and its users (RPC, wallet, DNS, GUI).
#pragma once

#include "base/u256.h"
#include "names/state.h"
#include "primitives/block.h"
#include "primitives/coin.h"

namespace emc::interfaces {

using base::Bytes;
using base::ByteSpan;
using base::Hash256;
using primitives::Amount;

/// The best block, as every reader sees it without a lock.
struct Tip {
    Hash256 hash;
    int32_t height = -1;
    int64_t time = 0;           ///< unix seconds of the header
    int64_t median_time = 0;    ///< of the last 11 blocks
    uint32_t bits = 0;          ///< of the header
    int32_t header_height = -1; ///< of the best header known, at least `height`
    base::U256 chain_work;      ///< W of the fork choice
    bool initial_download = true;
    uint64_t generation = 0; ///< grows with every change of the tip
};

/// One block of the index.
struct BlockInfo {
    Hash256 hash;
    primitives::BlockHeader header;
    int32_t height = 0;
    int64_t median_time = 0;
    uint64_t tx_count = 0;       ///< in this block; 0 when only the header is known
    uint64_t chain_tx_count = 0; ///< up to and including it
    base::U256 chain_work;       ///< W of the fork choice, shown as chainwork
    base::U256 trust;
    int32_t confirmations = -1; ///< −1 when not in the best chain
    bool in_best_chain = false;
    bool has_data = false;
    bool invalid = false;
    bool awaited = false;             ///< below a loaded snapshot and not checked yet, perhaps not even here
    std::optional<Hash256> next_hash; ///< in the best chain
    uint64_t size = 0;                ///< serialised bytes of the block, 0 when not stored
};

/// Why a call to the node failed, in words for the user; `code` is a JSON-RPC error code of Bitcoin Core's
/// list.
struct Failure {
    int code = -1;
    std::string message;
};

/// A transaction with the place it was found in.
struct FoundTx {
    primitives::TxRef tx;
    std::optional<Hash256> block; ///< absent: in the mempool
    int32_t height = -1;
    int64_t block_time = 0;
};

/// How the set of all coins is hashed (doc/storage.md).
enum class CoinHash : uint8_t {
    None,       ///< not at all, which is faster
    Serialized, ///< double SHA-256 over all coins in key order
    MuHash,     ///< crypto::MuHash3072
};

/// Totals of the chain state.
struct CoinStats {
    Hash256 best_block;
    int32_t height = 0;
    uint64_t coins = 0;
    uint64_t transactions = 0; ///< that have coins
    Amount total = 0;
    Amount supply = 0;        ///< as tracked block by block; the same
    uint64_t bogus_bytes = 0; ///< a size that no format of any store enters
    Hash256 hash;             ///< of the kind asked for
    uint64_t disk_bytes = 0;
};

/// One name with the state it has at the tip.
struct NameInfo {
    std::string name;
    names::NameRecord record;
    bool live = false;
};

/// One operation in a name's history.
struct NameHistoryEntry {
    Hash256 txid;
    uint32_t vout = 0;
    int32_t height = 0;
    int64_t time = 0;
    names::OpKind kind = names::OpKind::New;
    int64_t days = 0;
    Bytes value;
    Bytes owner_script;
};

/// Basic filter of a block (BIP 158) with its place in the chain of filters (BIP 157).
struct BlockFilter {
    Bytes filter;   ///< Golomb-coded set of scripts
    Hash256 header; ///< SHA256d(SHA256d(filter) ‖ header of the block before)
};

/// Mempool entry as RPC shows it.
struct PoolEntry {
    primitives::TxRef tx;
    Amount fee = 0;    ///< net of burned name fees
    Amount delta = 0;  ///< the operator's prioritisation
    Amount burned = 0; ///< name fees
    int64_t time = 0;
    int32_t height = 0; ///< tip when it entered
    uint64_t ancestor_count = 1, ancestor_size = 0, descendant_count = 1, descendant_size = 0;
    Amount ancestor_fees = 0, descendant_fees = 0; ///< with prioritisation
    bool signals_replacement = false;
    std::vector<Hash256> depends;
    std::vector<Hash256> spent_by;
};

struct PoolInfo {
    uint64_t count = 0, bytes = 0, usage = 0, max_usage = 0;
    Amount total_fee = 0;
    Amount min_fee_per_kvb = 0;
    Amount relay_fee_per_kvb = 0;
    Amount incremental_fee_per_kvb = 0; ///< a replacement pays at least this much more
    bool loaded = true;                 ///< the transactions of the last run have been read
    bool full_replacement = false;      ///< what does not signal replaceability is replaced, too
    uint64_t changes = 0;               ///< transactions that came or went since the start
};

/// A pending name operation.
struct PendingName {
    names::NameOp op;
    Hash256 txid;
    uint32_t vout = 0;
    int64_t time = 0;
};

} // namespace emc::interfaces
