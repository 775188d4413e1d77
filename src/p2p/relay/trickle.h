/// Announces transactions in small groups at random times, so that nobody can see where one came from.
#pragma once

#include "base/function.h"
#include "base/random.h"
#include "p2p/relay/rolling_filter.h"

#include <set>

namespace emc::p2p {

/// Mean time between two groups to a peer that connected to us, and to one we connected to.
inline constexpr int64_t INBOUND_TRICKLE_MS = 5'000;
inline constexpr int64_t OUTBOUND_TRICKLE_MS = 2'000;
/// Announcements in one group: this many, and 5 for each thousand that wait, but never above the maximum.
inline constexpr size_t TRICKLE_GROUP = 35;
inline constexpr size_t TRICKLE_MORE_PER_THOUSAND = 5;
inline constexpr size_t MAX_TRICKLE_GROUP = 1'000;
/// Transactions that may wait for one peer; more are not announced to it.
inline constexpr size_t MAX_TRICKLE_WAITING = 50'000;
/// How many ids a peer is known to know, and how often that is wrong.
inline constexpr size_t KNOWN_TRANSACTIONS = 50'000;
inline constexpr double KNOWN_FALSE_POSITIVE = 0.000001;

/// What is to be announced to one peer. One thread; time never goes back.
class TrickleQueue
{
public:
    /// `mean_ms` is one of the two above. `random` must outlive the queue.
    TrickleQueue(int64_t mean_ms, int64_t now_ms, base::RandomSource& random);

    /// The peer has announced, sent or been sent it.
    void PeerKnows(const base::Hash256& id) { m_known.Add(id.Span()); }

    /// False when the peer knows it, it waits already, or too many wait.
    bool Push(const base::Hash256& id);

    /// True for an id that goes out before the other: parents before children, then by fee rate. A strict
    /// weak order.
    using Before = std::function<bool(const base::Hash256&, const base::Hash256&)>;
    /// False for an id that is no longer worth announcing (it left the mempool, or pays less than the peer
    /// wants).
    using Wanted = std::function<bool(const base::Hash256&)>;

    /// The next group when its time has come, else nothing. What it holds counts as known to the peer.
    [[nodiscard]] std::vector<base::Hash256> Take(int64_t now_ms, const Before& before, const Wanted& wanted);

    [[nodiscard]] size_t Waiting() const { return m_waiting.size(); }

    /// When Take gives the next group.
    [[nodiscard]] int64_t NextMs() const { return m_next_ms; }

private:
    void Schedule(int64_t now_ms);

    int64_t m_mean_ms;
    base::RandomSource& m_random;
    int64_t m_next_ms = 0;
    RollingFilter m_known;
    std::set<base::Hash256> m_waiting;
};

/// A waiting time from the exponential distribution with this mean, at most 16 times as long.
[[nodiscard]] int64_t RandomWaitMs(int64_t mean_ms, base::RandomSource& random);

} // namespace emc::p2p
