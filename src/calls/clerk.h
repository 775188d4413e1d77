/// Does what is due with call records by itself: reads watched folders, removes what is too old.
#pragma once

#include "base/memory.h"
#include "calls/folder_watch.h"

namespace emc::base {
class Clock;
class Logger;
} // namespace emc::base

namespace emc::interfaces {
struct CallSource;
}

namespace emc::calls {

class CallStore;

/// A thread of its own, from Start to destruction.
class Clerk
{
public:
    struct Options {
        std::vector<FolderWatch> watches;
        int keep_days = 0; ///< calls that ended earlier are removed; 0: none
        bool poll = false; ///< look again and again, and do not wait for the kernel to tell of changes
    };

    struct Deps {
        CallStore& store;
        base::Clock& clock;
        base::Logger& log;
    };

    Clerk(Options options, const Deps& deps);
    ~Clerk();
    Clerk(const Clerk&) = delete;
    Clerk& operator=(const Clerk&) = delete;

    void Start();
    /// What the watches brought since the start. Any thread.
    [[nodiscard]] std::vector<interfaces::CallSource> Sources() const;

    /// The latest end of a call that is believed: now, and five minutes for clocks that are fast.
    [[nodiscard]] static uint64_t LatestMs(const base::Clock& clock);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Adds what was found to what is known of a source: counts, and the newest problems.
void AddNews(interfaces::CallSource& source, const FolderNews& news, int64_t now_sec);

} // namespace emc::calls
