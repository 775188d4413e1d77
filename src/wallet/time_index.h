/// The history of a ledger in order of time. For ledger*.cpp only.
#pragma once

#include "base/function.h"
#include "wallet/rows.h"

namespace emc::wallet {

/// Transactions by time of arrival, then by order, in runs of some hundreds that know how many lines of
/// history they stand for: a place deep inside is found by adding up runs, and adding one moves a run at
/// most. Times and orders of what is inside must not change.
class TimeIndex
{
public:
    /// `lines`: how many lines of history a transaction stands for.
    explicit TimeIndex(std::function<size_t(const TransactionRow&)> lines) : m_lines_of(std::move(lines)) {}

    /// Takes the place of what was there. Rows in any order.
    void Fill(const std::vector<const TransactionRow*>& rows);
    void Add(const TransactionRow& row);
    /// Nothing happens when it is not there.
    void Remove(const TransactionRow& row);
    /// It may stand for another number of lines now. Nothing happens when it is not there.
    void Recount(const TransactionRow& row);
    /// Newest first while `visit` returns true. Runs whose lines are all among the first `skip` are passed
    /// over, and their lines taken off `skip` before the first visit.
    void Newest(size_t& skip, const std::function<bool(const TransactionRow&)>& visit) const;

private:
    struct Entry {
        int64_t received = 0;
        uint64_t order = 0;
        const TransactionRow* row = nullptr;

        [[nodiscard]] auto operator<=>(const Entry& other) const = default;
    };

    struct Run {
        std::vector<Entry> entries;               ///< oldest first, never none
        mutable std::optional<size_t> lines = {}; ///< absent: to be counted when it is asked for
    };

    [[nodiscard]] static Entry EntryOf(const TransactionRow& row) { return {row.received, row.order, &row}; }

    /// The run an entry belongs into; there is one at least.
    [[nodiscard]] std::vector<Run>::iterator RunFor(const Entry& entry);

    [[nodiscard]] size_t LinesOf(const Run& run) const;

    std::function<size_t(const TransactionRow&)> m_lines_of;
    std::vector<Run> m_runs; ///< oldest first
};

} // namespace emc::wallet
