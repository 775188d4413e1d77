#include "base/log.h"
#include "notify/command.h"
#include "notify/command_runner.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <random>

namespace emc::notify {
namespace {

std::string Line(std::string_view pattern, const std::vector<CommandValue>& values)
{
    return Expand(pattern, values).line;
}

std::string ReadAll(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(commands)

BOOST_AUTO_TEST_CASE(values_are_put_in_once)
{
    const std::vector<CommandValue> values = {{'s', "EMC_TXID", "00ff"}, {'h', "EMC_HEIGHT", "-1"}};
    BOOST_CHECK_EQUAL(Line("a %s b%hc", values), "a 00ff b-1c");
    BOOST_CHECK_EQUAL(Line("%%s %x %", values), "%s %x %");
    BOOST_CHECK_EQUAL(Line("", values), "");
    BOOST_CHECK_EQUAL(Line("\\%s", values), "\\%s");
    BOOST_CHECK_EQUAL(Line("%s%s", {{'s', "X", "%s"}}), "%s%s");
}

BOOST_AUTO_TEST_CASE(what_strangers_chose_is_no_part_of_the_line)
{
    const std::vector<CommandValue> values = {{'n', "EMC_NAME", "'; rm -rf ~ #", false}};
    BOOST_CHECK_EQUAL(Line("x %n", values), "x \"${EMC_NAME}\"");
    BOOST_CHECK_EQUAL(Line("x 'a%n'", values), "x 'a'\"${EMC_NAME}\"''");
    BOOST_CHECK_EQUAL(Line("x \"it's %n\" %n", values), "x \"it's ${EMC_NAME}\" \"${EMC_NAME}\"");
    BOOST_CHECK_EQUAL(Line("x \\\"%n", values), "x \\\"\"${EMC_NAME}\"");
    const auto environment = Expand("x", values).environment;
    BOOST_REQUIRE_EQUAL(environment.size(), 1u);
    BOOST_CHECK_EQUAL(environment[0], "EMC_NAME='; rm -rf ~ #");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_come_as_hex)
{
    const auto command =
        Expand("%n", std::vector<CommandValue>{{'n', "EMC_NAME", std::string("a\0b", 3), false}});
    BOOST_REQUIRE_EQUAL(command.environment.size(), 2u);
    BOOST_CHECK_EQUAL(command.environment[0], "EMC_NAME=610062");
    BOOST_CHECK_EQUAL(command.environment[1], "EMC_NAME_ENCODING=hex");
}

/// The real shell hands every value over byte by byte, whatever it consists of and however the line quotes
/// it.
BOOST_AUTO_TEST_CASE(the_shell_takes_any_text_as_one_word)
{
    const test::TempDir dir;
    const std::string out = dir.Path() + "/out";
    base::Logger log;
    CommandRunner runner(log);
    std::mt19937 random(4711);
    constexpr std::string_view ALPHABET = "ab'\"\\$`(){};|&<>*?~!#%- \t\n=[]";
    std::string wanted;
    for (int i = 0; i < 60; ++i) {
        std::string text;
        for (size_t n = random() % 12; n > 0; --n)
            text += ALPHABET[random() % ALPHABET.size()];
        const std::vector<CommandValue> values = {{'n', "EMC_NAME", text, false}};
        runner.Run(Expand("printf '%%s.' %n \"<%n>\" '[%n]' >>" + out, values));
        wanted += text + ".<" + text + ">.[" + text + "].";
    }
    runner.Drain(60'000);
    BOOST_CHECK_EQUAL(ReadAll(out), wanted);
}

BOOST_AUTO_TEST_CASE(what_waits_is_bounded_and_the_end_does_not_wait)
{
    const test::TempDir dir;
    const std::string out = dir.Path() + "/out";
    {
        base::Logger log;
        CommandRunner runner(log);
        runner.Run(Expand("exec sleep 20", {}));
        for (size_t i = 0; i < 2 * CommandRunner::QUEUE; ++i)
            runner.Run(Expand("echo x >>" + out, {}));
    }
    BOOST_CHECK(!std::filesystem::exists(out));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace emc::notify
