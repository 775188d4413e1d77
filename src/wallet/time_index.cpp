#include "wallet/time_index.h"

#include <algorithm>

namespace emc::wallet {

namespace {

constexpr size_t RUN_MOST = 512;

} // namespace

void TimeIndex::Fill(const std::vector<const TransactionRow*>& rows)
{
    Run all;
    all.reserve(rows.size());
    for (const auto* row : rows)
        all.push_back(EntryOf(*row));
    std::sort(all.begin(), all.end());
    m_runs.clear();
    for (size_t first = 0; first < all.size(); first += RUN_MOST) {
        const size_t count = std::min(RUN_MOST, all.size() - first);
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
        m_runs.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(count));
    }
}

std::vector<TimeIndex::Run>::iterator TimeIndex::RunFor(const Entry& entry)
{
    const auto behind = std::upper_bound(m_runs.begin(), m_runs.end(), entry,
                                         [](const Entry& e, const Run& run) { return e < run.front(); });
    return behind == m_runs.begin() ? behind : std::prev(behind);
}

void TimeIndex::Add(const TransactionRow& row)
{
    const Entry entry = EntryOf(row);
    // What is newest begins a run of its own behind a full one, so that a growing history has full runs.
    if (m_runs.empty() || (m_runs.back().size() >= RUN_MOST && m_runs.back().back() < entry)) {
        m_runs.push_back({entry});
        return;
    }
    auto run = RunFor(entry);
    if (run->size() >= RUN_MOST) {
        const auto middle = run->begin() + static_cast<std::ptrdiff_t>(run->size() / 2);
        Run upper(middle, run->end());
        run->erase(middle, run->end());
        const bool above = upper.front() < entry;
        run = m_runs.insert(std::next(run), std::move(upper));
        if (!above) --run;
    }
    run->insert(std::upper_bound(run->begin(), run->end(), entry), entry);
}

void TimeIndex::Remove(const TransactionRow& row)
{
    if (m_runs.empty()) return;
    const Entry entry = EntryOf(row);
    const auto run = RunFor(entry);
    const auto it = std::lower_bound(run->begin(), run->end(), entry);
    if (it == run->end() || it->row != &row) return;
    run->erase(it);
    if (run->empty()) m_runs.erase(run);
}

void TimeIndex::Newest(size_t skip, const std::function<bool(const TransactionRow&)>& visit) const
{
    for (auto run = m_runs.rbegin(); run != m_runs.rend(); ++run) {
        if (skip >= run->size()) {
            skip -= run->size();
            continue;
        }
        for (auto entry = run->rbegin() + static_cast<std::ptrdiff_t>(skip); entry != run->rend(); ++entry) {
            if (!visit(*entry->row)) return;
        }
        skip = 0;
    }
}

} // namespace emc::wallet
