#include "crypto/keys.h"

#include "base/check.h"
#include "crypto/der.h"
#include "crypto/hash.h"

#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_recovery.h>
#include <secp256k1_schnorrsig.h>

#include <algorithm>

namespace emc::crypto {

namespace {

constexpr size_t COMPRESSED_SIZE = 33;
constexpr size_t UNCOMPRESSED_SIZE = 65;

/// Half the order of the group, rounded down (BIP62 rule 5).
constexpr std::array<uint8_t, 32> HALF_ORDER = {
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0};

enum class Form { Compressed, Uncompressed };

std::optional<secp256k1_pubkey> ParseKey(base::ByteSpan in)
{
    secp256k1_pubkey point{};
    if (secp256k1_ec_pubkey_parse(secp256k1_context_static, &point, in.data(), in.size()) != 1)
        return std::nullopt;
    return point;
}

PublicKey Serialize(const secp256k1_pubkey& point, Form form)
{
    std::array<uint8_t, UNCOMPRESSED_SIZE> bytes{};
    size_t size = bytes.size();
    const unsigned flags = form == Form::Compressed ? SECP256K1_EC_COMPRESSED : SECP256K1_EC_UNCOMPRESSED;
    secp256k1_ec_pubkey_serialize(secp256k1_context_static, bytes.data(), &size, &point, flags);
    return *PublicKey::From(base::ByteSpan(bytes).first(size));
}

std::optional<PublicKey> Convert(base::ByteSpan in, Form form)
{
    const auto point = ParseKey(in);
    if (!point) return std::nullopt;
    return Serialize(*point, form);
}

/// Parses leniently; numbers beyond the order become zero, which never verifies.
std::optional<secp256k1_ecdsa_signature> ParseSignature(base::ByteSpan der)
{
    auto compact = ParseDerLax(der);
    if (!compact) return std::nullopt;
    secp256k1_ecdsa_signature out{};
    if (secp256k1_ecdsa_signature_parse_compact(secp256k1_context_static, &out, compact->data()) != 1) {
        compact->fill(0);
        EMC_CHECK(secp256k1_ecdsa_signature_parse_compact(secp256k1_context_static, &out, compact->data()) ==
                  1);
    }
    return out;
}

std::optional<secp256k1_xonly_pubkey> ParseXOnly(const XOnlyKey& key)
{
    secp256k1_xonly_pubkey point{};
    if (secp256k1_xonly_pubkey_parse(secp256k1_context_static, &point, key.data()) != 1) return std::nullopt;
    return point;
}

XOnlyResult SerializeXOnly(const secp256k1_pubkey& point)
{
    XOnlyResult out;
    secp256k1_xonly_pubkey even{};
    int parity = 0;
    EMC_CHECK(secp256k1_xonly_pubkey_from_pubkey(secp256k1_context_static, &even, &parity, &point) == 1);
    secp256k1_xonly_pubkey_serialize(secp256k1_context_static, out.key.data(), &even);
    out.odd = parity == 1;
    return out;
}

} // namespace

std::optional<PublicKey> PublicKey::From(base::ByteSpan in)
{
    const uint8_t first = in.empty() ? 0 : in.front();
    const bool compressed = in.size() == COMPRESSED_SIZE && (first == 2 || first == 3);
    const bool whole = in.size() == UNCOMPRESSED_SIZE && (first == 4 || first == 6 || first == 7);
    if (!compressed && !whole) return std::nullopt;
    PublicKey out;
    std::copy(in.begin(), in.end(), out.m_bytes.begin());
    out.m_size = static_cast<uint8_t>(in.size());
    return out;
}

bool PublicKey::IsOnCurve() const
{
    return ParseKey(Span()).has_value();
}

base::Hash160 PublicKey::Id() const
{
    return Hash160Of(Span());
}

std::optional<PublicKey> PublicKey::Compressed() const
{
    return Convert(Span(), Form::Compressed);
}

std::optional<PublicKey> PublicKey::Uncompressed() const
{
    return Convert(Span(), Form::Uncompressed);
}

std::optional<PublicKey> PublicKey::AddTweak(const base::Hash256& tweak) const
{
    auto point = ParseKey(Span());
    if (!point) return std::nullopt;
    if (secp256k1_ec_pubkey_tweak_add(secp256k1_context_static, &*point, tweak.data()) != 1)
        return std::nullopt;
    return Serialize(*point, Form::Compressed);
}

bool PublicKey::operator==(const PublicKey& other) const
{
    return m_size == other.m_size && m_bytes == other.m_bytes;
}

bool PublicKey::operator<(const PublicKey& other) const
{
    return m_size != other.m_size ? m_size < other.m_size : m_bytes < other.m_bytes;
}

bool VerifyEcdsa(const PublicKey& key, const base::Hash256& hash, base::ByteSpan der)
{
    const auto point = ParseKey(key.Span());
    if (!point) return false;
    auto signature = ParseSignature(der);
    if (!signature) return false;
    // The library verifies the low form only; the high form of the same signature was always valid.
    secp256k1_ecdsa_signature_normalize(secp256k1_context_static, &*signature, &*signature);
    return secp256k1_ecdsa_verify(secp256k1_context_static, &*signature, hash.data(), &*point) == 1;
}

bool IsLowS(base::ByteSpan der)
{
    const auto signature = ParseSignature(der);
    if (!signature) return false;
    return secp256k1_ecdsa_signature_normalize(secp256k1_context_static, nullptr, &*signature) == 0;
}

bool VerifySchnorr(const XOnlyKey& key, base::ByteSpan message, base::ByteSpan signature64)
{
    if (signature64.size() != std::tuple_size_v<Signature64>) return false;
    const auto point = ParseXOnly(key);
    if (!point) return false;
    // The library wants an address even for no bytes.
    const uint8_t none = 0;
    const uint8_t* data = message.empty() ? &none : message.data();
    return secp256k1_schnorrsig_verify(secp256k1_context_static, signature64.data(), data, message.size(),
                                       &*point) == 1;
}

std::optional<PublicKey> RecoverCompact(const base::Hash256& hash, base::ByteSpan signature65)
{
    constexpr uint8_t FIRST_HEADER = 27;
    constexpr uint8_t LAST_HEADER = 34;
    if (signature65.size() != std::tuple_size_v<CompactSignature>) return std::nullopt;
    const uint8_t header = signature65.front();
    if (header < FIRST_HEADER || header > LAST_HEADER) return std::nullopt;
    const int choice = header - FIRST_HEADER;
    secp256k1_ecdsa_recoverable_signature signature{};
    if (secp256k1_ecdsa_recoverable_signature_parse_compact(secp256k1_context_static, &signature,
                                                            signature65.data() + 1, choice & 3) != 1) {
        return std::nullopt;
    }
    secp256k1_pubkey point{};
    if (secp256k1_ecdsa_recover(secp256k1_context_static, &point, &signature, hash.data()) != 1)
        return std::nullopt;
    return Serialize(point, (choice & 4) != 0 ? Form::Compressed : Form::Uncompressed);
}

bool IsCompactLowS(base::ByteSpan signature65)
{
    if (signature65.size() != std::tuple_size_v<CompactSignature>) return false;
    const base::ByteSpan s = signature65.subspan(33);
    return !std::lexicographical_compare(HALF_ORDER.begin(), HALF_ORDER.end(), s.begin(), s.end());
}

std::optional<XOnlyResult> ToXOnly(const PublicKey& key)
{
    const auto point = ParseKey(key.Span());
    if (!point) return std::nullopt;
    return SerializeXOnly(*point);
}

bool IsOnCurve(const XOnlyKey& key)
{
    return ParseXOnly(key).has_value();
}

std::optional<XOnlyResult> TweakXOnly(const XOnlyKey& internal, const base::Hash256& tweak)
{
    const auto point = ParseXOnly(internal);
    if (!point) return std::nullopt;
    secp256k1_pubkey output{};
    if (secp256k1_xonly_pubkey_tweak_add(secp256k1_context_static, &output, &*point, tweak.data()) != 1) {
        return std::nullopt;
    }
    return SerializeXOnly(output);
}

bool CheckTweak(const XOnlyKey& output, bool odd, const XOnlyKey& internal, const base::Hash256& tweak)
{
    const auto point = ParseXOnly(internal);
    if (!point) return false;
    return secp256k1_xonly_pubkey_tweak_add_check(secp256k1_context_static, output.data(), odd ? 1 : 0,
                                                  &*point, tweak.data()) == 1;
}

} // namespace emc::crypto
