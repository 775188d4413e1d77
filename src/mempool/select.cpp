/// Choosing transactions for a block: packages of unconfirmed ancestors, best fee rate first.
#include "mempool/graph.h"
#include "mempool/pool.h"

#include <algorithm>
#include <queue>

namespace emc::mempool {

namespace {

/// One entry with the sums of its ancestors that are not in the block yet.
struct Package {
    FeeRate rate;
    uint64_t sequence = 0;
    const Entry* entry = nullptr;

    bool operator<(const Package& o) const
    {
        if (rate < o.rate) return true;
        if (o.rate < rate) return false;
        return sequence > o.sequence; // of equals the older first
    }
};

} // namespace

Mempool::Selection Mempool::Select(size_t max_weight, int64_t max_sigop_cost) const
{
    const base::LockGuard lock(m_mutex);
    const auto* const graph = &m_graph;
    Selection out;
    TxidSet chosen;
    const auto package_of = [&](const mempool::Entry& entry) {
        Package package{{entry.fee, entry.vsize}, entry.sequence, &entry};
        for (const auto& txid : graph->AncestorsOf(entry.parents)) {
            if (chosen.contains(txid)) continue;
            const auto& ancestor = *graph->Find(txid);
            package.rate.fee += ancestor.fee;
            package.rate.vsize += ancestor.vsize;
        }
        return package;
    };
    std::priority_queue<Package> queue;
    for (const auto& [txid, entry] : graph->Entries()) {
        queue.push({{entry.ancestor_fees, entry.ancestor_vsize}, entry.sequence, &entry});
    }
    while (!queue.empty()) {
        const Package top = queue.top();
        queue.pop();
        if (chosen.contains(top.entry->tx->Txid())) continue;
        const Package now = package_of(*top.entry);
        if (now.rate < top.rate || top.rate < now.rate) { // an ancestor went in meanwhile
            queue.push(now);
            continue;
        }
        std::vector<const mempool::Entry*> group{top.entry};
        size_t weight = top.entry->tx->Weight();
        int64_t sigops = top.entry->sigop_cost;
        for (const auto& txid : graph->AncestorsOf(top.entry->parents)) {
            if (chosen.contains(txid)) continue;
            group.push_back(graph->Find(txid));
            weight += group.back()->tx->Weight();
            sigops += group.back()->sigop_cost;
        }
        if (out.weight + weight > max_weight || out.sigop_cost + sigops > max_sigop_cost) continue;
        std::sort(group.begin(), group.end(),
                  [](const auto* a, const auto* b) { return a->sequence < b->sequence; });
        for (const auto* entry : group) {
            chosen.insert(entry->tx->Txid());
            out.transactions.push_back(entry->tx);
            out.fees += entry->fee;
        }
        out.weight += weight;
        out.sigop_cost += sigops;
    }
    return out;
}

} // namespace emc::mempool
