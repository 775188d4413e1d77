#include "p2p/relay/trickle.h"

#include <algorithm>
#include <cmath>

namespace emc::p2p {

int64_t RandomWaitMs(int64_t mean_ms, base::RandomSource& random)
{
    constexpr double MOST_MEANS = 16;
    constexpr uint64_t STEPS = uint64_t{1} << 53;
    const double uniform =
        static_cast<double>(1 + random.Below(STEPS)) / static_cast<double>(STEPS); // (0, 1]
    return static_cast<int64_t>(std::min(-std::log(uniform), MOST_MEANS) * static_cast<double>(mean_ms));
}

TrickleQueue::TrickleQueue(int64_t mean_ms, int64_t now_ms, base::RandomSource& random)
    : m_mean_ms(mean_ms), m_random(random), m_known(KNOWN_TRANSACTIONS, KNOWN_FALSE_POSITIVE, random)
{
    Schedule(now_ms);
}

void TrickleQueue::Schedule(int64_t now_ms)
{
    m_next_ms = now_ms + RandomWaitMs(m_mean_ms, m_random);
}

bool TrickleQueue::Push(const base::Hash256& id)
{
    if (m_waiting.size() >= MAX_TRICKLE_WAITING || m_known.Contains(id.Span())) return false;
    return m_waiting.insert(id).second;
}

std::vector<base::Hash256> TrickleQueue::Take(int64_t now_ms, const Before& before, const Wanted& wanted)
{
    std::vector<base::Hash256> out;
    if (now_ms < m_next_ms) return out;
    Schedule(now_ms);
    std::erase_if(m_waiting,
                  [&](const base::Hash256& id) { return m_known.Contains(id.Span()) || !wanted(id); });
    const size_t group =
        std::min(MAX_TRICKLE_GROUP, TRICKLE_GROUP + m_waiting.size() / 1'000 * TRICKLE_MORE_PER_THOUSAND);
    std::vector<base::Hash256> by_rank(m_waiting.begin(), m_waiting.end());
    const auto end = by_rank.begin() + static_cast<ptrdiff_t>(std::min(group, by_rank.size()));
    std::partial_sort(by_rank.begin(), end, by_rank.end(), before);
    out.assign(by_rank.begin(), end);
    for (const base::Hash256& id : out) {
        m_known.Add(id.Span());
        m_waiting.erase(id);
    }
    return out;
}

} // namespace emc::p2p
