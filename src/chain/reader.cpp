#include "base/clock.h"
#include "chain/block_index.h"
#include "chain/block_store.h"
#include "chain/history.h"
#include "chain/readers.h"

#include <algorithm>
#include <set>

namespace emc::chain {
namespace {

constexpr int64_t DISK_BYTES_AGE_US = 1'000'000;
// JSON-RPC error codes of Bitcoin Core's list.
constexpr int RPC_MISC_ERROR = -1;
constexpr int RPC_NOT_FOUND = -5;
constexpr const char* PRUNED_TEXT = "Block not available (pruned: its file was removed to save space)";

base::Unexpected<interfaces::Failure> Fault(int code, std::string message)
{
    return base::Unexpected(interfaces::Failure{code, std::move(message)});
}

} // namespace

const consensus::Params& Reader::Params() const
{
    return m_engine.Params();
}

interfaces::Tip Reader::GetTip() const
{
    auto tip = *m_engine.State().Tip();
    tip.header_height = std::max(tip.height, m_engine.Index().HeaderHeight());
    return tip;
}

bool Reader::Awaited(const BlockEntry& entry) const
{
    const auto history = m_engine.HistoryNow();
    return history && entry.height > history->tip->height && history->base->Ancestor(entry.height) == &entry;
}

interfaces::BlockInfo Reader::InfoOf(const BlockEntry& entry) const
{
    const BlockEntry now = m_engine.Index().Copy(entry);
    interfaces::BlockInfo info;
    info.hash = now.hash;
    static_cast<primitives::PlainHeader&>(info.header) = now.header;
    info.height = now.height;
    info.median_time = entry.MedianTime();
    info.tx_count = now.tx_count;
    info.chain_tx_count = now.chain_tx_count;
    info.chain_work = now.fork_state.pow_work;
    info.trust = now.fork_state.trust;
    info.has_data = now.HasData();
    info.invalid = now.Invalid();
    info.awaited = Awaited(entry);
    info.size = now.data_bytes;
    const auto tip = m_engine.State().Tip();
    info.in_best_chain = m_engine.Index().InBestChain(entry) && now.height <= tip->height;
    if (info.in_best_chain) {
        info.confirmations = tip->height - now.height + 1;
        const BlockEntry* next =
            now.height < tip->height ? m_engine.Index().AtHeight(now.height + 1) : nullptr;
        if (next != nullptr && next->parent == &entry) info.next_hash = next->hash;
    }
    if ((now.status & STATUS_PROOF) != 0) info.header.auxpow = m_engine.ProofOf(now.hash);
    return info;
}

std::optional<interfaces::BlockInfo> Reader::BlockByHash(const base::Hash256& hash) const
{
    const BlockEntry* entry = m_engine.Index().Find(hash);
    if (entry == nullptr) return std::nullopt;
    return InfoOf(*entry);
}

std::optional<interfaces::BlockInfo> Reader::BlockByHeight(int32_t height) const
{
    const BlockEntry* entry = m_engine.Index().AtHeight(height);
    if (entry == nullptr) return std::nullopt;
    return InfoOf(*entry);
}

base::Expected<primitives::BlockRef, interfaces::Failure> Reader::ReadBlock(const base::Hash256& hash) const
{
    const BlockEntry* entry = m_engine.Index().Find(hash);
    if (entry == nullptr) return Fault(RPC_NOT_FOUND, "Block not found");
    const BlockEntry now = m_engine.Index().Copy(*entry);
    if (now.Pruned()) return Fault(RPC_MISC_ERROR, PRUNED_TEXT);
    if (!now.HasData() && Awaited(*entry)) {
        const auto history = m_engine.HistoryNow();
        return Fault(
            RPC_MISC_ERROR,
            base::Format("Block not available yet: it lies below the snapshot that was loaded at height "
                         "%d and has not come (see getchainstates)",
                         history ? history->base->height : now.height));
    }
    if (!now.HasData()) return Fault(RPC_MISC_ERROR, "Block not available (not fully downloaded)");
    auto block = m_engine.Blocks().ReadBlock(now.data, hash);
    if (block) return *block;
    if (m_engine.Index().Copy(*entry).Pruned()) return Fault(RPC_MISC_ERROR, PRUNED_TEXT); // just now
    return Fault(RPC_MISC_ERROR, "Block cannot be read: " + storage::Describe(block.Error()));
}

base::Expected<std::vector<std::vector<primitives::Coin>>, interfaces::Failure>
Reader::ReadSpentCoins(const base::Hash256& hash) const
{
    const BlockEntry* entry = m_engine.Index().Find(hash);
    if (entry == nullptr) return Fault(RPC_NOT_FOUND, "Block not found");
    if (entry->parent == nullptr) return std::vector<std::vector<primitives::Coin>>(1);
    const BlockEntry now = m_engine.Index().Copy(*entry);
    if (now.Pruned()) return Fault(RPC_MISC_ERROR, PRUNED_TEXT);
    if ((now.status & STATUS_UNDO) == 0)
        return Fault(RPC_MISC_ERROR, Awaited(*entry)
                                         ? "Undo data not available yet: the block lies below the "
                                           "loaded snapshot and is not checked (see getchainstates)"
                                         : "Undo data not available (block never connected)");
    auto undo = m_engine.Blocks().ReadUndo(now.undo, hash);
    if (!undo) return Fault(RPC_MISC_ERROR, "Undo data cannot be read: " + storage::Describe(undo.Error()));
    return std::move(undo->spent);
}

std::optional<primitives::Coin> Reader::GetCoin(const primitives::OutPoint& outpoint) const
{
    return m_engine.State().Get(outpoint);
}

std::vector<interfaces::ChainReader::ChainTip> Reader::Tips() const
{
    const auto& index = m_engine.Index();
    std::set<const BlockEntry*> leaves;
    std::set<const BlockEntry*> inner;
    index.ForEach([&](const BlockEntry& entry) {
        leaves.insert(&entry);
        if (entry.parent != nullptr) inner.insert(entry.parent);
    });
    const BlockEntry* best = index.Tip();
    inner.erase(best);
    std::vector<ChainTip> out;
    for (const BlockEntry* leaf : leaves) {
        if (inner.contains(leaf)) continue;
        const BlockEntry now = index.Copy(*leaf);
        ChainTip tip;
        tip.hash = leaf->hash;
        tip.height = leaf->height;
        tip.branch_length = leaf->height - CommonAncestor(leaf, best)->height;
        tip.status = leaf == best                           ? "active"
                     : now.Invalid()                        ? "invalid"
                     : now.chain_tx_count == 0              ? "headers-only"
                     : (now.status & STATUS_CONNECTED) != 0 ? "valid-fork"
                                                            : "valid-headers";
        out.push_back(std::move(tip));
    }
    std::sort(out.begin(), out.end(), [](const ChainTip& a, const ChainTip& b) {
        return a.height != b.height ? a.height > b.height : a.hash < b.hash;
    });
    return out;
}

double Reader::VerificationProgress() const
{
    return m_engine.ProgressOf(*m_engine.State().Tip());
}

uint64_t Reader::DiskBytes() const
{
    // Looking at all files takes system calls, and callers ask often: what was seen stands for a while.
    const int64_t now = base::SteadyMicros();
    if (now >= m_disk_until_us.load(std::memory_order_acquire)) {
        m_disk_bytes.store(m_engine.Blocks().DiskBytes(), std::memory_order_relaxed);
        m_disk_until_us.store(now + DISK_BYTES_AGE_US, std::memory_order_release);
    }
    return m_disk_bytes.load(std::memory_order_relaxed);
}

} // namespace emc::chain
