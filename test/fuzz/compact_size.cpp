// A CompactSize that reads is the shortest form: writing it gives the same bytes.
#include "base/check.h"
#include "codec/reader.h"
#include "codec/writer.h"

#include <algorithm>

using namespace emc;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan in(data, size);
    codec::Reader reader(in);
    const uint64_t value = reader.CompactSize(UINT64_MAX);
    if (!reader.Ok()) {
        EMC_CHECK(value == 0);
        return 0;
    }
    base::Bytes written;
    codec::Writer(written).CompactSize(value);
    EMC_CHECK(written.size() == reader.Position());
    EMC_CHECK(written.size() == codec::CompactSizeBytes(value));
    EMC_CHECK(std::equal(written.begin(), written.end(), in.begin()));
    codec::Reader limited(in);
    EMC_CHECK((limited.CompactSize() == value && limited.Ok()) == (value <= codec::MAX_COMPACT_SIZE));
    return 0;
}
