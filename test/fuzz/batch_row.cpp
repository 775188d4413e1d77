// Rows of batches in the store of the calls: whatever decodes encodes to the same bytes.
#include "base/check.h"
#include "calls/batch_store.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const auto row = emc::calls::DecodeBatchRow({data, size});
    if (row) EMC_CHECK(emc::calls::Encode(*row) == emc::base::Bytes(data, data + size));
    return 0;
}
