// The first byte of each step names a field; what reads is written again and must give the bytes that were
// read.
#include "base/check.h"
#include "codec/reader.h"
#include "codec/writer.h"

#include <algorithm>

using namespace emc;

namespace {

/// Reads one field of the kind `kind` and writes it to `out`.
void CopyField(uint8_t kind, codec::Reader& in, codec::Writer& out)
{
    switch (kind % 12) {
    case 0:
        return out.U8(in.U8());
    case 1:
        return out.U16(in.U16());
    case 2:
        return out.U32(in.U32());
    case 3:
        return out.U64(in.U64());
    case 4:
        return out.I32(in.I32());
    case 5:
        return out.I64(in.I64());
    case 6:
        return out.U16Big(in.U16Big());
    case 7:
        return out.U32Big(in.U32Big());
    case 8:
        return out.CompactSize(in.CompactSize());
    case 9:
        return out.Sized(in.SizedBytes());
    case 10:
        return out.Raw(in.Hash().Span());
    default:
        return out.CompactSize(in.Count(1));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan whole(data, size);
    codec::Reader in(whole);
    while (in.Remaining() > 0) {
        const uint8_t kind = in.U8();
        const size_t start = in.Position();
        base::Bytes written;
        codec::Writer out(written);
        CopyField(kind, in, out);
        if (!in.Ok()) {
            EMC_CHECK(in.Remaining() == 0);
            EMC_CHECK(in.U64() == 0);
            EMC_CHECK(in.Take(1).empty());
            break;
        }
        EMC_CHECK(written.size() == in.Position() - start);
        EMC_CHECK(std::equal(written.begin(), written.end(), whole.begin() + static_cast<ptrdiff_t>(start)));
    }
    return 0;
}
