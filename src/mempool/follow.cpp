/// Following the chain: what a block, a reorganisation, time and memory take out of the pool.
#include "base/clock.h"
#include "base/log.h"
#include "chain/chain.h"
#include "chain/view.h"
#include "consensus/connect.h"
#include "mempool/candidate.h"
#include "mempool/estimator.h"
#include "mempool/truc.h"

#include <algorithm>
#include <iterator>

namespace emc::mempool {

namespace {

constexpr size_t EVENT_QUEUE = 10'000;
constexpr int64_t FEES_SAVED_EVERY_SEC = 3'600;

} // namespace

Mempool::Mempool(chain::Chain& chain, const base::Clock& clock, base::Logger& log, const PoolOptions& options)
    : m_chain(chain), m_clock(clock), m_log(log), m_options(options),
      m_graph_owner(std::make_unique<Graph>()), m_graph(*m_graph_owner),
      m_estimator_owner(std::make_unique<FeeEstimator>()), m_estimator(*m_estimator_owner),
      m_height(chain.GetTip().height), m_tip(chain.GetTip().hash), m_fees_saved(clock.NowSec()),
      m_loading(std::make_unique<Loading>())
{
    m_subscription = m_chain.Events().Subscribe("mempool", *this, EVENT_QUEUE);
}

Mempool::~Mempool()
{
    m_loading->stop.Request();
    m_loading->thread.Join();
    m_subscription.reset();
}

void Mempool::SyncToTip()
{
    {
        const auto tip = m_chain.GetTip();
        const base::LockGuard lock(m_mutex);
        if (m_tip == tip.hash) return;
    }
    m_subscription->Drain();
}

void Mempool::TellEstimator(const mempool::Entry& entry, RemovalReason reason)
{
    if (!entry.estimated) return;
    if (reason == RemovalReason::Block) {
        m_estimator.Confirmed(entry.height, RateOf(entry), m_height);
    } else {
        m_estimator.Left(entry.height, RateOf(entry), m_height);
    }
}

/// Children first: nobody ever sees an entry whose parent is gone, and sums have little to follow.
TxidSet Mempool::TakeOut(const TxidSet& txids, RemovalReason reason)
{
    std::vector<const mempool::Entry*> entries;
    for (const auto& txid : txids) {
        if (const auto* entry = m_graph.Find(txid)) entries.push_back(entry);
    }
    std::sort(entries.begin(), entries.end(),
              [](const auto* a, const auto* b) { return a->sequence > b->sequence; });
    TxidSet parents;
    for (const auto* entry : entries) {
        const TxRef tx = entry->tx;
        if (IsTruc(*tx)) parents.insert(entry->parents.begin(), entry->parents.end());
        TellEstimator(*entry, reason);
        m_graph.Remove(tx->Txid());
        ++m_changes;
        m_chain.Events().PublishTxRemoved(tx, reason);
    }
    return parents;
}

void Mempool::RemoveAll(const TxidSet& txids, RemovalReason reason)
{
    DropUnpaid(TakeOut(txids, reason), reason);
}

void Mempool::DropUnpaid(const TxidSet& txids, RemovalReason reason)
{
    TxidSet unpaid;
    for (const auto& txid : txids) {
        const auto* entry = m_graph.Find(txid);
        if (entry != nullptr && !PaysTogether(*entry, m_options.relay_rate_per_kvb)) unpaid.insert(txid);
    }
    if (!unpaid.empty()) RemoveAll(m_graph.DescendantsOf(unpaid), reason);
}

void Mempool::TrimToSize()
{
    while (m_graph.Usage() > m_options.max_usage_bytes) {
        const auto* worst = m_graph.Cheapest();
        const auto rate =
            static_cast<double>(worst->descendant_fees) * 1000 / static_cast<double>(worst->descendant_vsize);
        m_rolling_rate = std::max(static_cast<double>(RollingMinimum()), rate + INCREMENTAL_RATE_PER_KVB);
        m_rolling_time = m_clock.NowSec();
        RemoveAll(m_graph.DescendantsOf({worst->tx->Txid()}), RemovalReason::SizeLimit);
    }
}

void Mempool::OnBlockConnected(const interfaces::BlockConnected& event)
{
    const base::LockGuard lock(m_mutex);
    if (!m_waiting.empty()) {
        TxidSet confirmed;
        for (const auto& tx : event.block->transactions)
            confirmed.insert(tx->Txid());
        std::erase_if(m_waiting, [&](const Waiting& waiting) EMC_REQUIRES(m_mutex) {
            if (!confirmed.contains(waiting.tx->Txid())) return false;
            if (waiting.estimated_rate > 0) m_estimator.Forget(waiting.height, waiting.estimated_rate);
            return true;
        });
    }
    m_tip = {};
    m_height = event.height;
    m_estimator.NextBlock(event.height);
    TxidSet conflicts;
    for (const auto& tx : event.block->transactions) {
        RemoveAll({tx->Txid()}, RemovalReason::Block);
        m_graph.DropDelta(tx->Txid());
        for (const auto& input : tx->Inputs()) {
            if (const auto* spender = m_graph.SpenderOf(input.prevout)) conflicts.insert(*spender);
        }
    }
    RemoveAll(m_graph.DescendantsOf(conflicts), RemovalReason::Conflict);
}

/// The blocks come from the top down, so each goes before those already kept. When they hold more than the
/// pool may, what was confirmed last is let go.
void Mempool::OnBlockDisconnected(const interfaces::BlockDisconnected& event)
{
    std::vector<Waiting> all;
    for (const auto& tx : event.block->transactions) {
        if (!tx->IsCoinbase()) all.push_back({.tx = tx});
    }
    std::move(m_waiting.begin(), m_waiting.end(), std::back_inserter(all));
    uint64_t usage = 0;
    const auto kept = std::find_if(all.begin(), all.end(), [&](const Waiting& waiting) {
        usage += UsageOf(*waiting.tx);
        return usage > m_options.max_usage_bytes;
    });
    const base::LockGuard lock(m_mutex);
    for (auto it = kept; it != all.end(); ++it) {
        if (it->estimated_rate > 0) m_estimator.Forget(it->height, it->estimated_rate);
        m_chain.Events().PublishTxRemoved(it->tx, RemovalReason::Reorg);
    }
    all.erase(kept, all.end());
    m_waiting = std::move(all);
    m_tip = {};
    m_height = event.height - 1;
}

void Mempool::OnTip(const interfaces::Tip& tip)
{
    if (!m_waiting.empty()) {
        Rebuild(tip.hash);
    } else {
        const base::LockGuard lock(m_mutex);
        DropExpired();
        DropImpossible();
        m_tip = tip.hash;
    }
    if (!m_loading->begun.load() || m_clock.NowSec() - m_fees_saved < FEES_SAVED_EVERY_SEC) return;
    m_fees_saved = m_clock.NowSec();
    SaveFees();
}

void Mempool::OnMissed()
{
    EMC_LOG(m_log, Warning, Mempool, "mempool fell behind the chain and checks all transactions again");
    Rebuild({});
}

void Mempool::DropExpired()
{
    TxidSet expired;
    const int64_t limit = m_clock.NowSec() - m_options.expiry_sec;
    for (const auto& [txid, entry] : m_graph.Entries()) {
        if (entry.time < limit) expired.insert(txid);
    }
    RemoveAll(m_graph.DescendantsOf(expired), RemovalReason::Expired);
}

/// A block that only extends the chain can make nothing else impossible: lock times stay passed, coins stay
/// ripe, and who spends the same coin is gone already.
void Mempool::DropImpossible()
{
    const chain::TipView view = m_chain.View();
    TxidSet impossible;
    for (const auto& [txid, entry] : m_graph.Entries()) {
        if (entry.ops.empty() && !entry.reward) continue;
        Candidate candidate;
        candidate.entry.tx = entry.tx;
        auto checked = FetchCoins(view, candidate);
        if (checked) checked = CheckState(view, candidate);
        if (checked) continue;
        EMC_LOG(m_log, Debug, Mempool, "dropped %s: %s", base::ReversedHex(txid).c_str(),
                checked.Error().message.c_str());
        impossible.insert(txid);
    }
    // With a tip that moved meanwhile its own event asks again.
    if (view.Fresh()) RemoveAll(m_graph.DescendantsOf(impossible), RemovalReason::Reorg);
}

void Mempool::CheckSignaturesAhead(const std::vector<Waiting>& ahead) const
{
    const chain::TipView view = m_chain.View();
    const int32_t height = view.Tip().height + 1;
    std::unordered_map<Hash256, TxRef, SecretHasher> made;
    for (const auto& waiting : ahead) {
        made.emplace(waiting.tx->Txid(), waiting.tx);
        if (waiting.was_here) continue;
        Candidate candidate;
        candidate.entry.tx = waiting.tx;
        for (const auto& input : waiting.tx->Inputs()) {
            const auto parent = made.find(input.prevout.txid);
            auto coin = view.Get(input.prevout);
            if (!coin && parent != made.end() && input.prevout.index < parent->second->Outputs().size()) {
                coin = consensus::CoinOf(*parent->second, input.prevout.index, height,
                                         consensus::TxRole::Ordinary);
            }
            if (const auto waits = coin ? nullptr : Get(input.prevout.txid);
                waits && input.prevout.index < waits->Outputs().size()) {
                coin = consensus::CoinOf(*waits, input.prevout.index, height, consensus::TxRole::Ordinary);
            }
            if (!coin) break;
            candidate.spent.push_back(std::move(*coin));
        }
        if (candidate.spent.size() != waiting.tx->Inputs().size()) continue;
        if (auto result = CheckScripts(candidate); !result) {
            EMC_LOG(m_log, Debug, Mempool, "%s will not come in: %s",
                    base::ReversedHex(waiting.tx->Txid()).c_str(), result.Error().message.c_str());
        }
    }
}

void Mempool::Rebuild(const Hash256& tip)
{
    std::vector<Waiting> again = std::exchange(m_waiting, {});
    CheckSignaturesAhead(again);
    const base::LockGuard lock(m_mutex);
    DropExpired();
    const auto entries = m_graph.EntriesByAge();
    for (const auto* entry : entries)
        again.push_back({entry->tx, true, entry->time, entry->height, entry->script_flags,
                         entry->estimated ? RateOf(*entry) : 0});
    for (auto it = entries.rbegin(); it != entries.rend(); ++it)
        m_graph.Remove(Hash256((*it)->tx->Txid()));
    const chain::TipView view = m_chain.View();
    std::vector<std::pair<Waiting, Failure>> refused;
    for (auto& waiting : again) {
        if (auto kept = Readmit(view, waiting); !kept) refused.emplace_back(std::move(waiting), kept.Error());
    }
    TxidSet truc;
    for (const auto& [txid, entry] : m_graph.Entries()) {
        if (IsTruc(*entry.tx)) truc.insert(txid);
    }
    DropUnpaid(truc, RemovalReason::Reorg);
    TrimToSize();
    if (!view.Fresh()) { // the next tip's event is on its way, and asks again for those
        for (auto& [waiting, why] : refused)
            m_waiting.push_back(std::move(waiting));
        return;
    }
    for (const auto& [waiting, why] : refused) {
        EMC_LOG(m_log, Debug, Mempool, "dropped %s: %s", base::ReversedHex(waiting.tx->Txid()).c_str(),
                why.message.c_str());
        if (waiting.estimated_rate > 0) m_estimator.Forget(waiting.height, waiting.estimated_rate);
        ++m_changes;
        m_chain.Events().PublishTxRemoved(waiting.tx, RemovalReason::Reorg);
    }
    m_tip = tip;
}

} // namespace emc::mempool
