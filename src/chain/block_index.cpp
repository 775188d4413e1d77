#include "chain/block_index.h"

#include "base/mutex.h"
#include "consensus/kernel.h"
#include "consensus/stake.h"
#include "storage/kv_store.h"
#include "storage/schema.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <set>
#include <unordered_map>

namespace emc::chain {
namespace {

constexpr int MEDIAN_SPAN = 11;

/// Height an entry's skip pointer leads to: clears the lowest set bits, two of them on odd heights, so that
/// any ancestor is reached in logarithmic time.
int32_t SkipHeight(int32_t height)
{
    const auto clear_lowest = [](int32_t n) { return n & (n - 1); };
    if (height < 2) return 0;
    return (height & 1) != 0 ? clear_lowest(clear_lowest(height - 1)) + 1 : clear_lowest(height);
}

using WriteLock = base::LockGuard<base::SharedMutex<base::LockRank::BlockIndex>>;
using ReadLock = base::SharedLockGuard<base::SharedMutex<base::LockRank::BlockIndex>>;

} // namespace

const BlockEntry* BlockEntry::Ancestor(int32_t at_height) const
{
    if (at_height < 0 || at_height > height) return nullptr;
    const BlockEntry* walk = this;
    while (walk->height > at_height) {
        const bool jump = walk->skip != nullptr && walk->skip->height >= at_height;
        walk = jump ? walk->skip : walk->parent;
    }
    return walk;
}

int64_t BlockEntry::MedianTime() const
{
    std::array<int64_t, MEDIAN_SPAN> times{};
    size_t count = 0;
    for (const BlockEntry* walk = this; walk != nullptr && count < times.size(); walk = walk->parent) {
        times[count++] = walk->header.time;
    }
    return consensus::MedianTime(std::span<const int64_t>(times.data(), count));
}

const BlockEntry* CommonAncestor(const BlockEntry* a, const BlockEntry* b)
{
    const int32_t height = std::min(a->height, b->height);
    a = a->Ancestor(height);
    b = b->Ancestor(height);
    EMC_CHECK(a != nullptr && b != nullptr);
    while (a != b) {
        const bool jump = a->skip != nullptr && a->skip != b->skip;
        a = jump ? a->skip : a->parent;
        b = jump ? b->skip : b->parent;
    }
    return a;
}

bool BetterFirst::operator()(const BlockEntry* a, const BlockEntry* b) const
{
    if (a->fork_state.BetterThan(b->fork_state)) return true;
    if (b->fork_state.BetterThan(a->fork_state)) return false;
    if (a->sequence != b->sequence) return a->sequence < b->sequence;
    return a->hash < b->hash;
}

std::unique_ptr<BlockEntry> MakeEntry(const consensus::Params& params, const base::Hash256& hash,
                                      const primitives::PlainHeader& header, const BlockEntry* parent)
{
    auto entry = std::make_unique<BlockEntry>();
    entry->hash = hash;
    entry->header = header;
    const bool is_pos = (header.version & primitives::VERSION_POS) != 0;
    if (parent == nullptr) {
        EMC_CHECK(hash == params.genesis_hash);
        entry->fork_state = consensus::ForkState::Genesis(params);
        entry->modifier = consensus::GenesisModifier(hash);
    } else {
        entry->parent = parent;
        entry->height = parent->height + 1;
        entry->skip = parent->Ancestor(SkipHeight(entry->height));
        entry->last_pos_time = parent->last_pos_time;
        const auto kind = is_pos ? consensus::Kind::Pos : consensus::Kind::Pow;
        entry->fork_state = parent->fork_state.Next(params, kind, header.bits, header.time);
    }
    if (is_pos) entry->last_pos_time = header.time;
    return entry;
}

struct BlockIndex::Tree {
    explicit Tree(const consensus::Params& p) : params(p) {}

