#include "mempool/truc.h"

#include <algorithm>

namespace emc::mempool {

namespace {

constexpr size_t MAX_VSIZE = 10'000;
constexpr size_t MAX_CHILD_VSIZE = 1'000;

base::Unexpected<std::string> Violation(const std::string& why)
{
    return base::Unexpected("TRUC-violation, " + why);
}

} // namespace

const Hash256* SiblingOf(const Graph& graph, const primitives::Transaction& tx)
{
    if (!IsTruc(tx)) return nullptr;
    const TxidSet parents = graph.ParentsOf(tx);
    if (parents.size() != 1) return nullptr;
    const Entry& parent = *graph.Find(*parents.begin());
    if (!IsTruc(*parent.tx) || parent.children.size() != 1) return nullptr;
    return &*parent.children.begin();
}

base::Expected<void, std::string> CheckTruc(const Graph& graph, const Entry& entry, const TxidSet& leaving)
{
    const bool truc = IsTruc(*entry.tx);
    const TxidSet parents = graph.ParentsOf(*entry.tx);
    for (const auto& txid : parents) {
        if (IsTruc(*graph.Find(txid)->tx) == truc) continue;
        return Violation("of this transaction and the unconfirmed " + base::ReversedHex(txid) +
                         " it spends, one is of version 3 and the other is not");
    }
    if (!truc) return {};
    if (entry.vsize > MAX_VSIZE) return Violation("one of version 3 has at most 10000 vB");
    if (parents.empty()) return {};
    if (entry.vsize > MAX_CHILD_VSIZE)
        return Violation("one of version 3 that spends an unconfirmed output has at most 1000 vB");
    const Entry& parent = *graph.Find(*parents.begin());
    if (parents.size() > 1 || parent.ancestor_count > 1)
        return Violation("one of version 3 has at most one unconfirmed ancestor");
    if (std::any_of(parent.children.begin(), parent.children.end(),
                    [&leaving](const Hash256& child) { return !leaving.contains(child); }))
        return Violation("one of version 3 has at most one unconfirmed descendant");
    return {};
}

bool PaysTogether(const Entry& entry, Amount rate_per_kvb)
{
    return entry.ModifiedFee() >= FeeFor(rate_per_kvb, entry.vsize) ||
           entry.descendant_fees >= FeeFor(rate_per_kvb, entry.descendant_vsize);
}

} // namespace emc::mempool
