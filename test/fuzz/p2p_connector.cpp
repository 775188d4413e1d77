// The choice of connections beside a naive model, driven by the input.
#include "unit/p2p/sim.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    emc::test::SimulateConnector({data, size});
    return 0;
}
