// The writer's work on a loaded snapshot: going over to it, and checking its history between other jobs.
#include "base/log.h"
#include "chain/block_index.h"
#include "chain/block_store.h"
#include "chain/engine.h"
#include "chain/history.h"

namespace emc::chain {

using storage::SnapshotPhase;

namespace {

constexpr int32_t HEIGHTS_BETWEEN_REPORTS = 1'000;

StateCache::NewTip PlainTip(const BlockEntry& entry)
{
    StateCache::NewTip out;
    out.time = entry.header.time;
    out.median_time = entry.MedianTime();
    out.tip.hash = entry.hash;
    out.tip.height = entry.height;
    return out;
}

} // namespace

base::Expected<void, SnapshotFault> Engine::MayLoad(const SnapshotHead& head) const
{
    if (Stopped()) return NoSnapshot(SnapshotError::Disk, m_failure);
    if (m_history) {
        return NoSnapshot(SnapshotError::AlreadyLoaded,
                          "A snapshot is loaded already, and the blocks below it are not validated yet");
    }
    const BlockEntry* tip = m_index->Tip();
    if (head.height <= tip->height) {
        return NoSnapshot(
            SnapshotError::NotAhead,
            base::Format("The chain is at height %d already: a snapshot of height %d brings nothing",
                         tip->height, head.height));
    }
    const BlockEntry* base = m_index->Find(head.base);
    if (base == nullptr) return {};
    if (m_index->Copy(*base).Invalid()) {
        return NoSnapshot(SnapshotError::UnknownBase,
                          "The block of the snapshot is known to be invalid, or stands on one that is");
    }
    if (base->Ancestor(tip->height) == tip) return {};
    return NoSnapshot(
        SnapshotError::OtherChain,
        base::Format("The best block, %s, is not below the snapshot's block; invalidateblock the "
                     "blocks of the other branch first",
                     base::ReversedHex(tip->hash).c_str()));
}

base::Expected<void, SnapshotFault> Engine::InsertHeaders(const LoadedState& loaded)
{
    const BlockEntry* last = m_index->Find(m_deps.params.genesis_hash);
    for (const auto& plain : loaded.headers) {
        const auto hash = plain.Hash();
        const BlockEntry* known = m_index->Find(hash);
        if (known == nullptr) {
            primitives::BlockHeader header;
            static_cast<primitives::PlainHeader&>(header) = plain;
            if (const auto fits = consensus::CheckHeaderContext(header, ContextOf(plain, *last)); !fits) {
                return NoSnapshot(SnapshotError::Malformed,
                                  base::Format("The header of height %d breaks a rule: %s", last->height + 1,
                                               consensus::Describe(fits.Error()).c_str()));
            }
            known = m_index->Insert(hash, plain);
        }
        last = known;
    }
    return {};
}

base::Expected<void, SnapshotFault> Engine::GoOver(const LoadedState& loaded)
{
    const SnapshotHead& head = loaded.head;
    if (auto fits = MayLoad(head); !fits) return fits;
    if (auto done = InsertHeaders(loaded); !done) return done;
    if (auto fits = MayLoad(head); !fits) return fits; // now that the base is known
    const BlockEntry& base = *m_index->Find(head.base);
    const BlockEntry& tip = *m_index->Tip();
    m_index->Change(base, [&head](BlockEntry& e) { e.modifier = head.modifier; });
    // The headers must be on the disk before the state that stands on them has its name, and the old state as
    // of the old tip, where the history goes on.
    if (!Flush(StateCache::Keep::Nothing)) return NoSnapshot(SnapshotError::Disk, m_failure);
    const std::string directory = m_options.state_dir + std::string(SNAPSHOT_SUFFIX);
    const auto failed = [this](const storage::StorageFailure& failure) {
        Fail(failure, "loading the snapshot");
        return NoSnapshot(SnapshotError::Disk, m_failure);
    };
    if (auto done = m_files.Rename(loaded.directory, directory); !done) return failed(done.Error());
    if (auto done = m_files.SyncDirectory(ParentOf(directory)); !done) return failed(done.Error());
    auto store = OpenStateStore(directory);
    if (!store) return failed(store.Error());
    const auto row = (*store)->Get(storage::SnapshotKey());
    const auto promised = row ? storage::DecodeSnapshot(*row) : std::nullopt;
    EMC_CHECK(promised.has_value());
    const auto names = NamesOf(**store, base);
    if (!names) return failed(names.Error());

    auto old_state = CacheOn(m_state_store);
    old_state->Start(PlainTip(tip), TimesUpTo(tip), {m_state->Supply(), m_state->Committed()->names});
    m_history_store = std::exchange(m_state_store, *store);
    m_history = std::make_unique<History>(base, *promised, tip, std::move(old_state), m_deps.log);
    m_last_history_flush_us = m_last_flush_us;
    PublishHistory();
    m_index->Assume(base, head.chain_tx_count);
    m_index->SetTip(&base);
    m_state->Replace(*store, TipOf(base), TimesUpTo(base), {head.supply, *names});
    m_events->PublishMissed();
    m_events->Publish(*m_state->Tip());
    EMC_LOG(
        m_deps.log, Info, Chain,
        "the chain goes on from the snapshot's block %s at height %d; it cannot be undone below it until the "
        "%d blocks from height %d on have come and are validated",
        base::ReversedHex(base.hash).c_str(), base.height, base.height - tip.height, tip.height + 1);
    static_cast<void>(Activate()); // blocks that waited for it
    return {};
}

bool Engine::MayLeaveHistory(const BlockEntry& candidate)
{
    const BlockEntry& base = m_history->Base();
    const BlockEntry* fork = CommonAncestor(&candidate, &base);
    if (fork == &base) return true;
    if (fork != &candidate && m_deep_warned != fork) {
        m_deep_warned = fork;
        EMC_LOG(
            m_deps.log, Warning, Chain,
            "a chain (tip %s) that leaves the present one at height %d, below the loaded snapshot, is not "
            "followed until the snapshot's history is validated",
            base::ReversedHex(candidate.hash).c_str(), fork->height);
    }
    return false;
}

bool Engine::StepHistory()
{
    if (!m_history || Stopped()) return false;
    const BlockEntry* next = m_history->Next();
    if (next == nullptr) return CompareHistory();
    if (!m_index->Copy(*next).HasData()) return false; // its coming wakes the writer
    return ConnectHistory(*next) == Step::Done;
}

Engine::Step Engine::ConnectHistory(const BlockEntry& entry)
{
    const auto block = Load(entry);
    if (!block) return Step::Failed;
    StateCache& state = m_history->State();
    const auto joined = Join(entry, *block, ConnectContextOf(*entry.parent, state), state);
    if (!joined) return joined.Error();
    state.Apply(joined->delta, PlainTip(entry));
    m_history->Reached(entry);
    PublishHistory();
    if (entry.height % HEIGHTS_BETWEEN_REPORTS == 0) {
        EMC_LOG(m_deps.log, Debug, Chain, "the history below the snapshot is checked up to height %d",
                entry.height);
    }
    if (m_history->Next() == nullptr) {
        EMC_LOG(m_deps.log, Info, Chain,
                "all blocks up to the snapshot's are checked; comparing coins and names with the snapshot");
    }
    return Step::Done;
}

bool Engine::CompareHistory()
{
    StateCache& state = m_history->State();
    if (state.Dirty() && !FlushState(state, StateCache::Keep::Nothing)) return false;
    const BlockEntry now = m_index->Copy(m_history->Base());
    SnapshotHead head;
    head.magic_be = m_deps.params.magic_be;
    head.base = now.hash;
    head.height = now.height;
    head.chain_tx_count = now.chain_tx_count;
    head.supply = state.Supply();
    head.modifier = now.modifier;
    const auto hashes = m_history->HashSome(head);
    if (!hashes) {
        Fail(hashes.Error(), "reading the state below the snapshot");
        return false;
    }
    if (!*hashes) return true;
    const auto& found = **hashes;
    const auto& promised = m_history->Promised();
    if (found.state == promised.state_hash) {
        FinishHistory();
    } else {
        RefuseSnapshot(base::Format(
            "its blocks lead to the state %s (coins %s, names %s, %s units), not to the "
            "promised %s (coins %s, names %s)",
            base::ReversedHex(found.state).c_str(), base::ReversedHex(found.coins).c_str(),
            base::ReversedHex(found.names).c_str(), std::to_string(head.supply).c_str(),
            base::ReversedHex(promised.state_hash).c_str(), base::ReversedHex(promised.coin_hash).c_str(),
            base::ReversedHex(promised.name_hash).c_str()));
    }
    return false;
}

void Engine::FinishHistory()
{
    auto row = m_history->Promised();
    row.phase = SnapshotPhase::Validated;
    // The blocks of the history are on the disk and in the index: from this row on the state stands on them.
    if (const auto done =
            m_state_store->Put(storage::SnapshotKey(), storage::Encode(row), storage::Durability::Synced);
        !done) {
        Fail(done.Error(), "writing that the snapshot is validated");
        return;
    }
    EMC_LOG(m_deps.log, Info, Chain,
            "the snapshot at height %d is validated: its blocks lead to the same coins, names and supply",
            row.height);
    m_index->Settle();
    m_history.reset();
    PublishHistory();
    FindPruneHeight();
    const std::weak_ptr<storage::KvStore> still_read = m_history_store;
    m_history_store.reset();
    // While a reader is at it, it is left to the next start.
    if (still_read.expired()) {
        if (const auto done = RemoveStore(m_options.state_dir); !done) {
            EMC_LOG(m_deps.log, Warning, Chain, "the next start removes the state it came from: %s",
                    storage::Describe(done.Error()).c_str());
        }
    }
    static_cast<void>(Activate()); // a better chain may have waited that leaves this one below the base
}

void Engine::RefuseSnapshot(const std::string& why)
{
    if (Stopped()) return;
    auto row = m_history->Promised();
    row.phase = SnapshotPhase::Refused;
    if (!WriteIndex()) return;
    if (const auto done =
            m_state_store->Put(storage::SnapshotKey(), storage::Encode(row), storage::Durability::Synced);
        !done) {
        Fail(done.Error(), "writing that the snapshot is wrong");
        return;
    }
    Fail(
        {storage::StorageError::Corrupt,
         "the loaded snapshot of block " + base::ReversedHex(row.base) + " is wrong: " + why +
             ". Trust nothing this node said since it was loaded. The next start puts the snapshot aside and "
             "goes on from the blocks that were checked"},
        "validating the snapshot");
}

} // namespace emc::chain
