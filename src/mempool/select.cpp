/// Choosing transactions for a block: packages of unconfirmed ancestors, best fee rate first.
#include "mempool/graph.h"
#include "mempool/pool.h"
#include "reward/claim.h"

#include <algorithm>
#include <queue>

namespace emc::mempool {

namespace {

/// An entry's place in the queue: the rate of its package when it was put there.
struct Place {
    FeeRate rate;
    const Entry* entry = nullptr;

    bool operator<(const Place& o) const
    {
        if (rate < o.rate) return true;
        if (o.rate < rate) return false;
        return entry->sequence > o.entry->sequence; // of equals the older first
    }
};

class Chooser
{
public:
    Chooser(const Graph& graph, size_t max_weight, int64_t max_sigop_cost)
        : m_graph(graph), m_max_weight(max_weight), m_max_sigop_cost(max_sigop_cost)
    {}

    Selection Run()
    {
        std::vector<Place> places;
        places.reserve(m_graph.Entries().size());
        for (const auto& [txid, entry] : m_graph.Entries())
            places.push_back({{entry.ancestor_fees, entry.ancestor_vsize}, &entry});
        m_queue = std::priority_queue<Place>(std::less<Place>(), std::move(places));
        while (!m_queue.empty()) {
            const Place top = m_queue.top();
            m_queue.pop();
            if (IsCurrent(top)) Try(*top.entry);
        }
        return std::move(m_out);
    }

private:
    /// Places of entries that are chosen or whose package has changed since are out of date.
    [[nodiscard]] bool IsCurrent(const Place& place) const
    {
        const Hash256& txid = place.entry->tx->Txid();
        if (m_chosen.contains(txid)) return false;
        const auto changed = m_changed.find(txid);
        return changed == m_changed.end() || changed->second.vsize == place.rate.vsize;
    }

    void Try(const Entry& entry)
    {
        std::vector<const Entry*> group{&entry};
        size_t weight = entry.tx->Weight();
        int64_t sigops = entry.sigop_cost;
        for (const auto& txid : m_graph.AncestorsOf(entry.parents)) {
            if (m_chosen.contains(txid)) continue;
            group.push_back(m_graph.Find(txid));
            weight += group.back()->tx->Weight();
            sigops += group.back()->sigop_cost;
        }
        if (weight > m_max_weight - m_out.weight || sigops > m_max_sigop_cost - m_out.sigop_cost) return;
        Amount claims = m_claims;
        for (const auto* chosen : group)
            claims += chosen->reward ? chosen->reward->claim : 0;
        if (claims > reward::MAX_CLAIMS_PER_BLOCK) return;
        m_claims = claims;
        SortByAge(group);
        for (const auto* chosen : group) {
            m_chosen.insert(chosen->tx->Txid());
            m_out.entries.push_back(chosen);
            m_out.fees += chosen->fee;
        }
        m_out.weight += weight;
        m_out.sigop_cost += sigops;
        Update(group);
    }

    /// What rests on the chosen no longer has to bring their size and fee: it gets a new place.
    void Update(const std::vector<const Entry*>& group)
    {
        TxidSet touched;
        for (const auto* chosen : group) {
            for (const auto& txid : m_graph.DescendantsOf(chosen->children)) {
                if (m_chosen.contains(txid)) continue;
                const Entry& entry = *m_graph.Find(txid);
                const auto [it, fresh] =
                    m_changed.try_emplace(txid, FeeRate{entry.ancestor_fees, entry.ancestor_vsize});
                it->second.fee -= chosen->ModifiedFee();
                it->second.vsize -= chosen->vsize;
                touched.insert(txid);
            }
        }
        for (const auto& txid : touched)
            m_queue.push({m_changed.at(txid), m_graph.Find(txid)});
    }

    const Graph& m_graph;
    const size_t m_max_weight;
    const int64_t m_max_sigop_cost;
    Selection m_out;
    Amount m_claims = 0;
    TxidSet m_chosen;
    std::unordered_map<Hash256, FeeRate, SecretHasher> m_changed; ///< packages without what is chosen
    std::priority_queue<Place> m_queue;
};

} // namespace

Selection SelectForBlock(const Graph& graph, size_t max_weight, int64_t max_sigop_cost)
{
    return Chooser(graph, max_weight, max_sigop_cost).Run();
}

Mempool::Chosen Mempool::Select(size_t max_weight, int64_t max_sigop_cost) const
{
    const base::LockGuard lock(m_mutex);
    const Selection selection = SelectForBlock(m_graph, max_weight, max_sigop_cost);
    Chosen out;
    out.tip = m_tip;
    out.fees = selection.fees;
    out.sequence = m_sequence;
    for (const auto* entry : selection.entries) {
        out.transactions.push_back(entry->tx);
        out.tx_fees.push_back(entry->fee);
        out.sigop_costs.push_back(entry->sigop_cost);
    }
    return out;
}

uint64_t Mempool::Sequence() const
{
    const base::LockGuard lock(m_mutex);
    return m_sequence;
}

} // namespace emc::mempool
