#include "base/check.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace emc::base {

namespace {

std::atomic<unsigned long>& FailureCount()
{
    static std::atomic<unsigned long> count{0};
    return count;
}

} // namespace

void CheckFailed(const char* file, int line, const char* expression)
{
    std::fprintf(stderr, "%s:%d: this must hold but does not: %s\n", file, line, expression);
    std::fflush(stderr);
    std::abort();
}

void AssumeFailed([[maybe_unused]] const char* file, [[maybe_unused]] int line,
                  [[maybe_unused]] const char* expression)
{
#ifdef EMC_DEBUG
    CheckFailed(file, line, expression);
#else
    FailureCount().fetch_add(1, std::memory_order_relaxed);
#endif
}

unsigned long AssumeFailures()
{
    return FailureCount().load(std::memory_order_relaxed);
}

} // namespace emc::base
