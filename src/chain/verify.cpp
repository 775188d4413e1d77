// Checking blocks that are already connected, on the caller's thread, on the state as of one tip: the chain
// goes on meanwhile.
#include "base/log.h"
#include "chain/block_index.h"
#include "chain/block_store.h"
#include "chain/committed_view.h"
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
    explicit Overlay(const CommittedView& below) : m_below(below) {}

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

    const CommittedView& m_below;
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

} // namespace

/// One verification under way.
struct Engine::Verification {
    /// The text of the first fault.
    [[nodiscard]] std::optional<std::string> Down(int32_t count);
    [[nodiscard]] std::optional<std::string> Up();

    /// Level 4 goes up again what level 3 went down: each is half of the work.
    [[nodiscard]] double ShareOf(int32_t done, int32_t all) const
    {
        return static_cast<double>(done) / std::max(all, 1) / (level >= 4 ? 2 : 1);
    }

    /// Was the block pruned, now or a while ago?
    [[nodiscard]] bool Gone(const BlockEntry& entry) const
    {
        const bool pruned = engine.m_index->Copy(entry).Pruned();
        if (pruned) {
            EMC_LOG(engine.m_deps.log, Info, Chain, "verification ends at height %d, where blocks are pruned",
                    entry.height);
        }
        return pruned;
    }

    /// Checks of one block on the way down, to level 2.
    [[nodiscard]] std::optional<std::string> Look(const BlockEntry& entry);
    /// Level 3, while memory lasts.
    [[nodiscard]] std::optional<std::string> TakeBack(const BlockEntry& entry);

    Engine& engine;
    const CommittedView& view;
    const int level;
    Overlay overlay{view};
    Progress progress{engine.m_deps.log, "verifying blocks"};
    const BlockEntry* state_at = &view.Tip(); ///< the overlay shows the state after this block
    primitives::BlockRef block{};             ///< of the last Look
    BlockUndo undo{};                         ///< the same, from level 2 on
};

std::optional<std::string> Engine::Verification::Look(const BlockEntry& entry)
{
    const BlockEntry now = engine.m_index->Copy(entry);
    auto read = engine.m_blocks->ReadBlock(now.data, entry.hash);
    if (!read) return At(entry, storage::Describe(read.Error()));
    block = std::move(*read);
    if (level >= 1) {
        if (const auto good = engine.CheckAgain(*block, *entry.parent); !good) {
            return At(entry, engine.m_blocks->BlockFiles().PathOf(now.data.file) + ": " +
                                 consensus::Describe(good.Error()));
        }
    }
    if (level < 2) return std::nullopt;
    auto stored = engine.m_blocks->ReadUndo(now.undo, entry.hash);
    if (!stored) return At(entry, storage::Describe(stored.Error()));
    undo = std::move(*stored);
    return std::nullopt;
}

std::optional<std::string> Engine::Verification::TakeBack(const BlockEntry& entry)
{
    if (level < 3 || state_at != &entry) return std::nullopt;
    if (overlay.Bytes() > engine.m_options.cache_bytes) {
        EMC_LOG(engine.m_deps.log, Info, Chain,
                "verification: memory (-dbcache) is full; blocks from height %d down are checked to level 2",
                entry.height);
        return std::nullopt;
    }
    if (const auto problem = overlay.TakeBack(*block, entry.height, undo)) return At(entry, *problem);
    state_at = entry.parent;
    return std::nullopt;
}

std::optional<std::string> Engine::Verification::Down(int32_t count)
{
    const BlockEntry* walk = &view.Tip();
    for (int32_t i = 0; i < count; ++i, walk = walk->parent) {
        if (engine.StopAsked()) return INTERRUPTED;
        progress.At(ShareOf(i, count));
        const auto problem = Look(*walk);
        if (Gone(*walk)) break; // asked afterwards: files may go at any time
        if (problem) return problem;
        if (const auto misfit = TakeBack(*walk)) return misfit;
    }
    return std::nullopt;
}

std::optional<std::string> Engine::Verification::Up()
{
    const auto runner = engine.MakePool();
    const BlockEntry& tip = view.Tip();
    const int32_t from = state_at->height;
    for (int32_t height = from + 1; height <= tip.height; ++height) {
        if (engine.StopAsked()) return INTERRUPTED;
        progress.At(0.5 + ShareOf(height - from, tip.height - from));
        const BlockEntry& entry = *tip.Ancestor(height);
        const auto read = engine.m_blocks->ReadBlock(engine.m_index->Copy(entry).data, entry.hash);
        if (!read && Gone(entry)) return std::nullopt;
        if (!read) return At(entry, storage::Describe(read.Error()));
        auto context = engine.ConnectContextOf(*entry.parent, *engine.m_state);
        context.coins = &overlay;
        context.names = &overlay;
        context.watermarks = &overlay;
        context.ended = &overlay;
        context.times = &view;
        context.runner = runner.get();
        const auto delta = consensus::ConnectBlock(**read, context);
        if (!delta) return At(entry, consensus::Describe(delta.Error()));
        overlay.Redo(*delta);
    }
    return std::nullopt;
}

std::optional<std::string> Engine::VerifyBlocks(int level, int32_t blocks)
{
    const auto committed = CommittedAtTip();
    const BlockEntry* tip = m_index->Find(committed->tip.hash);
    EMC_CHECK(tip != nullptr);
    // Below the base of a snapshot there may be no blocks yet.
    const auto history = HistoryNow();
    const int32_t all = std::max(tip->height - (history ? history->base->height : 0), 0);
    const CommittedView view(committed, *tip);
    Verification verification{.engine = *this, .view = view, .level = level};
    auto problem = verification.Down(blocks <= 0 ? all : std::min(blocks, all));
    if (!problem && level >= 4) problem = verification.Up();
    if (view.Failure()) problem = storage::Describe(*view.Failure());
    if (problem && *problem != INTERRUPTED)
        EMC_LOG(m_deps.log, Warning, Chain, "verification: %s", problem->c_str());
    return problem;
}

consensus::Verdict Engine::CheckAgain(const primitives::Block& block, const BlockEntry& parent) const
{
    if (const auto header = consensus::CheckHeader(block.header, m_deps.params); !header) return header;
    return CheckWithHeight(block, parent, consensus::CheckBlock(block));
}

} // namespace emc::chain
