#include "crypto/field.h"

namespace emc::crypto {
namespace {

__extension__ using Wide = unsigned __int128;

using Limbs = std::array<uint64_t, 4>;

/// 2^256 mod p.
constexpr uint64_t FOLD = 0x1'0000'03d1;
constexpr uint64_t ALL = UINT64_MAX;
constexpr Limbs PRIME = {0xffff'fffe'ffff'fc2f, ALL, ALL, ALL};
/// p − 2, whose power is the inverse.
constexpr Limbs INVERSE_EXPONENT = {0xffff'fffe'ffff'fc2d, ALL, ALL, ALL};
/// (p + 1) ÷ 4, whose power is a root since p mod 4 = 3.
constexpr Limbs ROOT_EXPONENT = {0xffff'ffff'bfff'ff0c, ALL, ALL, 0x3fff'ffff'ffff'ffff};

/// a + b; the carry out.
uint64_t AddTo(Limbs& a, const Limbs& b)
{
    Wide carry = 0;
    for (size_t i = 0; i < 4; ++i) {
        carry += static_cast<Wide>(a[i]) + b[i];
        a[i] = static_cast<uint64_t>(carry);
        carry >>= 64;
    }
    return static_cast<uint64_t>(carry);
}

/// a − b; the borrow out.
uint64_t SubtractFrom(Limbs& a, const Limbs& b)
{
    uint64_t borrow = 0;
    for (size_t i = 0; i < 4; ++i) {
        const Wide difference = static_cast<Wide>(a[i]) - b[i] - borrow;
        a[i] = static_cast<uint64_t>(difference);
        borrow = static_cast<uint64_t>(difference >> 64) & 1;
    }
    return borrow;
}

/// Subtracts p once when the number is not below it.
void Reduce(Limbs& a)
{
    Limbs less = a;
    if (SubtractFrom(less, PRIME) == 0) a = less;
}

/// Adds high × 2^256, folded.
void AddFolded(Limbs& a, uint64_t high)
{
    while (high != 0) {
        const Wide folded = static_cast<Wide>(high) * FOLD;
        high = AddTo(a, {static_cast<uint64_t>(folded), static_cast<uint64_t>(folded >> 64), 0, 0});
    }
}

std::array<uint64_t, 8> Product(const Limbs& a, const Limbs& b)
{
    std::array<uint64_t, 8> out{};
    for (size_t i = 0; i < 4; ++i) {
        Wide carry = 0;
        for (size_t j = 0; j < 4; ++j) {
            carry += static_cast<Wide>(a[i]) * b[j] + out[i + j];
            out[i + j] = static_cast<uint64_t>(carry);
            carry >>= 64;
        }
        out[i + 4] = static_cast<uint64_t>(carry);
    }
    return out;
}

} // namespace

Fe Fe::FromBytes(std::span<const uint8_t, 32> in)
{
    Fe out;
    for (size_t i = 0; i < in.size(); ++i) {
        uint64_t& limb = out.m_limbs[3 - i / 8];
        limb = limb << 8 | in[i];
    }
    Reduce(out.m_limbs);
    return out;
}

std::array<uint8_t, 32> Fe::ToBytes() const
{
    std::array<uint8_t, 32> out{};
    for (size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<uint8_t>(m_limbs[3 - i / 8] >> (56 - 8 * (i % 8)));
    return out;
}

Fe operator+(const Fe& a, const Fe& b)
{
    Fe out = a;
    AddFolded(out.m_limbs, AddTo(out.m_limbs, b.m_limbs));
    Reduce(out.m_limbs);
    return out;
}

Fe operator-(const Fe& a, const Fe& b)
{
    Fe out = a;
    if (SubtractFrom(out.m_limbs, b.m_limbs) != 0) AddTo(out.m_limbs, PRIME);
    return out;
}

Fe operator*(const Fe& a, const Fe& b)
{
    const auto product = Product(a.m_limbs, b.m_limbs);
    Fe out;
    Wide carry = 0;
    for (size_t i = 0; i < 4; ++i) { // low half + high half × (2^256 mod p)
        carry += static_cast<Wide>(product[i + 4]) * FOLD + product[i];
        out.m_limbs[i] = static_cast<uint64_t>(carry);
        carry >>= 64;
    }
    AddFolded(out.m_limbs, static_cast<uint64_t>(carry));
    Reduce(out.m_limbs);
    return out;
}

Fe Fe::Power(const Limbs& exponent) const
{
    Fe out(1);
    for (unsigned bit = 256; bit-- > 0;) {
        out = out * out;
        if ((exponent[bit / 64] >> (bit % 64) & 1) != 0) out = out * *this;
    }
    return out;
}

Fe Fe::Inverse() const
{
    return Power(INVERSE_EXPONENT);
}

std::optional<Fe> Fe::Sqrt() const
{
    const Fe root = Power(ROOT_EXPONENT);
    if (root * root != *this) return std::nullopt;
    return root;
}

} // namespace emc::crypto
