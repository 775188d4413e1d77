#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/log_line.h"
#include "base/thread.h"
#include "unit/util.h"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>
#include <vector>

namespace {

using namespace emc;
using base::LogCategory;
using base::Logger;
using base::LogLevel;

std::vector<std::string> LinesOf(const std::string& path)
{
    std::ifstream in(path);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);)
        out.push_back(line);
    return out;
}

Logger::Options Plain(const std::string& path)
{
    Logger::Options out;
    out.file = path;
    out.timestamps = false;
    return out;
}

constexpr char SITE_A[] = "a.cpp:1";
constexpr char SITE_B[] = "b.cpp:2";

} // namespace

BOOST_AUTO_TEST_SUITE(log_tests)

BOOST_AUTO_TEST_CASE(format)
{
    BOOST_CHECK_EQUAL(base::Format("plain"), "plain");
    BOOST_CHECK_EQUAL(base::Format("%d %s %.3f", -5, "x", 0.5), "-5 x 0.500");
    BOOST_CHECK_EQUAL(base::Format("%s", std::string(5000, 'y').c_str()), std::string(5000, 'y'));
    BOOST_CHECK_EQUAL(base::Format("%s", ""), "");
}

BOOST_AUTO_TEST_CASE(category_names)
{
    for (uint32_t bit = 0; bit < 13; ++bit) {
        const auto category = static_cast<LogCategory>(1u << bit);
        BOOST_CHECK(!base::CategoryName(category).empty());
        BOOST_CHECK(base::CategoryFromName(base::CategoryName(category)) == category);
    }
    BOOST_CHECK_EQUAL(base::CategoryName(LogCategory::All), "all");
    BOOST_CHECK_EQUAL(base::CategoryName(LogCategory::None), "");
    BOOST_CHECK(base::CategoryFromName("1") == LogCategory::All);
    BOOST_CHECK(base::CategoryFromName("all") == LogCategory::All);
    BOOST_CHECK(base::CategoryFromName("nothing such") == LogCategory::None);
    BOOST_CHECK(base::CategoryFromName("") == LogCategory::None);
}

BOOST_AUTO_TEST_CASE(silent_until_opened)
{
    Logger logger;
    logger.EnableCategories(LogCategory::All, true);
    BOOST_CHECK(!logger.Wants(LogLevel::Error, LogCategory::None));
    logger.Write(LogLevel::Error, LogCategory::Net, "nobody hears", SITE_A);
    logger.Reopen();
    BOOST_CHECK(logger.Open({}));
    BOOST_CHECK(!logger.Wants(LogLevel::Error, LogCategory::Net));
}

BOOST_AUTO_TEST_CASE(levels_and_categories)
{
    const test::TempDir dir;
    Logger logger;
    BOOST_REQUIRE(logger.Open(Plain(dir.File("log"))));
    BOOST_CHECK(logger.Wants(LogLevel::Info, LogCategory::Net));
    BOOST_CHECK(!logger.Wants(LogLevel::Debug, LogCategory::Net));
    EMC_LOG(logger, Debug, Net, "unseen %d", 1);
    logger.EnableCategories(LogCategory::Net, true);
    logger.EnableCategories(LogCategory::Dns, true);
    BOOST_CHECK(logger.EnabledCategories() == static_cast<LogCategory>(1u << 4 | 1u << 8));
    EMC_LOG(logger, Trace, Net, "traced %d", 2);
    EMC_LOG(logger, Debug, Chain, "unseen %d", 3);
    logger.EnableCategories(LogCategory::Net, false);
    EMC_LOG(logger, Debug, Net, "unseen %d", 4);
    EMC_LOG(logger, Info, None, "said %d", 5);
    EMC_LOG(logger, Warning, Wallet, "warned %d", 6);
    EMC_LOG(logger, Error, None, "failed %d", 7);
    EMC_LOG(logger, Info, App, "info %d", 8);
    logger.Write(LogLevel::Debug, LogCategory::Net, "unseen even when written directly", SITE_A);
    const std::vector<std::string> expected = {"[net:trace] traced 2", "said 5", "[wallet:warning] warned 6",
                                               "[error] failed 7", "[app] info 8"};
    const auto lines = LinesOf(dir.File("log"));
    BOOST_CHECK_EQUAL_COLLECTIONS(lines.begin(), lines.end(), expected.begin(), expected.end());
}

BOOST_AUTO_TEST_CASE(lowest_level_is_an_option)
{
    const test::TempDir dir;
    auto options = Plain(dir.File("log"));
    options.level = LogLevel::Warning;
    Logger logger;
    BOOST_REQUIRE(logger.Open(options));
    EMC_LOG(logger, Info, Net, "too low");
    EMC_LOG(logger, Warning, Net, "high enough");
    BOOST_CHECK_EQUAL(LinesOf(dir.File("log")).size(), 1U);
}

