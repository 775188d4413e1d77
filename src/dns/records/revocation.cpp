#include "dns/records/revocation.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"

#include <map>

namespace emc::dns {

struct PatientRevocation::State {
    static constexpr size_t MAX_BUCKETS = 4096;

    struct Missing {
        int64_t since_sec = 0;
        bool warned = false;
    };

    State(const base::Clock& the_clock, base::Logger& the_log) : clock(the_clock), log(the_log) {}

    const base::Clock& clock;
    base::Logger& log;
    base::Mutex<base::LockRank::Leaf> mutex;
    std::map<std::string, Missing, std::less<>> missing EMC_GUARDED_BY(mutex);
};

PatientRevocation::PatientRevocation(const base::Clock& clock, base::Logger& log)
    : m_state(std::make_unique<State>(clock, log))
{}

PatientRevocation::~PatientRevocation() = default;

bool PatientRevocation::AcceptWithoutBucket(std::string_view verifier, std::string_view bucket) const
{
    State& state = *m_state;
    const int64_t now = state.clock.NowSec();
    {
        const base::LockGuard lock(state.mutex);
        auto at = state.missing.find(bucket);
        if (at == state.missing.end()) {
            if (state.missing.size() >= State::MAX_BUCKETS) return false;
            at = state.missing.emplace(std::string(bucket), State::Missing{now, false}).first;
        }
        if (now - at->second.since_sec < WAIT_SEC) return false;
        if (at->second.warned) return true;
        at->second.warned = true;
    }
    const std::string list(bucket);
    const std::string who(verifier);
    EMC_LOG(state.log, Warning, Dns,
            "revocation list %s of %s is missing; signatures are accepted without it", list.c_str(),
            who.c_str());
    return true;
}

void PatientRevocation::Forget(std::string_view bucket)
{
    State& state = *m_state;
    const base::LockGuard lock(state.mutex);
    const auto at = state.missing.find(bucket);
    if (at != state.missing.end()) state.missing.erase(at);
}

} // namespace emc::dns
