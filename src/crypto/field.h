/// Arithmetic modulo secp256k1's field prime p = 2^256 − 2^32 − 977, for ElligatorSwift alone. Not constant
/// time: everything computed with it is on the wire anyway.
#pragma once

#include "base/bytes.h"

namespace emc::crypto {

/// A number below p. Value type.
class Fe
{
public:
    constexpr Fe() = default;

    constexpr explicit Fe(uint64_t small) : m_limbs{small, 0, 0, 0} {}

    /// 32 bytes, highest first, modulo p.
    [[nodiscard]] static Fe FromBytes(std::span<const uint8_t, 32> in);
    [[nodiscard]] std::array<uint8_t, 32> ToBytes() const;

    [[nodiscard]] bool IsZero() const { return *this == Fe(); }

    /// 1/x; zero for zero.
    [[nodiscard]] Fe Inverse() const;
    /// The root that is itself a square; nullopt when there is none.
    [[nodiscard]] std::optional<Fe> Sqrt() const;

    friend Fe operator+(const Fe& a, const Fe& b);
    friend Fe operator-(const Fe& a, const Fe& b);
    friend Fe operator*(const Fe& a, const Fe& b);

    Fe operator-() const { return Fe() - *this; }

    bool operator==(const Fe&) const = default;

private:
    using Limbs = std::array<uint64_t, 4>; ///< least significant first

    [[nodiscard]] Fe Power(const Limbs& exponent) const;

    Limbs m_limbs{};
};

} // namespace emc::crypto
