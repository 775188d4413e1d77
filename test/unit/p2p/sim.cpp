#include "unit/p2p/sim.h"

#include "crypto/random.h"

namespace emc::test {

void RunSimulation(void (*simulate)(base::ByteSpan), size_t rounds, size_t max_bytes)
{
    crypto::TestRandom random(2'026);
    for (size_t i = 0; i < rounds; ++i) {
        base::Bytes input(static_cast<size_t>(random.Below(max_bytes + 1)));
        random.Fill(input);
        simulate(input);
    }
}

} // namespace emc::test
