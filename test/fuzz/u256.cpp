// 256-bit arithmetic against a plain model with digits of one byte.
#include "base/u256.h"

#include "base/check.h"
#include "unit/base/u256_model.h"

#include <cstddef>
#include <cstdint>

namespace {

using namespace emc;
using base::U256;
using test::BigModel;

void CheckSums(const U256& a, const U256& b, unsigned bits)
{
    const BigModel model_a = BigModel::Of(a);
    const BigModel model_b = BigModel::Of(b);
    EMC_CHECK(a + b == model_a.Plus(model_b).Wrapped());
    EMC_CHECK(a - b + b == a);
    if (!model_a.Less(model_b)) EMC_CHECK(a - b == model_a.Minus(model_b).Wrapped());
    EMC_CHECK((a < b) == model_a.Less(model_b));
    EMC_CHECK((a << bits) == model_a.ShiftedLeft(bits).Wrapped());
    EMC_CHECK((a >> bits) == model_a.DividedBy(BigModel{{1}}.ShiftedLeft(bits)).Wrapped());
    EMC_CHECK(*U256::FromHexText(a.ToHex()) == a);
    EMC_CHECK((a >> static_cast<unsigned>(a.Bits())).IsZero());
}

void CheckProducts(const U256& a, const U256& b, const U256& c)
{
    const BigModel model_a = BigModel::Of(a);
    const BigModel model_c = BigModel::Of(c);
    const uint64_t factor = b.limbs[0];
    const BigModel times_factor = model_a.Times(BigModel::Of(U256(factor)));
    EMC_CHECK(a * factor == times_factor.Wrapped());
    EMC_CHECK(base::LessOrEqualProduct(c, a, factor) == !times_factor.Less(model_c));
    if (c.IsZero()) return;
    EMC_CHECK(a / c == model_a.DividedBy(model_c).Wrapped());
    const BigModel exact = model_a.Times(BigModel::Of(b)).DividedBy(model_c);
    EMC_CHECK(base::MulDiv(a, b, c) == (exact.Fits() ? exact.Wrapped() : U256::Max()));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    // Three numbers and a count of bits; what the input lacks is zero.
    std::array<uint8_t, 98> bytes{};
    if (size > 0) std::memcpy(bytes.data(), data, std::min(size, bytes.size()));
    std::array<U256, 3> numbers;
    for (size_t i = 0; i < 3; ++i) {
        numbers[i] = U256::FromHash(*base::Hash256::From(base::ByteSpan(bytes).subspan(32 * i, 32)));
    }
    CheckSums(numbers[0], numbers[1], (unsigned{bytes[96]} << 8 | bytes[97]) % 600);
    CheckProducts(numbers[0], numbers[1], numbers[2]);
    return 0;
}
