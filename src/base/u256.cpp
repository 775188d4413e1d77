#include "base/u256.h"

#include "base/check.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace emc::base {

namespace {

__extension__ using Wide = unsigned __int128;

constexpr size_t LIMBS = 4;

uint64_t Low(Wide value)
{
    return static_cast<uint64_t>(value);
}

uint64_t High(Wide value)
{
    return static_cast<uint64_t>(value >> 64);
}

/// Limbs up to and including the highest one that is not zero.
size_t UsedLimbs(std::span<const uint64_t> limbs)
{
    size_t used = limbs.size();
    while (used > 0 && limbs[used - 1] == 0)
        --used;
    return used;
}

/// quotient = numerator ÷ divisor for a divisor of one limb.
void DivideByLimb(std::span<uint64_t> quotient, std::span<const uint64_t> numerator, uint64_t divisor)
{
    uint64_t remainder = 0;
    for (size_t i = numerator.size(); i-- > 0;) {
        const Wide part = static_cast<Wide>(remainder) << 64 | numerator[i];
        quotient[i] = Low(part / divisor);
        remainder = Low(part % divisor);
    }
}

/// One digit of long division: the largest q with q × divisor ≤ the part of `rest` that starts at `at`;
/// subtracts it. `divisor` has its top bit set and at least two limbs.
uint64_t DivideStep(std::span<uint64_t> rest, std::span<const uint64_t> divisor, size_t at)
{
    const size_t n = divisor.size();
    const uint64_t top = divisor[n - 1];
    const Wide head = static_cast<Wide>(rest[at + n]) << 64 | rest[at + n - 1];
    Wide guess = head / top;
    Wide left = head % top;
    while (High(guess) != 0 || guess * divisor[n - 2] > (left << 64 | rest[at + n - 2])) {
        --guess;
        left += top;
        if (High(left) != 0) break;
    }
    uint64_t carry = 0;
    uint64_t borrow = 0;
    for (size_t i = 0; i <= n; ++i) {
        const Wide product = static_cast<Wide>(Low(guess)) * (i < n ? divisor[i] : 0) + carry;
        carry = High(product);
        const Wide difference = static_cast<Wide>(rest[at + i]) - Low(product) - borrow;
        rest[at + i] = Low(difference);
        borrow = High(difference) != 0 ? 1 : 0;
    }
    if (borrow == 0) return Low(guess);
    uint64_t back = 0;
    for (size_t i = 0; i <= n; ++i) {
        const Wide sum = static_cast<Wide>(rest[at + i]) + (i < n ? divisor[i] : 0) + back;
        rest[at + i] = Low(sum);
        back = High(sum);
    }
    return Low(guess) - 1;
}

/// Long division (Knuth, TAOCP 4.3.1, algorithm D) of up to eight limbs by up to four; `divisor` is not zero.
std::array<uint64_t, 2 * LIMBS> Divide(std::span<const uint64_t> numerator, const U256& divisor)
{
    std::array<uint64_t, 2 * LIMBS> quotient{};
    const size_t n = UsedLimbs(divisor.limbs);
    const size_t m = UsedLimbs(numerator);
    if (m < n) return quotient;
    if (n == 1) {
        DivideByLimb(quotient, numerator, divisor.limbs[0]);
        return quotient;
    }
    const auto shift = static_cast<unsigned>(std::countl_zero(divisor.limbs[n - 1]));
    const U256 scaled = divisor << shift;
    std::array<uint64_t, 2 * LIMBS + 1> rest{};
    for (size_t i = 0; i < m; ++i) {
        const Wide moved = static_cast<Wide>(numerator[i]) << shift;
        rest[i] |= Low(moved);
        rest[i + 1] = High(moved);
    }
    for (size_t at = m - n + 1; at-- > 0;) {
        quotient[at] = DivideStep(rest, std::span(scaled.limbs).first(n), at);
    }
    return quotient;
}

std::array<uint64_t, 2 * LIMBS> Multiply(const U256& a, const U256& b)
{
    std::array<uint64_t, 2 * LIMBS> product{};
    for (size_t i = 0; i < LIMBS; ++i) {
        uint64_t carry = 0;
        for (size_t j = 0; j < LIMBS; ++j) {
            const Wide part = static_cast<Wide>(a.limbs[i]) * b.limbs[j] + product[i + j] + carry;
            product[i + j] = Low(part);
            carry = High(part);
        }
        product[i + LIMBS] = carry;
    }
    return product;
}

} // namespace

