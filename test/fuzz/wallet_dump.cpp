// The text file of dumpwallet.
#include "rpc/wallet_dump.h"

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const auto keys = emc::rpc::ParseDump(emc::base::AsText({data, size}));
    if (!keys) {
        EMC_CHECK(!keys.Error().empty());
        return 0;
    }
    EMC_CHECK(!keys->empty() && keys->size() <= size);
    return 0;
}
