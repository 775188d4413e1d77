// -whitelist and -whitebind entries.
#include "p2p/net/permissions.h"
#include "unit/p2p/sim.h"

#include <boost/test/unit_test.hpp>

namespace emc::p2p {
namespace {

std::string Joined(const Permissions& permissions)
{
    std::string out;
    for (const std::string& name : permissions.Names())
        out.append(out.empty() ? "" : ",").append(name);
    return out;
}

BOOST_AUTO_TEST_SUITE(permissions)

BOOST_AUTO_TEST_CASE(names)
{
    const auto given = [](std::string_view text) { return Joined(ParseWhitelist(text)->permissions); };
    BOOST_TEST(given("1.2.3.4") == "relay,download,noban,mempool");
    BOOST_TEST(given("@1.2.3.4") == "relay,download,noban,mempool");
    BOOST_TEST(given("noban@1.2.3.4") == "download,noban");
    BOOST_TEST(given("forcerelay,addr@1.2.3.0/24") == "relay,forcerelay,addr");
    BOOST_TEST(given("bloom@::/0") == "bloomfilter");
    BOOST_TEST(given("all@::/0") == "bloomfilter,relay,forcerelay,download,noban,mempool,addr");
    BOOST_TEST(given("relay,,@1.2.3.4") == "relay");
}

BOOST_AUTO_TEST_CASE(arbitrary_lists)
{
    test::RunSimulation(test::SimulatePermissions, 1'000, 60);
}

BOOST_AUTO_TEST_CASE(directions)
{
    const auto plain = ParseWhitelist("10.0.0.0/8");
    BOOST_TEST((plain->incoming && !plain->outgoing));
    const auto out = ParseWhitelist("noban,out@10.0.0.0/8");
    BOOST_TEST((!out->incoming && out->outgoing));
    const auto both = ParseWhitelist("noban,in,out@10.0.0.0/8");
    BOOST_TEST((both->incoming && both->outgoing));
    BOOST_TEST(both->range.ToText() == "10.0.0.0/8");
    BOOST_TEST(ParseWhitebind("in@1.2.3.4", 1).Error().starts_with("'in' in 'in@1.2.3.4' is no permission"));
}

BOOST_AUTO_TEST_CASE(binds)
{
    const auto bind = ParseWhitebind("mempool@[::1]:99", 1);
    BOOST_TEST(bind->where.ToText() == "[::1]:99");
    BOOST_TEST(Joined(bind->permissions) == "mempool");
    BOOST_TEST(ParseWhitebind("127.0.0.1", 6661)->where.ToText() == "127.0.0.1:6661");
}

BOOST_AUTO_TEST_CASE(errors_name_the_part)
{
    BOOST_TEST(
        ParseWhitelist("fly@1.2.3.4").Error() ==
        "'fly' in 'fly@1.2.3.4' is no permission; known are all, bloomfilter, relay, forcerelay, download, "
        "noban, mempool, addr");
    BOOST_TEST(ParseWhitelist("noban@1.2.3").Error() ==
               "'1.2.3' in 'noban@1.2.3' is neither an address nor a network such as 10.0.0.0/8");
    BOOST_TEST(ParseWhitebind("noban@host:1", 1).Error() ==
               "'host:1' in 'noban@host:1' is no address such as 127.0.0.1:6661 or [::1]:6661");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace emc::p2p