BOOST_AUTO_TEST_CASE(stamps_and_thread_names)
{
    const test::TempDir dir;
    base::Clock clock;
    clock.SetMockTime(951782400);
    auto options = Plain(dir.File("log"));
    options.timestamps = true;
    options.thread_names = true;
    options.clock = &clock;
    Logger logger;
    BOOST_REQUIRE(logger.Open(options));
    EMC_LOG(logger, Info, None, "first");
    base::Thread("worker", [&logger] { EMC_LOG(logger, Info, Rpc, "second"); }).Join();
    const auto lines = LinesOf(dir.File("log"));
    BOOST_REQUIRE_EQUAL(lines.size(), 2U);
    BOOST_CHECK_EQUAL(lines[0], "2000-02-29T00:00:00Z [main] first");
    BOOST_CHECK_EQUAL(lines[1], "2000-02-29T00:00:00Z [worker] [rpc] second");
}

BOOST_AUTO_TEST_CASE(text_lines_escape)
{
    const auto line = [](std::string_view text) { return base::TextLine({.text = text}); };
    BOOST_CHECK_EQUAL(line("a\nb\x1b[0m\x7f\t"), "a\\x0ab\\x1b[0m\\x7f\\x09\n");
    BOOST_CHECK_EQUAL(line(std::string_view("\0", 1)), "\\x00\n");
    BOOST_CHECK_EQUAL(line("quote \" and \\ stay"), "quote \" and \\ stay\n");
    BOOST_CHECK_EQUAL(line("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"),
                      "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80\n");
    // C1 control characters, and bytes that are no UTF-8: stray, cut off, over-long, surrogate, too high.
    BOOST_CHECK_EQUAL(line("\xc2\x9b"), "\\xc2\\x9b\n");
    BOOST_CHECK_EQUAL(line("\xff\x80"), "\\xff\\x80\n");
    BOOST_CHECK_EQUAL(line("\xe2\x82"), "\\xe2\\x82\n");
    BOOST_CHECK_EQUAL(line("\xc3z"), "\\xc3z\n");
    BOOST_CHECK_EQUAL(line("\xc0\x8a"), "\\xc0\\x8a\n");
    BOOST_CHECK_EQUAL(line("\xe0\x80\x8a"), "\\xe0\\x80\\x8a\n");
    BOOST_CHECK_EQUAL(line("\xed\xa0\x80"), "\\xed\\xa0\\x80\n");
    BOOST_CHECK_EQUAL(line("\xf0\x80\x80\x8a"), "\\xf0\\x80\\x80\\x8a\n");
    BOOST_CHECK_EQUAL(line("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80\n");
}

BOOST_AUTO_TEST_CASE(json_lines)
{
    const test::TempDir dir;
    base::Clock clock;
    clock.SetMockTime(1);
    auto options = Plain(dir.File("log"));
    options.json_lines = true;
    options.timestamps = true;
    options.thread_names = true;
    options.clock = &clock;
    Logger logger;
    BOOST_REQUIRE(logger.Open(options));
    EMC_LOG(logger, Warning, Names, "a \"b\" \\ \n\x01 \xc3\xbc \xc2\x85 \xff");
    options.timestamps = false;
    options.thread_names = false;
    BOOST_REQUIRE(logger.Open(options));
    logger.Write(LogLevel::Info, LogCategory::None, "", SITE_A);
    const auto lines = LinesOf(dir.File("log"));
    BOOST_REQUIRE_EQUAL(lines.size(), 2U);
    BOOST_CHECK_EQUAL(lines[0],
                      "{\"time\":\"1970-01-01T00:00:01Z\",\"level\":\"warning\",\"category\":\"names\","
                      "\"thread\":\"main\",\"text\":\"a \\\"b\\\" \\\\ \\u000a\\u0001 \xc3\xbc \\u0085 "
                      "\\u00ff\"}");
    BOOST_CHECK_EQUAL(lines[1], "{\"level\":\"info\",\"text\":\"\"}");
}

BOOST_AUTO_TEST_CASE(rate_limit_per_site_and_hour)
{
    const test::TempDir dir;
    base::Clock clock;
    clock.SetMockTime(1000000);
    auto options = Plain(dir.File("log"));
    options.site_bytes_per_hour = 10;
    options.clock = &clock;
    Logger logger;
    BOOST_REQUIRE(logger.Open(options));
    const auto write = [&logger](std::string_view text, const char* site) {
        logger.Write(LogLevel::Info, LogCategory::None, text, site);
    };
    write("12345", SITE_A);
    write("67890", SITE_A);
    write("x", SITE_A);
    write("y", SITE_A);
    write("elsewhere", SITE_B);
    write("no site, no limit", nullptr);
    clock.SetMockTime(1000000 + 3599);
    write("z", SITE_A);
    clock.SetMockTime(1000000 + 3600);
    write("longer than the whole hour may be", SITE_A);
    write("w", SITE_A);
    // A clock set back starts a new hour too.
    clock.SetMockTime(5);
    write("back", SITE_A);
    const std::vector<std::string> expected = {
        "12345",
        "67890",
        "[warning] a.cpp:1: too many lines, more of them are left out for up to an hour",
        "elsewhere",
        "no site, no limit",
        "[warning] a.cpp:1: 3 lines were left out",
        "longer than the whole hour may be",
        "[warning] a.cpp:1: too many lines, more of them are left out for up to an hour",
        "[warning] a.cpp:1: 1 lines were left out",
        "back",
    };
    const auto lines = LinesOf(dir.File("log"));
    BOOST_CHECK_EQUAL_COLLECTIONS(lines.begin(), lines.end(), expected.begin(), expected.end());
}

BOOST_AUTO_TEST_CASE(asked_for_lines_have_no_limit)
{
    const test::TempDir dir;
    auto options = Plain(dir.File("log"));
    options.site_bytes_per_hour = 10;
    Logger logger;
    BOOST_REQUIRE(logger.Open(options));
    logger.EnableCategories(LogCategory::Dns, true);
    for (int i = 0; i < 20; ++i)
        EMC_LOG(logger, Debug, Dns, "line number %d", i);
    BOOST_CHECK_EQUAL(LinesOf(dir.File("log")).size(), 20U);
    options.site_bytes_per_hour = 0;
    BOOST_REQUIRE(logger.Open(options));
    for (int i = 0; i < 20; ++i)
        EMC_LOG(logger, Info, None, "line number %d", i);
    BOOST_CHECK_EQUAL(LinesOf(dir.File("log")).size(), 40U);
}

BOOST_AUTO_TEST_CASE(opening_and_reopening)
{
    const test::TempDir dir;
    Logger logger;
    errno = 0;
    BOOST_CHECK(!logger.Open(Plain(dir.File("missing/log"))));
    BOOST_CHECK_EQUAL(errno, ENOENT);
    BOOST_REQUIRE(logger.Open(Plain(dir.File("log"))));
    EMC_LOG(logger, Info, None, "before");
    std::filesystem::rename(dir.File("log"), dir.File("log.1"));
    EMC_LOG(logger, Info, None, "still in the old file");
    logger.Reopen();
    EMC_LOG(logger, Info, None, "after");
    BOOST_CHECK_EQUAL(LinesOf(dir.File("log.1")).size(), 2U);
    BOOST_CHECK_EQUAL(LinesOf(dir.File("log")).size(), 1U);
    // The folder is gone: the open file goes on.
    std::filesystem::create_directory(dir.File("sub"));
    BOOST_REQUIRE(logger.Open(Plain(dir.File("sub/log"))));
    std::filesystem::rename(dir.File("sub"), dir.File("moved"));
    logger.Reopen();
    EMC_LOG(logger, Info, None, "kept");
    BOOST_CHECK_EQUAL(LinesOf(dir.File("moved/log")).size(), 1U);
    // A full disk is no reason to stop.
    BOOST_REQUIRE(logger.Open(Plain("/dev/full")));
    EMC_LOG(logger, Info, None, "lost");
}

BOOST_AUTO_TEST_CASE(console)
{
    const test::TempDir dir;
    Logger::Options options;
    options.console = true;
    options.timestamps = false;
    Logger logger;
    BOOST_REQUIRE(logger.Open(options));
    std::fflush(stdout);
    const int saved = ::dup(STDOUT_FILENO);
    const int file = ::open(dir.File("out").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ::dup2(file, STDOUT_FILENO);
    EMC_LOG(logger, Info, Mining, "to the console");
    ::dup2(saved, STDOUT_FILENO);
    ::close(saved);
    ::close(file);
    const auto lines = LinesOf(dir.File("out"));
    BOOST_REQUIRE_EQUAL(lines.size(), 1U);
    BOOST_CHECK_EQUAL(lines[0], "[mining] to the console");
}

BOOST_AUTO_TEST_CASE(threads_do_not_mix_lines)
{
    const test::TempDir dir;
    Logger logger;
    BOOST_REQUIRE(logger.Open(Plain(dir.File("log"))));
    {
        std::vector<base::Thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back("writer", [&logger, i] {
                for (int n = 0; n < 200; ++n) {
                    EMC_LOG(logger, Info, None, "%s", std::string(50, static_cast<char>('a' + i)).c_str());
                }
            });
        }
    }
    const auto lines = LinesOf(dir.File("log"));
    BOOST_CHECK_EQUAL(lines.size(), 800U);
    for (const std::string& line : lines)
        BOOST_CHECK_EQUAL(line, std::string(50, line.front()));
}

BOOST_AUTO_TEST_SUITE_END()