    BlockEntry* Mutable(const BlockEntry& entry) EMC_REQUIRES(mutex);
    BlockEntry* InsertLocked(const base::Hash256& hash, const primitives::PlainHeader& header)
        EMC_REQUIRES(mutex);
    void Complete(BlockEntry& entry, std::vector<const BlockEntry*>& out) EMC_REQUIRES(mutex);

    /// Blocks of the chain up to an entry whose own are there; 0 when some below are not.
    uint64_t CountOf(const BlockEntry& entry) const
    {
        if (entry.parent == nullptr) return entry.tx_count;
        if (entry.parent->chain_tx_count != 0 && (entry.HasData() || entry.Pruned()))
            return entry.parent->chain_tx_count + entry.tx_count;
        return &entry == assumed ? assumed_tx_count : 0;
    }

    void Touch(const BlockEntry& entry) { changed.insert(&entry); }

    void RaiseHeaders(const BlockEntry& entry);
    void RecountHeaders() EMC_REQUIRES(mutex);

    const consensus::Params& params;
    mutable base::SharedMutex<base::LockRank::BlockIndex> mutex;
    std::unordered_map<base::Hash256, std::unique_ptr<BlockEntry>, base::HashOfHash>
        entries EMC_GUARDED_BY(mutex);
    std::vector<const BlockEntry*> best_chain EMC_GUARDED_BY(mutex);
    uint64_t next_sequence EMC_GUARDED_BY(mutex) = 1;
    std::atomic<int32_t> header_height{-1};              ///< changed by the writer only
    std::atomic<const BlockEntry*> best_header{nullptr}; ///< the same
    // Writer only:
    const BlockEntry* assumed = nullptr; ///< base of a snapshot, while blocks below it are missing
    uint64_t assumed_tx_count = 0;
    std::unordered_multimap<const BlockEntry*, BlockEntry*> waiting; ///< by parent: data here, not below
    std::unordered_multimap<const BlockEntry*, BlockEntry*> children;
    std::set<const BlockEntry*> changed;
    std::set<const BlockEntry*, BetterFirst>
        candidates; ///< complete, not invalid, not worse than the tip was
};

BlockIndex::BlockIndex(const consensus::Params& params) : m_tree(std::make_unique<Tree>(params)) {}

BlockIndex::~BlockIndex() = default;

void BlockIndex::ChangesWritten()
{
    m_tree->changed.clear();
}

const BlockEntry* BlockIndex::Find(const base::Hash256& hash) const
{
    const ReadLock lock(m_tree->mutex);
    const auto it = m_tree->entries.find(hash);
    return it == m_tree->entries.end() ? nullptr : it->second.get();
}

BlockEntry BlockIndex::Copy(const BlockEntry& entry) const
{
    const ReadLock lock(m_tree->mutex);
    return entry;
}

const BlockEntry* BlockIndex::AtHeight(int32_t height) const
{
    const ReadLock lock(m_tree->mutex);
    if (height < 0 || static_cast<size_t>(height) >= m_tree->best_chain.size()) return nullptr;
    return m_tree->best_chain[static_cast<size_t>(height)];
}

const BlockEntry* BlockIndex::Tip() const
{
    const ReadLock lock(m_tree->mutex);
    return m_tree->best_chain.empty() ? nullptr : m_tree->best_chain.back();
}

bool BlockIndex::InBestChain(const BlockEntry& entry) const
{
    return AtHeight(entry.height) == &entry;
}

void BlockIndex::ForEach(const std::function<void(const BlockEntry&)>& visit) const
{
    const ReadLock lock(m_tree->mutex);
    for (const auto& [hash, entry] : m_tree->entries)
        visit(*entry);
}

size_t BlockIndex::Size() const
{
    const ReadLock lock(m_tree->mutex);
    return m_tree->entries.size();
}

BlockEntry* BlockIndex::Tree::Mutable(const BlockEntry& entry)
{
    const auto it = entries.find(entry.hash);
    EMC_CHECK(it != entries.end() && it->second.get() == &entry);
    return it->second.get();
}

BlockEntry* BlockIndex::Tree::InsertLocked(const base::Hash256& hash, const primitives::PlainHeader& header)
{
    if (const auto it = entries.find(hash); it != entries.end()) return it->second.get();
    const auto parent = entries.find(header.prev_hash);
    const BlockEntry* below = parent == entries.end() ? nullptr : parent->second.get();
    auto made = MakeEntry(params, hash, header, below);
    BlockEntry* entry = made.get();
    if (below != nullptr) {
        if (below->Invalid()) entry->status |= STATUS_CHILD_OF_INVALID;
        children.emplace(below, entry);
    }
    entries.emplace(hash, std::move(made));
    return entry;
}

void BlockIndex::Tree::RaiseHeaders(const BlockEntry& entry)
{
    if (entry.Invalid()) return;
    if (entry.height > header_height.load(std::memory_order_relaxed))
        header_height.store(entry.height, std::memory_order_relaxed);
    const BlockEntry* best = best_header.load(std::memory_order_relaxed);
    if (best == nullptr || entry.fork_state.BetterThan(best->fork_state))
        best_header.store(&entry, std::memory_order_release);
}

void BlockIndex::Tree::RecountHeaders()
{
    header_height.store(-1, std::memory_order_relaxed);
    best_header.store(nullptr, std::memory_order_release);
    for (const auto& [hash, entry] : entries)
        RaiseHeaders(*entry);
}

int32_t BlockIndex::HeaderHeight() const
{
    return m_tree->header_height.load(std::memory_order_relaxed);
}

const BlockEntry* BlockIndex::BestHeader() const
{
    return m_tree->best_header.load(std::memory_order_acquire);
}

const BlockEntry* BlockIndex::Insert(const base::Hash256& hash, const primitives::PlainHeader& header)
{
    const WriteLock lock(m_tree->mutex);
    const BlockEntry* entry = m_tree->InsertLocked(hash, header);
    m_tree->RaiseHeaders(*entry);
    m_tree->Touch(*entry);
    return entry;
}

void BlockIndex::Change(const BlockEntry& entry, const std::function<void(BlockEntry&)>& change)
{
    const WriteLock lock(m_tree->mutex);
    change(*m_tree->Mutable(entry));
    m_tree->Touch(entry);
}

void BlockIndex::Tree::Complete(BlockEntry& first, std::vector<const BlockEntry*>& out)
{
    std::vector<BlockEntry*> open{&first};
    while (!open.empty()) {
        BlockEntry* entry = open.back();
        open.pop_back();
        entry->chain_tx_count = CountOf(*entry);
        if (entry->sequence == 0) entry->sequence = next_sequence++;
        Touch(*entry);
        if (!entry->Invalid()) candidates.insert(entry);
        out.push_back(entry);
        const auto [from, to] = waiting.equal_range(entry);
        for (auto it = from; it != to; ++it)
            open.push_back(it->second);
        waiting.erase(from, to);
    }
}

std::vector<const BlockEntry*> BlockIndex::SetData(const BlockEntry& target, storage::FilePos pos,
                                                   uint32_t bytes, uint32_t tx_count)
{
    const WriteLock lock(m_tree->mutex);
    BlockEntry* entry = m_tree->Mutable(target);
    entry->status |= STATUS_DATA;
    entry->data = pos;
    entry->data_bytes = bytes;
    entry->tx_count = tx_count;
    m_tree->Touch(*entry);
    std::vector<const BlockEntry*> out;
    if (entry->parent == nullptr || entry->parent->chain_tx_count != 0) {
        m_tree->Complete(*entry, out);
    } else {
        m_tree->waiting.emplace(entry->parent, entry);
    }
    return out;
}

void BlockIndex::Prefer(const BlockEntry& preferred)
{
    const BlockEntry* tip = Tip();
    const WriteLock lock(m_tree->mutex);
    BlockEntry* entry = m_tree->Mutable(preferred);
    if (tip == nullptr || entry == tip || entry->chain_tx_count == 0 || entry->Invalid()) return;
    BlockEntry* first = m_tree->Mutable(*tip);
    const bool equal =
        !entry->fork_state.BetterThan(first->fork_state) && !first->fork_state.BetterThan(entry->fork_state);
    if (!equal || entry->sequence < first->sequence) return;
    m_tree->candidates.erase(entry); // the order of the set is about to change
    m_tree->candidates.erase(first);
    std::swap(entry->sequence, first->sequence);
    for (BlockEntry* changed : {entry, first}) {
        m_tree->candidates.insert(changed);
        m_tree->Touch(*changed);
    }
}

void BlockIndex::DropData(const BlockEntry& target)
{
    const WriteLock lock(m_tree->mutex);
    BlockEntry* dropped = m_tree->Mutable(target);
    std::vector<BlockEntry*> open{dropped};
    while (!open.empty()) {
        BlockEntry* entry = open.back();
        open.pop_back();
        if (entry != dropped && entry->HasData() && entry->chain_tx_count != 0)
            m_tree->waiting.emplace(entry->parent, entry);
        if (entry == m_tree->assumed) { // its state is known all the same
            entry->chain_tx_count = m_tree->assumed_tx_count;
            continue;
        }
        m_tree->candidates.erase(entry);
        entry->chain_tx_count = 0;
        const auto [from, to] = m_tree->children.equal_range(entry);
        for (auto it = from; it != to; ++it)
            open.push_back(it->second);
    }
    dropped->status &= static_cast<uint8_t>(~(STATUS_DATA | STATUS_UNDO));
    dropped->data = {};
    dropped->undo = {};
    dropped->data_bytes = 0;
    dropped->tx_count = 0;
    m_tree->Touch(*dropped);
}

std::vector<const BlockEntry*> BlockIndex::MarkInvalid(const BlockEntry& target, uint8_t bits,
                                                       consensus::Rule rule)
{
    const WriteLock lock(m_tree->mutex);
    BlockEntry* first = m_tree->Mutable(target);
    first->status |= bits;
    first->broken_rule = rule;
    std::vector<const BlockEntry*> out;
    std::vector<BlockEntry*> open{first};
    while (!open.empty()) {
        BlockEntry* entry = open.back();
        open.pop_back();
        if (entry != first) entry->status |= STATUS_CHILD_OF_INVALID;
        m_tree->candidates.erase(entry);
        m_tree->Touch(*entry);
        out.push_back(entry);
        const auto [from, to] = m_tree->children.equal_range(entry);
        for (auto it = from; it != to; ++it)
            open.push_back(it->second);
    }
    const int32_t highest = HeaderHeight();
    const BlockEntry* best = BestHeader();
    const bool was_highest = std::any_of(out.begin(), out.end(), [highest, best](const BlockEntry* e) {
        return e->height == highest || e == best;
    });
    if (was_highest) m_tree->RecountHeaders();
    return out;
}

void BlockIndex::ClearInvalid(const BlockEntry& target)
{
    const WriteLock lock(m_tree->mutex);
    const auto clear = [this](BlockEntry& entry) EMC_NO_TSA {
        if (!entry.Invalid()) return;
        entry.status &= static_cast<uint8_t>(~STATUS_ANY_INVALID);
        entry.broken_rule = consensus::Rule::Ok;
        m_tree->RaiseHeaders(entry);
        m_tree->Touch(entry);
        if (entry.chain_tx_count != 0) m_tree->candidates.insert(&entry);
    };
    for (const BlockEntry* walk = target.parent; walk != nullptr; walk = walk->parent) {
        if (walk->Invalid()) clear(*m_tree->Mutable(*walk));
    }
    std::vector<BlockEntry*> open{m_tree->Mutable(target)};
    while (!open.empty()) {
        BlockEntry* entry = open.back();
        open.pop_back();
        clear(*entry);
        const auto [from, to] = m_tree->children.equal_range(entry);
        for (auto it = from; it != to; ++it)
            open.push_back(it->second);
    }
}

void BlockIndex::SetTip(const BlockEntry* entry)
{
    const WriteLock lock(m_tree->mutex);
    if (entry == nullptr) {
        m_tree->best_chain.clear();
        return;
    }
    m_tree->best_chain.resize(static_cast<size_t>(entry->height) + 1, nullptr);
    for (const BlockEntry* walk = entry; walk != nullptr; walk = walk->parent) {
        auto& place = m_tree->best_chain[static_cast<size_t>(walk->height)];
        if (place == walk) break;
        place = walk;
    }
}

const BlockEntry* BlockIndex::Best(const std::function<bool(const BlockEntry&)>& usable) const
{
    for (const BlockEntry* entry : m_tree->candidates) {
        if (usable(*entry)) return entry;
    }
    return nullptr;
}

void BlockIndex::PruneCandidates(const BlockEntry& tip)
{
    m_tree->candidates.erase(m_tree->candidates.upper_bound(&tip), m_tree->candidates.end());
}

void BlockIndex::RebuildCandidates()
{
    const ReadLock lock(m_tree->mutex);
    m_tree->candidates.clear();
    for (const auto& [hash, entry] : m_tree->entries) {
        if (entry->chain_tx_count != 0 && !entry->Invalid()) m_tree->candidates.insert(entry.get());
    }
}

void BlockIndex::WriteChanges(storage::KvBatch& batch) const
{
    const ReadLock lock(m_tree->mutex);
    for (const BlockEntry* entry : m_tree->changed) {
        storage::BlockRow row;
        base::Bytes header;
        codec::Writer writer(header);
        primitives::Write(writer, entry->header);
        std::copy(header.begin(), header.end(), row.header.begin());
        row.height = entry->height;
        row.status = entry->status;
        row.sequence = entry->sequence;
        row.data = entry->data;
        row.undo = entry->undo;
        row.data_bytes = entry->data_bytes;
        row.tx_count = entry->tx_count;
        row.modifier = entry->modifier;
        row.broken_rule = static_cast<uint8_t>(entry->broken_rule);
        batch.Put(storage::BlockKey(entry->hash), storage::Encode(row));
    }
}

namespace {

struct LoadedRow {
    base::Hash256 hash;
    primitives::PlainHeader header;
    storage::BlockRow row;
};

storage::StorageResult<std::vector<LoadedRow>> ReadRows(const storage::KvStore& store)
{
    std::vector<LoadedRow> rows;
    const uint8_t prefix = storage::PREFIX_BLOCK;
    auto it = store.Iterate(base::ByteSpan(&prefix, 1));
    for (; it.Valid(); it.Next()) {
        const auto hash = storage::ParseBlockKey(it.Key());
        auto row = storage::DecodeBlock(it.Value());
        if (!hash || !row) {
            return storage::Broken(storage::StorageError::Corrupt,
                                   store.Directory() + ": unreadable block row; start with -reindex");
        }
        codec::Reader reader(row->header);
        const auto header = primitives::ReadPlainHeader(reader);
        rows.push_back({*hash, header, std::move(*row)});
    }
    if (const auto status = it.Status(); !status) return base::Unexpected(status.Error());
    std::sort(rows.begin(), rows.end(), [](const LoadedRow& a, const LoadedRow& b) {
        return std::tie(a.row.height, a.hash) < std::tie(b.row.height, b.hash);
    });
    return rows;
}

} // namespace

void BlockIndex::Assume(const BlockEntry& base, uint64_t chain_tx_count)
{
    const WriteLock lock(m_tree->mutex);
    m_tree->assumed = &base;
    m_tree->assumed_tx_count = chain_tx_count;
    std::vector<const BlockEntry*> complete;
    m_tree->Complete(*m_tree->Mutable(base), complete);
}

void BlockIndex::Settle()
{
    m_tree->assumed = nullptr;
}

void BlockIndex::Distrust(const BlockEntry& base)
{
    const WriteLock lock(m_tree->mutex);
    std::vector<BlockEntry*> open{m_tree->Mutable(base)};
    while (!open.empty()) {
        BlockEntry* entry = open.back();
        open.pop_back();
        if (entry != &base) {
            constexpr uint8_t FOUND_OUT =
                STATUS_UNDO | STATUS_CONNECTED | STATUS_INVALID | STATUS_CHILD_OF_INVALID;
            entry->status &= static_cast<uint8_t>(~FOUND_OUT);
            if (entry->parent->Invalid()) entry->status |= STATUS_CHILD_OF_INVALID;
            entry->broken_rule = consensus::Rule::Ok;
            entry->undo = {};
            entry->modifier = {};
            m_tree->Touch(*entry);
            if (entry->Invalid()) {
                m_tree->candidates.erase(entry);
            } else if (entry->chain_tx_count != 0) {
                m_tree->candidates.insert(entry);
            }
        }
        const auto [from, to] = m_tree->children.equal_range(entry);
        for (auto it = from; it != to; ++it)
            open.push_back(it->second);
    }
    m_tree->RecountHeaders();
}

storage::StorageResult<void> BlockIndex::Load(const storage::KvStore& store,
                                              const std::optional<AssumedBase>& assumed)
{
    auto rows = ReadRows(store);
    if (!rows) return base::Unexpected(rows.Error());
    const WriteLock lock(m_tree->mutex);
    std::vector<BlockEntry*> loaded;
    for (const auto& [hash, header, row] : *rows) {
        const auto parent = m_tree->entries.find(header.prev_hash);
        const bool is_genesis = hash == m_tree->params.genesis_hash;
        const bool fits = is_genesis
                              ? row.height == 0
                              : parent != m_tree->entries.end() && parent->second->height + 1 == row.height;
        if (!fits || header.Hash() != hash || (!is_genesis && consensus::WorkOfBits(header.bits).IsZero())) {
            return storage::Broken(storage::StorageError::Corrupt,
                                   store.Directory() + ": block " + base::ReversedHex(hash) +
                                       " does not fit its parent; start with -reindex");
        }
        BlockEntry* entry = m_tree->InsertLocked(hash, header);
        entry->status = row.status;
        entry->sequence = row.sequence;
        entry->data = row.data;
        entry->undo = row.undo;
        entry->data_bytes = row.data_bytes;
        entry->tx_count = row.tx_count;
        if (!is_genesis) entry->modifier = row.modifier;
        entry->broken_rule = static_cast<consensus::Rule>(row.broken_rule);
        m_tree->next_sequence = std::max(m_tree->next_sequence, row.sequence + 1);
        loaded.push_back(entry);
    }
    for (BlockEntry* entry : loaded) {
        if (assumed && entry->hash == assumed->hash) {
            m_tree->assumed = entry;
            m_tree->assumed_tx_count = assumed->chain_tx_count;
        }
        if (!entry->HasData() && !entry->Pruned() && entry != m_tree->assumed) continue;
        const bool waits = entry->parent != nullptr && entry->parent->chain_tx_count == 0;
        if (waits && (entry->HasData() || entry->Pruned())) m_tree->waiting.emplace(entry->parent, entry);
        entry->chain_tx_count = m_tree->CountOf(*entry);
        if (entry->chain_tx_count != 0 && !entry->Invalid()) m_tree->candidates.insert(entry);
    }
    if (assumed && m_tree->assumed == nullptr) {
        return storage::Broken(storage::StorageError::Corrupt,
                               store.Directory() + ": the block of the loaded snapshot, " +
                                   base::ReversedHex(assumed->hash) +
                                   ", is not known; start with -reindex-chainstate");
    }
    m_tree->RecountHeaders();
    return {};
}

} // namespace emc::chain
