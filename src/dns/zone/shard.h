/// One immutable part of the zone store: an open hash table over compiled entries in one block of memory.
#pragma once

#include "base/memory.h"
#include "dns/zone/entry.h"

namespace emc::dns {

inline constexpr size_t SHARD_COUNT = 1024;

/// Immutable; any thread.
class Shard
{
public:
    /// The entry of a key with this hash; an empty view when there is none.
    [[nodiscard]] EntryView Find(uint64_t hash, ByteSpan key) const;

    /// Calls `visit(EntryView)` for each entry.
    template <typename F>
    void ForEach(F visit) const
    {
        for (size_t at = 0; at < m_blob.size();) {
            const EntryView entry(m_blob.data() + at);
            visit(entry);
            at += entry.Size();
        }
    }

    /// The entry at a place in the block, 0 for the first and the end of one for the next; empty at the end.
    [[nodiscard]] EntryView EntryAt(size_t place) const
    {
        return place < m_blob.size() ? EntryView(m_blob.data() + place) : EntryView();
    }

    [[nodiscard]] size_t Count() const { return m_count; }

    [[nodiscard]] size_t Bytes() const { return m_blob.capacity() + m_slots.capacity() * sizeof(Slot); }

    /// The earliest end of validity of its entries.
    [[nodiscard]] int32_t MinValidHeight() const { return m_min_height; }

    [[nodiscard]] uint32_t MinValidSec() const { return m_min_sec; }

private:
    friend class ShardBuilder;

    struct Slot {
        uint32_t tag = 0;
        uint32_t place = UINT32_MAX; ///< offset ÷ 8 in the block; UINT32_MAX: free
    };

    std::vector<Slot> m_slots; ///< a power of two, at most 3 of 4 taken
    base::Bytes m_blob;
    size_t m_count = 0;
    int32_t m_min_height = std::numeric_limits<int32_t>::max();
    uint32_t m_min_sec = std::numeric_limits<uint32_t>::max();
};

/// Collects entries, then makes the shard. One thread.
class ShardBuilder
{
public:
    /// `entry`: as EntryBuilder made it. Keys must differ.
    void Add(uint64_t hash, ByteSpan entry);

    [[nodiscard]] size_t Bytes() const { return m_blob.size() + m_hashes.size() * 12; }

    /// Empties the builder.
    [[nodiscard]] std::shared_ptr<const Shard> Finish();

private:
    base::Bytes m_blob;
    std::vector<uint64_t> m_hashes;
};

} // namespace emc::dns
