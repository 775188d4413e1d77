#include "consensus/target.h"

namespace emc::consensus {

namespace {
constexpr uint32_t SIGN_BIT = 0x00800000;
constexpr uint32_t MANTISSA_MASK = 0x007fffff;
} // namespace

CompactTarget DecodeCompact(uint32_t bits)
{
    const unsigned bytes = bits >> 24;
    const uint32_t mantissa = bits & MANTISSA_MASK;
    CompactTarget out;
    const unsigned mantissa_bits = static_cast<unsigned>(U256(mantissa).Bits());
    // A number of up to three bytes loses the low bytes of its mantissa; the sign then belongs to nothing.
    if (bytes <= 3) {
        out.target = U256(mantissa >> (8 * (3 - bytes)));
        out.negative = (bits & SIGN_BIT) != 0 && mantissa != 0;
        return out;
    }
    const unsigned shift = 8 * (bytes - 3);
    out.target = U256(mantissa) << shift;
    out.negative = (bits & SIGN_BIT) != 0 && mantissa != 0;
    out.overflow = mantissa != 0 && mantissa_bits + shift > 256;
    return out;
}

std::optional<U256> TargetOf(uint32_t bits)
{
    const CompactTarget decoded = DecodeCompact(bits);
    if (!decoded.Usable()) return std::nullopt;
    return decoded.target;
}

uint32_t EncodeCompact(const U256& target)
{
    unsigned bytes = (static_cast<unsigned>(target.Bits()) + 7) / 8;
    uint64_t mantissa = 0;
    if (bytes <= 3) {
        mantissa = target.limbs[0] << (8 * (3 - bytes));
    } else {
        mantissa = (target >> (8 * (bytes - 3))).limbs[0];
    }
    // The top bit of the mantissa is the sign: a number that would set it takes one byte more.
    if ((mantissa & SIGN_BIT) != 0) {
        mantissa >>= 8;
        ++bytes;
    }
    return static_cast<uint32_t>(mantissa) | (static_cast<uint32_t>(bytes) << 24);
}

U256 WorkOf(const U256& target)
{
    if (target == U256::Max()) return U256(1);
    if (target.IsZero()) return U256::Max();
    // 2^256 itself does not fit: floor(2^256 ÷ (t+1)) = floor((2^256 − 1 − t) ÷ (t+1)) + 1.
    return ~target / (target + U256(1)) + U256(1);
}

U256 WorkOfBits(uint32_t bits)
{
    const auto target = TargetOf(bits);
    return target ? WorkOf(*target) : U256();
}

} // namespace emc::consensus
