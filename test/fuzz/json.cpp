// What parses is UTF-8, writes, and parses to the same; amounts come back from their digits.
#include "codec/json.h"

#include "base/check.h"

#include <algorithm>
#include <cstring>

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view text = base::AsText({data, size});
    const auto parsed = codec::ParseJson(text);
    if (parsed) {
        EMC_CHECK(codec::IsUtf8(text));
        const std::string written = codec::WriteJson(*parsed);
        const auto again = codec::ParseJson(written);
        EMC_CHECK(again && codec::WriteJson(*again) == written);
        EMC_CHECK(codec::ParseJson(codec::WriteJson(*parsed, 2)).HasValue());
    } else {
        EMC_CHECK(!parsed.Error().reason.empty());
        EMC_CHECK(parsed.Error().offset <= size);
    }
    const auto amount = codec::ParseAmount(text);
    if (amount) EMC_CHECK(parsed && codec::ParseAmount(codec::AmountDigits(*amount)) == amount);
    int64_t units = 0;
    std::memcpy(&units, data, std::min(size, sizeof(units)));
    EMC_CHECK(codec::ParseAmount(codec::AmountDigits(units)) == units);
    return 0;
}
