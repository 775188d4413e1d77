/// Which digit prefixes have numbers below them: the empty non-terminals of an ENUM zone (RFC 8020).
#pragma once

#include "base/snapshot.h"
#include "dns/message/wire.h"

#include <atomic>

namespace emc::dns {

/// Readers on any thread; one writer.
class PrefixIndex
{
public:
    PrefixIndex();

    /// Is there a number that begins with these digits and is longer? `value` has `digits` digits (1–14).
    [[nodiscard]] bool HasBelow(uint64_t value, unsigned digits) const;

    /// Adds and removes numbers (4–15 digits). Added ones must not be there yet, removed ones must be.
    void Change(const std::vector<uint64_t>& added, const std::vector<uint64_t>& removed);
    void Clear();
    /// Memory taken.
    [[nodiscard]] size_t Bytes() const;

private:
    using Bucket = std::vector<uint64_t>;  ///< sorted; digits left-aligned to 15, times 16, plus their count
    static constexpr unsigned COUNTED = 5; ///< prefixes up to this length have a counter
    static constexpr size_t COUNTERS = 111'110;
    static constexpr size_t BUCKETS = 1024;

    [[nodiscard]] static size_t BucketOf(uint64_t first_six);
    void Count(uint64_t value, unsigned digits, int32_t step);

    std::vector<std::atomic<int32_t>> m_counters;
    std::array<base::Snapshot<Bucket>, BUCKETS> m_buckets; ///< by the first six digits
    std::atomic<size_t> m_numbers{0};
};

} // namespace emc::dns
