#pragma once
// What benchmarks that need a chain share.

#include "chain/chain.h"
#include "unit/chain/builder.h"

#include <cstdio>

namespace emc::bench {

/// Mines `txs` on the tip, a minute after its median time; null, with the rule on stderr, when it is refused.
inline primitives::BlockRef AddOnTip(chain::Chain& chain, test::Builder& builder,
                                     const std::vector<primitives::TxRef>& txs)
{
    const auto tip = chain.GetTip();
    const test::Builder::Place place{tip.hash, tip.height + 1, static_cast<uint32_t>(tip.median_time + 60),
                                     0};
    auto block = builder.MakeBlock(place, txs, 50 * primitives::COIN);
    const auto verdict = chain.AcceptBlock(block);
    if (verdict.in_best_chain) return block;
    std::fprintf(stderr, "refused: %s\n", consensus::Describe(verdict.rule).c_str());
    return nullptr;
}

} // namespace emc::bench
