#include "consensus/asert.h"

#include "consensus/target.h"

#include <algorithm>

namespace emc::consensus {

namespace {

/// 2^(fraction ÷ 65536) × 65536 for fraction 0 … 65535, by the cubic of aserti3-2d.
uint64_t PowerOfTwo(uint64_t fraction)
{
    const uint64_t sum = 195'766'423'245'049 * fraction + 971'821'376 * fraction * fraction +
                         5'127 * fraction * fraction * fraction + (uint64_t{1} << 47);
    return (sum >> 48) + 65'536;
}

/// value × 2^shift, `limit` when that is greater or does not fit.
U256 ShiftBelow(const U256& value, int64_t shift, const U256& limit)
{
    if (shift <= -256) return {};
    if (shift < 0) return std::min(value >> static_cast<unsigned>(-shift), limit);
    if (value.Bits() + shift > 256) return limit;
    return std::min(value << static_cast<unsigned>(shift), limit);
}

} // namespace

AsertCurve CurveOf(const Params& params, Kind kind)
{
    if (kind == Kind::Pos) return {params.pos_anchor_bits, params.pos_limit_bits, POS_SPACING_SEC};
    return {params.pow_anchor_bits, params.pow_limit_bits, POW_SPACING_SEC};
}

uint32_t AsertBits(const AsertCurve& curve, int64_t seconds, int64_t blocks)
{
    const auto anchor = TargetOf(curve.anchor_bits);
    const auto limit = TargetOf(curve.limit_bits);
    EMC_CHECK(anchor && limit);
    // Division of signed numbers rounds toward zero; the shift below rounds down, the fraction is never
    // negative.
    const int64_t exponent = (seconds - curve.spacing_sec * blocks) * 65'536 / ASERT_HALF_LIFE_SEC;
    const int64_t whole = exponent >> 16;
    const auto fraction = static_cast<uint64_t>(exponent - whole * 65'536);
    const U256 scaled = *anchor * PowerOfTwo(fraction);
    const U256 target = ShiftBelow(scaled, whole - 16, *limit);
    return EncodeCompact(std::max(target, U256(1)));
}

uint32_t NextBits(const Params& params, Kind kind, int64_t seconds, int64_t blocks)
{
    const AsertCurve curve = CurveOf(params, kind);
    return params.fixed_targets ? curve.limit_bits : AsertBits(curve, seconds, blocks);
}

} // namespace emc::consensus
