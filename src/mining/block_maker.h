/// Finds the work of template blocks at once: regtest's generate calls.
#pragma once

#include "mining/template.h"

namespace emc::consensus {
struct Params;
}

namespace emc::mining {

/// Any thread; calls follow each other.
class BlockMaker final : public interfaces::BlockMaker
{
public:
    BlockMaker(chain::Chain& chain, mempool::Mempool& pool, const base::Clock& clock, size_t max_weight)
        : m_chain(chain), m_builder(chain, pool, clock), m_max_weight(max_weight)
    {}

    [[nodiscard]] base::Expected<Made, interfaces::Failure> MakeBlock(const Options& options) override;

private:
    chain::Chain& m_chain;
    TemplateBuilder m_builder;
    const size_t m_max_weight;
};

/// Counts the nonce up until the header's hash meets its bits; false after `tries`, when the nonce is used up
/// or when `stop` (may be empty, asked now and then) says true.
[[nodiscard]] bool FindNonce(primitives::BlockHeader& header, const consensus::Params& params, uint64_t tries,
                             const std::function<bool()>& stop = {});

} // namespace emc::mining
