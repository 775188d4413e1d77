#include "dns/transport/inbox.h"

#include <algorithm>

namespace emc::dns {

namespace {

constexpr size_t LENGTH_BYTES = 2;

} // namespace

void Inbox::Put(ByteSpan bytes)
{
    const size_t passed = std::min(m_skip, bytes.size());
    m_skip -= passed;
    bytes = bytes.subspan(passed);
    if (m_at > 0) {
        m_bytes.erase(m_bytes.begin(), m_bytes.begin() + static_cast<std::ptrdiff_t>(m_at));
        m_at = 0;
    }
    m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
}

Inbox::Item Inbox::Next()
{
    const ByteSpan held = ByteSpan(m_bytes).subspan(m_at);
    if (held.empty() && m_at > 0) {
        Bytes().swap(m_bytes);
        m_at = 0;
        return {};
    }
    if (held.size() < LENGTH_BYTES) return {};
    const size_t length = LoadU16(held.data());
    if (length < HEADER_BYTES) return {Kind::Garbage, {}};
    const size_t here = std::min(length, held.size() - LENGTH_BYTES);
    if (length > MAX_QUESTION_BYTES && here >= HEADER_BYTES) {
        m_at += LENGTH_BYTES + here;
        m_skip = length - here;
        return {Kind::TooLong, held.subspan(LENGTH_BYTES, HEADER_BYTES)};
    }
    if (here < length) return {};
    m_at += LENGTH_BYTES + length;
    return {Kind::Message, held.subspan(LENGTH_BYTES, length)};
}

} // namespace emc::dns
