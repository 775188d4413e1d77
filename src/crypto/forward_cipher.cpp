#include "crypto/forward_cipher.h"

#include "crypto/random.h"

#include <algorithm>

namespace emc::crypto {
namespace {

/// 32 bits, then 64 bits, lowest byte first.
std::array<uint8_t, 12> MakeNonce(uint32_t number, uint64_t rekeys)
{
    std::array<uint8_t, 12> nonce{};
    for (size_t i = 0; i < 4; ++i)
        nonce[i] = static_cast<uint8_t>(number >> (8 * i));
    for (size_t i = 0; i < 8; ++i)
        nonce[4 + i] = static_cast<uint8_t>(rekeys >> (8 * i));
    return nonce;
}

/// The message number under which the next key is made.
constexpr uint32_t REKEY_NUMBER = UINT32_MAX;

} // namespace

ForwardStream::ForwardStream(const Key32& key, uint32_t interval) : m_key(key), m_interval(interval) {}

ForwardStream::~ForwardStream()
{
    Wipe(m_key);
    Wipe(m_stream);
}

void ForwardStream::Take(std::span<uint8_t> out)
{
    for (uint8_t& byte : out) {
        if (m_stream_used == m_stream.size()) {
            m_stream.fill(0);
            ChaCha20Xor(m_key, MakeNonce(0, m_rekeys), m_block++, m_stream);
            m_stream_used = 0;
        }
        byte ^= m_stream[m_stream_used++];
    }
}

void ForwardStream::Crypt(std::span<uint8_t> chunk)
{
    Take(chunk);
    if (++m_chunks < m_interval) return;
    Key32 next{};
    Take(next);
    m_key = next;
    Wipe(next);
    m_chunks = 0;
    ++m_rekeys;
    m_block = 0;
    m_stream_used = m_stream.size();
}

ForwardAead::ForwardAead(const Key32& key, uint32_t interval) : m_key(key), m_interval(interval) {}

ForwardAead::~ForwardAead()
{
    Wipe(m_key);
}

std::array<uint8_t, 12> ForwardAead::Nonce(uint32_t number) const
{
    return MakeNonce(number, m_rekeys);
}

void ForwardAead::Advance()
{
    if (++m_messages < m_interval) return;
    base::Bytes next = ChaCha20Poly1305Seal(m_key, Nonce(REKEY_NUMBER), {}, Key32{});
    std::copy_n(next.begin(), m_key.size(), m_key.begin());
    Wipe(next);
    m_messages = 0;
    ++m_rekeys;
}

base::Bytes ForwardAead::Seal(base::ByteSpan aad, base::ByteSpan plain)
{
    base::Bytes out = ChaCha20Poly1305Seal(m_key, Nonce(m_messages), aad, plain);
    Advance();
    return out;
}

std::optional<base::Bytes> ForwardAead::Open(base::ByteSpan aad, base::ByteSpan sealed)
{
    auto out = ChaCha20Poly1305Open(m_key, Nonce(m_messages), aad, sealed);
    Advance();
    return out;
}

} // namespace emc::crypto
