/// Integer arithmetic that says when it does not fit.
#pragma once

#include <concepts>
#include <limits>
#include <optional>
#include <type_traits>

namespace emc::base {

/// a + b, or nullopt on overflow.
template <std::integral T>
[[nodiscard]] constexpr std::optional<T> CheckedAdd(T a, T b)
{
    T out{};
    if (__builtin_add_overflow(a, b, &out)) return std::nullopt;
    return out;
}

/// a - b, or nullopt on overflow.
template <std::integral T>
[[nodiscard]] constexpr std::optional<T> CheckedSub(T a, T b)
{
    T out{};
    if (__builtin_sub_overflow(a, b, &out)) return std::nullopt;
    return out;
}

/// a * b, or nullopt on overflow.
template <std::integral T>
[[nodiscard]] constexpr std::optional<T> CheckedMul(T a, T b)
{
    T out{};
    if (__builtin_mul_overflow(a, b, &out)) return std::nullopt;
    return out;
}

/// The same number in another integer type, or nullopt when it does not fit.
template <std::integral To, std::integral From>
[[nodiscard]] constexpr std::optional<To> CheckedCast(From value)
{
    To out = static_cast<To>(value);
    if (static_cast<From>(out) != value) return std::nullopt;
    if ((out < To{}) != (value < From{})) return std::nullopt;
    return out;
}

} // namespace emc::base
