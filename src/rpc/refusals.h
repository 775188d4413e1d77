/// How fast secrets may be guessed.
#pragma once

#include "base/mutex.h"

namespace emc::rpc {

/// Spaces the refusals of a server: four a second over all its connections. Any thread.
class RefusalPace
{
public:
    /// Milliseconds until the next refusal may leave; negative: too many wait already, answer 503.
    [[nodiscard]] int NextDelayMs();

private:
    base::Mutex<base::LockRank::Leaf> m_mutex;
    int64_t m_next_us EMC_GUARDED_BY(m_mutex) = 0;
};

} // namespace emc::rpc
