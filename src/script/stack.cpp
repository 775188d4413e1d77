#include "script/stack.h"

#include <algorithm>

namespace emc::script {

Element Element::Number(int64_t value)
{
    Element out;
    const bool negative = value < 0;
    uint64_t rest = negative ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
    for (; rest != 0; rest >>= 8)
        out.m_inline[out.m_size++] = static_cast<uint8_t>(rest);
    if (out.m_size == 0) return out;
    if ((out.m_inline[out.m_size - 1] & 0x80) != 0) ++out.m_size;
    if (negative) out.m_inline[out.m_size - 1] = static_cast<uint8_t>(out.m_inline[out.m_size - 1] | 0x80);
    return out;
}

bool Element::AsBool() const
{
    const ByteSpan bytes = Span();
    for (size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] != 0) return i + 1 != bytes.size() || bytes[i] != 0x80;
    }
    return false;
}

void Stack::Roll(size_t depth)
{
    EMC_CHECK(depth < m_items.size());
    const auto at = m_items.end() - 1 - static_cast<std::ptrdiff_t>(depth);
    std::rotate(at, at + 1, m_items.end());
}

void Stack::InsertBelow(size_t depth, const Element& element)
{
    EMC_CHECK(depth <= m_items.size());
    const Element copy = element;
    m_items.insert(m_items.end() - static_cast<std::ptrdiff_t>(depth), copy);
}

void Stack::Erase(size_t depth)
{
    EMC_CHECK(depth < m_items.size());
    m_items.erase(m_items.end() - 1 - static_cast<std::ptrdiff_t>(depth));
}

} // namespace emc::script
