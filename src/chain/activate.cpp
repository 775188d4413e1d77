// Moving the tip: connecting, disconnecting, choosing the best chain.
#include "base/clock.h"
#include "base/log.h"
#include "chain/block_index.h"
#include "chain/block_store.h"
#include "chain/engine.h"
#include "chain/read_ahead.h"
#include "chain/script_pool.h"
#include "consensus/kernel.h"

#include <algorithm>

namespace emc::chain {

using consensus::Rule;

namespace {

// Below this many blocks a thread that reads ahead is not worth its start.
constexpr size_t MIN_READ_AHEAD = 8;

} // namespace

bool Engine::DeepAllowed(const BlockEntry& entry) const
{
    return std::any_of(m_deep_allowed.begin(), m_deep_allowed.end(), [&entry](const BlockEntry* allowed) {
        return entry.Ancestor(allowed->height) == allowed;
    });
}

bool Engine::MayReach(const BlockEntry& candidate, const BlockEntry& tip)
{
    if (m_history && !MayLeaveHistory(candidate)) return false;
    const int32_t limit = ReorgLimit();
    if (limit <= 0) return true;
    const BlockEntry* fork = CommonAncestor(&candidate, &tip);
    if (fork == &tip || tip.height - fork->height <= limit) return true;
    if (DeepAllowed(candidate)) return true;
    for (const BlockEntry* allowed : m_deep_allowed) {
        if (allowed->Ancestor(candidate.height) == &candidate) return true;
    }
    if (m_deep_warned != fork) {
        m_deep_warned = fork;
        EMC_LOG(
            m_deps.log, Warning, Chain,
            "a better chain (tip %s) would undo %d blocks, more than the limit of %d; it is not "
            "followed. If you "
            "know it to be right: reconsiderblock with its tip, or with the block it branches off from when "
            "more of it is to come",
            base::ReversedHex(candidate.hash).c_str(), tip.height - fork->height, limit);
    }
    return false;
}

bool Engine::Activate(const BlockEntry* before)
{
    if (before == nullptr) before = m_index->Tip();
    while (true) {
        const BlockEntry* tip = m_index->Tip();
        const BlockEntry* best = m_index->Best(
            [&](const BlockEntry& entry) { return MayReach(entry, *tip) && IsStored(entry, *tip); });
        if (best == nullptr || best == tip) break;
        const BlockEntry* fork = CommonAncestor(best, tip);
        while (m_index->Tip() != fork) {
            if (Disconnect() != Step::Done) return false;
        }
        if (ConnectPath(*best) == Step::Failed) return false;
    }
    const BlockEntry* now = m_index->Tip();
    m_index->PruneCandidates(*now);
    if (now != before) {
        m_events->Publish(*m_state->Tip());
        EMC_LOG(m_deps.log, Debug, Chain, "best block %s at height %d", base::ReversedHex(now->hash).c_str(),
                now->height);
    }
    return true;
}

Engine::Step Engine::ConnectPath(const BlockEntry& target)
{
    std::vector<const BlockEntry*> path;
    const BlockEntry* tip = m_index->Tip();
    for (const BlockEntry* walk = &target; walk != tip; walk = walk->parent)
        path.push_back(walk);
    std::reverse(path.begin(), path.end());
    std::optional<ReadAhead> ahead;
    if (path.size() >= MIN_READ_AHEAD) {
        auto stored = path;
        std::erase(stored, m_fresh_entry);
        ahead.emplace(*m_blocks, *m_index, std::move(stored));
    }
    for (const BlockEntry* entry : path) {
        const bool fresh = entry == m_fresh_entry;
        const auto block = fresh ? m_fresh_block : ahead ? Loaded(ahead->Next()) : Load(*entry);
        if (!block) return Step::Failed;
        const Step step = Connect(*entry, block);
        if (step != Step::Done) return step;
        MaybeFlush();
        if (Stopped() || Interrupted()) return Step::Failed;
    }
    return Step::Done;
}

primitives::BlockRef Engine::Load(const BlockEntry& entry)
{
    return Loaded(m_blocks->ReadBlock(m_index->Copy(entry).data, entry.hash));
}

primitives::BlockRef Engine::Loaded(const storage::StorageResult<primitives::BlockRef>& block)
{
    if (!block) {
        Fail(block.Error(), "reading a block (start with -reindex if the file is damaged)");
        return nullptr;
    }
    return *block;
}

bool Engine::ScriptsAssumed(const BlockEntry& entry)
{
    if (!m_deps.params.assumed_valid) return false;
    if (m_assumed_entry == nullptr) m_assumed_entry = m_index->Find(*m_deps.params.assumed_valid);
    if (m_assumed_entry == nullptr || m_assumed_entry->Ancestor(entry.height) != &entry) return false;
    // Whoever talks an operator into naming a block of his own must also make the best chain of headers, and
    // what a reorganisation can still replace is checked in full.
    const BlockEntry* best = m_index->BestHeader();
    if (best == nullptr || best->Ancestor(m_assumed_entry->height) != m_assumed_entry) return false;
    return best->height - entry.height >= m_deps.params.reorg_limit;
}

consensus::ConnectContext Engine::ConnectContextOf(const BlockEntry& parent, const StateCache& state)
{
    consensus::ConnectContext context;
    context.params = &m_deps.params;
    context.height = parent.height + 1;
    context.parent_mtp = parent.MedianTime();
    context.coins = &state;
    context.names = &state;
    context.watermarks = &state;
    context.ended = &state;
    context.times = &state;
    context.runner = m_pool.get();
    context.cache = &m_signatures;
    context.assumed_valid = !m_options.check_scripts;
    context.stake_modifier = m_index->Copy(parent).modifier;
    return context;
}

base::Hash256 Engine::ModifierAfter(const BlockEntry& entry, const primitives::Block& block) const
{
    const auto before = m_index->Copy(*entry.parent).modifier;
    if (!block.header.IsProofOfStake() || block.transactions.size() < 2) return before;
    const auto& kernel = block.transactions[1]->Inputs()[0].prevout.txid;
    return consensus::NextModifier(before, entry.fork_state.pos_blocks, kernel);
}

StateCache::NewTip Engine::TipOf(const BlockEntry& entry)
{
    if (m_initial_download) {
        m_initial_download = entry.header.time < m_deps.clock.NowSec() - m_options.tip_age_for_sync_sec;
    }
    StateCache::NewTip out;
    out.time = entry.header.time;
    out.median_time = entry.MedianTime();
    out.tip.hash = entry.hash;
    out.tip.height = entry.height;
    out.tip.initial_download = m_initial_download;
    out.tip.bits = entry.header.bits;
    out.tip.chain_work = entry.fork_state.pow_work;
    return out;
}

double Engine::ProgressOf(const interfaces::Tip& tip) const
{
    const int32_t headers = std::max(tip.height, m_index->HeaderHeight());
    const double of_headers = headers > 0 ? static_cast<double>(tip.height) / headers : 1.0;
    if (!tip.initial_download) return of_headers;
    const int64_t begin = m_deps.params.genesis.header.time;
    const auto all = static_cast<double>(std::max(m_deps.clock.NowSec(), tip.time) - begin);
    const double of_time = all > 0 ? static_cast<double>(tip.time - begin) / all : 1.0;
    return std::min(of_headers, std::max(of_time, 0.0));
}

void Engine::NoteProgress()
{
    const auto tip = m_state->Tip();
    const double share = ProgressOf(*tip);
    if (!m_catching_up && tip->initial_download) {
        m_catching_up.emplace(m_deps.log, "catching up with the chain");
        m_catching_up->Begin(share);
    }
    if (tip->initial_download) m_catching_up->At(share);
    m_seconds_left = tip->initial_download ? m_catching_up->SecondsLeft(share) : 0;
}

Engine::Step Engine::Refused(const BlockEntry& entry, const consensus::RuleResult& rule)
{
    EMC_LOG(m_deps.log, Warning, Chain, "block %s at height %d refused: %s",
            base::ReversedHex(entry.hash).c_str(), entry.height, consensus::Describe(rule).c_str());
    m_refusal.emplace(&entry, rule);
    if (rule.mutated) {
        m_index->DropData(entry);
        m_index->RebuildCandidates();
    } else {
        MarkBroken(entry, rule.rule);
    }
    return Step::Invalid;
}

base::Expected<storage::FilePos, storage::StorageFailure> Engine::StoreUndo(const BlockEntry& entry,
                                                                            const BlockUndo& undo)
{
    const BlockEntry now = m_index->Copy(entry);
    if ((now.status & STATUS_UNDO) != 0) return now.undo;
    return m_blocks->AppendUndo(entry.hash, undo);
}

base::Expected<Engine::Joined, Engine::Step> Engine::Join(const BlockEntry& entry,
                                                          const primitives::Block& block,
                                                          const consensus::ConnectContext& context,
                                                          const StateCache& state)
{
    auto delta = consensus::ConnectBlock(block, context);
    if (state.ReadFailed()) return base::Unexpected(Step::Failed); // the disk failed, not the block
    if (!delta) return base::Unexpected(Refused(entry, delta.Error()));
    BlockUndo undo;
    undo.spent = std::move(delta->spent);
    undo.names = std::move(delta->names); // lent, as the watermarks: the state needs them once more
    undo.watermarks = std::move(delta->watermarks);
    undo.supply_change = delta->supply_change;
    const auto undo_pos = StoreUndo(entry, undo);
    if (!undo_pos) {
        Fail(undo_pos.Error(), "storing an undo record");
        return base::Unexpected(Step::Failed);
    }
    const auto modifier = ModifierAfter(entry, block);
    m_index->Change(entry, [&](BlockEntry& e) {
        e.undo = *undo_pos;
        e.status |= STATUS_UNDO | STATUS_CONNECTED;
        e.modifier = modifier;
    });
    delta->names = std::move(undo.names);
    delta->watermarks = std::move(undo.watermarks);
    return Joined{std::move(*delta), std::move(undo.spent)};
}

Engine::Step Engine::Connect(const BlockEntry& entry, const primitives::BlockRef& block)
{
    auto context = ConnectContextOf(*entry.parent, *m_state);
    if (ScriptsAssumed(entry)) context.assumed_valid = true;
    auto joined = Join(entry, *block, context, *m_state);
    if (!joined) return joined.Error();
    m_index->SetTip(&entry);
    m_state->Apply(joined->delta, TipOf(entry));
    NoteProgress();

    interfaces::BlockConnected event;
    event.block = block;
    event.hash = entry.hash;
    event.height = entry.height;
    event.spent =
        std::make_shared<const std::vector<std::vector<primitives::Coin>>>(std::move(joined->spent));
    event.names = std::make_shared<const std::vector<names::NameDelta>>(std::move(joined->delta.names));
    event.tip = *m_state->Tip();
    m_events->Publish(event);
    return Step::Done;
}

/// What the undo record leaves out is found in the state: a name or watermark changes at most once per block.
void Engine::CompleteUndo(BlockUndo& undo, int32_t height) const
{
    for (auto& delta : undo.watermarks)
        delta.after = m_state->EndOf(delta.pair);
    for (auto& delta : undo.names) {
        delta.after = m_state->Get(delta.name);
        if (!delta.after) {
            delta.kind = names::OpKind::Delete;
            continue;
        }
        const bool renewed = delta.before && delta.before->LiveAt(height);
        delta.kind = renewed ? names::OpKind::Update : names::OpKind::New;
        const int32_t from = renewed ? delta.before->expiry : height;
        delta.days = (delta.after->expiry - from) / names::BLOCKS_PER_DAY;
    }
}

Engine::Step Engine::Disconnect()
{
    const BlockEntry& entry = *m_index->Tip();
    EMC_CHECK(entry.parent != nullptr);
    const auto block = Load(entry);
    if (!block) return Step::Failed;
    auto undo = m_blocks->ReadUndo(m_index->Copy(entry).undo, entry.hash);
    if (!undo) {
        Fail(undo.Error(), "reading an undo record (start with -reindex if the file is damaged)");
        return Step::Failed;
    }
    CompleteUndo(*undo, entry.height);
    if (m_state->ReadFailed()) return Step::Failed;
    m_state->Revert(*block, entry.height, *undo, TipOf(*entry.parent));
    m_index->SetTip(
        entry.parent); // after the state, so that the tip readers see is always in the index' best chain

    interfaces::BlockDisconnected event;
    event.block = block;
    event.hash = entry.hash;
    event.height = entry.height;
    event.spent = std::make_shared<const std::vector<std::vector<primitives::Coin>>>(std::move(undo->spent));
    event.names = std::make_shared<const std::vector<names::NameDelta>>(std::move(undo->names));
    event.tip = *m_state->Tip();
    m_events->Publish(event);
    return Step::Done;
}

} // namespace emc::chain
