// Any bytes come back from their text; a text that decodes is the only text of its bytes.
#include "base/check.h"
#include "codec/base58.h"

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan in(data, size);
    const auto bytes = codec::Base64Decode(codec::Base64Encode(in));
    EMC_CHECK(bytes && *bytes == base::Bytes(in.begin(), in.end()));
    const auto decoded = codec::Base64Decode(base::AsText(in));
    if (decoded) EMC_CHECK(codec::Base64Encode(*decoded) == base::AsText(in));
    return 0;
}
