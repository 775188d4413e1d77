/// Counters of one worker: it alone writes, anybody reads.
#pragma once

#include <atomic>
#include <cstdint>

namespace emc::dns {

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
    Count slow; ///< answered from the chain because the store did not hold the name
};

} // namespace emc::dns
