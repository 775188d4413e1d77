#include "crypto/secure_bytes.h"

#include "base/check.h"
#include "crypto/random.h"

#include <sys/mman.h>
#include <utility>

namespace emc::crypto {

SecureBytes::SecureBytes(size_t size) : m_size(size)
{
    if (size == 0) return;
    void* const pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EMC_CHECK(pages != MAP_FAILED);
    static_cast<void>(mlock(pages, size));
    static_cast<void>(madvise(pages, size, MADV_DONTDUMP));
    m_data = static_cast<uint8_t*>(pages);
}

SecureBytes::SecureBytes(base::ByteSpan secret) : SecureBytes(secret.size())
{
    if (!secret.empty()) std::memcpy(m_data, secret.data(), secret.size());
}

SecureBytes::~SecureBytes()
{
    Free();
}

SecureBytes::SecureBytes(SecureBytes&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0))
{}

SecureBytes& SecureBytes::operator=(SecureBytes&& other) noexcept
{
    if (this == &other) return *this;
    Free();
    m_data = std::exchange(other.m_data, nullptr);
    m_size = std::exchange(other.m_size, 0);
    return *this;
}

void SecureBytes::Free()
{
    if (m_data == nullptr) return;
    Wipe({m_data, m_size});
    munmap(m_data, m_size); // unlocks, too
    m_data = nullptr;
    m_size = 0;
}

} // namespace emc::crypto
