// Rules that need no coins, on any block or transaction.
#include "base/check.h"
#include "consensus/block_rules.h"
#include "consensus/header_rules.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const auto& params = consensus::RegtestParams();
    if (const auto tx = primitives::ParseTransaction({data, size})) {
        const auto verdict = consensus::CheckTransaction(*tx);
        EMC_CHECK(verdict || !consensus::Describe(verdict.Error()).empty());
        (void)consensus::CheckNameShape(*tx, consensus::TxRole::Ordinary);
        EMC_CHECK(consensus::LegacySigOps(*tx) >= 0);
        EMC_CHECK(consensus::IsFinal(*tx, 1'000'000'000, 5'000'000'000) || tx->LockTime() != 0);
    }
    const auto block = primitives::ParseBlock({data, size});
    if (!block) return 0;
    const auto header = consensus::CheckHeader(block->header, params);
    EMC_CHECK(header || header.Error().rule != consensus::Rule::Ok);
    if (!consensus::CheckBlock(*block)) return 0;
    EMC_CHECK(!block->transactions.empty());
    for (const int32_t height : {1, 17, 1000}) {
        const auto verdict = consensus::CheckBlockContext(*block, {&params, height, 1'700'000'000});
        EMC_CHECK(!verdict || primitives::BlockWeight(*block) <= consensus::MAX_BLOCK_WEIGHT);
    }
    return 0;
}
