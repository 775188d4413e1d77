#include "codec/reader.h"

namespace emc::codec {

uint16_t Reader::U16Big()
{
    const auto in = Take(2);
    return in.empty() ? uint16_t{0} : static_cast<uint16_t>(in[0] << 8 | in[1]);
}

uint32_t Reader::U32Big()
{
    const uint32_t high = U16Big();
    return high << 16 | U16Big();
}

uint64_t Reader::CompactSize(uint64_t max)
{
    const uint8_t first = U8();
    uint64_t value = first;
    uint64_t smallest = 0; // the least value that needs this form
    if (first == 0xfd) {
        value = U16();
        smallest = 0xfd;
    } else if (first == 0xfe) {
        value = U32();
        smallest = 0x1'0000;
    } else if (first == 0xff) {
        value = U64();
        smallest = 0x1'0000'0000;
    }
    if (!m_ok || value < smallest || value > max) {
        Fail();
        return 0;
    }
    return value;
}

size_t Reader::Count(size_t min_item_bytes)
{
    const uint64_t count = CompactSize();
    if (min_item_bytes > 0 && count > Remaining() / min_item_bytes) {
        Fail();
        return 0;
    }
    return static_cast<size_t>(count);
}

base::ByteSpan Reader::Take(size_t n)
{
    if (Remaining() < n) {
        Fail();
        return {};
    }
    const auto out = m_in.subspan(m_pos, n);
    m_pos += n;
    return out;
}

} // namespace emc::codec
