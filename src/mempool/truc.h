/// Transactions that promise to have at most one unconfirmed relative (version 3), so that nobody can make
/// replacing them dear.
#pragma once

#include "mempool/graph.h"

namespace emc::mempool {

/// Who spends an output of the parent of `entry` and gives way to it although the two do not conflict: the
/// other child, when both are of version 3. nullptr: nobody, or entry has several parents. Source: BIP 431,
/// sibling eviction.
[[nodiscard]] const Hash256* SiblingOf(const Graph& graph, const primitives::Transaction& tx);

/// Nothing, or a text that begins with the reason word. Entry needs tx and vsize; `leaving` are entries that
/// go when it comes, with all of their descendants. Source: BIP 431, rules 2 to 5.
[[nodiscard]] base::Expected<void, std::string> CheckTruc(const Graph& graph, const Entry& entry,
                                                          const TxidSet& leaving);

/// Does an entry that need not pay for itself, with what rests on it, pay this rate? Source: BIP 431, rule 6.
[[nodiscard]] bool PaysTogether(const Entry& entry, Amount rate_per_kvb);

} // namespace emc::mempool
