#include "base/check.h"
#include "crypto/keys.h"
#include "crypto/random.h"
#include "crypto/secp_context.h"

#include <secp256k1.h>
#include <secp256k1_ecdh.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_recovery.h>
#include <secp256k1_schnorrsig.h>

#include <algorithm>
#include <memory>

namespace emc::crypto {

namespace {

struct DestroyContext {
    void operator()(secp256k1_context* context) const { secp256k1_context_destroy(context); }
};

using ContextPtr = std::unique_ptr<secp256k1_context, DestroyContext>;

ContextPtr MakeSigningContext()
{
    ContextPtr context(secp256k1_context_create(SECP256K1_CONTEXT_NONE));
    EMC_CHECK(context != nullptr);
    std::array<uint8_t, 32> seed{};
    SystemRandom().Fill(seed);
    EMC_CHECK(secp256k1_context_randomize(context.get(), seed.data()) == 1);
    Wipe(seed);
    return context;
}

secp256k1_pubkey PointOf(base::ByteSpan secret)
{
    secp256k1_pubkey point{};
    EMC_CHECK(secp256k1_ec_pubkey_create(SigningContext(), &point, secret.data()) == 1);
    return point;
}

/// A key pair whose memory is wiped when it dies.
struct KeyPair {
    secp256k1_keypair pair{};

    explicit KeyPair(base::ByteSpan secret)
    {
        EMC_CHECK(secp256k1_keypair_create(SigningContext(), &pair, secret.data()) == 1);
    }

    ~KeyPair() { Wipe(pair.data); }

