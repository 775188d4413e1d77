/// The automatic mode of rewards: as the options say, or as it was set since, which the store keeps.
#pragma once

#include "base/mutex.h"
#include "interfaces/call_automatic.h"
#include "storage/failure.h"

namespace emc::base {
class Logger;
}

namespace emc::storage {
class KvStore;
}

namespace emc::calls {

/// The latest word counts: what was set stays over a restart for as long as the options say what they said
/// when it was set. Any thread.
class AutomaticSettings
{
public:
    /// The store must outlive it. What was kept beside other options is forgotten; a damaged row is named in
    /// the log, and the options count.
    AutomaticSettings(storage::KvStore& store, const interfaces::AutomaticMode& from_options,
                      base::Logger& log);
    AutomaticSettings(const AutomaticSettings&) = delete;
    AutomaticSettings& operator=(const AutomaticSettings&) = delete;

    [[nodiscard]] interfaces::AutomaticMode Now() const;
    /// From the moment on at which it is on the disk; nothing changes when that fails.
    [[nodiscard]] storage::StorageResult<void> Set(const interfaces::AutomaticMode& mode);

private:
    void Read(base::Logger& log);

    storage::KvStore& m_store;
    const interfaces::AutomaticMode m_from_options;
    mutable base::Mutex<base::LockRank::Leaf> m_mutex;
    interfaces::AutomaticMode m_now EMC_GUARDED_BY(m_mutex);
};

} // namespace emc::calls
