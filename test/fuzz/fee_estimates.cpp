// Files of fee estimates and of waiting transactions: any bytes are refused or give a history that can be
// asked.
#include "base/check.h"
#include "mempool/estimator.h"
#include "mempool/pool_file.h"

#include <algorithm>
#include <cmath>

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan bytes(data, size);
    mempool::FeeEstimator estimator;
    if (estimator.Load(bytes)) {
        const auto written = estimator.Serialize();
        EMC_CHECK(std::equal(written.begin(), written.end(), bytes.begin(), bytes.end()));
    }
    for (const int32_t blocks : {1, 12, 13, 48, 1'008}) {
        for (const auto mode : {interfaces::FeeMode::Economical, interfaces::FeeMode::Conservative}) {
            const auto answer = estimator.Estimate(blocks, mode);
            EMC_CHECK(!answer || (std::isfinite(answer->per_kvb) && answer->per_kvb >= 0));
        }
        EMC_CHECK(!estimator.History(blocks, 0.5).empty());
    }
    estimator.Entered(5, 1e300);
    estimator.NextBlock(6);
    estimator.Confirmed(5, 1e300, 6);
    if (const auto file = mempool::ParsePoolFile(bytes)) {
        const auto again = mempool::ParsePoolFile(mempool::Serialize(*file));
        EMC_CHECK(again && again->rows.size() == file->rows.size() &&
                  again->deltas.size() == file->deltas.size());
    }
    return 0;
}
