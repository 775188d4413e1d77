/// The history of a ledger in order of time. For ledger*.cpp only.
#pragma once

#include "base/function.h"
#include "wallet/rows.h"

namespace emc::wallet {

/// Transactions by time of arrival, then by order, in runs of some hundreds: a place deep inside is found by
/// counting runs, and adding one moves a run at most. Times and orders of what is inside must not change.
class TimeIndex
{
public:
    /// Takes the place of what was there. Rows in any order.
    void Fill(const std::vector<const TransactionRow*>& rows);
    void Add(const TransactionRow& row);
    /// Nothing happens when it is not there.
    void Remove(const TransactionRow& row);
    /// Newest first, without the first `skip`, while `visit` returns true.
    void Newest(size_t skip, const std::function<bool(const TransactionRow&)>& visit) const;

private:
    struct Entry {
        int64_t received = 0;
        uint64_t order = 0;
        const TransactionRow* row = nullptr;

        [[nodiscard]] auto operator<=>(const Entry& other) const = default;
    };

    using Run = std::vector<Entry>;

    [[nodiscard]] static Entry EntryOf(const TransactionRow& row) { return {row.received, row.order, &row}; }

    /// The run an entry belongs into; there is one at least.
    [[nodiscard]] std::vector<Run>::iterator RunFor(const Entry& entry);

    std::vector<Run> m_runs; ///< oldest first, none empty
};

} // namespace emc::wallet
