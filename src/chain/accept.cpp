// Taking in headers and blocks: what may enter the index and the block files.
#include "base/clock.h"
#include "base/log.h"
#include "chain/block_index.h"
#include "chain/block_store.h"
#include "chain/check_ahead.h"
#include "chain/engine.h"
#include "chain/held_blocks.h"
#include "chain/history.h"

#include <algorithm>

namespace emc::chain {

using consensus::Rule;
using consensus::RuleResult;

namespace {

BlockVerdict Refuse(Outcome outcome, RuleResult rule)
{
    BlockVerdict verdict;
    verdict.outcome = rule.mutated ? Outcome::Mutated : outcome;
    verdict.rule = std::move(rule);
    return verdict;
}

BlockVerdict Refuse(Outcome outcome, Rule rule)
{
    return Refuse(outcome, RuleResult{rule, consensus::StageOf(rule), false, {}});
}

} // namespace

Prechecked Engine::Precheck(const primitives::Block& block) const
{
    Prechecked out;
    out.hash = block.header.Hash();
    out.header = consensus::CheckHeader(block.header, m_deps.params);
    if (out.header) out.block = consensus::CheckBlock(block);
    return out;
}

consensus::HeaderContext Engine::ContextOf(const primitives::PlainHeader& header,
                                           const BlockEntry& parent) const
{
    const bool is_pos = (header.version & primitives::VERSION_POS) != 0;
    consensus::HeaderContext context;
    context.params = &m_deps.params;
    context.height = parent.height + 1;
    context.parent_mtp = parent.MedianTime();
    context.required_bits = parent.fork_state.RequiredBits(
        m_deps.params, is_pos ? consensus::Kind::Pos : consensus::Kind::Pow, parent.height);
    context.last_pos_time = parent.last_pos_time;
    context.clock_sec = m_deps.clock.NowSec();
    return context;
}

std::optional<BlockVerdict> Engine::CheckParent(const primitives::BlockHeader& header,
                                                const consensus::Verdict& checked,
                                                const BlockEntry* parent) const
{
    if (!checked) return Refuse(Outcome::Invalid, checked.Error());
    if (parent == nullptr) return Refuse(Outcome::Waiting, Rule::HeaderParentUnknown);
    if (m_index->Copy(*parent).Invalid()) return Refuse(Outcome::Invalid, Rule::HeaderParentInvalid);
    if (const auto fits = consensus::CheckHeaderContext(header, ContextOf(header, *parent)); !fits) {
        const bool later = fits.Error().rule == Rule::HeaderTimeNew;
        return Refuse(later ? Outcome::Waiting : Outcome::Invalid, fits.Error());
    }
    const BlockEntry* tip = m_index->Tip();
    if (tip != nullptr && ReorgLimit() > 0 && !DeepAllowed(*parent)) {
        const BlockEntry* fork = CommonAncestor(tip, parent);
        if (tip->height - fork->height > ReorgLimit() && fork != tip)
            return Refuse(Outcome::Waiting, Rule::HeaderForkDepth);
    }
    return std::nullopt;
}

base::Expected<const BlockEntry*, BlockVerdict> Engine::HeaderEntry(const primitives::BlockHeader& header,
                                                                    const base::Hash256& hash,
                                                                    const consensus::Verdict& checked)
{
    if (const BlockEntry* known = m_index->Find(hash)) {
        if (m_index->Copy(*known).Invalid()) {
            auto verdict = VerdictOf(*known, Outcome::Known);
            return base::Unexpected(std::move(verdict));
        }
        if (!checked) return base::Unexpected(Refuse(Outcome::Invalid, checked.Error())); // a bad proof, say
        TakeProof(*known, header); // the header alone may have come with a snapshot
        return known;
    }
    if (auto refused = CheckParent(header, checked, m_index->Find(header.prev_hash)))
        return base::Unexpected(std::move(*refused));
    const BlockEntry* entry = m_index->Insert(hash, header);
    TakeProof(*entry, header);
    return entry;
}

void Engine::TakeProof(const BlockEntry& entry, const primitives::BlockHeader& header)
{
    if (!header.auxpow || (m_index->Copy(entry).status & STATUS_PROOF) != 0) return;
    KeepProof(entry.hash, header.auxpow);
    m_index->Change(entry, [](BlockEntry& e) { e.status |= STATUS_PROOF; });
}

void Engine::MarkBroken(const BlockEntry& entry, Rule rule)
{
    (void)m_index->MarkInvalid(entry, STATUS_INVALID, rule);
    if (m_history && m_history->Covers(entry)) {
        RefuseSnapshot(base::Format("block %s at height %d, below its base, breaks rule %s",
                                    base::ReversedHex(entry.hash).c_str(), entry.height,
                                    std::string(consensus::Id(rule)).c_str()));
    }
}

BlockVerdict Engine::VerdictOf(const BlockEntry& entry, Outcome good) const
{
    const BlockEntry now = m_index->Copy(entry);
    BlockVerdict verdict;
    verdict.height = now.height;
    verdict.in_best_chain = m_index->InBestChain(entry);
    if (!now.Invalid()) {
        verdict.outcome = good;
        return verdict;
    }
    verdict.outcome = Outcome::Invalid;
    verdict.rule.rule = now.broken_rule != Rule::Ok                   ? now.broken_rule
                        : (now.status & STATUS_CHILD_OF_INVALID) != 0 ? Rule::HeaderParentInvalid
                                                                      : Rule::HeaderKnownInvalid;
    verdict.rule.stage = consensus::StageOf(verdict.rule.rule);
    return verdict;
}

BlockVerdict Engine::AcceptHeader(const primitives::BlockHeader& header)
{
    const auto hash = header.Hash();
    const bool known = m_index->Find(hash) != nullptr;
    const auto entry = HeaderEntry(header, hash, consensus::CheckHeader(header, m_deps.params));
    if (!entry) return entry.Error();
    return VerdictOf(**entry, known ? Outcome::Known : Outcome::Accepted);
}

consensus::Verdict Engine::CheckWithHeight(const primitives::Block& block, const BlockEntry& parent,
                                           const consensus::Verdict& checked) const
{
    if (!checked) return checked;
    consensus::BlockContext context;
    context.params = &m_deps.params;
    context.height = parent.height + 1;
    context.parent_mtp = parent.MedianTime();
    return consensus::CheckBlockContext(block, context);
}

void Engine::Queue(const primitives::BlockRef& block, std::function<void(const BlockVerdict&)> done)
{
    auto prechecked = Precheck(*block);
    if (m_ahead) m_ahead->Queued(prechecked.header && prechecked.block ? block : nullptr);
    Post([this, block, prechecked = std::move(prechecked), done = std::move(done)] {
        if (m_ahead) m_ahead->Taken();
        if (StopAsked()) return; // many may wait; they come again
        const auto verdict = AcceptBlock(block, prechecked);
        if (done) done(verdict);
    });
}

BlockVerdict Engine::AcceptBlock(const primitives::BlockRef& block, const Prechecked& prechecked)
{
    if (Stopped()) return Failed();
    if (auto refused = Admit(block, prechecked)) return std::move(*refused);
    return Store(block, prechecked, nullptr);
}

BlockVerdict Engine::Failed() const
{
    BlockVerdict verdict;
    verdict.outcome = Outcome::Failed;
    verdict.text = m_failure;
    return verdict;
}

BlockVerdict Engine::Store(const primitives::BlockRef& block, const Prechecked& prechecked,
                           const storage::FilePos* stored_at)
{
    if (Stopped()) return Failed();
    const auto found = HeaderEntry(block->header, prechecked.hash, prechecked.header);
    if (!found) return found.Error();
    const BlockEntry& entry = **found;
    if (const auto now = m_index->Copy(entry); now.HasData() || now.Pruned())
        return VerdictOf(entry, Outcome::Known);
    if (entry.parent != nullptr) {
        if (const auto good = CheckWithHeight(*block, *entry.parent, prechecked.block); !good) {
            if (!good.Error().mutated) MarkBroken(entry, good.Error().rule);
            auto verdict = Refuse(Outcome::Invalid, good.Error());
            verdict.height = entry.height;
            return verdict;
        }
    }
    const auto bytes = primitives::Serialize(*block);
    storage::FilePos pos;
    if (stored_at != nullptr) {
        pos = *stored_at;
    } else {
        const auto written = m_blocks->AppendBlock(bytes);
        if (!written) {
            Fail(written.Error(), "storing a block");
            return Failed();
        }
        pos = *written;
    }
    (void)m_index->SetData(entry, pos, static_cast<uint32_t>(bytes.size()),
                           static_cast<uint32_t>(block->transactions.size()));
    if (m_stakes && block->header.IsProofOfStake()) m_stakes->Add(entry, *block);
    m_fresh_entry = &entry;
    m_fresh_block = block;
    m_refusal.reset();
    const bool activated = Activate();
    // Of a block that is not connected it is needed for those that will stand on it.
    const auto modifier = ModifierOf(entry);
    m_fresh_entry = nullptr;
    m_fresh_block.reset();
    if (!modifier) Fail(modifier.Error(), "reading a block (start with -reindex if the file is damaged)");
    if (!activated || !modifier) return Failed();
    auto verdict = VerdictOf(entry, Outcome::Accepted);
    if (m_refusal && m_refusal->first == &entry) {
        verdict.outcome = m_refusal->second.mutated ? Outcome::Mutated : Outcome::Invalid;
        verdict.rule = m_refusal->second;
    }
    return verdict;
}

BlockVerdict Engine::TestBlock(const primitives::Block& block)
{
    const BlockEntry* tip = m_index->Tip();
    if (block.header.prev_hash != tip->hash) return Refuse(Outcome::Waiting, Rule::HeaderParentUnknown);
    const auto context = ContextOf(block.header, *tip);
    if (const auto good = consensus::CheckHeaderContext(block.header, context); !good) {
        return Refuse(Outcome::Invalid, good.Error());
    }
    const auto checked = consensus::CheckBlock(block);
    if (const auto good = CheckWithHeight(block, *tip, checked); !good)
        return Refuse(Outcome::Invalid, good.Error());
    const auto delta = consensus::ConnectBlock(block, ConnectContextOf(*tip, *m_state));
    if (!delta) return Refuse(Outcome::Invalid, delta.Error());
    BlockVerdict verdict;
    verdict.height = tip->height + 1;
    return verdict;
}

std::optional<std::string> Engine::Invalidate(const base::Hash256& hash)
{
    const BlockEntry* entry = m_index->Find(hash);
    if (entry == nullptr) return "Block not found";
    if (entry->parent == nullptr) return "The genesis block cannot be invalid";
    if (Stopped()) return m_failure;
    if (m_index->InBestChain(*entry) && entry->height < PruneHeight()) {
        return base::Format(
            "Blocks below height %d are pruned, so the chain cannot be taken back to height %d",
            PruneHeight(), entry->height - 1);
    }
    if (m_history && m_history->Covers(*entry)) {
        return base::Format(
            "The chain up to height %d came with a snapshot whose history is not checked yet; "
            "it can be undone after that (see getchainstates)",
            m_history->Base().height);
    }
    const BlockEntry* before = m_index->Tip();
    while (m_index->InBestChain(*entry)) {
        if (Disconnect() != Step::Done) return m_failure;
    }
    (void)m_index->MarkInvalid(*entry, STATUS_BY_USER, Rule::Ok);
    m_index->RebuildCandidates();
    if (!Activate(before)) return m_failure;
    return std::nullopt;
}

std::optional<std::string> Engine::Reconsider(const base::Hash256& hash)
{
    const BlockEntry* entry = m_index->Find(hash);
    if (entry == nullptr) return "Block not found";
    if (Stopped()) return m_failure;
    m_index->ClearInvalid(*entry);
    m_deep_allowed.push_back(entry);
    if (!Activate()) return m_failure;
    return std::nullopt;
}

std::optional<std::string> Engine::Prefer(const base::Hash256& hash)
{
    const BlockEntry* entry = m_index->Find(hash);
    if (entry == nullptr) return "Block not found";
    if (Stopped()) return m_failure;
    const BlockEntry* before = m_index->Tip();
    m_index->Prefer(*entry);
    if (!Activate(before)) return m_failure;
    return std::nullopt;
}

} // namespace emc::chain
