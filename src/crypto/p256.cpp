#include "crypto/p256.h"

#include "base/check.h"
#include "crypto/random.h"
#include "crypto/sha256.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

namespace emc::crypto {

namespace {

constexpr size_t NUMBER_BYTES = 32;
constexpr size_t POINT_BYTES = 65; // 04, x, y
constexpr size_t MAX_DER_BYTES = 72;

template <auto FREE>
struct Freed {
    template <typename T>
    void operator()(T* object) const
    {
        FREE(object);
    }
};

using Number = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using Group = std::unique_ptr<EC_GROUP, Freed<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Freed<EC_POINT_free>>;
using Pkey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using Ecdsa = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;

using EncodedPoint = std::array<uint8_t, POINT_BYTES>;

/// secret · G; nullopt when the number is out of range.
std::optional<EncodedPoint> PointOf(const BIGNUM& secret)
{
    const Group group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    EMC_CHECK(group != nullptr);
    if (BN_is_zero(&secret) == 1 || BN_cmp(&secret, EC_GROUP_get0_order(group.get())) >= 0)
        return std::nullopt;
    const Point point(EC_POINT_new(group.get()));
    EncodedPoint out{};
    EMC_CHECK(point != nullptr &&
              EC_POINT_mul(group.get(), point.get(), &secret, nullptr, nullptr, nullptr) == 1 &&
              EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, out.data(),
                                 out.size(), nullptr) == POINT_BYTES);
    return out;
}

/// A key for OpenSSL; null when the point is not on the curve. `secret` may be null.
Pkey MakeKey(const EncodedPoint& point, const BIGNUM* secret)
{
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    EMC_CHECK(builder != nullptr &&
              OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) ==
                  1 &&
              OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                               point.size()) == 1);
    if (secret != nullptr)
        EMC_CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret) == 1);
    const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
    const Context context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EMC_CHECK(params != nullptr && context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1);
    EVP_PKEY* key = nullptr;
    const int selection = secret != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    if (EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) != 1) return nullptr;
    return Pkey(key);
}

} // namespace

struct P256Key::Parts {
    std::array<uint8_t, NUMBER_BYTES> secret{};
    P256Public open{};
    Pkey key;

    Parts() = default;
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    ~Parts() { Wipe(secret); }
};

P256Key::P256Key(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}

P256Key::~P256Key() = default;
P256Key::P256Key(P256Key&&) noexcept = default;
P256Key& P256Key::operator=(P256Key&&) noexcept = default;

std::optional<P256Key> P256Key::From(base::ByteSpan secret)
{
    if (secret.size() != NUMBER_BYTES) return std::nullopt;
    const Number number(BN_bin2bn(secret.data(), NUMBER_BYTES, nullptr));
    EMC_CHECK(number != nullptr);
    const auto point = PointOf(*number);
    if (!point) return std::nullopt;
    auto parts = std::make_unique<Parts>();
    std::copy(secret.begin(), secret.end(), parts->secret.begin());
    std::copy(point->begin() + 1, point->end(), parts->open.begin());
    parts->key = MakeKey(*point, number.get());
    EMC_CHECK(parts->key != nullptr);
    return P256Key(std::move(parts));
}

P256Key P256Key::Generate(base::RandomSource& random)
{
    std::array<uint8_t, NUMBER_BYTES> secret{};
    for (;;) {
        random.Fill(secret);
        auto key = From(secret);
        Wipe(secret);
        if (key) return std::move(*key);
    }
}

const P256Public& P256Key::Public() const
{
    return m_parts->open;
}

base::ByteSpan P256Key::Secret() const
{
    return m_parts->secret;
}

P256Signature P256Key::Sign(base::ByteSpan message) const
{
    const base::Hash256 digest = Sha256Of(message);
    const Context context(EVP_PKEY_CTX_new(m_parts->key.get(), nullptr));
    std::array<uint8_t, MAX_DER_BYTES> der{};
    size_t size = der.size();
    EMC_CHECK(context != nullptr && EVP_PKEY_sign_init(context.get()) == 1 &&
              EVP_PKEY_sign(context.get(), der.data(), &size, digest.data(), digest.size()) == 1);
    const uint8_t* at = der.data();
    const Ecdsa pair(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
    P256Signature out{};
    EMC_CHECK(pair != nullptr &&
              BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out.data(), NUMBER_BYTES) == NUMBER_BYTES &&
              BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out.data() + NUMBER_BYTES, NUMBER_BYTES) ==
                  NUMBER_BYTES);
    return out;
}

bool VerifyP256(const P256Public& key, base::ByteSpan message, const P256Signature& signature)
{
    EncodedPoint point{};
    point[0] = POINT_CONVERSION_UNCOMPRESSED;
    std::copy(key.begin(), key.end(), point.begin() + 1);
    const Pkey open = MakeKey(point, nullptr);
    if (open == nullptr) return false;
    const Ecdsa pair(ECDSA_SIG_new());
    Number r(BN_bin2bn(signature.data(), NUMBER_BYTES, nullptr));
    Number s(BN_bin2bn(signature.data() + NUMBER_BYTES, NUMBER_BYTES, nullptr));
    EMC_CHECK(pair != nullptr && ECDSA_SIG_set0(pair.get(), r.release(), s.release()) == 1);
    std::array<uint8_t, MAX_DER_BYTES> der{};
    uint8_t* at = der.data();
    const int size = i2d_ECDSA_SIG(pair.get(), &at);
    const base::Hash256 digest = Sha256Of(message);
    const Context context(EVP_PKEY_CTX_new(open.get(), nullptr));
    return size > 0 && context != nullptr && EVP_PKEY_verify_init(context.get()) == 1 &&
           EVP_PKEY_verify(context.get(), der.data(), static_cast<size_t>(size), digest.data(),
                           digest.size()) == 1;
}

} // namespace emc::crypto
