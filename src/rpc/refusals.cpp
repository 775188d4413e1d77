#include "rpc/refusals.h"

#include "base/clock.h"

#include <algorithm>

namespace emc::rpc {

namespace {

constexpr int64_t SPACING_US = 250'000;
constexpr int64_t MAX_DELAY_US = 16'000'000;

} // namespace

int RefusalPace::NextDelayMs()
{
    const int64_t now = base::SteadyMicros();
    const base::LockGuard lock(m_mutex);
    if (m_next_us > now + MAX_DELAY_US) return -1;
    m_next_us = std::max(now, m_next_us) + SPACING_US;
    return static_cast<int>((m_next_us - now) / 1000);
}

} // namespace emc::rpc
