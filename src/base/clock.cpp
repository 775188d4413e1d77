#include "base/clock.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace emc::base {

namespace {

/// The years RFC 3339 can write: 0000 to 9999.
constexpr int64_t FIRST_SECOND = -62167219200;
constexpr int64_t LAST_SECOND = 253402300799;

} // namespace

int64_t Clock::NowSec() const
{
    const int64_t mock = MockTime();
    if (mock != 0) return mock;
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count();
}

int64_t Clock::NowMs() const
{
    const int64_t mock = MockTime();
    if (mock != 0) return mock * 1000;
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
}

int64_t SteadyMicros()
{
    const auto since_start = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(since_start).count();
}

std::string TimeText(int64_t unix_sec)
{
    const std::time_t when = std::clamp(unix_sec, FIRST_SECOND, LAST_SECOND);
    std::tm parts{};
    gmtime_r(&when, &parts);
    std::array<char, 80> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900,
                      parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    return std::string(text.data(), static_cast<size_t>(length));
}

} // namespace emc::base
