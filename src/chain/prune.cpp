// Removing old block files: which may go, in which order, and what a folder that lost some can still do.
#include "base/log.h"
#include "chain/block_index.h"
#include "chain/block_store.h"
#include "chain/engine.h"
#include "chain/history.h"
#include "consensus/stake_rules.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace emc::chain {

using storage::Broken;
using storage::StorageError;
using storage::StorageResult;

namespace {

/// Kept beyond what a reorganisation may undo, so that nobody is at the edge.
constexpr int32_t KEPT_MARGIN = 10;

/// Files that exist below the one being written, with the greatest height of a block in each; −1 when the
/// index knows of none there.
base::Expected<std::map<int32_t, int32_t>, storage::StorageFailure> FinishedFiles(const BlockIndex& index,
                                                                                  const BlockStore& blocks)
{
    const auto numbers = blocks.BlockFiles().Numbers();
    if (!numbers) return base::Unexpected(numbers.Error());
    const int32_t end = blocks.Ends().blocks.file;
    std::map<int32_t, int32_t> out;
    for (const int32_t number : *numbers) {
        if (number < end) out[number] = -1;
    }
    index.ForEach([&out](const BlockEntry& entry) {
        if (!entry.HasData()) return;
        if (const auto it = out.find(entry.data.file); it != out.end())
            it->second = std::max(it->second, entry.height);
    });
    return out;
}

/// Does the signature, which the block's hash leaves out, belong to this block? The coin that was staked is
/// long spent; its script is looked for among those the stake pays.
bool SignedByItsStake(const primitives::Block& block)
{
    if (!block.header.IsProofOfStake()) return true;
    const auto& witness = block.transactions[0]->Inputs()[0].witness;
    const auto& stake = *block.transactions[1];
    const auto signs = [&](const primitives::TxOut& output) {
        const auto key = consensus::SigningKey(output.script_pubkey, stake.Inputs()[0]);
        return key && consensus::CheckBlockSignature(block.header.Hash(), *key, witness[1]);
    };
    return witness.size() == 2 && std::any_of(stake.Outputs().begin(), stake.Outputs().end(), signs);
}

/// Undo files below the one being written in which no record is `needed`.
std::vector<int32_t> UndoFilesWithout(const BlockIndex& index, const BlockStore& blocks,
                                      const std::function<bool(const BlockEntry&)>& needed)
{
    const auto numbers = blocks.UndoFiles().Numbers();
    if (!numbers) return {}; // they go another time
    std::set<int32_t> out;
    for (const int32_t number : *numbers) {
        if (number < blocks.Ends().undo.file) out.insert(number);
    }
    index.ForEach([&](const BlockEntry& entry) {
        if ((entry.status & STATUS_UNDO) != 0 && needed(entry)) out.erase(entry.undo.file);
    });
    return {out.begin(), out.end()};
}

} // namespace

int32_t Engine::KeptBlocks() const
{
    return std::max({ReorgLimit(), m_deps.params.reorg_limit, m_options.prune_keep_blocks}) + KEPT_MARGIN;
}

int32_t Engine::PruneLimit() const
{
    int32_t limit = m_index->Tip()->height - KeptBlocks();
    if (m_history) limit = std::min(limit, m_history->Tip().height); // those above are still to be checked
    return m_prune_lock && *m_prune_lock ? std::min(limit, (*m_prune_lock)()) : limit;
}

base::Expected<int32_t, std::string> Engine::PruneTo(int32_t height)
{
    if (!m_options.prune)
        return base::Unexpected(std::string("This node does not prune: start it with -prune=1"));
    if (Stopped()) return base::Unexpected(m_failure);
    const int32_t tip = m_index->Tip()->height;
    if (tip <= KeptBlocks()) {
        return base::Unexpected(base::Format(
            "The chain is too short for pruning: its height is %d, and the newest %d blocks are kept", tip,
            KeptBlocks()));
    }
    const auto files = FinishedFiles(*m_index, *m_blocks);
    if (!files) {
        Fail(files.Error(), "looking at the block files");
        return base::Unexpected(m_failure);
    }
    const int32_t limit = std::min(height, PruneLimit());
    std::vector<int32_t> unneeded;
    for (const auto& [number, highest] : *files) {
        if (highest <= limit) unneeded.push_back(number);
    }
    if (!RemoveFiles(std::move(unneeded))) return base::Unexpected(m_failure);
    return PruneHeight() - 1;
}

