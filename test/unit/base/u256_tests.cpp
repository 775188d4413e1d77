#include "base/u256.h"
#include "unit/base/death.h"
#include "unit/base/u256_model.h"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

namespace {

using namespace emc;
using base::U256;
using test::BigModel;

/// Numbers at which carries and borrows turn, and random ones of all widths, limbs of all ones among them.
std::vector<U256> Numbers()
{
    std::vector<U256> out = {U256(), U256(1), U256(2), U256(UINT64_MAX), U256::Max()};
    for (const unsigned bit : {1u, 31u, 63u, 64u, 65u, 127u, 128u, 192u, 254u, 255u}) {
        out.push_back(U256(1) << bit);
        out.push_back((U256(1) << bit) - U256(1));
        out.push_back(~(U256(1) << bit));
    }
    std::mt19937_64 random(20260811);
    for (unsigned i = 0; i < 60; ++i) {
        U256 number;
        for (uint64_t& limb : number.limbs) {
            const uint64_t word = random();
            limb = word % 5 == 0 ? UINT64_MAX : word % 5 == 1 ? 0 : word;
        }
        out.push_back(number >> static_cast<unsigned>(random() % 256));
    }
    return out;
}

const BigModel POWER_256 = BigModel{{1}}.ShiftedLeft(256);

} // namespace

namespace emc::base {

static std::ostream& operator<<(std::ostream& out, const U256& number)
{
    return out << number.ToHex();
}

} // namespace emc::base

BOOST_AUTO_TEST_SUITE(u256_tests)

BOOST_AUTO_TEST_CASE(two_number_operations_match_the_model)
{
    const auto numbers = Numbers();
    for (const U256& a : numbers) {
        const BigModel model_a = BigModel::Of(a);
        for (const U256& b : numbers) {
            const BigModel model_b = BigModel::Of(b);
            BOOST_CHECK_EQUAL(a + b, model_a.Plus(model_b).Wrapped());
            BOOST_CHECK_EQUAL(a - b, model_a.Plus(POWER_256).Minus(model_b).Wrapped());
            BOOST_CHECK_EQUAL(a < b, model_a.Less(model_b));
            BOOST_CHECK_EQUAL(a == b, model_a == model_b);
            BOOST_CHECK_EQUAL(a * b.limbs[0], model_a.Times(BigModel::Of(U256(b.limbs[0]))).Wrapped());
            if (b.IsZero()) continue;
            BOOST_CHECK_EQUAL(a / b, model_a.DividedBy(model_b).Wrapped());
            if (b.limbs[0] != 0) BOOST_CHECK_EQUAL(a / b.limbs[0], a / U256(b.limbs[0]));
        }
    }
}

BOOST_AUTO_TEST_CASE(products_of_double_width_match_the_model)
{
    const auto numbers = Numbers();
    std::mt19937_64 random(7);
    for (const U256& a : numbers) {
        for (const U256& b : numbers) {
            const U256& c = numbers[random() % numbers.size()];
            const BigModel product = BigModel::Of(a).Times(BigModel::Of(b));
            if (!c.IsZero()) {
                const BigModel exact = product.DividedBy(BigModel::Of(c));
                BOOST_CHECK_EQUAL(base::MulDiv(a, b, c), exact.Fits() ? exact.Wrapped() : U256::Max());
            }
            const uint64_t factor = b.limbs[0];
            const BigModel bound = BigModel::Of(a).Times(BigModel::Of(U256(factor)));
            BOOST_CHECK_EQUAL(base::LessOrEqualProduct(c, a, factor), !bound.Less(BigModel::Of(c)));
        }
    }
    BOOST_CHECK(base::LessOrEqualProduct(U256(6), U256(2), 3));
    BOOST_CHECK(!base::LessOrEqualProduct(U256(7), U256(2), 3));
    BOOST_CHECK(base::LessOrEqualProduct(U256::Max(), U256::Max(), 2));
}

