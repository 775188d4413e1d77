// Other programs, run to their end.
#include "base/child.h"
#include "base/clock.h"

#include <boost/test/unit_test.hpp>

using namespace emc::base;

BOOST_AUTO_TEST_SUITE(child)

namespace {

ChildResult Shell(const std::string& script, const std::string& input = "", int patience_ms = 20'000,
                  size_t most = 1u << 20)
{
    return RunChild({.program = "sh",
                     .words = {"sh", "-c", script},
                     .input = input,
                     .patience_ms = patience_ms,
                     .max_output_bytes = most},
                    [] { return false; });
}

} // namespace

BOOST_AUTO_TEST_CASE(what_it_prints_and_how_it_ends)
{
    const auto good = Shell("echo out; echo err >&2; exit 3");
    BOOST_TEST(good.started);
    BOOST_TEST(good.in_time);
    BOOST_TEST(good.output == "out\n");
    BOOST_TEST(good.complaint == "err\n");
    BOOST_TEST(good.exit_code.value_or(-1) == 3);
    const auto killed = Shell("kill -9 $$");
    BOOST_TEST(killed.started);
    BOOST_TEST(!killed.exit_code.has_value());
    BOOST_TEST(!RunChild({.program = "/no/such/program",
                          .words = {"x"},
                          .input = {},
                          .patience_ms = 1'000,
                          .max_output_bytes = 10},
                         [] { return false; })
                    .started);
}

BOOST_AUTO_TEST_CASE(input_of_any_size)
{
    const std::string large(3u << 20, 'x');
    BOOST_TEST(Shell("wc -c", large).output == std::to_string(large.size()) + "\n");
    BOOST_TEST(Shell("cat", large, 60'000, large.size() + 1).output == large);
    // a program that does not read it
    BOOST_TEST(Shell("exec <&-; echo done", large).output == "done\n");
    BOOST_TEST(Shell("cat").output.empty());
}

BOOST_AUTO_TEST_CASE(patience_and_size_have_an_end)
{
    const int64_t begin_us = SteadyMicros();
    const auto slow = Shell("echo begun; exec sleep 60", "", 300);
    BOOST_TEST(!slow.in_time);
    BOOST_TEST(slow.output == "begun\n");
    const auto endless = Shell("exec yes", "", 20'000, 10'000);
    BOOST_TEST(endless.output.size() == 10'000U);
    BOOST_TEST(!endless.exit_code.has_value());
    const auto closed = Shell("exec >&- 2>&-; exec sleep 60", "", 300); // says nothing more, and goes on
    BOOST_TEST(!closed.in_time);
    BOOST_TEST(!RunChild({.program = "sleep",
                          .words = {"sleep", "60"},
                          .input = {},
                          .patience_ms = 60'000,
                          .max_output_bytes = 10},
                         [] { return true; })
                    .in_time);
    BOOST_TEST(SteadyMicros() - begin_us < 15'000'000);
}

BOOST_AUTO_TEST_CASE(no_other_file_is_handed_on)
{
    const auto seen = Shell("ls /proc/self/fd | wc -l"); // three, and the folder ls reads
    BOOST_TEST(seen.output == "4\n");
}

BOOST_AUTO_TEST_SUITE_END()
