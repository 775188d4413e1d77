/// Which domains have names below them: the empty non-terminals of `dns:` zones (RFC 8020).
#pragma once

#include "base/snapshot.h"

#include <array>
#include <cstdint>
#include <vector>

namespace emc::dns {

/// A multiset of hashes of domains, one for each name below each domain; 8 bytes an item. Readers on any
/// thread; one writer.
class BelowIndex
{
public:
    /// Is any name below the domain with this hash?
    [[nodiscard]] bool Has(uint64_t hash) const;

    /// Adds and removes items; removed ones must be there.
    void Change(std::vector<uint64_t> added, std::vector<uint64_t> removed);
    void Clear();

private:
    using Bucket = std::vector<uint64_t>; ///< sorted
    static constexpr size_t BUCKETS = 1024;

    [[nodiscard]] static size_t BucketOf(uint64_t hash);

    std::array<base::Snapshot<Bucket>, BUCKETS> m_buckets;
};

} // namespace emc::dns
