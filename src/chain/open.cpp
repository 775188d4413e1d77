// Opening: stores, versions, taking in what the block files hold beyond the index.
#include "base/clock.h"
#include "base/log.h"
#include "chain/block_index.h"
#include "chain/block_store.h"
#include "chain/check_ahead.h"
#include "chain/engine.h"
#include "chain/script_pool.h"
#include "storage/kv_store.h"
#include "storage/schema.h"

#include <algorithm>
#include <map>
#include <set>
#include <thread>
#include <unordered_map>

namespace emc::chain {

using storage::Broken;
using storage::StorageError;
using storage::StorageFailure;
using storage::StorageResult;

namespace {

constexpr std::string_view INDEX_REMEDY = "start with -reindex to rebuild it from the block files";

OpenError ToOpenError(const StorageFailure& failure, std::string_view remedy)
{
    OpenError out;
    switch (failure.code) {
    case StorageError::DiskFull:
        out.kind = OpenErrorKind::DiskFull;
        break;
    case StorageError::Corrupt:
    case StorageError::NotFound:
        out.kind = OpenErrorKind::Corrupt;
        break;
    case StorageError::NewerVersion:
        out.kind = OpenErrorKind::NewerVersion;
        break;
    case StorageError::WrongNetwork:
        out.kind = OpenErrorKind::WrongNetwork;
        break;
    case StorageError::InUse:
        out.kind = OpenErrorKind::InUse;
        break;
    case StorageError::Pruned:
        out.kind = OpenErrorKind::Pruned;
        break;
    case StorageError::Io:
        break;
    }
    out.message = storage::Describe(failure);
    if (out.kind == OpenErrorKind::DiskFull) out.message += DISK_FULL_REMEDY;
    const bool says_so = out.message.find("-reindex") != std::string::npos;
    if (out.kind == OpenErrorKind::Corrupt && !says_so) out.message += "; " + std::string(remedy);
    return out;
}

OpenError StoppedWhileOpening()
{
    return {OpenErrorKind::Interrupted, "Stopped while the chain was opened; the next start goes on"};
}

/// Beside the one that connects blocks.
int ThreadsOf(const ChainOptions& options)
{
    if (options.script_threads >= 0) return options.script_threads;
    return std::max(0, static_cast<int>(std::thread::hardware_concurrency()) - 1);
}

} // namespace

struct Engine::FoundBlock {
    storage::FilePos pos;
    base::Hash256 hash;
};

struct Engine::Import {
    /// Blocks whose parent is still missing, by that parent.
    std::unordered_multimap<base::Hash256, FoundBlock, base::HashOfHash> early;
};

std::unique_ptr<ScriptPool> Engine::MakePool() const
{
    return std::make_unique<ScriptPool>(ThreadsOf(m_options));
}

base::Expected<void, OpenError> Engine::Open()
{
    if (const auto done = OpenStores(); !done)
        return base::Unexpected(ToOpenError(done.Error(), INDEX_REMEDY));
    m_pool = MakePool();
    m_last_flush_us = base::SteadyMicros();
    if (const auto done = OpenState(); !done)
        return base::Unexpected(m_interrupted ? StoppedWhileOpening()
                                              : ToOpenError(done.Error(), STATE_REMEDY));
    LogAssumed();
    if (ThreadsOf(m_options) > 0 && m_options.check_scripts)
        m_ahead = std::make_unique<CheckAhead>(CheckAhead::Deps{m_deps.params, *m_state, m_signatures});
    m_import = std::make_shared<Import>();
    if (const auto done = ImportBlocks(); !done)
        return base::Unexpected(ToOpenError(done.Error(), INDEX_REMEDY));
    m_import.reset();
    const bool activated = !m_interrupted && Activate();
    m_opening = false;
    if (m_interrupted && !Stopped()) {
        (void)Flush(StateCache::Keep::Clean); // what was done need not be done again
        return base::Unexpected(StoppedWhileOpening());
    }
    if (!activated || Stopped()) {
        OpenError error;
        if (m_failure.find("damaged") != std::string::npos) error.kind = OpenErrorKind::Corrupt;
        if (m_failure.ends_with(DISK_FULL_REMEDY)) error.kind = OpenErrorKind::DiskFull;
        error.message = m_failure;
        return base::Unexpected(std::move(error));
    }
    return {};
}

StorageResult<void> Engine::OpenStores()
{
    if (auto done = m_files.MakeDirectories(m_options.blocks_dir); !done) return done;
    storage::KvStore::Options options;
    options.files = m_deps.files;
    const std::string index_dir = m_options.blocks_dir + "/index";
    if (auto done = OpenSnapshotStore(); !done) return done;
    // The state goes first: interrupted here, an index without a state is caught up, the reverse is damage.
    if (m_options.reindex) {
        if (auto done = DropSnapshot(); !done) return done;
        if (auto done = RemoveStore(m_options.state_dir); !done) return done;
        if (auto done = RemoveStore(index_dir); !done) return done;
    }
    options.cache_bytes = size_t{2} << 20;
    options.write_buffer_bytes = size_t{2} << 20;
    auto index = storage::KvStore::Open(index_dir, options);
    if (!index) return base::Unexpected(index.Error());
    m_index_store = std::move(*index);
    const uint32_t magic = m_deps.params.magic_be;
    const storage::ExpectedVersion index_version{storage::INDEX_VERSION, magic, INDEX_REMEDY};
    if (auto done = storage::CheckVersion(*m_index_store, index_version); !done) return done;
    std::optional<BlockIndex::AssumedBase> assumed;
    if (m_snapshot_row && m_snapshot_row->phase == storage::SnapshotPhase::Loaded && !m_options.reindex_state)
        assumed = {m_snapshot_row->base, m_snapshot_row->chain_tx_count};
    if (auto done = m_index->Load(*m_index_store, assumed); !done) return done;
    if (auto done = CheckPruned(); !done) return done;
    if (m_options.reindex_state) {
        if (auto done = DropSnapshot(); !done) return done;
        if (auto done = RemoveStore(m_options.state_dir); !done) return done;
    }
    auto state = OpenStateStore(m_options.state_dir);
    if (!state) return base::Unexpected(state.Error());
    if (auto done = ChooseState(std::move(*state)); !done) return done;
    return CheckFilesExist();
}

StorageResult<void> Engine::CheckFilesExist() const
{
    std::map<int32_t, uint64_t> wanted; // file → how long it must be
    m_index->ForEach([&](const BlockEntry& entry) {
        if (!entry.HasData()) return;
        auto& bytes = wanted[entry.data.file];
        bytes = std::max(bytes, entry.data.offset + entry.data_bytes);
    });
    for (const auto& [number, bytes] : wanted) {
        const auto path = m_blocks->BlockFiles().PathOf(number);
        if (!m_files.Exists(path)) {
            return Broken(StorageError::NotFound, path + " is missing; restore it, or start with -reindex");
        }
        const auto file = m_files.Open(path, storage::OpenMode::Read);
        if (!file) return base::Unexpected(file.Error());
        const auto size = (*file)->Size();
        if (!size) return base::Unexpected(size.Error());
        if (*size >= bytes) continue;
        return Broken(StorageError::Corrupt, path + " is truncated: " + std::to_string(*size) +
                                                 " bytes instead of at least " + std::to_string(bytes) +
                                                 "; restore it, or start with -reindex");
    }
    return {};
}

std::vector<StateCache::NewTip> Engine::TimesUpTo(const BlockEntry& entry) const
{
    std::vector<StateCache::NewTip> out(static_cast<size_t>(entry.height) + 1);
    for (const BlockEntry* walk = &entry; walk != nullptr; walk = walk->parent) {
        auto& place = out[static_cast<size_t>(walk->height)];
        place.time = walk->header.time;
        place.median_time = walk->MedianTime();
    }
    return out;
}

StorageResult<Engine::Place> Engine::PlaceOf(const storage::KvStore& store) const
{
    const auto row = store.Get(storage::BestKey());
    if (!row) {
        if (row.Error().code != StorageError::NotFound) return base::Unexpected(row.Error());
        return Place{m_index->Find(m_deps.params.genesis_hash), 0};
    }
    const auto best = storage::DecodeBest(*row);
    if (!best) return Broken(StorageError::Corrupt, store.Directory() + ": unreadable best block row");
    const BlockEntry* entry = m_index->Find(best->hash);
    if (entry == nullptr || entry->height != best->height) {
        return Broken(StorageError::Corrupt,
                      store.Directory() + " stands at block " + base::ReversedHex(best->hash) +
                          ", which the block index does not know; start with -reindex");
    }
    return Place{entry, best->supply};
}

StorageResult<NameTotals> Engine::NamesOf(storage::KvStore& store, const BlockEntry& at)
{
    const int64_t began = base::SteadyMicros();
    const auto names = LoadNameTotals(store, at.hash, at.height, [this] { return Interrupted(); });
    if (!names) return base::Unexpected(names.Error());
    if (names->walked) {
        EMC_LOG(m_deps.log, Info, Chain,
                "name-state hash worked out from %llu names in %lld ms, it was not in the store",
                static_cast<unsigned long long>(names->totals.count),
                static_cast<long long>((base::SteadyMicros() - began) / 1000));
    }
    return names->totals;
}

StorageResult<void> Engine::OpenState()
{
    m_state = CacheOn(m_state_store);
    const auto& genesis = m_deps.params.genesis.header;
    if (m_index->Find(m_deps.params.genesis_hash) == nullptr)
        (void)m_index->Insert(m_deps.params.genesis_hash, genesis);
    const auto place = PlaceOf(*m_state_store);
    if (!place) return base::Unexpected(place.Error());
    m_index->SetTip(place->at);
    const auto names = NamesOf(*m_state_store, *place->at);
    if (!names) return base::Unexpected(names.Error());
    m_state->Start(TipOf(*place->at), TimesUpTo(*place->at), {place->supply, *names});
    if (!m_history_store) return {};
    return OpenHistory();
}

void Engine::LogAssumed() const
{
    const auto& assumed = m_deps.params.assumed_valid;
    if (!assumed) {
        EMC_LOG(m_deps.log, Info, Chain, "the scripts of all blocks are checked");
        return;
    }
    const BlockEntry* entry = m_index->Find(*assumed);
    EMC_LOG(m_deps.log, Info, Chain, "scripts are assumed to be valid up to block %s, %s",
            base::ReversedHex(*assumed).c_str(),
            entry != nullptr ? base::Format("height %d", entry->height).c_str()
                             : "whose header is not known yet; until it is, all are checked");
}

StorageResult<void> Engine::StoreGenesis()
{
    const BlockEntry& entry = *m_index->Find(m_deps.params.genesis_hash);
    if (const auto now = m_index->Copy(entry); now.HasData() || now.Pruned()) return {};
    const auto bytes = primitives::Serialize(m_deps.params.genesis);
    const auto pos = m_blocks->AppendBlock(bytes);
    if (!pos) return base::Unexpected(pos.Error());
    const auto count = static_cast<uint32_t>(m_deps.params.genesis.transactions.size());
    (void)m_index->SetData(entry, *pos, static_cast<uint32_t>(bytes.size()), count);
    return {};
}

StorageResult<void> Engine::ImportBlocks()
{
    storage::FileEndsRow ends{{0, 0}, {0, 0}};
    const auto row = m_index_store->Get(storage::FileEndsKey());
    if (row) {
        const auto stored = storage::DecodeFileEnds(*row);
        if (!stored)
            return Broken(StorageError::Corrupt, m_index_store->Directory() + ": unreadable file ends row");
        ends = *stored;
    } else if (row.Error().code != StorageError::NotFound) {
        return base::Unexpected(row.Error());
    }
    m_blocks->SetEnds(ends);
    if (auto done = RemoveLeftFiles(); !done) return done;
    FindPruneHeight();
    const auto numbers = m_blocks->BlockFiles().Numbers();
    if (!numbers) return base::Unexpected(numbers.Error());
    if (numbers->empty()) return StoreGenesis();
    if (m_options.reindex && numbers->front() != 0) {
        EMC_LOG(m_deps.log, Warning, Chain,
                "%s is gone: this folder was pruned, and what the other block files hold cannot be connected "
                "without "
                "it. The chain begins anew; all blocks must come from the network again",
                m_blocks->BlockFiles().PathOf(0).c_str());
    }
    for (const int32_t number : *numbers) {
        if (number < ends.blocks.file) continue;
        const uint64_t from = number == ends.blocks.file ? ends.blocks.offset : 0;
        if (auto done = ImportFile(number, from); !done) return done;
        if (Stopped() || m_interrupted) return {};
    }
    if (!m_import->early.empty()) {
        EMC_LOG(m_deps.log, Warning, Chain,
                "%zu stored blocks have no parent in the block files and are left out",
                m_import->early.size());
        m_import->early.clear();
    }
    return StoreGenesis();
}

StorageResult<void> Engine::ImportFile(int32_t file, uint64_t from)
{
    const auto& files = m_blocks->BlockFiles();
    uint64_t taken = 0;
    const auto visit = [&](storage::FilePos pos, base::ByteSpan payload) {
        if (Stopped() || Interrupted()) return true; // the rest is skipped, not adopted
        const auto block = primitives::ParseBlock(payload);
        if (!block) return false;
        ++taken;
        ImportBlock(block, {pos, block->header.Hash()});
        if (m_interrupted) return true; // perhaps in the middle of this block
        const storage::FilePos end{pos.file, pos.offset + payload.size()};
        // A block that waits for its parent must be found again if this is interrupted.
        if (m_import->early.empty()) {
            if (const auto done = m_blocks->AdoptBlocks(end); !done)
                Fail(done.Error(), "reading the block files");
        }
        if (taken % 10'000 == 0) {
            EMC_LOG(m_deps.log, Info, Chain, "%s: %llu blocks read, height %d", files.PathOf(file).c_str(),
                    static_cast<unsigned long long>(taken), m_index->Tip()->height);
        }
        MaybeFlush();
        return true;
    };
    const auto scanned = files.Scan(file, from, visit);
    if (!scanned) return base::Unexpected(scanned.Error());
    if (Stopped() || m_interrupted) return {};
    if (scanned->foreign) {
        return Broken(StorageError::WrongNetwork,
                      files.PathOf(file) + " holds no block of this network; move it away");
    }
    if (scanned->cut_off) {
        EMC_LOG(m_deps.log, Warning, Chain,
                "%s ends inside a block; what is whole was kept, up to offset %llu",
                files.PathOf(file).c_str(), static_cast<unsigned long long>(scanned->end));
    }
    if (taken != 0) {
        EMC_LOG(m_deps.log, Info, Chain, "%s: %llu blocks found that the index did not know",
                files.PathOf(file).c_str(), static_cast<unsigned long long>(taken));
    }
    return m_blocks->AdoptBlocks({file, scanned->end});
}

void Engine::ImportBlock(const primitives::BlockRef& block, const FoundBlock& found)
{
    if (found.hash == m_deps.params.genesis_hash) {
        const BlockEntry& genesis = *m_index->Find(found.hash);
        if (!m_index->Copy(genesis).HasData()) {
            (void)m_index->SetData(genesis, found.pos,
                                   static_cast<uint32_t>(primitives::Serialize(*block).size()),
                                   static_cast<uint32_t>(block->transactions.size()));
        }
        return;
    }
    if (m_index->Find(block->header.prev_hash) == nullptr) {
        m_import->early.emplace(block->header.prev_hash, found);
        return;
    }
    std::vector<base::Hash256> parents{found.hash};
    auto verdict = Store(block, Precheck(*block), &found.pos);
    while (!parents.empty() && verdict.outcome != Outcome::Failed) {
        const auto parent = parents.back();
        const auto it = m_import->early.find(parent);
        if (it == m_import->early.end()) {
            parents.pop_back();
            continue;
        }
        const FoundBlock child = it->second;
        m_import->early.erase(it);
        const auto stored = m_blocks->ReadBlock(child.pos, child.hash);
        if (!stored) continue;
        verdict = Store(*stored, Precheck(**stored), &child.pos);
        parents.push_back(child.hash);
    }
}

} // namespace emc::chain
