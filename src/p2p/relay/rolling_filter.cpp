#include "p2p/relay/rolling_filter.h"

#include "base/check.h"
#include "crypto/hash.h"

#include <algorithm>
#include <cmath>

namespace emc::p2p {
namespace {

constexpr size_t WORD_BITS = 64;
constexpr double LN2 = 0.6931471805599453;
/// Elements of the first filter.
constexpr size_t FIRST_ELEMENTS = 256;
/// Filters at the same time: sizes double from the first on until two of the largest have come. Each answers
/// by itself, so each may be wrong as much more seldom.
constexpr double MOST_GENERATIONS = 8;

size_t BitOf(uint64_t hash, unsigned function, size_t bits)
{
    // The hash and the number of the function, mixed until every bit depends on every other (SplitMix64).
    uint64_t word = hash + function * 0x9e3779b97f4a7c15;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
    word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
    word ^= word >> 31;
    __extension__ using Wide = unsigned __int128;
    return static_cast<size_t>(static_cast<Wide>(word) * bits >> 64);
}

} // namespace

RollingFilter::RollingFilter(size_t capacity, double false_positive, base::RandomSource& random)
    : m_capacity(capacity), m_key0(random.Next64()), m_key1(random.Next64())
{
    EMC_CHECK(capacity >= 2 && false_positive > 0 && false_positive < 1);
    const double log_of_each = std::log(false_positive / MOST_GENERATIONS);
    m_bits_per_element = -log_of_each / (LN2 * LN2);
    m_functions = std::max(1u, static_cast<unsigned>(std::lround(-log_of_each / LN2)));
    Clear();
}

void RollingFilter::Begin(size_t elements)
{
    Generation fresh;
    fresh.capacity = std::min(elements, (m_capacity + 1) / 2);
    fresh.words.resize(
        static_cast<size_t>(static_cast<double>(fresh.capacity) * m_bits_per_element) / WORD_BITS + 1);
    m_generations.push_back(std::move(fresh));
}

bool RollingFilter::Has(const Generation& generation, uint64_t hash) const
{
    const size_t bits = generation.words.size() * WORD_BITS;
    for (unsigned i = 0; i < m_functions; ++i) {
        const size_t bit = BitOf(hash, i, bits);
        if ((generation.words[bit / WORD_BITS] >> (bit % WORD_BITS) & 1) == 0) return false;
    }
    return true;
}

void RollingFilter::Add(base::ByteSpan element)
{
    const uint64_t hash = crypto::SipHash24(m_key0, m_key1, element);
    if (m_generations.back().elements == m_generations.back().capacity) {
        Begin(m_generations.back().capacity * 2);
        size_t remembered = 0; // by the newest ones
        size_t kept = m_generations.size();
        while (kept > 0 && remembered < m_capacity)
            remembered += m_generations[--kept].elements;
        m_generations.erase(m_generations.begin(), m_generations.begin() + static_cast<ptrdiff_t>(kept));
    }
    Generation& newest = m_generations.back();
    if (Has(newest, hash)) return;
    ++newest.elements;
    const size_t bits = newest.words.size() * WORD_BITS;
    for (unsigned i = 0; i < m_functions; ++i) {
        const size_t bit = BitOf(hash, i, bits);
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
    if (m_generations.size() == 1 && m_generations[0].elements == 0) return;
    m_generations.clear();
    Begin(FIRST_ELEMENTS);
}

size_t RollingFilter::Bytes() const
{
    size_t bytes = 0;
    for (const Generation& generation : m_generations)
        bytes += generation.words.size() * sizeof(uint64_t);
    return bytes;
}

} // namespace emc::p2p
