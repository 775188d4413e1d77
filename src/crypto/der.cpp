#include "crypto/der.h"

#include "crypto/keys.h"

#include <algorithm>

namespace emc::crypto {

namespace {

constexpr uint8_t SEQUENCE = 0x30;
constexpr uint8_t INTEGER = 0x02;
constexpr uint8_t LONG_FORM = 0x80;
constexpr size_t NUMBER_BYTES = 32;

/// Walks over DER bytes; every step says whether the bytes were there.
class LaxReader
{
public:
    explicit LaxReader(base::ByteSpan in) : m_rest(in) {}

    [[nodiscard]] bool Tag(uint8_t tag)
    {
        if (m_rest.empty() || m_rest.front() != tag) return false;
        m_rest = m_rest.subspan(1);
        return true;
    }

    /// Steps over a length without looking at its value.
    [[nodiscard]] bool SkipLength()
    {
        if (m_rest.empty()) return false;
        const size_t more = m_rest.front() & LONG_FORM ? m_rest.front() & 0x7fu : 0;
        if (more >= m_rest.size()) return false;
        m_rest = m_rest.subspan(1 + more);
        return true;
    }

    /// The contents of an integer without zeros in front.
    [[nodiscard]] std::optional<base::ByteSpan> Number()
    {
        if (!Tag(INTEGER)) return std::nullopt;
        const auto length = Length();
        if (!length || *length > m_rest.size()) return std::nullopt;
        base::ByteSpan number = m_rest.first(*length);
        m_rest = m_rest.subspan(*length);
        while (!number.empty() && number.front() == 0)
            number = number.subspan(1);
        return number;
    }

private:
    /// A length of either form; zeros in front of its bytes do not count.
    [[nodiscard]] std::optional<size_t> Length()
    {
        if (m_rest.empty()) return std::nullopt;
        const uint8_t first = m_rest.front();
        m_rest = m_rest.subspan(1);
        if ((first & LONG_FORM) == 0) return first;
        const size_t bytes = first & 0x7fu;
        if (bytes > m_rest.size()) return std::nullopt;
        size_t length = 0;
        for (const uint8_t byte : m_rest.first(bytes)) {
            if (length > SIZE_MAX >> 16) return std::nullopt;
            length = length << 8 | byte;
        }
        m_rest = m_rest.subspan(bytes);
        return length;
    }

    base::ByteSpan m_rest;
};

/// Checks one integer of a strict signature at the start of `in` and steps over it.
bool TakeStrictNumber(base::ByteSpan& in)
{
    if (in.size() < 3 || in[0] != INTEGER) return false;
    const size_t length = in[1];
    if (length == 0 || length > in.size() - 2) return false;
    const base::ByteSpan number = in.subspan(2, length);
    const bool negative = (number[0] & 0x80) != 0;
    const bool padded = length > 1 && number[0] == 0 && (number[1] & 0x80) == 0;
    if (negative || padded) return false;
    in = in.subspan(2 + length);
    return true;
}

} // namespace

std::optional<std::array<uint8_t, 64>> ParseDerLax(base::ByteSpan der)
{
    LaxReader reader(der);
    if (!reader.Tag(SEQUENCE) || !reader.SkipLength()) return std::nullopt;
    const auto r = reader.Number();
    if (!r) return std::nullopt;
    const auto s = reader.Number();
    if (!s) return std::nullopt;
    std::array<uint8_t, 64> out{};
    if (r->size() > NUMBER_BYTES || s->size() > NUMBER_BYTES) return out;
    std::copy_backward(r->begin(), r->end(), out.begin() + NUMBER_BYTES);
    std::copy_backward(s->begin(), s->end(), out.end());
    return out;
}

bool IsStrictDer(base::ByteSpan der)
{
    constexpr size_t SHORTEST = 8;
    constexpr size_t LONGEST = 72;
    if (der.size() < SHORTEST || der.size() > LONGEST) return false;
    if (der[0] != SEQUENCE || der[1] != der.size() - 2) return false;
    base::ByteSpan rest = der.subspan(2);
    return TakeStrictNumber(rest) && TakeStrictNumber(rest) && rest.empty();
}

} // namespace emc::crypto
