/// Rules of single transactions: shape (T-*), finality, BIP 68 locks, maturity, signature operations.
#pragma once

#include "consensus/params.h"
#include "consensus/rule.h"
#include "names/transition.h"
#include "primitives/coin.h"

#include <span>

namespace emc::consensus {

using primitives::Coin;
using primitives::OutPoint;
using primitives::Transaction;

/// BIP 141: at most this much in a block.
inline constexpr size_t MAX_BLOCK_WEIGHT = 4'000'000;
inline constexpr int64_t MAX_BLOCK_SIGOPS_COST = 80'000;
inline constexpr int WITNESS_SCALE = 4;
/// Lock times below are heights, others unix seconds.
inline constexpr uint32_t LOCKTIME_THRESHOLD = 500'000'000;
/// BIP 68.
inline constexpr uint32_t SEQUENCE_LOCK_DISABLE = 1u << 31;
inline constexpr uint32_t SEQUENCE_LOCK_TIME = 1u << 22;
inline constexpr uint32_t SEQUENCE_LOCK_MASK = 0xffff;
inline constexpr int SEQUENCE_LOCK_GRANULARITY = 9;

/// Where a transaction stands in its block; position decides what it may be.
enum class TxRole : uint8_t { Coinbase, Coinstake, Ordinary };

/// The role of transaction `index` of a block of this kind.
[[nodiscard]] TxRole RoleOf(const primitives::Block& block, size_t index);

/// Times of the ancestors of the block under test, on its own branch. Height −1 and below are not asked.
class ChainTimes
{
public:
    virtual ~ChainTimes() = default;
    /// Median time of the (up to) 11 blocks ending at `height`.
    [[nodiscard]] virtual int64_t MedianTimePast(int32_t height) const = 0;
    /// Time in the header of the block at `height`.
    [[nodiscard]] virtual int64_t BlockTime(int32_t height) const = 0;
};

/// MTP(c − 1) of a coin made at height c; genesis' own time for c = 0.
[[nodiscard]] int64_t MedianTimeBefore(const ChainTimes& times, int32_t height);

/// Shape, needing nothing else. Rules T-01 … T-09; role by "has a single null input", as Bitcoin's.
[[nodiscard]] Verdict CheckTransaction(const Transaction& tx);
/// The name part of the shape: outputs parse, fit the grammar, no name twice; N-17 for coinbase and
/// coinstake; R-01 … R-06 for version 0x0CA1. Gives the operations (none for other versions).
[[nodiscard]] base::Expected<std::vector<names::IndexedOp>, RuleResult> CheckNameShape(const Transaction& tx,
                                                                                       TxRole role);
/// A name failure as the rule it breaks.
[[nodiscard]] base::Unexpected<RuleResult> BrokenName(const names::NameFailure& failure);
/// BIP 113 finality: lock time below `height` or `time` (parent's MTP), or all sequences final.
[[nodiscard]] bool IsFinal(const Transaction& tx, int32_t height, int64_t time);

/// First height and time at which BIP 68 lets the transaction in: valid when block height > min_height and
/// parent's MTP > min_time.
struct SequenceLock {
    int32_t min_height = -1;
    int64_t min_time = -1;
};

/// `coin_heights`: by input. Only for version ≥ 2 (as unsigned number); others have no locks.
[[nodiscard]] SequenceLock SequenceLockOf(const Transaction& tx, std::span<const int32_t> coin_heights,
                                          const ChainTimes& times);

[[nodiscard]] inline bool SequenceLockMet(const SequenceLock& lock, int32_t height, int64_t parent_mtp)
{
    return lock.min_height < height && lock.min_time < parent_mtp;
}

/// May a coin be spent in a block at `height`? Rule C-02.
[[nodiscard]] inline bool IsMature(const Coin& coin, int32_t height, const Params& params)
{
    return !coin.generated || height - coin.height >= params.maturity;
}

/// Signature operations in scripts of inputs and outputs counted the old way (owner scripts of prefixed
/// outputs).
[[nodiscard]] int LegacySigOps(const Transaction& tx);
/// BIP 141 cost: 4 × (legacy + P2SH) + witness. `spent`: coins by input, not looked at for a coinbase. SIG
/// lines come on top (names::NameSigOpCost).
[[nodiscard]] int64_t TxSigOpCost(const Transaction& tx, std::span<const Coin> spent);

} // namespace emc::consensus
