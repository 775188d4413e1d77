#include "chain/held_blocks.h"

#include "base/random.h"
#include "chain/block_index.h"
#include "crypto/hash.h"

#include <algorithm>

namespace emc::chain {

using storage::StorageResult;

StakeBook::StakeBook(const BlockIndex& index, Source source, base::RandomSource& random)
    : m_source(std::move(source)), m_salt0(random.Next64()), m_salt1(random.Next64())
{
    index.ForEach([this](const BlockEntry& entry) {
        const bool stake = (entry.header.version & primitives::VERSION_POS) != 0;
        if (stake && entry.HasData()) m_uses.push_back({entry.header.time, 0, &entry});
    });
    std::sort(m_uses.begin(), m_uses.end(), [](const Use& a, const Use& b) { return a.time < b.time; });
}

uint64_t StakeBook::IdOf(const primitives::Block& block) const
{
    const auto& kernel = block.transactions[1]->Inputs()[0].prevout;
    return crypto::SipHash24(m_salt0 ^ kernel.index, m_salt1, kernel.txid.Span()) | 1;
}

void StakeBook::Add(const BlockEntry& entry, const primitives::Block& block)
{
    const uint32_t time = block.header.time;
    const auto place = std::upper_bound(m_uses.begin(), m_uses.end(), time,
                                        [](uint32_t at, const Use& use) { return at < use.time; });
    m_uses.insert(place, {time, IdOf(block), &entry});
}

StorageResult<size_t> StakeBook::Count(const primitives::Block& block)
{
    const uint32_t time = block.header.time;
    const uint64_t kernel = IdOf(block);
    size_t count = 0;
    auto use = std::lower_bound(m_uses.begin(), m_uses.end(), time,
                                [](const Use& a, uint32_t at) { return a.time < at; });
    for (; use != m_uses.end() && use->time == time; ++use) {
        if (use->kernel == 0) {
            const auto stored = m_source(*use->entry);
            if (!stored) return base::Unexpected(stored.Error());
            if (*stored == nullptr) continue;
            use->kernel = IdOf(**stored);
        }
        if (use->kernel == kernel) ++count;
    }
    return count;
}

HeldBlocks::HeldBlocks() = default;
HeldBlocks::~HeldBlocks() = default;

const HeldBlocks::Held* HeldBlocks::At(const base::Hash256& hash) const
{
    for (const auto& held : m_held) {
        if (held.entry->hash == hash) return &held;
    }
    return nullptr;
}

const BlockEntry* HeldBlocks::Find(const base::Hash256& hash) const
{
    const base::LockGuard lock(m_mutex);
    const Held* held = At(hash);
    return held == nullptr ? nullptr : held->entry.get();
}

primitives::BlockRef HeldBlocks::Block(const base::Hash256& hash) const
{
    const base::LockGuard lock(m_mutex);
    const Held* held = At(hash);
    return held == nullptr ? nullptr : held->block;
}

std::optional<KnownBlock> HeldBlocks::Known(const base::Hash256& hash) const
{
    const base::LockGuard lock(m_mutex);
    const Held* held = At(hash);
    if (held == nullptr) return std::nullopt;
    KnownBlock out;
    out.height = held->entry->height;
    out.previous = held->entry->header.prev_hash;
    out.held = true;
    out.time = held->entry->header.time;
    out.fork_state = held->entry->fork_state;
    return out;
}

void HeldBlocks::Forget(const BlockEntry* root)
{
    std::vector<const BlockEntry*> gone{root};
    std::erase_if(m_held, [&](const Held& held) EMC_NO_TSA {
        const BlockEntry* entry = held.entry.get();
        const bool goes = entry == root || std::find(gone.begin(), gone.end(), entry->parent) != gone.end();
        if (!goes) return false;
        gone.push_back(entry);
        m_bytes -= held.bytes;
        return true;
    });
}

void HeldBlocks::Keep(std::unique_ptr<BlockEntry> entry, const primitives::BlockRef& block)
{
    const size_t bytes = primitives::Serialize(*block).size();
    const base::LockGuard lock(m_mutex);
    m_held.push_back({std::move(entry), block, bytes});
    m_bytes += bytes;
    while (m_held.size() > MAX_HELD_BLOCKS || m_bytes > MAX_HELD_BYTES)
        Forget(m_held.front().entry.get());
}

std::vector<primitives::BlockRef> HeldBlocks::Take(const BlockEntry& last)
{
    const base::LockGuard lock(m_mutex);
    std::vector<primitives::BlockRef> out;
    const BlockEntry* lowest = nullptr;
    const BlockEntry* walk = &last;
    for (auto held = m_held.rbegin(); held != m_held.rend(); ++held) { // children before parents
        if (held->entry.get() != walk) continue;
        out.push_back(held->block);
        lowest = walk;
        walk = walk->parent;
    }
    std::reverse(out.begin(), out.end());
    if (lowest != nullptr) Forget(lowest);
    return out;
}

} // namespace emc::chain
