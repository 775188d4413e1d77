// The wallet's ledger against the model that computes everything anew; the input chooses what happens.
#include "base/check.h"
#include "unit/wallet/ledger_sim.h"

#include <cstdio>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    constexpr size_t MOST_BYTES = 2000;
    size_t at = 0;
    size = std::min(size, MOST_BYTES);
    emc::test::LedgerSim sim([&](uint32_t below) -> uint32_t {
        if (at >= size) return 0;
        if (below <= 256) return data[at++] % below;
        const uint32_t high = data[at++];
        return (high << 8 | (at < size ? data[at++] : 0u)) % below;
    });
    while (at < size) {
        const std::string difference = sim.Step();
        if (!difference.empty()) std::fprintf(stderr, "%s\n", difference.c_str());
        EMC_CHECK(difference.empty());
    }
    return 0;
}
