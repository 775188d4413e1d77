#include "crypto/cipher.h"

#include "base/check.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

namespace emc::crypto {

namespace {

constexpr size_t AES_BLOCK = 16;
constexpr size_t TAG_BYTES = 16;

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

struct FreeMac {
    void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }

    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

using CipherPtr = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

enum class Direction : int { Decrypt = 0, Encrypt = 1 };

CipherPtr StartCipher(const EVP_CIPHER* cipher, const Key32& key, const uint8_t* iv, Direction direction)
{
    CipherPtr context(EVP_CIPHER_CTX_new());
    EMC_CHECK(context != nullptr);
    EMC_CHECK(
        EVP_CipherInit_ex(context.get(), cipher, nullptr, key.data(), iv, static_cast<int>(direction)) == 1);
    return context;
}

/// Runs `in` through the cipher into `out`, which has room for it and one block; returns the bytes written.
size_t Update(const CipherPtr& context, uint8_t* out, base::ByteSpan in)
{
    if (in.empty()) return 0;
    int written = 0;
    EMC_CHECK(in.size() <= INT32_MAX - AES_BLOCK);
    EMC_CHECK(EVP_CipherUpdate(context.get(), out, &written, in.data(), static_cast<int>(in.size())) == 1);
    return static_cast<size_t>(written);
}

// An AEAD of OpenSSL with nonces of 12 bytes, which are its default.
base::Bytes Seal(const EVP_CIPHER* cipher, const Key32& key, const std::array<uint8_t, 12>& nonce,
                 base::ByteSpan aad, base::ByteSpan plain)
{
    const CipherPtr context = StartCipher(cipher, key, nonce.data(), Direction::Encrypt);
    // Without a place to write to, the bytes are authenticated only.
    Update(context, nullptr, aad);
    base::Bytes out(plain.size() + TAG_BYTES);
    Update(context, out.data(), plain);
    int last = 0;
    EMC_CHECK(EVP_CipherFinal_ex(context.get(), out.data() + plain.size(), &last) == 1);
    EMC_CHECK(
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, out.data() + plain.size()) == 1);
    return out;
}

} // namespace

base::Bytes Aes256GcmSeal(const Key32& key, const std::array<uint8_t, 12>& nonce, base::ByteSpan aad,
                          base::ByteSpan plain)
{
    return Seal(EVP_aes_256_gcm(), key, nonce, aad, plain);
}

bool Aes256GcmOpen(const Key32& key, const std::array<uint8_t, 12>& nonce, base::ByteSpan aad,
                   base::ByteSpan sealed, std::span<uint8_t> out)
{
    std::fill(out.begin(), out.end(), uint8_t{0});
    if (sealed.size() != out.size() + TAG_BYTES) return false;
    base::Bytes tag(sealed.end() - TAG_BYTES, sealed.end());
    const CipherPtr context = StartCipher(EVP_aes_256_gcm(), key, nonce.data(), Direction::Decrypt);
    EMC_CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag.data()) == 1);
    Update(context, nullptr, aad);
    Update(context, out.data(), sealed.first(out.size()));
    uint8_t rest[AES_BLOCK];
    int last = 0;
    if (EVP_CipherFinal_ex(context.get(), rest, &last) == 1) return true;
    OPENSSL_cleanse(out.data(), out.size());
    return false;
}

base::Bytes Aes256CbcEncrypt(const Key32& key, const std::array<uint8_t, 16>& iv, base::ByteSpan plain)
{
    const CipherPtr context = StartCipher(EVP_aes_256_cbc(), key, iv.data(), Direction::Encrypt);
    base::Bytes out(plain.size() + AES_BLOCK);
    size_t size = Update(context, out.data(), plain);
    int last = 0;
    EMC_CHECK(EVP_CipherFinal_ex(context.get(), out.data() + size, &last) == 1);
    size += static_cast<size_t>(last);
    out.resize(size);
    return out;
}

std::optional<base::Bytes> Aes256CbcDecrypt(const Key32& key, const std::array<uint8_t, 16>& iv,
                                            base::ByteSpan cipher)
{
    if (cipher.empty() || cipher.size() % AES_BLOCK != 0) return std::nullopt;
    const CipherPtr context = StartCipher(EVP_aes_256_cbc(), key, iv.data(), Direction::Decrypt);
    base::Bytes out(cipher.size() + AES_BLOCK);
    size_t size = Update(context, out.data(), cipher);
    int last = 0;
    if (EVP_CipherFinal_ex(context.get(), out.data() + size, &last) != 1) return std::nullopt;
    size += static_cast<size_t>(last);
    out.resize(size);
    return out;
}

base::Bytes ChaCha20Poly1305Seal(const Key32& key, const std::array<uint8_t, 12>& nonce, base::ByteSpan aad,
                                 base::ByteSpan plain)
{
    return Seal(EVP_chacha20_poly1305(), key, nonce, aad, plain);
}

std::optional<base::Bytes> ChaCha20Poly1305Open(const Key32& key, const std::array<uint8_t, 12>& nonce,
                                                base::ByteSpan aad, base::ByteSpan sealed)
{
    if (sealed.size() < TAG_BYTES) return std::nullopt;
    const base::ByteSpan text = sealed.first(sealed.size() - TAG_BYTES);
    base::Bytes tag(sealed.end() - TAG_BYTES, sealed.end());
    const CipherPtr context = StartCipher(EVP_chacha20_poly1305(), key, nonce.data(), Direction::Decrypt);
    EMC_CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag.data()) == 1);
    Update(context, nullptr, aad);
    base::Bytes out(text.size() + TAG_BYTES);
    Update(context, out.data(), text);
    int last = 0;
    if (EVP_CipherFinal_ex(context.get(), out.data() + text.size(), &last) != 1) return std::nullopt;
    out.resize(text.size());
    return out;
}

void ChaCha20Xor(const Key32& key, const std::array<uint8_t, 12>& nonce, uint32_t counter,
                 std::span<uint8_t> data)
{
    // OpenSSL takes the block counter (little-endian) and the nonce as one.
    std::array<uint8_t, 16> iv{};
    for (size_t i = 0; i < 4; ++i)
        iv[i] = static_cast<uint8_t>(counter >> (8 * i));
    std::copy(nonce.begin(), nonce.end(), iv.begin() + 4);
    const CipherPtr context = StartCipher(EVP_chacha20(), key, iv.data(), Direction::Encrypt);
    Update(context, data.data(), data);
}

std::array<uint8_t, 16> Poly1305(const Key32& key, base::ByteSpan in)
{
    static const std::unique_ptr<EVP_MAC, FreeMac> algorithm(EVP_MAC_fetch(nullptr, "POLY1305", nullptr));
    const std::unique_ptr<EVP_MAC_CTX, FreeMac> context(EVP_MAC_CTX_new(algorithm.get()));
    EMC_CHECK(context != nullptr);
    std::array<uint8_t, 16> tag{};
    size_t written = 0;
    EMC_CHECK(EVP_MAC_init(context.get(), key.data(), key.size(), nullptr) == 1);
    EMC_CHECK(EVP_MAC_update(context.get(), in.data(), in.size()) == 1);
    EMC_CHECK(EVP_MAC_final(context.get(), tag.data(), &written, tag.size()) == 1);
    return tag;
}

} // namespace emc::crypto
