/// What RPC, wallet, DNS and GUI may ask of the chain. Implemented in the chain room; all calls from any
/// thread.
#pragma once

#include "base/expected.h"
#include "base/function.h"
#include "interfaces/types.h"

namespace emc::consensus {
struct Params;
}

namespace emc::interfaces {

/// Blocks, coins, transactions.
class ChainReader
{
public:
    virtual ~ChainReader() = default;
    [[nodiscard]] virtual const consensus::Params& Params() const = 0;
    [[nodiscard]] virtual Tip GetTip() const = 0;
    [[nodiscard]] virtual std::optional<BlockInfo> BlockByHash(const Hash256& hash) const = 0;
    /// Of the best chain.
    [[nodiscard]] virtual std::optional<BlockInfo> BlockByHeight(int32_t height) const = 0;
    /// The stored block; the message says whether it is unknown, pruned or unreadable.
    [[nodiscard]] virtual base::Expected<primitives::BlockRef, Failure>
    ReadBlock(const Hash256& hash) const = 0;
    /// The coins a stored block's transactions spent, by transaction (coinbase left out) and input.
    [[nodiscard]] virtual base::Expected<std::vector<std::vector<primitives::Coin>>, Failure>
    ReadSpentCoins(const Hash256& hash) const = 0;
    /// Committed coin at the tip.
    [[nodiscard]] virtual std::optional<primitives::Coin>
    GetCoin(const primitives::OutPoint& outpoint) const = 0;

    /// All tips known: hash, height, length of the branch and "active", "valid-fork", "headers-only",
    /// "invalid" ….
    struct ChainTip {
        Hash256 hash;
        int32_t height = 0;
        int32_t branch_length = 0;
        std::string status;
    };