    KeyPair(const KeyPair&) = delete;
    KeyPair& operator=(const KeyPair&) = delete;
};

/// True when r needs no 33rd byte in DER.
bool HasLowR(const secp256k1_ecdsa_signature& signature)
{
    std::array<uint8_t, 64> compact{};
    secp256k1_ecdsa_signature_serialize_compact(secp256k1_context_static, compact.data(), &signature);
    return compact[0] < 0x80;
}

} // namespace

const secp256k1_context* SigningContext()
{
    static const ContextPtr context = MakeSigningContext();
    return context.get();
}

PrivateKey::~PrivateKey()
{
    Wipe(m_bytes);
}

std::optional<PrivateKey> PrivateKey::From(base::ByteSpan in, bool compressed)
{
    if (in.size() != std::tuple_size_v<decltype(m_bytes)>) return std::nullopt;
    if (secp256k1_ec_seckey_verify(secp256k1_context_static, in.data()) != 1) return std::nullopt;
    PrivateKey out;
    std::copy(in.begin(), in.end(), out.m_bytes.begin());
    out.m_valid = true;
    out.m_compressed = compressed;
    return out;
}

PrivateKey PrivateKey::Generate(base::RandomSource& random, bool compressed)
{
    std::array<uint8_t, 32> secret{};
    std::optional<PrivateKey> out;
    while (!out) {
        random.Fill(secret);
        out = From(secret, compressed);
    }
    Wipe(secret);
    return *out;
}

PublicKey PrivateKey::Public() const
{
    EMC_CHECK(m_valid);
    const secp256k1_pubkey point = PointOf(m_bytes);
    std::array<uint8_t, 65> bytes{};
    size_t size = bytes.size();
    secp256k1_ec_pubkey_serialize(secp256k1_context_static, bytes.data(), &size, &point,
                                  m_compressed ? SECP256K1_EC_COMPRESSED : SECP256K1_EC_UNCOMPRESSED);
    return *PublicKey::From(base::ByteSpan(bytes).first(size));
}

base::Bytes PrivateKey::SignEcdsa(const base::Hash256& hash, bool low_r) const
{
    EMC_CHECK(m_valid);
    secp256k1_ecdsa_signature signature{};
    // RFC 6979 section 3.6: a counter as additional data gives another nonce, and still the same one each
    // time.
    std::array<uint8_t, 32> extra{};
    for (uint32_t attempt = 0;; ++attempt) {
        for (size_t i = 0; i < 4; ++i)
            extra[i] = static_cast<uint8_t>(attempt >> (8 * i));
        const uint8_t* extra_data = attempt == 0 ? nullptr : extra.data();
        EMC_CHECK(secp256k1_ecdsa_sign(SigningContext(), &signature, hash.data(), m_bytes.data(),
                                       secp256k1_nonce_function_rfc6979, extra_data) == 1);
        if (!low_r || HasLowR(signature)) break;
    }
    // A signature that does not verify was made by a broken machine and might give the key away.
    const secp256k1_pubkey point = PointOf(m_bytes);
    EMC_CHECK(secp256k1_ecdsa_verify(secp256k1_context_static, &signature, hash.data(), &point) == 1);
    base::Bytes der(72);
    size_t size = der.size();
    EMC_CHECK(secp256k1_ecdsa_signature_serialize_der(secp256k1_context_static, der.data(), &size,
                                                      &signature) == 1);
    der.resize(size);
    return der;
}

CompactSignature PrivateKey::SignCompact(const base::Hash256& hash) const
{
    EMC_CHECK(m_valid);
    secp256k1_ecdsa_recoverable_signature signature{};
    EMC_CHECK(secp256k1_ecdsa_sign_recoverable(SigningContext(), &signature, hash.data(), m_bytes.data(),
                                               secp256k1_nonce_function_rfc6979, nullptr) == 1);
    CompactSignature out{};
    int choice = 0;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(secp256k1_context_static, out.data() + 1, &choice,
                                                            &signature);
    out[0] = static_cast<uint8_t>(27 + choice + (m_compressed ? 4 : 0));
    EMC_CHECK(RecoverCompact(hash, out) == Public());
    return out;
}

Signature64 PrivateKey::SignSchnorr(const base::Hash256& message, const base::Hash256& aux,
                                    const base::Hash256* tweak) const
{
    EMC_CHECK(m_valid);
    Signature64 out{};
    KeyPair key(m_bytes);
    if (tweak != nullptr &&
        secp256k1_keypair_xonly_tweak_add(SigningContext(), &key.pair, tweak->data()) != 1) {
        return out;
    }
    EMC_CHECK(secp256k1_schnorrsig_sign32(SigningContext(), out.data(), message.data(), &key.pair,
                                          aux.data()) == 1);
    secp256k1_xonly_pubkey point{};
    EMC_CHECK(secp256k1_keypair_xonly_pub(secp256k1_context_static, &point, nullptr, &key.pair) == 1);
    EMC_CHECK(secp256k1_schnorrsig_verify(secp256k1_context_static, out.data(), message.data(),
                                          message.size(), &point) == 1);
    return out;
}

std::optional<PrivateKey> PrivateKey::AddTweak(const base::Hash256& tweak) const
{
    EMC_CHECK(m_valid);
    PrivateKey out = *this;
    if (secp256k1_ec_seckey_tweak_add(secp256k1_context_static, out.m_bytes.data(), tweak.data()) != 1) {
        return std::nullopt;
    }
    return out;
}

std::optional<base::Hash256> PrivateKey::Ecdh(const PublicKey& other) const
{
    EMC_CHECK(m_valid);
    secp256k1_pubkey point{};
    if (secp256k1_ec_pubkey_parse(secp256k1_context_static, &point, other.Span().data(),
                                  other.Span().size()) != 1) {
        return std::nullopt;
    }
    base::Hash256 out;
    // A point times a number in 1 … n − 1 is always a point.
    EMC_CHECK(secp256k1_ecdh(secp256k1_context_static, out.data(), &point, m_bytes.data(),
                             secp256k1_ecdh_hash_function_sha256, nullptr) == 1);
    return out;
}

bool KeysSelfTest()
{
    // Stops the program by itself when the library was built for another byte order or the like.
    secp256k1_selftest();
    std::array<uint8_t, 32> secret{};
    secret.fill(0x5a);
    const auto key = PrivateKey::From(secret);
    base::Hash256 hash;
    hash.bytes.fill(0xa5);
    const PublicKey point = key->Public();
    if (!VerifyEcdsa(point, hash, key->SignEcdsa(hash))) return false;
    const auto x_only = ToXOnly(point);
    if (!x_only || !VerifySchnorr(x_only->key, hash.Span(), key->SignSchnorr(hash, hash))) return false;
    base::Hash256 other = hash;
    other.bytes[0] ^= 1;
    return !VerifyEcdsa(point, other, key->SignEcdsa(hash)) &&
           RecoverCompact(hash, key->SignCompact(hash)) == point;
}

} // namespace emc::crypto
