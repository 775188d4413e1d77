/// Answers compiled by a worker itself because the store does not hold them; direct-mapped, valid for one
/// generation.
#pragma once

#include "dns/message/wire.h"

namespace emc::dns {

/// Fixed number of places, each bounded: about 4 MiB at most. One thread.
class MissCache
{
public:
    static constexpr size_t PLACES = 2048;
    static constexpr size_t MAX_ENTRY_BYTES = 2048;

    /// The entry bytes remembered for a key; an empty optional when nothing is known, empty bytes: no such
    /// name.
    [[nodiscard]] std::optional<ByteSpan> Find(uint64_t hash, ByteSpan key, uint64_t generation) const
    {
        if (m_places.empty()) return std::nullopt;
        const Place& place = m_places[hash % PLACES];
        if (place.generation != generation || place.hash != hash || place.key.size() != key.size() ||
            std::memcmp(place.key.data(), key.data(), key.size()) != 0) {
            return std::nullopt;
        }
        return ByteSpan(place.entry);
    }

    /// Remembers an entry unless it is too large, and gives its place in memory, valid until the next call.
    ByteSpan Remember(uint64_t hash, ByteSpan key, uint64_t generation, Bytes entry)
    {
        if (entry.size() > MAX_ENTRY_BYTES) {
            m_large = std::move(entry);
            return m_large;
        }
        if (m_places.empty()) m_places.resize(PLACES);
        Place& place = m_places[hash % PLACES];
        place.hash = hash;
        place.generation = generation;
        place.key.assign(key.begin(), key.end());
        place.entry = std::move(entry);
        return place.entry;
    }

private:
    struct Place {
        uint64_t hash = 0;
        uint64_t generation = 0; ///< generations begin at 1
        Bytes key;
        Bytes entry;
    };

    std::vector<Place> m_places; ///< made at the first use
    Bytes m_large;
};

} // namespace emc::dns
