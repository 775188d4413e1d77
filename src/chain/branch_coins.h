/// Coins as they were after a block of any branch, not only after the tip.
#pragma once

#include "base/function.h"
#include "chain/undo.h"
#include "consensus/connect.h"
#include "storage/failure.h"

#include <deque>
#include <unordered_map>

namespace emc::base {
class RandomSource;
}

namespace emc::chain {

class BlockIndex;
struct BlockEntry;

/// What is known of one coin after some block.
struct BranchCoin {
    enum class Found : uint8_t {
        Yes,
        No,      ///< never made on the way to that block, or spent
        Unknown, ///< a block on the way is not stored
    };

    Found found = Found::No;
    primitives::Coin coin; ///< of Yes
};

/// Memory of the ids below; 500 blocks full of small payments fit.
inline constexpr size_t MAX_TOUCHED_BYTES = size_t{64} << 20;

/// Goes from the tip back to where the branches part and up again. What each block on the way makes and
/// spends is remembered as salted 64-bit ids; a block is read again only where an id fits. Blocks of a branch
/// count as they are: whether they obey the rules is known once they are connected. Writer thread only.
class BranchCoins
{
public:
    /// How blocks and undo records are read; null or nullopt: not stored.
    struct Source {
        std::function<storage::StorageResult<primitives::BlockRef>(const BlockEntry&)> block;
        std::function<storage::StorageResult<std::optional<BlockUndo>>(const BlockEntry&)> undo;
    };

    BranchCoins(const BlockIndex& index, Source source, base::RandomSource& random);

    /// The coin after `place`. `at_tip`: the coins after the tip of the index.
    [[nodiscard]] storage::StorageResult<BranchCoin>
    Find(const primitives::OutPoint& outpoint, const BlockEntry& place, const consensus::CoinView& at_tip);

private:
    /// Ids of what a block touches, each list sorted.
    struct Touched {
        std::vector<uint64_t> spent; ///< outpoints
        std::vector<uint64_t> made;  ///< transactions
    };

    [[nodiscard]] uint64_t IdOf(const primitives::OutPoint& outpoint) const;
    [[nodiscard]] uint64_t IdOf(const base::Hash256& txid) const;
    /// Null when the block is not stored. Good until the next call.
    [[nodiscard]] storage::StorageResult<const Touched*> TouchedBy(const BlockEntry& entry);
    [[nodiscard]] storage::StorageResult<std::optional<BranchCoin>>
    OnBranch(const primitives::OutPoint& outpoint, const BlockEntry& entry);
    [[nodiscard]] storage::StorageResult<std::optional<BranchCoin>>
    SpentAbove(const primitives::OutPoint& outpoint, const BlockEntry& entry, const BlockEntry& fork);

    const BlockIndex& m_index;
    const Source m_source;
    uint64_t m_salt0 = 0;
    uint64_t m_salt1 = 0;
    size_t m_bytes = 0;
    std::unordered_map<base::Hash256, Touched, base::HashOfHash> m_touched;
    std::deque<base::Hash256> m_order; ///< of m_touched, oldest first
};

} // namespace emc::chain
