// Adding up all coins.
#include "chain/coin_stats.h"

#include "base/checked.h"
#include "chain/progress.h"
#include "chain/readers.h"
#include "chain/state_rows.h"
#include "crypto/muhash.h"
#include "crypto/sha256.h"
#include "storage/kv_store.h"

namespace emc::chain {
namespace {

using interfaces::CoinHash;
using interfaces::CoinStats;
using interfaces::Failure;

constexpr uint64_t COINS_BETWEEN_QUESTIONS = 4096;
/// What Bitcoin Core counts for a coin beside its script: txid, index, height, value, length of the script.
constexpr uint64_t BOGUS_BYTES = 32 + 4 + 4 + 8 + 2;
// JSON-RPC error codes of Bitcoin Core's list.
constexpr int RPC_MISC_ERROR = -1;
constexpr int RPC_DATABASE_ERROR = -20;

base::Unexpected<Failure> Fault(int code, std::string message)
{
    return base::Unexpected(Failure{code, std::move(message)});
}

/// Takes coins in key order and hashes them in the way asked for.
class Hasher
{
public:
    explicit Hasher(CoinHash kind) : m_kind(kind) {}

    void Add(const storage::OutpointParts& outpoint, const storage::CoinRow& coin)
    {
        if (m_kind == CoinHash::None) return;
        const auto element = CoinElement(outpoint, coin);
        if (m_kind == CoinHash::MuHash) {
            m_muhash.Insert(element);
        } else {
            m_serialized.Write(element);
        }
    }

    [[nodiscard]] base::Hash256 Finish()
    {
        if (m_kind == CoinHash::None) return {};
        if (m_kind == CoinHash::MuHash) return m_muhash.Finish();
        return crypto::Sha256Of(m_serialized.Finish().Span());
    }

private:
    const CoinHash m_kind;
    crypto::MuHash3072 m_muhash;
    crypto::Sha256 m_serialized;
};

/// The supply as it was tracked block by block; nullopt when the row cannot be read.
std::optional<primitives::Amount> TrackedSupply(const CommittedState& state)
{
    const auto row = state.store->Get(storage::BestKey(), state.snapshot.get());
    if (!row) {
        // A store in which nothing was ever written stands at the genesis block.
        if (row.Error().code == storage::StorageError::NotFound) return 0;
        return std::nullopt;
    }
    const auto best = storage::DecodeBest(*row);
    if (!best || best->hash != state.tip.hash) return std::nullopt;
    return best->supply;
}

} // namespace

base::Bytes CoinElement(const storage::OutpointParts& outpoint, const storage::CoinRow& coin)
{
    base::Bytes out;
    out.reserve(32 + 4 + 4 + 8 + 3 + coin.script.size());
    codec::Writer writer(out);
    writer.Raw(outpoint.txid.Span());
    writer.U32(outpoint.index);
    writer.U32(static_cast<uint32_t>(coin.height) * 2 + (coin.generated ? 1 : 0));
    writer.I64(coin.value);
    writer.Sized(coin.script);
    return out;
}

base::Expected<CoinStats, Failure> Reader::ComputeCoinStats(CoinHash kind) const
{
    const auto committed = m_engine.CommittedAtTip();
    const auto& store = *committed->store;
    CoinStats stats;
    stats.best_block = committed->tip.hash;
    stats.height = committed->tip.height;
    const auto supply = TrackedSupply(*committed);
    if (!supply) return Fault(RPC_MISC_ERROR, store.Directory() + ": unreadable best block row");
    stats.supply = *supply;
    Progress progress(m_engine.Log(), "adding up all coins");
    const uint8_t prefix = storage::PREFIX_COIN;
    Hasher hasher(kind);
    base::Hash256 last_txid;
    auto it = store.Iterate(base::ByteSpan(&prefix, 1), committed->snapshot.get());
    for (; it.Valid(); it.Next()) {
        const auto key = storage::ParseCoinKey(it.Key());
        const auto coin = storage::DecodeCoin(it.Value());
        if (!key || !coin) return Fault(RPC_MISC_ERROR, store.Directory() + ": unreadable coin row");
        if (stats.coins % COINS_BETWEEN_QUESTIONS == 0) {
            if (m_engine.StopAsked()) return Fault(RPC_MISC_ERROR, "Interrupted: the node stops");
            progress.At((key->txid.bytes[0] * 256.0 + key->txid.bytes[1]) / 65'536.0); // evenly spread
        }
        hasher.Add(*key, *coin);
        ++stats.coins;
        if (stats.coins == 1 || key->txid != last_txid) ++stats.transactions;
        last_txid = key->txid;
        const auto total = base::CheckedAdd(stats.total, coin->value);
        if (!total) return Fault(RPC_DATABASE_ERROR, store.Directory() + ": coins of impossible value");
        stats.total = *total;
        stats.bogus_bytes += BOGUS_BYTES + coin->script.size();
    }
    if (const auto status = it.Status(); !status)
        return Fault(RPC_MISC_ERROR, storage::Describe(status.Error()));
    if (stats.total != stats.supply) {
        return Fault(RPC_DATABASE_ERROR, store.Directory() + ": the coins sum up to " +
                                             primitives::AmountText(stats.total) + ", but the blocks made " +
                                             primitives::AmountText(stats.supply) +
                                             "; start with -reindex-chainstate");
    }
    stats.hash = hasher.Finish();
    const uint8_t after = prefix + 1;
    stats.disk_bytes = store.DiskBytes(base::ByteSpan(&prefix, 1), base::ByteSpan(&after, 1));
    return stats;
}

base::Expected<interfaces::Tip, Failure> Reader::ScanCoins(const CoinVisit& visit) const
{
    const auto committed = m_engine.CommittedAtTip();
    const auto& store = *committed->store;
    const uint8_t prefix = storage::PREFIX_COIN;
    auto it = store.Iterate(base::ByteSpan(&prefix, 1), committed->snapshot.get());
    for (; it.Valid(); it.Next()) {
        const auto key = storage::ParseCoinKey(it.Key());
        const auto coin = ParseCoin(it.Value());
        if (!key || !coin) return Fault(RPC_MISC_ERROR, store.Directory() + ": unreadable coin row");
        if (!visit({key->txid, key->index}, *coin)) break;
    }
    if (const auto status = it.Status(); !status)
        return Fault(RPC_MISC_ERROR, storage::Describe(status.Error()));
    return committed->tip;
}

} // namespace emc::chain
