#include "codec/writer.h"

namespace emc::codec {

void Writer::U16Big(uint16_t v)
{
    U8(static_cast<uint8_t>(v >> 8));
    U8(static_cast<uint8_t>(v));
}

void Writer::U32Big(uint32_t v)
{
    U16Big(static_cast<uint16_t>(v >> 16));
    U16Big(static_cast<uint16_t>(v));
}

void Writer::CompactSize(uint64_t v)
{
    switch (CompactSizeBytes(v)) {
    case 1:
        U8(static_cast<uint8_t>(v));
        break;
    case 3:
        U8(0xfd);
        U16(static_cast<uint16_t>(v));
        break;
    case 5:
        U8(0xfe);
        U32(static_cast<uint32_t>(v));
        break;
    default:
        U8(0xff);
        U64(v);
    }
}

} // namespace emc::codec
