#include "base/log.h"
#include "notify/command_feed.h"
#include "notify/command_runner.h"
#include "script/address.h"
#include "unit/fake_events.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

namespace emc::notify {
namespace {

std::string ReadAll(const std::string& path)
{
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(command_feed)

BOOST_AUTO_TEST_CASE(new_tips_and_what_was_missed)
{
    const test::TempDir dir;
    const std::string told = dir.Path() + "/told";
    base::Logger log;
    base::Logger::Options options;
    options.file = dir.Path() + "/log";
    BOOST_REQUIRE(log.Open(options));
    CommandRunner runner(log);
    test::FakeEvents events;
    const script::AddressParams addresses;
    {
        const CommandFeed feed({{"echo %h >>" + told}, {}, {}}, runner, events, nullptr, addresses);
        events.Connect(test::TipAt(1, true), {}); // while an old chain is fetched nothing is told
        events.Connect(test::TipAt(2), {});
        BOOST_TEST(ReadAll(options.file).find("commands") == std::string::npos);
        events.Miss();
        events.Connect(test::TipAt(9), {});
    }
    events.Connect(test::TipAt(10), {});
    runner.Drain(60'000);
    BOOST_TEST(ReadAll(told) == "2\n9\n");
    BOOST_TEST(ReadAll(options.file).find("the commands for some of them are not run") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::notify
