#include "dns/zone/shard.h"

#include <algorithm>
#include <bit>

namespace emc::dns {

namespace {

// The low bits of a hash choose the shard, the next ones the slot, the highest 32 are the tag.
constexpr unsigned SLOT_SHIFT = 10;
static_assert(size_t{1} << SLOT_SHIFT == SHARD_COUNT);

uint32_t TagOf(uint64_t hash)
{
    return static_cast<uint32_t>(hash >> 32);
}

} // namespace

EntryView Shard::Find(uint64_t hash, ByteSpan key) const
{
    if (m_slots.empty()) return {};
    const size_t mask = m_slots.size() - 1;
    const uint32_t tag = TagOf(hash);
    for (size_t i = static_cast<size_t>(hash >> SLOT_SHIFT) & mask;; i = (i + 1) & mask) {
        const Slot& slot = m_slots[i];
        if (slot.place == UINT32_MAX) return {};
        if (slot.tag != tag) continue;
        const EntryView entry(m_blob.data() + size_t{slot.place} * 8);
        const ByteSpan other = entry.Key();
        if (other.size() == key.size() && std::memcmp(other.data(), key.data(), key.size()) == 0)
            return entry;
    }
}

void ShardBuilder::Add(uint64_t hash, ByteSpan entry)
{
    m_blob.insert(m_blob.end(), entry.begin(), entry.end());
    m_hashes.push_back(hash);
}

std::shared_ptr<const Shard> ShardBuilder::Finish()
{
    auto out = std::make_shared<Shard>();
    if (!m_hashes.empty()) {
        out->m_blob.assign(m_blob.begin(), m_blob.end()); // a copy of exactly the size needed
        out->m_count = m_hashes.size();
        out->m_slots.resize(std::bit_ceil(m_hashes.size() * 4 / 3 + 1));
        const size_t mask = out->m_slots.size() - 1;
        size_t at = 0;
        for (const uint64_t hash : m_hashes) {
            size_t i = static_cast<size_t>(hash >> SLOT_SHIFT) & mask;
            while (out->m_slots[i].place != UINT32_MAX)
                i = (i + 1) & mask;
            out->m_slots[i] = {TagOf(hash), static_cast<uint32_t>(at / 8)};
            const EntryView entry(out->m_blob.data() + at);
            out->m_min_height = std::min(out->m_min_height, entry.ValidHeight());
            out->m_min_sec = std::min(out->m_min_sec, entry.ValidSec());
            at += entry.Size();
        }
    }
    // Given back at once: = {} would keep what they have taken.
    base::Bytes().swap(m_blob);
    std::vector<uint64_t>().swap(m_hashes);
    return out;
}

} // namespace emc::dns
