/// Ciphers that forget their keys as they go: what was sent cannot be read with a key stolen later (BIP 324).
#pragma once

#include "crypto/cipher.h"

namespace emc::crypto {

/// Messages of one direction under one key before the key is replaced. Source: BIP 324.
inline constexpr uint32_t REKEY_INTERVAL = 224;
inline constexpr size_t AEAD_TAG_BYTES = 16;

/// FSChaCha20: one key stream through all chunks, a new key after every `interval` of them. One thread.
class ForwardStream
{
public:
    explicit ForwardStream(const Key32& key, uint32_t interval = REKEY_INTERVAL);
    ~ForwardStream();
    ForwardStream(const ForwardStream&) = delete;
    ForwardStream& operator=(const ForwardStream&) = delete;

    /// Encrypts or decrypts the next chunk in place.
    void Crypt(std::span<uint8_t> chunk);

private:
    void Take(std::span<uint8_t> out);

    Key32 m_key;
    uint32_t m_interval;
    uint32_t m_chunks = 0; ///< under this key
    uint64_t m_rekeys = 0;
    uint32_t m_block = 0;               ///< next block of the key stream
    std::array<uint8_t, 64> m_stream{}; ///< the present one
    size_t m_stream_used = sizeof(m_stream);
};

/// FSChaCha20Poly1305: the AEAD of RFC 8439 with a counter as nonce, a new key after every `interval`
/// messages. One thread.
class ForwardAead
{
public:
    explicit ForwardAead(const Key32& key, uint32_t interval = REKEY_INTERVAL);
    ~ForwardAead();
    ForwardAead(const ForwardAead&) = delete;
    ForwardAead& operator=(const ForwardAead&) = delete;

    /// The next message, AEAD_TAG_BYTES longer.
    [[nodiscard]] base::Bytes Seal(base::ByteSpan aad, base::ByteSpan plain);
    /// nullopt when the tag does not fit; the message counts all the same.
    [[nodiscard]] std::optional<base::Bytes> Open(base::ByteSpan aad, base::ByteSpan sealed);

private:
    [[nodiscard]] std::array<uint8_t, 12> Nonce(uint32_t number) const;
    void Advance();

    Key32 m_key;
    uint32_t m_interval;
    uint32_t m_messages = 0; ///< under this key
    uint64_t m_rekeys = 0;
};

} // namespace emc::crypto
