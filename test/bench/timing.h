#pragma once
// What several benchmarks measure with: clock and processor time of the process, and the rate of bare
// verification.

#include "base/clock.h"
#include "crypto/keys.h"
#include "crypto/random.h"

#include <algorithm>
#include <time.h>
#include <utility>
#include <vector>

namespace emc::bench {

inline double Seconds(int64_t micros)
{
    return static_cast<double>(micros) / 1e6;
}

/// Seconds of processor time: CLOCK_PROCESS_CPUTIME_ID, or CLOCK_THREAD_CPUTIME_ID for the caller's thread
/// alone.
inline double CpuSeconds(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Times {
    double wall_sec = 0;
    double cpu_sec = 0; ///< of all threads
};

class Stopwatch
{
public:
    [[nodiscard]] Times Read() const
    {
        return {Seconds(base::SteadyMicros() - m_wall), CpuSeconds(CLOCK_PROCESS_CPUTIME_ID) - m_cpu};
    }

private:
    const int64_t m_wall = base::SteadyMicros();
    const double m_cpu = CpuSeconds(CLOCK_PROCESS_CPUTIME_ID);
};

inline double Median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Signatures of one key, and their bare verification by libsecp256k1, key parsing included.
class Signatures
{
public:
    Signatures()
    {
        crypto::TestRandom random(1);
        const auto key = crypto::PrivateKey::Generate(random);
        m_key = key.Public();
        for (auto& [hash, der] : m_made) {
            random.Fill(hash.bytes);
            der = key.SignEcdsa(hash, false);
        }
    }

    /// Verifies `count` of them in turn; false when one does not hold. Any thread.
    [[nodiscard]] bool Verify(size_t count) const
    {
        bool good = true;
        for (size_t i = 0; i < count; ++i) {
            const auto& [hash, der] = m_made[i % m_made.size()];
            const auto parsed = crypto::PublicKey::From(m_key.Span());
            good = good && parsed && crypto::VerifyEcdsa(*parsed, hash, der);
        }
        return good;
    }

private:
    crypto::PublicKey m_key;
    std::vector<std::pair<base::Hash256, base::Bytes>> m_made{512};
};

} // namespace emc::bench
