// Numbers as SIP servers write them.
#include "calls/numbering.h"

#include <boost/test/unit_test.hpp>

namespace emc::calls {
namespace {

NumberingPlan Plan(std::string_view text)
{
    const auto plan = ParseNumberingPlan(text);
    BOOST_REQUIRE_MESSAGE(plan.HasValue(), text);
    return *plan;
}

uint64_t Number(std::string_view text, const NumberingPlan& plan)
{
    const auto number = ToE164(text, plan);
    BOOST_REQUIRE_MESSAGE(number.HasValue(), text);
    return *number;
}

BOOST_AUTO_TEST_SUITE(numbering)

BOOST_AUTO_TEST_CASE(written_in_many_ways)
{
    const NumberingPlan none = Plan("");
    for (const auto* text :
         {"+4930123456", "4930123456", "004930123456", "+49 (30) 123-456", "+49.30.123.456",
          "tel:+49-30-123456", "tel:+4930123456;ext=7", "sip:+4930123456@192.0.2.1;user=phone",
          "SIPS:4930123456@pbx.example:5061", "\"Otto\" <+4930123456>", "<sip:4930123456@pbx.example>;tag=1",
          "\"4930123456\" <4930123456>", "  +4930123456 "})
        BOOST_TEST(Number(text, none) == 4930123456U, text);
}

BOOST_AUTO_TEST_CASE(national_numbers)
{
    const NumberingPlan german = Plan("country=49");
    BOOST_TEST(Number("030123456", german) == 4930123456U);
    BOOST_TEST(Number("00441632960001", german) == 441632960001U);
    BOOST_TEST(Number("441632960001", german) == 441632960001U);
    const NumberingPlan american = Plan("country=1,international=011,national=1,bare=national");
    BOOST_TEST(Number("8009359935", american) == 18009359935U);
    BOOST_TEST(Number("18009359935", american) == 18009359935U);
    BOOST_TEST(Number("011441632960001", american) == 441632960001U);
    BOOST_TEST(Number("+441632960001", american) == 441632960001U);
    BOOST_TEST(Number("0441632960001", Plan("country=49,national=,international=0")) == 441632960001U);
}

BOOST_AUTO_TEST_CASE(no_numbers)
{
    const NumberingPlan none = Plan("");
    for (const auto* text :
         {"", "anonymous", "sip:alice@example.com", "+", "123", "+1234567890123456", "030123456", "12a4",
          "4930#12", "+0123456", "tel:", "<>", "\"Otto\" <", "\xff\xfe", "++4930123456"}) {
        const auto number = ToE164(text, none);
        BOOST_REQUIRE_MESSAGE(!number, text);
        BOOST_TEST(number.Error().find('"') == 0U);
    }
    BOOST_TEST(ToE164(std::string(1'000, 'x'), none).Error().size() < 200U);
}

BOOST_AUTO_TEST_CASE(plans)
{
    for (const auto* text :
         {"country=", "country=49,", "bare=e164", "country=1,bare=national", "national=,international="})
        BOOST_TEST(ParseNumberingPlan(text).HasValue(), text);
    for (const auto* text : {"country=0", "country=1234", "country=4a", "land=49", "country", "bare=yes",
                             "bare=national", "national=12345678", ",,"})
        BOOST_TEST(!ParseNumberingPlan(text).HasValue(), text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::calls
