#include "dns/zone/zone_store.h"

#include "crypto/hash.h"

#include <algorithm>

namespace emc::dns {

ZoneStore::ZoneStore(const Options& options) : m_options(options)
{
    for (size_t i = 0; i < options.zones; ++i)
        m_prefixes.push_back(std::make_unique<PrefixIndex>());
    m_noted_numbers.resize(options.zones);
}

uint64_t ZoneStore::HashOf(ByteSpan key) const
{
    return crypto::SipHash24(m_options.key0, m_options.key1, key);
}

ZoneStore::Found ZoneStore::Find(ByteSpan key) const
{
    const uint64_t hash = HashOf(key);
    Found out;
    out.hold = m_shards[ShardOf(hash)].Load();
    if (out.hold) out.entry = out.hold->Find(hash, key);
    return out;
}

bool ZoneStore::HasNumbersBelow(uint8_t zone_index, uint64_t value, unsigned digits) const
{
    return zone_index < m_prefixes.size() && m_prefixes[zone_index]->HasBelow(value, digits);
}

void ZoneStore::Note(ByteSpan key, bool before, bool after)
{
    if (before == after || key.empty()) return;
    const auto list_of = [after](Noted & noted) -> auto&
    {
        return after ? noted.added : noted.removed;
    };
    if (IsNumberKey(key)) {
        if (ZoneOfKey(key) < m_noted_numbers.size())
            list_of(m_noted_numbers[ZoneOfKey(key)]).push_back(NumberOfKey(key));
        return;
    }
    // Every domain above the name, down to those of two labels.
    for (ByteSpan above = key.subspan(size_t{1} + key[0]); !above.empty();) {
        const ByteSpan next = above.subspan(size_t{1} + above[0]);
        if (!next.empty()) list_of(m_noted_domains).push_back(HashOf(above));
        above = next;
    }
}

void ZoneStore::FlushNoted()
{
    for (size_t zone = 0; zone < m_noted_numbers.size(); ++zone) {
        Noted& noted = m_noted_numbers[zone];
        if (!noted.added.empty() || !noted.removed.empty()) {
            m_prefixes[zone]->Change(noted.added, noted.removed);
        }
        noted = {};
    }
    m_below.Change(std::move(m_noted_domains.added), std::move(m_noted_domains.removed));
    m_noted_domains = {};
}

void ZoneStore::ReplaceShard(size_t index, std::span<const HashedChange> changes)
{
    const auto old = m_shards[index].Load();
    const size_t old_bytes = old ? old->Bytes() : 0;
    const size_t old_count = old ? old->Count() : 0;
    ShardBuilder builder;
    const auto is_changed = [&](uint64_t hash, ByteSpan key) {
        auto at = std::lower_bound(changes.begin(), changes.end(), hash,
                                   [](const HashedChange& a, uint64_t wanted) { return a.hash < wanted; });
        for (; at != changes.end() && at->hash == hash; ++at) {
            if (std::ranges::equal(at->change->key, key)) return true;
        }
        return false;
    };
    if (old) {
        old->ForEach([&](const EntryView& entry) {
            const uint64_t hash = HashOf(entry.Key());
            if (!is_changed(hash, entry.Key())) builder.Add(hash, entry.Span());
        });
    }
    const size_t others = m_bytes.load(std::memory_order_relaxed) - old_bytes;
    for (const auto& [hash, change] : changes) {
        const EntryView previous = old ? old->Find(hash, change->key) : EntryView();
        const bool fits = others + builder.Bytes() + change->entry.size() <= m_options.max_bytes;
        const bool kept = !change->entry.empty() && fits;
        if (!change->entry.empty() && !fits) {
            (IsNumberKey(change->key) ? m_all_numbers : m_all_names).store(false, std::memory_order_release);
        }
        if (kept) builder.Add(hash, change->entry);
        Note(change->key, previous && !previous.IsAbsent(),
             kept && !EntryView(change->entry.data()).IsAbsent());
    }
    auto next = builder.Finish();
    m_bytes.fetch_add(next->Bytes() - old_bytes, std::memory_order_relaxed);
    m_names.fetch_add(next->Count() - old_count, std::memory_order_relaxed);
    m_shards[index].Store(std::move(next));
}

void ZoneStore::Apply(const std::vector<Change>& changes)
{
    if (changes.empty()) return;
    std::vector<HashedChange> order;
    order.reserve(changes.size());
    for (const Change& change : changes)
        order.push_back({HashOf(change.key), &change});
    std::stable_sort(order.begin(), order.end(), [](const HashedChange& a, const HashedChange& b) {
        return std::pair(ShardOf(a.hash), a.hash) < std::pair(ShardOf(b.hash), b.hash);
    });
    // A key may come twice; its last change counts.
    size_t kept = 0;
    for (const HashedChange& next : order) {
        if (kept > 0 && order[kept - 1].hash == next.hash && order[kept - 1].change->key == next.change->key)
            --kept;
        order[kept++] = next;
    }
    order.resize(kept);
    for (size_t i = 0; i < order.size();) {
        const size_t shard = ShardOf(order[i].hash);
        size_t end = i;
        while (end < order.size() && ShardOf(order[end].hash) == shard)
            ++end;
        ReplaceShard(shard, std::span(order).subspan(i, end - i));
        i = end;
    }
    FlushNoted();
    BumpGeneration();
}

void ZoneStore::Clear()
{
    m_all_numbers.store(false, std::memory_order_release);
    m_all_names.store(false, std::memory_order_release);
    for (auto& shard : m_shards)
        shard.Store(nullptr);
    for (auto& prefixes : m_prefixes)
        prefixes->Clear();
    m_below.Clear();
    m_names.store(0, std::memory_order_relaxed);
    m_bytes.store(0, std::memory_order_relaxed);
    BumpGeneration();
}

struct ZoneStore::Loader::State {
    std::array<ShardBuilder, SHARD_COUNT> builders;
    size_t bytes = 0;
};

ZoneStore::Loader::Loader(ZoneStore& store) : m_store(store), m_state(std::make_unique<State>())
{
    store.Clear();
}

ZoneStore::Loader::~Loader() = default;

bool ZoneStore::Loader::Add(ByteSpan entry)
{
    constexpr size_t SLOT_BYTES = 16; // of the table and the prefix index, on average
    if (m_state->bytes + entry.size() + SLOT_BYTES > m_store.m_options.max_bytes) return false;
    m_state->bytes += entry.size() + SLOT_BYTES;
    const ByteSpan key = EntryView(entry.data()).Key();
    const uint64_t hash = m_store.HashOf(key);
    m_state->builders[ShardOf(hash)].Add(hash, entry);
    m_store.Note(key, false, !EntryView(entry.data()).IsAbsent());
    return true;
}

void ZoneStore::Loader::Finish(bool all_numbers, bool all_names)
{
    m_store.FlushNoted();
    for (size_t i = 0; i < SHARD_COUNT; ++i) {
        auto shard = m_state->builders[i].Finish();
        m_store.m_bytes.fetch_add(shard->Bytes(), std::memory_order_relaxed);
        m_store.m_names.fetch_add(shard->Count(), std::memory_order_relaxed);
        m_store.m_shards[i].Store(std::move(shard));
    }
    m_store.BumpGeneration();
    m_store.m_all_numbers.store(all_numbers, std::memory_order_release);
    m_store.m_all_names.store(all_names, std::memory_order_release);
}

} // namespace emc::dns
