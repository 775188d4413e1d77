#include "base/text.h"

#include <boost/test/unit_test.hpp>

namespace emc::base {

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(blanks_go_from_both_ends_only)
{
    BOOST_TEST(Trim("") == "");
    BOOST_TEST(Trim(" \t ") == "");
    BOOST_TEST(Trim("a") == "a");
    BOOST_TEST(Trim("\t a b\t") == "a b");
    BOOST_TEST(Trim(" a\r") == "a\r");
    BOOST_TEST(Trim(" a \r", " \t\r") == "a");
    BOOST_TEST(Trim("\ta ", " ") == "\ta");
    BOOST_TEST(Trim(std::string_view("\0 ", 2)) == std::string_view("\0", 1));
}

BOOST_AUTO_TEST_CASE(one_and_others)
{
    BOOST_TEST(CountText(0, "call") == "0 calls");
    BOOST_TEST(CountText(1, "call") == "1 call");
    BOOST_TEST(CountText(2, "call") == "2 calls");
    BOOST_TEST(CountText(UINT64_MAX, "unit") == "18446744073709551615 units");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::base