void Engine::StartPruning(std::function<int32_t()> lock)
{
    m_prune_lock = std::move(lock);
    m_prune_checked_file = -1;
}

void Engine::MaybePrune()
{
    if (m_options.prune_target_bytes == 0 || !m_prune_lock || Stopped()) return;
    const int32_t now = m_blocks->Ends().blocks.file;
    if (now == m_prune_checked_file) return;
    m_prune_checked_file = now;
    // Before the next look at it the files grow by one block file and what undoes it.
    const uint64_t growth = m_options.block_file_bytes + m_options.block_file_bytes / 8;
    const uint64_t target = m_options.prune_target_bytes > growth ? m_options.prune_target_bytes - growth : 0;
    uint64_t bytes = m_blocks->DiskBytes();
    const int32_t limit = PruneLimit();
    if (bytes <= target || limit <= 0) return;
    const auto files = FinishedFiles(*m_index, *m_blocks);
    if (!files) return Fail(files.Error(), "looking at the block files");
    std::vector<int32_t> unneeded;
    for (const auto& [number, highest] : *files) {
        if (bytes <= target) break;
        if (highest > limit) continue;
        bytes -= std::min(bytes, m_blocks->BlockFiles().Bytes(number));
        unneeded.push_back(number);
    }
    (void)RemoveFiles(std::move(unneeded));
}

bool Engine::RemoveFiles(std::vector<int32_t> files)
{
    if (files.empty()) return true;
    // What is on disk of the state may stand far below the tip and would need the blocks between.
    if (!Flush(StateCache::Keep::Clean)) return false;
    if (m_history && !FlushState(m_history->State(), StateCache::Keep::Clean)) return false;
    std::vector<const BlockEntry*> gone;
    m_index->ForEach([&](const BlockEntry& entry) {
        if (entry.HasData() && std::binary_search(files.begin(), files.end(), entry.data.file))
            gone.push_back(&entry);
    });
    for (const BlockEntry* entry : gone) {
        m_index->Change(*entry, [](BlockEntry& e) {
            e.status = static_cast<uint8_t>((e.status & ~STATUS_DATA) | STATUS_PRUNED);
            e.data = {};
            e.data_bytes = 0;
        });
    }
    m_has_pruned = m_has_pruned || !gone.empty();
    const auto undo =
        UndoFilesWithout(*m_index, *m_blocks, [](const BlockEntry& entry) { return !entry.Pruned(); });
    gone.clear();
    m_index->ForEach([&](const BlockEntry& entry) {
        const bool has = (entry.status & STATUS_UNDO) != 0;
        if (has && std::binary_search(undo.begin(), undo.end(), entry.undo.file)) gone.push_back(&entry);
    });
    for (const BlockEntry* entry : gone) {
        m_index->Change(*entry, [](BlockEntry& e) {
            e.status &= static_cast<uint8_t>(~STATUS_UNDO);
            e.undo = {};
        });
    }
    FindPruneHeight();
    // From here on nothing looks for these files; those a lost power leaves behind go at the next start.
    if (!Flush(StateCache::Keep::Clean)) return false;
    if (const auto done = m_blocks->Remove(files, undo); !done) {
        Fail(done.Error(), "removing old block files");
        return false;
    }
    EMC_LOG(m_deps.log, Info, Chain,
            "pruned %zu block files and %zu undo files; blocks from height %d on are kept", files.size(),
            undo.size(), PruneHeight());
    return true;
}

