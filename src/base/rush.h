/// When the taker of a queue looks for itself instead of being woken.
#pragma once

#include "base/clock.h"
#include "base/mutex.h"

namespace emc::base {

/// To wake a thread costs more than most entries of a queue are worth. When some entries have come fast, one
/// after the other within the gap, a taker that has caught up naps for one gap and then looks again; entries
/// that come meanwhile wake nobody. So none waits longer than a gap, and single ones are handed over at once.
/// All members under the lock of the queue.
class Rush
{
public:
    explicit Rush(int64_t gap_ms) : m_gap_ms(gap_ms) {}

    /// An entry was put. False: the taker naps and need not be woken.
    [[nodiscard]] bool WakeFor() { return WakeFor(SteadyMicros()); }

    [[nodiscard]] bool WakeFor(int64_t now_us)
    {
        m_fast = now_us - m_last_us < m_gap_ms * 1'000 ? m_fast + 1 : 0;
        m_last_us = now_us;
        return !m_napping;
    }

    /// The taker found nothing: naps while entries come fast, returns at once when they do not. Then it looks
    /// again and waits for `changed` as usual.
    template <LockRank RANK>
    void Nap(CondVar& changed, Mutex<RANK>& mutex) EMC_REQUIRES(mutex)
    {
        if (m_fast < FAST_ENTRIES) return;
        m_napping = true;
        changed.WaitFor(mutex, m_gap_ms);
        m_napping = false;
    }

private:
    /// A block and what it sets off are not a rush.
    static constexpr int64_t FAST_ENTRIES = 16;

    const int64_t m_gap_ms;
    int64_t m_last_us = 0;
    int64_t m_fast = 0; ///< entries in a row
    bool m_napping = false;
};

} // namespace emc::base
