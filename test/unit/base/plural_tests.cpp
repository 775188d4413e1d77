// Counted things: one of them, none, or many.
#include "base/plural.h"

#include <boost/test/unit_test.hpp>

namespace emc::base {
namespace {

BOOST_AUTO_TEST_SUITE(plural)

BOOST_AUTO_TEST_CASE(one_and_others)
{
    BOOST_TEST(CountText(0, "call") == "0 calls");
    BOOST_TEST(CountText(1, "call") == "1 call");
    BOOST_TEST(CountText(2, "call") == "2 calls");
    BOOST_TEST(CountText(UINT64_MAX, "unit") == "18446744073709551615 units");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::base
