// Reading a snapshot into a state store of its own.
#include "chain/progress.h"
#include "chain/snapshots.h"
#include "chain/watermark_changes.h"
#include "consensus/params.h"
#include "storage/kv_store.h"

#include <algorithm>

namespace emc::chain {
namespace {

constexpr size_t BATCH_BYTES = size_t{4} << 20;

/// Puts what it gets into a store, with the rows that lead to a name.
class StoreFiller final : public SnapshotSink
{
public:
    StoreFiller(Engine& engine, storage::KvStore& store, const SnapshotReader& reader,
                std::vector<primitives::PlainHeader>& headers)
        : m_engine(engine), m_store(store), m_progress(engine.Log(), "loading the snapshot"),
          m_file_bytes(static_cast<double>(reader.FileBytes())), m_height(reader.Head().height),
          m_headers(headers)
    {}

    SnapshotResult<void> OnHeader(const primitives::PlainHeader& header) override
    {
        m_headers.push_back(header);
        return {};
    }

    SnapshotResult<void> OnCoin(base::ByteSpan key, base::ByteSpan row) override
    {
        m_batch.Put(key, row);
        return WriteWhenFull();
    }

    SnapshotResult<void> OnName(std::string_view name, const names::NameRecord& record,
                                base::ByteSpan row) override
    {
        m_totals.Add(name, record, m_height);
        m_batch.Put(storage::NameKey(name), row);
        m_batch.Put(storage::NameByOutpointKey(record.outpoint.txid, record.outpoint.index),
                    base::AsBytes(name));
        m_batch.Put(storage::NameByOwnerKey(record.owner_script, name), {});
        m_batch.Put(storage::NameByExpiryKey(record.expiry, name), {});
        return WriteWhenFull();
    }

    SnapshotResult<void> OnWatermark(const reward::Watermark& watermark) override
    {
        m_totals.Add(watermark);
        const auto key = WatermarkKeyOf(watermark.pair);
        m_batch.Put(key, WatermarkRowOf(watermark.end));
        m_batch.Put(storage::WatermarkByEndKey(watermark.end, *storage::ParseWatermarkKey(key)), {});
        return WriteWhenFull();
    }

    SnapshotResult<void> OnProgress(uint64_t bytes) override
    {
        if (m_engine.StopAsked())
            return NoSnapshot(SnapshotError::Interrupted, "Interrupted: the node stops");
        m_progress.At(static_cast<double>(bytes) / m_file_bytes);
        return {};
    }

    /// What is left, with the rows that make it a state.
    SnapshotResult<void> Finish(const SnapshotHead& head, const StateHashes& hashes)
    {
        storage::SnapshotRow row;
        row.base = head.base;
        row.height = head.height;
        row.chain_tx_count = head.chain_tx_count;
        row.coin_hash = hashes.coins;
        row.name_hash = hashes.names;
        row.state_hash = hashes.state;
        m_batch.Put(storage::BestKey(),
                    storage::Encode(storage::BestRow{head.base, head.height, head.supply}));
        m_batch.Put(storage::SnapshotKey(), storage::Encode(row));
        m_batch.Put(storage::NameTotalsKey(), storage::Encode(m_totals.ToRow(head.base)));
        return WriteOut();
    }

private:
    SnapshotResult<void> WriteWhenFull()
    {
        if (m_batch.Bytes() < BATCH_BYTES) return {};
        return WriteOut();
    }

    SnapshotResult<void> WriteOut()
    {
        if (auto done = m_store.Write(m_batch, storage::Durability::Synced); !done)
            return NoSnapshot(done.Error());
        m_batch.Clear();
        return {};
    }

