// Checking blocks that are already connected, without touching the state.
#include "base/log.h"
#include "chain/block_index.h"
#include "chain/block_store.h"
#include "chain/engine.h"
#include "chain/history.h"
#include "chain/progress.h"
#include "chain/script_pool.h"
#include "chain/watermark_changes.h"

#include <algorithm>
#include <map>

namespace emc::chain {
namespace {

using primitives::Coin;
using primitives::OutPoint;

/// The state with some blocks taken back in memory.
class Overlay final : public consensus::CoinView,
                      public consensus::NameStateView,
                      public reward::WatermarkView,
                      public reward::EndedWatermarks
{
public:
    explicit Overlay(const StateCache& below) : m_below(below) {}

    std::optional<Coin> Get(const OutPoint& outpoint) const override
    {
        if (const auto it = m_coins.find(outpoint); it != m_coins.end()) return it->second;
        return m_below.Get(outpoint);
    }

    std::optional<names::NameRecord> Get(std::string_view name) const override
    {
        if (const auto it = m_names.find(std::string(name)); it != m_names.end()) return it->second;
        return m_below.Get(name);
    }

    std::optional<std::string> NameByOutpoint(const OutPoint& outpoint) const override
    {
        if (const auto it = m_outpoints.find(outpoint); it != m_outpoints.end()) return it->second;
        return m_below.NameByOutpoint(outpoint);
    }

    std::optional<uint32_t> EndOf(const reward::CallPair& pair) const override
    {
        if (const auto* entry = m_watermarks.Find(pair)) return entry->current;
        return m_below.EndOf(pair);
    }

    std::vector<reward::Watermark> EndedBefore(int64_t sec) const override
    {
        auto out = m_below.EndedBefore(sec);
        std::erase_if(out, [&](const auto& row) { return m_watermarks.Find(row.pair) != nullptr; });
        const auto changed = m_watermarks.EndedBefore(sec);
        out.insert(out.end(), changed.begin(), changed.end());
        return out;
    }

    /// About so much memory the changes take.
    [[nodiscard]] size_t Bytes() const { return m_bytes; }

    /// Text of what does not fit, if anything.
    std::optional<std::string> TakeBack(const primitives::Block& block, int32_t height, const BlockUndo& undo)
    {
        if (undo.spent.size() != block.transactions.size())
            return "the undo record has another number of transactions";
        for (size_t t = block.transactions.size(); t-- > 0;) {
            const auto& tx = *block.transactions[t];
            const auto role = consensus::RoleOf(block, t);
            for (size_t i = 0; i < tx.Outputs().size(); ++i) {
                const auto coin = consensus::CoinOf(tx, i, height, role);
                if (!coin) continue;
                const OutPoint outpoint{tx.Txid(), static_cast<uint32_t>(i)};
                if (Get(outpoint) != coin) return "an output is not in the state as the block made it";
                m_coins[outpoint] = std::nullopt;
                m_bytes += ENTRY_BYTES;
            }
            const auto& spent = undo.spent[t];
            const size_t expected = role == consensus::TxRole::Coinbase ? 0 : tx.Inputs().size();
            if (spent.size() != expected) return "the undo record has another number of inputs";
            for (size_t i = 0; i < spent.size(); ++i) {
                m_coins[tx.Inputs()[i].prevout] = spent[i];
                m_bytes += ENTRY_BYTES + spent[i].out.script_pubkey.size();
            }
        }
        for (const auto& delta : undo.names) {
            SetName(delta.name, Get(delta.name), delta.before);
            m_bytes += 3 * ENTRY_BYTES + (delta.before ? delta.before->value.size() : 0);
        }
        for (const auto& delta : undo.watermarks) {
            m_watermarks.Set(delta.pair, EndOf(delta.pair), delta.before);
            m_bytes += WATERMARK_ENTRY_BYTES;
        }
        return std::nullopt;
    }

    void Redo(const consensus::BlockDelta& delta)
    {
        for (const auto& outpoint : delta.removed)
            m_coins[outpoint] = std::nullopt;
        for (const auto& made : delta.created)
            m_coins[made.outpoint] = made.coin;
        for (const auto& change : delta.names)
            SetName(change.name, change.before, change.after);
        for (const auto& change : delta.watermarks)
            m_watermarks.Set(change.pair, change.before, change.after);
    }

private:
    void SetName(const std::string& name, const std::optional<names::NameRecord>& from,
                 const std::optional<names::NameRecord>& to)
    {
        m_names[name] = to;
        if (from) m_outpoints[from->outpoint] = std::nullopt;
        if (to) m_outpoints[to->outpoint] = name;
    }

    /// A node of a map with an outpoint and a coin.
    static constexpr size_t ENTRY_BYTES = 200;

    const StateCache& m_below;
    size_t m_bytes = 0;
    std::map<OutPoint, std::optional<Coin>> m_coins;
    std::map<std::string, std::optional<names::NameRecord>> m_names;
    std::map<OutPoint, std::optional<std::string>> m_outpoints;
    WatermarkChanges m_watermarks;
};

std::string At(const BlockEntry& entry, const std::string& what)
{
    return "block " + base::ReversedHex(entry.hash) + " at height " + std::to_string(entry.height) + ": " +
           what;
}

constexpr const char* INTERRUPTED = "Interrupted: the node stops";

/// Level 4 goes up again what level 3 went down: each is half of the work.
double ShareOf(int32_t done, int32_t all, int level)
{
    return static_cast<double>(done) / std::max(all, 1) / (level >= 4 ? 2 : 1);
}

} // namespace

std::optional<std::string> Engine::VerifyBlocks(int level, int32_t blocks)
{
    auto problem = VerifyDown(level, blocks);
    if (problem && *problem != INTERRUPTED)
        EMC_LOG(m_deps.log, Warning, Chain, "verification: %s", problem->c_str());
    return problem;
}

std::optional<std::string> Engine::VerifyDown(int level, int32_t blocks)
{
    const BlockEntry* tip = m_index->Tip();
    // Below the base of a snapshot there may be no blocks yet.
    const int32_t lowest = m_history ? m_history->Base().height : 0;
    const int32_t all = tip->height - lowest;
    const int32_t count = blocks <= 0 ? all : std::min(blocks, all);
    Progress progress(m_deps.log, "verifying blocks");
    Overlay overlay(*m_state);
    // Names come back in the order they were changed, so an output spent within its own block is seen as
    // absent.
    const BlockEntry* state_at = tip; // the overlay shows the state after this block
    const BlockEntry* walk = tip;
    for (int32_t i = 0; i < count; ++i, walk = walk->parent) {
        if (StopAsked()) return INTERRUPTED;
        progress.At(ShareOf(i, count, level));
        const BlockEntry now = m_index->Copy(*walk);
        if (now.Pruned()) {
            EMC_LOG(m_deps.log, Info, Chain, "verification ends at height %d, where blocks are pruned",
                    walk->height);
            break;
        }
        const auto block = m_blocks->ReadBlock(now.data, walk->hash);
        if (!block) return At(*walk, storage::Describe(block.Error()));
        if (level >= 1) {
            if (const auto good = CheckAgain(**block, *walk->parent); !good) {
                return At(*walk, m_blocks->BlockFiles().PathOf(now.data.file) + ": " +
                                     consensus::Describe(good.Error()));
            }
        }
        if (level < 2) continue;
        const auto undo = m_blocks->ReadUndo(now.undo, walk->hash);
        if (!undo) return At(*walk, storage::Describe(undo.Error()));
        if (level < 3 || state_at != walk) continue;
        if (overlay.Bytes() > m_options.cache_bytes) {
            EMC_LOG(
                m_deps.log, Info, Chain,
                "verification: memory (-dbcache) is full; blocks from height %d down are checked to level 2",
                walk->height);
            continue;
        }
        if (const auto problem = overlay.TakeBack(**block, walk->height, *undo)) return At(*walk, *problem);
        state_at = walk->parent;
    }
    if (level < 4) return std::nullopt;
    for (int32_t height = state_at->height + 1; height <= tip->height; ++height) {
        if (StopAsked()) return INTERRUPTED;
        progress.At(0.5 + ShareOf(height - state_at->height, tip->height - state_at->height, level));
        const BlockEntry& entry = *tip->Ancestor(height);
        const auto block = m_blocks->ReadBlock(m_index->Copy(entry).data, entry.hash);
        if (!block) return At(entry, storage::Describe(block.Error()));
        auto context = ConnectContextOf(*entry.parent, *m_state);
        context.coins = &overlay;
        context.names = &overlay;
        context.watermarks = &overlay;
        context.ended = &overlay;
        const auto delta = consensus::ConnectBlock(**block, context);
        if (!delta) return At(entry, consensus::Describe(delta.Error()));
        overlay.Redo(*delta);
    }
    return std::nullopt;
}

consensus::Verdict Engine::CheckAgain(const primitives::Block& block, const BlockEntry& parent) const
{
    if (const auto header = consensus::CheckHeader(block.header, m_deps.params); !header) return header;
    return CheckWithHeight(block, parent, consensus::CheckBlock(block));
}

} // namespace emc::chain
