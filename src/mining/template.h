/// Blocks to be mined on the tip.
#pragma once

#include "interfaces/pool.h"

namespace emc::base {
class Clock;
}

namespace emc::chain {
class Chain;
struct NextBlock;
} // namespace emc::chain

namespace emc::mempool {
class Mempool;
}

namespace emc::mining {

struct TemplateOptions {
    base::Bytes coinbase_script;     ///< output script that gets subsidy and fees
    size_t max_weight = 3'996'000;   ///< of the whole block
    int64_t coinbase_sigop_cost = 0; ///< kept free for a coinbase that somebody else makes
    /// Exactly these transactions in this order; nullopt: the best paying of the pool.
    std::optional<std::vector<primitives::TxRef>> transactions;
};

/// A block without its work.
struct BlockTemplate {
    primitives::Block block;
    int32_t height = 0;
    primitives::Amount fees = 0; ///< of all transactions together, part of what the coinbase gets
    int64_t min_time = 0;        ///< unix seconds
    /// Of each transaction behind the coinbase; empty when they were given.
    std::vector<primitives::Amount> tx_fees;
    std::vector<int64_t> tx_sigop_cost;
    uint64_t pool_sequence = 0; ///< Mempool::Sequence when they were chosen
};

/// A proof-of-stake block to be made.
struct StakeOptions {
    std::vector<primitives::OutPoint> outpoints; ///< the kernel first; all of one script
    std::vector<primitives::Coin> coins;         ///< of each
    uint32_t time = 0;                           ///< of the block
    size_t outputs = 1;                          ///< the stake is given back in so many about equal parts
    size_t max_weight = 3'996'000;
};

/// Builds blocks. Any thread.
class TemplateBuilder
{
public:
    TemplateBuilder(chain::Chain& chain, mempool::Mempool& pool, const base::Clock& clock)
        : m_chain(chain), m_pool(pool), m_clock(clock)
    {}

    /// Waits until the pool has followed to the tip; a block is left empty of payments when the pool cannot
    /// within a second, or when the coinbase alone takes up `max_weight`. The failure says which rule given
    /// transactions break.
    [[nodiscard]] base::Expected<BlockTemplate, interfaces::Failure>
    Build(const TemplateOptions& options) const;
    /// A proof-of-stake block of the tip `next` whose coinstake and coinbase are not signed: vtx[1] pays
    /// coins, reward and fees back to the kernel's script. Transactions of the pool as in Build.
    [[nodiscard]] BlockTemplate BuildStake(const chain::NextBlock& next, const StakeOptions& options) const;

private:
    /// The best of the pool, in the room that is left beside `reserved_weight` and `reserved_sigops`.
    void Choose(BlockTemplate& out, const base::Hash256& tip, size_t reserved_weight, int64_t reserved_sigops,
                size_t max_weight) const;

    chain::Chain& m_chain;
    mempool::Mempool& m_pool;
    const base::Clock& m_clock;
};

/// Puts the witness commitment into the coinbase's last output and the merkle root into the header.
void FinishBlock(primitives::Block& block);

} // namespace emc::mining
