// Undo records: whatever decodes must encode to the same bytes.
#include "chain/undo.h"

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const emc::base::ByteSpan in(data, size);
    if (const auto undo = emc::chain::DecodeUndo(in)) {
        EMC_CHECK(emc::chain::EncodeUndo(*undo) == emc::base::Bytes(in.begin(), in.end()));
    }
    return 0;
}
