#include "dns/zone/prefix_index.h"

#include <algorithm>
#include <map>

namespace emc::dns {

namespace {

constexpr unsigned FULL = 15;

constexpr std::array<uint64_t, FULL + 1> PowersOfTen()
{
    std::array<uint64_t, FULL + 1> out{};
    out[0] = 1;
    for (size_t i = 1; i <= FULL; ++i)
        out[i] = out[i - 1] * 10;
    return out;
}

constexpr auto POWER = PowersOfTen();

unsigned DigitsOf(uint64_t value)
{
    unsigned digits = 1;
    while (digits < FULL && value >= POWER[digits])
        ++digits;
    return digits;
}

/// First counter of prefixes of this length: 10 + 100 + … shorter ones lie before.
size_t CounterBase(unsigned digits)
{
    return static_cast<size_t>((POWER[digits] - 10) / 9);
}

uint64_t Aligned(uint64_t value, unsigned digits)
{
    return value * POWER[FULL - digits] * 16 + digits;
}

} // namespace

PrefixIndex::PrefixIndex() : m_counters(COUNTERS) {}

size_t PrefixIndex::BucketOf(uint64_t first_six)
{
    return static_cast<size_t>(first_six * 0x9e3779b97f4a7c15 >> 54);
}

bool PrefixIndex::HasBelow(uint64_t value, unsigned digits) const
{
    if (digits == 0 || digits >= FULL || value >= POWER[digits]) return false;
    if (digits <= COUNTED) {
        const size_t at = CounterBase(digits) + static_cast<size_t>(value);
        return m_counters[at].load(std::memory_order_relaxed) > 0;
    }
    const auto bucket = m_buckets[BucketOf(value / POWER[digits - 6])].Load();
    if (!bucket) return false;
    const auto at = std::lower_bound(bucket->begin(), bucket->end(), Aligned(value, digits) + 1);
    return at != bucket->end() && *at < Aligned(value + 1, digits) - digits;
}

void PrefixIndex::Count(uint64_t value, unsigned digits, int32_t step)
{
    for (unsigned length = 1; length <= COUNTED && length < digits; ++length) {
        const size_t at = CounterBase(length) + static_cast<size_t>(value / POWER[digits - length]);
        m_counters[at].fetch_add(step, std::memory_order_relaxed);
    }
}

void PrefixIndex::Change(const std::vector<uint64_t>& added, const std::vector<uint64_t>& removed)
{
    struct Group {
        Bucket in;
        Bucket out;
    };

    std::map<size_t, Group> groups;
    const auto note = [&](uint64_t value, bool add) {
        const unsigned digits = DigitsOf(value);
        Count(value, digits, add ? 1 : -1);
        if (digits <= 6) return;
        Group& group = groups[BucketOf(value / POWER[digits - 6])];
        (add ? group.in : group.out).push_back(Aligned(value, digits));
    };
    for (const uint64_t value : added)
        note(value, true);
    for (const uint64_t value : removed)
        note(value, false);
    for (auto& [place, group] : groups) {
        std::sort(group.in.begin(), group.in.end());
        std::sort(group.out.begin(), group.out.end());
        const auto old = m_buckets[place].Load();
        Bucket kept;
        if (old)
            std::set_difference(old->begin(), old->end(), group.out.begin(), group.out.end(),
                                std::back_inserter(kept));
        auto next = std::make_shared<Bucket>();
        next->reserve(kept.size() + group.in.size());
        std::merge(kept.begin(), kept.end(), group.in.begin(), group.in.end(), std::back_inserter(*next));
        m_buckets[place].Store(std::move(next));
    }
    m_numbers.fetch_add(added.size() - removed.size(), std::memory_order_relaxed);
}

void PrefixIndex::Clear()
{
    for (auto& counter : m_counters)
        counter.store(0, std::memory_order_relaxed);
    for (auto& bucket : m_buckets)
        bucket.Store(nullptr);
    m_numbers.store(0, std::memory_order_relaxed);
}

size_t PrefixIndex::Bytes() const
{
    return COUNTERS * sizeof(int32_t) + m_numbers.load(std::memory_order_relaxed) * sizeof(uint64_t);
}

} // namespace emc::dns
