#include "reward/watermark.h"

#include "names/state.h"

namespace emc::reward {

void WriteUndo(codec::Writer& out, const WatermarkDelta& delta)
{
    WritePair(out, delta.pair);
    out.U8(delta.before ? 1 : 0);
    if (delta.before) out.U32(*delta.before);
}

WatermarkDelta ReadUndo(codec::Reader& in)
{
    WatermarkDelta delta;
    delta.pair = ReadPair(in);
    const uint8_t had = in.U8();
    if (had > 1) in.Fail();
    if (had == 1) delta.before = in.U32();
    return delta;
}

Bytes HashElement(const Watermark& watermark)
{
    Bytes out;
    codec::Writer writer(out);
    writer.U8(static_cast<uint8_t>(names::HashElementKind::Reward));
    WritePair(writer, watermark.pair);
    writer.U32(watermark.end);
    return out;
}

} // namespace emc::reward
