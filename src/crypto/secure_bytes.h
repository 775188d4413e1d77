/// Memory for secrets: not swapped out, not in core dumps, wiped at the end.
#pragma once

#include "base/bytes.h"

namespace emc::crypto {

/// A fixed number of secret bytes on pages of their own. Locking them in memory is tried: where the system
/// allows no more of it (ulimit -l), the bytes are kept all the same. Moves, never copies.
class SecureBytes
{
public:
    SecureBytes() = default;
    /// Zeros. Aborts without memory.
    explicit SecureBytes(size_t size);
    /// A copy; the caller wipes its own.
    explicit SecureBytes(base::ByteSpan secret);
    ~SecureBytes();
    SecureBytes(SecureBytes&& other) noexcept;
    SecureBytes& operator=(SecureBytes&& other) noexcept;

    [[nodiscard]] base::ByteSpan Span() const { return {m_data, m_size}; }

    [[nodiscard]] std::span<uint8_t> Mutable() { return {m_data, m_size}; }

    [[nodiscard]] bool IsEmpty() const { return m_size == 0; }

private:
    void Free();

    uint8_t* m_data = nullptr;
    size_t m_size = 0;
};

} // namespace emc::crypto
