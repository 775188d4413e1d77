/// What the pool tells its readers.
#include "mempool/pool.h"

#include "base/clock.h"
#include "mempool/candidate.h"
#include "mempool/estimator.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace emc::mempool {

namespace {

constexpr int64_t ROLLING_HALF_LIFE_SEC = 12 * 3600;
constexpr int CODE_PARAMETER = -8;
/// With the most relatives an option allows, sums stay far from the ends of 64 bits.
constexpr Amount MAX_DELTA = 10'000 * primitives::COIN;

interfaces::PendingName PendingOf(const Entry& entry, const names::IndexedOp& op)
{
    return {op.op, entry.tx->Txid(), static_cast<uint32_t>(op.output), entry.time};
}

} // namespace

Amount Mempool::RollingMinimum() const
{
    if (m_rolling_rate <= 0) return 0;
    const auto elapsed = static_cast<double>(m_clock.NowSec() - m_rolling_time);
    const double rate = m_rolling_rate * std::pow(0.5, std::max(0.0, elapsed) / ROLLING_HALF_LIFE_SEC);
    return rate < static_cast<double>(INCREMENTAL_RATE_PER_KVB) / 2 ? 0 : static_cast<Amount>(rate);
}

interfaces::PoolEntry Mempool::Describe(const mempool::Entry& entry) const
{
    interfaces::PoolEntry out;
    out.tx = entry.tx;
    out.fee = entry.fee;
    out.delta = entry.delta;
    out.burned = entry.burned;
    out.time = entry.time;
    out.height = entry.height;
    out.ancestor_count = entry.ancestor_count;
    out.ancestor_size = entry.ancestor_vsize;
    out.ancestor_fees = entry.ancestor_fees;
    out.descendant_count = entry.descendant_count;
    out.descendant_size = entry.descendant_vsize;
    out.descendant_fees = entry.descendant_fees;
    out.signals_replacement = SignalsReplacement(*entry.tx);
    out.depends.assign(entry.parents.begin(), entry.parents.end());
    out.spent_by.assign(entry.children.begin(), entry.children.end());
    return out;
}

interfaces::PoolInfo Mempool::Info() const
{
    const base::LockGuard lock(m_mutex);
    interfaces::PoolInfo out;
    out.count = m_graph.Entries().size();
    out.bytes = m_graph.Vsize();
    out.usage = m_graph.Usage();
    out.max_usage = m_options.max_usage_bytes;
    out.total_fee = m_graph.Fees();
    out.relay_fee_per_kvb = m_options.relay_rate_per_kvb;
    out.incremental_fee_per_kvb = INCREMENTAL_RATE_PER_KVB;
    out.min_fee_per_kvb = std::max(m_options.relay_rate_per_kvb, RollingMinimum());
    out.loaded = m_loading->done.load();
    out.full_replacement = m_options.full_replacement;
    out.changes = m_changes;
    return out;
}

TxRef Mempool::Get(const Hash256& txid) const
{
    const base::LockGuard lock(m_mutex);
    const auto* entry = m_graph.Find(txid);
    return entry == nullptr ? nullptr : entry->tx;
}

std::optional<interfaces::PoolEntry> Mempool::Entry(const Hash256& txid) const
{
    const base::LockGuard lock(m_mutex);
    const auto* entry = m_graph.Find(txid);
    if (entry == nullptr) return std::nullopt;
    return Describe(*entry);
}

std::vector<interfaces::PoolEntry> Mempool::Entries() const
{
    const base::LockGuard lock(m_mutex);
    const auto entries = m_graph.EntriesByAge();
    std::vector<interfaces::PoolEntry> out;
    out.reserve(entries.size());
    for (const auto* entry : entries)
        out.push_back(Describe(*entry));
    return out;
}

std::vector<TxRef> Mempool::Transactions() const
{
    const base::LockGuard lock(m_mutex);
    std::vector<TxRef> out;
    out.reserve(m_graph.Entries().size());
    for (const auto& [txid, entry] : m_graph.Entries())
        out.push_back(entry.tx);
    return out;
}

std::optional<Hash256> Mempool::SpenderOf(const primitives::OutPoint& outpoint) const
{
    const base::LockGuard lock(m_mutex);
    const auto* spender = m_graph.SpenderOf(outpoint);
    if (spender == nullptr) return std::nullopt;
    return *spender;
}

std::vector<interfaces::PendingName> Mempool::PendingNames() const
{
    const base::LockGuard lock(m_mutex);
    std::vector<const mempool::Entry*> entries;
    for (const auto& [txid, entry] : m_graph.Entries()) {
        if (!entry.ops.empty()) entries.push_back(&entry);
    }
    SortByAge(entries);
    std::vector<interfaces::PendingName> out;
    for (const auto* entry : entries) {
        for (const auto& op : entry->ops)
            out.push_back(PendingOf(*entry, op));
    }
    return out;
}

std::optional<interfaces::PendingName> Mempool::PendingNameOf(std::string_view name) const
{
    const base::LockGuard lock(m_mutex);
    const auto* pending = m_graph.PendingName(name);
    if (pending == nullptr) return std::nullopt;
    const auto& entry = *m_graph.Find(pending->txid);
    for (const auto& op : entry.ops) {
        if (op.op.name == name) return PendingOf(entry, op);
    }
    return std::nullopt;
}

Amount Mempool::MinFeeRate() const
{
    const base::LockGuard lock(m_mutex);
    return std::max(m_options.relay_rate_per_kvb, RollingMinimum());
}

base::Expected<void, Failure> Mempool::Prioritise(const Hash256& txid, Amount delta)
{
    const base::LockGuard lock(m_mutex);
    if (delta > MAX_DELTA || delta < -MAX_DELTA || std::abs(m_graph.DeltaOf(txid) + delta) > MAX_DELTA) {
        return base::Unexpected(
            Failure{CODE_PARAMETER, "A transaction's priority lies between -10000 and 10000 EMC"});
    }
    m_graph.Prioritise(txid, delta);
    ++m_sequence; // another choice for the next block is due
    return {};
}

std::vector<Mempool::Priority> Mempool::Priorities() const
{
    const base::LockGuard lock(m_mutex);
    std::vector<Priority> out;
    for (const auto& [txid, delta] : m_graph.Deltas()) {
        const auto* entry = m_graph.Find(txid);
        out.push_back({txid, delta, entry ? std::optional(entry->ModifiedFee()) : std::nullopt});
    }
    return out;
}

interfaces::FeeEstimate Mempool::EstimateFee(int32_t blocks, interfaces::FeeMode mode) const
{
    const base::LockGuard lock(m_mutex);
    const Amount floor = std::max(m_options.relay_rate_per_kvb, RollingMinimum());
    const auto known = m_estimator.Estimate(blocks, mode);
    if (!known) return {floor, blocks, false};
    return {std::max(floor, static_cast<Amount>(std::ceil(known->per_kvb))), known->blocks, true};
}

std::vector<interfaces::FeeHorizon> Mempool::FeeHistory(int32_t blocks, double threshold) const
{
    const base::LockGuard lock(m_mutex);
    return m_estimator.History(blocks, threshold);
}

} // namespace emc::mempool
