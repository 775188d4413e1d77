/// Bounded reading of wire formats. Errors stick: after the first one everything reads as zero.
#pragma once

#include "base/bytes.h"

namespace emc::codec {

/// Largest length any compact size may announce (32 MiB), as in Bitcoin.
inline constexpr uint64_t MAX_COMPACT_SIZE = 0x02000000;

/// Reads little-endian fields from bytes it does not own. Check Ok() (or Done()) before using what was read.
/// A lying length cannot make it allocate more than the bytes that are there. Value type.
class Reader
{
public:
    explicit Reader(base::ByteSpan in) : m_in(in) {}

    [[nodiscard]] bool Ok() const { return m_ok; }

    /// Nothing failed and every byte was read.
    [[nodiscard]] bool Done() const { return m_ok && m_pos == m_in.size(); }

    [[nodiscard]] size_t Position() const { return m_pos; }

    [[nodiscard]] size_t Remaining() const { return m_in.size() - m_pos; }

    /// Marks the input as bad (a caller found a value out of range).
    void Fail()
    {
        m_ok = false;
        m_pos = m_in.size();
    }

    uint8_t U8() { return Little<uint8_t>(); }

    uint16_t U16() { return Little<uint16_t>(); }

    uint32_t U32() { return Little<uint32_t>(); }

    uint64_t U64() { return Little<uint64_t>(); }

    int32_t I32() { return static_cast<int32_t>(U32()); }

    int64_t I64() { return static_cast<int64_t>(U64()); }

    uint16_t U16Big();
    uint32_t U32Big();
    /// Bitcoin's CompactSize; fails when not in shortest form or above `max`.
    uint64_t CompactSize(uint64_t max = MAX_COMPACT_SIZE);
    /// A CompactSize that counts items of at least `min_item_bytes` bytes each: fails when they cannot be
    /// there.
    size_t Count(size_t min_item_bytes);
    /// The next n bytes, not copied; empty on failure.
    base::ByteSpan Take(size_t n);

    /// The bytes read since Position() was `start`; empty after a failure.
    [[nodiscard]] base::ByteSpan Since(size_t start) const
    {
        return m_ok && start <= m_pos ? m_in.subspan(start, m_pos - start) : base::ByteSpan{};
    }

    /// CompactSize, then that many bytes.
    base::ByteSpan TakeSized() { return Take(static_cast<size_t>(CompactSize())); }

    base::Bytes SizedBytes()
    {
        const auto span = TakeSized();
        return base::Bytes(span.begin(), span.end());
    }

    template <size_t N, typename Tag>
    void Array(base::ByteArray<N, Tag>& out)
    {
        const auto span = Take(N);
        if (span.size() == N) std::copy(span.begin(), span.end(), out.bytes.begin());
    }

    base::Hash256 Hash()
    {
        base::Hash256 out;
        Array(out);
        return out;
    }

private:
    template <typename T>
    T Little()
    {
        if (Remaining() < sizeof(T)) {
            Fail();
            return 0;
        }
        T out = 0;
        std::memcpy(&out, m_in.data() + m_pos, sizeof(T)); // the supported machines are little-endian
        m_pos += sizeof(T);
        return out;
    }

    base::ByteSpan m_in;
    size_t m_pos = 0;
    bool m_ok = true;
};

} // namespace emc::codec
