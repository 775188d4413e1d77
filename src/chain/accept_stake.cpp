// Proof-of-stake blocks of strangers: what they must show before anything of them is kept.
#include "base/log.h"
#include "chain/block_index.h"
#include "chain/block_store.h"
#include "chain/engine.h"
#include "chain/held_blocks.h"
#include "chain/history.h"
#include "chain/stake_proof.h"
#include "consensus/kernel.h"

#include <algorithm>

namespace emc::chain {

using consensus::Rule;
using storage::StorageResult;

namespace {

/// The verdict on a block that would stand on `parent`; null: unknown.
BlockVerdict Refusal(Outcome outcome, const consensus::RuleResult& rule, const BlockEntry* parent)
{
    BlockVerdict verdict;
    verdict.outcome = outcome;
    verdict.rule = rule;
    if (parent != nullptr) verdict.height = parent->height + 1;
    return verdict;
}

} // namespace

StorageResult<primitives::BlockRef> Engine::StoredBlock(const BlockEntry& entry) const
{
    const auto now = m_index->Copy(entry);
    if (!now.HasData()) return m_held->Block(entry.hash); // null unless it is held
    return m_blocks->ReadBlock(now.data, entry.hash);
}

std::unique_ptr<BranchCoins> Engine::MakeBranchCoins() const
{
    BranchCoins::Source source;
    source.block = [this](const BlockEntry& entry) { return StoredBlock(entry); };
    source.undo = [this](const BlockEntry& entry) -> StorageResult<std::optional<BlockUndo>> {
        const auto now = m_index->Copy(entry);
        if ((now.status & STATUS_UNDO) == 0) return std::optional<BlockUndo>();
        auto undo = m_blocks->ReadUndo(now.undo, entry.hash);
        if (!undo) return base::Unexpected(undo.Error());
        return std::optional(std::move(*undo));
    };
    return std::make_unique<BranchCoins>(*m_index, std::move(source), m_deps.random);
}

StorageResult<std::optional<base::Hash256>> Engine::ModifierOf(const BlockEntry& entry)
{
    std::vector<const BlockEntry*> unknown;
    const BlockEntry* walk = &entry;
    auto modifier = m_index->Copy(*walk).modifier;
    while (modifier.IsNull()) {
        unknown.push_back(walk);
        walk = walk->parent;
        EMC_CHECK(walk != nullptr); // genesis has one
        modifier = m_index->Copy(*walk).modifier;
    }
    std::reverse(unknown.begin(), unknown.end());
    for (const BlockEntry* next : unknown) {
        if ((next->header.version & primitives::VERSION_POS) != 0) {
            const auto block = next == m_fresh_entry ? StorageResult<primitives::BlockRef>(m_fresh_block)
                                                     : StoredBlock(*next);
            if (!block) return base::Unexpected(block.Error());
            if (*block == nullptr) return std::optional<base::Hash256>();
            modifier = ModifierAfter(*next, **block);
        }
        m_index->Change(*next, [&modifier](BlockEntry& e) { e.modifier = modifier; });
    }
    return std::optional(modifier);
}

const BlockEntry* Engine::FindOrHeld(const base::Hash256& hash) const
{
    const BlockEntry* known = m_index->Find(hash);
    return known != nullptr ? known : m_held->Find(hash);
}

std::optional<KnownBlock> Engine::HeldBlock(const base::Hash256& hash) const
{
    return m_held->Known(hash);
}

std::optional<BlockVerdict> Engine::CheckOn(const primitives::Block& block, const Prechecked& prechecked,
                                            const BlockEntry* parent) const
{
    if (auto refused = CheckParent(block.header, prechecked.header, parent)) return refused;
    if (const auto good = CheckWithHeight(block, *parent, prechecked.block); !good)
        return Refusal(good.Error().mutated ? Outcome::Mutated : Outcome::Invalid, good.Error(), parent);
    return std::nullopt;
}

std::optional<BlockVerdict> Engine::CheckStake(const primitives::Block& block, const Prechecked& prechecked)
{
    const BlockEntry* known = m_index->Find(prechecked.hash);
    const BlockEntry* parent = nullptr;
    if (known != nullptr) {
        const auto now = m_index->Copy(*known);
        // Those below the base of a snapshot are known by their hash, which the snapshot's makers vouch for.
        if (now.Invalid() || now.HasData() || now.Pruned() || (m_history && m_history->Covers(*known)))
            return std::nullopt;
        if (!prechecked.header || known->parent == nullptr) return std::nullopt; // refused as a header
        parent = known->parent;
        if (const auto good = CheckWithHeight(block, *parent, prechecked.block); !good) {
            if (!good.Error().mutated) MarkBroken(*known, good.Error().rule);
            return Refusal(good.Error().mutated ? Outcome::Mutated : Outcome::Invalid, good.Error(), parent);
        }
    } else {
        parent = FindOrHeld(block.header.prev_hash);
        if (auto refused = CheckOn(block, prechecked, parent)) return refused;
    }
    const auto modifier = ModifierOf(*parent);
    if (!modifier) return StakeUnread(modifier.Error());
    StakeSite site;
    site.params = &m_deps.params;
    site.parent = parent;
    if (!*modifier) {
        return Refusal(
            Outcome::Waiting,
            {Rule::HeaderParentUnknown, consensus::Stage::Header, false, "a block before it is not stored"},
            nullptr);
    }
    site.modifier = **modifier;
    if (!m_branch_coins) m_branch_coins = MakeBranchCoins();
    site.coins = [&](const primitives::OutPoint& outpoint) {
        return m_branch_coins->Find(outpoint, *parent, *m_state);
    };
    if (parent == m_index->Tip()) site.names = m_state.get();
    site.cache = &m_signatures;
    site.run_script = m_options.check_scripts;
    const auto proven = ProveStake(block, site);
    if (m_state->ReadFailed()) return Failed();
    if (proven) return std::nullopt;
    const auto& fault = proven.Error();
    if (fault.failure) return StakeUnread(*fault.failure);
    if (fault.outcome == Outcome::Invalid && known != nullptr) MarkBroken(*known, fault.rule.rule);
    return Refusal(fault.outcome, fault.rule, parent);
}

BlockVerdict Engine::StakeUnread(const storage::StorageFailure& failure)
{
    Fail(failure, "checking a proof of stake (start with -reindex if the file is damaged)");
    return Failed();
}

StakeBook& Engine::Stakes()
{
    if (!m_stakes) {
        m_stakes = std::make_unique<StakeBook>(
            *m_index, [this](const BlockEntry& entry) { return StoredBlock(entry); }, m_deps.random);
    }
    return *m_stakes;
}

std::optional<BlockVerdict> Engine::HoldBack(const primitives::BlockRef& block, const base::Hash256& hash)
{
    const auto used = Stakes().Count(*block);
    if (!used) return StakeUnread(used.Error());
    if (*used < MAX_BLOCKS_PER_STAKE) return std::nullopt;
    const BlockEntry* parent = FindOrHeld(block->header.prev_hash);
    auto entry = MakeEntry(m_deps.params, hash, block->header, parent);
    entry->modifier = ModifierAfter(*entry, *block);
    EMC_LOG(m_deps.log, Debug, Chain, "block %s at height %d is another one of the same stake; it waits",
            base::ReversedHex(hash).c_str(), entry->height);
    auto verdict = Refusal(Outcome::Held, {}, parent);
    m_held->Keep(std::move(entry), block);
    return verdict;
}

std::optional<BlockVerdict> Engine::Admit(const primitives::BlockRef& block, const Prechecked& prechecked)
{
    const bool stake = block->header.IsProofOfStake();
    if (const BlockEntry* held = m_held->Find(prechecked.hash))
        return Refusal(Outcome::Held, {}, held->parent);
    if (stake) {
        if (auto refused = CheckStake(*block, prechecked)) return refused;
    }
    if (m_index->Find(prechecked.hash) != nullptr) return std::nullopt;
    const BlockEntry* below = m_held->Find(block->header.prev_hash);
    if (stake) {
        if (auto held = HoldBack(block, prechecked.hash)) return held;
    } else if (below != nullptr) {
        if (auto refused = CheckOn(*block, prechecked, below)) return refused;
    }
    if (below == nullptr) return std::nullopt;
    // What waited has something built on it. Should one of these not get in after all, the block itself will
    // not.
    for (const auto& held : m_held->Take(*below))
        (void)Store(held, Precheck(*held), nullptr);
    return std::nullopt;
}

} // namespace emc::chain
