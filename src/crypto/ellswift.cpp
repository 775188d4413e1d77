#include "crypto/ellswift.h"

#include "base/check.h"
#include "crypto/field.h"
#include "crypto/random.h"
#include "crypto/sha256.h"

#include <secp256k1.h>
#include <secp256k1_ecdh.h>

#include <algorithm>

namespace emc::crypto {
namespace {

constexpr size_t HALF = 32;
constexpr unsigned VARIANTS = 8;

const Fe SEVEN(7);

/// √−3, the root that is a square.
const Fe& SqrtMinus3()
{
    static const Fe ROOT = *(-Fe(3)).Sqrt();
    return ROOT;
}

Fe Half(const Fe& a)
{
    static const Fe HALF_OF_ONE = Fe(2).Inverse();
    return a * HALF_OF_ONE;
}

/// x³ + 7, the square of y when x is on the curve.
Fe CurveValue(const Fe& x)
{
    return x * x * x + SEVEN;
}

bool IsX(const Fe& x)
{
    return CurveValue(x).Sqrt().has_value();
}

/// BIP 324, function XSwiftEC.
Fe Decode(Fe u, Fe t)
{
    if (u.IsZero()) u = Fe(1);
    if (t.IsZero()) t = Fe(1);
    const Fe g = CurveValue(u);
    if ((g + t * t).IsZero()) t = t + t;
    const Fe big_x = (g - t * t) * (t + t).Inverse();
    const Fe big_y = (big_x + t) * (SqrtMinus3() * u).Inverse();
    const Fe third = u + Fe(4) * big_y * big_y;
    if (IsX(third)) return third;
    const Fe quotient = big_x * big_y.Inverse();
    const Fe second = Half(-quotient - u);
    if (IsX(second)) return second;
    return Half(quotient - u);
}

/// The numbers s and v of BIP 324's XSwiftECInv for one way.
struct Step {
    Fe s;
    Fe v;
};

std::optional<Step> FirstStep(const Fe& u, const Fe& x, unsigned variant)
{
    const Fe g = CurveValue(u);
    if ((variant & 2) == 0) {
        const Fe other = -x - u;
        if (IsX(other)) return std::nullopt;
        return Step{.s = -g * (u * u + u * x + x * x).Inverse(), .v = x};
    }
    const Fe s = x - u;
    if (s.IsZero()) return std::nullopt;
    const auto r = (-s * (Fe(4) * g + Fe(3) * s * u * u)).Sqrt();
    if (!r || ((variant & 1) != 0 && r->IsZero())) return std::nullopt;
    return Step{.s = s, .v = Half(*r * s.Inverse() - u)};
}

/// BIP 324, function XSwiftECInv.
std::optional<Fe> Invert(const Fe& u, const Fe& x, unsigned variant)
{
    const auto step = FirstStep(u, x, variant);
    if (!step) return std::nullopt;
    const auto w = step->s.Sqrt();
    if (!w) return std::nullopt;
    const bool plus = (variant & 1) != 0;
    const Fe factor = plus ? Fe(1) + SqrtMinus3() : Fe(1) - SqrtMinus3();
    const Fe t = *w * (Half(u * factor) + step->v);
    const bool positive = plus != ((variant & 4) != 0);
    return positive ? t : -t;
}

Fe HalfOf(const EllSwiftKey& key, size_t index)
{
    return Fe::FromBytes(std::span<const uint8_t, HALF>(key.data() + HALF * index, HALF));
}

int CopyX(unsigned char* out, const unsigned char* x, const unsigned char* /*y*/, void* /*data*/)
{
    std::copy_n(x, HALF, out);
    return 1;
}

} // namespace

XOnlyKey EllSwiftDecode(const EllSwiftKey& key)
{
    XOnlyKey out;
    out.bytes = Decode(HalfOf(key, 0), HalfOf(key, 1)).ToBytes();
    return out;
}

std::optional<FieldBytes> EllSwiftInverse(const FieldBytes& u, const XOnlyKey& x, unsigned variant)
{
    const auto t = Invert(Fe::FromBytes(u), Fe::FromBytes(x.bytes), variant);
    if (!t) return std::nullopt;
    return t->ToBytes();
}

EllSwiftKey EllSwiftEncode(const PrivateKey& key, base::RandomSource& random)
{
    const auto x = ToXOnly(key.Public());
    EMC_CHECK(x.has_value());
    for (;;) { // one try in four leads
        EllSwiftKey out{};
        const std::span<uint8_t, HALF> u(out.data(), HALF);
        random.Fill(u);
        if (Fe::FromBytes(u).IsZero()) continue;
        const auto t = Invert(Fe::FromBytes(u), Fe::FromBytes(x->key.bytes),
                              static_cast<unsigned>(random.Below(VARIANTS)));
        if (!t || t->IsZero()) continue;
        const auto t_bytes = t->ToBytes();
        std::copy(t_bytes.begin(), t_bytes.end(), out.begin() + HALF);
        return out;
    }
}

std::optional<XOnlyKey> EcdhX(const PrivateKey& own, const XOnlyKey& other)
{
    EMC_CHECK(own.IsValid());
    std::array<uint8_t, 1 + HALF> compressed{0x02};
    std::copy(other.begin(), other.end(), compressed.begin() + 1);
    secp256k1_pubkey point{};
    if (secp256k1_ec_pubkey_parse(secp256k1_context_static, &point, compressed.data(), compressed.size()) !=
        1)
        return std::nullopt;
    XOnlyKey out;
    EMC_CHECK(
        secp256k1_ecdh(secp256k1_context_static, out.data(), &point, own.Span().data(), CopyX, nullptr) == 1);
    return out;
}

base::Hash256 EllSwiftSecret(const PrivateKey& own, const EllSwiftKey& own_key, const EllSwiftKey& other_key,
                             EllSwiftSide side)
{
    auto shared = EcdhX(own, EllSwiftDecode(other_key));
    EMC_CHECK(shared.has_value()); // every string decodes to a point
    const bool initiator = side == EllSwiftSide::Initiator;
    Sha256 hasher = TaggedHasher("bip324_ellswift_xonly_ecdh");
    hasher.Write(initiator ? own_key : other_key).Write(initiator ? other_key : own_key);
    hasher.Write(shared->Span());
    Wipe(shared->bytes);
    return hasher.Finish();
}

} // namespace emc::crypto
