/// Assertions for bugs in this program, never for bad input.
#pragma once

namespace emc::base {

/// Prints where and what to stderr and aborts. Called by the macros only.
[[noreturn]] void CheckFailed(const char* file, int line, const char* expression);
/// Counts a broken assumption in release builds (see AssumeFailures), aborts in debug builds.
void AssumeFailed(const char* file, int line, const char* expression);
/// How many EMC_ASSUME have failed since start; shown by metrics. Any thread.
unsigned long AssumeFailures();

} // namespace emc::base

/// A condition without which going on would do harm.
#define EMC_CHECK(expression)                                                                                \
    (static_cast<bool>(expression) ? static_cast<void>(0)                                                    \
                                   : ::emc::base::CheckFailed(__FILE__, __LINE__, #expression))
/// A condition that holds unless there is a bug, and with which release builds can live.
#define EMC_ASSUME(expression)                                                                               \
    (static_cast<bool>(expression) ? static_cast<void>(0)                                                    \
                                   : ::emc::base::AssumeFailed(__FILE__, __LINE__, #expression))
