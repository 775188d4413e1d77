/// Blocks to be mined on the tip.
#pragma once

#include "interfaces/pool.h"

namespace emc::base {
class Clock;
}

namespace emc::chain {
class Chain;
}

namespace emc::mempool {
class Mempool;
}

namespace emc::mining {

struct TemplateOptions {
    base::Bytes coinbase_script;   ///< output script that gets subsidy and fees
    size_t max_weight = 3'996'000; ///< of the whole block
    /// Exactly these transactions in this order; nullopt: the best paying of the pool.
    std::optional<std::vector<primitives::TxRef>> transactions;
};

/// A block without its work.
struct BlockTemplate {
    primitives::Block block;
    int32_t height = 0;
    primitives::Amount fees = 0; ///< of all transactions together, part of what the coinbase gets
};

/// Builds PoW blocks. Any thread.
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

private:
    chain::Chain& m_chain;
    mempool::Mempool& m_pool;
    const base::Clock& m_clock;
};

/// Puts the witness commitment into the coinbase's last output and the merkle root into the header.
void FinishBlock(primitives::Block& block);

} // namespace emc::mining
