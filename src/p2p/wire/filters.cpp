#include "p2p/wire/filters.h"

namespace emc::p2p {
namespace {

void WriteHashes(codec::Writer& out, const std::vector<base::Hash256>& hashes)
{
    out.CompactSize(hashes.size());
    for (const base::Hash256& hash : hashes)
        out.Raw(hash.Span());
}

std::vector<base::Hash256> ReadHashes(FieldReader& in, std::string_view name, size_t limit)
{
    std::vector<base::Hash256> hashes(in.Count(name, limit, base::Hash256::SIZE));
    for (base::Hash256& hash : hashes)
        hash = in.Field(name).Hash();
    return hashes;
}

} // namespace

void FilterRange::Write(codec::Writer& out) const
{
    out.U8(kind);
    out.U32(start_height);
    out.Raw(stop.Span());
}

void FilterRange::Read(FieldReader& in)
{
    kind = in.Field("kind").U8();
    start_height = in.Field("start height").U32();
    stop = in.Field("stop").Hash();
}

void GetCFCheckpt::Write(codec::Writer& out) const
{
    out.U8(kind);
    out.Raw(stop.Span());
}

void GetCFCheckpt::Read(FieldReader& in)
{
    kind = in.Field("kind").U8();
    stop = in.Field("stop").Hash();
}

void CFilter::Write(codec::Writer& out) const
{
    out.U8(kind);
    out.Raw(block.Span());
    out.Sized(filter);
}

void CFilter::Read(FieldReader& in)
{
    kind = in.Field("kind").U8();
    block = in.Field("block").Hash();
    const base::ByteSpan bytes = in.Sized("filter", MAX_PAYLOAD_BYTES);
    filter.assign(bytes.begin(), bytes.end());
}

void CFHeaders::Write(codec::Writer& out) const
{
    out.U8(kind);
    out.Raw(stop.Span());
    out.Raw(previous_header.Span());
    WriteHashes(out, hashes);
}

void CFHeaders::Read(FieldReader& in)
{
    kind = in.Field("kind").U8();
    stop = in.Field("stop").Hash();
    previous_header = in.Field("previous header").Hash();
    hashes = ReadHashes(in, "filter hashes", MAX_FILTER_HEADERS);
}

void CFCheckpt::Write(codec::Writer& out) const
{
    out.U8(kind);
    out.Raw(stop.Span());
    WriteHashes(out, headers);
}

void CFCheckpt::Read(FieldReader& in)
{
    kind = in.Field("kind").U8();
    stop = in.Field("stop").Hash();
    headers = ReadHashes(in, "filter headers", MAX_PAYLOAD_BYTES / base::Hash256::SIZE);
}

} // namespace emc::p2p
