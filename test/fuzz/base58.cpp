// Any bytes come back from their text; a text that decodes is, blanks apart, the only text of its bytes.
#include "codec/base58.h"

#include "base/check.h"

#include <algorithm>

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan in(data, std::min<size_t>(size, 512));
    const auto bytes = codec::Base58Decode(codec::Base58Encode(in), in.size());
    EMC_CHECK(bytes && *bytes == base::Bytes(in.begin(), in.end()));
    const auto checked = codec::Base58CheckDecode(codec::Base58CheckEncode(in), in.size());
    EMC_CHECK(checked && *checked == base::Bytes(in.begin(), in.end()));

    const std::string_view text = base::AsText({data, size});
    const auto decoded = codec::Base58Decode(text);
    if (decoded) {
        const std::string again = codec::Base58Encode(*decoded);
        EMC_CHECK(text.find(again) != std::string_view::npos);
        EMC_CHECK(decoded->size() <= 256);
    }
    const auto payload = codec::Base58CheckDecode(text, 100);
    if (payload) EMC_CHECK(text.find(codec::Base58CheckEncode(*payload)) != std::string_view::npos);
    return 0;
}
