// Headers one after the other: each writes the bytes it was read from, and its hash covers the first 80.
#include "base/check.h"
#include "crypto/sha256.h"
#include "primitives/block.h"

#include <algorithm>

using namespace emc;
using namespace emc::primitives;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const base::ByteSpan in(data, size);
    codec::Reader reader(in);
    while (reader.Remaining() > 0) {
        const size_t start = reader.Position();
        const BlockHeader header = ReadBlockHeader(reader);
        if (!reader.Ok()) break;
        const auto read = in.subspan(start, reader.Position() - start);
        const Bytes written = Serialize(header);
        EMC_CHECK(std::equal(written.begin(), written.end(), read.begin(), read.end()));
        EMC_CHECK(header.Hash() == crypto::Sha256d(read.first(80)));
        EMC_CHECK(written.size() == 80 + AuxPowSize(header));
        EMC_CHECK(header.IsAuxPow() == (header.auxpow != nullptr));
    }
    return 0;
}
