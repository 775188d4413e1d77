/// Response-rate limiting: a server that strangers cannot aim at others (the scheme of the well-known
/// authoritative servers: BIND, NSD, Knot).
#pragma once

#include "base/memory.h"
#include "base/subnet.h"

namespace emc::dns {

/// Answers are counted apart by what they say.
enum class ReplyKind : uint8_t { Answer, NoData, NxDomain, Error };

struct RateLimits {
    unsigned per_second = 200; ///< answers of one kind to one network (/24, /56); 0: no limit
    unsigned window_sec = 15;  ///< how much of a flood is remembered: this long it takes to be forgiven
    unsigned slip = 2;         ///< every n-th limited answer is sent cut to its question with TC; 0: none
    size_t places = 131'072;   ///< table size, rounded up to a power of two; 8 bytes each
};

inline constexpr unsigned MAX_RATE = 10'000;
inline constexpr unsigned MAX_RATE_WINDOW_SEC = 60;

/// A table of fixed size, keyed under a secret; when a row is full the calmest network gives way. Readers and
/// writers are all workers at once, without a lock: a lost race miscounts one answer.
class RateLimiter
{
public:
    /// Values beyond MAX_RATE and MAX_RATE_WINDOW_SEC are cut.
    RateLimiter(const RateLimits& limits, uint64_t key0, uint64_t key1);
    ~RateLimiter();

    /// Counts one answer; true when it is one too many. `now_ms` of a clock that never goes back.
    [[nodiscard]] bool Exceeds(const base::IpBytes& ip, ReplyKind kind, int64_t now_ms);

    [[nodiscard]] const RateLimits& Limits() const { return m_limits; }

private:
    struct Row;
    [[nodiscard]] bool Note(uint64_t hash, int64_t now_ms);

    RateLimits m_limits;
    uint64_t m_key0;
    uint64_t m_key1;
    size_t m_mask = 0; ///< number of rows − 1
    std::unique_ptr<Row[]> m_rows;
};

/// The network an address is counted with: /24 of IPv4, /56 of IPv6.
[[nodiscard]] base::IpBytes LimitedNetwork(const base::IpBytes& ip);

} // namespace emc::dns
