#pragma once
// A slow and plain model of big numbers to check the 256-bit ones against: digits of one byte, lowest first.

#include "base/u256.h"

#include <algorithm>

namespace emc::test {

struct BigModel {
    base::Bytes digits; ///< without zeros at the end

    static BigModel Of(const base::U256& number)
    {
        const base::Hash256 bytes = number.ToHash();
        return BigModel{base::Bytes(bytes.begin(), bytes.end())}.Trimmed();
    }

    [[nodiscard]] BigModel Trimmed() const
    {
        BigModel out = *this;
        while (!out.digits.empty() && out.digits.back() == 0)
            out.digits.pop_back();
        return out;
    }

    [[nodiscard]] uint8_t Digit(size_t at) const { return at < digits.size() ? digits[at] : uint8_t{0}; }

    /// The lowest 256 bits.
    [[nodiscard]] base::U256 Wrapped() const
    {
        base::Hash256 bytes;
        for (size_t i = 0; i < bytes.SIZE; ++i)
            bytes.bytes[i] = Digit(i);
        return base::U256::FromHash(bytes);
    }

    [[nodiscard]] bool Fits() const { return Trimmed().digits.size() <= 32; }

    bool operator==(const BigModel& other) const { return Trimmed().digits == other.Trimmed().digits; }

    [[nodiscard]] bool Less(const BigModel& other) const
    {
        for (size_t i = std::max(digits.size(), other.digits.size()); i-- > 0;) {
            if (Digit(i) != other.Digit(i)) return Digit(i) < other.Digit(i);
        }
        return false;
    }

    [[nodiscard]] BigModel Plus(const BigModel& other) const
    {
        BigModel out;
        unsigned carry = 0;
        for (size_t i = 0; i <= std::max(digits.size(), other.digits.size()); ++i) {
            carry += unsigned{Digit(i)} + other.Digit(i);
            out.digits.push_back(static_cast<uint8_t>(carry));
            carry >>= 8;
        }
        return out.Trimmed();
    }

    /// Takes away `other`, which is not larger.
    void Subtract(const BigModel& other)
    {
        int borrow = 0;
        for (size_t i = 0; i < digits.size(); ++i) {
            const int difference = int{digits[i]} - other.Digit(i) - borrow;
            borrow = difference < 0 ? 1 : 0;
            digits[i] = static_cast<uint8_t>(difference + 256 * borrow);
        }
    }

    [[nodiscard]] BigModel Minus(const BigModel& other) const
    {
        BigModel out = *this;
        out.Subtract(other);
        return out.Trimmed();
    }

    [[nodiscard]] BigModel Times(const BigModel& other) const
    {
        BigModel out{base::Bytes(digits.size() + other.digits.size())};
        for (size_t i = 0; i < digits.size(); ++i) {
            unsigned carry = 0;
            for (size_t j = 0; j < other.digits.size() || carry != 0; ++j) {
                carry += out.digits[i + j] + unsigned{digits[i]} * other.Digit(j);
                out.digits[i + j] = static_cast<uint8_t>(carry);
                carry >>= 8;
            }
        }
        return out.Trimmed();
    }

    [[nodiscard]] BigModel ShiftedLeft(unsigned bits) const
    {
        BigModel out = *this;
        out.digits.insert(out.digits.begin(), bits / 8, uint8_t{0});
        for (unsigned i = 0; i < bits % 8; ++i)
            out = out.Plus(out);
        return out.Trimmed();
    }

    /// floor(this ÷ other), bit by bit from the top.
    [[nodiscard]] BigModel DividedBy(const BigModel& other) const
    {
        BigModel quotient{base::Bytes(digits.size())};
        BigModel rest{base::Bytes(other.digits.size() + 1)};
        for (size_t bit = digits.size() * 8; bit-- > 0;) {
            unsigned carry = digits[bit / 8] >> (bit % 8) & 1u;
            for (uint8_t& digit : rest.digits) {
                carry |= unsigned{digit} << 1;
                digit = static_cast<uint8_t>(carry);
                carry >>= 8;
            }
            if (rest.Less(other)) continue;
            rest.Subtract(other);
            quotient.digits[bit / 8] = static_cast<uint8_t>(quotient.digits[bit / 8] | 1u << (bit % 8));
        }
        return quotient.Trimmed();
    }
};

} // namespace emc::test
