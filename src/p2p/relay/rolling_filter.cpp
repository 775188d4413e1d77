#include "p2p/relay/rolling_filter.h"

#include "base/check.h"
#include "crypto/hash.h"

#include <algorithm>
#include <cmath>

namespace emc::p2p {
namespace {

constexpr size_t WORD_BITS = 64;
constexpr double LN2 = 0.6931471805599453;

} // namespace

RollingFilter::RollingFilter(size_t capacity, double false_positive, base::RandomSource& random)
    : m_per_generation((capacity + 1) / 2), m_key0(random.Next64()), m_key1(random.Next64())
{
    EMC_CHECK(capacity >= 2 && false_positive > 0 && false_positive < 1);
    // Each generation answers by itself, so each may be wrong a third as often.
    const double log_of_each = std::log(false_positive / static_cast<double>(GENERATIONS));
    const double bits = -static_cast<double>(m_per_generation) * log_of_each / (LN2 * LN2);
    const size_t words = static_cast<size_t>(bits) / WORD_BITS + 1;
    m_bits = words * WORD_BITS;
    m_functions = std::max(1u, static_cast<unsigned>(std::lround(-log_of_each / LN2)));
    for (Generation& generation : m_generations)
        generation.words.resize(words);
}

size_t RollingFilter::BitOf(uint64_t hash, unsigned function) const
{
    // The hash and the number of the function, mixed until every bit depends on every other (SplitMix64).
    uint64_t word = hash + function * 0x9e3779b97f4a7c15;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    word ^= word >> 31;
    __extension__ using Wide = unsigned __int128;
    return static_cast<size_t>(static_cast<Wide>(word) * m_bits >> 64);
}

bool RollingFilter::Has(const Generation& generation, uint64_t hash) const
{
    for (unsigned i = 0; i < m_functions; ++i) {
        const size_t bit = BitOf(hash, i);
        if ((generation.words[bit / WORD_BITS] >> (bit % WORD_BITS) & 1) == 0) return false;
    }
    return true;
}

void RollingFilter::Add(base::ByteSpan element)
{
    const uint64_t hash = crypto::SipHash24(m_key0, m_key1, element);
    if (m_generations[m_newest].elements == m_per_generation) {
        m_newest = (m_newest + 1) % GENERATIONS;
        Generation& oldest = m_generations[m_newest];
        std::fill(oldest.words.begin(), oldest.words.end(), 0);
        oldest.elements = 0;
    }
    Generation& newest = m_generations[m_newest];
    if (Has(newest, hash)) return;
    ++newest.elements;
    for (unsigned i = 0; i < m_functions; ++i) {
        const size_t bit = BitOf(hash, i);
        newest.words[bit / WORD_BITS] |= uint64_t{1} << (bit % WORD_BITS);
    }
}

bool RollingFilter::Contains(base::ByteSpan element) const
{
    const uint64_t hash = crypto::SipHash24(m_key0, m_key1, element);
    return std::any_of(m_generations.begin(), m_generations.end(),
                       [&](const Generation& g) { return g.elements > 0 && Has(g, hash); });
}

void RollingFilter::Clear()
{
    for (Generation& generation : m_generations) {
        if (generation.elements == 0) continue;
        std::fill(generation.words.begin(), generation.words.end(), 0);
        generation.elements = 0;
    }
}

size_t RollingFilter::Bytes() const
{
    return GENERATIONS * m_bits / 8;
}

} // namespace emc::p2p