BOOST_AUTO_TEST_CASE(long_division_with_corrections)
{
    // Quotient digits whose first guess is one or two too high, and one that must be taken back.
    const std::array<std::pair<std::string_view, std::string_view>, 4> cases = {{
        {"7fffffffffffffff8000000000000000000000000000000000000000000000",
         "8000000000000000000000000000000000000001"},
        {"8000000000000000fffffffffffffffe0000000000000000", "8000000000000000ffffffffffffffff"},
        {"80000000000000000000000000000000000000000000000000000003",
         "2000000000000000000000000000000000000001"},
        {"8000000000000000000000000000000000000000000000000000000000000000",
         "800000000000000000000000000000000000000000000001"},
    }};
    for (const auto& [numerator, divisor] : cases) {
        const U256 a = *U256::FromHexText(numerator);
        const U256 b = *U256::FromHexText(divisor);
        BOOST_CHECK_EQUAL(a / b, BigModel::Of(a).DividedBy(BigModel::Of(b)).Wrapped());
    }
}

BOOST_AUTO_TEST_CASE(shifts_and_widths)
{
    for (const U256& a : Numbers()) {
        BOOST_CHECK_EQUAL(~a + a, U256::Max());
        const int bits = a.Bits();
        BOOST_CHECK((a >> static_cast<unsigned>(bits)).IsZero());
        if (bits > 0) BOOST_CHECK_EQUAL(a >> static_cast<unsigned>(bits - 1), U256(1));
        for (const unsigned by : {0u, 1u, 7u, 63u, 64u, 65u, 128u, 200u, 255u, 256u, 1000u}) {
            BOOST_CHECK_EQUAL(a << by, by >= 256 ? U256() : BigModel::Of(a).ShiftedLeft(by).Wrapped());
            const BigModel divisor = BigModel{{1}}.ShiftedLeft(by);
            BOOST_CHECK_EQUAL(a >> by, BigModel::Of(a).DividedBy(divisor).Wrapped());
        }
    }
    BOOST_CHECK_EQUAL(U256().Bits(), 0);
    BOOST_CHECK_EQUAL(U256::Max().Bits(), 256);
}

BOOST_AUTO_TEST_CASE(texts_and_hashes)
{
    for (const U256& a : Numbers()) {
        BOOST_CHECK_EQUAL(a.ToHex().size(), 64U);
        BOOST_CHECK_EQUAL(*U256::FromHexText(a.ToHex()), a);
        BOOST_CHECK_EQUAL(U256::FromHash(a.ToHash()), a);
        BOOST_CHECK_EQUAL(base::ReversedHex(a.ToHash()), a.ToHex());
    }
    BOOST_CHECK_EQUAL(*U256::FromHexText("f"), U256(15));
    BOOST_CHECK_EQUAL(*U256::FromHexText("FFFF"), U256(65535));
    BOOST_CHECK_EQUAL(*U256::FromHexText("123"), U256(0x123));
    for (const std::string& text :
         {std::string(), std::string("0x1"), std::string("g"), std::string(65, '0')}) {
        BOOST_CHECK(!U256::FromHexText(text));
    }
    BOOST_CHECK_EQUAL(U256::FromHash(base::Hash256{{1, 2}}), U256(0x201));
}

BOOST_AUTO_TEST_CASE(as_floating_point)
{
    BOOST_CHECK_EQUAL(U256().ToDouble(), 0.0);
    BOOST_CHECK_EQUAL(U256(12345).ToDouble(), 12345.0);
    BOOST_CHECK_EQUAL((U256(3) << 200).ToDouble(), std::ldexp(3.0, 200));
    BOOST_CHECK_CLOSE(U256::Max().ToDouble(), std::ldexp(1.0, 256), 1e-9);
}

BOOST_AUTO_TEST_CASE(division_by_zero_is_a_bug)
{
    BOOST_CHECK(test::Aborts([] { static_cast<void>(U256(1) / U256()); }));
    BOOST_CHECK(test::Aborts([] { static_cast<void>(U256(1) / uint64_t{0}); }));
    BOOST_CHECK(test::Aborts([] { static_cast<void>(base::MulDiv(U256(1), U256(1), U256())); }));
}

BOOST_AUTO_TEST_SUITE_END()
