// The address manager beside a naive model, driven by the input.
#include "unit/p2p/sim.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    emc::test::SimulateAddresses({data, size});
    return 0;
}
