/// Missing revocation lists: signatures are refused for five minutes, then accepted with a warning.
#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "names/resolve.h"

#include <map>

namespace emc::dns {

/// Any thread.
class PatientRevocation final : public names::RevocationPolicy
{
public:
    static constexpr int64_t WAIT_SEC = 300;

    PatientRevocation(const base::Clock& clock, base::Logger& log) : m_clock(clock), m_log(log) {}

    [[nodiscard]] bool AcceptWithoutBucket(std::string_view verifier, std::string_view bucket) const override;
    /// Forgets a list that has appeared.
    void Forget(std::string_view bucket);

private:
    static constexpr size_t MAX_BUCKETS = 4096;

    struct Missing {
        int64_t since_sec = 0;
        bool warned = false;
    };

    const base::Clock& m_clock;
    base::Logger& m_log;
    mutable base::Mutex<base::LockRank::Leaf> m_mutex;
    mutable std::map<std::string, Missing, std::less<>> m_missing EMC_GUARDED_BY(m_mutex);
};

} // namespace emc::dns