    Engine& m_engine;
    storage::KvStore& m_store;
    Progress m_progress;
    const double m_file_bytes;
    const int32_t m_height;
    NameTotals m_totals;
    std::vector<primitives::PlainHeader>& m_headers;
    storage::KvBatch m_batch;
};

/// The state that is vouched for at the snapshot's base.
SnapshotResult<base::Hash256> TrustedState(const SnapshotHead& head, const consensus::Params& params)
{
    const auto& states = params.assumed_states;
    const auto known = std::find_if(states.begin(), states.end(), [&head](const auto& state) {
        return state.base == head.base && state.height == head.height;
    });
    if (known != states.end()) return known->state;
    std::string text = base::Format("Nobody vouches for the state at the snapshot's block %s, height %d.",
                                    base::ReversedHex(head.base).c_str(), head.height);
    if (states.empty()) {
        text += params.network == consensus::Network::Regtest
                    ? " On regtest -assumeutxo names the states to trust"
                    : " This version of the program knows of no state to trust on this network";
    } else {
        text += " States that may be loaded are at:";
        for (const auto& state : states)
            text += base::Format(" %d (%s)", state.height, base::ReversedHex(state.base).c_str());
    }
    return NoSnapshot(SnapshotError::UnknownBase, std::move(text));
}

} // namespace

SnapshotResult<void> Snapshots::OnWriter(const std::function<SnapshotResult<void>()>& job)
{
    std::optional<SnapshotFault> fault;
    m_engine.Run([&] {
        if (auto done = job(); !done) fault = std::move(done.Error());
    });
    if (fault) return base::Unexpected(std::move(*fault));
    return {};
}

SnapshotResult<StateHashes> Snapshots::Fill(SnapshotReader& reader, const std::string& directory,
                                            std::vector<primitives::PlainHeader>& headers)
{
    auto store = m_engine.OpenStateStore(directory);
    if (!store) return NoSnapshot(store.Error());
    StoreFiller filler(m_engine, **store, reader, headers);
    const auto hashes = reader.Read(m_engine.Params().genesis_hash, filler);
    if (!hashes) return hashes;
    if (auto done = filler.Finish(reader.Head(), *hashes); !done) return base::Unexpected(done.Error());
    return hashes;
}

SnapshotResult<interfaces::SnapshotInfo> Snapshots::LoadNow(const std::string& path)
{
    const auto& params = m_engine.Params();
    auto reader = SnapshotReader::Open(m_engine.Files(), path, params.magic_be);
    if (!reader) return base::Unexpected(reader.Error());
    const SnapshotHead head = reader->Head();
    const auto trusted = TrustedState(head, params);
    if (!trusted) return base::Unexpected(trusted.Error());
    if (auto may = OnWriter([&] { return m_engine.MayLoad(head); }); !may)
        return base::Unexpected(may.Error());
    EMC_LOG(m_engine.Log(), Info, Chain,
            "loading the state at height %d, block %s, from %s: %llu coins, %llu names", head.height,
            base::ReversedHex(head.base).c_str(), path.c_str(), static_cast<unsigned long long>(head.coins),
            static_cast<unsigned long long>(head.names));
    const std::string directory = m_engine.Options().state_dir + std::string(LOADING_SUFFIX);
    if (auto done = m_engine.RemoveStore(directory); !done) return NoSnapshot(done.Error());
    std::vector<primitives::PlainHeader> headers;
    auto hashes = Fill(*reader, directory, headers);
    if (hashes && hashes->state != *trusted) {
        hashes = NoSnapshot(SnapshotError::WrongState,
                            path + " holds the state " + base::ReversedHex(hashes->state) +
                                ", but at its block only " + base::ReversedHex(*trusted) +
                                " is trusted; get the file from somebody else");
    }
    SnapshotResult<void> done;
    if (hashes) {
        done = OnWriter([&] { return m_engine.GoOver({head, headers, directory}); });
    } else {
        done = base::Unexpected(hashes.Error());
    }
    if (done) return InfoOf(head, *hashes);
    if (const auto removed = m_engine.RemoveStore(directory); !removed) {
        EMC_LOG(m_engine.Log(), Warning, Chain, "the next start removes what was loaded: %s",
                storage::Describe(removed.Error()).c_str());
    }
    return base::Unexpected(done.Error());
}

} // namespace emc::chain
