#include "p2p/wire/headers.h"

#include <algorithm>

namespace emc::p2p {
namespace {

constexpr size_t PLAIN_HEADER_BYTES = 80;
constexpr size_t MIN_ENTRY_BYTES = PLAIN_HEADER_BYTES + 1;
constexpr size_t COUNT_BYTES = codec::CompactSizeBytes(MAX_HEADERS);

} // namespace

void Locator::Write(codec::Writer& out) const
{
    out.U32(version);
    out.CompactSize(hashes.size());
    for (const base::Hash256& hash : hashes)
        out.Raw(hash.Span());
    out.Raw(stop.Span());
}

void Locator::Read(FieldReader& in)
{
    version = in.Field("version").U32();
    hashes.resize(in.Count("locator", MAX_LOCATOR_HASHES, base::Hash256::SIZE));
    for (base::Hash256& hash : hashes)
        hash = in.Field("locator").Hash();
    stop = in.Field("stop").Hash();
}

void Headers::Write(codec::Writer& out) const
{
    out.CompactSize(headers.size());
    for (const primitives::BlockHeader& header : headers) {
        primitives::Write(out, header);
        out.CompactSize(0);
    }
}

void Headers::Read(FieldReader& in)
{
    const size_t count = in.Count("count", MAX_HEADERS, MIN_ENTRY_BYTES);
    headers.reserve(count);
    for (size_t i = 0; i < count && in.Ok(); ++i) {
        headers.push_back(primitives::ReadBlockHeader(in.Field("header")));
        in.Require(in.Field("transaction count").U8() == 0, WireFault::BadValue, 0);
    }
}

size_t HeaderEntryBytes(const primitives::BlockHeader& header)
{
    return MIN_ENTRY_BYTES + primitives::AuxPowSize(header);
}

size_t HeadersThatFit(const std::vector<primitives::BlockHeader>& headers)
{
    size_t bytes = COUNT_BYTES;
    size_t fit = 0;
    while (fit < std::min(headers.size(), MAX_HEADERS)) {
        bytes += HeaderEntryBytes(headers[fit]);
        if (bytes > MAX_PAYLOAD_BYTES) break;
        ++fit;
    }
    return fit;
}

} // namespace emc::p2p
