#include "dns/revocation.h"

namespace emc::dns {

bool PatientRevocation::AcceptWithoutBucket(std::string_view verifier, std::string_view bucket) const
{
    const int64_t now = m_clock.NowSec();
    {
        const base::LockGuard lock(m_mutex);
        auto at = m_missing.find(bucket);
        if (at == m_missing.end()) {
            if (m_missing.size() >= MAX_BUCKETS) return false;
            at = m_missing.emplace(std::string(bucket), Missing{now, false}).first;
        }
        if (now - at->second.since_sec < WAIT_SEC) return false;
        if (at->second.warned) return true;
        at->second.warned = true;
    }
    const std::string list(bucket);
    const std::string who(verifier);
    EMC_LOG(m_log, Warning, Dns, "revocation list %s of %s is missing; signatures are accepted without it",
            list.c_str(), who.c_str());
    return true;
}

void PatientRevocation::Forget(std::string_view bucket)
{
    const base::LockGuard lock(m_mutex);
    const auto at = m_missing.find(bucket);
    if (at != m_missing.end()) m_missing.erase(at);
}

} // namespace emc::dns
