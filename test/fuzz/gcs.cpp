// A Golomb-coded set that parses holds what its values say, and a set made of any strings holds them all.
#include "codec/gcs.h"

#include "base/check.h"

#include <algorithm>

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan in(data, size);
    const codec::GcsParams params{.key0 = 1, .key1 = 2};
    if (const auto set = codec::GcsSet::Parse(params, in)) EMC_CHECK(set->Size() * 20 <= size * 8);
    std::vector<base::Bytes> elements;
    for (size_t at = 0; at < size;) {
        const size_t length = std::min(size - at - 1, size_t{data[at]} % 16);
        elements.emplace_back(data + at + 1, data + at + 1 + length);
        at += 1 + length;
    }
    const auto made = codec::GcsSet::Parse(params, codec::EncodeGcs(params, elements));
    EMC_CHECK(made.has_value() && made->Size() <= elements.size());
    for (const auto& element : elements)
        EMC_CHECK(made->Match(element));
    return 0;
}
