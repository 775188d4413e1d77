// Writing the state at the tip into a file.
#include "chain/block_index.h"
#include "chain/progress.h"
#include "chain/snapshots.h"
#include "storage/kv_store.h"

namespace emc::chain {
namespace {

constexpr uint64_t ROWS_BETWEEN_QUESTIONS = 4'096;

/// What share of the coins lies before a key: transaction ids are evenly spread.
double ShareBefore(base::ByteSpan coin_key)
{
    return (coin_key[1] * 256.0 + coin_key[2]) / 65'536.0;
}

/// The rows of one state, in the order a snapshot wants them.
class StateWalk
{
public:
    StateWalk(const CommittedState& state, Engine& engine, Progress& progress)
        : m_state(state), m_engine(engine), m_progress(progress), m_coin_bytes(BytesOf(storage::PREFIX_COIN)),
          m_name_bytes(BytesOf(storage::PREFIX_NAME))
    {}

    using Visit = SnapshotResult<void> (SnapshotWriter::*)(base::ByteSpan key, base::ByteSpan row);

    SnapshotResult<void> Walk(uint8_t prefix, SnapshotWriter& out, Visit visit)
    {
        uint64_t bytes = 0;
        auto it = m_state.store->Iterate(base::ByteSpan(&prefix, 1), m_state.snapshot.get());
        for (uint64_t i = 0; it.Valid(); it.Next(), ++i) {
            if (auto done = (out.*visit)(it.Key(), it.Value()); !done) return done;
            bytes += it.Key().size() + it.Value().size();
            if (i % ROWS_BETWEEN_QUESTIONS != 0) continue;
            if (m_engine.StopAsked())
                return NoSnapshot(SnapshotError::Interrupted, "Interrupted: the node stops");
            m_progress.At(prefix == storage::PREFIX_COIN ? Coins(ShareBefore(it.Key())) : Names(bytes));
        }
        if (const auto status = it.Status(); !status) return NoSnapshot(status.Error());
        return {};
    }

private:
    [[nodiscard]] double BytesOf(uint8_t prefix) const
    {
        const uint8_t after = prefix + 1;
        return static_cast<double>(
            m_state.store->DiskBytes(base::ByteSpan(&prefix, 1), base::ByteSpan(&after, 1)) + 1);
    }

    [[nodiscard]] double Coins(double share) const
    {
        return share * m_coin_bytes / (m_coin_bytes + m_name_bytes);
    }

    [[nodiscard]] double Names(uint64_t bytes) const
    {
        const double done = std::min(static_cast<double>(bytes), m_name_bytes);
        return (m_coin_bytes + done) / (m_coin_bytes + m_name_bytes);
    }

    const CommittedState& m_state;
    Engine& m_engine;
    Progress& m_progress;
    const double m_coin_bytes;
    const double m_name_bytes;
};

SnapshotResult<void> WriteHeaders(const BlockEntry& base, SnapshotWriter& out)
{
    std::vector<const BlockEntry*> path(static_cast<size_t>(base.height));
    for (const BlockEntry* walk = &base; walk->parent != nullptr; walk = walk->parent)
        path[static_cast<size_t>(walk->height) - 1] = walk;
    for (const BlockEntry* entry : path) {
        if (auto done = out.Header(entry->header); !done) return done;
    }
    return {};
}

} // namespace

SnapshotResult<interfaces::SnapshotInfo> Snapshots::DumpNow(const std::string& path)
{
    const auto state = m_engine.CommittedAtTip();
    if (m_engine.HistoryNow()) {
        return NoSnapshot(
            SnapshotError::AlreadyLoaded,
            "This node's own state came from a snapshot whose blocks are not validated yet; it cannot "
            "vouch for one (see getchainstates)");
    }
    const BlockEntry* base = m_engine.Index().Find(state->tip.hash);
    if (base == nullptr || base->height < 1)
        return NoSnapshot(SnapshotError::NothingThere,
                          "The chain has only its genesis block: there is no state yet");
    const auto best = state->store->Get(storage::BestKey(), state->snapshot.get());
    if (!best) return NoSnapshot(best.Error());
    const auto row = storage::DecodeBest(*best);
    if (!row || row->hash != base->hash) {
        return NoSnapshot(SnapshotError::Disk, state->store->Directory() +
                                                   ": unreadable best block row; start with "
                                                   "-reindex-chainstate to rebuild it");
    }
    const BlockEntry now = m_engine.Index().Copy(*base);
    SnapshotHead head;
    head.magic_be = m_engine.Params().magic_be;
    head.base = base->hash;
    head.height = base->height;
    head.chain_tx_count = now.chain_tx_count;
    head.supply = row->supply;
    head.modifier = now.modifier;
    EMC_LOG(m_engine.Log(), Info, Chain, "writing the state at height %d, block %s, to %s", head.height,
            base::ReversedHex(head.base).c_str(), path.c_str());
    Progress progress(m_engine.Log(), "writing the snapshot");
    auto writer = SnapshotWriter::Create(m_engine.Files(), path);
    if (!writer) return base::Unexpected(writer.Error());
    if (auto done = WriteHeaders(*base, *writer); !done) return base::Unexpected(done.Error());
    StateWalk walk(*state, m_engine, progress);
    if (auto done = walk.Walk(storage::PREFIX_COIN, *writer, &SnapshotWriter::Coin); !done)
        return base::Unexpected(done.Error());
    if (auto done = walk.Walk(storage::PREFIX_NAME, *writer, &SnapshotWriter::Name); !done)
        return base::Unexpected(done.Error());
    if (auto done = walk.Walk(storage::PREFIX_WATERMARK, *writer, &SnapshotWriter::Watermark); !done)
        return base::Unexpected(done.Error());
    const auto hashes = writer->Finish(head);
    if (!hashes) return base::Unexpected(hashes.Error());
    EMC_LOG(m_engine.Log(), Info, Chain, "snapshot %s is written: %llu coins, %llu names, state hash %s",
            path.c_str(), static_cast<unsigned long long>(head.coins),
            static_cast<unsigned long long>(head.names), base::ReversedHex(hashes->state).c_str());
    return InfoOf(head, *hashes);
}

} // namespace emc::chain