BlockVerdict Engine::Restore(const primitives::BlockRef& block, const Prechecked& prechecked)
{
    if (Stopped()) return Failed();
    const auto damaged = [](consensus::Rule rule) {
        BlockVerdict verdict;
        verdict.outcome = Outcome::Mutated;
        verdict.rule = {rule, consensus::StageOf(rule), true, {}};
        return verdict;
    };
    const BlockEntry* entry = m_index->Find(prechecked.hash);
    if (entry == nullptr) return damaged(consensus::Rule::HeaderParentUnknown);
    if (!m_index->Copy(*entry).Pruned()) return VerdictOf(*entry, Outcome::Known);
    // Its hash is that of a good block, so whatever is wrong is wrong with this copy.
    if (!prechecked.header) return damaged(prechecked.header.Error().rule);
    const auto good = entry->parent == nullptr ? prechecked.block
                                               : CheckWithHeight(*block, *entry->parent, prechecked.block);
    if (!good) return damaged(good.Error().rule);
    if (!SignedByItsStake(*block)) {
        auto verdict = damaged(consensus::Rule::StakeBlockSignature);
        verdict.outcome = Outcome::Waiting; // may be this copy, or a stake that pays another script
        return verdict;
    }
    const auto bytes = primitives::Serialize(*block);
    const auto written = m_blocks->AppendBlock(bytes);
    if (!written) {
        Fail(written.Error(), "storing a block");
        return Failed();
    }
    m_index->Change(*entry, [&](BlockEntry& e) {
        e.status = static_cast<uint8_t>((e.status & ~STATUS_PRUNED) | STATUS_DATA);
        e.data = *written;
        e.data_bytes = static_cast<uint32_t>(bytes.size());
    });
    return VerdictOf(*entry, Outcome::Accepted);
}

void Engine::FindPruneHeight()
{
    const BlockEntry* walk = m_index->Tip();
    if (!m_has_pruned || walk == nullptr) return;
    const auto whole = [this](const BlockEntry& entry) { // of those that came back nothing undoes them
        const BlockEntry now = m_index->Copy(entry);
        return now.HasData() && (now.status & (STATUS_CONNECTED | STATUS_UNDO)) != STATUS_CONNECTED;
    };
    while (walk != nullptr && whole(*walk))
        walk = walk->parent;
    m_prune_height.store(walk == nullptr ? 0 : walk->height + 1);
}

bool Engine::IsStored(const BlockEntry& candidate, const BlockEntry& tip)
{
    if (!m_has_pruned || &candidate == &tip) return true;
    const BlockEntry* fork = CommonAncestor(&candidate, &tip);
    bool stored = fork == &tip || fork->height + 1 >= PruneHeight();
    for (const BlockEntry* walk = &candidate; stored && walk != fork; walk = walk->parent)
        stored = m_index->Copy(*walk).HasData();
    if (!stored && m_deep_warned != fork) {
        m_deep_warned = fork;
        EMC_LOG(m_deps.log, Warning, Chain,
                "a better chain (tip %s) branches off at height %d, where blocks are pruned; it is not "
                "followed. If "
                "you know it to be right, fetch everything anew: start with -reindex",
                base::ReversedHex(candidate.hash).c_str(), fork->height);
    }
    return stored;
}

StorageResult<void> Engine::CheckPruned()
{
    m_index->ForEach([this](const BlockEntry& entry) { m_has_pruned = m_has_pruned || entry.Pruned(); });
    if (!m_has_pruned) return {};
    const std::string where = "block files in " + m_options.blocks_dir + " were removed";
    if (m_options.reindex_state) {
        return Broken(StorageError::Pruned,
                      where + ", so -reindex-chainstate cannot build the state from them; use "
                              "-reindex, after which everything is fetched from the network again");
    }
    if (!m_options.prune) {
        return Broken(StorageError::Pruned,
                      where + "; go on with -prune, or start with -reindex to keep all blocks, which "
                              "fetches everything from the network again");
    }
    return {};
}

StorageResult<void> Engine::RemoveLeftFiles()
{
    if (!m_has_pruned) return {};
    const auto files = FinishedFiles(*m_index, *m_blocks);
    if (!files) return base::Unexpected(files.Error());
    std::vector<int32_t> left;
    for (const auto& [number, highest] : *files) {
        if (highest < 0) left.push_back(number);
    }
    const auto undo = UndoFilesWithout(*m_index, *m_blocks, [](const BlockEntry&) { return true; });
    if (!left.empty() || !undo.empty()) {
        EMC_LOG(m_deps.log, Info, Chain,
                "removing %zu block files and %zu undo files that pruning left behind", left.size(),
                undo.size());
    }
    return m_blocks->Remove(left, undo);
}

} // namespace emc::chain
