/// Counters of one thread that answers: it alone writes, anybody reads.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace emc::dns {

inline constexpr size_t COUNTED_TRANSPORTS = 3; ///< by Transport
inline constexpr size_t COUNTED_TYPES = 24;     ///< by CountedType
inline constexpr size_t COUNTED_RCODES = 24;    ///< by rcode, BADCOOKIE the last
inline constexpr size_t COUNTED_ZONES = 65;     ///< by place in the zone list; the last: no zone
/// Upper ends of the classes of time from receiving to sending, in microseconds; longer ones have a class of
/// their own.
inline constexpr std::array<uint32_t, 10> LATENCY_BOUNDS_US = {50,   100,  250,    500,    1000,
                                                               2500, 5000, 10'000, 25'000, 100'000};

/// Place of a record type among COUNTED_TYPES; the last stands for all that are not named.
[[nodiscard]] size_t CountedType(uint16_t type);
/// Its name for people, "other" for the last, empty for places that are not used.
[[nodiscard]] const char* CountedTypeName(size_t place);
/// Name of an rcode, empty for those that are never sent.
[[nodiscard]] const char* RcodeName(size_t rcode);

struct alignas(64) Counters {
    struct Count {
        std::atomic<uint64_t> value{0};

        void Add(uint64_t step = 1)
        {
            value.store(value.load(std::memory_order_relaxed) + step, std::memory_order_relaxed);
        }

        [[nodiscard]] uint64_t Get() const { return value.load(std::memory_order_relaxed); }
    };

    Count queries; ///< packets received
    Count answers; ///< with at least one record in the answer section
    Count nodata;  ///< NOERROR without, referrals included
    Count nxdomain;
    Count refused;
    Count servfail;
    Count formerr;
    Count notimp;  ///< BADVERS and BADCOOKIE included
    Count limited; ///< one too many: dropped, or sent with TC alone
    Count truncated;
    Count dropped;
    Count slow;     ///< answered from the chain because the store did not hold the name
    Count verified; ///< with a good cookie

    std::array<Count, COUNTED_TRANSPORTS> transport; ///< packets received
    std::array<Count, COUNTED_TYPES> type;           ///< questions that could be read
    std::array<Count, COUNTED_RCODES> rcode;         ///< answers sent
    std::array<Count, COUNTED_ZONES> zone;           ///< questions that were looked for

    std::array<Count, LATENCY_BOUNDS_US.size() + 1> latency; ///< answers by class of time
    Count latency_us;                                        ///< sum of those times

    /// Notes `count` answers that took so long each.
    void NoteLatency(uint64_t microseconds, uint64_t count)
    {
        size_t place = 0;
        while (place < LATENCY_BOUNDS_US.size() && microseconds > LATENCY_BOUNDS_US[place])
            ++place;
        latency[place].Add(count);
        latency_us.Add(microseconds * count);
    }
};

} // namespace emc::dns
