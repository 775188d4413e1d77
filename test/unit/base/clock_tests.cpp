#include "base/clock.h"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <ctime>
#include <thread>

namespace {

using namespace emc;

} // namespace

BOOST_AUTO_TEST_SUITE(clock_tests)

BOOST_AUTO_TEST_CASE(follows_the_system_until_mocked)
{
    base::Clock clock;
    BOOST_CHECK_EQUAL(clock.MockTime(), 0);
    const int64_t system = std::time(nullptr);
    BOOST_CHECK_GE(clock.NowSec(), system);
    BOOST_CHECK_LE(clock.NowSec(), system + 5);
    BOOST_CHECK_GE(clock.NowMs(), system * 1000);
    BOOST_CHECK_LE(clock.NowMs(), (system + 5) * 1000);
    clock.SetMockTime(1234);
    BOOST_CHECK_EQUAL(clock.NowSec(), 1234);
    BOOST_CHECK_EQUAL(clock.NowMs(), 1234000);
    BOOST_CHECK_EQUAL(clock.MockTime(), 1234);
    clock.SetMockTime(0);
    BOOST_CHECK_GE(clock.NowSec(), system);
}

BOOST_AUTO_TEST_CASE(steady_time_goes_on)
{
    const int64_t start = base::SteadyMicros();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    BOOST_CHECK_GE(base::SteadyMicros() - start, 2000);
}

BOOST_AUTO_TEST_CASE(time_text)
{
    BOOST_CHECK_EQUAL(base::TimeText(0), "1970-01-01T00:00:00Z");
    BOOST_CHECK_EQUAL(base::TimeText(1795334400), "2026-11-22T08:00:00Z");
    BOOST_CHECK_EQUAL(base::TimeText(951782399), "2000-02-28T23:59:59Z");
    BOOST_CHECK_EQUAL(base::TimeText(951782400), "2000-02-29T00:00:00Z");
    BOOST_CHECK_EQUAL(base::TimeText(4107542400), "2100-03-01T00:00:00Z");
    BOOST_CHECK_EQUAL(base::TimeText(-1), "1969-12-31T23:59:59Z");
    BOOST_CHECK_EQUAL(base::TimeText(INT64_MAX), "9999-12-31T23:59:59Z");
    BOOST_CHECK_EQUAL(base::TimeText(INT64_MIN), "0000-01-01T00:00:00Z");
}

BOOST_AUTO_TEST_SUITE_END()
