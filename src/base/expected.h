/// A value or the reason why there is none.
#pragma once

#include "base/check.h"

#include <type_traits>
#include <utility>
#include <variant>

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
template <typename T, typename E>
class [[nodiscard]] Expected
{
public:
    using ValueType = T;
    using ErrorType = E;

    Expected(T value) : m_state(std::in_place_index<0>, std::move(value)) {}

    template <typename G>

    requires std::is_constructible_v<E, G&&> Expected(Unexpected<G> u)
        : m_state(std::in_place_index<1>, std::move(u.error))
    {}

    [[nodiscard]] bool HasValue() const { return m_state.index() == 0; }

    explicit operator bool() const { return HasValue(); }

    [[nodiscard]] const T& Value() const&
    {
        const T* value = std::get_if<0>(&m_state);
        EMC_CHECK(value != nullptr);
        return *value;
    }

    [[nodiscard]] T& Value() &
    {
        T* value = std::get_if<0>(&m_state);
        EMC_CHECK(value != nullptr);
        return *value;
    }

    [[nodiscard]] T&& Value() && { return std::move(Value()); }

    [[nodiscard]] const E& Error() const
    {
        const E* error = std::get_if<1>(&m_state);
        EMC_CHECK(error != nullptr);
        return *error;
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
    std::variant<T, E> m_state;
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

    requires std::is_constructible_v<E, G&&> Expected(Unexpected<G> u)
        : m_error(std::in_place_index<1>, std::move(u.error))
    {}

    [[nodiscard]] bool HasValue() const { return m_error.index() == 0; }

    explicit operator bool() const { return HasValue(); }

    [[nodiscard]] const E& Error() const
    {
        const E* error = std::get_if<1>(&m_error);
        EMC_CHECK(error != nullptr);
        return *error;
    }

private:
    std::variant<std::monostate, E> m_error;
};

} // namespace emc::base
