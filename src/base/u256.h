/// 256-bit unsigned numbers: proof-of-work targets, work sums, fork-choice state.
#pragma once

#include "base/bytes.h"

namespace emc::base {

/// Wraps modulo 2^256 unless a function says otherwise. Value type, any thread.
struct U256 {
    std::array<uint64_t, 4> limbs{}; ///< least significant first

    constexpr U256() = default;

    constexpr explicit U256(uint64_t low) : limbs{low, 0, 0, 0} {}

    bool operator==(const U256&) const = default;
    std::strong_ordering operator<=>(const U256& other) const;

    [[nodiscard]] bool IsZero() const { return (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0; }

    /// Position of the highest set bit plus one; 0 for zero.
    [[nodiscard]] int Bits() const;
    [[nodiscard]] static U256 Max();
    /// The 32 bytes of a hash read as a little-endian number.
    [[nodiscard]] static U256 FromHash(const Hash256& hash);
    [[nodiscard]] Hash256 ToHash() const;
    /// 64 hex digits, most significant first.
    [[nodiscard]] std::string ToHex() const;
    /// 1 to 64 hex digits; nullopt otherwise.
    [[nodiscard]] static std::optional<U256> FromHexText(std::string_view text);
    [[nodiscard]] double ToDouble() const;
};

[[nodiscard]] U256 operator+(const U256& a, const U256& b);
[[nodiscard]] U256 operator-(const U256& a, const U256& b);
[[nodiscard]] U256 operator~(const U256& a);
[[nodiscard]] U256 operator<<(const U256& a, unsigned bits);
[[nodiscard]] U256 operator>>(const U256& a, unsigned bits);
[[nodiscard]] U256 operator*(const U256& a, uint64_t b);
/// Floor division; b > 0 (checked).
[[nodiscard]] U256 operator/(const U256& a, const U256& b);
[[nodiscard]] U256 operator/(const U256& a, uint64_t b);
/// floor(a × b ÷ c) with a 512-bit product; c > 0 (checked); saturates at 2^256 − 1.
[[nodiscard]] U256 MulDiv(const U256& a, const U256& b, const U256& c);
/// True when hash_number ≤ a × b without overflow (512-bit product).
[[nodiscard]] bool LessOrEqualProduct(const U256& value, const U256& a, uint64_t b);

} // namespace emc::base
