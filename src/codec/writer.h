/// Writing of wire formats.
#pragma once

#include "base/bytes.h"

namespace emc::codec {

/// Appends little-endian fields to a byte string it does not own.
class Writer
{
public:
    explicit Writer(base::Bytes& out) : m_out(out) {}

    void U8(uint8_t v) { m_out.push_back(v); }

    void U16(uint16_t v) { Little(v); }

    void U32(uint32_t v) { Little(v); }

    void U64(uint64_t v) { Little(v); }

    void I32(int32_t v) { Little(static_cast<uint32_t>(v)); }

    void I64(int64_t v) { Little(static_cast<uint64_t>(v)); }

    void U16Big(uint16_t v);
    void U32Big(uint32_t v);
    /// Shortest form.
    void CompactSize(uint64_t v);

    void Raw(base::ByteSpan in) { m_out.insert(m_out.end(), in.begin(), in.end()); }

    /// CompactSize of the length, then the bytes.
    void Sized(base::ByteSpan in)
    {
        CompactSize(in.size());
        Raw(in);
    }

private:
    template <typename T>
    void Little(T v)
    {
        const size_t old_size = m_out.size();
        m_out.resize(old_size + sizeof(T));
        std::memcpy(m_out.data() + old_size, &v, sizeof(T)); // the supported machines are little-endian
    }

    base::Bytes& m_out;
};

/// Bytes a CompactSize of v takes: 1, 3, 5 or 9.
[[nodiscard]] constexpr size_t CompactSizeBytes(uint64_t v)
{
    return v < 0xfd ? 1 : v <= 0xffff ? 3 : v <= 0xffffffff ? 5 : 9;
}

} // namespace emc::codec
