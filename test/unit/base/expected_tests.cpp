#include "base/check.h"
#include "base/checked.h"
#include "base/expected.h"
#include "unit/base/death.h"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace {

using namespace emc;
enum class Fault { Small, Large };
using Result = base::Expected<int, Fault>;

Result Half(int value)
{
    if (value > 100) return base::Unexpected(Fault::Large);
    if (value < 0) return base::Unexpected(Fault::Small);
    return value / 2;
}

} // namespace

BOOST_AUTO_TEST_SUITE(expected_tests)

BOOST_AUTO_TEST_CASE(holds_a_value_or_an_error)
{
    Result good = Half(8);
    BOOST_CHECK(good.HasValue() && static_cast<bool>(good));
    BOOST_CHECK_EQUAL(*good, 4);
    *good += 1;
    BOOST_CHECK_EQUAL(good.Value(), 5);
    BOOST_CHECK_EQUAL(good.ValueOr(7), 5);
    const Result bad = Half(101);
    BOOST_CHECK(!bad);
    BOOST_CHECK(bad.Error() == Fault::Large);
    BOOST_CHECK_EQUAL(bad.ValueOr(7), 7);
    BOOST_CHECK(Half(-1).Error() == Fault::Small);
}

BOOST_AUTO_TEST_CASE(moves_and_reaches_through)
{
    base::Expected<std::unique_ptr<std::string>, Fault> owner(std::make_unique<std::string>("text"));
    BOOST_CHECK_EQUAL((*owner)->size(), 4U);
    BOOST_CHECK_EQUAL(owner->get()->size(), 4U);
    const std::unique_ptr<std::string> taken = *std::move(owner);
    BOOST_CHECK_EQUAL(*taken, "text");
    const base::Expected<std::string, Fault> constant(std::string("abc"));
    BOOST_CHECK_EQUAL(constant->size(), 3U);
    BOOST_CHECK_EQUAL(*constant, "abc");
}

BOOST_AUTO_TEST_CASE(without_a_value)
{
    using Done = base::Expected<void, std::string>;
    const Done good;
    BOOST_CHECK(good && good.HasValue());
    const Done bad = base::Unexpected("why");
    BOOST_CHECK(!bad);
    BOOST_CHECK_EQUAL(bad.Error(), "why");
}

BOOST_AUTO_TEST_CASE(reading_the_wrong_side_aborts)
{
    BOOST_CHECK(test::Aborts([] { static_cast<void>(Half(200).Value()); }));
    BOOST_CHECK(test::Aborts([] { static_cast<void>(Half(2).Error()); }));
    BOOST_CHECK(test::Aborts([] { static_cast<void>(base::Expected<void, int>().Error()); }));
    BOOST_CHECK(!test::Aborts([] { static_cast<void>(Half(2).Value()); }));
}

BOOST_AUTO_TEST_CASE(checks_and_assumptions)
{
    int evaluated = 0;
    EMC_CHECK(++evaluated == 1);
    EMC_ASSUME(++evaluated == 2);
    BOOST_CHECK_EQUAL(evaluated, 2);
    BOOST_CHECK(test::Aborts([] { EMC_CHECK(1 + 1 == 3); }));
#ifdef EMC_DEBUG
    BOOST_CHECK(test::Aborts([] { EMC_ASSUME(1 + 1 == 3); }));
    BOOST_CHECK_EQUAL(base::AssumeFailures(), 0U);
#else
    const unsigned long before = base::AssumeFailures();
    EMC_ASSUME(1 + 1 == 3);
    BOOST_CHECK_EQUAL(base::AssumeFailures(), before + 1);
#endif
}

BOOST_AUTO_TEST_CASE(checked_arithmetic)
{
    using base::CheckedAdd;
    using base::CheckedMul;
    using base::CheckedSub;
    BOOST_CHECK(CheckedAdd<int64_t>(INT64_MAX, 0) == INT64_MAX);
    BOOST_CHECK(!CheckedAdd<int64_t>(INT64_MAX, 1));
    BOOST_CHECK(!CheckedAdd<int64_t>(INT64_MIN, -1));
    BOOST_CHECK(!CheckedAdd<uint32_t>(UINT32_MAX, 1));
    BOOST_CHECK(CheckedSub<uint64_t>(5, 5) == 0U);
    BOOST_CHECK(!CheckedSub<uint64_t>(5, 6));
    BOOST_CHECK(!CheckedSub<int64_t>(INT64_MIN, 1));
    BOOST_CHECK(CheckedMul<int64_t>(-3, 7) == -21);
    BOOST_CHECK(!CheckedMul<int64_t>(INT64_MIN, -1));
    BOOST_CHECK(!CheckedMul<uint64_t>(uint64_t{1} << 32, uint64_t{1} << 32));
    static_assert(CheckedAdd(1, 2) == 3);
}

BOOST_AUTO_TEST_CASE(checked_casts)
{
    using base::CheckedCast;
    BOOST_CHECK(CheckedCast<uint8_t>(255) == uint8_t{255});
    BOOST_CHECK(!CheckedCast<uint8_t>(256));
    BOOST_CHECK(!CheckedCast<uint8_t>(-1));
    BOOST_CHECK(!CheckedCast<uint64_t>(int64_t{-1}));
    BOOST_CHECK(!CheckedCast<int64_t>(UINT64_MAX));
    BOOST_CHECK(CheckedCast<int64_t>(uint64_t{INT64_MAX}) == INT64_MAX);
    BOOST_CHECK(CheckedCast<int8_t>(-128) == int8_t{-128});
    BOOST_CHECK(!CheckedCast<int8_t>(-129));
    BOOST_CHECK(!CheckedCast<int32_t>(UINT32_MAX));
}

BOOST_AUTO_TEST_SUITE_END()
