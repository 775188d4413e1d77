#include "dns/zone/below_index.h"

#include <algorithm>
#include <iterator>

namespace emc::dns {

size_t BelowIndex::BucketOf(uint64_t hash)
{
    return static_cast<size_t>(hash >> 54);
}

bool BelowIndex::Has(uint64_t hash) const
{
    const auto bucket = m_buckets[BucketOf(hash)].Load();
    return bucket && std::binary_search(bucket->begin(), bucket->end(), hash);
}

void BelowIndex::Change(std::vector<uint64_t> added, std::vector<uint64_t> removed)
{
    std::sort(added.begin(), added.end());
    std::sort(removed.begin(), removed.end());
    auto add = added.begin();
    auto remove = removed.begin();
    while (add != added.end() || remove != removed.end()) {
        const size_t place = std::min(add == added.end() ? BUCKETS : BucketOf(*add),
                                      remove == removed.end() ? BUCKETS : BucketOf(*remove));
        const auto beyond = [place](uint64_t hash) { return BucketOf(hash) > place; };
        const auto add_end = std::find_if(add, added.end(), beyond);
        const auto remove_end = std::find_if(remove, removed.end(), beyond);
        const auto old = m_buckets[place].Load();
        Bucket grown;
        if (old) {
            std::merge(old->begin(), old->end(), add, add_end, std::back_inserter(grown));
        } else {
            grown.assign(add, add_end);
        }
        auto next = std::make_shared<Bucket>();
        std::set_difference(grown.begin(), grown.end(), remove, remove_end, std::back_inserter(*next));
        m_buckets[place].Store(std::move(next));
        add = add_end;
        remove = remove_end;
    }
}

void BelowIndex::Clear()
{
    for (auto& bucket : m_buckets)
        bucket.Store(nullptr);
}

} // namespace emc::dns
