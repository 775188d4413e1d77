/// A set of bounded memory that forgets the oldest: what a peer knows, who misbehaved.
#pragma once

#include "base/random.h"

namespace emc::p2p {

/// Remembers at least the last `capacity` elements and at most one and a half times as many; says "yes" for
/// others with about the given chance. Three Bloom filters in turn, each for half the capacity: when the
/// newest is full, the oldest is emptied and takes its place. One thread.
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
    static constexpr size_t GENERATIONS = 3;

    struct Generation {
        std::vector<uint64_t> words;
        size_t elements = 0;
    };

    [[nodiscard]] bool Has(const Generation& generation, uint64_t hash) const;
    [[nodiscard]] size_t BitOf(uint64_t hash, unsigned function) const;

    size_t m_per_generation;
    size_t m_bits = 0; ///< of one generation
    unsigned m_functions = 0;
    uint64_t m_key0;
    uint64_t m_key1;
    std::array<Generation, GENERATIONS> m_generations;
    size_t m_newest = 0;
};

} // namespace emc::p2p
