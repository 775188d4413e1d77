// Proof-of-stake blocks of strangers: what they must show before anything of them is kept.
#include "chain/block_index.h"
#include "chain/block_store.h"
#include "chain/engine.h"
#include "chain/history.h"
#include "chain/stake_proof.h"
#include "consensus/kernel.h"

#include <algorithm>

namespace emc::chain {

using consensus::Rule;
using storage::StorageResult;

StorageResult<primitives::BlockRef> Engine::StoredBlock(const BlockEntry& entry) const
{
    const auto now = m_index->Copy(entry);
    if (!now.HasData()) return primitives::BlockRef();
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

std::optional<BlockVerdict> Engine::CheckStake(const primitives::Block& block, const Prechecked& prechecked)
{
    const BlockEntry* known = m_index->Find(prechecked.hash);
    if (known != nullptr) {
        const auto now = m_index->Copy(*known);
        // Those below the base of a snapshot are known by their hash, which the snapshot's makers vouch for.
        if (now.Invalid() || now.HasData() || now.Pruned() || (m_history && m_history->Covers(*known)))
            return std::nullopt;
        if (!prechecked.header || known->parent == nullptr) return std::nullopt; // refused as a header
    }
    const auto refuse = [&](Outcome outcome, const consensus::RuleResult& rule) {
        if (outcome == Outcome::Invalid && known != nullptr) MarkBroken(*known, rule.rule);
        BlockVerdict verdict;
        verdict.outcome = outcome;
        verdict.rule = rule;
        return verdict;
    };
    const auto broken = [&](const consensus::RuleResult& rule) {
        return refuse(rule.mutated ? Outcome::Mutated : Outcome::Invalid, rule);
    };
    const auto found = known != nullptr ? base::Expected<const BlockEntry*, BlockVerdict>(known->parent)
                                        : ParentFor(block.header, prechecked.header);
    if (!found) return found.Error();
    const BlockEntry& parent = **found;
    const auto failed = [this](const std::optional<storage::StorageFailure>& failure) {
        if (failure) Fail(*failure, "checking a proof of stake (start with -reindex if the file is damaged)");
        BlockVerdict verdict;
        verdict.outcome = Outcome::Failed;
        verdict.text = m_failure;
        return verdict;
    };
    if (const auto good = CheckWithHeight(block, parent, prechecked.block); !good) {
        auto verdict = broken(good.Error());
        verdict.height = parent.height + 1;
        return verdict;
    }
    const auto modifier = ModifierOf(parent);
    if (!modifier) return failed(modifier.Error());
    StakeSite site;
    site.params = &m_deps.params;
    site.parent = &parent;
    if (!*modifier) {
        return refuse(Outcome::Waiting, {Rule::HeaderParentUnknown, consensus::Stage::Header, false,
                                         "a block before it is not stored"});
    }
    site.modifier = **modifier;
    if (!m_branch_coins) m_branch_coins = MakeBranchCoins();
    site.coins = [&](const primitives::OutPoint& outpoint) {
        return m_branch_coins->Find(outpoint, parent, *m_state);
    };
    if (&parent == m_index->Tip()) site.names = m_state.get();
    site.cache = &m_signatures;
    site.run_script = m_options.check_scripts;
    const auto proven = ProveStake(block, site);
    if (m_state->ReadFailed()) return failed(std::nullopt);
    if (proven) return std::nullopt;
    if (proven.Error().failure) return failed(proven.Error().failure);
    auto verdict = refuse(proven.Error().outcome, proven.Error().rule);
    verdict.height = parent.height + 1;
    return verdict;
}

} // namespace emc::chain
