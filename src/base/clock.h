/// Time as a thing that is passed in, so that tests and `setmocktime` can move it.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace emc::base {

/// Wall clock with an optional fixed time. One object per process, passed by reference. Any thread.
class Clock
{
public:
    /// Unix seconds: the mock time when one is set, else the system's.
    [[nodiscard]] int64_t NowSec() const;
    /// Unix milliseconds (mock time × 1000 when one is set).
    [[nodiscard]] int64_t NowMs() const;

    /// Fixes the time at `unix_sec` (> 0); 0 lets the system's time run again.
    void SetMockTime(int64_t unix_sec) { m_mock_sec.store(unix_sec, std::memory_order_relaxed); }

    /// The fixed time, 0 when the clock runs.
    [[nodiscard]] int64_t MockTime() const { return m_mock_sec.load(std::memory_order_relaxed); }

private:
    std::atomic<int64_t> m_mock_sec{0};
};

/// Microseconds of a clock that never goes back and that no mock time moves; for measuring durations.
[[nodiscard]] int64_t SteadyMicros();

/// "2026-11-21T08:00:00Z" for unix seconds (RFC 3339, UTC); times outside the years 0 to 9999 give the
/// nearest end.
[[nodiscard]] std::string TimeText(int64_t unix_sec);

} // namespace emc::base
