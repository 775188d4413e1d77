/// A set of bounded memory that forgets the oldest: what a peer knows, who misbehaved.
#pragma once

#include "base/random.h"

namespace emc::p2p {

/// Remembers at least the last `capacity` elements; says "yes" for others with at most about the given
/// chance. Bloom filters of growing size, each twice as large as the one before, up to half the capacity:
/// when the newest is full, another is begun, and the oldest ones go that the others can do without. So
/// memory follows what has been added, up to 33 bits for each of one and a half times the capacity at a
/// chance of one in a million. One thread.
class RollingFilter
{
public:
    /// capacity ≥ 2, 0 < false_positive < 1. The key of the hashes is taken from `random`.
    RollingFilter(size_t capacity, double false_positive, base::RandomSource& random);

    void Add(base::ByteSpan element);
    [[nodiscard]] bool Contains(base::ByteSpan element) const;
    /// Forgets everything; the key stays.
    void Clear();

    /// Bytes of memory for the bits.
    [[nodiscard]] size_t Bytes() const;

private:
    struct Generation {
        std::vector<uint64_t> words;
        size_t capacity = 0;
        size_t elements = 0;
    };

    void Begin(size_t elements);
    [[nodiscard]] bool Has(const Generation& generation, uint64_t hash) const;

    size_t m_capacity;
    double m_bits_per_element = 0;
    unsigned m_functions = 0;
    uint64_t m_key0;
    uint64_t m_key1;
    std::vector<Generation> m_generations; ///< oldest first; all but the last are full
};

} // namespace emc::p2p
