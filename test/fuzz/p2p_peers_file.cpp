// The content of peers.dat: what is taken is consistent and is written as it was read, in any order.
#include "crypto/random.h"
#include "p2p/peers/address_manager.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    constexpr int64_t NOW = 1'700'000'000;
    crypto::TestRandom random(1);
    p2p::AddressManager manager(nullptr, random);
    if (!manager.Deserialize({data, size}, NOW)) {
        EMC_CHECK(manager.Size() == 0);
        return 0;
    }
    EMC_CHECK(manager.IsConsistent());
    p2p::AddressManager again(nullptr, random);
    EMC_CHECK(again.Deserialize(manager.Serialize(), NOW) && again.IsConsistent());
    EMC_CHECK(again.Size() == manager.Size() && again.CountTried() == manager.CountTried());
    return 0;
}
