#include "dns/limit/rate_limit.h"

#include "crypto/hash.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <memory>

namespace emc::dns {

namespace {

constexpr size_t ROW_PLACES = 8; // one cache line
constexpr size_t V4_NETWORK_BYTES = 15;
constexpr size_t V6_NETWORK_BYTES = 7;
constexpr int64_t MS_PER_SEC = 1000;

// A place: 20 bits that tell networks apart, 24 bits of milliseconds, 20 bits of answers not yet forgiven.
constexpr unsigned LEVEL_BITS = 20;
constexpr unsigned TIME_BITS = 24;
constexpr uint64_t LEVEL_MASK = (uint64_t{1} << LEVEL_BITS) - 1;
constexpr uint64_t TIME_MASK = (uint64_t{1} << TIME_BITS) - 1;
static_assert(uint64_t{MAX_RATE} * (MAX_RATE_WINDOW_SEC + 1) <= LEVEL_MASK);

struct Place {
    uint64_t tag = 0;
    uint64_t time_ms = 0;
    uint64_t level = 0;

    static Place Unpack(uint64_t word)
    {
        return {word >> (LEVEL_BITS + TIME_BITS), word >> LEVEL_BITS & TIME_MASK, word & LEVEL_MASK};
    }

    [[nodiscard]] uint64_t Pack() const
    {
        return tag << (LEVEL_BITS + TIME_BITS) | time_ms << LEVEL_BITS | level;
    }

    /// Forgives what time has passed for; whole answers only, so that no fraction is lost.
    void Age(uint64_t now_ms, uint64_t per_second)
    {
        const uint64_t passed = (now_ms - time_ms) & TIME_MASK;
        const uint64_t forgiven = passed * per_second / MS_PER_SEC;
        if (forgiven >= level) {
            level = 0;
            time_ms = now_ms;
        } else if (forgiven > 0) {
            level -= forgiven;
            time_ms = (time_ms + forgiven * MS_PER_SEC / per_second) & TIME_MASK;
        }
    }
};

} // namespace

struct alignas(64) RateLimiter::Row {
    std::array<std::atomic<uint64_t>, ROW_PLACES> places;
};

RateLimiter::RateLimiter(const RateLimits& limits, uint64_t key0, uint64_t key1)
    : m_limits(limits), m_key0(key0), m_key1(key1)
{
    m_limits.per_second = std::min(m_limits.per_second, MAX_RATE);
    m_limits.window_sec = std::clamp(m_limits.window_sec, 1u, MAX_RATE_WINDOW_SEC);
    const size_t rows = std::bit_ceil(std::max<size_t>(m_limits.places / ROW_PLACES, 1));
    m_mask = rows - 1;
    if (m_limits.per_second > 0) m_rows = std::make_unique<Row[]>(rows);
}

RateLimiter::~RateLimiter() = default;

bool RateLimiter::Note(uint64_t hash, int64_t now_ms)
{
    const auto now = static_cast<uint64_t>(now_ms) & TIME_MASK;
    const uint64_t tag = hash >> (LEVEL_BITS + TIME_BITS);
    Row& row = m_rows[hash & m_mask];
    std::atomic<uint64_t>* chosen = nullptr;
    Place place{tag, now, LEVEL_MASK + 1};
    uint64_t seen = 0;
    for (std::atomic<uint64_t>& candidate : row.places) {
        const uint64_t word = candidate.load(std::memory_order_relaxed);
        Place here = Place::Unpack(word);
        const bool empty = word == 0;
        if (!empty) here.Age(now, m_limits.per_second);
        if (!empty && here.tag == tag) {
            chosen = &candidate;
            place = here;
            seen = word;
            break;
        }
        if (empty || here.level < place.level) {
            chosen = &candidate;
            place = {tag, now, empty ? 0 : here.level};
            seen = word;
        }
    }
    // A place taken over from another network begins anew.
    if (Place::Unpack(seen).tag != tag) place = {tag, now, 0};
    const uint64_t most = uint64_t{m_limits.per_second} * (m_limits.window_sec + 1);
    place.level = std::min(place.level + 1, most);
    chosen->compare_exchange_strong(seen, place.Pack(), std::memory_order_relaxed);
    return place.level > m_limits.per_second;
}

bool RateLimiter::Exceeds(const base::IpBytes& ip, ReplyKind kind, int64_t now_ms)
{
    if (m_limits.per_second == 0) return false;
    std::array<uint8_t, 17> key{};
    const base::IpBytes network = LimitedNetwork(ip);
    std::copy(network.begin(), network.end(), key.begin());
    key.back() = static_cast<uint8_t>(kind);
    return Note(crypto::SipHash24(m_key0, m_key1, key), now_ms);
}

base::IpBytes LimitedNetwork(const base::IpBytes& ip)
{
    const size_t kept = base::IsMappedV4(ip) ? V4_NETWORK_BYTES : V6_NETWORK_BYTES;
    base::IpBytes out{};
    std::copy_n(ip.begin(), kept, out.begin());
    return out;
}

} // namespace emc::dns
