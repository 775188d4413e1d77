/// Bytes of a connection as messages: two bytes of length in front of each (RFC 1035 §4.2.2).
#pragma once

#include "dns/message/wire.h"

namespace emc::dns {

/// Longer questions are answered FORMERR, their bytes pass by without being kept.
inline constexpr size_t MAX_QUESTION_BYTES = 4096;

/// Takes bytes in whatever pieces they come. Empty, it holds no memory.
class Inbox
{
public:
    /// Appends what was read.
    void Put(ByteSpan bytes);

    enum class Kind : uint8_t {
        None,    ///< no whole message yet
        Message, ///< a packet of 12 to MAX_QUESTION_BYTES bytes
        TooLong, ///< the header of a longer one
        Garbage, ///< a length shorter than a header: the connection makes no sense
    };

    struct Item {
        Kind kind = Kind::None;
        ByteSpan packet; ///< valid until the next call of Put or Next
    };

    [[nodiscard]] Item Next();

    /// Is a message begun and not complete?
    [[nodiscard]] bool Partial() const { return m_skip > 0 || m_bytes.size() > m_at; }

    /// Bytes held.
    [[nodiscard]] size_t Size() const { return m_bytes.size() - m_at; }

private:
    Bytes m_bytes;
    size_t m_at = 0;   ///< what is before has been taken
    size_t m_skip = 0; ///< bytes of a too long message still to come
};

} // namespace emc::dns