    [[nodiscard]] virtual std::vector<ChainTip> Tips() const = 0;
    /// Walks all coins at the tip; slow. Fails when they do not sum up to the supply that is tracked per
    /// block.
    [[nodiscard]] virtual base::Expected<CoinStats, Failure> ComputeCoinStats(CoinHash kind) const = 0;
    /// Every coin at the tip in the order of txids, while `visit` returns true; slow, holds up nobody. The
    /// tip they belong to.
    using CoinVisit = std::function<bool(const primitives::OutPoint&, const primitives::Coin&)>;
    [[nodiscard]] virtual base::Expected<Tip, Failure> ScanCoins(const CoinVisit& visit) const = 0;
    /// 0 … 1: how much of the known chain is verified; while it catches up, of the time since genesis.
    [[nodiscard]] virtual double VerificationProgress() const = 0;
    /// Bytes the block and undo files take.
    [[nodiscard]] virtual uint64_t DiskBytes() const = 0;
};

/// Height of the last block of the best chain whose median time is below `time` (unix seconds); 0 without
/// one.
[[nodiscard]] inline int32_t HeightBefore(const ChainReader& chain, int64_t time)
{
    int32_t low = 0;
    int32_t high = chain.GetTip().height;
    while (low < high) {
        const int32_t middle = low + (high - low + 1) / 2;
        const auto block = chain.BlockByHeight(middle);
        if (block && block->median_time < time) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

/// Committed names at the tip.
class NameReader
{
public:
    virtual ~NameReader() = default;
    [[nodiscard]] virtual std::optional<NameInfo> Find(std::string_view name) const = 0;
    /// Names in byte order from `from`, while `visit` returns true. Expired ones included.
    virtual void Scan(std::string_view from, const std::function<bool(const NameInfo&)>& visit) const = 0;
    /// Names whose current output pays this owner script, while `visit` returns true.
    virtual void ByOwner(ByteSpan owner_script, const std::function<bool(const NameInfo&)>& visit) const = 0;
    /// Tip the answers belong to.
    [[nodiscard]] virtual Tip NamesTip() const = 0;

    /// Number of records and hash over the name state (doc/storage.md); no walk.
    struct Stats {
        uint64_t count = 0;
        uint64_t live = 0;
        uint64_t bytes = 0;
        uint64_t watermarks = 0; ///< pairs of numbers whose calls were rewarded of late; part of the hash
        Hash256 hash;
    };

    [[nodiscard]] virtual Stats NameStats() const = 0;
};

/// Name of the index of block filters.
inline constexpr std::string_view FILTER_INDEX = "basic block filter index";

/// Optional followers of the chain (index room).
class IndexReader
{
public:
    virtual ~IndexReader() = default;

    struct Status {
        std::string name;
        bool synced = false;
        int32_t height = -1;
        bool waits = false; ///< for blocks below a loaded snapshot
    };

    [[nodiscard]] virtual std::vector<Status> Indexes() const = 0;
    /// Needs -txindex; nullopt when the index is off or does not know it.
    [[nodiscard]] virtual std::optional<FoundTx> FindTx(const Hash256& txid) const = 0;
    /// Oldest first; needs the name history index. False: index off.
    [[nodiscard]] virtual bool History(std::string_view name, std::vector<NameHistoryEntry>& out) const = 0;
    /// Basic filter of a block of the best chain; nullopt when the index is off or does not have it yet.
    [[nodiscard]] virtual std::optional<BlockFilter> FilterOf(const Hash256& block) const = 0;
    /// May the block make or spend outputs of these scripts? Of those that cannot, one in 784,931 says so,
    /// too. nullopt as FilterOf.
    [[nodiscard]] virtual std::optional<bool> FilterMatches(const Hash256& block,
                                                            std::span<const Bytes> scripts) const = 0;
};

/// Changing the chain's mind, for operators and tests.
class ChainControl
{
public:
    virtual ~ChainControl() = default;
    /// Verdict on a block given as bytes: nullopt when accepted, else the rule's text ("bad-…") as BIP 22
    /// strings.
    [[nodiscard]] virtual std::optional<std::string> SubmitBlock(const primitives::BlockRef& block) = 0;
    /// Verdict on a header, in the same words.
    [[nodiscard]] virtual std::optional<std::string> SubmitHeader(const primitives::BlockHeader& header) = 0;
    [[nodiscard]] virtual base::Expected<void, Failure> InvalidateBlock(const Hash256& hash) = 0;
    [[nodiscard]] virtual base::Expected<void, Failure> ReconsiderBlock(const Hash256& hash) = 0;
    /// Among branches that are equally good, takes the one of this block as if it had been seen first.
    /// Nothing happens when the tip is better.
    [[nodiscard]] virtual base::Expected<void, Failure> PreferBlock(const Hash256& hash) = 0;
    /// Writes everything to disk.
    virtual void FlushToDisk() = 0;

    /// What became of old block files.
    struct Pruning {
        bool enabled = false;
        uint64_t target_bytes = 0; ///< removed when all take more than this; 0: only by Prune
        int32_t first_kept = 0;    ///< every block of the best chain from this height on is stored
    };

    [[nodiscard]] virtual Pruning GetPruning() const = 0;
    /// Removes block files in which no block is above `height`, nor so new that it is still needed. Gives
    /// the height up to which blocks are gone, −1: none. Failure −1 when pruning is off or the chain is too
    /// short.
    [[nodiscard]] virtual base::Expected<int32_t, Failure> Prune(int32_t height) = 0;
    /// Height of the first block of the best chain with this time (unix seconds) or a later one.
    [[nodiscard]] virtual std::optional<int32_t> HeightSince(int64_t time) const = 0;
    /// Checks the last `blocks` blocks (0: all) at `level`: 0 they can be read; 1 and keep the rules that
    /// need no state; 2 and their undo records can be read; 3 and taking them back in memory fits the state;
    /// 4 and connecting them again keeps every rule, scripts included. Ends where blocks are pruned. The
    /// failure names block and file; the log has it, too.
    [[nodiscard]] virtual base::Expected<void, Failure> Verify(int level, int32_t blocks) = 0;
};

} // namespace emc::interfaces
