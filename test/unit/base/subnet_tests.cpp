// Addresses and networks as operators write them.
#include "base/subnet.h"

#include <boost/test/unit_test.hpp>

namespace emc::base {
namespace {

BOOST_AUTO_TEST_SUITE(subnet)

BOOST_AUTO_TEST_CASE(subnets)
{
    const auto in = [](const char* net, const char* ip) {
        const auto parsed = Subnet::Parse(net);
        const auto address = ParseIp(ip);
        BOOST_REQUIRE(parsed);
        BOOST_REQUIRE(address);
        return parsed->Contains(*address);
    };
    BOOST_TEST(in("127.0.0.0/8", "127.1.2.3"));
    BOOST_TEST(in("127.0.0.0/8", "::ffff:127.1.2.3"));
    BOOST_TEST(!in("127.0.0.0/8", "128.0.0.1"));
    BOOST_TEST(in("10.1.2.3/255.255.0.0", "10.1.9.9"));
    BOOST_TEST(!in("10.1.2.3", "10.1.2.4"));
    BOOST_TEST(in("0.0.0.0/0", "1.2.3.4"));
    BOOST_TEST(!in("0.0.0.0/0", "::1"));
    BOOST_TEST(in("::/0", "1.2.3.4"));
    BOOST_TEST(in("fd00::/9", "fd7f::1"));
    BOOST_TEST(!in("fd00::/9", "fd80::1"));
    for (const auto* bad :
         {"", "x", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/", "::1/129", "1.2.3.4/255.0.255.0", "1.2.3.4/8x"})
        BOOST_TEST(!Subnet::Parse(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(texts)
{
    const auto again = [](const char* net) { return Subnet::Parse(net)->Text(); };
    BOOST_TEST(again("10.1.2.3/8") == "10.0.0.0/8");
    BOOST_TEST(again("10.1.2.3") == "10.1.2.3/32");
    BOOST_TEST(again("0.0.0.0/0") == "0.0.0.0/0");
    BOOST_TEST(again("fd00::/8") == "fd00::/8");
    BOOST_TEST(again("::/0") == "::/0");
    BOOST_TEST(again("2001:DB8:0:0::1") == "2001:db8::1/128");
    BOOST_TEST(IpText(*ParseIp("::ffff:1.2.3.4")) == "1.2.3.4");
    BOOST_TEST((*Subnet::Parse("10.9.9.9/8") == *Subnet::Parse("10.0.0.0/255.0.0.0")));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::base
