#include "chain/snapshots.h"

#include "chain/block_index.h"
#include "chain/history.h"

namespace emc::chain {
namespace {

// JSON-RPC error codes of Bitcoin Core's list.
constexpr int RPC_MISC_ERROR = -1;
constexpr int RPC_INVALID_PARAMETER = -8;
constexpr int RPC_DESERIALIZATION_ERROR = -22;

int RpcCode(SnapshotError code)
{
    switch (code) {
    case SnapshotError::NotFound:
    case SnapshotError::Exists:
        return RPC_INVALID_PARAMETER;
    case SnapshotError::NotASnapshot:
    case SnapshotError::NewerFormat:
    case SnapshotError::WrongNetwork:
    case SnapshotError::Truncated:
    case SnapshotError::Checksum:
    case SnapshotError::Malformed:
        return RPC_DESERIALIZATION_ERROR;
    default:
        return RPC_MISC_ERROR;
    }
}

base::Expected<interfaces::SnapshotInfo, interfaces::Failure>
ToFailure(SnapshotResult<interfaces::SnapshotInfo> result)
{
    if (result) return std::move(*result);
    return base::Unexpected(
        interfaces::Failure{RpcCode(result.Error().code), std::move(result.Error().text)});
}

} // namespace

interfaces::SnapshotInfo InfoOf(const SnapshotHead& head, const StateHashes& hashes)
{
    interfaces::SnapshotInfo info;
    info.base = head.base;
    info.height = head.height;
    info.coins = head.coins;
    info.names = head.names;
    info.chain_tx_count = head.chain_tx_count;
    info.coin_hash = hashes.coins;
    info.name_hash = hashes.names;
    info.state_hash = hashes.state;
    return info;
}

/// Holds the place of the one dump or load.
class Snapshots::Turn
{
public:
    explicit Turn(std::atomic<bool>& busy) : m_busy(busy), m_mine(!busy.exchange(true)) {}

    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    ~Turn()
    {
        if (m_mine) m_busy.store(false);
    }

    [[nodiscard]] bool Mine() const { return m_mine; }

private:
    std::atomic<bool>& m_busy;
    const bool m_mine;
};

base::Expected<interfaces::SnapshotInfo, interfaces::Failure> Snapshots::Dump(const std::string& path)
{
    const Turn turn(m_busy);
    if (!turn.Mine()) {
        return ToFailure(NoSnapshot(SnapshotError::Busy,
                                    "Another snapshot is being written or loaded; wait until it is done"));
    }
    return ToFailure(DumpNow(path));
}

base::Expected<interfaces::SnapshotInfo, interfaces::Failure> Snapshots::Load(const std::string& path)
{
    const Turn turn(m_busy);
    if (!turn.Mine()) {
        return ToFailure(NoSnapshot(SnapshotError::Busy,
                                    "Another snapshot is being written or loaded; wait until it is done"));
    }
    return ToFailure(LoadNow(path));
}

std::vector<interfaces::ChainState> Snapshots::States() const
{
    const auto& options = m_engine.Options();
    const auto history = m_engine.HistoryNow();
    const auto tip = m_engine.State().Tip();
    std::vector<interfaces::ChainState> out;
    interfaces::ChainState active;
    active.store_cache_bytes = options.store_cache_bytes;
    active.coin_cache_bytes = history ? options.cache_bytes / 2 : options.cache_bytes;
    if (history) {
        interfaces::ChainState below = active;
        below.height = history->tip->height;
        below.best_block = history->tip->hash;
        below.bits = history->tip->header.bits;
        below.progress = static_cast<double>(history->tip->height) / history->base->height;
        below.seconds_left = history->seconds_left;
        out.push_back(below);
        active.snapshot_base = history->base->hash;
        active.validated = false;
    }
    active.height = tip->height;
    active.best_block = tip->hash;
    active.bits = tip->bits;
    active.progress = m_engine.ProgressOf(*tip);
    active.seconds_left = m_engine.SecondsLeft();
    out.push_back(active);
    return out;
}

} // namespace emc::chain
