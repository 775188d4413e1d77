#include "p2p/wire/bloom.h"

namespace emc::p2p {

void FilterLoad::Write(codec::Writer& out) const
{
    out.Sized(filter);
    out.U32(functions);
    out.U32(tweak);
    out.U8(flags);
}

void FilterLoad::Read(FieldReader& in)
{
    const base::ByteSpan bytes = in.Sized("filter", MAX_BLOOM_BYTES);
    filter.assign(bytes.begin(), bytes.end());
    functions = in.Field("functions").U32();
    in.Require(functions <= MAX_BLOOM_FUNCTIONS, WireFault::OverLimit, MAX_BLOOM_FUNCTIONS);
    tweak = in.Field("tweak").U32();
    flags = in.Field("flags").U8();
}

void FilterAdd::Write(codec::Writer& out) const
{
    out.Sized(element);
}

void FilterAdd::Read(FieldReader& in)
{
    const base::ByteSpan bytes = in.Sized("element", MAX_BLOOM_ELEMENT_BYTES);
    element.assign(bytes.begin(), bytes.end());
}

} // namespace emc::p2p
