/// Tells in the log how far long work has come.
#pragma once

#include "base/clock.h"
#include "base/log.h"

#include <algorithm>

namespace emc::chain {

/// One thread. `what` begins the line: "writing the snapshot: 42 % done, about 30 s left".
class Progress
{
public:
    static constexpr int64_t EVERY_US = 10'000'000;

    Progress(base::Logger& log, std::string what) : m_log(log), m_what(std::move(what)) {}

    /// `share`: 0 … 1 of all work. Writes a line when the last one is ten seconds old.
    void At(double share)
    {
        const int64_t now = base::SteadyMicros();
        if (now - m_last_us < EVERY_US) return;
        m_last_us = now;
        const double done = std::clamp(share, 0.0, 1.0);
        EMC_LOG(m_log, Info, Chain, "%s: %.1f %% done, about %lld s left", m_what.c_str(), done * 100,
                static_cast<long long>(SecondsLeft(done)));
    }

    /// What is left at the present pace; 0 while nothing is known.
    [[nodiscard]] int64_t SecondsLeft(double share) const
    {
        const double gone = share - m_first_share;
        if (gone <= 0) return 0;
        const auto took = static_cast<double>(base::SteadyMicros() - m_began_us);
        return static_cast<int64_t>(took * (1.0 - share) / gone / 1'000'000);
    }

    /// Counts from here: what was done before says nothing about the pace.
    void Begin(double share)
    {
        m_first_share = share;
        m_began_us = m_last_us = base::SteadyMicros();
    }

private:
    base::Logger& m_log;
    const std::string m_what;
    double m_first_share = 0;
    int64_t m_began_us = base::SteadyMicros();
    int64_t m_last_us = m_began_us;
};

} // namespace emc::chain
