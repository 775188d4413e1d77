#include "index/index_set.h"

#include "codec/gcs.h"
#include "index/block_filter.h"
#include "index/follower.h"
#include "names/transition.h"
#include "storage/kv_store.h"
#include "storage/schema.h"

#include <algorithm>
#include <limits>

namespace emc::index {

using storage::StorageResult;

namespace {

class TxRows final : public Rows
{
public:
    StorageResult<void> Add(const NewBlock& added, storage::KvBatch& batch,
                            std::vector<base::Bytes>& keys) override
    {
        for (size_t i = 0; i < added.block.transactions.size(); ++i) {
            auto key = storage::TxKey(added.block.transactions[i]->Txid());
            batch.Put(key, storage::Encode(storage::TxRow{added.info.hash, static_cast<uint32_t>(i)}));
            keys.push_back(std::move(key));
        }
        return {};
    }
};

class HistoryRows final : public Rows
{
public:
    StorageResult<void> Add(const NewBlock& added, storage::KvBatch& batch,
                            std::vector<base::Bytes>& keys) override
    {
        for (const auto& tx : added.block.transactions) {
            if (tx->Version() != primitives::NAME_TX_VERSION) continue;
            for (size_t i = 0; i < tx->Outputs().size(); ++i) {
                const auto parsed = names::ParseNameOutput(tx->Outputs()[i].script_pubkey);
                if (!parsed || !parsed->op) continue;
                const auto& op = *parsed->op;
                storage::HistoryRow row;
                row.txid = tx->Txid();
                row.vout = static_cast<uint32_t>(i);
                row.time = added.info.header.time;
                row.kind = static_cast<uint8_t>(op.kind);
                row.days = op.days;
                row.value = op.value;
                row.owner_script = op.owner_script;
                auto key = storage::HistoryKey(op.name, added.info.height);
                batch.Put(key, storage::Encode(row));
                keys.push_back(std::move(key));
            }
        }
        return {};
    }
};

class FilterRows final : public Rows
{
public:
    StorageResult<void> Add(const NewBlock& added, storage::KvBatch& batch,
                            std::vector<base::Bytes>& keys) override
    {
        const auto spent = added.chain.ReadSpentCoins(added.info.hash);
        if (!spent) return storage::Broken(storage::StorageError::Corrupt, spent.Error().message);
        storage::FilterRow row;
        row.filter = BasicFilter(added.info.hash, ScriptsOf(added.block, *spent));
        if (added.info.height > 0) {
            const auto& before = added.info.header.prev_hash;
            if (before != m_last_block) {
                const auto stored = added.store.Get(storage::FilterKey(added.info.height - 1, before));
                if (!stored) return base::Unexpected(stored.Error());
                const auto last = storage::DecodeFilter(*stored);
                if (!last) return storage::Broken(storage::StorageError::Corrupt, "unreadable filter row");
                m_last_header = last->header;
            }
            row.header = m_last_header;
        }
        row.header = FilterHeader(row.filter, row.header);
        m_last_block = added.info.hash;
        m_last_header = row.header;
        auto key = storage::FilterKey(added.info.height, added.info.hash);
        batch.Put(key, storage::Encode(row));
        keys.push_back(std::move(key));
        return {};
    }

private:
    base::Hash256 m_last_block; ///< added last; its row may not be in the store yet
    base::Hash256 m_last_header;
};

} // namespace

IndexSet::IndexSet(IndexOptions options, const interfaces::ChainReader& chain, base::Logger& log)
    : m_options(std::move(options)), m_chain(chain), m_log(log)
{}

IndexSet::~IndexSet()
{
    Close();
}

StorageResult<void> IndexSet::Open(interfaces::ChainEvents& events)
{
    const auto make = [&](std::string_view name, std::string_view folder, std::unique_ptr<Rows> rows) {
        FollowerOptions options;
        options.name = name;
        options.directory = m_options.directory + "/" + std::string(folder);
        options.cache_bytes = m_options.cache_bytes / 3;
        options.files = m_options.files;
        return std::make_unique<Follower>(std::move(options), m_chain, std::move(rows), m_log);
    };
    if (m_options.transactions) m_transactions = make("txindex", "txindex", std::make_unique<TxRows>());
    if (m_options.name_history)
        m_history = make("namehistory", "namehistory", std::make_unique<HistoryRows>());
    if (m_options.filters)
        m_filters = make(interfaces::FILTER_INDEX, "blockfilter", std::make_unique<FilterRows>());
    for (Follower* follower : Followers()) {
        if (auto done = follower->Start(events); !done) {
            Close();
            return done;
        }
    }
    return {};
}

void IndexSet::Close()
{
    m_transactions.reset();
    m_history.reset();
    m_filters.reset();
}

std::vector<Follower*> IndexSet::Followers() const
{
    std::vector<Follower*> out;
    for (Follower* follower : {m_transactions.get(), m_history.get(), m_filters.get()}) {
        if (follower != nullptr) out.push_back(follower);
    }
    return out;
}

int32_t IndexSet::ReadUpTo() const
{
    int32_t out = std::numeric_limits<int32_t>::max();
    for (const auto& status : Indexes())
        out = std::min(out, status.height);
    return out;
}

std::vector<interfaces::IndexReader::Status> IndexSet::Indexes() const
{
    std::vector<Status> out;
    for (const Follower* follower : Followers())
        out.push_back(follower->Status());
    return out;
}

std::optional<interfaces::FoundTx> IndexSet::FindTx(const base::Hash256& txid) const
{
    if (!m_transactions) return std::nullopt;
    (void)m_transactions->WaitForTip(); // while it is still being built, what is there is better than nothing
    const auto row = m_transactions->Store().Get(storage::TxKey(txid));
    if (!row) return std::nullopt;
    const auto place = storage::DecodeTx(*row);
    if (!place) return std::nullopt;
    const auto info = m_chain.BlockByHash(place->block);
    const auto block = m_chain.ReadBlock(place->block);
    if (!info || !block || place->index >= (*block)->transactions.size()) return std::nullopt;
    interfaces::FoundTx found;
    found.tx = (*block)->transactions[place->index];
    if (found.tx->Txid() != txid) return std::nullopt;
    found.block = place->block;
    found.height = info->height;
    found.block_time = info->header.time;
    return found;
}

bool IndexSet::History(std::string_view name, std::vector<interfaces::NameHistoryEntry>& out) const
{
    out.clear();
    if (!m_history || !m_history->WaitForTip()) return false;
    for (auto it = m_history->Store().Iterate(storage::HistoryPrefix(name)); it.Valid(); it.Next()) {
        const auto height = storage::ParseHistoryHeight(it.Key());
        auto row = storage::DecodeHistory(it.Value());
        if (!height || !row || it.Key().size() != storage::HistoryKey(name, 0).size()) continue;
        interfaces::NameHistoryEntry entry;
        entry.txid = row->txid;
        entry.vout = row->vout;
        entry.height = *height;
        entry.time = row->time;
        entry.kind = static_cast<names::OpKind>(row->kind);
        entry.days = row->days;
        entry.value = std::move(row->value);
        entry.owner_script = std::move(row->owner_script);
        out.push_back(std::move(entry));
    }
    return true;
}

std::optional<interfaces::BlockFilter> IndexSet::FilterOf(const base::Hash256& block) const
{
    if (!m_filters) return std::nullopt;
    const auto info = m_chain.BlockByHash(block);
    if (!info) return std::nullopt;
    (void)m_filters->WaitForTip();
    const auto stored = m_filters->Store().Get(storage::FilterKey(info->height, block));
    const auto row = stored ? storage::DecodeFilter(*stored) : std::nullopt;
    if (!row) return std::nullopt;
    return interfaces::BlockFilter{row->filter, row->header};
}

std::optional<bool> IndexSet::FilterMatches(const base::Hash256& block,
                                            std::span<const base::Bytes> scripts) const
{
    const auto stored = FilterOf(block);
    if (!stored) return std::nullopt;
    const auto set = codec::GcsSet::Parse(BasicFilterParams(block), stored->filter);
    if (!set) return std::nullopt;
    return set->MatchAny(scripts);
}

} // namespace emc::index
