// Undo records: whatever decodes must encode to the same bytes, or, of the older version, to what decodes
// alike.
#include "chain/undo.h"

#include "base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const emc::base::ByteSpan in(data, size);
    if (const auto undo = emc::chain::DecodeUndo(in)) {
        constexpr uint8_t WITHOUT_WATERMARKS = 1;
        const auto bytes = emc::chain::EncodeUndo(*undo);
        if (in[0] != WITHOUT_WATERMARKS) {
            EMC_CHECK(bytes == emc::base::Bytes(in.begin(), in.end()));
        } else {
            const auto again = emc::chain::DecodeUndo(bytes);
            EMC_CHECK(again && emc::chain::EncodeUndo(*again) == bytes && bytes.size() == size + 1);
        }
    }
    return 0;
}