std::strong_ordering U256::operator<=>(const U256& other) const
{
    for (size_t i = LIMBS; i-- > 0;) {
        if (limbs[i] != other.limbs[i]) return limbs[i] <=> other.limbs[i];
    }
    return std::strong_ordering::equal;
}

int U256::Bits() const
{
    const size_t used = UsedLimbs(limbs);
    if (used == 0) return 0;
    return static_cast<int>(64 * used) - std::countl_zero(limbs[used - 1]);
}

U256 U256::Max()
{
    U256 out;
    out.limbs.fill(UINT64_MAX);
    return out;
}

U256 U256::FromHash(const Hash256& hash)
{
    U256 out;
    for (size_t i = 0; i < Hash256::SIZE; ++i)
        out.limbs[i / 8] |= uint64_t{hash.bytes[i]} << (i % 8 * 8);
    return out;
}

Hash256 U256::ToHash() const
{
    Hash256 out;
    for (size_t i = 0; i < Hash256::SIZE; ++i) {
        out.bytes[i] = static_cast<uint8_t>(limbs[i / 8] >> (i % 8 * 8));
    }
    return out;
}

std::string U256::ToHex() const
{
    return ReversedHex(ToHash());
}

std::optional<U256> U256::FromHexText(std::string_view text)
{
    constexpr size_t DIGITS = 2 * Hash256::SIZE;
    if (text.empty() || text.size() > DIGITS) return std::nullopt;
    const auto hash = HashFromReversedHex(std::string(DIGITS - text.size(), '0').append(text));
    if (!hash) return std::nullopt;
    return FromHash(*hash);
}

double U256::ToDouble() const
{
    double out = 0;
    for (size_t i = LIMBS; i-- > 0;)
        out = std::ldexp(out, 64) + static_cast<double>(limbs[i]);
    return out;
}

U256 operator+(const U256& a, const U256& b)
{
    U256 out;
    uint64_t carry = 0;
    for (size_t i = 0; i < LIMBS; ++i) {
        const Wide sum = static_cast<Wide>(a.limbs[i]) + b.limbs[i] + carry;
        out.limbs[i] = Low(sum);
        carry = High(sum);
    }
    return out;
}

U256 operator-(const U256& a, const U256& b)
{
    return a + ~b + U256(1);
}

U256 operator~(const U256& a)
{
    U256 out;
    for (size_t i = 0; i < LIMBS; ++i)
        out.limbs[i] = ~a.limbs[i];
    return out;
}

U256 operator<<(const U256& a, unsigned bits)
{
    U256 out;
    const size_t whole = bits / 64;
    const unsigned part = bits % 64;
    for (size_t i = whole; i < LIMBS; ++i) {
        out.limbs[i] = a.limbs[i - whole] << part;
        if (part != 0 && i > whole) out.limbs[i] |= a.limbs[i - whole - 1] >> (64 - part);
    }
    return out;
}

U256 operator>>(const U256& a, unsigned bits)
{
    U256 out;
    const size_t whole = bits / 64;
    const unsigned part = bits % 64;
    for (size_t i = whole; i < LIMBS; ++i) {
        out.limbs[i - whole] = a.limbs[i] >> part;
        if (part != 0 && i + 1 < LIMBS) out.limbs[i - whole] |= a.limbs[i + 1] << (64 - part);
    }
    return out;
}

U256 operator*(const U256& a, uint64_t b)
{
    U256 out;
    uint64_t carry = 0;
    for (size_t i = 0; i < LIMBS; ++i) {
        const Wide product = static_cast<Wide>(a.limbs[i]) * b + carry;
        out.limbs[i] = Low(product);
        carry = High(product);
    }
    return out;
}

U256 operator/(const U256& a, const U256& b)
{
    EMC_CHECK(!b.IsZero());
    const auto quotient = Divide(a.limbs, b);
    U256 out;
    std::copy_n(quotient.begin(), LIMBS, out.limbs.begin());
    return out;
}

U256 operator/(const U256& a, uint64_t b)
{
    return a / U256(b);
}

U256 MulDiv(const U256& a, const U256& b, const U256& c)
{
    EMC_CHECK(!c.IsZero());
    const auto quotient = Divide(Multiply(a, b), c);
    if (UsedLimbs(quotient) > LIMBS) return U256::Max();
    U256 out;
    std::copy_n(quotient.begin(), LIMBS, out.limbs.begin());
    return out;
}

bool LessOrEqualProduct(const U256& value, const U256& a, uint64_t b)
{
    const auto product = Multiply(a, U256(b));
    if (UsedLimbs(product) > LIMBS) return true;
    U256 low;
    std::copy_n(product.begin(), LIMBS, low.limbs.begin());
    return value <= low;
}

} // namespace emc::base
