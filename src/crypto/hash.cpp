#include "crypto/hash.h"

#include "base/check.h"
#include "crypto/sha256.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <memory>

namespace emc::crypto {

namespace {

struct FreeDigest {
    void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};

using DigestPtr = std::unique_ptr<EVP_MD, FreeDigest>;

// Looking an algorithm up costs more than hashing a short message, so each is looked up once.

const EVP_MD* Sha1Digest()
{
    static const DigestPtr digest(EVP_MD_fetch(nullptr, "SHA1", nullptr));
    return digest.get();
}

const EVP_MD* Sha512Digest()
{
    static const DigestPtr digest(EVP_MD_fetch(nullptr, "SHA512", nullptr));
    return digest.get();
}

const EVP_MD* Sha3Digest()
{
    static const DigestPtr digest(EVP_MD_fetch(nullptr, "SHA3-256", nullptr));
    return digest.get();
}

template <size_t N>
std::array<uint8_t, N> Digest(const EVP_MD* algorithm, base::ByteSpan in)
{
    std::array<uint8_t, N> out{};
    EMC_CHECK(EVP_Digest(in.data(), in.size(), out.data(), nullptr, algorithm, nullptr) == 1);
    return out;
}

template <size_t N>
std::array<uint8_t, N> Hmac(const EVP_MD* algorithm, base::ByteSpan key, base::ByteSpan in)
{
    std::array<uint8_t, N> out{};
    // A null key would mean "as before" to OpenSSL.
    const uint8_t none = 0;
    const uint8_t* key_data = key.empty() ? &none : key.data();
    EMC_CHECK(HMAC(algorithm, key_data, static_cast<int>(key.size()), in.data(), in.size(), out.data(),
                   nullptr) != nullptr);
    return out;
}

/// The two SHA-256 states an HMAC starts from, after the padded key (RFC 2104).
struct HmacStart {
    Sha256 inner;
    Sha256 outer;

    explicit HmacStart(base::ByteSpan key)
    {
        std::array<uint8_t, 64> block{};
        if (key.size() > block.size()) {
            const base::Hash256 hashed = Sha256Of(key);
            std::copy(hashed.begin(), hashed.end(), block.begin());
        } else {
            std::copy(key.begin(), key.end(), block.begin());
        }
        for (uint8_t& byte : block)
            byte ^= 0x36;
        inner.Write(block);
        for (uint8_t& byte : block)
            byte ^= 0x36 ^ 0x5c;
        outer.Write(block);
    }

    [[nodiscard]] base::Hash256 Finish(Sha256 begun) const
    {
        Sha256 rest = outer;
        return rest.Write(begun.Finish().Span()).Finish();
    }
};

void Pbkdf2(const EVP_MD* algorithm, base::ByteSpan password, base::ByteSpan salt, uint32_t rounds,
            std::span<uint8_t> out)
{
    if (out.empty()) return;
    EMC_CHECK(rounds >= 1 && rounds <= INT32_MAX);
    const std::string_view text = base::AsText(password);
    EMC_CHECK(PKCS5_PBKDF2_HMAC(text.empty() ? "" : text.data(), static_cast<int>(text.size()), salt.data(),
                                static_cast<int>(salt.size()), static_cast<int>(rounds), algorithm,
                                static_cast<int>(out.size()), out.data()) == 1);
}

} // namespace

base::Hash160 Hash160Of(base::ByteSpan in)
{
    return Ripemd160(Sha256Of(in).Span());
}

std::array<uint8_t, 20> Sha1(base::ByteSpan in)
{
    return Digest<20>(Sha1Digest(), in);
}

Digest64 Sha512(base::ByteSpan in)
{
    return Digest<64>(Sha512Digest(), in);
}

std::array<uint8_t, 32> Sha3_256(base::ByteSpan in)
{
    return Digest<32>(Sha3Digest(), in);
}

base::Hash256 HmacSha256(base::ByteSpan key, base::ByteSpan in)
{
    const HmacStart start(key);
    Sha256 begun = start.inner;
    return start.Finish(begun.Write(in));
}

std::array<uint8_t, 48> HmacSha384(base::ByteSpan key, base::ByteSpan in)
{
    return Hmac<48>(EVP_sha384(), key, in);
}

Digest64 HmacSha512(base::ByteSpan key, base::ByteSpan in)
{
    return Hmac<64>(Sha512Digest(), key, in);
}

std::array<uint8_t, 20> HmacSha1(base::ByteSpan key, base::ByteSpan in)
{
    return Hmac<20>(Sha1Digest(), key, in);
}

void Pbkdf2Sha256(base::ByteSpan password, base::ByteSpan salt, uint32_t rounds, std::span<uint8_t> out)
{
    Pbkdf2(EVP_sha256(), password, salt, rounds, out);
}

void Pbkdf2Sha512(base::ByteSpan password, base::ByteSpan salt, uint32_t rounds, std::span<uint8_t> out)
{
    Pbkdf2(EVP_sha512(), password, salt, rounds, out);
}

bool Scrypt(base::ByteSpan password, base::ByteSpan salt, const ScryptCost& cost, std::span<uint8_t> out)
{
    if (cost.log2_n < 1 || cost.log2_n > 24 || cost.r < 1 || cost.r > 64 || cost.p < 1 || cost.p > 1024)
        return false;
    const uint64_t n = uint64_t{1} << cost.log2_n;
    const uint64_t memory = 128 * uint64_t{cost.r} * (n + cost.p + 2); // RFC 7914: V, B, and two blocks
    return EVP_PBE_scrypt(reinterpret_cast<const char*>(password.data()), password.size(), salt.data(),
                          salt.size(), n, cost.r, cost.p, memory + 4096, out.data(), out.size()) == 1;
}

void HkdfSha256(base::ByteSpan secret, base::ByteSpan salt, base::ByteSpan info, std::span<uint8_t> out)
{
    EMC_CHECK(out.size() <= 255 * base::Hash256::SIZE);
    const base::Hash256 extracted = HmacSha256(salt, secret);
    const HmacStart start(extracted.Span());
    base::Hash256 last;
    for (uint8_t number = 1; !out.empty(); ++number) {
        Sha256 begun = start.inner;
        if (number > 1) begun.Write(last.Span());
        last = start.Finish(begun.Write(info).Write({&number, 1}));
        const size_t part = std::min(out.size(), base::Hash256::SIZE);
        std::copy(last.begin(), last.begin() + static_cast<ptrdiff_t>(part), out.begin());
        out = out.subspan(part);
    }
}

} // namespace emc::crypto
