/// A value or the reason why there is none.
#pragma once

#include "base/check.h"

#include <optional>
#include <type_traits>
#include <utility>

namespace emc::base {

/// Wraps an error so that Expected can be built from it: `return Unexpected(Error::TooLong);`
template <typename E>
struct Unexpected {
    E error;

    explicit Unexpected(E e) : error(std::move(e)) {}
};

template <typename E>
Unexpected(E) -> Unexpected<E>;

/// Holds a T (success) or an E (expected failure). Reading the side that is not there is a bug and aborts.
/// Two optionals and not a variant, whose header every other one would pay for.
template <typename T, typename E>
class [[nodiscard]] Expected
{
public:
    using ValueType = T;
    using ErrorType = E;

    Expected(T value) : m_value(std::move(value)) {}

    template <typename G>

    requires std::is_constructible_v<E, G&&> Expected(Unexpected<G> u) : m_error(std::move(u.error)) {}

    [[nodiscard]] bool HasValue() const { return m_value.has_value(); }

    explicit operator bool() const { return HasValue(); }

    [[nodiscard]] const T& Value() const&
    {
        EMC_CHECK(m_value.has_value());
        return *m_value;
    }

    [[nodiscard]] T& Value() &
    {
        EMC_CHECK(m_value.has_value());
        return *m_value;
    }

    [[nodiscard]] T&& Value() && { return std::move(Value()); }

    [[nodiscard]] const E& Error() const
    {
        EMC_CHECK(m_error.has_value());
        return *m_error;
    }

    const T& operator*() const& { return Value(); }

    T& operator*() & { return Value(); }

    T&& operator*() && { return std::move(Value()); }

    const T* operator->() const { return &Value(); }

    T* operator->() { return &Value(); }

    template <typename U>
    [[nodiscard]] T ValueOr(U&& other) const&
    {
        return HasValue() ? Value() : static_cast<T>(std::forward<U>(other));
    }

private:
    std::optional<T> m_value;
    std::optional<E> m_error;
};

/// Success without a value, or an error.
template <typename E>
class [[nodiscard]] Expected<void, E>
{
public:
    using ValueType = void;
    using ErrorType = E;

    Expected() = default;
    template <typename G>

    requires std::is_constructible_v<E, G&&> Expected(Unexpected<G> u) : m_error(std::move(u.error)) {}

    [[nodiscard]] bool HasValue() const { return !m_error.has_value(); }

    explicit operator bool() const { return HasValue(); }

    [[nodiscard]] const E& Error() const
    {
        EMC_CHECK(m_error.has_value());
        return *m_error;
    }

private:
    std::optional<E> m_error;
};

} // namespace emc::base
